/* Many threads read one signer, batch, request, error, set of rules, verified message and content at
 * once. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "check.h"
#include "verified.h"

#define THREADS 8
#define ROUNDS 50
#define TS 1726200000
#define VIOLATIONS 64

static const callbot_signer *signer;
static const callbot_rules *rules;
static const callbot_batch *batch;
static const callbot_request *request;
static const callbot_error *error;
static const callbot_verified *verified;
static const callbot_content *content;

/* What a single thread gets. */
static char wanted_sign[CALLBOT_SIGN_CAPACITY];

static pthread_barrier_t start;

/* What each thread read of the error: the same strings at the same addresses. */
static callbot_str seen_messages[THREADS][VIOLATIONS];
static callbot_str seen_paths[THREADS][VIOLATIONS];
static callbot_str seen_deviations[THREADS];
static callbot_str seen_lines[THREADS];
static callbot_result seen_results[THREADS];
static char random_ids[THREADS][ROUNDS][33];

static void check_same_request(const callbot_request *made) {
    size_t i;
    CHECK(callbot_request_body(made).data == callbot_request_body(request).data);
    CHECK(same(callbot_request_body(made), callbot_request_body(request)));
    CHECK(callbot_request_header_count(made) == callbot_request_header_count(request));
    for (i = 0; i < callbot_request_header_count(made); i++) {
        CHECK(same(callbot_request_header_name(made, i), callbot_request_header_name(request, i)));
        CHECK(same(callbot_request_header_value(made, i), callbot_request_header_value(request, i)));
    }
}

static void *work(void *argument) {
    size_t thread = *(const size_t *)argument;
    size_t i;
    int round;

    pthread_barrier_wait(&start);
    for (i = 0; i < VIOLATIONS; i++) {
        seen_messages[thread][i] = callbot_error_violation_message(error, i);
        seen_paths[thread][i] = callbot_error_violation_path(error, i);
    }
    seen_deviations[thread] = callbot_content_deviation(content, 0);
    seen_lines[thread] = callbot_request_header_line(request, 0);
    CHECK_OK(callbot_verified_result(verified, &seen_results[thread], NULL));
    for (round = 0; round < ROUNDS; round++) {
        char sign[CALLBOT_SIGN_CAPACITY];
        callbot_request *made;
        callbot_batch *from_json;
        callbot_string *shown;
        callbot_error *own;
        callbot_str id;

        CHECK_OK(callbot_sign(signer, str("r-1"), TS, callbot_request_body(request), sign, NULL));
        CHECK(strcmp(sign, wanted_sign) == 0);
        CHECK_OK(callbot_signed_string(signer, str("r-1"), TS, callbot_request_body(request), &shown, NULL));
        CHECK(callbot_string_get(shown).len > callbot_request_body(request).len);
        callbot_string_free(shown);

        CHECK_OK(callbot_build_batch(signer, batch, str("r-1"), TS, &made, NULL));
        check_same_request(made);
        callbot_request_free(made);
        CHECK_OK(callbot_request_sign_again(request, signer, str("r-1"), TS, &made, NULL));
        check_same_request(made);
        callbot_request_free(made);

        CHECK_OK(callbot_build_batch(signer, batch, str(""), 0, &made, NULL));
        id = header(made, "requestID");
        CHECK(id.len == 32);
        memcpy(random_ids[thread][round], id.data, id.len);
        callbot_request_free(made);

        CHECK_OK(callbot_batch_from_json(rules, callbot_request_body(request), CALLBOT_POLICY_REFUSE_ALL, &from_json, NULL));
        CHECK(callbot_batch_len(from_json) == callbot_batch_len(batch));
        callbot_batch_free(from_json);

        for (i = 0; i < 3; i++) {
            static const char *const pointers[] = {"/errList/0/phone", "/errList/1/phone", "/errList/2/phone"};
            static const char *const phones[] = {"861", "862", "863"};
            callbot_content *again;
            callbot_str phone;
            CHECK_OK(callbot_content_string(content, str(pointers[i]), &phone));
            CHECK_STR(phone, phones[i]);
            CHECK_OK(callbot_content_new(verified, CALLBOT_CONTENT_RESPONSE, &again, NULL));
            CHECK(callbot_content_deviation_count(again) == callbot_content_deviation_count(content));
            callbot_content_free(again);
        }

        /* Each call has its own error. */
        CHECK(callbot_sign(signer, str(thread % 2 ? "" : "r-1"), thread % 2 ? TS : -1, str(""), sign, &own) ==
              (thread % 2 ? CALLBOT_REQUEST_ID : CALLBOT_CREATE_TS));
        CHECK_STR(callbot_error_code(own), thread % 2 ? "request_id_empty" : "create_ts_negative");
        callbot_error_free(own);
    }
    return NULL;
}

static int compare(const void *a, const void *b) {
    return memcmp(a, b, 33);
}

int main(void) {
    callbot_signer *made_signer;
    callbot_rules *made_rules = callbot_rules_new();
    callbot_batch *made_batch;
    callbot_request *made_request;
    callbot_error *made_error;
    callbot_verified *made_verified;
    callbot_content *made_content;
    pthread_t threads[THREADS];
    size_t numbers[THREADS];
    callbot_order orders[VIOLATIONS];
    char ids[VIOLATIONS][16];
    size_t i;
    size_t t;

    CHECK_OK(callbot_signer_new(str("uuid-1"), str("secret-1"), CALLBOT_ALGORITHM_SHA256, &made_signer, NULL));
    CHECK_OK(callbot_rules_allow_country_code(made_rules, str("86"), NULL));
    made_batch = new_batch(made_rules);
    for (i = 0; i < VIOLATIONS; i++) {
        snprintf(ids[i], sizeof ids[i], "order-%u", (unsigned)i);
        orders[i] = plain_order(ids[i], "8613800000001");
    }
    CHECK_OK(callbot_batch_add_all(made_batch, orders, VIOLATIONS, CALLBOT_POLICY_REFUSE_ALL, NULL));
    /* The second time each order is a duplicate: one violation each. */
    CHECK(callbot_batch_add_all(made_batch, orders, VIOLATIONS, CALLBOT_POLICY_REFUSE_ALL, &made_error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(made_error) == VIOLATIONS);
    CHECK_OK(callbot_build_batch(made_signer, made_batch, str("r-1"), TS, &made_request, NULL));
    CHECK_OK(callbot_sign(made_signer, str("r-1"), TS, callbot_request_body(made_request), wanted_sign, NULL));

    made_verified = verified_response(made_signer, "addBatchCall",
                                      str("{\"retCode\":0,\"retMsg\":\"m\",\"errList\":[{\"phone\":\"861\"},"
                                          "{\"phone\":\"862\"},{\"phone\":\"863\"}]}"));
    CHECK_OK(callbot_content_new(made_verified, CALLBOT_CONTENT_RESPONSE, &made_content, NULL));

    verified = made_verified;
    content = made_content;
    signer = made_signer;
    rules = made_rules;
    batch = made_batch;
    request = made_request;
    error = made_error;
    CHECK(pthread_barrier_init(&start, NULL, THREADS) == 0);
    for (t = 0; t < THREADS; t++) {
        numbers[t] = t;
        CHECK(pthread_create(&threads[t], NULL, work, &numbers[t]) == 0);
    }
    for (t = 0; t < THREADS; t++) {
        CHECK(pthread_join(threads[t], NULL) == 0);
    }
    pthread_barrier_destroy(&start);

    for (i = 0; i < VIOLATIONS; i++) {
        char path[64];
        snprintf(path, sizeof path, "/callInfoList/callList/%u/orderID", (unsigned)(VIOLATIONS + i));
        CHECK_STR(seen_paths[0][i], path);
        CHECK(seen_messages[0][i].len > 0);
        for (t = 1; t < THREADS; t++) {
            CHECK(seen_messages[t][i].data == seen_messages[0][i].data);
            CHECK(seen_paths[t][i].data == seen_paths[0][i].data);
            CHECK(same(seen_messages[t][i], seen_messages[0][i]));
        }
    }
    for (t = 0; t < THREADS; t++) {
        CHECK(seen_deviations[t].len > 0 && seen_deviations[t].data == seen_deviations[0].data);
        CHECK(seen_lines[t].len > 0 && seen_lines[t].data == seen_lines[0].data);
        CHECK_STR(seen_results[t].message, "m");
        CHECK(seen_results[t].message.data == seen_results[0].message.data);
    }
    /* All random IDs differ. */
    qsort(random_ids, THREADS * ROUNDS, 33, compare);
    for (i = 1; i < THREADS * ROUNDS; i++) {
        CHECK(compare((*random_ids)[i - 1], (*random_ids)[i]) != 0);
    }

    callbot_content_free(made_content);
    callbot_verified_free(made_verified);
    callbot_error_free(made_error);
    callbot_request_free(made_request);
    callbot_batch_free(made_batch);
    callbot_rules_free(made_rules);
    callbot_signer_free(made_signer);
    return 0;
}
