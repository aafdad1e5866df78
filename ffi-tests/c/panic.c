/* A panic in the library becomes CALLBOT_PANIC, and the next call works.
 *
 * Links with a library that was built with the feature plant-panic: it exports one more function.
 */
#include "check.h"

/* Makes the next call of a function that returns a status panic. */
void callbot_test_plant_panic(void);

#define TS 1726200000

static callbot_signer *signer;
static callbot_rules *rules;
static callbot_batch *batch;
static callbot_request *request;
static callbot_order order;

static void check_panic(callbot_status status, callbot_error *error) {
    CHECK(status == CALLBOT_PANIC);
    CHECK(callbot_error_status(error) == CALLBOT_PANIC);
    CHECK_STR(callbot_error_code(error), "panic");
    CHECK(callbot_error_message(error).len > 0);
    /* The panic's own message can contain anything, and is not shown. */
    CHECK(!contains(callbot_error_message(error), "planted"));
    CHECK(callbot_error_violation_count(error) == 0);
    callbot_error_free(error);
}

/* Checks that the call fails with a planted panic, with and without an output for the error, and
 * then succeeds. The call's last argument is named `error`. */
#define SURVIVES(call)                                          \
    do {                                                        \
        callbot_error *own = POISON(callbot_error);             \
        callbot_error **error = &own;                           \
        callbot_status status;                                  \
        callbot_test_plant_panic();                             \
        status = (call);                                        \
        check_panic(status, own);                               \
        error = NULL;                                           \
        callbot_test_plant_panic();                             \
        CHECK((call) == CALLBOT_PANIC);                         \
        own = POISON(callbot_error);                            \
        error = &own;                                           \
        CHECK_OK(call);                                         \
        CHECK(own == NULL);                                     \
    } while (0)

/* The same for a call that makes the object `made`. */
#define SURVIVES_MAKING(type, call)                             \
    do {                                                        \
        callbot_error *own = POISON(callbot_error);             \
        callbot_error **error = &own;                           \
        type *made = POISON(type);                              \
        callbot_status status;                                  \
        callbot_test_plant_panic();                             \
        status = (call);                                        \
        check_panic(status, own);                               \
        CHECK(made == NULL);                                    \
        error = NULL;                                           \
        made = POISON(type);                                    \
        callbot_test_plant_panic();                             \
        CHECK((call) == CALLBOT_PANIC);                         \
        CHECK(made == NULL);                                    \
        own = POISON(callbot_error);                            \
        error = &own;                                           \
        CHECK_OK(call);                                         \
        CHECK(own == NULL);                                     \
        CHECK(made != NULL && made != POISON(type));            \
        type##_free(made);                                      \
    } while (0)

/* The same for a call that writes a string into `out`, which a failed call leaves as it was. */
#define SURVIVES_WRITING(capacity, wanted_len, call)            \
    do {                                                        \
        char out[capacity];                                     \
        char before[capacity];                                  \
        callbot_error **error = NULL;                           \
        memset(out, '?', sizeof out);                           \
        memcpy(before, out, sizeof out);                        \
        callbot_test_plant_panic();                             \
        CHECK((call) == CALLBOT_PANIC);                         \
        CHECK(memcmp(out, before, sizeof out) == 0);            \
        SURVIVES(call);                                         \
        CHECK(strlen(out) == (wanted_len));                     \
    } while (0)


/* The order is added once, after the two panics. */
static void batch_add(void) {
    callbot_batch *own_batch = new_batch(NULL);
    SURVIVES(callbot_batch_add(own_batch, &order, error));
    CHECK(callbot_batch_len(own_batch) == 1);
    callbot_batch_clear(own_batch);
    SURVIVES(callbot_batch_add_all(own_batch, &order, 1, CALLBOT_POLICY_REFUSE_ALL, error));
    CHECK(callbot_batch_len(own_batch) == 1);
    callbot_batch_free(own_batch);
}

static void change_rules(void) {
    callbot_rules *own_rules = callbot_rules_new();
    SURVIVES(callbot_rules_require_param(own_rules, str("amount"), error));
    SURVIVES(callbot_rules_require_no_other_params(own_rules, error));
    SURVIVES(callbot_rules_allow_country_code(own_rules, str("86"), error));
    SURVIVES(callbot_rules_max_orders(own_rules, 10, error));
    SURVIVES(callbot_rules_allow_blank_edges(own_rules, error));
    SURVIVES(callbot_rules_unique_phones(own_rules, error));
    callbot_rules_free(own_rules);
}

static void verify(void) {
    callbot_str body = str("{\"retCode\":7,\"retMsg\":\"busy\",\"responseID\":\"x\"}");
    callbot_header headers[MAX_HEADERS];
    callbot_testing_message *message;
    callbot_verifier *verifier;
    callbot_verified *verified;
    callbot_content *content;
    callbot_result result;
    callbot_sent sent = callbot_request_sent(request);
    size_t count;

    SURVIVES_MAKING(callbot_testing_message, callbot_testing_sign_callback(signer, str("c"), TS, body, &made, error));
    SURVIVES_MAKING(callbot_testing_message, callbot_testing_sign_response(signer, request, TS, body, &made, error));
    SURVIVES_MAKING(callbot_verifier, callbot_verifier_new(signer, &made, error));
    CHECK_OK(callbot_verifier_new(signer, &verifier, NULL));
    SURVIVES(callbot_verifier_add(verifier, signer, error));
    SURVIVES(callbot_verifier_set_tolerance(verifier, 1, 1, error));

    CHECK_OK(callbot_testing_sign_response(signer, request, TS, body, &message, NULL));
    count = headers_of(message, headers);
    SURVIVES_MAKING(callbot_verified, callbot_verify_callback(verifier, headers, count, body, TS, &made, error));
    SURVIVES_MAKING(callbot_verified, callbot_verify_response(verifier, &sent, headers, count, body, TS, &made, error));
    SURVIVES_MAKING(callbot_explanation, callbot_explain(signer, headers, count, body, true, TS, &made, error));
    CHECK_OK(callbot_verify_response(verifier, &sent, headers, count, body, TS, &verified, NULL));
    SURVIVES_MAKING(callbot_content, callbot_content_new(verified, CALLBOT_CONTENT_RESPONSE, &made, error));
    SURVIVES(callbot_verified_result(verified, &result, error));
    CHECK_OK(callbot_content_new(verified, CALLBOT_CONTENT_RESPONSE, &content, NULL));
    SURVIVES_MAKING(callbot_outcome, callbot_outcome_new(content, callbot_request_body(request), &made, error));
    callbot_content_free(content);
    callbot_verified_free(verified);
    callbot_testing_message_free(message);
    callbot_verifier_free(verifier);
}

static void claims(void) {
    callbot_replays *replays;
    callbot_claim claim;
    SURVIVES_MAKING(callbot_replays, callbot_replays_new(0, &made, error));
    CHECK_OK(callbot_replays_new(0, &replays, NULL));
    SURVIVES(callbot_replays_begin(replays, str("k"), 60, TS, &claim, error));
    CHECK(claim.state == CALLBOT_CLAIM_BEGUN);
    SURVIVES(callbot_replays_release(replays, str("k"), claim.token, TS, error));
    CHECK_OK(callbot_replays_begin(replays, str("k"), 60, TS, &claim, NULL));
    SURVIVES(callbot_replays_done(replays, str("k"), claim.token, TS + 60, TS, error));
    callbot_replays_free(replays);
}

int main(void) {
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("secret-1"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    rules = callbot_rules_new();
    batch = new_batch(rules);
    order = plain_order("order-1", "8613800000001");
    CHECK_OK(callbot_batch_add(batch, &order, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, str("r-1"), TS, &request, NULL));

    SURVIVES_MAKING(callbot_signer, callbot_signer_new(str("u"), str("s"), CALLBOT_ALGORITHM_MD5, &made, error));
    SURVIVES_WRITING(CALLBOT_SIGN_CAPACITY, 32, callbot_sign(signer, str("r-1"), TS, str("{}"), out, error));
    SURVIVES_MAKING(callbot_string, callbot_signed_string(signer, str("r-1"), TS, str("{}"), &made, error));
    change_rules();
    SURVIVES_MAKING(callbot_batch, callbot_batch_new(rules, str("t"), str("https://a.example/"),
                                                     str("https://a.example/"), &made, error));
    batch_add();
    SURVIVES_MAKING(callbot_batch, callbot_batch_from_json(rules, callbot_request_body(request),
                                                           CALLBOT_POLICY_KEEP_VALID, &made, error));
    SURVIVES_MAKING(callbot_batch, callbot_batch_new_for(rules, str("importBatchCall"), callbot_request_body(request),
                                                         CALLBOT_POLICY_KEEP_VALID, &made, error));
    SURVIVES_MAKING(callbot_request, callbot_build_batch(signer, batch, str(""), 0, &made, error));
    SURVIVES_MAKING(callbot_request,
                    callbot_request_from_json(signer, str("ping"), str("{\"data\":\"\"}"), str(""), 0, &made, error));
    SURVIVES_MAKING(callbot_request, callbot_request_from_json_with(signer, rules, str("ping"), str("{\"data\":\"\"}"),
                                                                    str(""), 0, &made, error));
    SURVIVES_MAKING(callbot_request, callbot_request_new(signer, str("/"), str("{}"), str(""), 0, &made, error));
    SURVIVES_MAKING(callbot_request, callbot_request_sign_again(request, signer, str(""), 0, &made, error));
    SURVIVES_MAKING(callbot_string, callbot_request_url(request, str("https://a.example"), &made, error));
    SURVIVES_MAKING(callbot_string, callbot_url_join(str("https://a.example"), str("/a"), &made, error));
    SURVIVES_MAKING(callbot_headers, callbot_headers_parse(str("a: b"), &made, error));
    SURVIVES(callbot_phone_check(str("8613800000001"), error));
    SURVIVES_WRITING(CALLBOT_PHONE_CAPACITY, 13, callbot_phone_from_typed(str("+86 138 0000 0001"), out, error));
    verify();
    claims();

    callbot_request_free(request);
    callbot_batch_free(batch);
    callbot_rules_free(rules);
    callbot_signer_free(signer);
    return 0;
}
