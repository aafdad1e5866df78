/* Linked into the worker, so that many of its allocations and the library's fail: after the first
 * FAIL_AFTER, each FAIL_EVERY-th. */
#include "wrapped.h"

#include <stdlib.h>

static long after, every = 1, calls;

__attribute__((constructor)) static void configure(void) {
    after = strtol(getenv("FAIL_AFTER"), NULL, 10);
    every = strtol(getenv("FAIL_EVERY"), NULL, 10);
}

static int fails(void) {
    long call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    return call > after && call % every == 0;
}
