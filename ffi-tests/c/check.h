/* What the programs of this folder share: checks that end the program, and sample objects. */
#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callbot.h"

/* Ends the program unless the condition holds. */
#define CHECK(condition)                                                                    \
    do {                                                                                    \
        if (!(condition)) {                                                                 \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                        \
        }                                                                                   \
    } while (0)

/* Ends the program unless the call succeeds. */
#define CHECK_OK(call)                                                                          \
    do {                                                                                        \
        callbot_status check_status = (call);                                                   \
        if (check_status != CALLBOT_OK) {                                                       \
            fprintf(stderr, "%s:%d: status %d: %s\n", __FILE__, __LINE__, (int)check_status, #call); \
            exit(1);                                                                            \
        }                                                                                       \
    } while (0)

/* Ends the program unless the callbot_str equals the C string. */
#define CHECK_STR(found, wanted)                                                                     \
    do {                                                                                              \
        callbot_str check_found = (found);                                                            \
        const char *check_wanted = (wanted);                                                          \
        if (!same(check_found, str(check_wanted))) {                                                 \
            fprintf(stderr, "%s:%d: %s is \"%.*s\", not \"%s\"\n", __FILE__, __LINE__, #found,        \
                    (int)check_found.len, check_found.data != NULL ? check_found.data : "", check_wanted); \
            exit(1);                                                                                  \
        }                                                                                             \
    } while (0)

/* A pointer that an output has before a call. A function must overwrite it and never follow it. */
#define POISON(type) ((type *)(void *)check_poison)

static long long check_poison[2];

static inline callbot_str bytes(const void *data, size_t len) {
    callbot_str s;
    s.data = (const char *)data;
    s.len = len;
    return s;
}

static inline callbot_str str(const char *c_string) {
    return bytes(c_string, strlen(c_string));
}

static inline int same(callbot_str a, callbot_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* {NULL, 0}: what functions that cannot fail return for NULL and an index out of range. */
static inline int nothing(callbot_str s) {
    return s.data == NULL && s.len == 0;
}

static inline int contains(callbot_str s, const char *wanted) {
    size_t len = strlen(wanted);
    size_t i;
    for (i = 0; i + len <= s.len; i++) {
        if (memcmp(s.data + i, wanted, len) == 0) {
            return 1;
        }
    }
    return 0;
}

static inline int starts_with(callbot_str s, const char *wanted) {
    size_t len = strlen(wanted);
    return s.len >= len && memcmp(s.data, wanted, len) == 0;
}

/* The value of the request's only header of that name. */
static inline callbot_str header(const callbot_request *request, const char *name) {
    callbot_str value = {NULL, 0};
    size_t found = 0;
    size_t i;
    for (i = 0; i < callbot_request_header_count(request); i++) {
        if (same(callbot_request_header_name(request, i), str(name))) {
            value = callbot_request_header_value(request, i);
            found++;
        }
    }
    CHECK(found == 1);
    return value;
}

/* An order with its required fields only. */
static inline callbot_order plain_order(const char *order_id, const char *user_phone) {
    callbot_order order;
    memset(&order, 0, sizeof order);
    order.order_id = str(order_id);
    order.user_phone = str(user_phone);
    return order;
}

static inline callbot_batch *new_batch(const callbot_rules *rules) {
    callbot_batch *batch = POISON(callbot_batch);
    CHECK_OK(callbot_batch_new(rules, str("task-1"), str("https://example.com/order"), str("https://example.com/call"),
                               &batch, NULL));
    CHECK(batch != NULL && batch != POISON(callbot_batch));
    return batch;
}

/* The maximum number of headers in a test's message. */
#define MAX_HEADERS 32

/* Reads the headers of a message of the provider's side. Returns their number. */
static inline size_t headers_of(const callbot_testing_message *message, callbot_header *headers) {
    size_t count = callbot_testing_message_header_count(message);
    size_t i;
    CHECK(count <= MAX_HEADERS);
    for (i = 0; i < count; i++) {
        headers[i].name = callbot_testing_message_header_name(message, i);
        headers[i].value = callbot_testing_message_header_value(message, i);
    }
    CHECK(nothing(callbot_testing_message_header_name(message, count)));
    CHECK(nothing(callbot_testing_message_header_value(message, count)));
    return count;
}

#endif
