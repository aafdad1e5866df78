/* Failures of the clock and of the random numbers. The program replaces the system's functions. */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static int random_fails;
static int random_calls;
static int clock_fails;
static long long clock_shows;

ssize_t getrandom(void *buffer, size_t len, unsigned flags);

ssize_t getrandom(void *buffer, size_t len, unsigned flags) {
    random_calls++;
    if (random_fails) {
        errno = EIO;
        return -1;
    }
    return (ssize_t)syscall(SYS_getrandom, buffer, len, flags);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (clock_fails && clock == CLOCK_REALTIME) {
        now->tv_sec = (time_t)clock_shows;
        now->tv_nsec = 0;
        return 0;
    }
    return (int)syscall(SYS_clock_gettime, clock, now);
}

/* A batch draws a seed for its index when it is made, and another one when it is cleared. */
static void seeds(callbot_str body) {
    callbot_batch *made;
    callbot_batch *read;
    random_calls = 0;
    made = new_batch(NULL);
    CHECK(random_calls == 1);
    callbot_batch_clear(made);
    CHECK(random_calls == 2);
    CHECK_OK(callbot_batch_from_json(NULL, body, CALLBOT_POLICY_KEEP_VALID, &read, NULL));
    CHECK(random_calls == 3);
    callbot_batch_free(read);
    callbot_batch_free(made);
    CHECK(random_calls == 3);
}

static callbot_signer *signer;
static callbot_batch *batch;
static callbot_request *first;

/* Both functions that take an empty request ID and a time of 0 fail with this status. */
static void check_both(const char *request_id, long create_ts, callbot_status wanted, const char *code) {
    callbot_error *error = POISON(callbot_error);
    callbot_request *request = POISON(callbot_request);
    int again;
    for (again = 0; again < 2; again++) {
        error = POISON(callbot_error);
        request = POISON(callbot_request);
        if (again) {
            CHECK(callbot_request_sign_again(first, signer, str(request_id), create_ts, &request, &error) == wanted);
        } else {
            CHECK(callbot_build_batch(signer, batch, str(request_id), create_ts, &request, &error) == wanted);
        }
        CHECK(request == NULL);
        CHECK(callbot_error_status(error) == wanted);
        CHECK_STR(callbot_error_code(error), code);
        CHECK(callbot_error_message(error).len > 0);
        callbot_error_free(error);
    }
}

/* Explaining asks for the time only if the message has none. */
static void explains(void) {
    callbot_header headers[2] = {{CALLBOT_STR("sign"), CALLBOT_STR("0")}, {CALLBOT_STR("createTs"), CALLBOT_STR("1726200000")}};
    callbot_explanation *explanation = POISON(callbot_explanation);
    CHECK_OK(callbot_explain(signer, headers, 2, str("{}"), false, 0, &explanation, NULL));
    callbot_explanation_free(explanation);
    CHECK(callbot_explain(signer, headers, 1, str("{}"), false, 0, &explanation, NULL) == CALLBOT_CLOCK);
    CHECK(explanation == NULL);
    CHECK_OK(callbot_explain(signer, headers, 1, str("{}"), false, 1726200000, &explanation, NULL));
    callbot_explanation_free(explanation);
}

int main(void) {
    callbot_order order = plain_order("order-1", "8613800000001");
    callbot_request *request;
    callbot_batch *read;

    CHECK_OK(callbot_signer_new(str("uuid-1"), str("secret-1"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    batch = new_batch(NULL);
    CHECK_OK(callbot_batch_add(batch, &order, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, str(""), 0, &first, NULL));

    seeds(callbot_request_body(first));

    random_fails = 1;
    check_both("", 1726200000, CALLBOT_NO_RANDOM, "no_random");
    CHECK_OK(callbot_build_batch(signer, batch, str("r-1"), 0, &request, NULL));
    callbot_request_free(request);
    /* A batch needs no random numbers. */
    callbot_batch_free(new_batch(NULL));
    CHECK_OK(callbot_batch_from_json(NULL, callbot_request_body(first), CALLBOT_POLICY_REFUSE_ALL, &read, NULL));
    CHECK(callbot_batch_len(read) == 1);
    callbot_batch_clear(read);
    CHECK_OK(callbot_batch_add(read, &order, NULL));
    callbot_batch_free(read);
    random_fails = 0;

    /* A clock before 1970, at its start, and beyond what can be seconds. */
    clock_fails = 1;
    clock_shows = -1;
    check_both("r-1", 0, CALLBOT_CLOCK, "clock");
    explains();
    clock_shows = 0;
    check_both("r-1", 0, CALLBOT_CLOCK, "clock");
    clock_shows = 1726200000000;
    check_both("r-1", 0, CALLBOT_CLOCK, "clock");
    CHECK_OK(callbot_build_batch(signer, batch, str(""), 1726200000, &request, NULL));
    callbot_request_free(request);

    /* The time is exactly the clock's. */
    clock_shows = 1726212345;
    CHECK_OK(callbot_build_batch(signer, batch, str(""), 0, &request, NULL));
    CHECK_STR(header(request, "createTs"), "1726212345");
    callbot_request_free(request);
    clock_fails = 0;

    callbot_request_free(first);
    callbot_batch_free(batch);
    callbot_signer_free(signer);
    return 0;
}
