/*
 * What Go cannot do in one call: each function here saves Go many calls into C, or a pointer inside of Go's memory.
 *
 * Texts come packed: all bytes in one run, and the lengths in another. See packed in pack.go.
 */
#ifndef CALLBOT_GO_BRIDGE_H
#define CALLBOT_GO_BRIDGE_H

#include <stdbool.h>
#include <stdlib.h>

#include <callbot.h>

/* In place of a status of the library's: there was no memory for the orders. */
#define CALLBOT_GO_NO_MEMORY (-100)

typedef struct {
    const char *texts;
    const size_t *lengths;
} callbot_go_packed;

static inline size_t callbot_go_next_number(callbot_go_packed *packed) {
    return *packed->lengths++;
}

static inline callbot_str callbot_go_next(callbot_go_packed *packed) {
    callbot_str next = {packed->texts, callbot_go_next_number(packed)};
    packed->texts += next.len;
    return next;
}

/* ---- Errors ---- */

typedef struct {
    callbot_status status;
    callbot_str code;
    callbot_str message;
    size_t violation_count;
    size_t unlisted_count;
} callbot_go_error;

typedef struct {
    callbot_str code;
    callbot_str path;
    callbot_str message;
    size_t order;
} callbot_go_violation;

static inline callbot_go_error callbot_go_error_read(const callbot_error *error) {
    callbot_go_error read = {
        callbot_error_status(error),
        callbot_error_code(error),
        callbot_error_message(error),
        callbot_error_violation_count(error),
        callbot_error_unlisted_count(error),
    };
    return read;
}

static inline void callbot_go_error_violations(const callbot_error *error, size_t first, size_t count,
                                               callbot_go_violation *violations) {
    for (size_t i = 0; i < count; i++) {
        violations[i].code = callbot_error_violation_code(error, first + i);
        violations[i].path = callbot_error_violation_path(error, first + i);
        violations[i].message = callbot_error_violation_message(error, first + i);
        violations[i].order = callbot_error_violation_order(error, first + i);
    }
}

/* ---- Batches ---- */

/* Rules, but for their texts: these are packed, first the names of params, then the country codes. */
typedef struct {
    bool any;
    size_t param_count;
    bool no_other_params;
    size_t country_code_count;
    bool limited;
    size_t max_orders;
} callbot_go_rules;

/* Makes the rules; *rules is NULL where none are wanted, and on failure. */
static inline callbot_status callbot_go_rules_new(callbot_go_rules wanted, callbot_go_packed *packed,
                                                  callbot_rules **rules, callbot_error **error) {
    callbot_status status = CALLBOT_OK;
    *rules = NULL;
    *error = NULL;
    if (!wanted.any) {
        return CALLBOT_OK;
    }
    callbot_rules *made = callbot_rules_new();
    if (made == NULL) {
        return CALLBOT_PANIC;
    }
    for (size_t i = 0; status == CALLBOT_OK && i < wanted.param_count; i++) {
        status = callbot_rules_require_param(made, callbot_go_next(packed), error);
    }
    if (status == CALLBOT_OK && wanted.no_other_params) {
        status = callbot_rules_require_no_other_params(made, error);
    }
    for (size_t i = 0; status == CALLBOT_OK && i < wanted.country_code_count; i++) {
        status = callbot_rules_allow_country_code(made, callbot_go_next(packed), error);
    }
    if (status == CALLBOT_OK && wanted.limited) {
        status = callbot_rules_max_orders(made, wanted.max_orders, error);
    }
    if (status != CALLBOT_OK) {
        callbot_rules_free(made);
        return status;
    }
    *rules = made;
    return CALLBOT_OK;
}

static inline callbot_status callbot_go_batch_new(callbot_go_rules wanted, const char *texts, const size_t *lengths,
                                                  callbot_str user_task_id, callbot_str order_callback_url,
                                                  callbot_str call_callback_url, callbot_batch **batch,
                                                  callbot_error **error) {
    callbot_go_packed packed = {texts, lengths};
    callbot_rules *rules;
    callbot_status status = callbot_go_rules_new(wanted, &packed, &rules, error);
    if (status == CALLBOT_OK) {
        status = callbot_batch_new(rules, user_task_id, order_callback_url, call_callback_url, batch, error);
        callbot_rules_free(rules);
    }
    return status;
}

static inline callbot_status callbot_go_batch_from_json(callbot_go_rules wanted, const char *texts,
                                                        const size_t *lengths, callbot_str json, int32_t policy,
                                                        callbot_batch **batch, callbot_error **error) {
    callbot_go_packed packed = {texts, lengths};
    callbot_rules *rules;
    callbot_status status = callbot_go_rules_new(wanted, &packed, &rules, error);
    if (status == CALLBOT_OK) {
        status = callbot_batch_from_json(rules, json, policy, batch, error);
        callbot_rules_free(rules);
    }
    return status;
}

/*
 * Adds packed orders. Of each there are five texts, the number of its params, and two texts for each of these. *before is
 * set to how many orders the batch had.
 */
static inline callbot_status callbot_go_batch_add_all(callbot_batch *batch, const char *texts, const size_t *lengths,
                                                      size_t order_count, size_t param_count, int32_t policy,
                                                      size_t *before, callbot_error **error) {
    callbot_go_packed packed = {texts, lengths};
    /* One more than needed, so that NULL always means that there is no memory. */
    callbot_order *orders = (callbot_order *)calloc(order_count + 1, sizeof *orders);
    callbot_param *params = (callbot_param *)calloc(param_count + 1, sizeof *params);
    callbot_param *param = params;
    callbot_status status = CALLBOT_GO_NO_MEMORY;
    *error = NULL;
    *before = callbot_batch_len(batch);
    if (orders != NULL && params != NULL) {
        for (size_t i = 0; i < order_count; i++) {
            orders[i].order_id = callbot_go_next(&packed);
            orders[i].user_phone = callbot_go_next(&packed);
            orders[i].other = callbot_go_next(&packed);
            orders[i].user_name = callbot_go_next(&packed);
            orders[i].customer_name = callbot_go_next(&packed);
            orders[i].param_count = callbot_go_next_number(&packed);
            orders[i].params = param;
            for (size_t k = 0; k < orders[i].param_count; k++, param++) {
                param->name = callbot_go_next(&packed);
                param->value = callbot_go_next(&packed);
            }
        }
        status = callbot_batch_add_all(batch, orders, order_count, policy, error);
    }
    free(params);
    free(orders);
    return status;
}

/* ---- Requests ---- */

typedef struct {
    callbot_str name;
    callbot_str value;
} callbot_go_header;

typedef struct {
    callbot_request *request;
    callbot_str method;
    callbot_str path;
    callbot_str body;
    size_t header_count;
} callbot_go_request;

/* Reads as many headers as there is room for. */
static inline void callbot_go_request_headers(const callbot_request *request, callbot_go_header *headers,
                                              size_t room) {
    size_t count = callbot_request_header_count(request);
    for (size_t i = 0; i < count && i < room; i++) {
        headers[i].name = callbot_request_header_name(request, i);
        headers[i].value = callbot_request_header_value(request, i);
    }
}

/* Builds a request, which the caller frees, and reads it. */
static inline callbot_status callbot_go_build_batch(const callbot_signer *signer, const callbot_batch *batch,
                                                    callbot_str request_id, int64_t create_ts, callbot_go_request *built,
                                                    callbot_go_header *headers, size_t room, callbot_error **error) {
    callbot_request *request;
    callbot_status status = callbot_build_batch(signer, batch, request_id, create_ts, &request, error);
    if (status == CALLBOT_OK) {
        built->request = request;
        built->method = callbot_request_method(request);
        built->path = callbot_request_path(request);
        built->body = callbot_request_body(request);
        built->header_count = callbot_request_header_count(request);
        callbot_go_request_headers(request, headers, room);
    }
    return status;
}

#endif
