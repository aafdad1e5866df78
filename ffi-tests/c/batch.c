/* Builds signed requests: every way to add orders gives the same bytes. */
#include <time.h>

#include "check.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define TS 1726200000

static callbot_signer *signer;

/* Three orders, and their body, written by hand. */
static const callbot_param first_params[] = {
    {{"name", 4}, {"\xe7\x8e\x8b\xe8\x8a\xb3", 6}},
    {{"amount", 6}, {"1,280.00 \xe2\x82\xac", 12}},
};
static const callbot_param second_params[] = {
    {{"a\"b", 3}, {"c\\d/e", 5}},
};
static const callbot_order orders[] = {
    {{"62c79309", 8}, {"8613800000001", 13}, {"crm:48201", 9}, {"\xe7\x8e\x8b\xe8\x8a\xb3", 6}, {"\xf0\x9f\x8c\x9f", 4},
     first_params, 2},
    {{"31ee78d6", 8}, {"493023125017", 12}, {"tab\tline\nend", 12}, {"bell\a", 5}, {"O'Connor & <Co>", 15},
     second_params, 1},
    {{"d4bbdfc9", 8}, {"14155550101", 11}, {NULL, 0}, {NULL, 0}, {NULL, 0}, NULL, 0},
};
static const char body[] =
    "{\"productID\":\"callbot\",\"userTaskID\":\"task-1\",\"callInfoList\":{"
    "\"orderCallbackUrl\":\"https://example.com/order\",\"callCallbackUrl\":\"https://example.com/call\",\"callList\":["
    "{\"orderID\":\"62c79309\",\"userPhone\":\"8613800000001\",\"other\":\"crm:48201\","
    "\"userName\":\"\xe7\x8e\x8b\xe8\x8a\xb3\",\"customerName\":\"\xf0\x9f\x8c\x9f\",\"params\":["
    "{\"name\":\"name\",\"value\":\"\xe7\x8e\x8b\xe8\x8a\xb3\"},"
    "{\"name\":\"amount\",\"value\":\"1,280.00 \xe2\x82\xac\"}]},"
    "{\"orderID\":\"31ee78d6\",\"userPhone\":\"493023125017\",\"other\":\"tab\\tline\\nend\","
    "\"userName\":\"bell\\u0007\",\"customerName\":\"O'Connor & <Co>\",\"params\":["
    "{\"name\":\"a\\\"b\",\"value\":\"c\\\\d/e\"}]},"
    "{\"orderID\":\"d4bbdfc9\",\"userPhone\":\"14155550101\",\"other\":\"\",\"userName\":\"\",\"customerName\":\"\","
    "\"params\":[]}"
    "]}}";

/* The body before its orders. */
static const char task[] =
    "{\"productID\":\"callbot\",\"userTaskID\":\"task-1\",\"callInfoList\":{"
    "\"orderCallbackUrl\":\"https://example.com/order\",\"callCallbackUrl\":\"https://example.com/call\",\"callList\":[";

static callbot_request *build(const callbot_batch *batch) {
    callbot_request *request = POISON(callbot_request);
    callbot_error *error = POISON(callbot_error);
    CHECK_OK(callbot_build_batch(signer, batch, str("r-1"), TS, &request, &error));
    CHECK(error == NULL);
    return request;
}

/* Checks the batch's body. */
static void check_body(const callbot_batch *batch, callbot_str wanted) {
    callbot_request *request = build(batch);
    CHECK(same(callbot_request_body(request), wanted));
    callbot_request_free(request);
}

/* Checks the request's body, and that its headers match. */
static void check_request(const callbot_request *request, callbot_str wanted, const char *request_id, const char *create_ts) {
    static const char *const names[] = {"requestID", "uuid", "createTs", "sign", "algorithm", "Content-Type"};
    char sign[CALLBOT_SIGN_CAPACITY];
    size_t i;

    CHECK_STR(callbot_request_method(request), "POST");
    CHECK_STR(callbot_request_path(request), "/callcentre/api/v3/addBatchCall");
    CHECK(same(callbot_request_body(request), wanted));
    CHECK(callbot_request_header_count(request) == COUNT(names));
    for (i = 0; i < COUNT(names); i++) {
        CHECK_STR(callbot_request_header_name(request, i), names[i]);
    }
    CHECK_STR(header(request, "requestID"), request_id);
    CHECK_STR(header(request, "uuid"), "uuid-1");
    CHECK_STR(header(request, "createTs"), create_ts);
    CHECK_STR(header(request, "algorithm"), "MD5");
    CHECK_STR(header(request, "Content-Type"), "application/json");
    CHECK_OK(callbot_sign(signer, str(request_id), strtoll(create_ts, NULL, 10), wanted, sign, NULL));
    CHECK_STR(header(request, "sign"), sign);
}

static void every_way_in_gives_the_same_bytes(void) {
    callbot_error *error = POISON(callbot_error);
    callbot_batch *one_by_one = new_batch(NULL);
    callbot_batch *at_once = new_batch(NULL);
    callbot_batch *in_two = new_batch(NULL);
    callbot_batch *from_json = POISON(callbot_batch);
    callbot_request *request;
    size_t i;

    CHECK(callbot_batch_len(one_by_one) == 0);
    for (i = 0; i < COUNT(orders); i++) {
        error = POISON(callbot_error);
        CHECK_OK(callbot_batch_add(one_by_one, &orders[i], &error));
        CHECK(error == NULL);
        CHECK(callbot_batch_len(one_by_one) == i + 1);
    }
    error = POISON(callbot_error);
    CHECK_OK(callbot_batch_add_all(at_once, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, &error));
    CHECK(error == NULL);
    CHECK(callbot_batch_len(at_once) == COUNT(orders));
    CHECK_OK(callbot_batch_add_all(in_two, orders, 1, CALLBOT_POLICY_KEEP_VALID, NULL));
    CHECK_OK(callbot_batch_add_all(in_two, NULL, 0, CALLBOT_POLICY_REFUSE_ALL, NULL));
    CHECK_OK(callbot_batch_add_all(in_two, orders + 1, COUNT(orders) - 1, CALLBOT_POLICY_REFUSE_ALL, NULL));
    error = POISON(callbot_error);
    CHECK_OK(callbot_batch_from_json(NULL, str(body), CALLBOT_POLICY_REFUSE_ALL, &from_json, &error));
    CHECK(error == NULL);
    CHECK(callbot_batch_len(from_json) == COUNT(orders));

    check_body(one_by_one, str(body));
    check_body(at_once, str(body));
    check_body(in_two, str(body));
    check_body(from_json, str(body));
    request = build(from_json);
    check_request(request, str(body), "r-1", "1726200000");

    /* After the last header. */
    CHECK(nothing(callbot_request_header_name(request, 6)));
    CHECK(nothing(callbot_request_header_value(request, 6)));
    CHECK(nothing(callbot_request_header_name(request, SIZE_MAX)));
    CHECK(nothing(callbot_request_header_value(request, SIZE_MAX)));

    callbot_request_free(request);
    callbot_batch_free(one_by_one);
    callbot_batch_free(at_once);
    callbot_batch_free(in_two);
    callbot_batch_free(from_json);
}

#define MANY 1000

static void many_orders(void) {
    static char ids[MANY][16];
    static char phones[MANY][16];
    static char names[MANY][32];
    static callbot_param params[MANY][2];
    static callbot_order many[MANY];
    callbot_batch *one_by_one = new_batch(NULL);
    callbot_batch *at_once = new_batch(NULL);
    callbot_batch *from_json;
    callbot_request *request;
    callbot_request *other;
    size_t i;

    for (i = 0; i < MANY; i++) {
        snprintf(ids[i], sizeof ids[i], "order-%04u", (unsigned)i);
        snprintf(phones[i], sizeof phones[i], "8613800%06u", (unsigned)i);
        snprintf(names[i], sizeof names[i], "name \"%u\" \xe7\x8e\x8b", (unsigned)i);
        params[i][0].name = str("name");
        params[i][0].value = str(names[i]);
        params[i][1].name = str("number");
        params[i][1].value = str(ids[i] + 6);
        many[i] = plain_order(ids[i], phones[i]);
        many[i].user_name = str(names[i]);
        many[i].params = params[i];
        many[i].param_count = i % 3;
    }
    callbot_batch_reserve(at_once, MANY, 300);
    for (i = 0; i < MANY; i++) {
        CHECK_OK(callbot_batch_add(one_by_one, &many[i], NULL));
    }
    CHECK_OK(callbot_batch_add_all(at_once, many, MANY, CALLBOT_POLICY_REFUSE_ALL, NULL));
    /* The orders' strings were copied. */
    memset(names, 'x', sizeof names);
    memset(params, 0, sizeof params);
    memset(many, 0, sizeof many);

    request = build(one_by_one);
    CHECK(contains(callbot_request_body(request), "\"userName\":\"name \\\"999\\\" \xe7\x8e\x8b\""));
    check_body(at_once, callbot_request_body(request));
    CHECK_OK(callbot_batch_from_json(NULL, callbot_request_body(request), CALLBOT_POLICY_REFUSE_ALL, &from_json, NULL));
    other = build(from_json);
    CHECK(callbot_batch_len(from_json) == MANY);
    check_request(other, callbot_request_body(request), "r-1", "1726200000");

    callbot_request_free(request);
    callbot_request_free(other);
    callbot_batch_free(one_by_one);
    callbot_batch_free(at_once);
    callbot_batch_free(from_json);
}

static void signing_again_shares_the_body(void) {
    callbot_batch *batch = new_batch(NULL);
    callbot_request *request;
    callbot_request *same_batch;
    callbot_request *again = POISON(callbot_request);
    callbot_error *error = POISON(callbot_error);

    CHECK_OK(callbot_batch_add_all(batch, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, NULL));
    request = build(batch);
    same_batch = build(batch);
    CHECK_OK(callbot_request_sign_again(request, signer, str("r-2"), TS + 1, &again, &error));
    CHECK(error == NULL);
    check_request(request, str(body), "r-1", "1726200000");
    check_request(again, str(body), "r-2", "1726200001");
    CHECK(callbot_request_body(again).data == callbot_request_body(request).data);
    CHECK(callbot_request_body(same_batch).data == callbot_request_body(request).data);

    /* Each stays valid without the others and the batch. */
    callbot_batch_free(batch);
    callbot_request_free(same_batch);
    callbot_request_free(request);
    check_request(again, str(body), "r-2", "1726200001");
    callbot_request_free(again);
}

static void a_request_survives_its_makers(void) {
    callbot_signer *own;
    callbot_batch *batch = new_batch(NULL);
    callbot_request *request;

    CHECK_OK(callbot_signer_new(str("uuid-1"), str("secret-1"), CALLBOT_ALGORITHM_MD5, &own, NULL));
    CHECK_OK(callbot_batch_add_all(batch, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, NULL));
    CHECK_OK(callbot_build_batch(own, batch, str("r-1"), TS, &request, NULL));
    callbot_signer_free(own);
    callbot_batch_free(batch);
    check_request(request, str(body), "r-1", "1726200000");
    callbot_request_free(request);
}

static void a_batch_can_be_cleared_and_changed(void) {
    callbot_batch *batch = new_batch(NULL);
    callbot_request *request;
    callbot_order extra = plain_order("extra", "8613800000009");

    CHECK_OK(callbot_batch_add_all(batch, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, NULL));
    callbot_batch_clear(batch);
    CHECK(callbot_batch_len(batch) == 0);
    /* The IDs are free again, and the task stays. */
    CHECK_OK(callbot_batch_add_all(batch, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, NULL));
    check_body(batch, str(body));

    /* A request does not change with its batch. */
    request = build(batch);
    CHECK_OK(callbot_batch_add(batch, &extra, NULL));
    check_request(request, str(body), "r-1", "1726200000");
    callbot_batch_clear(batch);
    check_request(request, str(body), "r-1", "1726200000");
    CHECK_OK(callbot_batch_add_all(batch, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, NULL));
    check_body(batch, str(body));
    callbot_request_free(request);
    callbot_batch_free(batch);
}

static void reserving_is_a_hint(void) {
    callbot_batch *batch = new_batch(NULL);
    callbot_batch_reserve(batch, 0, 0);
    callbot_batch_reserve(batch, SIZE_MAX, SIZE_MAX);
    callbot_batch_reserve(batch, SIZE_MAX, 1);
    callbot_batch_reserve(batch, 1, SIZE_MAX);
    callbot_batch_reserve(batch, 1, PTRDIFF_MAX);
    callbot_batch_reserve(batch, SIZE_MAX / 4, 1);
    callbot_batch_reserve(NULL, 1, 1);
    CHECK_OK(callbot_batch_add_all(batch, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, NULL));
    callbot_batch_reserve(batch, 10, 100);
    callbot_batch_reserve(batch, SIZE_MAX, SIZE_MAX);
    check_body(batch, str(body));
    callbot_batch_free(batch);
}

/* Checks the violation at index. */
static void check_violation(const callbot_error *error, size_t index, const char *code, const char *path, size_t order) {
    CHECK_STR(callbot_error_violation_code(error, index), code);
    CHECK_STR(callbot_error_violation_path(error, index), path);
    CHECK(callbot_error_violation_message(error, index).len > 0);
    CHECK(callbot_error_violation_order(error, index) == order);
}

static void refusing_all_or_keeping_the_valid(void) {
    callbot_batch *batch = new_batch(NULL);
    callbot_error *error = POISON(callbot_error);
    callbot_order mixed[5];

    mixed[0] = orders[0];
    mixed[1] = plain_order("bad-1", "+8613800000002");
    mixed[2] = orders[1];
    mixed[3] = plain_order("62c79309", "");
    mixed[4] = orders[2];

    CHECK(callbot_batch_add_all(batch, mixed, COUNT(mixed), CALLBOT_POLICY_REFUSE_ALL, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 3);
    check_violation(error, 0, "phone_plus", "/callInfoList/callList/1/userPhone", 1);
    check_violation(error, 1, "phone_empty", "/callInfoList/callList/3/userPhone", 3);
    check_violation(error, 2, "duplicate_order_id", "/callInfoList/callList/3/orderID", 3);
    CHECK(callbot_batch_len(batch) == 0);
    callbot_error_free(error);

    /* A success that lists the refused orders. */
    error = POISON(callbot_error);
    CHECK_OK(callbot_batch_add_all(batch, mixed, COUNT(mixed), CALLBOT_POLICY_KEEP_VALID, &error));
    CHECK(callbot_batch_len(batch) == 3);
    CHECK(callbot_error_status(error) == CALLBOT_REFUSED);
    CHECK_STR(callbot_error_code(error), "refused");
    CHECK(starts_with(callbot_error_message(error), "3 violations"));
    CHECK(callbot_error_violation_count(error) == 3);
    CHECK(callbot_error_unlisted_count(error) == 0);
    check_violation(error, 0, "phone_plus", "/callInfoList/callList/1/userPhone", 1);
    check_violation(error, 1, "phone_empty", "/callInfoList/callList/3/userPhone", 3);
    check_violation(error, 2, "duplicate_order_id", "/callInfoList/callList/3/orderID", 3);
    callbot_error_free(error);
    check_body(batch, str(body));

    /* Indices continue from the orders that the batch has. */
    error = POISON(callbot_error);
    CHECK_OK(callbot_batch_add_all(batch, &mixed[1], 1, CALLBOT_POLICY_KEEP_VALID, &error));
    CHECK(callbot_error_violation_count(error) == 1);
    check_violation(error, 0, "phone_plus", "/callInfoList/callList/3/userPhone", 3);
    callbot_error_free(error);
    error = POISON(callbot_error);
    CHECK(callbot_batch_add(batch, &mixed[1], &error) == CALLBOT_REFUSED);
    check_violation(error, 0, "phone_plus", "/callInfoList/callList/3/userPhone", 3);
    callbot_error_free(error);
    CHECK_OK(callbot_batch_add_all(batch, &mixed[1], 1, CALLBOT_POLICY_KEEP_VALID, NULL));
    check_body(batch, str(body));
    callbot_batch_free(batch);
}

static void json_refusing_all_or_keeping_the_valid(void) {
    static const char good[] =
        "{\"orderID\":\"d4bbdfc9\",\"userPhone\":\"14155550101\",\"other\":\"\",\"userName\":\"\",\"customerName\":\"\","
        "\"params\":[]}";
    static const char bad[] =
        "{\"orderID\":\"bad-1\",\"userPhone\":14155550101,\"other\":\"\",\"userName\":\"\",\"customerName\":\"\","
        "\"params\":[]}";
    char mixed[1024];
    char wanted[1024];
    callbot_batch *batch = POISON(callbot_batch);
    callbot_error *error = POISON(callbot_error);

    snprintf(mixed, sizeof mixed, "%s%s , %s]}}", task, bad, good);
    snprintf(wanted, sizeof wanted, "%s%s]}}", task, good);

    CHECK(callbot_batch_from_json(NULL, str(mixed), CALLBOT_POLICY_REFUSE_ALL, &batch, &error) == CALLBOT_REFUSED);
    CHECK(batch == NULL);
    CHECK(callbot_error_violation_count(error) == 1);
    check_violation(error, 0, "phone_json_number", "/callInfoList/callList/0/userPhone", 0);
    callbot_error_free(error);

    error = POISON(callbot_error);
    CHECK_OK(callbot_batch_from_json(NULL, str(mixed), CALLBOT_POLICY_KEEP_VALID, &batch, &error));
    CHECK(callbot_error_status(error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 1);
    check_violation(error, 0, "phone_json_number", "/callInfoList/callList/0/userPhone", 0);
    callbot_error_free(error);
    CHECK(callbot_batch_len(batch) == 1);
    check_body(batch, str(wanted));
    callbot_batch_free(batch);

    CHECK_OK(callbot_batch_from_json(NULL, str(mixed), CALLBOT_POLICY_KEEP_VALID, &batch, NULL));
    CHECK(callbot_batch_len(batch) == 1);
    callbot_batch_free(batch);

    /* Nothing is refused: no error. */
    error = POISON(callbot_error);
    CHECK_OK(callbot_batch_from_json(NULL, str(wanted), CALLBOT_POLICY_KEEP_VALID, &batch, &error));
    CHECK(error == NULL);
    callbot_batch_free(batch);

    /* A violation outside of the orders refuses the body under both policies. */
    snprintf(mixed, sizeof mixed, "%s%s]}} x", task, good);
    batch = POISON(callbot_batch);
    CHECK(callbot_batch_from_json(NULL, str(mixed), CALLBOT_POLICY_KEEP_VALID, &batch, &error) == CALLBOT_REFUSED);
    CHECK(batch == NULL);
    check_violation(error, 0, "json_trailing_bytes", "", SIZE_MAX);
    callbot_error_free(error);
}

static void rules_are_kept(void) {
    callbot_rules *rules = callbot_rules_new();
    callbot_batch *batch;
    callbot_batch *from_json;
    callbot_error *error = POISON(callbot_error);
    callbot_param params[2] = {{{"name", 4}, {"x", 1}}, {{"town", 4}, {"y", 1}}};
    callbot_order order = plain_order("order-1", "8613800000001");
    callbot_order free_order = plain_order("order-2", "493023125017");

    CHECK(rules != NULL);
    CHECK_OK(callbot_rules_require_param(rules, str("name"), &error));
    CHECK(error == NULL);
    error = POISON(callbot_error);
    CHECK_OK(callbot_rules_allow_country_code(rules, str("86"), &error));
    CHECK(error == NULL);
    error = POISON(callbot_error);
    CHECK_OK(callbot_rules_max_orders(rules, 1, &error));
    CHECK(error == NULL);
    batch = new_batch(rules);

    /* The batch has a copy of the rules, which does not change with them. */
    CHECK_OK(callbot_rules_max_orders(rules, 2, NULL));
    CHECK_OK(callbot_rules_require_param(rules, str("town"), NULL));
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 1);
    check_violation(error, 0, "missing_param", "/callInfoList/callList/0/params", 0);
    callbot_error_free(error);

    order.params = params;
    order.param_count = 2;
    CHECK(callbot_batch_from_json(rules, str(body), CALLBOT_POLICY_REFUSE_ALL, &from_json, &error) == CALLBOT_REFUSED);
    CHECK(from_json == NULL);
    callbot_error_free(error);
    callbot_rules_free(rules);
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 1);
    check_violation(error, 0, "unknown_param", "/callInfoList/callList/0/params/1/name", 0);
    callbot_error_free(error);

    order.param_count = 1;
    order.user_phone = str("493023125017");
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 1);
    check_violation(error, 0, "country_code_not_allowed", "/callInfoList/callList/0/userPhone", 0);
    callbot_error_free(error);

    order.user_phone = str("8613800000001");
    CHECK_OK(callbot_batch_add(batch, &order, NULL));
    order.order_id = str("order-3");
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 1);
    check_violation(error, 0, "too_many_orders", "/callInfoList/callList/1", 1);
    callbot_error_free(error);
    /* The rules stay when the batch is cleared. */
    callbot_batch_clear(batch);
    CHECK(callbot_batch_add(batch, &free_order, NULL) == CALLBOT_REFUSED);
    CHECK_OK(callbot_batch_add(batch, &order, NULL));
    callbot_batch_free(batch);

    rules = callbot_rules_new();
    error = POISON(callbot_error);
    CHECK_OK(callbot_rules_require_no_other_params(rules, &error));
    CHECK(error == NULL);
    batch = new_batch(rules);
    callbot_rules_free(rules);
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_REFUSED);
    check_violation(error, 0, "unknown_param", "/callInfoList/callList/0/params/0/name", 0);
    callbot_error_free(error);
    CHECK_OK(callbot_batch_add(batch, &free_order, NULL));
    callbot_batch_free(batch);

    /* Empty rules are the same as none. */
    rules = callbot_rules_new();
    batch = new_batch(rules);
    callbot_rules_free(rules);
    CHECK_OK(callbot_batch_add_all(batch, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, NULL));
    check_body(batch, str(body));
    callbot_batch_free(batch);
}

static void a_fresh_request_id_and_the_time_now(void) {
    callbot_batch *batch = new_batch(NULL);
    callbot_request *requests[3];
    callbot_str ids[3];
    size_t i;
    size_t place;
    time_t before;
    time_t after;

    CHECK_OK(callbot_batch_add(batch, &orders[2], NULL));
    before = time(NULL);
    CHECK_OK(callbot_build_batch(signer, batch, str(""), 0, &requests[0], NULL));
    CHECK_OK(callbot_build_batch(signer, batch, bytes(NULL, 0), 0, &requests[1], NULL));
    CHECK_OK(callbot_request_sign_again(requests[0], signer, CALLBOT_STR(""), 0, &requests[2], NULL));
    after = time(NULL);

    for (i = 0; i < COUNT(requests); i++) {
        char id[33] = "";
        char ts[16] = "";
        callbot_str create_ts = header(requests[i], "createTs");
        ids[i] = header(requests[i], "requestID");
        CHECK(ids[i].len == 32);
        for (place = 0; place < 32; place++) {
            char c = ids[i].data[place];
            CHECK((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        }
        CHECK(create_ts.len == 10);
        memcpy(id, ids[i].data, 32);
        memcpy(ts, create_ts.data, 10);
        /* time() can lag the clock that the library reads. */
        CHECK(strtoll(ts, NULL, 10) >= (long long)before);
        CHECK(strtoll(ts, NULL, 10) <= (long long)after + 1);
        check_request(requests[i], callbot_request_body(requests[0]), id, ts);
    }
    CHECK(!same(ids[0], ids[1]));
    CHECK(!same(ids[0], ids[2]));
    CHECK(!same(ids[1], ids[2]));
    for (i = 0; i < COUNT(requests); i++) {
        callbot_request_free(requests[i]);
    }
    callbot_batch_free(batch);
}

static void an_own_id_and_time_are_sent_as_they_are(void) {
    callbot_batch *batch = new_batch(NULL);
    callbot_request *request;
    callbot_signer *sha256;
    char sign[CALLBOT_SIGN_CAPACITY];

    CHECK_OK(callbot_batch_add_all(batch, orders, COUNT(orders), CALLBOT_POLICY_REFUSE_ALL, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, str("a-Z_0.9:"), 99999999999, &request, NULL));
    check_request(request, str(body), "a-Z_0.9:", "99999999999");
    callbot_request_free(request);

    CHECK_OK(callbot_signer_new(str("uuid-2"), str("secret-2"), CALLBOT_ALGORITHM_SHA256, &sha256, NULL));
    CHECK_OK(callbot_build_batch(sha256, batch, str("r-1"), 1, &request, NULL));
    CHECK_STR(header(request, "algorithm"), "SHA256");
    CHECK_STR(header(request, "uuid"), "uuid-2");
    CHECK_OK(callbot_sign(sha256, str("r-1"), 1, str(body), sign, NULL));
    CHECK(strlen(sign) == 64);
    CHECK_STR(header(request, "sign"), sign);
    callbot_request_free(request);
    callbot_signer_free(sha256);
    callbot_batch_free(batch);
}

int main(void) {
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("secret-1"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    every_way_in_gives_the_same_bytes();
    many_orders();
    signing_again_shares_the_body();
    a_request_survives_its_makers();
    a_batch_can_be_cleared_and_changed();
    reserving_is_a_hint();
    refusing_all_or_keeping_the_valid();
    json_refusing_all_or_keeping_the_valid();
    rules_are_kept();
    a_fresh_request_id_and_the_time_now();
    an_own_id_and_time_are_sent_as_they_are();
    callbot_signer_free(signer);
    return 0;
}
