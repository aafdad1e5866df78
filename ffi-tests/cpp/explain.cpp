// Why a signature is wrong.
#include <map>

#include "check.hpp"

using namespace std::chrono_literals;

int main() {
    const callbot::Signer signer = sample::signer();
    const std::string body = R"({"a":1,"b":[2]})";
    const std::string sent_body = R"({"a": 1, "b": [2]})";
    std::map<std::string, std::string> headers = {
        {"requestID", "r-1"},
        {"uuid", std::string(sample::uuid)},
        {"createTs", std::to_string(sample::time.count())},
        {"sign", signer.sign("r-1", sample::time, body)},
    };

    const callbot::Explanation right = callbot::explain(signer, headers, body);
    CHECK(right.matches && right.causes.empty());

    const callbot::Explanation wrong = callbot::explain(signer, headers, sent_body);
    CHECK(!wrong.matches);
    CHECK_EQUAL(wrong.causes.size(), 1U);
    CHECK_EQUAL(wrong.causes[0].code, "body_separators");
    CHECK(!wrong.causes[0].message.empty() && !wrong.causes[0].fix.empty());

    headers["createTs"] = std::to_string(sample::time.count() + 7);
    const callbot::Explanation two = callbot::explain(signer, headers, sent_body);
    CHECK_EQUAL(two.causes.size(), 2U);
    CHECK_EQUAL(two.causes[0].code, "body_separators");
    CHECK_EQUAL(two.causes[1].code, "create_ts_other");

    headers.erase("createTs");
    const callbot::Explanation missing = callbot::explain(signer, headers, body, false, sample::time + 5min);
    CHECK_EQUAL(missing.causes.size(), 1U);
    CHECK_EQUAL(missing.causes[0].code, "create_ts_missing");
    CHECK(callbot::explain(signer, headers, body, false, sample::time + 2h).causes.empty());

    for (char& c : headers["sign"]) {
        c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    headers["createTs"] = std::to_string(sample::time.count());
    CHECK_EQUAL(callbot::explain(signer, headers, body).causes.at(0).code, "lower_case");
    CHECK(callbot::explain(signer, headers, body, true).matches);

    headers.erase("sign");
    CHECK_THROWS(callbot::explain(signer, headers, body), CALLBOT_HEADERS, "header_missing");
    return check::finish();
}
