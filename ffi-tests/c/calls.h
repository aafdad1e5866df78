/* Every function that can fail, as a call with at most one invalid argument. */
#ifndef CALLS_H
#define CALLS_H

#include "check.h"

#define TS 1726200000

/* Objects that the calls use and the program makes. */
static callbot_signer *signer;
static callbot_rules *rules;
static callbot_batch *batch;
static callbot_request *request;
static callbot_order order;

/* The calls. Each takes its string arguments from `strings`; `wrong` says what else is invalid. It
 * checks that on failure an output object is NULL and no other output is written, and frees the
 * object on success. */

typedef enum {
    ALL_RIGHT,
    NULL_SIGNER,
    NULL_RULES,
    NULL_BATCH,
    NULL_REQUEST,
    NULL_ORDER,
    NULL_OUTPUT,
    UNKNOWN_CONSTANT
} wrong_thing;

typedef callbot_status call(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error);

#define MAKING(type, make)                                    \
    type *made = POISON(type);                                \
    type **out = wrong == NULL_OUTPUT ? NULL : &made;         \
    callbot_status status = make;                             \
    if (wrong == NULL_OUTPUT) {                               \
        CHECK(made == POISON(type));                          \
    } else if (status == CALLBOT_OK) {                        \
        CHECK(made != NULL && made != POISON(type));          \
        type##_free(made);                                    \
    } else {                                                  \
        CHECK(made == NULL);                                  \
    }                                                         \
    return status

static callbot_status signer_new(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    int32_t algorithm = wrong == UNKNOWN_CONSTANT ? (int32_t)number : CALLBOT_ALGORITHM_SHA256;
    MAKING(callbot_signer, callbot_signer_new(strings[0], strings[1], algorithm, out, error));
}

static callbot_status sign(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    char out[CALLBOT_SIGN_CAPACITY];
    char before[CALLBOT_SIGN_CAPACITY];
    callbot_status status;
    memset(out, '?', sizeof out);
    memcpy(before, out, sizeof out);
    status = callbot_sign(wrong == NULL_SIGNER ? NULL : signer, strings[0], number, strings[1],
                          wrong == NULL_OUTPUT ? NULL : out, error);
    CHECK((memcmp(out, before, sizeof out) != 0) == (status == CALLBOT_OK));
    return status;
}

static callbot_status signed_string(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    MAKING(callbot_string, callbot_signed_string(wrong == NULL_SIGNER ? NULL : signer, strings[0], number, strings[1], out, error));
}

/* Calls that change rules get new ones. */
static callbot_rules *given_rules(wrong_thing wrong) {
    return wrong == NULL_RULES ? NULL : callbot_rules_new();
}

static callbot_status require_param(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    callbot_rules *changed = given_rules(wrong);
    callbot_status status = callbot_rules_require_param(changed, strings[0], error);
    (void)number;
    callbot_rules_free(changed);
    return status;
}

static callbot_status require_no_other_params(const callbot_str *strings, wrong_thing wrong, int64_t number,
                                              callbot_error **error) {
    callbot_rules *changed = given_rules(wrong);
    callbot_status status = callbot_rules_require_no_other_params(changed, error);
    (void)strings;
    (void)number;
    callbot_rules_free(changed);
    return status;
}

static callbot_status allow_country_code(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    callbot_rules *changed = given_rules(wrong);
    callbot_status status = callbot_rules_allow_country_code(changed, strings[0], error);
    (void)number;
    callbot_rules_free(changed);
    return status;
}

static callbot_status allow_blank_edges(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    callbot_rules *changed = given_rules(wrong);
    callbot_status status = callbot_rules_allow_blank_edges(changed, error);
    (void)strings;
    (void)number;
    callbot_rules_free(changed);
    return status;
}

static callbot_status unique_phones(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    callbot_rules *changed = given_rules(wrong);
    callbot_status status = callbot_rules_unique_phones(changed, error);
    (void)strings;
    (void)number;
    callbot_rules_free(changed);
    return status;
}

static callbot_status max_orders(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    callbot_rules *changed = given_rules(wrong);
    callbot_status status = callbot_rules_max_orders(changed, (size_t)number, error);
    (void)strings;
    callbot_rules_free(changed);
    return status;
}

static callbot_status batch_new(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    (void)number;
    MAKING(callbot_batch, callbot_batch_new(rules, strings[0], strings[1], strings[2], out, error));
}

/* An order with these strings. It has a valid param before theirs. */
static callbot_order order_of(const callbot_str *strings, callbot_param space[2]) {
    callbot_order made;
    space[0].name = str("good");
    space[0].value = str("good");
    space[1].name = strings[5];
    space[1].value = strings[6];
    made.order_id = strings[0];
    made.user_phone = strings[1];
    made.other = strings[2];
    made.user_name = strings[3];
    made.customer_name = strings[4];
    made.params = space;
    made.param_count = 2;
    return made;
}

/* The batch to add to: a new one with an order in it. */
static callbot_batch *begin_add(wrong_thing wrong) {
    callbot_batch *changed;
    if (wrong == NULL_BATCH) {
        return NULL;
    }
    changed = new_batch(NULL);
    CHECK_OK(callbot_batch_add(changed, &order, NULL));
    return changed;
}

/* Checks that a failed call has not changed the batch: neither its body nor its IDs. */
static void end_add(callbot_batch *changed, callbot_status status, size_t added) {
    callbot_request *built;
    callbot_order next = plain_order("new-1", "8613800000001");
    if (changed == NULL) {
        return;
    }
    if (status == CALLBOT_OK) {
        CHECK(callbot_batch_len(changed) == 1 + added);
    } else {
        CHECK(callbot_batch_len(changed) == 1);
        CHECK_OK(callbot_build_batch(signer, changed, str("r-1"), TS, &built, NULL));
        CHECK(same(callbot_request_body(built), callbot_request_body(request)));
        callbot_request_free(built);
        CHECK_OK(callbot_batch_add(changed, &next, NULL));
    }
    callbot_batch_free(changed);
}

static callbot_status batch_add(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    callbot_param space[2];
    callbot_order added = order_of(strings, space);
    callbot_batch *changed = begin_add(wrong);
    callbot_status status = callbot_batch_add(changed, wrong == NULL_ORDER ? NULL : &added, error);
    (void)number;
    end_add(changed, status, 1);
    return status;
}

static callbot_status add_all(const callbot_str *strings, int32_t policy, wrong_thing wrong, callbot_error **error) {
    callbot_param space[2];
    callbot_order added[2];
    callbot_batch *changed = begin_add(wrong);
    callbot_status status;
    added[0] = plain_order("new-1", "8613800000001");
    added[1] = order_of(strings, space);
    status = callbot_batch_add_all(changed, wrong == NULL_ORDER ? NULL : added, 2, policy, error);
    end_add(changed, status, 2);
    return status;
}

static callbot_status batch_add_all(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    return add_all(strings, wrong == UNKNOWN_CONSTANT ? (int32_t)number : CALLBOT_POLICY_REFUSE_ALL, wrong, error);
}

static callbot_status batch_add_all_keeping(const callbot_str *strings, wrong_thing wrong, int64_t number,
                                            callbot_error **error) {
    return add_all(strings, wrong == UNKNOWN_CONSTANT ? (int32_t)number : CALLBOT_POLICY_KEEP_VALID, wrong, error);
}

static callbot_status batch_from_json(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    int32_t policy = wrong == UNKNOWN_CONSTANT ? (int32_t)number : CALLBOT_POLICY_REFUSE_ALL;
    MAKING(callbot_batch, callbot_batch_from_json(rules, strings[0], policy, out, error));
}

static callbot_status batch_from_json_keeping(const callbot_str *strings, wrong_thing wrong, int64_t number,
                                              callbot_error **error) {
    int32_t policy = wrong == UNKNOWN_CONSTANT ? (int32_t)number : CALLBOT_POLICY_KEEP_VALID;
    MAKING(callbot_batch, callbot_batch_from_json(NULL, strings[0], policy, out, error));
}

static callbot_status batch_new_for(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    int32_t policy = wrong == UNKNOWN_CONSTANT ? (int32_t)number : CALLBOT_POLICY_REFUSE_ALL;
    MAKING(callbot_batch, callbot_batch_new_for(rules, strings[0], strings[1], policy, out, error));
}

static callbot_status build_batch(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    MAKING(callbot_request, callbot_build_batch(wrong == NULL_SIGNER ? NULL : signer, wrong == NULL_BATCH ? NULL : batch,
                                                strings[0], number, out, error));
}

static callbot_status request_from_json(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    MAKING(callbot_request, callbot_request_from_json(wrong == NULL_SIGNER ? NULL : signer, strings[0], strings[2], strings[1],
                                                      number, out, error));
}

static callbot_status request_from_json_with(const callbot_str *strings, wrong_thing wrong, int64_t number,
                                             callbot_error **error) {
    MAKING(callbot_request, callbot_request_from_json_with(wrong == NULL_SIGNER ? NULL : signer, rules, strings[0],
                                                           strings[2], strings[1], number, out, error));
}

static callbot_status request_new(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    MAKING(callbot_request, callbot_request_new(wrong == NULL_SIGNER ? NULL : signer, strings[0], strings[2], strings[1],
                                                number, out, error));
}

static callbot_status request_url(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    (void)number;
    MAKING(callbot_string, callbot_request_url(wrong == NULL_REQUEST ? NULL : request, strings[0], out, error));
}

static callbot_status url_join(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    (void)number;
    MAKING(callbot_string, callbot_url_join(strings[0], strings[1], out, error));
}

static callbot_status headers_parse(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    (void)number;
    MAKING(callbot_headers, callbot_headers_parse(strings[0], out, error));
}

static callbot_status sign_again(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    MAKING(callbot_request,
           callbot_request_sign_again(wrong == NULL_REQUEST ? NULL : request, wrong == NULL_SIGNER ? NULL : signer,
                                      strings[0], number, out, error));
}

static callbot_status phone_check(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    (void)wrong;
    (void)number;
    return callbot_phone_check(strings[0], error);
}

static callbot_status phone_from_typed(const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_error **error) {
    char out[CALLBOT_PHONE_CAPACITY];
    char before[CALLBOT_PHONE_CAPACITY];
    callbot_status status;
    (void)number;
    memset(out, '?', sizeof out);
    memcpy(before, out, sizeof out);
    status = callbot_phone_from_typed(strings[0], wrong == NULL_OUTPUT ? NULL : out, error);
    CHECK((memcmp(out, before, sizeof out) != 0) == (status == CALLBOT_OK));
    return status;
}

#define STOP "{\"userTaskID\":\"t\",\"orderIDs\":[\"1\"]}"
#define JSON                                                                                      \
    "{\"productID\":\"callbot\",\"userTaskID\":\"t\",\"callInfoList\":{"                          \
    "\"orderCallbackUrl\":\"https://a.example/\",\"callCallbackUrl\":\"https://a.example/\","     \
    "\"callList\":[{\"orderID\":\"1\",\"userPhone\":\"8613800000001\",\"other\":\"\","            \
    "\"userName\":\"\",\"customerName\":\"\",\"params\":[]}]}}"

#define ORDER_NAMES {"order_id", "user_phone", "other", "user_name", "customer_name", "params[].name", "params[].value"}
#define ORDER_TEXTS {"order-2", "8613800000000", "Wang", "Fang", "Zhang", "name", "Wang"}

/* Every function that can fail. `names` are its string parameters, with valid arguments in
 * `strings`. `wrongs` lists what else can be invalid, and the name that the error then shows. */
static const struct {
    const char *function;
    call *call;
    size_t string_count;
    const char *names[7];
    const char *strings[7];
    /* How many of the last strings may be any bytes. */
    size_t byte_count;
    int64_t number;
    struct {
        wrong_thing wrong;
        const char *name;
    } wrongs[4];
} calls[] = {
    {"callbot_signer_new", signer_new, 2, {"uuid", "secret_key"}, {"uuid-1", "topsecret"}, 0, 0,
     {{NULL_OUTPUT, "signer"}, {UNKNOWN_CONSTANT, "algorithm"}}},
    {"callbot_sign", sign, 2, {"request_id", "body"}, {"r-1", "{}"}, 1, TS,
     {{NULL_SIGNER, "signer"}, {NULL_OUTPUT, "sign"}}},
    {"callbot_signed_string", signed_string, 2, {"request_id", "body"}, {"r-1", "{}"}, 1, TS,
     {{NULL_SIGNER, "signer"}, {NULL_OUTPUT, "string"}}},
    {"callbot_rules_require_param", require_param, 1, {"name"}, {"amount"}, 0, 0, {{NULL_RULES, "rules"}}},
    {"callbot_rules_require_no_other_params", require_no_other_params, 0, {NULL}, {NULL}, 0, 0, {{NULL_RULES, "rules"}}},
    {"callbot_rules_allow_country_code", allow_country_code, 1, {"digits"}, {"86"}, 0, 0, {{NULL_RULES, "rules"}}},
    {"callbot_rules_allow_blank_edges", allow_blank_edges, 0, {NULL}, {NULL}, 0, 0, {{NULL_RULES, "rules"}}},
    {"callbot_rules_unique_phones", unique_phones, 0, {NULL}, {NULL}, 0, 0, {{NULL_RULES, "rules"}}},
    {"callbot_rules_max_orders", max_orders, 0, {NULL}, {NULL}, 0, 10, {{NULL_RULES, "rules"}}},
    {"callbot_batch_new", batch_new, 3, {"user_task_id", "order_callback_url", "call_callback_url"},
     {"task-1", "https://a.example/", "https://a.example/"}, 0, 0, {{NULL_OUTPUT, "batch"}}},
    {"callbot_batch_add", batch_add, 7, ORDER_NAMES, ORDER_TEXTS, 0, 0, {{NULL_BATCH, "batch"}, {NULL_ORDER, "order"}}},
    {"callbot_batch_add_all", batch_add_all, 7, ORDER_NAMES, ORDER_TEXTS, 0, 0,
     {{NULL_BATCH, "batch"}, {NULL_ORDER, "orders"}, {UNKNOWN_CONSTANT, "policy"}}},
    {"callbot_batch_add_all", batch_add_all_keeping, 7, ORDER_NAMES, ORDER_TEXTS, 0, 0,
     {{NULL_BATCH, "batch"}, {NULL_ORDER, "orders"}, {UNKNOWN_CONSTANT, "policy"}}},
    {"callbot_batch_from_json", batch_from_json, 1, {"json"}, {JSON}, 1, 0,
     {{NULL_OUTPUT, "batch"}, {UNKNOWN_CONSTANT, "policy"}}},
    {"callbot_batch_from_json", batch_from_json_keeping, 1, {"json"}, {JSON}, 1, 0,
     {{NULL_OUTPUT, "batch"}, {UNKNOWN_CONSTANT, "policy"}}},
    {"callbot_batch_new_for", batch_new_for, 2, {"endpoint", "json"}, {"importBatchCall", JSON}, 1, 0,
     {{NULL_OUTPUT, "batch"}, {UNKNOWN_CONSTANT, "policy"}}},
    {"callbot_build_batch", build_batch, 1, {"request_id"}, {"r-1"}, 0, TS,
     {{NULL_SIGNER, "signer"}, {NULL_BATCH, "batch"}, {NULL_OUTPUT, "request"}}},
    {"callbot_request_from_json", request_from_json, 3, {"endpoint", "request_id", "json"}, {"stopOrder", "r-1", STOP}, 1, TS,
     {{NULL_SIGNER, "signer"}, {NULL_OUTPUT, "request"}}},
    {"callbot_request_from_json_with", request_from_json_with, 3, {"endpoint", "request_id", "json"},
     {"stopOrder", "r-1", STOP}, 1, TS, {{NULL_SIGNER, "signer"}, {NULL_OUTPUT, "request"}}},
    {"callbot_request_new", request_new, 3, {"path", "request_id", "body"}, {"/a", "r-1", "{}"}, 1, TS,
     {{NULL_SIGNER, "signer"}, {NULL_OUTPUT, "request"}}},
    {"callbot_request_sign_again", sign_again, 1, {"request_id"}, {"r-1"}, 0, TS,
     {{NULL_SIGNER, "signer"}, {NULL_REQUEST, "request"}, {NULL_OUTPUT, "again"}}},
    {"callbot_request_url", request_url, 1, {"base_url"}, {"https://a.example"}, 0, 0,
     {{NULL_REQUEST, "request"}, {NULL_OUTPUT, "url"}}},
    {"callbot_url_join", url_join, 2, {"base_url", "path"}, {"https://a.example", "/a"}, 0, 0, {{NULL_OUTPUT, "url"}}},
    {"callbot_headers_parse", headers_parse, 1, {"block"}, {"a: b"}, 1, 0, {{NULL_OUTPUT, "headers"}}},
    {"callbot_phone_check", phone_check, 1, {"phone"}, {"8613800000001"}, 0, 0, {{ALL_RIGHT, NULL}}},
    {"callbot_phone_from_typed", phone_from_typed, 1, {"typed"}, {"+86 138-0000-0001"}, 0, 0, {{NULL_OUTPUT, "digits"}}},
};

#endif
