/* Linked into the worker by --wrap, so that many of its allocations and the library's fail: after
 * the first FAIL_AFTER, each FAIL_EVERY-th. */

#include <stddef.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);

static long after, every = 1, calls;

__attribute__((constructor)) static void configure(void) {
    after = strtol(getenv("FAIL_AFTER"), NULL, 10);
    every = strtol(getenv("FAIL_EVERY"), NULL, 10);
}

static int fails(void) {
    long call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    return call > after && call % every == 0;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return fails() ? NULL : __real_calloc(count, size); }
void *__wrap_realloc(void *block, size_t size) { return fails() ? NULL : __real_realloc(block, size); }
int __wrap_posix_memalign(void **block, size_t alignment, size_t size) {
    return fails() ? 12 : __real_posix_memalign(block, alignment, size);
}
