/* The linker gives the library's calls of malloc to the functions below (--wrap). The program says
 * which of them fail. */
#ifndef WRAPPED_H
#define WRAPPED_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the next allocation fails. */
static int fails(void);

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);

void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return fails() ? NULL : __real_calloc(count, size); }
void *__wrap_realloc(void *block, size_t size) { return fails() ? NULL : __real_realloc(block, size); }
int __wrap_posix_memalign(void **block, size_t alignment, size_t size) {
    return fails() ? 12 : __real_posix_memalign(block, alignment, size);
}

#ifdef __cplusplus
}
#endif

#endif
