/* What became of the orders of a request. */
#include "check.h"
#include "request.h"
#include "verified.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static callbot_signer *signer;

static callbot_content *response_of(const char *body) {
    callbot_verified *verified = verified_response(signer, "addBatchCall", str(body));
    callbot_content *content = POISON(callbot_content);
    CHECK_OK(callbot_content_new(verified, CALLBOT_CONTENT_RESPONSE, &content, NULL));
    callbot_verified_free(verified);
    return content;
}

/* The request has the orders "a" and another one with the phone 8613800000001, and "c" with
 * 8613800000003. */
static void check_outcomes(void) {
    static const struct {
        const char *body;
        int32_t kind, retry;
        struct {
            size_t order;
            const char *order_id, *phone, *message;
            bool ambiguous;
        } refused[3];
        size_t count;
    } outcomes[] = {
        {"{\"retCode\":0,\"totalCount\":3,\"successCount\":3}", CALLBOT_OUTCOME_ACCEPTED, CALLBOT_RETRY_SUCCEEDED, {{0}}, 0},
        {"{\"retCode\":0,\"totalCount\":3,\"successCount\":2,\"errList\":[{\"phone\":\"+8613800000003\",\"errMsg\":\"no\"}]}",
         CALLBOT_OUTCOME_PARTLY, CALLBOT_RETRY_SUCCEEDED, {{2, "c", "8613800000003", "no", false}}, 1},
        {"{\"retCode\":7,\"retMsg\":\"busy\"}", CALLBOT_OUTCOME_REFUSED, CALLBOT_RETRY_LATER, {{0}}, 0},
        {"{\"retCode\":0,\"totalCount\":3,\"successCount\":2,\"errList\":[{\"phone\":\"8613800000001\",\"errMsg\":\"no\"}]}",
         CALLBOT_OUTCOME_AMBIGUOUS, CALLBOT_RETRY_UNKNOWN,
         {{0, "a", "8613800000001", "no", true}, {1, "quote \" and backslash \\", "8613800000001", "no", true}}, 2},
        {"{\"retCode\":0,\"totalCount\":3,\"successCount\":2,\"errList\":[{\"phone\":\"86\"}]}", CALLBOT_OUTCOME_UNACCOUNTED,
         CALLBOT_RETRY_UNKNOWN, {{SIZE_MAX, "", "86", "", false}}, 1},
        {"{\"retCode\":0,\"totalCount\":3,\"successCount\":1}", CALLBOT_OUTCOME_UNACCOUNTED, CALLBOT_RETRY_UNKNOWN, {{0}}, 0},
        {"{\"retCode\":5001}", CALLBOT_OUTCOME_UNACCOUNTED, CALLBOT_RETRY_UNKNOWN, {{0}}, 0},
    };
    callbot_request *request = request_of(signer, str("r-1"));
    size_t i;
    size_t k;
    for (i = 0; i < COUNT(outcomes); i++) {
        callbot_content *content = response_of(outcomes[i].body);
        callbot_outcome *outcome = POISON(callbot_outcome);
        callbot_error *error = POISON(callbot_error);
        callbot_refused refused;
        callbot_refused before;
        CHECK_OK(callbot_outcome_new(content, callbot_request_body(request), &outcome, &error));
        CHECK(error == NULL);
        callbot_content_free(content);
        if (callbot_outcome_kind(outcome) != outcomes[i].kind || callbot_outcome_retry(outcome) != outcomes[i].retry) {
            fprintf(stderr, "%s: %d, %d\n", outcomes[i].body, (int)callbot_outcome_kind(outcome),
                    (int)callbot_outcome_retry(outcome));
            exit(1);
        }
        CHECK(callbot_outcome_refused_count(outcome) == outcomes[i].count);
        CHECK(callbot_outcome_unlisted_count(outcome) == 0);
        for (k = 0; k < outcomes[i].count; k++) {
            CHECK_OK(callbot_outcome_refused(outcome, k, &refused));
            CHECK(refused.order == outcomes[i].refused[k].order && refused.ambiguous == outcomes[i].refused[k].ambiguous);
            CHECK_STR(refused.order_id, outcomes[i].refused[k].order_id);
            CHECK_STR(refused.phone, outcomes[i].refused[k].phone);
            CHECK_STR(refused.message, outcomes[i].refused[k].message);
        }
        memset(&before, 7, sizeof before);
        memcpy(&refused, &before, sizeof refused);
        CHECK(callbot_outcome_refused(outcome, k, &refused) == CALLBOT_ABSENT);
        CHECK(callbot_outcome_refused(outcome, SIZE_MAX, &refused) == CALLBOT_ABSENT);
        CHECK(callbot_outcome_refused(NULL, 0, &refused) == CALLBOT_NULL_POINTER);
        CHECK(memcmp(&refused, &before, sizeof refused) == 0);
        CHECK(callbot_outcome_refused(outcome, 0, NULL) == CALLBOT_NULL_POINTER);
        callbot_outcome_free(outcome);
    }
    callbot_request_free(request);
}

static void check_arguments(void) {
    callbot_content *content = response_of("{\"retCode\":0}");
    callbot_verified *verified = verified_callback(signer, str("{\"callbackType\":1,\"orderID\":\"a\"}"));
    callbot_content *callback;
    callbot_outcome *outcome = POISON(callbot_outcome);
    callbot_error *error = POISON(callbot_error);
    CHECK_OK(callbot_content_new(verified, CALLBOT_CONTENT_ORDER_CALLBACK, &callback, NULL));
    CHECK(callbot_outcome_new(NULL, str("{}"), &outcome, &error) == CALLBOT_NULL_POINTER && outcome == NULL);
    CHECK(starts_with(callbot_error_message(error), "content "));
    callbot_error_free(error);
    CHECK(callbot_outcome_new(content, str("{}"), NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_outcome_new(content, bytes(NULL, 1), &outcome, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_outcome_new(content, bytes("x", SIZE_MAX), &outcome, NULL) == CALLBOT_LENGTH && outcome == NULL);
    CHECK(callbot_outcome_new(content, str("{}"), &outcome, &error) == CALLBOT_CONTENT && outcome == NULL);
    CHECK(callbot_error_code_number(error) == CALLBOT_CODE_OUTCOME_REQUEST);
    callbot_error_free(error);
    CHECK(callbot_outcome_new(callback, str("{\"orderIDs\":[]}"), &outcome, &error) == CALLBOT_CONTENT && outcome == NULL);
    CHECK(callbot_error_code_number(error) == CALLBOT_CODE_OUTCOME_CALLBACK);
    callbot_error_free(error);
    callbot_content_free(callback);
    callbot_content_free(content);
    callbot_verified_free(verified);

    /* Nothing that looks like a success. */
    CHECK(callbot_outcome_kind(NULL) == CALLBOT_OUTCOME_UNACCOUNTED);
    CHECK(callbot_outcome_retry(NULL) == CALLBOT_RETRY_UNKNOWN);
    CHECK(callbot_outcome_refused_count(NULL) == 0 && callbot_outcome_unlisted_count(NULL) == 0);
    callbot_outcome_free(NULL);
}

/* Many refusals of one phone that many orders have. */
static void check_many(void) {
    enum { MANY = 20000 };
    callbot_batch *batch = new_batch(NULL);
    callbot_order added = plain_order("", "8613800000001");
    callbot_request *request;
    callbot_content *content;
    callbot_outcome *outcome;
    callbot_refused refused;
    char *body = (char *)malloc(64 + (size_t)MANY * 32);
    char id[16];
    size_t len;
    size_t i;
    CHECK(body != NULL);
    len = (size_t)sprintf(body, "{\"retCode\":0,\"totalCount\":%d,\"successCount\":0,\"errList\":[", MANY);
    for (i = 0; i < MANY; i++) {
        snprintf(id, sizeof id, "%u", (unsigned)i);
        added.order_id = str(id);
        CHECK_OK(callbot_batch_add(batch, &added, NULL));
        len += (size_t)sprintf(body + len, "%s{\"phone\":\"8613800000001\"}", i == 0 ? "" : ",");
    }
    sprintf(body + len, "]}");
    CHECK_OK(callbot_build_batch(signer, batch, str(""), 0, &request, NULL));
    content = response_of(body);
    CHECK_OK(callbot_outcome_new(content, callbot_request_body(request), &outcome, NULL));
    CHECK(callbot_outcome_kind(outcome) == CALLBOT_OUTCOME_REFUSED);
    CHECK(callbot_outcome_refused_count(outcome) == MANY);
    CHECK_OK(callbot_outcome_refused(outcome, MANY - 1, &refused));
    CHECK_STR(refused.order_id, "19999");
    callbot_outcome_free(outcome);
    callbot_content_free(content);
    callbot_request_free(request);
    callbot_batch_free(batch);
    free(body);
}

/* Many refusals that belong to no order. */
static void check_unlisted(void) {
    enum { MANY = 20000 };
    callbot_content *content;
    callbot_outcome *outcome;
    callbot_refused refused;
    char *body = (char *)malloc(64 + (size_t)MANY * 2);
    size_t len;
    size_t i;
    CHECK(body != NULL);
    len = (size_t)sprintf(body, "{\"retCode\":0,\"errList\":[");
    for (i = 0; i < MANY; i++) {
        len += (size_t)sprintf(body + len, "%s0", i == 0 ? "" : ",");
    }
    sprintf(body + len, "]}");
    content = response_of(body);
    CHECK_OK(callbot_outcome_new(content, str("{\"orderIDs\":[\"1\"]}"), &outcome, NULL));
    CHECK(callbot_outcome_kind(outcome) == CALLBOT_OUTCOME_UNACCOUNTED);
    CHECK(callbot_outcome_refused_count(outcome) == 100);
    CHECK(callbot_outcome_unlisted_count(outcome) == MANY - 100);
    CHECK_OK(callbot_outcome_refused(outcome, 99, &refused));
    CHECK(refused.order == SIZE_MAX);
    CHECK(callbot_outcome_refused(outcome, 100, &refused) == CALLBOT_ABSENT);
    callbot_outcome_free(outcome);
    callbot_content_free(content);
    free(body);
}

int main(void) {
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("topsecret"), CALLBOT_ALGORITHM_SHA256, &signer, NULL));
    check_outcomes();
    check_arguments();
    check_many();
    check_unlisted();
    callbot_signer_free(signer);
    return 0;
}
