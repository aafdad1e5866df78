// Verifies every vector of a response or a callback, and reads what was verified. The first
// argument is the path of vectors/.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "check.hpp"
#include "files.hpp"

using callbot::Algorithm;
using callbot::Header;
using callbot::Request;
using callbot::Signer;
using callbot::Verified;
using callbot::Verifier;
using namespace std::chrono_literals;

using Pairs = std::vector<std::pair<std::string, std::string>>;

static Request request_of(const Signer& signer, std::string_view request_id) {
    callbot::Batch batch(sample::task());
    batch.add(sample::order("a"));
    batch.add(sample::order("quote \" and backslash \\"));
    batch.add(sample::order("c", "8613800000003"));
    return batch.sign(signer, request_id, sample::time);
}

// ---- The vectors ----

// The codes of the vectors' files `expected`, and of times that cannot be passed.
static const std::map<std::string, callbot_status> statuses = {
    {"header_missing", CALLBOT_HEADERS},
    {"header_repeated", CALLBOT_HEADERS},
    {"header_cgi_name", CALLBOT_HEADERS},
    {"header_joined", CALLBOT_HEADERS},
    {"header_malformed", CALLBOT_HEADERS},
    {"verify_algorithm", CALLBOT_OTHER_ALGORITHM},
    {"verify_unknown_uuid", CALLBOT_UNKNOWN_UUID},
    {"verify_mismatch", CALLBOT_SIGNATURE_MISMATCH},
    {"verify_not_utf8", CALLBOT_BODY_NOT_UTF8},
    {"verify_too_old", CALLBOT_TOO_OLD},
    {"verify_too_new", CALLBOT_TOO_NEW},
    {"verify_other_request", CALLBOT_OTHER_REQUEST},
    {"content_json", CALLBOT_CONTENT},
    {"content_repeated", CALLBOT_CONTENT},
    {"content_missing", CALLBOT_CONTENT},
    {"content_wrong_type", CALLBOT_CONTENT},
    {"create_ts_zero", CALLBOT_CREATE_TS},
    {"create_ts_milliseconds", CALLBOT_CREATE_TS},
};

// The outcomes that occurred.
static std::set<std::string> seen;

static Pairs split_headers(const std::string& lines) {
    Pairs headers;
    for (std::size_t start = 0; start < lines.size();) {
        const std::size_t end = lines.find('\n', start);
        const std::size_t colon = lines.find(": ", start);
        CHECK(end != std::string::npos && colon < end);
        headers.emplace_back(lines.substr(start, colon - start), lines.substr(colon + 2, end - colon - 2));
        start = end + 1;
    }
    return headers;
}

static Algorithm algorithm_of(const std::string& name) {
    CHECK(name == "MD5" || name == "SHA256");
    return name == "MD5" ? Algorithm::md5 : Algorithm::sha256;
}

static std::string expected_of(const files::path& folder, std::chrono::seconds now) {
    if (now == 0s) {
        return "create_ts_zero";
    }
    return now > 99999999999s ? "create_ts_milliseconds" : files::read(folder / "expected");
}

// Runs `function` and checks its outcome: "ok", or the code of the error that it throws.
template <class Function>
static void check_outcome(const files::path& folder, const std::string& expected, Function function) {
    std::string found = "ok";
    callbot_status status = CALLBOT_OK;
    try {
        function();
    } catch (const callbot::Error& error) {
        found = error.code();
        status = error.status();
        CHECK(error.violations().empty());
        CHECK(!std::string_view(error.what()).empty());
    }
    if (found != expected || status != (expected == "ok" ? CALLBOT_OK : statuses.at(expected))) {
        check::fail(__FILE__, __LINE__, folder.string() + ": " + found + ", not " + expected);
    }
    seen.insert(found);
}

static void check_verified(const Verified& verified, const std::string& body) {
    CHECK_EQUAL(verified.body(), body);
    CHECK(verified.body().data() != body.data());
    CHECK_EQUAL(verified.signer_index(), 0U);
    CHECK(verified.replay_expires_at().since_1970() == verified.create_ts().since_1970() + 300s);
}

static void check_vector(const files::path& folder, bool is_response) {
    const std::string uuid = files::read(folder / "uuid");
    const std::string secret_key = files::read(folder / "secretKey");
    const std::string body = files::read(folder / "body");
    const std::chrono::seconds now(std::stoll(files::read(folder / "now")));
    const Pairs pairs = split_headers(files::read(folder / "headers"));
    std::vector<Header> views;
    for (const auto& [name, value] : pairs) {
        views.push_back({name, value});
    }
    const std::unordered_multimap<std::string, std::string> map(pairs.begin(), pairs.end());

    const Verifier verifier(Signer(uuid, secret_key, algorithm_of(files::read(folder / "algorithm"))));
    const std::string expected = expected_of(folder, now);
    const auto check_deviations = [&](const callbot::Content& content) {
        std::string found;
        for (const std::string_view deviation : content.deviations()) {
            found += std::string(deviation) + '\n';
        }
        if (const std::size_t more = content.deviation_count() - content.deviations().size()) {
            found += "and " + std::to_string(more) + " more\n";
        }
        CHECK_EQUAL(found, files::read(folder / "expected.deviations"));
    };
    const auto check = [&](auto verify, auto read) {
        check_outcome(folder, expected, [&] {
            const Verified verified = verify(pairs);
            check_verified(verified, body);
            read(verified);
        });
        check_outcome(folder, expected, [&] { read(verify(views)); });
        check_outcome(folder, expected, [&] { read(verify(map)); });
    };

    if (is_response) {
        const callbot::Sent sent = {files::read(folder / "request.endpoint"), files::read(folder / "request.requestID"),
                                    files::read(folder / "request.uuid"),
                                    algorithm_of(files::read(folder / "request.algorithm"))};
        check([&](const auto& headers) { return verifier.verify_response(sent, headers, body, now); },
              [&](const Verified& verified) { check_deviations(verified.response()); });
    } else {
        const std::string kind = files::read(folder / "kind");
        check([&](const auto& headers) { return verifier.verify_callback(headers, body, now); },
              [&](const Verified& verified) {
                  if (kind == "call") {
                      check_deviations(verified.call_callback());
                  } else if (kind == "order") {
                      check_deviations(verified.order_callback());
                  } else {
                      CHECK_EQUAL(kind, "task");
                      check_deviations(verified.task_callback());
                  }
              });
    }
}

static void vectors(const files::path& folder) {
    files::for_each_vector(folder, "response", [](const files::path& one) { check_vector(one, true); });
    files::for_each_vector(folder, "callback", [](const files::path& one) { check_vector(one, false); });
    std::set<std::string> all = {"ok"};
    for (const auto& [code, status] : statuses) {
        all.insert(code);
    }
    CHECK(seen == all);
}

// ---- Responses ----

static constexpr std::string_view response_body =
    R"({"retCode":0,"retMsg":"success","responseID":"x-1","totalCount":3,"successCount":1,)"
    R"("errList":[{"phone":"8613800000001","errMsg":"blocked"},{"phone":"86","errMsg":"unknown"}]})";

static void responses() {
    const Signer signer = sample::signer();
    Request request = request_of(signer, "r-1");
    const auto headers = callbot::testing::sign_response(signer, request, response_body, sample::time);
    CHECK_EQUAL(headers.size(), 5U);
    Verified verified = Verifier(signer).verify_response(request, headers, response_body, sample::time);
    CHECK_EQUAL(verified.uuid(), std::string_view(sample::uuid));
    CHECK_EQUAL(verified.request_id(), std::string_view("r-1"));
    CHECK(verified.create_ts().since_1970() == sample::time);
    CHECK_EQUAL(verified.response().integer("/totalCount").value(), 3);
    CHECK_THROWS(verified.task_callback(), CALLBOT_CONTENT, "content_other_kind");
}

static void failures() {
    const Signer signer = sample::signer();
    const Request request = request_of(signer, "r-1");
    // Of another request.
    const auto headers = callbot::testing::sign_response(signer, request, response_body);
    CHECK_THROWS(Verifier(signer).verify_response(request_of(signer, "r-2"), headers, response_body),
                 CALLBOT_OTHER_REQUEST, "verify_other_request");
    try {
        (void)Verifier(signer).verify_response(request_of(signer, "r-2"), headers, response_body);
        CHECK(false);
    } catch (const callbot::Error& error) {
        CHECK(std::string_view(error.what()).find("its requestID differs") != std::string_view::npos);
    }
}

// A response is verified with stored values after the request is destroyed.
static void stored_values() {
    const Signer signer = sample::signer();
    std::optional<Request> request = request_of(signer, "r-1");
    const auto headers = callbot::testing::sign_response(signer, *request, response_body, sample::time);
    callbot::Sent sent = request->sent();
    request.reset();
    CHECK_EQUAL(sent.endpoint, "addBatchCall");
    CHECK_EQUAL(sent.request_id, "r-1");
    CHECK_EQUAL(sent.uuid, sample::uuid);
    CHECK(sent.algorithm == Algorithm::md5);

    const Verifier verifier(signer);
    const auto verify = [&] { return verifier.verify_response(sent, headers, response_body, sample::time); };
    CHECK_EQUAL(verify().response().integer("/successCount").value(), 1);
    const callbot::Sent right = sent;
    sent.request_id = "r-2";
    CHECK_THROWS(verify(), CALLBOT_OTHER_REQUEST, "verify_other_request");
    sent = right;
    sent.uuid = "another";
    CHECK_THROWS(verify(), CALLBOT_OTHER_REQUEST, "verify_other_request");
    sent = right;
    sent.algorithm = Algorithm::sha256;
    CHECK_THROWS(verify(), CALLBOT_OTHER_REQUEST, "verify_other_request");
    sent.algorithm = static_cast<Algorithm>(2);
    CHECK_THROWS(verify(), CALLBOT_UNKNOWN_CONSTANT, "unknown_constant");
    sent = {};
    CHECK_THROWS(verify(), CALLBOT_OTHER_REQUEST, "verify_other_request");
}

// Any path and any body are signed as they are.
static void any_path() {
    using namespace std::string_view_literals;
    const Signer signer = sample::signer();
    for (const std::string_view path : {"/", "/callcentre/api/v3/routeList", "/a//b?c=d&e=%20/"}) {
        for (const std::string_view body : {""sv, "{}"sv, "\0\xff\n"sv}) {
            const Request request = Request::to(signer, path, body, "r-1", sample::time);
            CHECK_EQUAL(request.method(), std::string_view("POST"));
            CHECK_EQUAL(request.path(), path);
            CHECK_EQUAL(request.body(), body);
            CHECK(request.endpoint().empty() && request.sent().endpoint.empty());
            const std::vector<Header> headers = request.headers();
            const std::string sign = signer.sign("r-1", sample::time, body);
            CHECK(std::any_of(headers.begin(), headers.end(),
                              [&](const Header& header) { return header.name == "sign" && header.value == sign; }));
            const Request again = request.sign_again(signer, "r-2", sample::time);
            CHECK_EQUAL(again.path(), path);
            const auto received = callbot::testing::sign_response(signer, again, "{}", sample::time);
            (void)Verifier(signer).verify_response(again.sent(), received, "{}", sample::time);
        }
    }
    CHECK_THROWS(Request::to(signer, "", ""), CALLBOT_PATH, "path_no_slash");
    CHECK_THROWS(Request::to(signer, "https://example.com/", ""), CALLBOT_PATH, "path_no_slash");
    CHECK_THROWS(Request::to(signer, "//example.com/", ""), CALLBOT_PATH, "path_slashes");
    CHECK_THROWS(Request::to(signer, "/\\example.com/", ""), CALLBOT_PATH, "path_slashes");
    CHECK_THROWS(Request::to(signer, "/a#b", ""), CALLBOT_PATH, "path_character");
    CHECK_THROWS(Request::to(signer, "/\xff", ""), CALLBOT_NOT_UTF8, "not_utf8");
    CHECK_THROWS(Request::to(signer, "/", "", " "), CALLBOT_REQUEST_ID, "request_id_character");
    CHECK_THROWS(Request::to(signer, "/", "", "r-1", 0s), CALLBOT_CREATE_TS, "create_ts_zero");
    CHECK_EQUAL(Request::to(signer, "/", "").sent().request_id.size(), 32U);
    CHECK_EQUAL(request_of(signer, "r-1").sent().endpoint, "addBatchCall");
}

// ---- Callbacks ----

static constexpr std::string_view callback_body =
    R"({"callbackType":"1","orderID":"a","userPhone":"8613800000001","userName":"","sceneID":"s",)"
    R"("userTaskID":"t","taskID":"p","finish":true,"other":"","more":[1.10]})";

static void callbacks() {
    const Signer signer = sample::signer();
    const auto headers = callbot::testing::sign_callback(signer, callback_body);
    CHECK_EQUAL(headers.size(), 4U);
    CHECK_EQUAL(headers[0].first, "requestID");
    CHECK_EQUAL(headers[0].second.size(), 32U);
    CHECK(callbot::testing::sign_callback(signer, callback_body)[0].second != headers[0].second);

    const std::chrono::seconds before = callbot::CreateTs::now().since_1970();
    const Verified verified = Verifier(signer).verify_callback(headers, callback_body);
    CHECK_EQUAL(verified.request_id(), headers[0].second);
    CHECK(verified.create_ts().since_1970() <= before && verified.create_ts().since_1970() > before - 60s);
    CHECK_EQUAL(verified.call_callback().size("/more").value(), 1U);
    CHECK_THROWS(verified.task_callback(), CALLBOT_CONTENT, "content_missing");
    CHECK_THROWS(verified.response(), CALLBOT_CONTENT, "content_other_kind");
}

// Errors are for logs: they contain nothing of the body or the secret key.
static void errors_hold_nothing_private() {
    const Signer signer = sample::signer();
    const std::string body = sample::replaced(callback_body, "\"callbackType\":\"1\"", "\"callbackType\":\"+8613800000001\"");
    const auto headers = callbot::testing::sign_callback(signer, body);
    const callbot::Error content = THROWN(Verifier(signer).verify_callback(headers, body).call_callback());
    const callbot::Error mismatch = THROWN(Verifier(signer).verify_callback(headers, callback_body));
    CHECK_EQUAL(content.code(), std::string_view("content_wrong_type"));
    CHECK_EQUAL(mismatch.code(), std::string_view("verify_mismatch"));
    for (const std::string_view what : {content.what(), mismatch.what()}) {
        CHECK(what.find("8613800000001") == std::string_view::npos);
        CHECK(what.find(sample::secret_key) == std::string_view::npos);
    }
}

static void two_signers_and_tolerances() {
    const Signer old_key = sample::signer();
    const Signer new_key(sample::uuid, "new key", Algorithm::sha256);
    const auto headers = callbot::testing::sign_callback(new_key, callback_body, "c-1", sample::time);
    Verifier verifier(old_key);
    CHECK_THROWS(verifier.verify_callback(headers, callback_body, sample::time), CALLBOT_SIGNATURE_MISMATCH, "verify_mismatch");

    CHECK(&verifier.add(new_key) == &verifier);
    CHECK(&verifier.set_tolerance(10s, 0s) == &verifier);
    const Verified verified = verifier.verify_callback(headers, callback_body, sample::time + 10s);
    CHECK_EQUAL(verified.signer_index(), 1U);
    CHECK(verified.replay_expires_at().since_1970() == sample::time + 10s);
    CHECK_THROWS(verifier.verify_callback(headers, callback_body, sample::time + 11s), CALLBOT_TOO_OLD,
                 "verify_too_old");
    CHECK_THROWS(verifier.verify_callback(headers, callback_body, sample::time - 1s), CALLBOT_TOO_NEW,
                 "verify_too_new");

    // The same in one expression, with other tolerances.
    const Verifier chained = Verifier(new_key).add(old_key).set_tolerance(0s, 1min);
    CHECK_EQUAL(chained.verify_callback(headers, callback_body, sample::time - 60s).signer_index(), 0U);
    CHECK_THROWS(chained.verify_callback(headers, callback_body, sample::time + 1s), CALLBOT_TOO_OLD, "verify_too_old");

    // A refused change has no effect.
    CHECK_THROWS(verifier.set_tolerance(-1s, 5s), CALLBOT_OTHER, "tolerance_negative");
    CHECK_THROWS(verifier.set_tolerance(5s, -1s), CALLBOT_OTHER, "tolerance_negative");
    CHECK_THROWS(verifier.verify_callback(headers, callback_body, sample::time + 11s), CALLBOT_TOO_OLD,
                 "verify_too_old");

    // A long tolerance saturates and does not overflow.
    verifier.set_tolerance(std::chrono::seconds::max(), 0s);
    CHECK(verifier.verify_callback(headers, callback_body, 99999999999s).replay_expires_at().since_1970() ==
          std::chrono::seconds::max());
}

static void times() {
    const Signer signer = sample::signer();
    const Verifier verifier(signer);
    const Request request = request_of(signer, "r-1");
    const auto headers = callbot::testing::sign_response(signer, request, response_body);
    for (const auto& [now, code] : std::map<std::chrono::seconds, std::string_view>{
             {0s, "create_ts_zero"},
             {-1s, "create_ts_negative"},
             {std::chrono::seconds::min(), "create_ts_negative"},
             {1726200000000s, "create_ts_milliseconds"},
             {std::chrono::seconds::max(), "create_ts_milliseconds"}}) {
        CHECK_THROWS(verifier.verify_callback(headers, response_body, now), CALLBOT_CREATE_TS, code);
        CHECK_THROWS(verifier.verify_response(request, headers, response_body, now), CALLBOT_CREATE_TS, code);
        CHECK_THROWS(callbot::testing::sign_callback(signer, "", "c-1", now), CALLBOT_CREATE_TS, code);
        CHECK_THROWS(callbot::testing::sign_response(signer, request, "", now), CALLBOT_CREATE_TS, code);
    }
    CHECK_THROWS(callbot::testing::sign_callback(signer, "", "&"), CALLBOT_REQUEST_ID, "request_id_character");
}

// ---- The forms that headers come in ----

template <class Headers>
static void check_form(const Headers& headers) {
    const Verifier verifier(sample::signer());
    CHECK(verifier.verify_callback(headers, callback_body, sample::time).create_ts().since_1970() == sample::time);
    const callbot::ReceivedHeaders lent = headers;
    CHECK(verifier.verify_callback(lent, callback_body, sample::time).create_ts().since_1970() == sample::time);
}

static void forms_of_headers() {
    const Verifier verifier(sample::signer());
    const Pairs pairs = callbot::testing::sign_callback(sample::signer(), callback_body, "c-1", sample::time);
    std::vector<Header> views;
    std::deque<std::pair<const char*, std::string_view>> mixed;
    for (const auto& [name, value] : pairs) {
        views.push_back({name, value});
        mixed.emplace_back(name.c_str(), value);
    }
    check_form(pairs);
    check_form(views);
    check_form(mixed);
    check_form(std::map<std::string, std::string>(pairs.begin(), pairs.end()));
    check_form(std::unordered_multimap<std::string, std::string>(pairs.begin(), pairs.end()));
    const Header array[] = {views[0], views[1], views[2], views[3]};
    check_form(array);

    // A list with names in any case, and with other headers, even duplicates.
    const std::string& sign = pairs[3].second;
    CHECK_EQUAL(pairs[3].first, "sign");
    const Verified verified = verifier.verify_callback({{"REQUESTID", "c-1"},
                                                        {"Uuid", sample::uuid},
                                                        {"x-trace", "1"},
                                                        {"createts", "1726200000"},
                                                        {"X-Trace", "2"},
                                                        {"Sign", sign}},
                                                       callback_body, sample::time);
    CHECK_EQUAL(verified.request_id(), std::string_view("c-1"));

    Pairs twice = pairs;
    twice.emplace_back("REQUESTID", "c-1");
    CHECK_THROWS(verifier.verify_callback(twice, callback_body, sample::time), CALLBOT_HEADERS, "header_repeated");
    CHECK_THROWS(verifier.verify_callback({{"requestID", "c-1"}, {"requestID", "c-1"}}, callback_body, sample::time),
                 CALLBOT_HEADERS, "header_repeated");
    CHECK_THROWS(verifier.verify_callback({{"requestID", "c-1"}}, callback_body, sample::time), CALLBOT_HEADERS,
                 "header_missing");
    CHECK_THROWS(verifier.verify_callback({}, callback_body, sample::time), CALLBOT_HEADERS, "header_missing");
    CHECK_THROWS(verifier.verify_callback(Pairs(), callback_body, sample::time), CALLBOT_HEADERS, "header_missing");

    // Impossible lengths.
    const std::string_view endless("x", SIZE_MAX);
    CHECK_THROWS(verifier.verify_callback({{"a", endless}}, callback_body, sample::time), CALLBOT_LENGTH, "length");
    CHECK_THROWS(verifier.verify_callback(pairs, endless, sample::time), CALLBOT_LENGTH, "length");
}

// A raw block is split once, and can be used again.
static void raw_blocks() {
    const Signer signer = sample::signer();
    const Verifier verifier(signer);
    std::string lines = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n";
    for (const auto& [name, value] : callbot::testing::sign_callback(signer, callback_body, "c-1", sample::time)) {
        lines += name + ": " + value + " \r\n";
    }
    CHECK_EQUAL(verifier.verify_callback(callbot::HeaderBlock(lines), callback_body, sample::time).signer_index(), 0U);
    callbot::HeaderBlock block(lines + "\r\n");
    const std::size_t count = block.headers().size();
    lines.assign(lines.size(), 'x');
    const callbot::HeaderBlock moved = std::move(block);
    CHECK_EQUAL(moved.headers().size(), count);
    CHECK_EQUAL(moved.headers()[0].name, std::string_view("requestID"));
    CHECK_EQUAL(moved.headers()[0].value, std::string_view("c-1"));
    (void)verifier.verify_callback(moved, callback_body, sample::time);
    CHECK_THROWS(callbot::HeaderBlock("sign : x"), CALLBOT_HEADERS, "header_line_blank_before_colon");
}

// ---- Objects ----

static void moves() {
    const Signer signer = sample::signer();
    const Pairs headers = callbot::testing::sign_callback(signer, callback_body, "c-1", sample::time);
    Verifier verifier(signer);
    Verifier moved = std::move(verifier);
    verifier = std::move(moved);
    Verified verified = verifier.verify_callback(headers, callback_body, sample::time);

    // The verified message stays valid, and its strings stay where they are.
    verifier = Verifier(signer);
    const std::string_view body = verified.body();
    const std::string_view request_id = verified.request_id();
    const Verified holder = std::move(verified);
    CHECK(holder.body().data() == body.data() && holder.request_id().data() == request_id.data());
    CHECK_EQUAL(body, callback_body);
    CHECK_EQUAL(request_id, std::string_view("c-1"));

}

static void handles() {
    const Verifier verifier(sample::signer());
    CHECK(verifier.handle() != nullptr);
    const auto headers = callbot::testing::sign_callback(sample::signer(), callback_body, "c-1");
    const Verified verified = verifier.verify_callback(headers, callback_body);
    CHECK_EQUAL(callbot_verified_body(verified.handle()).len, callback_body.size());
}

int main(int count, char** arguments) {
    CHECK_EQUAL(count, 2);
    responses();
    failures();
    stored_values();
    any_path();
    callbacks();
    errors_hold_nothing_private();
    two_signers_and_tolerances();
    times();
    forms_of_headers();
    raw_blocks();
    moves();
    handles();
    vectors(arguments[1]);
    return check::finish();
}
