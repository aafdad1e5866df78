// Signs every vector of vectors/, whose path is the first argument. See vectors/README.md.
#include "check.hpp"
#include "files.hpp"

static void one(const files::path& folder) {
    const std::string uuid = files::read(folder / "uuid");
    const std::string secret_key = files::read(folder / "secretKey");
    const std::string request_id = files::read(folder / "requestID");
    const std::chrono::seconds create_ts(std::stoll(files::read(folder / "createTs")));
    const std::string body = files::read(folder / "body");

    // The library shows the hashed bytes with the secret key masked.
    std::string shown = files::read(folder / "authRaw");
    CHECK_EQUAL(shown.compare(0, secret_key.size(), secret_key), 0);
    shown.replace(0, secret_key.size(), "***");

    const callbot::Signer md5(uuid, secret_key, callbot::Algorithm::md5);
    const callbot::Signer sha256(uuid, secret_key, callbot::Algorithm::sha256);
    CHECK_EQUAL(md5.sign(request_id, create_ts, body), files::read(folder / "sign.MD5"));
    CHECK_EQUAL(sha256.sign(request_id, create_ts, body), files::read(folder / "sign.SHA256"));
    CHECK_EQUAL(md5.signed_string(request_id, create_ts, body), shown);
    CHECK_EQUAL(sha256.signed_string(request_id, create_ts, body), shown);
}

int main(int count, char** arguments) {
    CHECK_EQUAL(count, 2);
    files::for_each_vector(arguments[1], "signature", one);
    return check::finish();
}
