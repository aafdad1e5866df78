/* Verifies responses and callbacks, and reads what was verified. */
#include "check.h"
#include "request.h"

static const char *const response_body =
    "{\"retCode\":0,\"retMsg\":\"success\",\"responseID\":\"x-1\",\"totalCount\":3,\"successCount\":1,"
    "\"errList\":[{\"phone\":\"8613800000001\",\"errMsg\":\"blocked\"},{\"phone\":\"86\",\"errMsg\":\"unknown\"}]}";

static const char *const callback_body =
    "{\"callbackType\":\"1\",\"orderID\":\"a\",\"userPhone\":\"8613800000001\",\"userName\":\"\",\"sceneID\":\"s\","
    "\"userTaskID\":\"t\",\"taskID\":\"p\",\"finish\":true,\"other\":\"\",\"more\":[1.10]}";

static void check_response(const callbot_signer *signer, const callbot_verifier *verifier) {
    callbot_header headers[MAX_HEADERS];
    callbot_request *request = request_of(signer, str("r-1"));
    callbot_testing_message *message;
    callbot_verified *verified;
    callbot_sent sent;
    size_t count;

    CHECK_OK(callbot_testing_sign_response(signer, request, 0, str(response_body), &message, NULL));
    count = headers_of(message, headers);
    CHECK(count == 5);
    sent = callbot_request_sent(request);
    CHECK_OK(callbot_verify_response(verifier, &sent, headers, count, str(response_body), 0, &verified, NULL));
    CHECK_STR(callbot_verified_uuid(verified), "uuid-1");
    CHECK_STR(callbot_verified_request_id(verified), "r-1");

    callbot_verified_free(verified);
    callbot_testing_message_free(message);
    callbot_request_free(request);
}

static void check_callback(const callbot_signer *signer, const callbot_signer *other) {
    callbot_header headers[MAX_HEADERS];
    callbot_verifier *verifier;
    callbot_testing_message *message;
    callbot_verified *verified;
    callbot_error *error;
    size_t count;

    CHECK_OK(callbot_testing_sign_callback(other, str(""), 1726200000, str(callback_body), &message, NULL));
    count = headers_of(message, headers);
    CHECK(count == 4 && headers[0].value.len == 32);
    CHECK_OK(callbot_verifier_new(signer, &verifier, NULL));
    CHECK(callbot_verify_callback(verifier, headers, count, str(callback_body), 1726200000, &verified, NULL) ==
          CALLBOT_SIGNATURE_MISMATCH);
    /* While the secret key is being changed, both keys are accepted. */
    CHECK_OK(callbot_verifier_add(verifier, other, NULL));
    CHECK_OK(callbot_verifier_set_tolerance(verifier, 10, 0, NULL));
    CHECK(callbot_verify_callback(verifier, headers, count, str(callback_body), 1726200011, &verified, &error) ==
          CALLBOT_TOO_OLD);
    CHECK(verified == NULL && contains(callbot_error_message(error), "11 seconds"));
    callbot_error_free(error);
    CHECK(callbot_verify_callback(verifier, headers, count, str(callback_body), 1726199999, &verified, NULL) ==
          CALLBOT_TOO_NEW);
    CHECK_OK(callbot_verify_callback(verifier, headers, count, str(callback_body), 1726200010, &verified, NULL));
    CHECK(callbot_verified_signer_index(verified) == 1);
    CHECK(callbot_verified_replay_expires_at(verified) == 1726200010);

    callbot_verified_free(verified);
    callbot_testing_message_free(message);
    callbot_verifier_free(verifier);
}

/* An invalid time of receiving is an error of the call, and 0 means now. */
static void check_times(const callbot_signer *signer, const callbot_verifier *verifier) {
    static const struct {
        int64_t now;
        callbot_status status;
        const char *code;
    } times[] = {
        {INT64_MIN, CALLBOT_CREATE_TS, "create_ts_negative"},
        {INT64_MIN + 1, CALLBOT_CREATE_TS, "create_ts_negative"},
        {-1, CALLBOT_CREATE_TS, "create_ts_negative"},
        {-1726200000, CALLBOT_CREATE_TS, "create_ts_negative"},
        {0, CALLBOT_TOO_OLD, "verify_too_old"},
        {1, CALLBOT_TOO_NEW, "verify_too_new"},
        {1726200000, CALLBOT_OK, ""},
        {99999999999, CALLBOT_TOO_OLD, "verify_too_old"},
        {100000000000, CALLBOT_CREATE_TS, "create_ts_milliseconds"},
        {1726200000000, CALLBOT_CREATE_TS, "create_ts_milliseconds"},
        {INT64_MAX, CALLBOT_CREATE_TS, "create_ts_milliseconds"},
    };
    callbot_header headers[MAX_HEADERS];
    callbot_request *request = request_of(signer, str("r-1"));
    const callbot_sent sent = callbot_request_sent(request);
    callbot_testing_message *message;
    size_t count;
    size_t i;
    int of_response;

    /* A signed response also verifies as a callback. */
    CHECK_OK(callbot_testing_sign_response(signer, request, 1726200000, str(response_body), &message, NULL));
    count = headers_of(message, headers);
    for (i = 0; i < sizeof times / sizeof times[0]; i++) {
        for (of_response = 0; of_response < 2; of_response++) {
            callbot_verified *verified = POISON(callbot_verified);
            callbot_error *error = POISON(callbot_error);
            callbot_status status =
                of_response ? callbot_verify_response(verifier, &sent, headers, count, str(response_body), times[i].now,
                                                      &verified, &error)
                            : callbot_verify_callback(verifier, headers, count, str(response_body), times[i].now, &verified,
                                                      &error);
            CHECK(status == times[i].status && callbot_error_status(error) == status);
            CHECK((status == CALLBOT_OK) == (verified != NULL) && (status == CALLBOT_OK) == (error == NULL));
            CHECK_STR(callbot_error_code(error), times[i].code);
            CHECK((status == CALLBOT_CREATE_TS) == starts_with(callbot_error_message(error), "now: "));
            callbot_error_free(error);
            callbot_verified_free(verified);
        }
    }
    callbot_testing_message_free(message);
    callbot_request_free(request);
}

/* A copy of a string, as a program stores it. */
static callbot_str copy_of(callbot_str string) {
    char *copy = (char *)malloc(string.len + 1);
    CHECK(copy != NULL);
    if (string.len > 0) {
        memcpy(copy, string.data, string.len);
    }
    return bytes(copy, string.len);
}

static void free_copy(callbot_str copy) {
    free((void *)(uintptr_t)copy.data);
}

/* A response is verified with stored values after the request is freed. */
static void check_sent(const callbot_signer *signer, const callbot_verifier *verifier) {
    static const struct {
        const char *request_id, *uuid;
        int32_t algorithm;
        callbot_status status;
        const char *message;
    } values[] = {
        {"r-1", "uuid-1", CALLBOT_ALGORITHM_MD5, CALLBOT_OK, ""},
        {"r-2", "uuid-1", CALLBOT_ALGORITHM_MD5, CALLBOT_OTHER_REQUEST, "its requestID differs"},
        {"", "uuid-1", CALLBOT_ALGORITHM_MD5, CALLBOT_OTHER_REQUEST, "its requestID differs"},
        {"r-1", "uuid-2", CALLBOT_ALGORITHM_MD5, CALLBOT_OTHER_REQUEST, "its uuid differs"},
        {"r-1", "uuid-1", CALLBOT_ALGORITHM_SHA256, CALLBOT_OTHER_REQUEST, "its algorithm differs"},
        {"r-1", "uuid-1", 2, CALLBOT_UNKNOWN_CONSTANT, "algorithm"},
        {"r-1", "uuid-1", -1, CALLBOT_UNKNOWN_CONSTANT, "algorithm"},
        {"r-1", "uuid-\xff", CALLBOT_ALGORITHM_MD5, CALLBOT_NOT_UTF8, "sent.uuid"},
        {"r-\xff", "uuid-1", CALLBOT_ALGORITHM_MD5, CALLBOT_NOT_UTF8, "sent.request_id"},
    };
    callbot_header headers[MAX_HEADERS];
    callbot_request *request = request_of(signer, str("r-1"));
    callbot_sent sent = callbot_request_sent(request);
    callbot_testing_message *message;
    callbot_verified *verified;
    callbot_error *error;
    size_t count;
    size_t i;

    CHECK_STR(sent.endpoint, "addBatchCall");
    CHECK_STR(sent.request_id, "r-1");
    CHECK_STR(sent.uuid, "uuid-1");
    CHECK(sent.algorithm == CALLBOT_ALGORITHM_MD5);
    CHECK_OK(callbot_testing_sign_response(signer, request, 1726200000, str(response_body), &message, NULL));
    count = headers_of(message, headers);
    sent.endpoint = copy_of(sent.endpoint);
    sent.request_id = copy_of(sent.request_id);
    sent.uuid = copy_of(sent.uuid);
    callbot_request_free(request);

    CHECK_OK(callbot_verify_response(verifier, &sent, headers, count, str(response_body), 1726200000, &verified, NULL));
    CHECK_STR(callbot_verified_request_id(verified), "r-1");
    callbot_verified_free(verified);
    free_copy(sent.endpoint);
    free_copy(sent.request_id);
    free_copy(sent.uuid);

    for (i = 0; i < sizeof values / sizeof values[0]; i++) {
        sent.endpoint = str("addBatchCall");
        sent.request_id = str(values[i].request_id);
        sent.uuid = str(values[i].uuid);
        sent.algorithm = values[i].algorithm;
        verified = POISON(callbot_verified);
        error = POISON(callbot_error);
        CHECK(callbot_verify_response(verifier, &sent, headers, count, str(response_body), 1726200000, &verified, &error) ==
              values[i].status);
        CHECK((verified != NULL) == (values[i].status == CALLBOT_OK));
        CHECK(error == NULL || contains(callbot_error_message(error), values[i].message));
        callbot_error_free(error);
        callbot_verified_free(verified);
    }
    sent.algorithm = CALLBOT_ALGORITHM_MD5;
    sent.request_id = str("r-1");
    sent.uuid = str("uuid-1");
    sent.endpoint = bytes(NULL, 1);
    CHECK(callbot_verify_response(verifier, &sent, headers, count, str(response_body), 1726200000, &verified, &error) ==
          CALLBOT_NULL_POINTER);
    CHECK(starts_with(callbot_error_message(error), "sent.endpoint "));
    callbot_error_free(error);
    sent.endpoint = bytes("x", SIZE_MAX);
    CHECK(callbot_verify_response(verifier, &sent, headers, count, str(response_body), 1726200000, &verified, NULL) ==
          CALLBOT_LENGTH);
    callbot_testing_message_free(message);

    sent = callbot_request_sent(NULL);
    CHECK(nothing(sent.endpoint) && nothing(sent.request_id) && nothing(sent.uuid));
    CHECK(sent.algorithm == CALLBOT_ALGORITHM_MD5);
}

/* Any path and any body are signed as they are, and the response is verified. */
static void check_any_path(const callbot_signer *signer, const callbot_verifier *verifier) {
    static const struct {
        const char *path, *code;
    } paths[] = {
        {"/", NULL},
        {"/callcentre/api/v3/routeList", NULL},
        {"/a//b?c=d&e=%20/", NULL},
        {"", "path_no_slash"},
        {"callcentre/api", "path_no_slash"},
        {"https://example.com/", "path_no_slash"},
        {"//example.com/", "path_slashes"},
        {"/\\example.com/", "path_slashes"},
        {"/a b", "path_character"},
        {"/a#b", "path_character"},
        {"/a\nb", "path_character"},
        {"/\xe7\x8e\x8b", "path_character"},
    };
    static const char answer[] = "{\"code\":0}";
    callbot_str bodies[3];
    callbot_header headers[MAX_HEADERS];
    callbot_testing_message *message;
    callbot_verified *verified;
    callbot_request *again;
    callbot_sent sent;
    size_t i;
    size_t k;

    bodies[0] = bytes(NULL, 0);
    bodies[1] = str("{}");
    bodies[2] = bytes("\0\xff\n", 3);
    for (i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        for (k = 0; k < 3; k++) {
            callbot_request *request = POISON(callbot_request);
            callbot_error *error = POISON(callbot_error);
            callbot_status status =
                callbot_request_new(signer, str(paths[i].path), bodies[k], str("r-1"), 1726200000, &request, &error);
            char sign[CALLBOT_SIGN_CAPACITY];
            if (paths[i].code != NULL) {
                CHECK(status == CALLBOT_PATH && request == NULL);
                CHECK(callbot_error_status(error) == CALLBOT_PATH);
                CHECK_STR(callbot_error_code(error), paths[i].code);
                callbot_error_free(error);
                continue;
            }
            CHECK(status == CALLBOT_OK && error == NULL);
            CHECK_STR(callbot_request_method(request), "POST");
            CHECK_STR(callbot_request_path(request), paths[i].path);
            CHECK(callbot_request_endpoint(request).len == 0);
            CHECK(callbot_request_sent(request).endpoint.len == 0);
            CHECK(same(callbot_request_body(request), bodies[k]));
            CHECK(bodies[k].len == 0 || callbot_request_body(request).data != bodies[k].data);
            CHECK_OK(callbot_sign(signer, str("r-1"), 1726200000, bodies[k], sign, NULL));
            CHECK_STR(header(request, "sign"), sign);
            CHECK_OK(callbot_request_sign_again(request, signer, str("r-2"), 1726200001, &again, NULL));
            CHECK_STR(callbot_request_path(again), paths[i].path);
            CHECK(callbot_request_endpoint(again).len == 0);
            callbot_request_free(request);

            sent = callbot_request_sent(again);
            CHECK_STR(sent.request_id, "r-2");
            CHECK_OK(callbot_testing_sign_response(signer, again, 1726200001, str(answer), &message, NULL));
            CHECK_OK(callbot_verify_response(verifier, &sent, headers, headers_of(message, headers), str(answer),
                                             1726200001, &verified, NULL));
            CHECK_STR(callbot_verified_body(verified), answer);
            callbot_verified_free(verified);
            callbot_testing_message_free(message);
            callbot_request_free(again);
        }
    }
    CHECK_OK(callbot_request_new(signer, str("/"), str("{}"), str(""), 0, &again, NULL));
    CHECK(header(again, "requestID").len == 32);
    callbot_request_free(again);
    CHECK(nothing(callbot_request_endpoint(NULL)));
}

/* NULL for every pointer, and invalid lengths. */
static void check_arguments(const callbot_signer *signer, const callbot_verifier *verifier) {
    callbot_header headers[MAX_HEADERS];
    callbot_header wild = {{NULL, 1}, {NULL, 0}};
    callbot_request *request = request_of(signer, str("r-1"));
    const callbot_sent sent = callbot_request_sent(request);
    callbot_verifier *new_verifier = POISON(callbot_verifier);
    callbot_testing_message *message;
    callbot_verified *verified = POISON(callbot_verified);
    callbot_str body = str(callback_body);
    callbot_str too_long = bytes("x", SIZE_MAX);
    size_t count;

    CHECK(callbot_verifier_new(NULL, &new_verifier, NULL) == CALLBOT_NULL_POINTER && new_verifier == NULL);
    CHECK(callbot_verifier_new(signer, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_verifier_add(NULL, signer, NULL) == CALLBOT_NULL_POINTER);
    CHECK_OK(callbot_verifier_new(signer, &new_verifier, NULL));
    CHECK(callbot_verifier_add(new_verifier, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_verifier_set_tolerance(NULL, 1, 1, NULL) == CALLBOT_NULL_POINTER);
    callbot_verifier_free(new_verifier);

    CHECK(callbot_testing_sign_callback(NULL, str("r"), 1, body, &message, NULL) == CALLBOT_NULL_POINTER && message == NULL);
    CHECK(callbot_testing_sign_callback(signer, str("r"), 1, body, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_testing_sign_callback(signer, str("&"), 1, body, &message, NULL) == CALLBOT_REQUEST_ID);
    CHECK(callbot_testing_sign_callback(signer, str("\xff"), 1, body, &message, NULL) == CALLBOT_NOT_UTF8);
    CHECK(callbot_testing_sign_callback(signer, str("r"), -1, body, &message, NULL) == CALLBOT_CREATE_TS);
    CHECK(callbot_testing_sign_callback(signer, str("r"), 1, too_long, &message, NULL) == CALLBOT_LENGTH);
    CHECK(callbot_testing_sign_response(NULL, request, 1, body, &message, NULL) == CALLBOT_NULL_POINTER && message == NULL);
    CHECK(callbot_testing_sign_response(signer, NULL, 1, body, &message, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_testing_sign_response(signer, request, 1, body, NULL, NULL) == CALLBOT_NULL_POINTER);

    CHECK_OK(callbot_testing_sign_callback(signer, str("r"), 1726200000, body, &message, NULL));
    count = headers_of(message, headers);
    CHECK(callbot_verify_callback(NULL, headers, count, body, 1726200000, &verified, NULL) == CALLBOT_NULL_POINTER &&
          verified == NULL);
    CHECK(callbot_verify_callback(verifier, NULL, count, body, 1726200000, &verified, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_verify_callback(verifier, NULL, 0, body, 1726200000, &verified, NULL) == CALLBOT_HEADERS);
    CHECK(callbot_verify_callback(verifier, headers, SIZE_MAX, body, 1726200000, &verified, NULL) == CALLBOT_LENGTH);
    CHECK(callbot_verify_callback(verifier, &wild, 1, body, 1726200000, &verified, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_verify_callback(verifier, headers, count, too_long, 1726200000, &verified, NULL) == CALLBOT_LENGTH);
    CHECK(callbot_verify_callback(verifier, headers, count, body, 1726200000, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_verify_response(NULL, &sent, headers, count, body, 1726200000, &verified, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_verify_response(verifier, NULL, headers, count, body, 1726200000, &verified, NULL) ==
          CALLBOT_NULL_POINTER);
    CHECK(callbot_verify_response(verifier, &sent, headers, count, body, 1726200000, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK_OK(callbot_verify_callback(verifier, headers, count, body, 1726200000, &verified, NULL));
    callbot_verified_free(verified);
    callbot_testing_message_free(message);
    callbot_request_free(request);

    CHECK(nothing(callbot_verified_body(NULL)) && nothing(callbot_verified_request_id(NULL)));
    CHECK(nothing(callbot_verified_uuid(NULL)));
    CHECK(callbot_verified_create_ts(NULL) == 0 && callbot_verified_replay_expires_at(NULL) == 0);
    CHECK(callbot_verified_signer_index(NULL) == SIZE_MAX);
    CHECK(callbot_testing_message_header_count(NULL) == 0);
    CHECK(nothing(callbot_testing_message_header_name(NULL, 0)));
    CHECK(nothing(callbot_testing_message_header_value(NULL, 0)));
    callbot_verifier_free(NULL);
    callbot_verified_free(NULL);
    callbot_testing_message_free(NULL);
}

int main(void) {
    callbot_signer *signer;
    callbot_signer *other;
    callbot_verifier *verifier;

    CHECK_OK(callbot_signer_new(str("uuid-1"), str("old key"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("new key"), CALLBOT_ALGORITHM_SHA256, &other, NULL));
    CHECK_OK(callbot_verifier_new(signer, &verifier, NULL));
    check_response(signer, verifier);
    check_callback(signer, other);
    check_times(signer, verifier);
    check_sent(signer, verifier);
    check_any_path(signer, verifier);
    check_arguments(signer, verifier);
    callbot_verifier_free(verifier);
    callbot_signer_free(other);
    callbot_signer_free(signer);
    return 0;
}
