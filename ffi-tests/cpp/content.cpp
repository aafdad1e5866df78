// Reads what was verified: values by JSON Pointer, keys, deviations and results.
#include <utility>

#include "check.hpp"

using callbot::Content;
using callbot::ContentKind;
using callbot::Retry;
using callbot::Signer;
using callbot::Verified;
using callbot::Verifier;
using namespace std::string_view_literals;

static constexpr std::string_view callback_body =
    R"({"callbackType":"1","orderID":"a","userPhone":"8613800000001","userName":null,"sceneID":"s",)"
    R"("userTaskID":"t","taskID":"p","finish":true,"other":"\u738b","callInfoDetail":{"callStatus":3,)"
    R"("rate":"0.5","intents":[{"intentID":"x"},null]},"a/b":{"z":1,"y":1e400,"":2}})";

static Verified callback_of(std::string_view body) {
    const Signer signer = sample::signer();
    return Verifier(signer).verify_callback(callbot::testing::sign_callback(signer, body), body);
}

// The answer to a request to an endpoint, of which only what it sent is left.
static Verified response_of(std::string_view endpoint, std::string_view body) {
    const Signer signer = sample::signer();
    const callbot::Request request = callbot::Request::to(signer, "/", "{}");
    callbot::Sent sent = request.sent();
    sent.endpoint = endpoint;
    return Verifier(signer).verify_response(sent, callbot::testing::sign_response(signer, request, body), body);
}

static void values() {
    const Content content = callback_of(callback_body).call_callback();
    CHECK_EQUAL(content.string("/orderID").value(), "a"sv);
    CHECK_EQUAL(content.string("/other").value(), "\u738b"sv);
    CHECK_EQUAL(content.integer("/callbackType").value(), 1);
    CHECK_EQUAL(content.integer("/callInfoDetail/callStatus").value(), 3);
    CHECK_EQUAL(content.number("/callInfoDetail/rate").value(), 0.5);
    CHECK(content.boolean("/finish").value());
    CHECK_EQUAL(content.size("/callInfoDetail/intents").value(), 2U);
    CHECK_EQUAL(content.size("").value(), 11U);
    CHECK_EQUAL(content.json("/other").value(), "\"\\u738b\""sv);
    CHECK_EQUAL(content.json().value(), callback_body);
    CHECK_EQUAL(content.integer("/a~1b/").value(), 2);

    // Absent, null, or of another type.
    for (const std::string_view pointer : {"/none", "/userName", "/callInfoDetail/intents/1", "/callInfoDetail/intents/2"}) {
        CHECK(!content.string(pointer) && !content.integer(pointer) && !content.number(pointer));
        CHECK(!content.boolean(pointer) && !content.size(pointer) && !content.json(pointer));
    }
    CHECK(!content.string("/finish") && !content.integer("/orderID") && !content.number("/orderID"));
    CHECK(!content.boolean("/orderID") && !content.size("/orderID") && !content.number("/a~1b/y"));
    CHECK_EQUAL(content.json("/a~1b/y").value(), "1e400"sv);
}

static void keys() {
    const Content content = callback_of(callback_body).call_callback();
    CHECK((content.keys("/a~1b") == std::vector{"z"sv, "y"sv, ""sv}));
    CHECK_EQUAL(content.keys().size(), 11U);
    CHECK_EQUAL(content.keys()[0], "callbackType"sv);
    CHECK(content.keys("/none").empty() && content.keys("/orderID").empty());
    CHECK(content.keys("/callInfoDetail/intents").empty());
}

static void deviations() {
    const Content content = callback_of(callback_body).call_callback();
    CHECK_EQUAL(content.deviation_count(), content.deviations().size());
    CHECK_EQUAL(content.deviations().at(0), "/callbackType: expected an integer, found a string"sv);
    CHECK_EQUAL(content.deviations().at(1), "/userName: expected a string, found null"sv);

    std::string many = R"({"retCode":0,"x":[)";
    for (int i = 0; i < 300; ++i) {
        many += i == 0 ? R"("\ud83d")" : R"(,"\ud83d")";
    }
    const Content response = response_of("", many + "]}").response();
    CHECK(response.deviation_count() >= 300U);
    CHECK_EQUAL(response.deviations().size(), 100U);
}

static void wrong_pointers() {
    const Content content = callback_of(callback_body).call_callback();
    for (const std::string_view pointer : {"a", "/~", "/~2"}) {
        CHECK_THROWS(content.string(pointer), CALLBOT_JSON_POINTER, "content_pointer");
        CHECK_THROWS(content.json(pointer), CALLBOT_JSON_POINTER, "content_pointer");
        CHECK_THROWS(content.keys(pointer), CALLBOT_JSON_POINTER, "content_pointer");
    }
    CHECK_EQUAL(THROWN(content.integer("a")).code_number(), CALLBOT_CODE_CONTENT_POINTER);
    CHECK_THROWS(content.number("/\xff"), CALLBOT_NOT_UTF8, "not_utf8");
    CHECK_THROWS(content.boolean(std::string_view("/", SIZE_MAX)), CALLBOT_LENGTH, "length");
    CHECK_THROWS(content.size("a"), CALLBOT_JSON_POINTER, "content_pointer");
}

// What cannot be read is still proven.
static void failures() {
    const Verified verified = callback_of(callback_body);
    CHECK_THROWS(verified.task_callback(), CALLBOT_CONTENT, "content_missing");
    CHECK_THROWS(verified.response(), CALLBOT_CONTENT, "content_other_kind");
    CHECK_THROWS(verified.content(static_cast<ContentKind>(4)), CALLBOT_UNKNOWN_CONSTANT, "unknown_constant");
    CHECK_THROWS(verified.result(), CALLBOT_CONTENT, "content_other_kind");
    CHECK_EQUAL(verified.order_callback().integer("/callbackType").value(), 1);
    const Verified empty = callback_of("");
    CHECK_THROWS(empty.call_callback(), CALLBOT_CONTENT, "content_json");
    const Verified twice = callback_of(R"({"a":1,"a":2})");
    CHECK_THROWS(twice.call_callback(), CALLBOT_CONTENT, "content_repeated");
    try {
        static_cast<void>(twice.call_callback());
    } catch (const callbot::Error& error) {
        CHECK_EQUAL(std::string_view(error.what()), "duplicate key in the body at line 1, column 8 (byte 7, counted from 0)"sv);
    }
    CHECK_EQUAL(twice.body(), R"({"a":1,"a":2})"sv);
    CHECK_THROWS(response_of("stopOrder", R"({"retCode":1.5})").response(), CALLBOT_CONTENT, "content_wrong_type");
}

static void results() {
    struct {
        std::string_view endpoint, body;
        std::int64_t code;
        Retry retry;
        std::string_view meaning, message, response_id;
    } const wanted[] = {
        {"addBatchCall", R"({"retCode":0,"retMsg":"success","responseID":"x"})", 0, Retry::succeeded, "success", "success",
         "x"},
        {"stopOrder", R"({"retCode":5})", 5, Retry::later, "server under maintenance", "", ""},
        {"listTask", R"({"retCode":6,"retMsg":"no"})", 6, Retry::never, "signature wrong", "no", ""},
        {"", R"({"retCode":987654321})", 987654321, Retry::unknown, "", "", ""},
        {"ping", R"({"code":0,"msg":"pong","reqId":"y"})", 0, Retry::succeeded, "success", "pong", "y"},
    };
    for (const auto& each : wanted) {
        const Verified verified = response_of(each.endpoint, each.body);
        const callbot::Result result = verified.result();
        CHECK_EQUAL(result.code, each.code);
        CHECK_EQUAL(result.is_success(), each.code == 0);
        CHECK(result.retry == each.retry);
        CHECK_EQUAL(result.meaning, each.meaning);
        CHECK_EQUAL(result.message, each.message);
        CHECK_EQUAL(result.response_id, each.response_id);
    }
    CHECK(!callbot::Result().is_success() && callbot::Result().retry == Retry::unknown);
}

// Two of the three orders have one phone number.
static callbot::Outcome outcome_of(std::string_view answer) {
    constexpr std::string_view body = R"({"callList":[{"orderID":"a","userPhone":"861"},)"
                                      R"({"orderID":"b","userPhone":"861"},{"orderID":"c","userPhone":"863"}]})";
    const std::string request = R"({"userTaskID":"t","callInfoList":)" + std::string(body) + '}';
    return response_of("addBatchCall", answer).response().outcome(request);
}

static void outcomes() {
    using callbot::Outcome;
    using callbot::OutcomeKind;
    const Outcome accepted = outcome_of(R"({"retCode":0,"totalCount":3,"successCount":3})");
    CHECK(accepted.kind() == OutcomeKind::accepted && accepted.retry() == Retry::succeeded && accepted.refused().empty());

    const Outcome partly =
        outcome_of(R"({"retCode":0,"totalCount":3,"successCount":2,"errList":[{"phone":"863","errMsg":"no"}]})");
    CHECK(partly.kind() == OutcomeKind::partly && partly.refused().size() == 1);
    CHECK_EQUAL(partly.refused()[0].order.value(), 2U);
    CHECK_EQUAL(partly.refused()[0].order_id, "c"sv);
    CHECK_EQUAL(partly.refused()[0].phone, "863"sv);
    CHECK_EQUAL(partly.refused()[0].message, "no"sv);
    CHECK(!partly.refused()[0].ambiguous);

    const Outcome ambiguous = outcome_of(R"({"retCode":0,"totalCount":3,"successCount":2,"errList":[{"phone":"861"}]})");
    CHECK(ambiguous.kind() == OutcomeKind::ambiguous && ambiguous.retry() == Retry::unknown);
    CHECK(ambiguous.refused().size() == 2 && ambiguous.refused()[1].ambiguous);

    const Outcome unaccounted = outcome_of(R"({"retCode":0,"totalCount":3,"successCount":2,"errList":[{"phone":"9"}]})");
    CHECK(unaccounted.kind() == OutcomeKind::unaccounted && !unaccounted.refused().at(0).order);
    CHECK_EQUAL(unaccounted.unlisted(), 0U);
    std::string rows = "0";
    for (int i = 1; i < 103; ++i) {
        rows += ",0";
    }
    const Outcome many = outcome_of(R"({"retCode":0,"errList":[)" + rows + "]}");
    CHECK_EQUAL(many.refused().size(), 100U);
    CHECK_EQUAL(many.unlisted(), 3U);
    CHECK(outcome_of(R"({"retCode":7})").kind() == OutcomeKind::refused);
    CHECK(outcome_of(R"({"retCode":5001})").kind() == OutcomeKind::unaccounted);

    // Nothing that looks like a success.
    const Outcome empty;
    CHECK(!empty && empty.kind() == OutcomeKind::unaccounted && empty.retry() == Retry::unknown);
    CHECK(empty.refused().empty());
    CHECK_THROWS(Content().outcome("{}"), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(response_of("", R"({"retCode":0})").response().outcome("{}"), CALLBOT_CONTENT, "outcome_request");
    CHECK_THROWS(callback_of(callback_body).call_callback().outcome("{}"), CALLBOT_CONTENT, "outcome_callback");
}

// A content is independent of its message, and a move keeps its strings where they are.
static void objects() {
    Content content = callback_of(callback_body).call_callback();
    const std::string_view id = content.string("/orderID").value();
    const Content moved = std::move(content);
    CHECK(moved.string("/orderID").value().data() == id.data());
    // The moved-from object is empty, as the default is.
    const Content none;
    for (const Content* empty : {&std::as_const(content), &none}) {
        CHECK(!*empty && !empty->string("/orderID") && !empty->json() && !empty->integer("a"));
        CHECK(empty->keys().empty() && empty->deviations().empty() && empty->deviation_count() == 0);
    }
    const Verified no_message;
    CHECK_THROWS(no_message.call_callback(), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_message.result(), CALLBOT_NULL_POINTER, "null_pointer");
}

int main() {
    values();
    keys();
    deviations();
    wrong_pointers();
    failures();
    results();
    outcomes();
    objects();
    return check::finish();
}
