/*
 * Functions that save Go many calls into C, or a pointer inside of Go's memory.
 *
 * Strings are passed packed: all bytes in one array and all lengths in another. See packed in
 * pack.go. An object that a function here returns is freed by the caller.
 */
#ifndef CALLBOT_GO_BRIDGE_H
#define CALLBOT_GO_BRIDGE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <callbot.h>

typedef struct {
    const char *bytes;
    const size_t *lengths;
} callbot_go_packed;

static inline size_t callbot_go_next_number(callbot_go_packed *packed) {
    return *packed->lengths++;
}

static inline callbot_str callbot_go_next(callbot_go_packed *packed) {
    callbot_str next = {packed->bytes, callbot_go_next_number(packed)};
    packed->bytes += next.len;
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
    callbot_str field;
    callbot_str param;
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
        /* Empty only without memory. If it is there, so is the path, which may be empty. */
        violations[i].message = callbot_error_violation_message(error, first + i);
        violations[i].path = callbot_error_violation_path(error, first + i);
        violations[i].field = callbot_error_violation_field(error, first + i);
        violations[i].param = callbot_error_violation_param(error, first + i);
        violations[i].order = callbot_error_violation_list_index(error, first + i);
    }
}

/* ---- Batches ---- */

/* Rules without their strings, which are packed: param names first, then country codes. */
typedef struct {
    bool any;
    size_t param_count;
    bool no_other_params;
    size_t country_code_count;
    bool limited;
    size_t max_orders;
    bool allow_blank_edges;
    bool unique_phones;
} callbot_go_rules;

/* Creates the rules. *rules is NULL if none are wanted, and on failure. */
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
    if (status == CALLBOT_OK && wanted.allow_blank_edges) {
        status = callbot_rules_allow_blank_edges(made, error);
    }
    if (status == CALLBOT_OK && wanted.unique_phones) {
        status = callbot_rules_unique_phones(made, error);
    }
    if (status != CALLBOT_OK) {
        callbot_rules_free(made);
        return status;
    }
    *rules = made;
    return CALLBOT_OK;
}

static inline callbot_status callbot_go_batch_new(callbot_go_rules wanted, const char *bytes, const size_t *lengths,
                                                  callbot_str user_task_id, callbot_str order_callback_url,
                                                  callbot_str call_callback_url, callbot_batch **batch,
                                                  callbot_error **error) {
    callbot_go_packed packed = {bytes, lengths};
    callbot_rules *rules;
    callbot_status status = callbot_go_rules_new(wanted, &packed, &rules, error);
    if (status == CALLBOT_OK) {
        status = callbot_batch_new(rules, user_task_id, order_callback_url, call_callback_url, batch, error);
        callbot_rules_free(rules);
    }
    return status;
}

static inline callbot_status callbot_go_batch_from_json(callbot_go_rules wanted, const char *bytes,
                                                        const size_t *lengths, callbot_str json, int32_t policy,
                                                        callbot_batch **batch, callbot_error **error) {
    callbot_go_packed packed = {bytes, lengths};
    callbot_rules *rules;
    callbot_status status = callbot_go_rules_new(wanted, &packed, &rules, error);
    if (status == CALLBOT_OK) {
        status = callbot_batch_from_json(rules, json, policy, batch, error);
        callbot_rules_free(rules);
    }
    return status;
}

/* The batch of an endpoint's JSON. */
static inline callbot_status callbot_go_batch_new_for(callbot_go_rules wanted, const char *bytes, const size_t *lengths,
                                                      callbot_str endpoint, callbot_str json, int32_t policy,
                                                      callbot_batch **batch, callbot_error **error) {
    callbot_go_packed packed = {bytes, lengths};
    callbot_rules *rules;
    callbot_status status = callbot_go_rules_new(wanted, &packed, &rules, error);
    if (status == CALLBOT_OK) {
        status = callbot_batch_new_for(rules, endpoint, json, policy, batch, error);
        callbot_rules_free(rules);
    }
    return status;
}

/*
 * Adds packed orders. An order is five strings, the number of its params, and two strings for each
 * param.
 */
static inline callbot_status callbot_go_batch_add_all(callbot_batch *batch, const char *bytes, const size_t *lengths,
                                                      size_t order_count, size_t param_count, int32_t policy,
                                                      callbot_error **error) {
    callbot_go_packed packed = {bytes, lengths};
    /* One element more than needed, since calloc may return NULL for zero bytes. */
    callbot_order *orders = (callbot_order *)calloc(order_count + 1, sizeof *orders);
    callbot_param *params = (callbot_param *)calloc(param_count + 1, sizeof *params);
    callbot_param *param = params;
    callbot_status status = CALLBOT_NO_MEMORY;
    *error = NULL;
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
    callbot_str endpoint;
    callbot_str body;
    size_t header_count;
} callbot_go_request;

/* Reads at most `capacity` headers of a request. Returns how many there are. */
static inline size_t callbot_go_request_headers(const callbot_request *request, callbot_go_header *headers,
                                                size_t capacity) {
    size_t count = callbot_request_header_count(request);
    for (size_t i = 0; i < count && i < capacity; i++) {
        headers[i].name = callbot_request_header_name(request, i);
        headers[i].value = callbot_request_header_value(request, i);
    }
    return count;
}

/* Reads a request, with at most `capacity` headers. */
static inline callbot_go_request callbot_go_request_read(callbot_request *request, callbot_go_header *headers,
                                                         size_t capacity) {
    callbot_go_request read = {
        request,
        callbot_request_method(request),
        callbot_request_path(request),
        callbot_request_endpoint(request),
        callbot_request_body(request),
        callbot_go_request_headers(request, headers, capacity),
    };
    return read;
}

/* Builds the request of a batch and reads it. */
static inline callbot_status callbot_go_build_batch(const callbot_signer *signer, const callbot_batch *batch,
                                                    callbot_str request_id, int64_t create_ts,
                                                    callbot_go_request *built, callbot_go_header *headers,
                                                    size_t capacity, callbot_error **error) {
    callbot_request *request;
    callbot_status status = callbot_build_batch(signer, batch, request_id, create_ts, &request, error);
    if (status == CALLBOT_OK) {
        *built = callbot_go_request_read(request, headers, capacity);
    }
    return status;
}

/* Signs the request of an endpoint's JSON, and reads it. */
static inline callbot_status callbot_go_request_from_json(const callbot_signer *signer, callbot_go_rules wanted,
                                                          const char *bytes, const size_t *lengths,
                                                          callbot_str endpoint, callbot_str json,
                                                          callbot_str request_id, int64_t create_ts,
                                                          callbot_go_request *built, callbot_go_header *headers,
                                                          size_t capacity, callbot_error **error) {
    callbot_go_packed packed = {bytes, lengths};
    callbot_rules *rules;
    callbot_request *request;
    callbot_status status = callbot_go_rules_new(wanted, &packed, &rules, error);
    if (status != CALLBOT_OK) {
        return status;
    }
    status = callbot_request_from_json_with(signer, rules, endpoint, json, request_id, create_ts, &request, error);
    callbot_rules_free(rules);
    if (status == CALLBOT_OK) {
        *built = callbot_go_request_read(request, headers, capacity);
    }
    return status;
}

/* Signs any path and any body, and reads the request. */
static inline callbot_status callbot_go_request_new(const callbot_signer *signer, callbot_str path, callbot_str body,
                                                    callbot_str request_id, int64_t create_ts,
                                                    callbot_go_request *built, callbot_go_header *headers,
                                                    size_t capacity, callbot_error **error) {
    callbot_request *request;
    callbot_status status = callbot_request_new(signer, path, body, request_id, create_ts, &request, error);
    if (status == CALLBOT_OK) {
        *built = callbot_go_request_read(request, headers, capacity);
    }
    return status;
}

/* ---- Verifying responses and callbacks ---- */

/* The longest requestID of a received message. */
#define CALLBOT_GO_REQUEST_ID_CAPACITY 256

typedef struct {
    callbot_verified *verified; /* NULL for a callback */
    uint64_t create_ts;
    uint64_t replay_expires_at;
    size_t signer_index;
    size_t request_id_length;
    char request_id[CALLBOT_GO_REQUEST_ID_CAPACITY];
} callbot_go_verified;

#define CALLBOT_GO_FEW_HEADERS 32

/*
 * Unpacks headers into `few`, or into memory that the caller frees if there are more. NULL if there
 * is no memory.
 */
static inline callbot_header *callbot_go_headers(const char *bytes, const size_t *lengths, size_t header_count,
                                                 callbot_header few[CALLBOT_GO_FEW_HEADERS]) {
    callbot_go_packed packed = {bytes, lengths};
    callbot_header *headers = few;
    if (header_count > CALLBOT_GO_FEW_HEADERS) {
        headers = (callbot_header *)calloc(header_count, sizeof *headers);
        if (headers == NULL) {
            return NULL;
        }
    }
    for (size_t i = 0; i < header_count; i++) {
        headers[i].name = callbot_go_next(&packed);
        headers[i].value = callbot_go_next(&packed);
    }
    return headers;
}

/*
 * Verifies a message, whose headers are packed, and copies what Go needs of it. `sent` is NULL for a
 * callback, of which nothing remains in C. Go reads the body itself.
 */
static inline callbot_status callbot_go_verify(const callbot_verifier *verifier, const callbot_sent *sent,
                                               const char *bytes, const size_t *lengths, size_t header_count,
                                               callbot_str body, int64_t now, callbot_go_verified *read,
                                               callbot_error **error) {
    callbot_header few[CALLBOT_GO_FEW_HEADERS];
    callbot_header *headers = callbot_go_headers(bytes, lengths, header_count, few);
    callbot_verified *verified = NULL;
    callbot_status status;
    *error = NULL;
    if (headers == NULL) {
        return CALLBOT_NO_MEMORY;
    }
    status = sent == NULL ? callbot_verify_callback(verifier, headers, header_count, body, now, &verified, error)
                          : callbot_verify_response(verifier, sent, headers, header_count, body, now, &verified, error);
    if (headers != few) {
        free(headers);
    }
    if (status != CALLBOT_OK) {
        return status;
    }
    callbot_str request_id = callbot_verified_request_id(verified);
    read->request_id_length = request_id.len < sizeof read->request_id ? request_id.len : sizeof read->request_id;
    memcpy(read->request_id, request_id.data, read->request_id_length);
    read->create_ts = callbot_verified_create_ts(verified);
    read->replay_expires_at = callbot_verified_replay_expires_at(verified);
    read->signer_index = callbot_verified_signer_index(verified);
    if (sent == NULL) {
        callbot_verified_free(verified);
        verified = NULL;
    }
    read->verified = verified;
    return status;
}

/* Verifies a response. sent is a value, since cgo refuses a pointer to a struct of Go strings. */
static inline callbot_status callbot_go_verify_response(const callbot_verifier *verifier, callbot_sent sent,
                                                        const char *bytes, const size_t *lengths, size_t header_count,
                                                        callbot_str body, int64_t now, callbot_go_verified *read,
                                                        callbot_error **error) {
    return callbot_go_verify(verifier, &sent, bytes, lengths, header_count, body, now, read, error);
}

typedef struct {
    callbot_str code;
    callbot_str message;
    callbot_str fix;
} callbot_go_cause;

/* The most causes that an explanation has. */
#define CALLBOT_GO_CAUSES 2

typedef struct {
    callbot_explanation *explanation;
    bool matches;
    size_t cause_count;
    callbot_go_cause causes[CALLBOT_GO_CAUSES];
} callbot_go_explanation;

/* Explains the signature of a message, whose headers are packed. */
static inline callbot_status callbot_go_explain(const callbot_signer *signer, const char *bytes, const size_t *lengths,
                                                size_t header_count, callbot_str body, bool received, int64_t now,
                                                callbot_go_explanation *read, callbot_error **error) {
    callbot_header few[CALLBOT_GO_FEW_HEADERS];
    callbot_header *headers = callbot_go_headers(bytes, lengths, header_count, few);
    callbot_status status;
    *error = NULL;
    if (headers == NULL) {
        return CALLBOT_NO_MEMORY;
    }
    status = callbot_explain(signer, headers, header_count, body, received, now, &read->explanation, error);
    if (headers != few) {
        free(headers);
    }
    if (status != CALLBOT_OK) {
        return status;
    }
    read->matches = callbot_explanation_matches(read->explanation);
    read->cause_count = callbot_explanation_cause_count(read->explanation);
    for (size_t i = 0; i < read->cause_count && i < CALLBOT_GO_CAUSES; i++) {
        read->causes[i].code = callbot_explanation_code(read->explanation, i);
        read->causes[i].message = callbot_explanation_message(read->explanation, i);
        read->causes[i].fix = callbot_explanation_fix(read->explanation, i);
    }
    return status;
}

typedef struct {
    callbot_outcome *outcome;
    int32_t kind;
    int32_t retry;
    size_t refused_count;
    size_t unlisted_count;
} callbot_go_outcome;

/* Compares a response with the body of its request. */
static inline callbot_status callbot_go_outcome_new(const callbot_verified *verified, callbot_str request_body,
                                                    callbot_go_outcome *read, callbot_error **error) {
    callbot_content *content;
    callbot_status status = callbot_content_new(verified, CALLBOT_CONTENT_RESPONSE, &content, error);
    if (status != CALLBOT_OK) {
        return status;
    }
    status = callbot_outcome_new(content, request_body, &read->outcome, error);
    callbot_content_free(content);
    read->kind = callbot_outcome_kind(read->outcome);
    read->retry = callbot_outcome_retry(read->outcome);
    read->refused_count = callbot_outcome_refused_count(read->outcome);
    read->unlisted_count = callbot_outcome_unlisted_count(read->outcome);
    return status;
}

/* Reads the refused orders from the given one on. */
static inline void callbot_go_outcome_refused(const callbot_outcome *outcome, size_t first, size_t count,
                                              callbot_refused *refused) {
    for (size_t i = 0; i < count; i++) {
        callbot_outcome_refused(outcome, first + i, &refused[i]);
    }
}

/* Reads at most `capacity` headers of a message. Returns how many there are. */
static inline size_t callbot_go_testing_headers(const callbot_testing_message *message, callbot_go_header *headers,
                                                size_t capacity) {
    size_t count = callbot_testing_message_header_count(message);
    for (size_t i = 0; i < count && i < capacity; i++) {
        headers[i].name = callbot_testing_message_header_name(message, i);
        headers[i].value = callbot_testing_message_header_value(message, i);
    }
    return count;
}

#endif
