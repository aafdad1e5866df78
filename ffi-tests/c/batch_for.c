/* Batches for each endpoint that takes orders. */
#include "check.h"

#define URLS "\"orderCallbackUrl\":\"https://a.example/o\",\"callCallbackUrl\":\"https://a.example/c\""
#define ORDER(id, phone)                                                                      \
    "{\"orderID\":\"" id "\",\"userPhone\":\"" phone "\",\"other\":\"\",\"userName\":\"\","   \
    "\"customerName\":\"\",\"params\":[]}"

static callbot_batch *batch_for(const char *endpoint, const char *json, int32_t policy, callbot_error **error) {
    callbot_batch *batch = POISON(callbot_batch);
    CHECK_OK(callbot_batch_new_for(NULL, str(endpoint), str(json), policy, &batch, error));
    return batch;
}

static void check_request(const callbot_batch *batch, const char *endpoint, const char *body) {
    callbot_signer *signer;
    callbot_request *request;
    CHECK_OK(callbot_signer_new(str("u"), str("s"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, str("r"), 1726200000, &request, NULL));
    CHECK_STR(callbot_request_endpoint(request), endpoint);
    CHECK(contains(callbot_request_path(request), endpoint));
    CHECK_STR(callbot_request_body(request), body);
    callbot_request_free(request);
    callbot_signer_free(signer);
}

/* The list of orders is missing, empty or full; more are added. */
static void test_orders_are_added_to_what_was_read(void) {
    static const struct {
        const char *list;
        const char *orders;
    } lists[] = {
        {"", ORDER("2", "8613800000002")},
        {",\"callList\":[]", ORDER("2", "8613800000002")},
        {",\"callList\":[" ORDER("1", "8613800000001") "]",
         ORDER("1", "8613800000001") "," ORDER("2", "8613800000002")},
    };
    static const struct {
        const char *endpoint;
        const char *head;
        const char *tail;
    } endpoints[] = {
        {"addBatchCall", "{\"productID\":\"callbot\",\"userTaskID\":\"t\",", "}"},
        {"importBatchCall", "{\"productID\":\"callbot\",\"userTaskID\":\"t\",", "}"},
        {"createAndCall", "{\"productID\":\"callbot\",\"userTaskID\":\"t\",\"sceneID\":1,", ",\"new\":{\"a\":[]}}"},
    };
    size_t e;
    size_t l;
    for (e = 0; e < sizeof endpoints / sizeof endpoints[0]; e++) {
        for (l = 0; l < sizeof lists / sizeof lists[0]; l++) {
            char json[1024];
            char body[1024];
            callbot_order order = plain_order("2", "8613800000002");
            callbot_batch *batch;
            snprintf(json, sizeof json, "%s\"callInfoList\":{" URLS "%s}%s", endpoints[e].head, lists[l].list,
                     endpoints[e].tail);
            snprintf(body, sizeof body, "%s\"callInfoList\":{" URLS ",\"callList\":[%s]}%s", endpoints[e].head,
                     lists[l].orders, endpoints[e].tail);
            batch = batch_for(endpoints[e].endpoint, json, CALLBOT_POLICY_REFUSE_ALL, NULL);
            CHECK_OK(callbot_batch_add(batch, &order, NULL));
            check_request(batch, endpoints[e].endpoint, body);
            callbot_batch_clear(batch);
            CHECK(callbot_batch_len(batch) == 0);
            CHECK_OK(callbot_batch_add(batch, &order, NULL));
            snprintf(body, sizeof body, "%s\"callInfoList\":{" URLS ",\"callList\":[%s]}%s", endpoints[e].head,
                     ORDER("2", "8613800000002"), endpoints[e].tail);
            check_request(batch, endpoints[e].endpoint, body);
            callbot_batch_free(batch);
        }
    }
}

static void test_both_policies_hold(void) {
    const char *json = "{\"userTaskID\":\"t\",\"callInfoList\":{" URLS ",\"callList\":[" ORDER("1", "+8613800000001") ","
        ORDER("2", "8613800000002") "]},\"x\":1}";
    callbot_batch *batch = POISON(callbot_batch);
    callbot_error *error = POISON(callbot_error);

    CHECK(callbot_batch_new_for(NULL, str("createAndCall"), str(json), CALLBOT_POLICY_REFUSE_ALL, &batch, &error) ==
          CALLBOT_REFUSED);
    CHECK(batch == NULL);
    callbot_error_free(error);

    batch = batch_for("createAndCall", json, CALLBOT_POLICY_KEEP_VALID, &error);
    CHECK(callbot_batch_len(batch) == 1);
    CHECK(callbot_error_violation_count(error) == 1);
    CHECK_STR(callbot_error_violation_code(error, 0), "phone_plus");
    CHECK_STR(callbot_error_violation_path(error, 0), "/callInfoList/callList/0/userPhone");
    callbot_error_free(error);
    check_request(batch, "createAndCall",
                  "{\"productID\":\"callbot\",\"userTaskID\":\"t\",\"callInfoList\":{" URLS ",\"callList\":["
                  ORDER("2", "8613800000002") "]},\"x\":1}");
    callbot_batch_free(batch);
}

static void test_the_rules_hold(void) {
    const char *json = "{\"userTaskID\":\"t\",\"callInfoList\":{" URLS "}}";
    callbot_order order = plain_order("1", "447700900123");
    callbot_rules *rules = callbot_rules_new();
    callbot_error *error = NULL;
    callbot_batch *batch;
    CHECK_OK(callbot_rules_allow_country_code(rules, str("86"), NULL));
    CHECK_OK(callbot_batch_new_for(rules, str("importBatchCall"), str(json), CALLBOT_POLICY_REFUSE_ALL, &batch, NULL));
    callbot_rules_free(rules);
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_REFUSED);
    CHECK_STR(callbot_error_violation_code(error, 0), "country_code_not_allowed");
    callbot_error_free(error);
    callbot_batch_free(batch);
}

int main(void) {
    test_orders_are_added_to_what_was_read();
    test_both_policies_hold();
    test_the_rules_hold();
    return 0;
}
