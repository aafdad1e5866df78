/* A program as it was compiled for CALLBOT_ABI_VERSION 4: with the header of then, which is kept beside
 * it. It must run with every library of that version, so neither of the two files is changed. It
 * uses each struct of the interface. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi_4.h"

#define NOW 1726200000

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf(stderr, "abi_4.c:%d: failed: %s\n", __LINE__, #condition); \
            exit(1);                                                            \
        }                                                                       \
    } while (0)

static int is(callbot_str found, const char *wanted) {
    return found.len == strlen(wanted) && memcmp(found.data, wanted, found.len) == 0;
}

int main(void) {
    const callbot_param params[] = {{CALLBOT_STR("amount"), CALLBOT_STR("120.50")},
                                    {CALLBOT_STR("day"), CALLBOT_STR("Friday")}};
    const callbot_order orders[] = {
        {CALLBOT_STR("order-1"), CALLBOT_STR("8613800000001"), CALLBOT_STR("mine"), CALLBOT_STR("user"),
         CALLBOT_STR("customer"), params, 2},
        {CALLBOT_STR("order-2"), CALLBOT_STR("447700900123"), CALLBOT_STR(""), CALLBOT_STR(""), CALLBOT_STR(""),
         params, 2},
    };
    const callbot_str answer = CALLBOT_STR(
        "{\"retCode\":0,\"retMsg\":\"success\",\"responseID\":\"x\",\"totalCount\":2,\"successCount\":1,"
        "\"errList\":[{\"phone\":\"447700900123\",\"errMsg\":\"not allowed\"}]}");
    callbot_error *error = NULL;
    callbot_signer *signer;
    callbot_batch *batch;
    callbot_request *request;
    callbot_verifier *verifier;
    callbot_testing_message *message;
    callbot_verified *verified;
    callbot_content *content;
    callbot_outcome *outcome;
    callbot_sent sent;
    callbot_result result;
    callbot_refused refused;
    callbot_header headers[16];
    callbot_str string;
    int64_t total;
    size_t count, i;

    CHECK(callbot_abi_version() == CALLBOT_ABI_VERSION);
    CHECK(callbot_signer_new(CALLBOT_STR("Vh71ym3y"), CALLBOT_STR("u7Mf3zUN"), CALLBOT_ALGORITHM_SHA256, &signer,
                             &error) == CALLBOT_OK);
    CHECK(callbot_batch_new(NULL, CALLBOT_STR("t"), CALLBOT_STR("https://example.com/callbot/order"),
                            CALLBOT_STR("https://example.com/callbot/call"), &batch, &error) == CALLBOT_OK);
    CHECK(callbot_batch_add(batch, &orders[1], &error) == CALLBOT_OK);
    CHECK(callbot_batch_add(batch, &orders[1], &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_status(error) == CALLBOT_REFUSED && callbot_error_violation_count(error) == 1);
    CHECK(callbot_error_violation_code_number(error, 0) == CALLBOT_CODE_DUPLICATE_ORDER_ID);
    callbot_error_free(error);
    callbot_batch_clear(batch);
    CHECK(callbot_batch_add_all(batch, orders, 2, CALLBOT_POLICY_REFUSE_ALL, &error) == CALLBOT_OK);
    CHECK(callbot_build_batch(signer, batch, CALLBOT_STR("request-1"), NOW, &request, &error) == CALLBOT_OK);
    CHECK(is(callbot_request_body(request),
             "{\"productID\":\"callbot\",\"userTaskID\":\"t\",\"callInfoList\":{"
             "\"orderCallbackUrl\":\"https://example.com/callbot/order\","
             "\"callCallbackUrl\":\"https://example.com/callbot/call\",\"callList\":["
             "{\"orderID\":\"order-1\",\"userPhone\":\"8613800000001\",\"other\":\"mine\",\"userName\":\"user\","
             "\"customerName\":\"customer\",\"params\":[{\"name\":\"amount\",\"value\":\"120.50\"},"
             "{\"name\":\"day\",\"value\":\"Friday\"}]},"
             "{\"orderID\":\"order-2\",\"userPhone\":\"447700900123\",\"other\":\"\",\"userName\":\"\","
             "\"customerName\":\"\",\"params\":[{\"name\":\"amount\",\"value\":\"120.50\"},"
             "{\"name\":\"day\",\"value\":\"Friday\"}]}]}}"));

    CHECK(callbot_testing_sign_response(signer, request, NOW, answer, &message, &error) == CALLBOT_OK);
    count = callbot_testing_message_header_count(message);
    CHECK(count <= 16);
    for (i = 0; i < count; i++) {
        headers[i].name = callbot_testing_message_header_name(message, i);
        headers[i].value = callbot_testing_message_header_value(message, i);
    }
    sent = callbot_request_sent(request);
    CHECK(is(sent.endpoint, "addBatchCall") && is(sent.request_id, "request-1") && is(sent.uuid, "Vh71ym3y"));
    CHECK(sent.algorithm == CALLBOT_ALGORITHM_SHA256);
    CHECK(callbot_verifier_new(signer, &verifier, &error) == CALLBOT_OK);
    CHECK(callbot_verify_response(verifier, &sent, headers, count, answer, NOW, &verified, &error) == CALLBOT_OK);

    CHECK(callbot_verified_result(verified, &result, &error) == CALLBOT_OK);
    CHECK(result.code == 0 && result.retry == CALLBOT_RETRY_SUCCEEDED && is(result.message, "success"));
    CHECK(result.meaning.len > 0 && is(result.response_id, "x"));
    CHECK(callbot_content_new(verified, CALLBOT_CONTENT_RESPONSE, &content, &error) == CALLBOT_OK);
    CHECK(callbot_content_integer(content, CALLBOT_STR("/totalCount"), &total) == CALLBOT_OK && total == 2);
    CHECK(callbot_content_string(content, CALLBOT_STR("/errList/0/errMsg"), &string) == CALLBOT_OK);
    CHECK(is(string, "not allowed"));
    CHECK(callbot_content_string(content, CALLBOT_STR("/none"), &string) == CALLBOT_ABSENT);
    CHECK(callbot_outcome_new(content, callbot_request_body(request), &outcome, &error) == CALLBOT_OK);
    CHECK(callbot_outcome_kind(outcome) == CALLBOT_OUTCOME_PARTLY);
    CHECK(callbot_outcome_refused(outcome, 0, &refused) == CALLBOT_OK);
    CHECK(refused.order == 1 && is(refused.order_id, "order-2") && is(refused.phone, "447700900123"));
    CHECK(is(refused.message, "not allowed") && !refused.ambiguous);

    callbot_outcome_free(outcome);
    callbot_content_free(content);
    callbot_verified_free(verified);
    callbot_verifier_free(verifier);
    callbot_testing_message_free(message);
    callbot_request_free(request);
    callbot_batch_free(batch);
    callbot_signer_free(signer);
    return 0;
}
