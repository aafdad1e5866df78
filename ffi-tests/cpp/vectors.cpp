// Signs every vector of vectors/, whose path is the first argument, and makes every request. See
// vectors/README.md.
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

// A vector has the body of the request, or the violations: a line with code and path for each.
static void request(const files::path& folder) {
    const std::string endpoint = files::read(folder / "endpoint");
    const std::string json = files::read(folder / "json");
    const std::string request_id = files::read(folder / "requestID");
    const std::chrono::seconds create_ts(std::stoll(files::read(folder / "createTs")));
    for (const callbot::Algorithm algorithm : {callbot::Algorithm::md5, callbot::Algorithm::sha256}) {
        const callbot::Signer signer(files::read(folder / "uuid"), files::read(folder / "secretKey"), algorithm);
        const auto make = [&] { return signer.request(endpoint, json, request_id, create_ts); };
        if (std::filesystem::exists(folder / "violations")) {
            std::string lines;
            for (const callbot::Violation& violation : check::violations(THROWN(make()))) {
                lines += std::string(violation.code) + ' ' + violation.path + '\n';
            }
            CHECK_EQUAL(lines, files::read(folder / "violations"));
            continue;
        }
        const callbot::Request made = make();
        CHECK_EQUAL(made.body(), files::read(folder / "body"));
        CHECK_EQUAL(made.endpoint(), endpoint);
        const bool is_md5 = algorithm == callbot::Algorithm::md5;
        const std::string sign = files::read(folder / (is_md5 ? "sign.MD5" : "sign.SHA256"));
        for (const auto& [name, value] : made.headers()) {
            CHECK(name != "sign" || value == sign);
        }
    }
}

int main(int count, char** arguments) {
    CHECK_EQUAL(count, 2);
    files::for_each_vector(arguments[1], "signature", one);
    files::for_each_vector(arguments[1], "request", request);
    return check::finish();
}
