/* The calls that send, for the torture. */
#ifndef SENDING_H
#define SENDING_H

#include "objects.h"

STEP(signer_new) {
    MAKING(callbot_signer, callbot_signer_new(str("uuid-1"), str(long_string), CALLBOT_ALGORITHM_MD5, out, error));
}
STEP(sign) {
    char sign[CALLBOT_SIGN_CAPACITY];
    return callbot_sign(signer, str("r-1"), TS, str("{}"), sign, error);
}
STEP(signed_string) { MAKING(callbot_string, callbot_signed_string(signer, str("r-1"), TS, str(long_string), out, error)); }
STEP(rules_new) {
    callbot_rules *made = callbot_rules_new();
    *error = NULL;
    callbot_rules_free(made);
    return made != NULL ? CALLBOT_OK : CALLBOT_NO_MEMORY;
}
STEP(require_param) {
    callbot_rules *own = callbot_rules_new();
    callbot_status status = CALLBOT_NO_MEMORY;
    *error = NULL;
    if (own != NULL) {
        status = callbot_rules_require_param(own, str(long_string), error);
    }
    callbot_rules_free(own);
    return status;
}
STEP(require_duplicate_param) { return callbot_rules_require_param(rules, str("amount"), error); }
STEP(require_no_other_params) { return callbot_rules_require_no_other_params(rules, error); }
STEP(allow_country_code) { return callbot_rules_allow_country_code(rules, str("86"), error); }
STEP(allow_blank_edges) { return callbot_rules_allow_blank_edges(rules, error); }
STEP(unique_phones) { return callbot_rules_unique_phones(rules, error); }
STEP(max_orders) { return callbot_rules_max_orders(rules, 1000, error); }
STEP(batch_new) {
    MAKING(callbot_batch, callbot_batch_new(rules, str("t"), str("https://a.example/"), str("https://a.example/"), out, error));
}
STEP(batch_new_refused) { MAKING(callbot_batch, callbot_batch_new(rules, str(""), str("x"), str("y"), out, error)); }

/* Adds orders, and removes them if they were added, so that the call can be made again. */
static callbot_status adding(callbot_batch *to, int count, int32_t policy, const char *phone, callbot_error **error) {
    callbot_order orders[200];
    callbot_param params[200];
    char ids[200][32];
    size_t before = callbot_batch_len(to);
    callbot_status status;
    int i;
    for (i = 0; i < count; i++) {
        snprintf(ids[i], sizeof ids[i], "new-%d", i);
        orders[i] = plain_order(ids[i], i % 50 == 1 ? phone : "8613800000001");
        orders[i].other = str(long_string);
        params[i].name = str("amount");
        params[i].value = str("\"1\"");
        orders[i].params = &params[i];
        orders[i].param_count = 1;
    }
    status = count == 1 ? callbot_batch_add(to, orders, error) : callbot_batch_add_all(to, orders, (size_t)count, policy, error);
    if (status == CALLBOT_OK) {
        CHECK(callbot_batch_len(to) > before);
        callbot_batch_clear(to);
        CHECK(callbot_batch_len(to) == 0);
    } else {
        CHECK(callbot_batch_len(to) == before);
    }
    return status;
}

STEP(add) { return adding(batch, 1, 0, "8613800000001", error); }
STEP(add_refused) {
    callbot_order order = plain_order("", "+1");
    return callbot_batch_add(shared, &order, error);
}
STEP(add_all) { return adding(batch, 100, CALLBOT_POLICY_REFUSE_ALL, "8613800000001", error); }
STEP(add_all_refused) { return adding(batch, 100, CALLBOT_POLICY_REFUSE_ALL, "+86", error); }
STEP(add_all_keeping) { return adding(batch, 100, CALLBOT_POLICY_KEEP_VALID, "+86", error); }
STEP(add_to_shared) { return adding(shared, 100, CALLBOT_POLICY_REFUSE_ALL, "8613800000001", error); }
STEP(add_after_clear) {
    callbot_batch_clear(shared);
    return adding(shared, 10, CALLBOT_POLICY_KEEP_VALID, "8613800000001", error);
}
STEP(reserve) {
    *error = NULL;
    callbot_batch_reserve(batch, 1000, 100);
    return CALLBOT_OK;
}
STEP(from_json) { MAKING(callbot_batch, callbot_batch_from_json(NULL, str(json), CALLBOT_POLICY_REFUSE_ALL, out, error)); }
STEP(from_json_keeping) { MAKING(callbot_batch, callbot_batch_from_json(NULL, str(json), CALLBOT_POLICY_KEEP_VALID, out, error)); }
STEP(from_canonical_json) {
    MAKING(callbot_batch, callbot_batch_from_json(rules, callbot_request_body(request), CALLBOT_POLICY_KEEP_VALID, out, error));
}
STEP(new_for) {
    MAKING(callbot_batch, callbot_batch_new_for(NULL, str("createAndCall"),
                                                str("{\"userTaskID\":\"t\",\"account\":{\"a\":[1,{\"b\":\"\\n\"}]},\"callInfoList\":{"
                                                    "\"orderCallbackUrl\":\"https://a.example/\","
                                                    "\"callCallbackUrl\":\"https://a.example/\"}}"),
                                                CALLBOT_POLICY_REFUSE_ALL, out, error));
}
STEP(build) { MAKING(callbot_request, callbot_build_batch(signer, shared, str(""), 0, out, error)); }
STEP(request_from_json) {
    MAKING(callbot_request, callbot_request_from_json(signer, str("stopOrder"), str("{\"userTaskID\":\"t\",\"orderIDs\":[\"\\u0031\",\"2\"]}"),
                                                      str(""), 0, out, error));
}
STEP(request_from_json_with) {
    MAKING(callbot_request, callbot_request_from_json_with(signer, rules, str("stopOrder"), str("{\"orderIDs\":[1],\"x\":2}"), str(""), 0,
                                                           out, error));
}
STEP(request_new) { MAKING(callbot_request, callbot_request_new(signer, str("/a"), str(long_string), str(""), 0, out, error)); }
STEP(sign_again) { MAKING(callbot_request, callbot_request_sign_again(request, signer, str(""), 0, out, error)); }
STEP(request_url) { MAKING(callbot_string, callbot_request_url(request, str("https://a.example"), out, error)); }
STEP(url_join) { MAKING(callbot_string, callbot_url_join(str("https://a.example"), str("/a"), out, error)); }
STEP(header_line) {
    callbot_str line = callbot_request_header_line(request, 0);
    *error = NULL;
    return line.len > 0 ? CALLBOT_OK : CALLBOT_NO_MEMORY;
}
STEP(phone_check) { return callbot_phone_check(str("+86"), error); }
STEP(phone_from_typed) {
    char digits[CALLBOT_PHONE_CAPACITY];
    return callbot_phone_from_typed(str("+86 138-0000-0001"), digits, error);
}

/* ---- Big inputs ---- */

STEP(signer_new_big) { MAKING(callbot_signer, callbot_signer_new(str("uuid-1"), str(big), CALLBOT_ALGORITHM_SHA256, out, error)); }
STEP(uuid_big) { MAKING(callbot_signer, callbot_signer_new(str(big), str("k"), CALLBOT_ALGORITHM_MD5, out, error)); }
STEP(request_id_big) {
    char sign[CALLBOT_SIGN_CAPACITY];
    return callbot_sign(signer, str(big), TS, str("{}"), sign, error);
}
STEP(request_id_of_request_big) { MAKING(callbot_request, callbot_build_batch(signer, shared, str(big), TS, out, error)); }
STEP(signed_string_big) { MAKING(callbot_string, callbot_signed_string(signer, str("r-1"), TS, str(big), out, error)); }
STEP(string_get) {
    callbot_string *string;
    callbot_status status = callbot_signed_string(signer, str("r-1"), TS, str("{}"), &string, error);
    CHECK((callbot_string_get(string).len > 0) == (status == CALLBOT_OK));
    callbot_string_free(string);
    return status;
}
STEP(rules_big) {
    callbot_rules *own = callbot_rules_new();
    callbot_batch *made = NULL;
    callbot_status status = CALLBOT_NO_MEMORY;
    int i;
    *error = NULL;
    if (own != NULL) {
        status = callbot_rules_require_param(own, str(big), error);
    }
    for (i = 1; status == CALLBOT_OK && i < 40; i++) {
        char digits[12];
        snprintf(digits, sizeof digits, "%d", i);
        status = callbot_rules_allow_country_code(own, str(digits), error);
    }
    if (status == CALLBOT_OK) {
        status = callbot_batch_new(own, str("t"), str("https://a.example/"), str("https://a.example/"), &made, error);
    }
    callbot_batch_free(made);
    callbot_rules_free(own);
    return status;
}
STEP(batch_new_big) { MAKING(callbot_batch, callbot_batch_new(NULL, str(big), str(big_url), str(big_url), out, error)); }
STEP(batch_refused_big) { MAKING(callbot_batch, callbot_batch_new(NULL, str(big), str(big), str(big), out, error)); }
STEP(add_big) {
    callbot_order order = plain_order("big", "8613800000001");
    callbot_param params[300];
    char names[300][8];
    callbot_status status;
    size_t i;
    for (i = 0; i < 300; i++) {
        snprintf(names[i], sizeof names[i], "n%d", (int)i);
        params[i].name = str(names[i]);
        params[i].value = str(i == 0 ? big : "v");
    }
    order.other = str(big);
    order.params = params;
    order.param_count = 300;
    status = callbot_batch_add(batch, &order, error);
    CHECK(callbot_batch_len(batch) == (status == CALLBOT_OK));
    callbot_batch_clear(batch);
    return status;
}
STEP(add_refused_big) {
    callbot_order order = plain_order(big, big);
    callbot_param params[300];
    size_t i;
    for (i = 0; i < 300; i++) {
        params[i].name = str(i % 2 ? big : "amount ");
        params[i].value = str("");
    }
    order.user_name = bytes("\xff", 1);
    order.params = params;
    order.param_count = 300;
    return callbot_batch_add(shared, &order, error);
}
STEP(from_json_big) {
    static char with[5 * BIG];
    snprintf(with, sizeof with,
             "{\"userTaskID\":\"t\\n%s\",\"callInfoList\":{\"orderCallbackUrl\":\"https://a.example/\",\"callCallbackUrl\":"
             "\"https://a.example/\",\"callList\":[{\"orderID\":\"1\",\"userPhone\":\"8613800000001\",\"other\":\"\\n%s\","
             "\"userName\":\"\",\"customerName\":\"\",\"params\":[{\"name\":\"\\n%s\",\"value\":\"\\u0041%s\"}]}]}}",
             big, big, big, big);
    MAKING(callbot_batch, callbot_batch_from_json(NULL, str(with), CALLBOT_POLICY_REFUSE_ALL, out, error));
}
STEP(from_json_keys_big) {
    static char with[3 * BIG];
    snprintf(with, sizeof with, "{\"userTaskID\":1,\"%s\":1,\"\\n%s\":2}", big, big);
    MAKING(callbot_batch, callbot_batch_from_json(NULL, str(with), CALLBOT_POLICY_REFUSE_ALL, out, error));
}
STEP(new_for_big) {
    static char with[4 * BIG];
    snprintf(with, sizeof with,
             "{\"userTaskID\":\"t\",\"account\":{\"a\":[1,{\"%s\":\"\\n%s\"}]},\"callInfoList\":{\"orderCallbackUrl\":"
             "\"https://a.example/\",\"callCallbackUrl\":\"https://a.example/\"}}",
             big, big);
    MAKING(callbot_batch, callbot_batch_new_for(NULL, str("createAndCall"), str(with), CALLBOT_POLICY_REFUSE_ALL, out, error));
}
STEP(request_from_json_big) {
    static char with[3 * BIG];
    snprintf(with, sizeof with, "{\"userTaskID\":\"%s\",\"orderIDs\":[\"\\n%s\"]}", big, big);
    MAKING(callbot_request, callbot_request_from_json(signer, str("stopOrder"), str(with), str(""), 0, out, error));
}
STEP(request_new_big) { MAKING(callbot_request, callbot_request_new(signer, str(big_path), str(big), str(""), 0, out, error)); }
STEP(sign_again_big) { MAKING(callbot_request, callbot_request_sign_again(big_request, signer, str(""), 0, out, error)); }
STEP(request_url_big) { MAKING(callbot_string, callbot_request_url(request, str(big_url), out, error)); }
STEP(url_join_big) { MAKING(callbot_string, callbot_url_join(str(big_url), str(big_path), out, error)); }
STEP(url_refused_big) { MAKING(callbot_string, callbot_url_join(str(big), str(big_path), out, error)); }
STEP(phone_check_big) { return callbot_phone_check(str(big), error); }
STEP(phone_from_typed_big) {
    char digits[CALLBOT_PHONE_CAPACITY];
    return callbot_phone_from_typed(str(big), digits, error);
}

/* Reads what takes no memory. */
STEP(request_read) {
    callbot_str name = callbot_request_header_name(request, 0), value = callbot_request_header_value(request, 0);
    *error = NULL;
    CHECK(name.len > 0 && value.len > 0 && callbot_request_header_count(request) > 3);
    CHECK(callbot_request_method(request).len > 0 && callbot_request_path(request).len > 0);
    CHECK(callbot_request_endpoint(request).len > 0 && callbot_request_body(request).len > 0);
    CHECK(callbot_request_sent(request).request_id.len > 0);
    CHECK(callbot_abi_version() == CALLBOT_ABI_VERSION && callbot_version().len > 0);
    return CALLBOT_OK;
}

#define SENDING(OF) \
    OF(signer_new) OF(sign) OF(signed_string) OF(rules_new) OF(require_param) OF(require_duplicate_param) \
    OF(require_no_other_params) OF(allow_country_code) OF(allow_blank_edges) OF(unique_phones) \
    OF(max_orders) OF(batch_new) OF(batch_new_refused) OF(add) OF(add_refused) OF(add_all) \
    OF(add_all_refused) OF(add_all_keeping) OF(add_to_shared) OF(add_after_clear) OF(reserve) OF(from_json) \
    OF(from_json_keeping) OF(from_canonical_json) OF(new_for) OF(build) OF(request_from_json) \
    OF(request_from_json_with) OF(request_new) OF(sign_again) OF(request_url) OF(url_join) OF(header_line) \
    OF(phone_check) OF(phone_from_typed) OF(signer_new_big) OF(uuid_big) OF(request_id_big) \
    OF(request_id_of_request_big) OF(signed_string_big) OF(string_get) OF(rules_big) OF(batch_new_big) \
    OF(batch_refused_big) OF(add_big) OF(add_refused_big) OF(from_json_big) OF(from_json_keys_big) \
    OF(new_for_big) OF(request_from_json_big) OF(request_new_big) OF(sign_again_big) OF(request_url_big) \
    OF(url_join_big) OF(url_refused_big) OF(phone_check_big) OF(phone_from_typed_big) OF(request_read)

#endif
