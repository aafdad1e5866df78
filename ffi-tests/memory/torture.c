/* Makes the n-th allocation of each call fail, for every n up to the first call without a failure:
 * once only, and from the n-th on. Each call has to succeed, or to return CALLBOT_NO_MEMORY and
 * leave its objects as they were: it is made again afterwards, with the result of a call without a
 * failure.
 *
 * The calls are in sending.h and receiving.h, which use every function of callbot.h. What ends in
 * _big has inputs of more than 8 KiB. Given the name of a call, the program makes only that one. */
#include "objects.h"
#include "receiving.h"
#include "sending.h"
#include "wrapped.h"

#include <pthread.h>

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

static const struct {
    const char *name;
    callbot_status (*call)(callbot_error **error);
} steps[] = {
#define OF(name) {#name, name},
    SENDING(OF) RECEIVING(OF)
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
    CHECK(callbot_error_code(error).len > 0 && callbot_error_unlisted_count(error) < 1000);
    for (i = 0; i < callbot_error_violation_count(error) && i < 3; i++) {
        callbot_error_violation_path(error, i);
        callbot_error_violation_message(error, i);
        callbot_error_violation_param(error, i);
        callbot_error_violation_field(error, i);
        callbot_error_violation_list_index(error, i);
        callbot_error_violation_order(error, i);
        CHECK(callbot_error_violation_code(error, i).len > 0 && callbot_error_violation_code_number(error, i) != 0);
    }
    callbot_error_free(error);
}

/* Memory is there again: no object holds a part of the reserve, with which small copies fail. */
static void check_recovered(void) {
    callbot_string *url = POISON(callbot_string);
    CHECK_OK(callbot_url_join(str("https://a.example"), str("/b"), &url, NULL));
    callbot_string_free(url);
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
    check_recovered();
    tear_down();
    return has_failed;
}

/* The name of the only call to make. */
static const char *only;

/* Makes a call many times while no allocation succeeds, so that the reserve would run out if it
 * were not given back. */
static void make_without_memory(size_t step, callbot_status wanted) {
    callbot_error *error;
    int i;
    set_up();
    for (i = 0; i < 300; i++) {
        callbot_status status;
        fails_from_then_on = 1;
        until_failure = 0;
        status = steps[step].call(&error);
        read_error(error, status);
        until_failure = -1;
        CHECK(status == wanted || status == CALLBOT_NO_MEMORY);
    }
    CHECK(steps[step].call(&error) == wanted);
    read_error(error, wanted);
    check_recovered();
    tear_down();
}

static void *run(void *argument) {
    unsigned long injected = 0;
    size_t step;
    for (step = 0; step < sizeof steps / sizeof steps[0]; step++) {
        const char *name = steps[step].name;
        callbot_error *error = POISON(callbot_error);
        callbot_status wanted;
        int wants_error, from_then_on;

        if (only != NULL && strcmp(name, only) != 0) {
            continue;
        }
        is_big = strlen(name) > 4 && strcmp(name + strlen(name) - 4, "_big") == 0;
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
                fprintf(stderr, "%s: %ld\n", name, n);
            }
        }
        make_without_memory(step, wanted);
    }
    *(unsigned long *)argument = injected;
    return NULL;
}

int main(int count, char **arguments) {
    /* In a thread with a small stack, as those of servers are. */
    pthread_attr_t attributes;
    pthread_t thread;
    unsigned long injected = 0;
    only = count > 1 ? arguments[1] : NULL;
    make_json();
    make_big();
    make_bodies();
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, 64 * 1024) == 0);
    CHECK(pthread_create(&thread, &attributes, run, &injected) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(injected > 100 || only != NULL);
    printf("%lu failures\n", injected);
    return 0;
}
