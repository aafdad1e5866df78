/* An address space that is too small for the call in earnest: 106 MB of JSON with 120 MB left. */
#include "../c/check.h"

#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#define JSON_LEN (106u * 1000 * 1000)
#define LEFT (120ul * 1000 * 1000)

static char *json;
static callbot_signer *signer;

/* A whole batch, as JSON. */
static void make_json(void) {
    static const char head[] =
        "{\"userTaskID\":\"t\",\"callInfoList\":{\"orderCallbackUrl\":\"https://a.example/\","
        "\"callCallbackUrl\":\"https://a.example/\",\"callList\":[";
    size_t at = sizeof head - 1;
    unsigned i = 0;
    json = malloc(JSON_LEN + 200);
    CHECK(json != NULL);
    memcpy(json, head, at);
    while (at < JSON_LEN) {
        at += (size_t)sprintf(json + at, "%s{\"orderID\":\"%u\",\"userPhone\":\"8613800000001\",\"params\":[]}", i == 0 ? "" : ",", i);
        i++;
    }
    strcpy(json + at, "]}}");
}

static size_t address_space(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%lu", &pages) == 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void check_no_memory(callbot_status status, callbot_error *error) {
    CHECK(status == CALLBOT_NO_MEMORY && callbot_error_status(error) == CALLBOT_NO_MEMORY);
    CHECK_STR(callbot_error_code(error), "no_memory");
    callbot_error_free(error);
}

static void check_use(void) {
    callbot_batch *batch = new_batch(NULL);
    callbot_order order = plain_order("1", "8613800000001");
    callbot_request *request;
    CHECK_OK(callbot_batch_add(batch, &order, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, str(""), 0, &request, NULL));
    callbot_request_free(request);
    callbot_batch_free(batch);
}

/* Explains with almost no memory left, and again when there is more. A right signature takes none
 * for the body's tokens. */
static void check_explain(const callbot_header *headers, size_t count) {
    enum { DEPTH = 50, GROUPS = 4000, ROOM = 4 << 20 };
    callbot_explanation *explanation = POISON(callbot_explanation);
    callbot_error *error;
    callbot_status status;
    struct rlimit limit;
    char *brackets = malloc(2 * DEPTH * GROUPS + 1), *rest;
    size_t i;
    CHECK_OK(callbot_explain(signer, headers, count, str(json), true, 0, &explanation, NULL));
    CHECK(callbot_explanation_matches(explanation));
    callbot_explanation_free(explanation);

    CHECK(brackets != NULL);
    for (i = 0; i < (size_t)2 * DEPTH * GROUPS; i++) {
        brackets[i] = i % (2 * DEPTH) < DEPTH ? '[' : ']';
    }
    brackets[i] = '\0';
    CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
    rest = malloc(limit.rlim_cur - address_space() - ROOM);
    CHECK(rest != NULL);
    status = callbot_explain(signer, headers, count, str(brackets), true, 0, &explanation, &error);
    CHECK(explanation == NULL);
    check_no_memory(status, error);
    free(rest);
    CHECK_OK(callbot_explain(signer, headers, count, str(brackets), true, 0, &explanation, NULL));
    CHECK(!callbot_explanation_matches(explanation) && callbot_explanation_cause_count(explanation) == 0);
    callbot_explanation_free(explanation);
    free(brackets);
}

static void *run(void *nothing) {
    callbot_batch *batch = POISON(callbot_batch);
    callbot_request *request = POISON(callbot_request);
    callbot_testing_message *message;
    callbot_verifier *verifier;
    callbot_verified *verified = POISON(callbot_verified);
    callbot_error *error;
    callbot_status status;
    callbot_header headers[MAX_HEADERS];
    size_t count;

    status = callbot_batch_from_json(NULL, str(json), CALLBOT_POLICY_REFUSE_ALL, &batch, &error);
    CHECK(batch == NULL);
    check_no_memory(status, error);
    check_use();

    CHECK_OK(callbot_request_new(signer, str("/a"), str(json), str(""), 0, &request, NULL));
    callbot_request_free(request);
    CHECK_OK(callbot_verifier_new(signer, &verifier, NULL));
    CHECK_OK(callbot_testing_sign_callback(signer, str("1"), 0, str(json), &message, NULL));
    count = headers_of(message, headers);
    /* There is room for the copy of the body, and not for its values beside it. */
    CHECK_OK(callbot_verify_callback(verifier, headers, count, str(json), 0, &verified, NULL));
    status = callbot_verified_result(verified, &(callbot_result){0}, &error);
    CHECK(status == CALLBOT_CONTENT);
    callbot_error_free(error);
    {
        callbot_content *content = POISON(callbot_content);
        status = callbot_content_new(verified, CALLBOT_CONTENT_CALL_CALLBACK, &content, &error);
        CHECK(content == NULL);
        check_no_memory(status, error);
    }
    callbot_verified_free(verified);
    check_explain(headers, count);
    callbot_testing_message_free(message);
    callbot_verifier_free(verifier);
    check_use();
    return nothing;
}

int main(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    struct rlimit limit;
#ifdef M_ARENA_MAX
    /* By default, glibc has 64 MiB of address space in reserve for a thread, if it finds them, and
     * keeps freed memory for later calls. */
    CHECK(mallopt(M_ARENA_MAX, 1) == 1 && mallopt(M_MMAP_THRESHOLD, 128 * 1024) == 1);
#endif
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("topsecret"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    make_json();
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, 64 * 1024) == 0);
    limit.rlim_cur = limit.rlim_max = address_space() + LEFT;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    CHECK(pthread_create(&thread, &attributes, run, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    callbot_signer_free(signer);
    free(json);
    return 0;
}
