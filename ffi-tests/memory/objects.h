/* The objects that the calls of the torture use, made again before each. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "../c/check.h"

#define TS 1726200000

static callbot_signer *signer;
static callbot_rules *rules;
static callbot_batch *batch, *shared;
static callbot_request *request, *kept;
static callbot_verifier *verifier;
static callbot_verified *response, *callback;
static callbot_content *content;
static callbot_replays *replays;
static callbot_headers *parsed;
static callbot_outcome *outcome;
static callbot_testing_message *message, *message_of_response;
static callbot_header headers[MAX_HEADERS], headers_of_response[MAX_HEADERS];
static size_t header_count, header_count_of_response;

static char json[20000];
static char long_string[3000];
/* More than a block of the reserve. */
#define BIG 20000
static char big[BIG + 1], big_path[BIG + 1], big_url[BIG + 1], big_body[4 * BIG], big_response[4 * BIG];

#define BODY                                                                                            \
    "{\"callbackType\":1,\"orderID\":\"\\u0031\",\"userPhone\":\"8613800000001\",\"userName\":null,"    \
    "\"finish\":true,\"x\":[{\"a\":1},[2,{}]],\"callInfoDetail\":{\"callStatus\":3}}"
#define RESPONSE                                                                            \
    "{\"retCode\":0,\"retMsg\":\"ok\",\"totalCount\":3,\"successCount\":2,\"errList\":["    \
    "{\"phone\":\"8613800000001\",\"errMsg\":\"no\"}]}"

static void fill(callbot_batch *into, int first, int count) {
    int i;
    for (i = first; i < first + count; i++) {
        char id[32];
        callbot_param param;
        callbot_order order;
        snprintf(id, sizeof id, "order-%d", i);
        order = plain_order(id, "8613800000001");
        param.name = str("amount");
        param.value = str("1");
        order.params = &param;
        order.param_count = 1;
        CHECK_OK(callbot_batch_add(into, &order, NULL));
    }
}

static void make_json(void) {
    size_t at = (size_t)snprintf(json, sizeof json,
                                 "{\"userTaskID\":\"t\\u0041\",\"callInfoList\":{\"orderCallbackUrl\":\"https://a.example/\","
                                 "\"callCallbackUrl\":\"https://a.example/\",\"callList\":[");
    int i;
    for (i = 0; i < 90; i++) {
        at += (size_t)snprintf(json + at, sizeof json - at,
                               "%s{\"orderID\":\"o\\u0031-%d\",\"userPhone\":\"%s8613800000001\",\"other\":\"\",\"userName\":\"\","
                               "\"customerName\":\"\",\"params\":[{\"name\":\"n%d\",\"value\":\"v\"}]}",
                               i == 0 ? "" : ",", i, i == 7 ? "+" : "", i % 20);
    }
    snprintf(json + at, sizeof json - at, "]}}");
    memset(long_string, 'a', sizeof long_string - 1);
}

/* A body as it was sent, and as Jackson writes it. Each way of writing it changes it. */
static char sent_body[2 * BIG], signed_body[2 * BIG];

static void make_bodies(void) {
    size_t sent = 0, written = 0;
    int i;
    for (i = 500; i > 0; i--) {
        char member[32];
        int is_first = i == 500;
        snprintf(member, sizeof member, "\"/<\xc3\xa9\\u4e2d%03d\"", i);
        sent += (size_t)snprintf(sent_body + sent, sizeof sent_body - sent, "%s%s:[%d,{}]", is_first ? "{" : ",", member, i);
        written += (size_t)snprintf(signed_body + written, sizeof signed_body - written, "%s\n  %s : [ %d, { } ]",
                                    is_first ? "{" : ",", member, i);
    }
    sent += (size_t)snprintf(sent_body + sent, sizeof sent_body - sent, "}\r\n");
    written += (size_t)snprintf(signed_body + written, sizeof signed_body - written, "\n}\r\n");
    CHECK(sent > 8192 && sent < sizeof sent_body && written < sizeof signed_body);
}

/* A callback and a response with long strings, strings with escapes, long lists, objects with many
 * keys, and values of wrong types. */
static void make_big(void) {
    size_t at;
    int i;
    memset(big, 'a', BIG);
    memset(big_path, 'a', BIG);
    big_path[0] = '/';
    memset(big_url, 'a', BIG);
    memcpy(big_url, "https://a.example/", 18);
    at = (size_t)snprintf(big_body, sizeof big_body,
                          "{\"callbackType\":1,\"orderID\":\"1\",\"userPhone\":\"8613800000001\",\"userName\":\"\\n%s\","
                          "\"finish\":1,\"callInfoDetail\":{\"callStatus\":\"x\",\"intents\":[",
                          big);
    for (i = 0; i < 400; i++) {
        at += (size_t)snprintf(big_body + at, sizeof big_body - at, "%s{\"intentName\":%d,\"\\u0041\":\"\\t\"}", i == 0 ? "" : ",", i);
    }
    at += (size_t)snprintf(big_body + at, sizeof big_body - at, "]},\"x\":{");
    for (i = 0; i < 1000; i++) {
        at += (size_t)snprintf(big_body + at, sizeof big_body - at, "%s\"k%d\":[]", i == 0 ? "" : ",", i);
    }
    snprintf(big_body + at, sizeof big_body - at, "}}");
    at = (size_t)snprintf(big_response, sizeof big_response,
                          "{\"retCode\":0,\"retMsg\":\"%s\",\"totalCount\":3,\"successCount\":2,\"errList\":[", big);
    for (i = 0; i < 300; i++) {
        at += (size_t)snprintf(big_response + at, sizeof big_response - at, "%s{\"phone\":\"86138%08d\",\"errMsg\":\"no\\n\"}",
                               i == 0 ? "" : ",", i);
    }
    snprintf(big_response + at, sizeof big_response - at, "]}");
}

/* Makes the objects of what ends in _big. */
static int is_big;
static callbot_testing_message *big_message, *big_message_of_response;
static callbot_header big_headers[MAX_HEADERS], big_headers_of_response[MAX_HEADERS];
static size_t big_header_count, big_header_count_of_response;
static callbot_verified *big_callback, *big_verified_response;
static callbot_content *big_content, *big_content_of_response;
static callbot_request *big_request;

static void set_up_big(void) {
    callbot_batch *many = new_batch(NULL);
    callbot_sent sent;
    int i;
    for (i = 0; i < 300; i++) {
        char id[32], phone[32];
        callbot_order order;
        snprintf(id, sizeof id, "order-%d", i);
        snprintf(phone, sizeof phone, "86138%08d", i);
        order = plain_order(id, phone);
        CHECK_OK(callbot_batch_add(many, &order, NULL));
    }
    CHECK_OK(callbot_build_batch(signer, many, str("r-2"), TS, &big_request, NULL));
    callbot_batch_free(many);
    CHECK_OK(callbot_testing_sign_callback(signer, str("c-2"), TS, str(big_body), &big_message, NULL));
    big_header_count = headers_of(big_message, big_headers);
    CHECK_OK(callbot_verify_callback(verifier, big_headers, big_header_count, str(big_body), TS, &big_callback, NULL));
    CHECK_OK(callbot_testing_sign_response(signer, big_request, TS, str(big_response), &big_message_of_response, NULL));
    big_header_count_of_response = headers_of(big_message_of_response, big_headers_of_response);
    sent = callbot_request_sent(big_request);
    CHECK_OK(callbot_verify_response(verifier, &sent, big_headers_of_response, big_header_count_of_response,
                                     str(big_response), TS, &big_verified_response, NULL));
    CHECK_OK(callbot_content_new(big_callback, CALLBOT_CONTENT_CALL_CALLBACK, &big_content, NULL));
    CHECK_OK(callbot_content_new(big_verified_response, CALLBOT_CONTENT_RESPONSE, &big_content_of_response, NULL));
}

static void tear_down_big(void) {
    callbot_content_free(big_content);
    callbot_content_free(big_content_of_response);
    callbot_verified_free(big_callback);
    callbot_verified_free(big_verified_response);
    callbot_testing_message_free(big_message);
    callbot_testing_message_free(big_message_of_response);
    callbot_request_free(big_request);
}

/* The signatures of BODY, of the big one and of the signed one, and two others. */
static char signs[3][CALLBOT_SIGN_CAPACITY], signs_in_lower_case[3][CALLBOT_SIGN_CAPACITY];
static char sign_of_later[CALLBOT_SIGN_CAPACITY], sign_of_pair[CALLBOT_SIGN_CAPACITY];

static void set_up_signs(void) {
    const char *bodies[3];
    size_t i, k;
    bodies[0] = BODY;
    bodies[1] = big_body;
    bodies[2] = signed_body;
    CHECK_OK(callbot_sign(signer, str("c-1"), TS + 1, str(BODY), sign_of_later, NULL));
    CHECK_OK(callbot_sign(signer, str("c-1"), TS, str("{\"b\": [1, {}], \"a\": 2}"), sign_of_pair, NULL));
    for (i = 0; i < 3; i++) {
        CHECK_OK(callbot_sign(signer, str("c-1"), TS, str(bodies[i]), signs[i], NULL));
        for (k = 0; k < sizeof signs[i]; k++) {
            signs_in_lower_case[i][k] = (char)(signs[i][k] + (signs[i][k] >= 'A' ? 'a' - 'A' : 0));
        }
    }
}

static void set_up(void) {
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("topsecret"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    rules = callbot_rules_new();
    CHECK(rules != NULL);
    CHECK_OK(callbot_rules_require_param(rules, str("amount"), NULL));
    batch = new_batch(NULL);
    shared = new_batch(rules);
    fill(shared, 0, 3);
    CHECK_OK(callbot_build_batch(signer, shared, str("r-1"), TS, &request, NULL));
    CHECK_OK(callbot_build_batch(signer, shared, str("r-0"), TS, &kept, NULL));
    CHECK_OK(callbot_verifier_new(signer, &verifier, NULL));
    CHECK_OK(callbot_testing_sign_callback(signer, str("c-1"), TS, str(BODY), &message, NULL));
    header_count = headers_of(message, headers);
    CHECK_OK(callbot_testing_sign_response(signer, request, TS, str(RESPONSE), &message_of_response, NULL));
    header_count_of_response = headers_of(message_of_response, headers_of_response);
    CHECK_OK(callbot_verify_callback(verifier, headers, header_count, str(BODY), TS, &callback, NULL));
    {
        callbot_sent sent = callbot_request_sent(request);
        CHECK_OK(callbot_verify_response(verifier, &sent, headers_of_response, header_count_of_response, str(RESPONSE),
                                         TS, &response, NULL));
    }
    CHECK_OK(callbot_content_new(response, CALLBOT_CONTENT_RESPONSE, &content, NULL));
    CHECK_OK(callbot_replays_new(100, &replays, NULL));
    CHECK_OK(callbot_headers_parse(str("a: b\n"), &parsed, NULL));
    CHECK_OK(callbot_outcome_new(content, callbot_request_body(request), &outcome, NULL));
    set_up_signs();
    if (is_big) {
        set_up_big();
    }
}

static void tear_down(void) {
    if (is_big) {
        tear_down_big();
    }
    callbot_replays_free(replays);
    callbot_headers_free(parsed);
    callbot_outcome_free(outcome);
    callbot_content_free(content);
    callbot_verified_free(response);
    callbot_verified_free(callback);
    callbot_testing_message_free(message);
    callbot_testing_message_free(message_of_response);
    callbot_verifier_free(verifier);
    callbot_request_free(request);
    callbot_request_free(kept);
    callbot_batch_free(batch);
    callbot_batch_free(shared);
    callbot_rules_free(rules);
    callbot_signer_free(signer);
}

/* Makes an object, which must be NULL if the call failed, and frees it. */
#define MAKING(type, call)                          \
    do {                                            \
        type *made = POISON(type);                  \
        type **out = &made;                         \
        callbot_status status = (call);             \
        CHECK((made == NULL) == (status != CALLBOT_OK)); \
        type##_free(made);                          \
        return status;                              \
    } while (0)

#define STEP(name) static callbot_status name(callbot_error **error)

#endif
