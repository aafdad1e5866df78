// Signs every vector of vectors/, whose folder is the first argument. See the README there.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "check.hpp"

namespace fs = std::filesystem;

static std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        check::fail(__FILE__, __LINE__, "cannot read " + path.string());
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

static void one(const fs::path& folder) {
    const std::string uuid = read(folder / "uuid");
    const std::string secret_key = read(folder / "secretKey");
    const std::string request_id = read(folder / "requestID");
    const std::chrono::seconds create_ts(std::stoll(read(folder / "createTs")));
    const std::string body = read(folder / "body");

    // The library shows the hashed bytes with the secret key masked.
    std::string shown = read(folder / "authRaw");
    CHECK_EQUAL(shown.compare(0, secret_key.size(), secret_key), 0);
    shown.replace(0, secret_key.size(), "***");

    const callbot::Signer md5(uuid, secret_key, callbot::Algorithm::md5);
    const callbot::Signer sha256(uuid, secret_key, callbot::Algorithm::sha256);
    CHECK_EQUAL(md5.sign(request_id, create_ts, body), read(folder / "sign.MD5"));
    CHECK_EQUAL(sha256.sign(request_id, create_ts, body), read(folder / "sign.SHA256"));
    CHECK_EQUAL(md5.signed_string(request_id, create_ts, body), shown);
    CHECK_EQUAL(sha256.signed_string(request_id, create_ts, body), shown);
}

int main(int count, char** arguments) {
    CHECK_EQUAL(count, 2);
    const fs::path vectors(arguments[1]);

    std::set<std::string> listed;
    std::ifstream manifest(vectors / "MANIFEST");
    for (std::string line; std::getline(manifest, line);) {
        if (line.rfind("signature/", 0) == 0) {
            CHECK(listed.insert(line).second);
        }
    }
    CHECK(!listed.empty());

    std::set<std::string> there;
    for (const auto& entry : fs::directory_iterator(vectors / "signature")) {
        there.insert("signature/" + entry.path().filename().string());
    }
    CHECK(listed == there);

    for (const std::string& folder : listed) {
        one(vectors / folder);
    }
    std::printf("%zu vectors\n", listed.size());
    return check::finish();
}
