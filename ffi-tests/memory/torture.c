/* Makes the n-th allocation of each call fail, for every n up to the first call without a failure:
 * once only, and from the n-th on. callbot_explain and callbot_replays_* are not here. Each call
 * has to succeed, or to return CALLBOT_NO_MEMORY and leave its objects as they were: it is made
 * again afterwards, with the result of a call without a failure.
 *
 * The linker gives the library's calls of malloc to the functions below (--wrap). */
#include "../c/check.h"

#include <pthread.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);

/* The number of allocations until one fails; negative if none does. */
static long until_failure = -1;
static int fails_from_then_on;
static unsigned long failures;

static int fails(void) {
    if (until_failure < 0) {
        return 0;
    }
    if (until_failure > 0) {
        until_failure--;
        return 0;
    }
    if (!fails_from_then_on) {
        until_failure = -1;
    }
    failures++;
    return 1;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return fails() ? NULL : __real_calloc(count, size); }
void *__wrap_realloc(void *block, size_t size) { return fails() ? NULL : __real_realloc(block, size); }
int __wrap_posix_memalign(void **block, size_t alignment, size_t size) {
    return fails() ? 12 : __real_posix_memalign(block, alignment, size);
}

#define TS 1726200000

static callbot_signer *signer;
static callbot_rules *rules;
static callbot_batch *batch, *shared;
static callbot_request *request, *kept;
static callbot_verifier *verifier;
static callbot_verified *response, *callback;
static callbot_content *content;
static callbot_testing_message *message, *message_of_response;
static callbot_header headers[MAX_HEADERS], headers_of_response[MAX_HEADERS];
static size_t header_count, header_count_of_response;

static char json[20000];
static char long_string[3000];

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
}

static void tear_down(void) {
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
STEP(headers_parse) { MAKING(callbot_headers, callbot_headers_parse(str("HTTP/1.1 200 OK\r\na: b\r\nc: d\r\n\r\n"), out, error)); }
STEP(verifier_new) { MAKING(callbot_verifier, callbot_verifier_new(signer, out, error)); }
STEP(verifier_add) { return callbot_verifier_add(verifier, signer, error); }
STEP(verifier_set_tolerance) { return callbot_verifier_set_tolerance(verifier, 300, 60, error); }
STEP(verify_callback) {
    MAKING(callbot_verified, callbot_verify_callback(verifier, headers, header_count, str(BODY), TS, out, error));
}
STEP(verify_refused) {
    MAKING(callbot_verified, callbot_verify_callback(verifier, headers, header_count, str(BODY), TS + 100000, out, error));
}
STEP(verify_response) {
    callbot_sent sent = callbot_request_sent(request);
    MAKING(callbot_verified, callbot_verify_response(verifier, &sent, headers_of_response, header_count_of_response, str(RESPONSE), TS,
                                                     out, error));
}
STEP(result) {
    callbot_result result;
    return callbot_verified_result(response, &result, error);
}
STEP(content_new) { MAKING(callbot_content, callbot_content_new(callback, CALLBOT_CONTENT_CALL_CALLBACK, out, error)); }
STEP(content_of_other_kind) { MAKING(callbot_content, callbot_content_new(callback, CALLBOT_CONTENT_TASK_CALLBACK, out, error)); }
STEP(content_string) {
    callbot_str string;
    *error = NULL;
    return callbot_content_string(content, str("/errList/0/phone"), &string);
}
STEP(content_escaped) {
    callbot_str string;
    *error = NULL;
    return callbot_content_string(content, str("/a~1b~0c"), &string);
}
STEP(deviation) {
    size_t count = callbot_content_deviation_count(content);
    *error = NULL;
    return count == 0 || callbot_content_deviation(content, 0).len > 0 ? CALLBOT_OK : CALLBOT_NO_MEMORY;
}
STEP(outcome) { MAKING(callbot_outcome, callbot_outcome_new(content, callbot_request_body(request), out, error)); }
STEP(testing_response) {
    MAKING(callbot_testing_message, callbot_testing_sign_response(signer, request, 0, str("{}"), out, error));
}
STEP(testing_callback) {
    MAKING(callbot_testing_message, callbot_testing_sign_callback(signer, str(""), 0, str("{}"), out, error));
}

static const struct {
    const char *name;
    callbot_status (*call)(callbot_error **error);
} steps[] = {
#define OF(name) {#name, name}
    OF(signer_new), OF(sign), OF(signed_string), OF(rules_new), OF(require_param), OF(require_duplicate_param),
    OF(require_no_other_params), OF(allow_country_code), OF(allow_blank_edges), OF(unique_phones), OF(max_orders),
    OF(batch_new), OF(batch_new_refused), OF(add), OF(add_refused), OF(add_all), OF(add_all_refused), OF(add_all_keeping),
    OF(add_to_shared), OF(add_after_clear), OF(reserve), OF(from_json), OF(from_json_keeping), OF(from_canonical_json),
    OF(new_for), OF(build), OF(request_from_json), OF(request_from_json_with), OF(request_new), OF(sign_again),
    OF(request_url), OF(url_join), OF(header_line), OF(phone_check), OF(phone_from_typed), OF(headers_parse),
    OF(verifier_new), OF(verifier_add), OF(verifier_set_tolerance), OF(verify_callback), OF(verify_refused),
    OF(verify_response), OF(result), OF(content_new), OF(content_of_other_kind), OF(content_string), OF(content_escaped),
    OF(deviation), OF(outcome), OF(testing_response), OF(testing_callback),
};

/* Reads all of an error, and frees it. */
static void read_error(callbot_error *error, callbot_status status) {
    size_t i;
    if (error == NULL) {
        return;
    }
    if (status != CALLBOT_OK) {
        CHECK(callbot_error_status(error) == status);
    }
    CHECK(callbot_error_code_number(error) != 0 && callbot_error_message(error).len > 0);
    for (i = 0; i < callbot_error_violation_count(error) && i < 3; i++) {
        callbot_error_violation_path(error, i);
        callbot_error_violation_message(error, i);
        callbot_error_violation_param(error, i);
    }
    callbot_error_free(error);
}

/* Makes a call whose n-th allocation fails. Returns whether any failed. */
static int torture(size_t step, long n, int from_then_on, callbot_status wanted, int wants_error) {
    callbot_error *error = POISON(callbot_error);
    callbot_status status, again;
    int has_failed;

    set_up();
    failures = 0;
    fails_from_then_on = from_then_on;
    until_failure = n;
    status = steps[step].call(&error);
    if (status != CALLBOT_OK) {
        /* Reading an error takes memory too, and must do without. */
        CHECK(error == NULL || callbot_error_status(error) == status);
    }
    read_error(error, status);
    until_failure = -1;
    has_failed = failures > 0;
    if (status != wanted && !(has_failed && status == CALLBOT_NO_MEMORY)) {
        fprintf(stderr, "%s: status %d, not %d, at allocation %ld\n", steps[step].name, (int)status, (int)wanted, n);
        exit(1);
    }
    again = steps[step].call(&error);
    if (again != wanted || (error != NULL) != wants_error) {
        fprintf(stderr, "%s: again %d, not %d, after allocation %ld\n", steps[step].name, (int)again, (int)wanted, n);
        exit(1);
    }
    read_error(error, again);
    tear_down();
    return has_failed;
}

static void *run(void *argument) {
    unsigned long injected = 0;
    size_t step;
    for (step = 0; step < sizeof steps / sizeof steps[0]; step++) {
        callbot_error *error = POISON(callbot_error);
        callbot_status wanted;
        int wants_error, from_then_on;

        set_up();
        wanted = steps[step].call(&error);
        wants_error = error != NULL;
        read_error(error, wanted);
        tear_down();
        for (from_then_on = 0; from_then_on < 2; from_then_on++) {
            long n = 0;
            while (torture(step, n, from_then_on, wanted, wants_error)) {
                n++;
                injected++;
            }
            if (getenv("TORTURE_VERBOSE") != NULL) {
                fprintf(stderr, "%s: %ld\n", steps[step].name, n);
            }
        }
    }
    *(unsigned long *)argument = injected;
    return NULL;
}

int main(void) {
    /* In a thread with a small stack, as those of servers are. */
    pthread_attr_t attributes;
    pthread_t thread;
    unsigned long injected = 0;
    make_json();
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
    CHECK(pthread_create(&thread, &attributes, run, &injected) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(injected > 100);
    printf("%lu failures\n", injected);
    return 0;
}
