// What the C++ layer does with valid arguments.
#include <algorithm>
#include <map>

#include "check.hpp"

using namespace std::chrono_literals;

static std::map<std::string, std::string> by_name(const callbot::Request& request) {
    std::map<std::string, std::string> map;
    for (const auto& [name, value] : request.headers()) {
        CHECK(map.emplace(name, value).second);
    }
    return map;
}

// Static data at file scope.
static constexpr callbot_str from_initializer = CALLBOT_STR_INIT("literal");
static const callbot_header static_header = {CALLBOT_STR_INIT("sign"), CALLBOT_STR_INIT("a\0b")};

static void literals() {
    CHECK_EQUAL(std::string_view(from_initializer.data, from_initializer.len), std::string_view("literal"));
    CHECK_EQUAL(static_header.name.len, 4U);
    CHECK_EQUAL(static_header.value.len, 3U);
    const callbot_str from_literal = CALLBOT_STR("literal");
    CHECK_EQUAL(from_literal.len, from_initializer.len);
    CHECK(CALLBOT_STR("").len == 0);
}

// A copy of the batch's body.
static std::string body(const callbot::Batch& batch) {
    const callbot::Request request = batch.sign(sample::signer());
    return std::string(request.body());
}

static callbot::Batch of_two() {
    callbot::Batch batch(sample::task());
    batch.add(sample::order("a"));
    batch.add(sample::order("b", "447700900123"));
    return batch;
}

static void both_ways_in_give_the_same_bytes() {
    const callbot::Batch added = of_two();
    CHECK_EQUAL(added.size(), 2U);
    CHECK_EQUAL(body(added), sample::json);

    callbot::Batch listed(sample::task());
    const std::vector<callbot::Order> orders = {sample::order("a"), sample::order("b", "447700900123")};
    listed.add_all(orders);
    CHECK_EQUAL(body(listed), sample::json);

    callbot::Batch kept(sample::task());
    CHECK(kept.add_all(orders, callbot::Policy::keep_valid).empty());
    CHECK_EQUAL(body(kept), sample::json);

    // Whitespace between the values does not matter.
    const std::string spaced = sample::replaced(sample::json, "\"callInfoList\":{", "\n\"callInfoList\" : {\t");
    CHECK_EQUAL(body(callbot::Batch::from_json(spaced)), sample::json);
    const callbot::KeptBatch read = callbot::Batch::from_json(spaced, callbot::Policy::keep_valid);
    CHECK(read.refused.empty());
    CHECK_EQUAL(body(read.batch), sample::json);
}

static void strings_need_not_end_with_nul() {
    const std::string padded = "?a?8613800000001?";
    const std::string_view view = padded;
    callbot::Order order;
    order.order_id = view.substr(1, 1);
    order.user_phone = view.substr(3, 13);
    callbot::Batch batch(sample::task());
    batch.add(order);
    const callbot::Request request = batch.sign(sample::signer());
    CHECK(request.body().find("\"orderID\":\"a\",\"userPhone\":\"8613800000001\",\"other\":\"\"") !=
          std::string_view::npos);

    // One inside is no end, and may not go out.
    order.order_id = std::string_view("x\0y", 3);
    CHECK_THROWS(batch.add(order), CALLBOT_REFUSED, "refused");
    CHECK_EQUAL(sample::signer().sign("r-1", sample::time, std::string_view("\0\xff", 2)).size(), 32U);
    CHECK(sample::signer().sign("r-1", sample::time, std::string_view("\0", 1)) !=
          sample::signer().sign("r-1", sample::time, ""));
}

static void requests() {
    const callbot::Signer signer = sample::signer();
    const callbot::Signer sha256(sample::uuid, sample::secret_key, callbot::Algorithm::sha256);
    callbot::Batch batch = of_two();
    const callbot::Request request = batch.sign(signer, "r-1", sample::time);
    CHECK_EQUAL(request.method(), std::string_view("POST"));
    CHECK_EQUAL(request.path(), std::string_view("/callcentre/api/v3/addBatchCall"));

    auto headers = by_name(request);
    CHECK_EQUAL(headers.size(), callbot_request_header_count(request.handle()));
    CHECK_EQUAL(headers.at("requestID"), "r-1");
    CHECK_EQUAL(headers.at("createTs"), "1726200000");
    CHECK_EQUAL(headers.at("uuid"), sample::uuid);
    CHECK_EQUAL(headers.at("algorithm"), "MD5");
    CHECK_EQUAL(headers.at("sign"), signer.sign("r-1", sample::time, request.body()));
    CHECK_EQUAL(headers.at("sign").size(), 32U);

    // The defaults: a random ID and the time now.
    const callbot::CreateTs before = callbot::CreateTs::now();
    const callbot::Request fresh = batch.sign(signer);
    const callbot::CreateTs after = callbot::CreateTs::now();
    headers = by_name(fresh);
    CHECK_EQUAL(headers.at("requestID").size(), 32U);
    CHECK(headers.at("requestID") != by_name(batch.sign(signer)).at("requestID"));
    CHECK(std::stoll(headers.at("createTs")) >= before.since_1970().count());
    CHECK(std::stoll(headers.at("createTs")) <= after.since_1970().count());

    // A retry: another signer, another ID, and the same body.
    const callbot::Request again = request.sign_again(sha256, "r-2", sample::time + 1s);
    headers = by_name(again);
    CHECK_EQUAL(headers.at("requestID"), "r-2");
    CHECK_EQUAL(headers.at("createTs"), "1726200001");
    CHECK_EQUAL(headers.at("algorithm"), "SHA256");
    CHECK_EQUAL(headers.at("sign"), sha256.sign("r-2", sample::time + 1s, request.body()));
    CHECK(again.body().data() == request.body().data());
    CHECK_EQUAL(by_name(request).at("requestID"), "r-1");
    CHECK(by_name(request.sign_again(signer)).at("requestID") != "r-1");
    CHECK(std::stoll(by_name(request.sign_again(signer)).at("createTs")) >= before.since_1970().count());

    // It stays valid without its batch and signer.
    const callbot::Request alone = [] {
        const callbot::Signer gone = sample::signer();
        return of_two().sign(gone, "r-3", sample::time);
    }();
    batch.clear();
    batch.add(sample::order("c"));
    CHECK_EQUAL(request.body(), sample::json);
    CHECK_EQUAL(alone.body(), sample::json);
}

static void sizes() {
    callbot::Batch batch(sample::task());
    CHECK(batch.empty());
    batch.reserve(1000, 300);
    batch.reserve(SIZE_MAX, SIZE_MAX);
    CHECK_EQUAL(batch.size(), 0U);
    batch.add(sample::order("a"));
    CHECK(!batch.empty());
    batch.add_all(std::vector<callbot::Order>{sample::order("b"), sample::order("c")});
    CHECK_EQUAL(batch.size(), 3U);
    const callbot::Order more[] = {sample::order("d"), sample::order("e")};
    batch.add_all(more, 2);
    CHECK(batch.add_all(more, 0, callbot::Policy::keep_valid).empty());
    batch.add_all({});
    CHECK_EQUAL(batch.size(), 5U);
    batch.clear();
    CHECK(batch.empty());
    batch.add(sample::order("a"));
    CHECK_EQUAL(batch.size(), 1U);
}

// The params of all orders are in one array: each order must get its own.
static void params_stay_with_their_order() {
    std::vector<callbot::Order> orders;
    std::vector<std::vector<callbot::Param>> params(100);
    std::vector<std::string> strings;
    for (int i = 0; i < 100; ++i) {
        strings.push_back("p" + std::to_string(i));
    }
    const std::vector<std::string> ids = strings;
    for (std::size_t i = 0; i < strings.size(); ++i) {
        callbot::Order order;
        order.order_id = ids[i];
        order.user_phone = "8613800000001";
        for (std::size_t k = 0; k < i % 5; ++k) {
            params[i].push_back({strings[(i + k) % strings.size()], ids[i]});
        }
        order.params = params[i];
        orders.push_back(order);
    }
    callbot::Batch one_by_one(sample::task());
    for (const callbot::Order& order : orders) {
        one_by_one.add(order);
    }
    callbot::Batch at_once(sample::task());
    at_once.add_all(orders);
    const callbot::Request expected = one_by_one.sign(sample::signer());
    CHECK_EQUAL(body(at_once), expected.body());
    CHECK(expected.body().find("\"p3\",\"userPhone\":\"8613800000001\",\"other\":\"\",\"userName\":\"\","
                               "\"customerName\":\"\",\"params\":[{\"name\":\"p3\",\"value\":\"p3\"},"
                               "{\"name\":\"p4\",\"value\":\"p3\"},{\"name\":\"p5\",\"value\":\"p3\"}]}") !=
          std::string_view::npos);
}

// Params of a call may be temporaries: the call copies them.
static void params_are_lent_to_the_call() {
    const callbot::Param own[] = {{"a", "1"}};
    callbot::Order order;
    order.order_id = "1";
    order.user_phone = "8613800000001";
    callbot::Batch batch(sample::task());
    batch.add(order, {});
    order.order_id = "2";
    batch.add(order, {{"amount", std::string(100, '9')}, {std::string("due") + "_date", std::to_string(7)}});
    order.order_id = "3";
    order.params = own;
    batch.add(order, {{"b", "2"}});
    const std::string found = body(batch);
    const auto params = [&](std::string_view id) {
        const std::size_t from = found.find("\"params\":", found.find("\"orderID\":\"" + std::string(id)));
        return found.substr(from, found.find(']', from) + 1 - from);
    };
    CHECK_EQUAL(params("1"), "\"params\":[]");
    CHECK_EQUAL(params("2"), "\"params\":[{\"name\":\"amount\",\"value\":\"" + std::string(100, '9') +
                                 "\"},{\"name\":\"due_date\",\"value\":\"7\"}]");
    CHECK_EQUAL(params("3"), "\"params\":[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\"2\"}]");
    order.params = {};
    CHECK_EQUAL(order.params.size(), 0U);
}

static void lines_and_urls() {
    callbot::Batch batch = of_two();
    const callbot::Request request = batch.sign(sample::signer(), "r-1", sample::time);
    const std::vector<callbot::Header> headers = request.headers();
    const std::vector<const char*> lines = request.header_lines();
    CHECK_EQUAL(lines.size(), headers.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CHECK_EQUAL(lines[i], std::string(headers[i].name) + ": " + std::string(headers[i].value));
    }
    CHECK_EQUAL(request.url("https://nxbot.nxcloud.com/"), "https://nxbot.nxcloud.com/callcentre/api/v3/addBatchCall");
}

// Any endpoint by its name and JSON.
static void requests_from_json() {
    const callbot::Signer signer = sample::signer();
    const callbot::Request request =
        signer.request("stopOrder", R"({ "orderIDs": ["1", "2"], "userTaskID": "spring" })", "r-1", sample::time);
    CHECK_EQUAL(request.endpoint(), std::string_view("stopOrder"));
    CHECK_EQUAL(request.path(), std::string_view("/callcentre/api/v3/stopOrder"));
    CHECK_EQUAL(request.body(),
                std::string_view(R"({"productID":"callbot","userTaskID":"spring","orderIDs":["1","2"]})"));
    CHECK_EQUAL(by_name(request).at("sign"), signer.sign("r-1", sample::time, request.body()));
    CHECK_EQUAL(request.sent().endpoint, "stopOrder");
    CHECK_EQUAL(by_name(signer.request("ping", R"({"data":"x"})")).at("requestID").size(), 32U);
    const callbot::Request added = signer.request("addBatchCall", sample::json);
    CHECK_EQUAL(added.body(), sample::json);
}

static void batches_for_endpoints() {
    using callbot::Batch;
    const callbot::Signer signer = sample::signer();
    Batch added = Batch::for_endpoint("addBatchCall", sample::json);
    CHECK_EQUAL(added.size(), 2U);
    CHECK_EQUAL(body(added), sample::json);

    const std::string_view head =
        R"({"userTaskID":"t","callInfoList":{"orderCallbackUrl":"https://a.example/","callCallbackUrl":"https://a.example/"}})";
    Batch imported = Batch::for_endpoint("importBatchCall", head, callbot::Rules().max_orders(1));
    CHECK(imported.empty());
    imported.add(sample::order("a"));
    CHECK_EQUAL(THROWN(imported.add(sample::order("b"))).status(), CALLBOT_REFUSED);
    const callbot::Request request = imported.sign(signer);
    CHECK_EQUAL(request.endpoint(), std::string_view("importBatchCall"));

    const std::string wrong = sample::replaced(sample::json, "447700900123", "+1");
    const callbot::KeptBatch kept = Batch::for_endpoint("addBatchCall", wrong, callbot::Policy::keep_valid);
    CHECK_EQUAL(kept.batch.size(), 1U);
    CHECK(kept.refused.size() == 1 && kept.refused[0].list_index == 1U);
    const auto none = Batch::for_endpoint("addBatchCall", sample::json, callbot::Policy::keep_valid,
                                          callbot::Rules().allow_country_code("1"));
    CHECK(none.batch.empty() && none.refused.size() == 2);
}

// The default is empty, as after a move.
template <class T>
static void is_empty_by_default() {
    T object;
    CHECK(!object && object.handle() == nullptr);
    T other = std::move(object);
    CHECK(!other);
    object = std::move(other);
    CHECK(!object);
}

static void defaults() {
    is_empty_by_default<callbot::Signer>();
    is_empty_by_default<callbot::Batch>();
    is_empty_by_default<callbot::Request>();
    is_empty_by_default<callbot::HeaderBlock>();
    is_empty_by_default<callbot::Verifier>();
    is_empty_by_default<callbot::Verified>();
    CHECK(static_cast<bool>(callbot::Rules()));
    struct Campaign {
        callbot::Signer signer;
        callbot::Batch batch;
    } campaign;
    campaign.signer = sample::signer();
    campaign.batch = callbot::Batch(sample::task());
    CHECK(campaign.signer && campaign.batch);
}

static void rules() {
    callbot::Rules rules;
    callbot::Rules& same =
        rules.require_param("amount").require_param("due_date").allow_country_code("86").max_orders(2);
    CHECK(&same == &rules);
    callbot::Batch batch(sample::task(), rules);
    // The batch has a copy.
    rules = callbot::Rules();
    batch.add(sample::order("a"));
    batch.add(sample::order("b"));

    const callbot::Rules chained = callbot::Rules().allow_country_code("44").allow_country_code("86");
    CHECK_EQUAL(callbot::Batch::from_json(sample::json, chained).size(), 2U);
    CHECK(callbot::Batch::from_json(sample::json, callbot::Policy::keep_valid, chained).refused.empty());
    CHECK_EQUAL(callbot::Batch(sample::task(), callbot::Rules().max_orders(1).require_no_other_params()).size(), 0U);
}

static void moves() {
    callbot::Signer signer = sample::signer();
    const std::string expected = signer.sign("r-1", sample::time, "{}");
    callbot::Signer moved = std::move(signer);
    CHECK_EQUAL(moved.sign("r-1", sample::time, "{}"), expected);
    signer = std::move(moved);
    CHECK_EQUAL(signer.sign("r-1", sample::time, "{}"), expected);

    callbot::Batch batch = of_two();
    std::vector<callbot::Batch> batches;
    batches.push_back(std::move(batch));
    batches.push_back(of_two());
    CHECK_EQUAL(batches[0].size(), 2U);
    batch = std::move(batches[1]);
    batch.add(sample::order("c"));
    CHECK_EQUAL(batch.size(), 3U);

    // A request's strings stay where they are.
    callbot::Request request = batches[0].sign(signer);
    const std::string_view body = request.body();
    const callbot::Request holder = std::move(request);
    CHECK(holder.body().data() == body.data());
    CHECK_EQUAL(body, sample::json);
}

static void times() {
    const callbot::Signer signer = sample::signer();
    const std::string expected = signer.sign("r-1", sample::time, "{}");
    using clock = std::chrono::system_clock;
    const clock::time_point point(sample::time);
    CHECK_EQUAL(signer.sign("r-1", point, "{}"), expected);
    CHECK_EQUAL(signer.sign("r-1", point + 999ms, "{}"), expected);
    CHECK_EQUAL(signer.sign("r-1", std::chrono::time_point_cast<std::chrono::milliseconds>(point), "{}"), expected);
    CHECK_EQUAL(signer.sign("r-1", clock::from_time_t(1726200000), "{}"), expected);
    // Times are rounded down, so that a time before 1970 does not become 1970.
    CHECK_EQUAL(callbot::CreateTs(clock::time_point(-1ms)).since_1970().count(), -1);
    static_assert(callbot::CreateTs(7s).since_1970() == 7s);
}

static void signed_strings() {
    CHECK_EQUAL(sample::signer().signed_string("r-1", sample::time, "{}"),
                "***&body={}&createTs=1726200000&requestID=r-1&uuid=" + std::string(sample::uuid));
}

static void phones() {
    callbot::phone::check("8613800000001");
    CHECK(callbot::phone::is_valid("8613800000001"));
    CHECK(!callbot::phone::is_valid("+8613800000001"));
    CHECK(!callbot::phone::is_valid("\xff"));
    CHECK(!callbot::phone::is_valid(""));
    CHECK_EQUAL(callbot::phone::from_typed("+86 156-1234-5678"), "8615612345678");
    CHECK_EQUAL(callbot::phone::from_typed("+44 (0)20 7946 0958"), "442079460958");
}

static void versions() {
    callbot::check_abi();
    CHECK(std::count(callbot::version().begin(), callbot::version().end(), '.') == 2);
}

static void handles() {
    const callbot::Batch batch = of_two();
    CHECK_EQUAL(callbot_batch_len(batch.handle()), 2U);
    const callbot::Signer signer = sample::signer();
    CHECK(signer.handle() != nullptr);
    const callbot::Rules rules;
    CHECK(rules.handle() != nullptr);
    const callbot::Request request = batch.sign(signer);
    CHECK_EQUAL(callbot_request_body(request.handle()).len, request.body().size());
}

int main() {
    literals();
    both_ways_in_give_the_same_bytes();
    strings_need_not_end_with_nul();
    requests();
    sizes();
    params_stay_with_their_order();
    params_are_lent_to_the_call();
    lines_and_urls();
    requests_from_json();
    batches_for_endpoints();
    defaults();
    rules();
    moves();
    times();
    signed_strings();
    phones();
    versions();
    handles();
    return check::finish();
}
