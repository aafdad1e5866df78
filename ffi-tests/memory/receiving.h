/* The calls that receive, for the torture. */
#ifndef RECEIVING_H
#define RECEIVING_H

#include "objects.h"

STEP(headers_parse) { MAKING(callbot_headers, callbot_headers_parse(str("HTTP/1.1 200 OK\r\na: b\r\nc: d\r\n\r\n"), out, error)); }
STEP(verifier_new) { MAKING(callbot_verifier, callbot_verifier_new(signer, out, error)); }
STEP(verifier_add) { return callbot_verifier_add(verifier, signer, error); }
STEP(verifier_set_tolerance) { return callbot_verifier_set_tolerance(verifier, 300, 60, error); }
STEP(verify_callback) {
    MAKING(callbot_verified, callbot_verify_callback(verifier, headers, header_count, str(BODY), TS, out, error));
}
STEP(verify_refused) {
    MAKING(callbot_verified, callbot_verify_callback(verifier, headers, header_count, str(BODY), TS + 100000, out, error));
}
STEP(verify_response) {
    callbot_sent sent = callbot_request_sent(request);
    MAKING(callbot_verified, callbot_verify_response(verifier, &sent, headers_of_response, header_count_of_response, str(RESPONSE), TS,
                                                     out, error));
}
STEP(result) {
    callbot_result result;
    return callbot_verified_result(response, &result, error);
}
STEP(content_new) { MAKING(callbot_content, callbot_content_new(callback, CALLBOT_CONTENT_CALL_CALLBACK, out, error)); }
STEP(content_of_other_kind) { MAKING(callbot_content, callbot_content_new(callback, CALLBOT_CONTENT_TASK_CALLBACK, out, error)); }
STEP(content_string) {
    callbot_str string;
    *error = NULL;
    return callbot_content_string(content, str("/errList/0/phone"), &string);
}
STEP(content_escaped) {
    callbot_str string;
    *error = NULL;
    return callbot_content_string(content, str("/a~1b~0c"), &string);
}
STEP(deviation) {
    size_t count = callbot_content_deviation_count(content);
    *error = NULL;
    return count == 0 || callbot_content_deviation(content, 0).len > 0 ? CALLBOT_OK : CALLBOT_NO_MEMORY;
}
STEP(outcome_new) { MAKING(callbot_outcome, callbot_outcome_new(content, callbot_request_body(request), out, error)); }
STEP(testing_response) {
    MAKING(callbot_testing_message, callbot_testing_sign_response(signer, request, 0, str("{}"), out, error));
}
STEP(testing_callback) {
    MAKING(callbot_testing_message, callbot_testing_sign_callback(signer, str(""), 0, str("{}"), out, error));
}

STEP(replays_new) { MAKING(callbot_replays, callbot_replays_new(10, out, error)); }
STEP(replays_begin) {
    callbot_claim claim;
    callbot_status status = callbot_replays_begin(replays, str("k"), 60, TS, &claim, error);
    if (status == CALLBOT_OK) {
        CHECK(claim.state == CALLBOT_CLAIM_BEGUN);
        CHECK_OK(callbot_replays_release(replays, str("k"), claim.token, TS, NULL));
    }
    return status;
}
/* Up to the store's capacity, so that it grows. */
STEP(replays_begin_big) {
    callbot_claim claims[100];
    callbot_status status = CALLBOT_OK;
    size_t i, count;
    *error = NULL;
    for (count = 0; count < 100 && status == CALLBOT_OK; count++) {
        status = callbot_replays_begin(replays, bytes(big, BIG - count), 60, TS, &claims[count], error);
    }
    if (status != CALLBOT_OK) {
        count--;
    }
    for (i = 0; i < count; i++) {
        CHECK(claims[i].state == CALLBOT_CLAIM_BEGUN);
        CHECK_OK(callbot_replays_release(replays, bytes(big, BIG - i), claims[i].token, TS, NULL));
    }
    return status;
}
STEP(replays_done) {
    callbot_claim claim;
    callbot_status status = callbot_replays_begin(replays, str("k"), 60, TS, &claim, error);
    if (status == CALLBOT_OK) {
        status = callbot_replays_done(replays, str("k"), claim.token, TS, TS, error);
    }
    return status;
}
STEP(replays_done_late) { return callbot_replays_done(replays, str("k"), 7, TS, TS, error); }
STEP(replays_release_late) { return callbot_replays_release(replays, str("k"), 7, TS, error); }

/* Of a message with this signature. */
static callbot_status explaining(callbot_explanation **out, const char *body, const char *sign, callbot_error **error) {
    callbot_header own[MAX_HEADERS];
    size_t i;
    memcpy(own, headers, sizeof own);
    for (i = 0; i < header_count; i++) {
        if (same(own[i].name, str("sign"))) {
            own[i].value = str(sign);
        }
    }
    return callbot_explain(signer, own, header_count, str(body), false, TS, out, error);
}
STEP(explain) {
    callbot_explanation *made;
    callbot_status status = explaining(&made, BODY, signs_in_lower_case[0], error);
    if (status == CALLBOT_OK) {
        CHECK(!callbot_explanation_matches(made) && callbot_explanation_cause_count(made) > 0);
        CHECK(callbot_explanation_code(made, 0).len > 0 && callbot_explanation_message(made, 0).len > 0);
        CHECK(callbot_explanation_fix(made, 0).len > 0);
    }
    callbot_explanation_free(made);
    return status;
}
STEP(explain_match) { MAKING(callbot_explanation, explaining(out, BODY, signs[0], error)); }
/* Of a body that is signed with other separators and without the line end. */
STEP(explain_pair) {
    callbot_explanation *made;
    callbot_status status = explaining(&made, "{\"b\":[1,{}],\"a\":2}\r\n", sign_of_pair, error);
    CHECK(status != CALLBOT_OK || callbot_explanation_cause_count(made) == 2);
    callbot_explanation_free(made);
    return status;
}
STEP(explain_later) { MAKING(callbot_explanation, explaining(out, BODY, sign_of_later, error)); }
STEP(explain_refused) { MAKING(callbot_explanation, callbot_explain(signer, headers, 0, str(BODY), true, TS, out, error)); }

/* ---- Big inputs ---- */

STEP(explain_lower_case_big) { MAKING(callbot_explanation, explaining(out, big_body, signs_in_lower_case[1], error)); }
STEP(explain_match_big) { MAKING(callbot_explanation, explaining(out, big_body, signs[1], error)); }
STEP(explain_body_big) {
    callbot_explanation *made;
    callbot_status status = explaining(&made, sent_body, signs[2], error);
    CHECK(status != CALLBOT_OK || same(callbot_explanation_code(made, 0), str("body_indented")));
    callbot_explanation_free(made);
    return status;
}
STEP(headers_parse_big) {
    static char block[2 * BIG];
    size_t at = 0, i;
    for (i = 0; i < 1000; i++) {
        at += (size_t)snprintf(block + at, sizeof block - at, "h%d: %s\r\n", (int)i, i == 0 ? big : "v");
    }
    MAKING(callbot_headers, callbot_headers_parse(str(block), out, error));
}
STEP(verify_callback_big) {
    MAKING(callbot_verified, callbot_verify_callback(verifier, big_headers, big_header_count, str(big_body), TS, out, error));
}
STEP(verify_header_big) {
    callbot_header values[MAX_HEADERS];
    size_t i;
    for (i = 0; i < header_count; i++) {
        values[i] = headers[i];
        values[i].value = str(big);
    }
    MAKING(callbot_verified, callbot_verify_callback(verifier, values, header_count, str(BODY), TS, out, error));
}
STEP(verify_response_big) {
    callbot_sent sent = callbot_request_sent(big_request);
    MAKING(callbot_verified, callbot_verify_response(verifier, &sent, big_headers_of_response, big_header_count_of_response,
                                                     str(big_response), TS, out, error));
}
STEP(result_big) {
    callbot_result result;
    return callbot_verified_result(big_verified_response, &result, error);
}
STEP(content_new_big) { MAKING(callbot_content, callbot_content_new(big_callback, CALLBOT_CONTENT_CALL_CALLBACK, out, error)); }
STEP(content_of_response_big) {
    MAKING(callbot_content, callbot_content_new(big_verified_response, CALLBOT_CONTENT_RESPONSE, out, error));
}
STEP(content_of_other_kind_big) {
    MAKING(callbot_content, callbot_content_new(big_callback, CALLBOT_CONTENT_ORDER_CALLBACK, out, error));
}
STEP(content_pointer_big) {
    callbot_str string;
    static char pointer[BIG + 8];
    *error = NULL;
    snprintf(pointer, sizeof pointer, "/~1%s", big);
    return callbot_content_string(big_content, str(pointer), &string);
}
STEP(deviation_big) {
    size_t count = callbot_content_deviation_count(big_content);
    *error = NULL;
    CHECK(count == 0 || count > 400);
    return count > 0 && callbot_content_deviation(big_content, 99).len > 0 ? CALLBOT_OK : CALLBOT_NO_MEMORY;
}
STEP(outcome_big) {
    MAKING(callbot_outcome, callbot_outcome_new(big_content_of_response, callbot_request_body(big_request), out, error));
}
STEP(outcome_untraced_big) {
    MAKING(callbot_outcome, callbot_outcome_new(big_content_of_response, callbot_request_body(request), out, error));
}
STEP(testing_response_big) {
    MAKING(callbot_testing_message, callbot_testing_sign_response(signer, request, 0, str(big), out, error));
}
STEP(testing_callback_big) {
    MAKING(callbot_testing_message, callbot_testing_sign_callback(signer, str(big), 0, str(big), out, error));
}

/* ---- What takes no memory ---- */

STEP(content_read) {
    callbot_str string, key;
    int64_t integer;
    double number;
    bool boolean;
    size_t length;
    *error = NULL;
    CHECK_OK(callbot_content_integer(content, str("/retCode"), &integer));
    CHECK_OK(callbot_content_number(content, str("/retCode"), &number));
    CHECK(callbot_content_boolean(content, str("/retCode"), &boolean) == CALLBOT_WRONG_TYPE);
    CHECK_OK(callbot_content_length(content, str("/errList"), &length));
    CHECK_OK(callbot_content_json(content, str("/errList"), &string));
    CHECK_OK(callbot_content_key(content, str(""), 0, &key));
    CHECK(integer == 0 && number == 0 && length == 1 && string.len > 0 && key.len > 0);
    return CALLBOT_OK;
}
STEP(verified_read) {
    *error = NULL;
    CHECK(callbot_verified_body(callback).len > 0 && callbot_verified_uuid(callback).len > 0);
    CHECK(callbot_verified_request_id(callback).len > 0 && callbot_verified_create_ts(callback) == TS);
    CHECK(callbot_verified_replay_expires_at(callback) > TS && callbot_verified_signer_index(callback) == 0);
    return CALLBOT_OK;
}
STEP(outcome_read) {
    callbot_refused refused;
    *error = NULL;
    CHECK(callbot_outcome_kind(outcome) == CALLBOT_OUTCOME_AMBIGUOUS && callbot_outcome_retry(outcome) == CALLBOT_RETRY_UNKNOWN);
    CHECK(callbot_outcome_refused_count(outcome) == 3 && callbot_outcome_unlisted_count(outcome) == 0);
    CHECK_OK(callbot_outcome_refused(outcome, 0, &refused));
    return CALLBOT_OK;
}
STEP(headers_read) {
    *error = NULL;
    CHECK(callbot_headers_count(parsed) == 1 && same(callbot_headers_get(parsed)->name, str("a")));
    return CALLBOT_OK;
}
STEP(testing_read) {
    *error = NULL;
    CHECK(callbot_testing_message_header_count(message) > 3);
    CHECK(callbot_testing_message_header_name(message, 0).len > 0 && callbot_testing_message_header_value(message, 0).len > 0);
    return CALLBOT_OK;
}

#define RECEIVING(OF) \
    OF(headers_parse) OF(verifier_new) OF(verifier_add) OF(verifier_set_tolerance) OF(verify_callback) \
    OF(verify_refused) OF(verify_response) OF(result) OF(content_new) OF(content_of_other_kind) \
    OF(content_string) OF(content_escaped) OF(deviation) OF(outcome_new) OF(testing_response) \
    OF(testing_callback) OF(replays_new) OF(replays_begin) OF(replays_begin_big) OF(replays_done) \
    OF(replays_done_late) OF(replays_release_late) OF(explain) OF(explain_match) OF(explain_pair) \
    OF(explain_later) OF(explain_refused) OF(explain_lower_case_big) OF(explain_match_big) \
    OF(explain_body_big) OF(headers_parse_big) OF(verify_callback_big) \
    OF(verify_header_big) OF(verify_response_big) OF(result_big) OF(content_new_big) \
    OF(content_of_response_big) OF(content_of_other_kind_big) OF(content_pointer_big) OF(deviation_big) \
    OF(outcome_big) OF(outcome_untraced_big) OF(testing_response_big) OF(testing_callback_big) \
    OF(content_read) OF(verified_read) OF(outcome_read) OF(headers_read) OF(testing_read)

#endif
