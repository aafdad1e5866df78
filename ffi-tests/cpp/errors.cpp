// What the C++ layer throws, and what it prevents from compiling.
#include <map>
#include <type_traits>

#include "check.hpp"

using callbot::Algorithm;
using callbot::Batch;
using callbot::Content;
using callbot::Error;
using callbot::Order;
using callbot::Policy;
using callbot::ReceivedHeaders;
using callbot::Request;
using callbot::Rules;
using callbot::Signer;
using callbot::Verified;
using callbot::Verifier;
using callbot::Violation;
using namespace std::chrono_literals;

// ---- What must and must not compile ----

template <class T>
constexpr bool owns_one_object = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
                                 std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
                                 std::is_nothrow_destructible_v<T> && !std::is_polymorphic_v<T>;
static_assert(owns_one_object<Signer>);
static_assert(owns_one_object<Rules>);
static_assert(owns_one_object<Batch>);
static_assert(owns_one_object<Request>);
static_assert(owns_one_object<callbot::HeaderBlock>);
static_assert(owns_one_object<Verifier>);
static_assert(owns_one_object<Verified>);
static_assert(owns_one_object<Content>);
static_assert(owns_one_object<callbot::Outcome>);
static_assert(sizeof(Signer) == sizeof(void*), "the deleter takes no room");

// The runtime copies exceptions: a copy must not throw.
static_assert(std::is_nothrow_copy_constructible_v<Error> && std::is_nothrow_copy_assignable_v<Error>);
static_assert(std::is_nothrow_move_constructible_v<Error> && std::is_nothrow_move_assignable_v<Error>);
static_assert(std::is_base_of_v<std::exception, Error>);

// COMPILES(name, expression): whether an expression of an object of type T compiles.
#define COMPILES(name, expression)                                    \
    template <class T, class = void>                                  \
    constexpr bool name = false;                                      \
    template <class T>                                                \
    constexpr bool name<T, std::void_t<decltype(expression)>> = true;

// A view into a temporary.
COMPILES(has_method, std::declval<T>().method())
COMPILES(has_path, std::declval<T>().path())
COMPILES(has_body, std::declval<T>().body())
COMPILES(has_headers, std::declval<T>().headers())
COMPILES(has_header_lines, std::declval<T>().header_lines())
COMPILES(has_handle, std::declval<T>().handle())
COMPILES(has_violations, std::declval<T>().violations())
COMPILES(has_uuid, std::declval<T>().uuid())
COMPILES(has_request_id, std::declval<T>().request_id())
COMPILES(has_result, std::declval<T>().result())
COMPILES(has_string, std::declval<T>().string(""))
COMPILES(has_json, std::declval<T>().json())
COMPILES(has_keys, std::declval<T>().keys())
COMPILES(has_refused, std::declval<T>().refused())
COMPILES(has_deviations, std::declval<T>().deviations())
COMPILES(has_endpoint, std::declval<T>().endpoint())
static_assert(has_body<Verified&> && !has_body<Verified> && !has_body<const Verified>);
static_assert(has_uuid<Verified&> && !has_uuid<Verified> && !has_uuid<const Verified>);
static_assert(has_request_id<Verified&> && !has_request_id<Verified> && !has_request_id<const Verified>);
static_assert(has_result<Verified&> && !has_result<Verified> && !has_result<const Verified>);
static_assert(has_string<Content&> && !has_string<Content> && !has_string<const Content>);
static_assert(has_json<Content&> && !has_json<Content> && !has_json<const Content>);
static_assert(has_keys<Content&> && !has_keys<Content> && !has_keys<const Content>);
static_assert(has_deviations<Content&> && !has_deviations<Content> && !has_deviations<const Content>);
static_assert(has_method<Request&> && !has_method<Request> && !has_method<const Request>);
static_assert(has_endpoint<Request&> && !has_endpoint<Request> && !has_endpoint<const Request>);
static_assert(has_path<Request&> && !has_path<Request> && !has_path<const Request>);
static_assert(has_body<Request&> && !has_body<Request> && !has_body<const Request>);
static_assert(has_headers<Request&> && !has_headers<Request> && !has_headers<const Request>);
static_assert(has_header_lines<Request&> && !has_header_lines<Request> && !has_header_lines<const Request>);
static_assert(has_headers<callbot::HeaderBlock&> && !has_headers<callbot::HeaderBlock>);
static_assert(has_handle<Request&> && !has_handle<Request>);
static_assert(has_handle<Batch&> && !has_handle<Batch>);
static_assert(has_handle<Rules&> && !has_handle<Rules>);
static_assert(has_handle<Signer&> && !has_handle<Signer>);
static_assert(has_handle<Verifier&> && !has_handle<Verifier>);
static_assert(has_handle<Verified&> && !has_handle<Verified>);
static_assert(has_refused<callbot::Outcome&> && !has_refused<callbot::Outcome>);
static_assert(has_handle<Content&> && !has_handle<Content>);
static_assert(has_violations<Error&> && has_violations<const Error&> && !has_violations<Error>);

// A view that a temporary would leave dangling. The order in the call may be made of temporaries.
template <class String>
constexpr bool can_be_kept =
    std::is_constructible_v<callbot::Borrowed, String> && std::is_assignable_v<callbot::Borrowed&, String>;
static_assert(can_be_kept<const char*> && can_be_kept<const char (&)[2]> && can_be_kept<char*&>);
static_assert(can_be_kept<std::string_view> && can_be_kept<const std::string_view&>);
static_assert(can_be_kept<std::string&> && can_be_kept<const std::string&> && can_be_kept<callbot::Borrowed>);
static_assert(!can_be_kept<std::string> && !can_be_kept<const std::string> && !can_be_kept<std::nullptr_t>);
struct OwnString {
    operator std::string_view() const;
};
static_assert(can_be_kept<OwnString&> && !can_be_kept<OwnString> && !can_be_kept<int>);
COMPILES(is_field, std::declval<Order&>().order_id = std::declval<T>())
COMPILES(is_param, (callbot::Param{"", std::declval<T>()}))
COMPILES(is_task, std::declval<callbot::Task&>().user_task_id = std::declval<T>())
static_assert(is_field<std::string&> && is_param<std::string&> && is_task<std::string&>);
static_assert(!is_field<std::string> && !is_param<std::string> && !is_task<std::string>);
COMPILES(is_list, std::declval<Order&>().params = std::declval<T>())
COMPILES(is_braced_list, (std::declval<Order&>().params = {{"a", std::declval<T>()}}))
using ParamVector = std::vector<callbot::Param>;
static_assert(is_list<ParamVector&> && is_list<const ParamVector&> && is_list<callbot::Param (&)[3]>);
static_assert(is_list<callbot::Params> && !is_list<ParamVector> && !is_list<const ParamVector>);
static_assert(!is_list<callbot::Param[3]> && !is_list<std::initializer_list<callbot::Param>>);
static_assert(!is_list<std::vector<std::string>&> && !is_braced_list<const char*>);
COMPILES(lends, std::declval<Batch&>().add(std::declval<const Order&>(), {{"a", std::declval<T>()}}))
static_assert(lends<std::string> && lends<std::string&> && lends<const char*> && !lends<int>);

// A time that is not in seconds.
COMPILES(is_time_to_sign, std::declval<const Signer&>().sign("", std::declval<T>(), ""))
COMPILES(is_time_to_build, std::declval<const Batch&>().sign(std::declval<const Signer&>(), "", std::declval<T>()))
COMPILES(is_time_of_retry,
         std::declval<const Request&>().sign_again(std::declval<const Signer&>(), "", std::declval<T>()))
COMPILES(is_time_of_callback, std::declval<const Verifier&>().verify_callback({}, "", std::declval<T>()))
COMPILES(is_time_of_response, std::declval<const Verifier&>().verify_response(std::declval<const Request&>(), {}, "",
                                                                              std::declval<T>()))
template <class T>
constexpr bool is_time = is_time_to_sign<T> && is_time_to_build<T> && is_time_of_retry<T> && is_time_of_callback<T> &&
                         is_time_of_response<T>;
template <class T>
constexpr bool is_no_time = !is_time_to_sign<T> && !is_time_to_build<T> && !is_time_of_retry<T> &&
                            !is_time_of_callback<T> && !is_time_of_response<T>;
static_assert(is_time<std::chrono::seconds>);
static_assert(is_time<std::chrono::system_clock::time_point>);
static_assert(is_time<std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>>);
static_assert(is_time<std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>>);
static_assert(is_no_time<std::chrono::milliseconds>);
static_assert(is_no_time<std::chrono::nanoseconds>);
static_assert(is_no_time<std::chrono::duration<double>>);
static_assert(is_no_time<std::chrono::steady_clock::time_point>);
static_assert(is_no_time<int>);
static_assert(is_no_time<std::int64_t>);
static_assert(is_no_time<double>);

// A plain number as an algorithm or a policy.
static_assert(std::is_constructible_v<Signer, const char*, const char*, Algorithm>);
static_assert(!std::is_constructible_v<Signer, const char*, const char*, int>);
COMPILES(is_policy, Batch::from_json("", std::declval<T>()))
static_assert(is_policy<Policy> && !is_policy<int>);

// A chain that begins with a temporary ends in a value, so that nothing dangles.
COMPILES(chains, std::declval<T>().require_param("").max_orders(1).allow_country_code("").require_no_other_params())
static_assert(chains<Rules> && chains<Rules&> && !chains<const Rules&>);
static_assert(std::is_same_v<decltype(std::declval<Rules>().require_param("")), Rules>);
static_assert(std::is_same_v<decltype(std::declval<Rules>().require_no_other_params()), Rules>);
static_assert(std::is_same_v<decltype(std::declval<Rules>().allow_country_code("")), Rules>);
static_assert(std::is_same_v<decltype(std::declval<Rules>().max_orders(1)), Rules>);
static_assert(std::is_same_v<decltype(std::declval<Rules>().allow_blank_edges()), Rules>);
static_assert(std::is_same_v<decltype(std::declval<Rules>().unique_phones()), Rules>);

COMPILES(verifier_chains, std::declval<T>().add(std::declval<const Signer&>()).set_tolerance(1s, 1min))
static_assert(verifier_chains<Verifier> && verifier_chains<Verifier&> && !verifier_chains<const Verifier&>);
static_assert(std::is_same_v<decltype(std::declval<Verifier>().add(std::declval<const Signer&>())), Verifier>);
static_assert(std::is_same_v<decltype(std::declval<Verifier>().set_tolerance(1s, 1s)), Verifier>);

// A tolerance that is not in whole seconds.
COMPILES(is_tolerance, std::declval<Verifier&>().set_tolerance(std::declval<T>(), std::declval<T>()))
static_assert(is_tolerance<std::chrono::seconds> && is_tolerance<std::chrono::minutes>);
static_assert(!is_tolerance<std::chrono::milliseconds> && !is_tolerance<int>);

// Only a verifier makes a verified message, and only that has content.
static_assert(!std::is_constructible_v<Verified, callbot_verified*>);
static_assert(!std::is_constructible_v<Content, callbot_content*>);
static_assert(!std::is_convertible_v<std::string, callbot::HeaderBlock>);
static_assert(!std::is_convertible_v<const Signer&, Verifier>);

// What converts to headers: ranges of pairs of strings that outlive the iteration.
template <class Element>
struct ByIterator {
    struct Iterator {
        Element operator*() const;
        Iterator& operator++();
        bool operator!=(const Iterator&) const;
    };
    Iterator begin() const;
    Iterator end() const;
};
using Strings = std::pair<std::string, std::string>;
template <class T>
constexpr bool is_headers = std::is_convertible_v<T, ReceivedHeaders>;
static_assert(is_headers<std::vector<Strings>> && is_headers<const std::vector<callbot::Header>&>);
static_assert(is_headers<std::map<std::string_view, const char*>>);
static_assert(is_headers<ByIterator<const Strings&>> && !is_headers<ByIterator<Strings>>);
static_assert(!is_headers<std::map<std::string, int>> && !is_headers<std::map<int, std::string>>);
static_assert(!is_headers<std::map<std::string, std::vector<std::string>>>);
static_assert(!is_headers<std::vector<std::string>> && !is_headers<std::string> && !is_headers<Strings>);

// What does not throw is noexcept.
static_assert(noexcept(std::declval<Batch&>().size()) && noexcept(std::declval<Batch&>().empty()) &&
              noexcept(std::declval<Batch&>().clear()) && noexcept(std::declval<Batch&>().reserve(0, 0)) &&
              noexcept(std::declval<Request&>().body()) && noexcept(std::declval<Verified&>().body()) &&
              noexcept(std::declval<Verified&>().replay_expires_at()) && noexcept(std::declval<Content&>().deviation_count()) &&
              noexcept(callbot::version()) &&
              noexcept(callbot::phone::is_valid("")) && noexcept(std::declval<Error&>().what()));

// ---- What is thrown ----

static void accounts() {
    CHECK_THROWS(Signer(sample::uuid, "", Algorithm::md5), CALLBOT_SECRET_KEY, "secret_key_empty");
    CHECK_THROWS(Signer(sample::uuid, "secret\n", Algorithm::md5), CALLBOT_SECRET_KEY, "secret_key_blank_at_end");
    CHECK_THROWS(Signer("a b", "secret", Algorithm::md5), CALLBOT_UUID, "uuid_character");
    CHECK_THROWS(Signer("", "secret", Algorithm::md5), CALLBOT_UUID, "uuid_empty");
    CHECK_THROWS(Signer("a", "secret", static_cast<Algorithm>(2)), CALLBOT_UNKNOWN_CONSTANT, "unknown_constant");
    CHECK_THROWS(Signer("a", "\xff", Algorithm::md5), CALLBOT_NOT_UTF8, "not_utf8");
    CHECK_THROWS(Signer(std::string_view("a", SIZE_MAX), "secret", Algorithm::md5), CALLBOT_LENGTH, "length");
    const Error error = THROWN(Signer("a", "hunter2 ", Algorithm::md5));
    CHECK(std::string_view(error.what()).find("hunter2") == std::string_view::npos);
    CHECK(error.violations().empty());
    CHECK_EQUAL(error.unlisted_count(), 0U);
}

static void signing() {
    const Signer signer = sample::signer();
    CHECK_THROWS(signer.sign("", 1s, ""), CALLBOT_REQUEST_ID, "request_id_empty");
    CHECK_THROWS(signer.sign("a b", 1s, ""), CALLBOT_REQUEST_ID, "request_id_character");
    CHECK_THROWS(signer.sign("a", 0s, ""), CALLBOT_CREATE_TS, "create_ts_zero");
    CHECK_THROWS(signer.sign("a", -1s, ""), CALLBOT_CREATE_TS, "create_ts_negative");
    CHECK_THROWS(signer.sign("a", 1726200000000s, ""), CALLBOT_CREATE_TS, "create_ts_milliseconds");
    CHECK_THROWS(signer.sign("a", 1s, std::string_view("x", SIZE_MAX)), CALLBOT_LENGTH, "length");
    CHECK_THROWS(signer.signed_string("", 1s, ""), CALLBOT_REQUEST_ID, "request_id_empty");
    CHECK_THROWS(signer.signed_string("a", 0s, ""), CALLBOT_CREATE_TS, "create_ts_zero");
    CHECK_THROWS(signer.signed_string("a", 1s, std::string_view("x", SIZE_MAX)), CALLBOT_LENGTH, "length");
}

static void building() {
    const Signer signer = sample::signer();
    Batch batch(sample::task());
    CHECK_THROWS(batch.sign(signer), CALLBOT_EMPTY_BATCH, "empty_batch");
    batch.add(sample::order("a"));
    const Request request = batch.sign(signer);
    CHECK_THROWS(batch.sign(signer, "a b"), CALLBOT_REQUEST_ID, "request_id_character");
    CHECK_THROWS(request.sign_again(signer, "a b"), CALLBOT_REQUEST_ID, "request_id_character");
    CHECK_THROWS(batch.sign(signer, "", -1s), CALLBOT_CREATE_TS, "create_ts_negative");
    CHECK_THROWS(request.sign_again(signer, "", -1s), CALLBOT_CREATE_TS, "create_ts_negative");
    // A time that was never set does not mean now.
    CHECK_THROWS(batch.sign(signer, "", std::chrono::system_clock::time_point()), CALLBOT_CREATE_TS, "create_ts_zero");
    CHECK_THROWS(request.sign_again(signer, "", 0s), CALLBOT_CREATE_TS, "create_ts_zero");
}

static void rules() {
    Rules rules;
    CHECK_THROWS(rules.require_param(""), CALLBOT_RULES, "rules_param_empty");
    rules.require_param("a");
    CHECK_THROWS(rules.require_param("a"), CALLBOT_RULES, "rules_param_repeated");
    CHECK_THROWS(rules.require_param("\xff"), CALLBOT_NOT_UTF8, "not_utf8");
    CHECK_THROWS(rules.allow_country_code("+86"), CALLBOT_RULES, "rules_country_code");
    CHECK_THROWS(rules.max_orders(0), CALLBOT_RULES, "rules_max_orders");
    CHECK_THROWS(Rules().max_orders(0), CALLBOT_RULES, "rules_max_orders");

    Batch params(sample::task(), Rules().require_param("amount"));
    CHECK_EQUAL(THROWN(params.add(sample::order("a"))).status(), CALLBOT_REFUSED);
    callbot::Order bare;
    bare.order_id = "a";
    bare.user_phone = "8613800000001";
    CHECK_EQUAL(check::violations(THROWN(params.add(bare))).at(0).param, "amount");
    Batch none(sample::task(), Rules().require_no_other_params());
    CHECK_EQUAL(THROWN(none.add(sample::order("a"))).status(), CALLBOT_REFUSED);
    Batch codes(sample::task(), Rules().allow_country_code("44"));
    CHECK_EQUAL(THROWN(codes.add(sample::order("a"))).status(), CALLBOT_REFUSED);
    Batch one(sample::task(), Rules().max_orders(1));
    one.add(sample::order("a"));
    CHECK_EQUAL(THROWN(one.add(sample::order("b"))).status(), CALLBOT_REFUSED);
    Batch edges(sample::task(), Rules().allow_blank_edges().unique_phones());
    edges.add(sample::order("a\r\n"));
    CHECK_EQUAL(check::violations(THROWN(edges.add(sample::order("b")))).at(0).code, "duplicate_phone");
    const std::string_view stop = R"({"userTaskID":"t","orderIDs":["a\r\n"]})";
    CHECK_THROWS(sample::signer().request("stopOrder", stop), CALLBOT_REFUSED, "refused");
    const Request stops = sample::signer().request("stopOrder", stop, Rules().allow_blank_edges());
    CHECK_EQUAL(stops.endpoint(), "stopOrder");
    Batch strict(sample::task());
    CHECK_EQUAL(check::violations(THROWN(strict.add(sample::order("a\r\n")))).at(0).code, "blank_edge");
    CHECK_THROWS(Batch::from_json(sample::json, Rules().max_orders(1)), CALLBOT_REFUSED, "refused");
    CHECK_EQUAL(Batch::from_json(sample::json, Policy::keep_valid, Rules().allow_country_code("86")).refused.size(), 1U);
    CHECK_THROWS(Batch::from_json(sample::json, Policy::refuse_all, Rules().allow_country_code("86")), CALLBOT_REFUSED,
                 "refused");
}

static void check_violation(const Violation& violation, std::string_view code, std::string_view path,
                            std::optional<std::size_t> order) {
    CHECK_EQUAL(violation.code, code);
    CHECK_EQUAL(violation.path, path);
    CHECK(violation.code_number > 0);
    CHECK(violation.order == order);
    CHECK(!violation.message.empty());
}

static void tasks() {
    callbot::Task task;
    task.order_callback_url = "https://example.com/";
    task.call_callback_url = "ftp://example.com/";
    const Error error = THROWN(Batch(task));
    CHECK_EQUAL(error.status(), CALLBOT_REFUSED);
    CHECK_EQUAL(error.code(), std::string_view("refused"));
    CHECK_EQUAL(error.violations().size(), 2U);
    check_violation(error.violations()[0], "empty", "/userTaskID", std::nullopt);
    // Each URL has its own path: they were not swapped.
    check_violation(error.violations()[1], "url_scheme", "/callInfoList/callCallbackUrl", std::nullopt);
    CHECK(std::string_view(error.what()).find(error.violations()[0].message) != std::string_view::npos);
    CHECK_THROWS(Batch(task, Rules()), CALLBOT_REFUSED, "refused");
}

static void orders() {
    Batch batch(sample::task());
    batch.add(sample::order("a"));
    Order wrong = sample::order("a", "+8613800000001");
    const callbot::Param wrong_params[] = {{"amount", "1"}, {"amount", ""}};
    wrong.params = wrong_params;
    const Error error = THROWN(batch.add(wrong));
    CHECK_EQUAL(error.status(), CALLBOT_REFUSED);
    CHECK_EQUAL(error.violations().size(), 4U);
    CHECK_EQUAL(error.code_number(), CALLBOT_CODE_REFUSED);
    CHECK_EQUAL(error.violations()[0].code_number, CALLBOT_CODE_PHONE_PLUS);
    CHECK_EQUAL(error.violations()[0].field, "userPhone");
    CHECK_EQUAL(error.violations()[2].field, "name");
    CHECK(error.violations()[0].list_index == 0U && error.violations()[0].param.empty());
    check_violation(error.violations()[0], "phone_plus", "/callInfoList/callList/1/userPhone", 1);
    check_violation(error.violations()[1], "empty", "/callInfoList/callList/1/params/1/value", 1);
    check_violation(error.violations()[2], "duplicate_param", "/callInfoList/callList/1/params/1/name", 1);
    check_violation(error.violations()[3], "duplicate_order_id", "/callInfoList/callList/1/orderID", 1);
    CHECK(error.violations()[0].message.find("13800000001") == std::string::npos);
    CHECK_EQUAL(batch.size(), 1U);

    // All or none.
    const std::vector<Order> list = {sample::order("b"), sample::order("c", "0"), sample::order("d"), wrong};
    CHECK_EQUAL(check::violations(THROWN(batch.add_all(list))).size(), 5U);
    CHECK_EQUAL(check::violations(THROWN(batch.add_all(list, Policy::refuse_all))).size(), 5U);
    CHECK_EQUAL(batch.size(), 1U);

    // The valid ones.
    const std::vector<Violation> refused = batch.add_all(list, Policy::keep_valid);
    CHECK_EQUAL(batch.size(), 3U);
    CHECK_EQUAL(refused.size(), 5U);
    check_violation(refused[0], "phone_leading_zero", "/callInfoList/callList/2/userPhone", 2);
    CHECK_EQUAL(refused[1].order.value(), 4U);
    CHECK(refused[0].list_index == 1U && refused[1].list_index == 3U);

    CHECK_THROWS(batch.add_all(list, static_cast<Policy>(2)), CALLBOT_UNKNOWN_CONSTANT, "unknown_constant");
    Order bytes = sample::order("e");
    bytes.user_name = "\xff";
    CHECK_THROWS(batch.add(bytes), CALLBOT_REFUSED, "refused");
    const std::vector<Violation> not_utf8 = batch.add_all({bytes}, Policy::keep_valid);
    CHECK_EQUAL(not_utf8.size(), 1U);
    check_violation(not_utf8[0], "text_not_utf8", "/callInfoList/callList/3/userName", 3);
    bytes = sample::order("e");
    const callbot::Param too_long[] = {{"amount", std::string_view("x", SIZE_MAX)}};
    bytes.params = too_long;
    CHECK_THROWS(batch.add(bytes), CALLBOT_LENGTH, "length");
    bytes.params = {};
    CHECK_THROWS(batch.add(bytes, {{"a", std::string_view("x", SIZE_MAX)}}), CALLBOT_LENGTH, "length");
    CHECK_THROWS(batch.add(bytes, {{"a", "1"}, {"b", ""}}), CALLBOT_REFUSED, "refused");
    CHECK_EQUAL(batch.size(), 3U);
}

static void json() {
    CHECK_THROWS(Batch::from_json("{"), CALLBOT_REFUSED, "refused");
    CHECK_THROWS(Batch::from_json("{", Policy::keep_valid), CALLBOT_REFUSED, "refused");
    CHECK_THROWS(Batch::from_json("{}", static_cast<Policy>(-1)), CALLBOT_UNKNOWN_CONSTANT, "unknown_constant");
    CHECK_THROWS(Batch::from_json(std::string_view("{}", SIZE_MAX)), CALLBOT_LENGTH, "length");
    check_violation(check::violations(THROWN(Batch::from_json(""))).at(0), "json_incomplete", "", std::nullopt);

    const std::string wrong = sample::replaced(sample::json, "447700900123", "00447700900123");
    const Error error = THROWN(Batch::from_json(wrong));
    CHECK_EQUAL(error.violations().size(), 1U);
    check_violation(error.violations()[0], "phone_international_prefix", "/callInfoList/callList/1/userPhone", 1);
    CHECK_EQUAL(check::violations(THROWN(Batch::from_json(wrong, Policy::refuse_all))).size(), 1U);

    const auto [batch, refused] = Batch::from_json(wrong, Policy::keep_valid);
    CHECK_EQUAL(batch.size(), 1U);
    CHECK_EQUAL(refused.size(), 1U);
    check_violation(refused[0], "phone_international_prefix", "/callInfoList/callList/1/userPhone", 1);
}

static void endpoints() {
    const Signer signer = sample::signer();
    CHECK_THROWS(signer.request("stop", "{}"), CALLBOT_ENDPOINT, "endpoint");
    const Error error = THROWN(signer.request("stopOrder", R"({"userTaskID":"","orderIDs":["1",2]})"));
    CHECK_EQUAL(error.status(), CALLBOT_REFUSED);
    CHECK_EQUAL(error.violations().size(), 2U);
    check_violation(error.violations()[0], "empty", "/userTaskID", std::nullopt);
    check_violation(error.violations()[1], "wrong_type", "/orderIDs/1", std::nullopt);
    CHECK_EQUAL(error.violations()[1].field, "orderIDs");
    CHECK_THROWS(signer.request("ping", R"({"data":"x"})", " "), CALLBOT_REQUEST_ID, "request_id_character");
    CHECK_THROWS(signer.request("ping", R"({"data":"x"})", "r-1", 0s), CALLBOT_CREATE_TS, "create_ts_zero");
    CHECK_THROWS(Signer().request("ping", R"({"data":"x"})"), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(Batch::for_endpoint("stopOrder", "{}"), CALLBOT_ENDPOINT, "endpoint_no_orders");
    CHECK_THROWS(Batch::for_endpoint("addBatchCall", "{}"), CALLBOT_REFUSED, "refused");
    Rules no_rules;
    { const Rules gone = std::move(no_rules); }
    CHECK_THROWS(Batch::for_endpoint("addBatchCall", sample::json, no_rules), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(Batch::for_endpoint("addBatchCall", sample::json, Policy::keep_valid, no_rules), CALLBOT_NULL_POINTER,
                 "null_pointer");
    CHECK_THROWS(Batch::for_endpoint("addBatchCall", sample::json, static_cast<Policy>(2)), CALLBOT_UNKNOWN_CONSTANT,
                 "unknown_constant");
}

static void phones() {
    CHECK_THROWS(callbot::phone::check("+8613800000001"), CALLBOT_PHONE, "phone_plus");
    CHECK_THROWS(callbot::phone::check("\xff"), CALLBOT_NOT_UTF8, "not_utf8");
    CHECK_THROWS(callbot::phone::from_typed("13800000001x"), CALLBOT_PHONE, "phone_character");
    CHECK_THROWS(callbot::phone::from_typed(""), CALLBOT_PHONE, "phone_empty");
    CHECK_THROWS(callbot::phone::from_typed(std::string_view("1", SIZE_MAX)), CALLBOT_LENGTH, "length");
}

// The tests below need the moved-from object itself.
template <class T>
static T& moved_from(T& object) {
    const T gone = std::move(object);
    return object;
}

static void moved_from_objects() {
    const Signer signer = sample::signer();
    Batch of_one(sample::task());
    of_one.add(sample::order("a"));
    const Request request = of_one.sign(signer);

    Signer no_signer = sample::signer();
    moved_from(no_signer);
    CHECK(no_signer.handle() == nullptr);
    CHECK_THROWS(no_signer.sign("a", 1s, ""), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_signer.signed_string("a", 1s, ""), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(of_one.sign(no_signer), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(request.sign_again(no_signer), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(Request::to(no_signer, "/", ""), CALLBOT_NULL_POINTER, "null_pointer");
    no_signer = sample::signer();
    CHECK_EQUAL(no_signer.sign("a", 1s, "").size(), 32U);

    // Moved-from rules do not mean "no rules".
    Rules no_rules;
    moved_from(no_rules);
    CHECK_THROWS(no_rules.require_param("a"), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_rules.require_no_other_params(), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_rules.allow_country_code("86"), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_rules.max_orders(1), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_rules.allow_blank_edges(), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_rules.unique_phones(), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(Batch(sample::task(), no_rules), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(Batch::from_json(sample::json, no_rules), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(Batch::from_json(sample::json, Policy::keep_valid, no_rules), CALLBOT_NULL_POINTER, "null_pointer");

    Batch no_batch(sample::task());
    moved_from(no_batch);
    CHECK(no_batch.empty());
    no_batch.clear();
    no_batch.reserve(1, 1);
    CHECK_THROWS(no_batch.add(sample::order("a")), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_batch.add_all({sample::order("a")}), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_batch.sign(signer), CALLBOT_NULL_POINTER, "null_pointer");
    no_batch = Batch(sample::task());
    no_batch.add(sample::order("a"));
    CHECK_EQUAL(no_batch.size(), 1U);

    Request no_request = request.sign_again(signer);
    moved_from(no_request);
    CHECK(no_request.method().empty() && no_request.path().empty() && no_request.body().empty());
    CHECK(no_request.headers().empty() && no_request.endpoint().empty());
    CHECK(no_request.sent().request_id.empty() && no_request.sent().uuid.empty());
    CHECK_THROWS(no_request.sign_again(signer), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK(no_request.header_lines().empty());
    CHECK_THROWS(no_request.url("https://a.example"), CALLBOT_NULL_POINTER, "null_pointer");
    no_request = request.sign_again(signer);
    CHECK_EQUAL(no_request.body(), request.body());
    CHECK_THROWS(request.url("a.example"), CALLBOT_BASE_URL, "url_not_absolute");
    CHECK_THROWS(callbot::join_url("a.example", "/a"), CALLBOT_BASE_URL, "url_not_absolute");
    CHECK_EQUAL(callbot::join_url("https://a.example/", "/a"), "https://a.example/a");
}

static void moved_from_objects_of_the_way_back() {
    constexpr std::string_view body = R"({"retCode":0,"retMsg":"m","responseID":"x","totalCount":1,"successCount":1})";
    const Signer signer = sample::signer();
    Signer no_signer = sample::signer();
    moved_from(no_signer);
    Batch batch(sample::task());
    batch.add(sample::order("a"));
    const Request request = batch.sign(signer);
    Request no_request = batch.sign(signer);
    moved_from(no_request);
    const callbot::testing::Headers headers = callbot::testing::sign_response(signer, request, body);
    CHECK_THROWS(callbot::testing::sign_response(no_signer, request, body), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(callbot::testing::sign_response(signer, no_request, body), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(callbot::testing::sign_callback(no_signer, body), CALLBOT_NULL_POINTER, "null_pointer");

    Verifier verifier(signer);
    CHECK_THROWS(Verifier(no_signer), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(verifier.add(no_signer), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(verifier.verify_response(no_request, headers, body), CALLBOT_NULL_POINTER, "null_pointer");
    Verifier no_verifier(signer);
    moved_from(no_verifier);
    CHECK(no_verifier.handle() == nullptr);
    CHECK_THROWS(no_verifier.add(signer), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_verifier.set_tolerance(1s, 1s), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_verifier.verify_callback(headers, body), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_verifier.verify_response(request, headers, body), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_verifier.verify_response(request.sent(), headers, body), CALLBOT_NULL_POINTER, "null_pointer");
    no_verifier = Verifier(signer);
    const callbot::HeaderBlock no_block;
    CHECK(no_block.headers().empty());
    CHECK_THROWS(verifier.verify_callback(no_block, body), CALLBOT_NULL_POINTER, "null_pointer");

    Verified verified = no_verifier.verify_response(request, headers, body);
    Verified no_verified = verifier.verify_response(request, headers, body);
    moved_from(no_verified);
    CHECK(no_verified.handle() == nullptr);
    CHECK(no_verified.body().empty() && no_verified.uuid().empty() && no_verified.request_id().empty());
    CHECK(no_verified.create_ts().since_1970() == 0s && no_verified.replay_expires_at().since_1970() == 0s);
    CHECK_EQUAL(no_verified.signer_index(), SIZE_MAX);
    CHECK_THROWS(no_verified.response(), CALLBOT_NULL_POINTER, "null_pointer");
    CHECK_THROWS(no_verified.result(), CALLBOT_NULL_POINTER, "null_pointer");
    no_verified = std::move(verified);
    CHECK_EQUAL(no_verified.body(), body);
}

// Copies and moves of an error have the same data.
static void check_told(const Error& error) {
    CHECK_EQUAL(error.status(), CALLBOT_REFUSED);
    CHECK_EQUAL(error.code(), std::string_view("refused"));
    CHECK_EQUAL(error.violations().size(), 2U);
    check_violation(error.violations()[1], "url_empty", "/callInfoList/callCallbackUrl", std::nullopt);
    CHECK(std::string_view(error.what()).find("2 violations") == 0);
}

static void copies() {
    callbot::Task task;
    task.user_task_id = "t";
    const auto fail = [&] { Batch batch(task); };
    std::exception_ptr kept;
    try {
        fail();
    } catch (const std::exception& error) {
        kept = std::current_exception();
        CHECK(std::string_view(error.what()).find("2 violations") == 0);
    }
    try {
        std::rethrow_exception(kept);
    } catch (const Error& error) {
        check_told(error);
        Error first = error;
        Error second = std::move(first);
        // A moved-from error keeps its data.
        check_told(first);
        check_told(second);
        first = THROWN(callbot::phone::check(""));
        CHECK_EQUAL(first.status(), CALLBOT_PHONE);
        first = std::move(second);
        check_told(first);
        check_told(second);
    }

    // Errors made by programs that call the C functions themselves.
    callbot_error* error = nullptr;
    const callbot_status status = callbot_phone_check(callbot_str{"+", 1}, &error);
    const Error own(status, error);
    CHECK_EQUAL(own.what(), std::string_view(callbot_error_message(error).data, callbot_error_message(error).len));
    callbot_error_free(error);
    CHECK_EQUAL(own.status(), CALLBOT_PHONE);
    CHECK_EQUAL(own.code(), std::string_view("phone_plus"));
    const Error nothing(CALLBOT_PANIC, nullptr);
    CHECK_EQUAL(nothing.status(), CALLBOT_PANIC);
    CHECK(!std::string_view(nothing.what()).empty());
    CHECK(nothing.violations().empty());
}

int main() {
    accounts();
    signing();
    building();
    rules();
    tasks();
    orders();
    json();
    endpoints();
    phones();
    moved_from_objects();
    moved_from_objects_of_the_way_back();
    copies();
    return check::finish();
}
