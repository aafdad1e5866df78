/* Reads the content of verified messages: values by JSON Pointer, keys, deviations and results. */
#include "check.h"
#include "verified.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static callbot_signer *signer;

/* A call callback with a value of every type among its other fields. */
static const char callback_body[] =
    "{\"callbackType\":1,\"orderID\":\"a\",\"userPhone\":\"8613800000001\",\"userName\":\"\\u738b\\n\",\"sceneID\":\"s\","
    "\"userTaskID\":\"t\",\"taskID\":\"p\",\"finish\":true,\"other\":\"\",\"callInfoDetail\":{\"callStatus\":3,"
    "\"intents\":[{\"intentID\":\"x\"},null,7]},\"x\":{\"null\":null,\"big\":9223372036854775808,\"min\":-9223372036854775808,"
    "\"float\":1.50,\"huge\":1e400,\"digits\":\"12\",\"rate\":\"0.95\",\"false\":false,\"empty\":[],\"a/b~c\":1,\"\":2,"
    "\"nul\":\"a\\u0000b\",\"half\":\"\\ud83d\",\"o\":{}}}";

static callbot_content *content_of(callbot_verified *verified, int32_t kind) {
    callbot_content *content = POISON(callbot_content);
    callbot_error *error = POISON(callbot_error);
    CHECK_OK(callbot_content_new(verified, kind, &content, &error));
    CHECK(error == NULL && content != NULL && content != POISON(callbot_content));
    callbot_verified_free(verified);
    return content;
}

static callbot_content *callback_of(const char *body) {
    return content_of(verified_callback(signer, str(body)), CALLBOT_CONTENT_CALL_CALLBACK);
}

enum { OK = CALLBOT_OK, ABSENT = CALLBOT_ABSENT, TYPE = CALLBOT_WRONG_TYPE };

/* Each getter at each type of value. A getter that fails writes nothing. */
static void check_values(void) {
    static const struct {
        const char *pointer;
        callbot_status string, integer, number, boolean, length, json;
    } values[] = {
        {"", TYPE, TYPE, TYPE, TYPE, OK, OK},
        {"/orderID", OK, TYPE, TYPE, TYPE, TYPE, OK},
        {"/callbackType", TYPE, OK, OK, TYPE, TYPE, OK},
        {"/finish", TYPE, TYPE, TYPE, OK, TYPE, OK},
        {"/other", OK, TYPE, TYPE, TYPE, TYPE, OK},
        {"/callInfoDetail/callStatus", TYPE, OK, OK, TYPE, TYPE, OK},
        {"/callInfoDetail/intents", TYPE, TYPE, TYPE, TYPE, OK, OK},
        {"/callInfoDetail/intents/0/intentID", OK, TYPE, TYPE, TYPE, TYPE, OK},
        {"/callInfoDetail/intents/1", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT},
        {"/callInfoDetail/intents/2", TYPE, OK, OK, TYPE, TYPE, OK},
        {"/callInfoDetail/intents/3", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT},
        {"/callInfoDetail/intents/02", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT},
        {"/callInfoDetail/intents/-", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT},
        {"/callInfoDetail/intents/18446744073709551616", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT},
        {"/orderID/0", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT},
        {"/none", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT},
        {"/x/null", ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT},
        {"/x/big", TYPE, TYPE, OK, TYPE, TYPE, OK},
        {"/x/min", TYPE, OK, OK, TYPE, TYPE, OK},
        {"/x/float", TYPE, TYPE, OK, TYPE, TYPE, OK},
        {"/x/huge", TYPE, TYPE, TYPE, TYPE, TYPE, OK},
        {"/x/digits", OK, OK, OK, TYPE, TYPE, OK},
        {"/x/rate", OK, TYPE, OK, TYPE, TYPE, OK},
        {"/x/false", TYPE, TYPE, TYPE, OK, TYPE, OK},
        {"/x/empty", TYPE, TYPE, TYPE, TYPE, OK, OK},
        {"/x/a~1b~0c", TYPE, OK, OK, TYPE, TYPE, OK},
        {"/x/", TYPE, OK, OK, TYPE, TYPE, OK},
        {"/x/o", TYPE, TYPE, TYPE, TYPE, OK, OK},
    };
    callbot_content *content = callback_of(callback_body);
    size_t i;
    for (i = 0; i < COUNT(values); i++) {
        callbot_str pointer = str(values[i].pointer);
        callbot_str string = {"before", 6};
        callbot_str json = {"before", 6};
        int64_t integer = 4711;
        double number = 0.25;
        bool boolean = i % 2;
        size_t length = 4711;
        if (callbot_content_string(content, pointer, &string) != values[i].string ||
            callbot_content_integer(content, pointer, &integer) != values[i].integer ||
            callbot_content_number(content, pointer, &number) != values[i].number ||
            callbot_content_boolean(content, pointer, &boolean) != values[i].boolean ||
            callbot_content_length(content, pointer, &length) != values[i].length ||
            callbot_content_json(content, pointer, &json) != values[i].json) {
            fprintf(stderr, "wrong status at %s\n", values[i].pointer);
            exit(1);
        }
        CHECK(values[i].string == CALLBOT_OK || same(string, str("before")));
        CHECK(values[i].integer == CALLBOT_OK || integer == 4711);
        CHECK(values[i].number == CALLBOT_OK || (number > 0.2 && number < 0.3));
        CHECK(values[i].boolean == CALLBOT_OK || boolean == i % 2);
        CHECK(values[i].length == CALLBOT_OK || length == 4711);
        CHECK(values[i].json == CALLBOT_OK || same(json, str("before")));
    }
    callbot_content_free(content);
}

static void check_what_is_read(void) {
    callbot_content *content = callback_of(callback_body);
    callbot_str string;
    int64_t integer;
    double number;
    bool boolean;
    size_t length;
    CHECK_OK(callbot_content_string(content, str("/userName"), &string));
    CHECK_STR(string, "\xe7\x8e\x8b\n");
    CHECK_OK(callbot_content_string(content, str("/other"), &string));
    CHECK(string.len == 0);
    CHECK_OK(callbot_content_string(content, str("/x/nul"), &string));
    CHECK(same(string, bytes("a\0b", 3)));
    CHECK_OK(callbot_content_string(content, str("/x/half"), &string));
    CHECK_STR(string, "\xef\xbf\xbd");
    CHECK_OK(callbot_content_integer(content, str("/x/digits"), &integer));
    CHECK(integer == 12);
    CHECK_OK(callbot_content_integer(content, str("/x/min"), &integer));
    CHECK(integer == INT64_MIN);
    CHECK_OK(callbot_content_number(content, str("/x/rate"), &number));
    CHECK(number > 0.949 && number < 0.951);
    CHECK_OK(callbot_content_boolean(content, str("/finish"), &boolean));
    CHECK(boolean);
    CHECK_OK(callbot_content_boolean(content, str("/x/false"), &boolean));
    CHECK(!boolean);
    CHECK_OK(callbot_content_length(content, str("/callInfoDetail/intents"), &length));
    CHECK(length == 3);
    CHECK_OK(callbot_content_length(content, str("/callInfoDetail"), &length));
    CHECK(length == 2);
    CHECK_OK(callbot_content_json(content, str("/x/float"), &string));
    CHECK_STR(string, "1.50");
    CHECK_OK(callbot_content_json(content, str("/userName"), &string));
    CHECK_STR(string, "\"\\u738b\\n\"");
    CHECK_OK(callbot_content_json(content, str(""), &string));
    CHECK_STR(string, callback_body);
    callbot_content_free(content);
}

/* The keys of an object, in their order. */
static void check_keys(void) {
    static const char *const keys[] = {"null", "big", "min", "float", "huge", "digits", "rate", "false", "empty",
                                       "a/b~c", "", "nul", "half", "o"};
    callbot_content *content = callback_of(callback_body);
    callbot_str key;
    size_t i;
    for (i = 0; i < COUNT(keys); i++) {
        CHECK_OK(callbot_content_key(content, str("/x"), i, &key));
        CHECK_STR(key, keys[i]);
    }
    key = str("before");
    CHECK(callbot_content_key(content, str("/x"), i, &key) == CALLBOT_ABSENT);
    CHECK(callbot_content_key(content, str("/x"), SIZE_MAX, &key) == CALLBOT_ABSENT);
    CHECK(callbot_content_key(content, str("/x/o"), 0, &key) == CALLBOT_ABSENT);
    CHECK(callbot_content_key(content, str("/none"), 0, &key) == CALLBOT_ABSENT);
    CHECK(callbot_content_key(content, str("/callInfoDetail/intents"), 0, &key) == CALLBOT_WRONG_TYPE);
    CHECK(callbot_content_key(content, str("/orderID"), 0, &key) == CALLBOT_WRONG_TYPE);
    CHECK_STR(key, "before");
    CHECK_OK(callbot_content_key(content, str(""), 0, &key));
    CHECK_STR(key, "callbackType");
    callbot_content_free(content);
}

/* Invalid arguments of each getter, whose output is left alone. */
static void check_arguments(void) {
    static const struct {
        callbot_str pointer;
        callbot_status status;
    } pointers[] = {
        {{"a", 1}, CALLBOT_JSON_POINTER},       {{"/~", 2}, CALLBOT_JSON_POINTER},
        {{"/~2", 3}, CALLBOT_JSON_POINTER},     {{"#/orderID", 9}, CALLBOT_JSON_POINTER},
        {{"/\xff", 2}, CALLBOT_NOT_UTF8},       {{NULL, 1}, CALLBOT_NULL_POINTER},
        {{"/x", SIZE_MAX}, CALLBOT_LENGTH},
    };
    callbot_verified *verified = verified_callback(signer, str(callback_body));
    callbot_content *content = POISON(callbot_content);
    callbot_error *error;
    callbot_str string = {"before", 6};
    int64_t integer = 4711;
    double number = 0.25;
    bool boolean = true;
    size_t length = 4711;
    size_t i;

    CHECK(callbot_content_new(NULL, CALLBOT_CONTENT_CALL_CALLBACK, &content, &error) == CALLBOT_NULL_POINTER);
    CHECK(content == NULL && starts_with(callbot_error_message(error), "verified "));
    callbot_error_free(error);
    CHECK(callbot_content_new(verified, CALLBOT_CONTENT_CALL_CALLBACK, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_new(verified, 4, &content, NULL) == CALLBOT_UNKNOWN_CONSTANT && content == NULL);
    CHECK(callbot_content_new(verified, -1, &content, &error) == CALLBOT_UNKNOWN_CONSTANT);
    CHECK(starts_with(callbot_error_message(error), "kind "));
    callbot_error_free(error);

    content = content_of(verified, CALLBOT_CONTENT_CALL_CALLBACK);
    for (i = 0; i < COUNT(pointers); i++) {
        CHECK(callbot_content_string(content, pointers[i].pointer, &string) == pointers[i].status);
        CHECK(callbot_content_integer(content, pointers[i].pointer, &integer) == pointers[i].status);
        CHECK(callbot_content_number(content, pointers[i].pointer, &number) == pointers[i].status);
        CHECK(callbot_content_boolean(content, pointers[i].pointer, &boolean) == pointers[i].status);
        CHECK(callbot_content_length(content, pointers[i].pointer, &length) == pointers[i].status);
        CHECK(callbot_content_json(content, pointers[i].pointer, &string) == pointers[i].status);
        CHECK(callbot_content_key(content, pointers[i].pointer, 0, &string) == pointers[i].status);
    }
    CHECK(callbot_content_string(NULL, str(""), &string) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_integer(NULL, str(""), &integer) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_number(NULL, str(""), &number) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_boolean(NULL, str(""), &boolean) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_length(NULL, str(""), &length) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_json(NULL, str(""), &string) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_key(NULL, str(""), 0, &string) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_string(content, str("/orderID"), NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_integer(content, str("/callbackType"), NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_number(content, str("/callbackType"), NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_boolean(content, str("/finish"), NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_length(content, str(""), NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_json(content, str(""), NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_content_key(content, str(""), 0, NULL) == CALLBOT_NULL_POINTER);
    CHECK(same(string, str("before")) && integer == 4711 && number > 0.2 && number < 0.3 && boolean && length == 4711);
    callbot_content_free(content);

    CHECK(callbot_content_deviation_count(NULL) == 0 && nothing(callbot_content_deviation(NULL, 0)));
    callbot_content_free(NULL);
}

/* What cannot be read. The message stays proven, and its body can be read. */
static void check_failures(void) {
    static const struct {
        const char *body;
        int32_t kind;
        int32_t code;
        const char *message;
    } failures[] = {
        {"", CALLBOT_CONTENT_CALL_CALLBACK, CALLBOT_CODE_CONTENT_JSON, "the body is empty"},
        {"[]", CALLBOT_CONTENT_CALL_CALLBACK, CALLBOT_CODE_CONTENT_JSON, "the body is not"},
        {"{}{}", CALLBOT_CONTENT_CALL_CALLBACK, CALLBOT_CODE_CONTENT_JSON, "the body is not"},
        {"{\"agent\":{\"b\":1,\"\\u0062\":2}}", CALLBOT_CONTENT_CALL_CALLBACK, CALLBOT_CODE_CONTENT_REPEATED, 
         "duplicate key in /agent at line 1, column 17 (byte 16, counted from 0)"},
        {"{\"a\":{\"b\":1,\"\\u0062\":2}}", CALLBOT_CONTENT_CALL_CALLBACK, CALLBOT_CODE_CONTENT_REPEATED, 
         "duplicate key in the body at line 1, column 13 (byte 12, counted from 0)"},
        {"{\"orderID\":\"a\"}", CALLBOT_CONTENT_CALL_CALLBACK, CALLBOT_CODE_CONTENT_MISSING, "/callbackType: missing"},
        {"{\"orderID\":\"a\",\"callbackType\":1.5}", CALLBOT_CONTENT_ORDER_CALLBACK, CALLBOT_CODE_CONTENT_WRONG_TYPE,
         "/callbackType: expected"},
        {callback_body, CALLBOT_CONTENT_TASK_CALLBACK, CALLBOT_CODE_CONTENT_MISSING, "/taskStatus: missing"},
        {callback_body, CALLBOT_CONTENT_RESPONSE, CALLBOT_CODE_CONTENT_OTHER_KIND, "expected a response"},
    };
    size_t i;
    for (i = 0; i < COUNT(failures); i++) {
        callbot_verified *verified = verified_callback(signer, str(failures[i].body));
        callbot_content *content = POISON(callbot_content);
        callbot_error *error = POISON(callbot_error);
        CHECK(callbot_content_new(verified, failures[i].kind, &content, &error) == CALLBOT_CONTENT && content == NULL);
        CHECK(callbot_error_code_number(error) == failures[i].code);
        if (!starts_with(callbot_error_message(error), failures[i].message)) {
            fprintf(stderr, "%.*s\n", (int)callbot_error_message(error).len, callbot_error_message(error).data);
            exit(1);
        }
        CHECK_STR(callbot_verified_body(verified), failures[i].body);
        callbot_error_free(error);
        callbot_verified_free(verified);
    }
}

/* The body is parsed once, and a content is independent of its message and of other contents. */
static void check_objects(void) {
    callbot_verified *verified = verified_callback(signer, str(callback_body));
    callbot_content *one;
    callbot_content *two;
    callbot_content *other;
    callbot_str of_one;
    callbot_str of_two;
    CHECK_OK(callbot_content_new(verified, CALLBOT_CONTENT_CALL_CALLBACK, &one, NULL));
    CHECK_OK(callbot_content_new(verified, CALLBOT_CONTENT_CALL_CALLBACK, &two, NULL));
    CHECK_OK(callbot_content_new(verified, CALLBOT_CONTENT_ORDER_CALLBACK, &other, NULL));
    callbot_verified_free(verified);
    CHECK_OK(callbot_content_string(one, str("/orderID"), &of_one));
    CHECK_OK(callbot_content_string(two, str("/orderID"), &of_two));
    CHECK(of_one.data == of_two.data);
    callbot_content_free(one);
    CHECK_OK(callbot_content_string(two, str("/userName"), &of_two));
    CHECK_STR(of_two, "\xe7\x8e\x8b\n");
    callbot_content_free(two);
    CHECK_OK(callbot_content_string(other, str("/orderID"), &of_two));
    CHECK_STR(of_two, "a");
    callbot_content_free(other);
}

static void check_deviations(void) {
    static const char *const wanted[] = {
        "/callbackType: expected an integer, found a string",
        "/userName: expected a string, found null",
        "/other: missing",
        "/retMsg: half of a surrogate pair, read as U+FFFD",
        /* The pointer has no key that the API does not have. */
        "half of a surrogate pair, read as U+FFFD",
    };
    callbot_content *content = callback_of(
        "{\"callbackType\":\"1\",\"orderID\":\"a\",\"userPhone\":\"8613800000001\",\"userName\":null,\"sceneID\":\"s\","
        "\"userTaskID\":\"t\",\"taskID\":\"p\",\"finish\":true,\"retMsg\":\"\\ud83d\",\"zhangwei\":{\"other\":\"\\ud83d\"}}");
    size_t i;
    CHECK(callbot_content_deviation_count(content) == COUNT(wanted));
    for (i = 0; i < COUNT(wanted); i++) {
        CHECK_STR(callbot_content_deviation(content, i), wanted[i]);
        CHECK(callbot_content_deviation(content, i).data == callbot_content_deviation(content, i).data);
    }
    CHECK(nothing(callbot_content_deviation(content, i)));
    CHECK(nothing(callbot_content_deviation(content, SIZE_MAX)));
    callbot_content_free(content);
}

/* More deviations than are listed, and an array that is read by index. */
static void check_many(void) {
    enum { ROWS = 100000 };
    callbot_verified *verified;
    callbot_content *content;
    char *body = (char *)malloc(64 + (size_t)ROWS * 10);
    size_t len;
    size_t i;
    CHECK(body != NULL);
    len = (size_t)sprintf(body, "{\"retCode\":0,\"x\":[");
    for (i = 0; i < ROWS; i++) {
        len += (size_t)sprintf(body + len, "%s\"\\ud83d\"", i == 0 ? "" : ",");
    }
    len += (size_t)sprintf(body + len, "]}");
    verified = verified_response(signer, "", bytes(body, len));
    free(body);
    content = content_of(verified, CALLBOT_CONTENT_RESPONSE);
    CHECK(callbot_content_deviation_count(content) >= ROWS);
    CHECK(callbot_content_deviation(content, 99).len > 0 && nothing(callbot_content_deviation(content, 100)));
    for (i = 0; i < ROWS; i++) {
        char pointer[32];
        callbot_str string;
        snprintf(pointer, sizeof pointer, "/x/%u", (unsigned)i);
        CHECK_OK(callbot_content_string(content, str(pointer), &string));
        CHECK(string.len == 3);
    }
    callbot_content_free(content);
}

static callbot_result result_of(const callbot_verified *verified) {
    callbot_result result;
    callbot_error *error = POISON(callbot_error);
    CHECK_OK(callbot_verified_result(verified, &result, &error));
    CHECK(error == NULL);
    CHECK(result.meaning.data != NULL && strlen(result.meaning.data) == result.meaning.len);
    return result;
}

/* How a request went, for every endpoint and any path. */
static void check_results(void) {
    static const struct {
        const char *endpoint, *body;
        int64_t code;
        int32_t retry;
        const char *meaning, *message, *response_id;
    } results[] = {
        {"addBatchCall", "{\"retCode\":0,\"retMsg\":\"success\",\"responseID\":\"x\"}", 0, CALLBOT_RETRY_SUCCEEDED, "success",
         "success", "x"},
        {"stopOrder", "{\"retCode\":7,\"retMsg\":\"\\u738b\"}", 7, CALLBOT_RETRY_LATER, "system busy", "\xe7\x8e\x8b", ""},
        {"listTask", "{\"retCode\":\"6\",\"retMsg\":5}", 6, CALLBOT_RETRY_NEVER, "signature wrong", "", ""},
        {"", "{\"retCode\":4711}", 4711, CALLBOT_RETRY_UNKNOWN, "", "", ""},
        {"ping", "{\"code\":0,\"msg\":\"pong\",\"reqId\":\"y\",\"retCode\":1}", 0, CALLBOT_RETRY_SUCCEEDED, "success", "pong",
         "y"},
    };
    callbot_verified *verified;
    callbot_result result;
    callbot_result before;
    callbot_error *error = POISON(callbot_error);
    size_t i;
    for (i = 0; i < COUNT(results); i++) {
        verified = verified_response(signer, results[i].endpoint, str(results[i].body));
        result = result_of(verified);
        CHECK(result.code == results[i].code && result.retry == results[i].retry);
        CHECK_STR(result.meaning, results[i].meaning);
        CHECK_STR(result.message, results[i].message);
        CHECK_STR(result.response_id, results[i].response_id);
        CHECK(result_of(verified).message.data == result.message.data);
        callbot_verified_free(verified);
    }

    /* A callback has no result, and neither has what lacks its code. */
    memset(&before, 7, sizeof before);
    memcpy(&result, &before, sizeof result);
    verified = verified_callback(signer, str("{\"retCode\":0}"));
    CHECK(callbot_verified_result(verified, &result, &error) == CALLBOT_CONTENT);
    CHECK(callbot_error_code_number(error) == CALLBOT_CODE_CONTENT_OTHER_KIND);
    callbot_error_free(error);
    callbot_verified_free(verified);
    verified = verified_response(signer, "stopOrder", str("{\"code\":0}"));
    CHECK(callbot_verified_result(verified, &result, &error) == CALLBOT_CONTENT);
    CHECK(callbot_error_code_number(error) == CALLBOT_CODE_CONTENT_MISSING);
    callbot_error_free(error);
    CHECK(memcmp(&result, &before, sizeof result) == 0);
    CHECK(callbot_verified_result(NULL, &result, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_verified_result(verified, NULL, &error) == CALLBOT_NULL_POINTER);
    CHECK(starts_with(callbot_error_message(error), "result "));
    callbot_error_free(error);
    callbot_verified_free(verified);
}

int main(void) {
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("topsecret"), CALLBOT_ALGORITHM_SHA256, &signer, NULL));
    check_values();
    check_what_is_read();
    check_keys();
    check_arguments();
    check_failures();
    check_objects();
    check_deviations();
    check_many();
    check_results();
    callbot_signer_free(signer);
    return 0;
}
