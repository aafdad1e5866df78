/*
 * Sends many orders with the worker of examples/worker.c, and measures.
 *
 *     orders BASE_URL ORDERS ORDERS_IN_A_BATCH THREADS
 *
 * A pool of contacts goes round, as calls come and go in a dialler: the memory that is measured is
 * the worker's and the library's. What the library takes is measured by the thread's own clock
 * round its functions, by way of the linker (--wrap). The clock's own time is subtracted. An order
 * takes less than the clock does, so that only each 64th is measured.
 */

#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

enum { SAMPLE = 64, MAX_THREADS = 64, SHARES = 10 };

static long library_ns, clock_ns;

static long thread_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

static void measured(long begin, long times) {
    __atomic_add_fetch(&library_ns, (thread_ns() - begin - clock_ns) * times, __ATOMIC_RELAXED);
}

/* The time between two readings of the clock with nothing between them: the least of many. */
static void calibrate(void) {
    clock_ns = 1000000;
    for (int i = 0; i < 10000; i++) {
        long begin = thread_ns(), ns = thread_ns() - begin;
        if (ns < clock_ns) clock_ns = ns;
    }
}

/* Measures a function that the worker calls. */
#define MEASURE(type, name, parameters, arguments) \
    type __real_##name parameters;                 \
    type __wrap_##name parameters;                 \
    type __wrap_##name parameters {                \
        long begin = thread_ns();                  \
        type result = __real_##name arguments;     \
        measured(begin, 1);                        \
        return result;                             \
    }

#define MEASURE_VOID(name, type)         \
    void __real_##name(type *object);    \
    void __wrap_##name(type *object);    \
    void __wrap_##name(type *object) {   \
        long begin = thread_ns();        \
        __real_##name(object);           \
        measured(begin, 1);              \
    }

MEASURE(callbot_status, callbot_build_batch,
        (const callbot_signer *a, const callbot_batch *b, callbot_str c, int64_t d, callbot_request **e,
         callbot_error **f),
        (a, b, c, d, e, f))
MEASURE(callbot_status, callbot_request_url,
        (const callbot_request *a, callbot_str b, callbot_string **c, callbot_error **d), (a, b, c, d))
MEASURE(callbot_str, callbot_request_header_line, (const callbot_request *a, size_t b), (a, b))
MEASURE(callbot_status, callbot_headers_parse, (callbot_str a, callbot_headers **b, callbot_error **c), (a, b, c))
MEASURE(callbot_status, callbot_verify_response,
        (const callbot_verifier *a, const callbot_sent *b, const callbot_header *c, size_t d, callbot_str e, int64_t f,
         callbot_verified **g, callbot_error **h),
        (a, b, c, d, e, f, g, h))
MEASURE(callbot_status, callbot_content_new,
        (const callbot_verified *a, int32_t b, callbot_content **c, callbot_error **d), (a, b, c, d))
MEASURE(callbot_status, callbot_content_integer, (const callbot_content *a, callbot_str b, int64_t *c), (a, b, c))
MEASURE(callbot_status, callbot_outcome_new,
        (const callbot_content *a, callbot_str b, callbot_outcome **c, callbot_error **d), (a, b, c, d))
MEASURE_VOID(callbot_batch_clear, callbot_batch)
MEASURE_VOID(callbot_request_free, callbot_request)
MEASURE_VOID(callbot_string_free, callbot_string)
MEASURE_VOID(callbot_headers_free, callbot_headers)
MEASURE_VOID(callbot_verified_free, callbot_verified)
MEASURE_VOID(callbot_content_free, callbot_content)
MEASURE_VOID(callbot_outcome_free, callbot_outcome)

callbot_status __real_callbot_batch_add(callbot_batch *batch, const callbot_order *order, callbot_error **error);
callbot_status __wrap_callbot_batch_add(callbot_batch *batch, const callbot_order *order, callbot_error **error);
callbot_status __wrap_callbot_batch_add(callbot_batch *batch, const callbot_order *order, callbot_error **error) {
    static __thread unsigned calls;
    if (++calls % SAMPLE != 0) return __real_callbot_batch_add(batch, order, error);
    long begin = thread_ns();
    callbot_status status = __real_callbot_batch_add(batch, order, error);
    measured(begin, SAMPLE);
    return status;
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static long resident_kib(void) {
    long pages = 0, ignored;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &ignored, &pages) != 2) pages = 0;
    if (file != NULL) fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static callbot_str str(const char *string) {
    callbot_str borrowed = {string, strlen(string)};
    return borrowed;
}

struct slot {
    struct contact contact; /* first, so that a contact is its slot */
    char order_id[32], phone[16];
};

static void fill(struct slot *slot, long number) {
    snprintf(slot->order_id, sizeof slot->order_id, "load-%09ld", number);
    snprintf(slot->phone, sizeof slot->phone, "86138%08ld", number % 100000000);
    slot->contact.order_id = str(slot->order_id);
    slot->contact.phone = str(slot->phone);
}

int main(int argc, char **argv) {
    if (argc != 5 || getenv("CALLBOT_UUID") == NULL || getenv("CALLBOT_SECRET_KEY") == NULL) return 2;
    const long orders = atol(argv[2]), threads = atol(argv[4]);
    callbot_signer *signer = NULL;
    callbot_verifier *verifier = NULL;
    if (orders < SHARES || threads < 1 || threads > MAX_THREADS || atol(argv[3]) < 1 ||
        callbot_signer_new(str(getenv("CALLBOT_UUID")), str(getenv("CALLBOT_SECRET_KEY")), CALLBOT_ALGORITHM_MD5,
                           &signer, NULL) != CALLBOT_OK ||
        callbot_verifier_new(signer, &verifier, NULL) != CALLBOT_OK || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        return 1;
    }
    struct worker worker = {.signer = signer,
                            .verifier = verifier,
                            .base_url = str(argv[1]),
                            .task = CALLBOT_STR("load"),
                            .order_callback_url = CALLBOT_STR("http://127.0.0.1:9/order"),
                            .call_callback_url = CALLBOT_STR("http://127.0.0.1:9/call"),
                            .max_orders = (size_t)atol(argv[3]),
                            .timeout_ms = 30000,
                            .backoff_ms = 100,
                            .todo = QUEUE_INIT,
                            .done = QUEUE_INIT,
                            .unknown = QUEUE_INIT};
    long pool = 4 * threads * atol(argv[3]), accepted = 0, resident[SHARES + 1] = {0};
    if (pool > orders) pool = orders;
    struct slot *slots = calloc((size_t)pool, sizeof *slots);
    pthread_t running[MAX_THREADS];
    struct timespec begin, end;
    struct rusage usage;
    if (slots == NULL) return 1;
    calibrate();
    clock_gettime(CLOCK_MONOTONIC, &begin);
    long next = 0;
    for (; next < pool; next++) {
        fill(&slots[next], next);
        queue_put(&worker.todo, &slots[next].contact);
    }
    for (long i = 0; i < threads; i++) {
        if (pthread_create(&running[i], NULL, worker_run, &worker) != 0) return 1;
    }
    /* An unknown contact is not put into done, so this would wait: the provider answers always. */
    for (long done = 1; done <= orders; done++) {
        struct contact *contact = queue_take(&worker.done, true);
        accepted += contact->state == CONTACT_ACCEPTED;
        if (next < orders) {
            fill((struct slot *)contact, next++);
            queue_put(&worker.todo, contact);
        }
        if (done % (orders / SHARES) == 0 && done / (orders / SHARES) <= SHARES) {
            resident[done / (orders / SHARES)] = resident_kib();
        }
    }
    queue_close(&worker.todo);
    for (long i = 0; i < threads; i++) pthread_join(running[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"accepted\": %ld, \"seconds\": %.3f, \"cpu\": %.3f, \"library\": %.3f, \"peak\": %ld, \"resident\": [",
           accepted, (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9,
           seconds(usage.ru_utime) + seconds(usage.ru_stime), (double)library_ns / 1e9, usage.ru_maxrss);
    for (int i = 1; i <= SHARES; i++) printf("%s%ld", i > 1 ? ", " : "", resident[i]);
    printf("]}\n");
    free(slots);
    callbot_verifier_free(verifier);
    callbot_signer_free(signer);
    curl_global_cleanup();
    return accepted == orders ? 0 : 1;
}
