/* Many threads share one store against replays: each callback is done once, whoever claims it. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <sched.h>

#include "check.h"

#define THREADS 8
#define KEYS 200
#define TS 1726200000

static callbot_replays *replays;
static pthread_barrier_t start;

/* Guarded by the claims alone: only the worker that holds a key's claim touches its numbers. */
static unsigned tries[KEYS], worked[KEYS];
static unsigned found_done[THREADS];

/* Every third callback fails at first, and is released for whoever comes next. */
static bool process(size_t key) {
    tries[key]++;
    sched_yield(); /* so that others come in the meantime */
    if (key % 3 == 0 && tries[key] == 1) return false;
    worked[key]++;
    return true;
}

static void *work(void *argument) {
    size_t thread = *(const size_t *)argument, round;
    pthread_barrier_wait(&start);
    for (round = 0; round < 2 * KEYS; round++) {
        size_t i = round % KEYS;
        char name[32];
        callbot_claim claim;
        snprintf(name, sizeof name, "uuid call r-%u", (unsigned)i);
        do {
            CHECK_OK(callbot_replays_begin(replays, str(name), 60, TS, &claim, NULL));
            if (claim.state == CALLBOT_CLAIM_IN_PROCESS) {
                sched_yield(); /* valgrind runs one thread at a time */
            } else if (claim.state == CALLBOT_CLAIM_BEGUN && process(i)) {
                CHECK_OK(callbot_replays_done(replays, str(name), claim.token, TS + 500, TS, NULL));
            } else if (claim.state == CALLBOT_CLAIM_BEGUN) {
                CHECK_OK(callbot_replays_release(replays, str(name), claim.token, TS, NULL));
            }
        } while (claim.state == CALLBOT_CLAIM_IN_PROCESS);
        found_done[thread] += claim.state == CALLBOT_CLAIM_DONE;
    }
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    size_t numbers[THREADS], i;
    unsigned all_done = 0;

    CHECK_OK(callbot_replays_new(KEYS, &replays, NULL));
    CHECK(pthread_barrier_init(&start, NULL, THREADS) == 0);
    for (i = 0; i < THREADS; i++) {
        numbers[i] = i;
        CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
    }
    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        all_done += found_done[i];
    }
    pthread_barrier_destroy(&start);

    for (i = 0; i < KEYS; i++) {
        CHECK(worked[i] == 1);
        CHECK(tries[i] == (i % 3 == 0 ? 2u : 1u));
    }
    /* Each time that a thread came to a callback it claimed it or found it done. */
    CHECK(all_done == 2 * KEYS * THREADS - KEYS - (KEYS + 2) / 3);
    callbot_replays_free(replays);
    return 0;
}
