/* The binary interface as C sees it. If a check fails here, programs that were compiled before the
 * change break: it needs a new CALLBOT_ABI_VERSION. */
#include "check.h"

#define HOLDS(name, condition) typedef char name[(condition) ? 1 : -1]

#define WORD sizeof(void *)

/* The structs have no padding, except callbot_sent and callbot_refused at their ends and callbot_result
 * after retry. */
HOLDS(a_size_is_a_word, sizeof(size_t) == WORD);
HOLDS(str_size, sizeof(callbot_str) == 2 * WORD);
HOLDS(str_data, offsetof(callbot_str, data) == 0);
HOLDS(str_len, offsetof(callbot_str, len) == WORD);
HOLDS(str_len_size, sizeof(((callbot_str *)0)->len) == sizeof(size_t));
HOLDS(param_size, sizeof(callbot_param) == 4 * WORD);
HOLDS(param_name, offsetof(callbot_param, name) == 0);
HOLDS(param_value, offsetof(callbot_param, value) == 2 * WORD);
HOLDS(order_size, sizeof(callbot_order) == 12 * WORD);
HOLDS(order_order_id, offsetof(callbot_order, order_id) == 0);
HOLDS(order_user_phone, offsetof(callbot_order, user_phone) == 2 * WORD);
HOLDS(order_other, offsetof(callbot_order, other) == 4 * WORD);
HOLDS(order_user_name, offsetof(callbot_order, user_name) == 6 * WORD);
HOLDS(order_customer_name, offsetof(callbot_order, customer_name) == 8 * WORD);
HOLDS(order_params, offsetof(callbot_order, params) == 10 * WORD);
HOLDS(order_param_count, offsetof(callbot_order, param_count) == 11 * WORD);
HOLDS(order_param_count_size, sizeof(((callbot_order *)0)->param_count) == sizeof(size_t));
HOLDS(header_size, sizeof(callbot_header) == 4 * WORD);
HOLDS(header_name, offsetof(callbot_header, name) == 0);
HOLDS(header_value, offsetof(callbot_header, value) == 2 * WORD);
HOLDS(sent_size, sizeof(callbot_sent) == 7 * WORD);
HOLDS(sent_endpoint, offsetof(callbot_sent, endpoint) == 0);
HOLDS(sent_request_id, offsetof(callbot_sent, request_id) == 2 * WORD);
HOLDS(sent_uuid, offsetof(callbot_sent, uuid) == 4 * WORD);
HOLDS(sent_algorithm, offsetof(callbot_sent, algorithm) == 6 * WORD);
HOLDS(sent_algorithm_size, sizeof(((callbot_sent *)0)->algorithm) == 4);
HOLDS(result_size, sizeof(callbot_result) == 16 + 6 * WORD);
HOLDS(result_code, offsetof(callbot_result, code) == 0);
HOLDS(result_code_size, sizeof(((callbot_result *)0)->code) == 8);
HOLDS(result_retry, offsetof(callbot_result, retry) == 8);
HOLDS(result_retry_size, sizeof(((callbot_result *)0)->retry) == 4);
HOLDS(result_meaning, offsetof(callbot_result, meaning) == 16);
HOLDS(result_message, offsetof(callbot_result, message) == 16 + 2 * WORD);
HOLDS(result_response_id, offsetof(callbot_result, response_id) == 16 + 4 * WORD);
HOLDS(refused_size, sizeof(callbot_refused) == 8 * WORD);
HOLDS(refused_order, offsetof(callbot_refused, order) == 0);
HOLDS(refused_order_id, offsetof(callbot_refused, order_id) == WORD);
HOLDS(refused_phone, offsetof(callbot_refused, phone) == 3 * WORD);
HOLDS(refused_message, offsetof(callbot_refused, message) == 5 * WORD);
HOLDS(refused_ambiguous, offsetof(callbot_refused, ambiguous) == 7 * WORD);

/* A number never changes its meaning and is never used again. */
HOLDS(status_size, sizeof(callbot_status) == 4);
HOLDS(status_is_signed, (callbot_status)-1 < 0);
HOLDS(number_ok, CALLBOT_OK == 0);
HOLDS(number_panic, CALLBOT_PANIC == 1);
HOLDS(number_other, CALLBOT_OTHER == 2);
HOLDS(number_null_pointer, CALLBOT_NULL_POINTER == 3);
HOLDS(number_length, CALLBOT_LENGTH == 4);
HOLDS(number_not_utf8, CALLBOT_NOT_UTF8 == 5);
HOLDS(number_unknown_constant, CALLBOT_UNKNOWN_CONSTANT == 6);
HOLDS(number_no_random, CALLBOT_NO_RANDOM == 7);
HOLDS(number_clock, CALLBOT_CLOCK == 8);
HOLDS(number_secret_key, CALLBOT_SECRET_KEY == 9);
HOLDS(number_uuid, CALLBOT_UUID == 10);
HOLDS(number_request_id, CALLBOT_REQUEST_ID == 11);
HOLDS(number_create_ts, CALLBOT_CREATE_TS == 12);
HOLDS(number_rules, CALLBOT_RULES == 13);
HOLDS(number_phone, CALLBOT_PHONE == 14);
HOLDS(number_empty_batch, CALLBOT_EMPTY_BATCH == 15);
HOLDS(number_refused, CALLBOT_REFUSED == 16);
HOLDS(number_headers, CALLBOT_HEADERS == 17);
HOLDS(number_other_algorithm, CALLBOT_OTHER_ALGORITHM == 18);
HOLDS(number_unknown_uuid, CALLBOT_UNKNOWN_UUID == 19);
HOLDS(number_signature_mismatch, CALLBOT_SIGNATURE_MISMATCH == 20);
HOLDS(number_body_not_utf8, CALLBOT_BODY_NOT_UTF8 == 21);
HOLDS(number_too_old, CALLBOT_TOO_OLD == 22);
HOLDS(number_too_new, CALLBOT_TOO_NEW == 23);
HOLDS(number_other_request, CALLBOT_OTHER_REQUEST == 24);
HOLDS(number_content, CALLBOT_CONTENT == 25);
HOLDS(number_endpoint, CALLBOT_ENDPOINT == 26);
HOLDS(number_path, CALLBOT_PATH == 27);
HOLDS(number_absent, CALLBOT_ABSENT == 28);
HOLDS(number_wrong_type, CALLBOT_WRONG_TYPE == 29);
HOLDS(number_json_pointer, CALLBOT_JSON_POINTER == 30);
HOLDS(number_base_url, CALLBOT_BASE_URL == 31);
HOLDS(number_code_first, CALLBOT_CODE_JSON_SYNTAX == 1);
HOLDS(number_code_phone_plus, CALLBOT_CODE_PHONE_PLUS == 28);
HOLDS(number_code_panic, CALLBOT_CODE_PANIC == 100);
HOLDS(number_md5, CALLBOT_ALGORITHM_MD5 == 0);
HOLDS(number_sha256, CALLBOT_ALGORITHM_SHA256 == 1);
HOLDS(number_refuse_all, CALLBOT_POLICY_REFUSE_ALL == 0);
HOLDS(number_keep_valid, CALLBOT_POLICY_KEEP_VALID == 1);
HOLDS(number_content_response, CALLBOT_CONTENT_RESPONSE == 0);
HOLDS(number_content_call_callback, CALLBOT_CONTENT_CALL_CALLBACK == 1);
HOLDS(number_content_order_callback, CALLBOT_CONTENT_ORDER_CALLBACK == 2);
HOLDS(number_content_task_callback, CALLBOT_CONTENT_TASK_CALLBACK == 3);
HOLDS(number_retry_succeeded, CALLBOT_RETRY_SUCCEEDED == 0);
HOLDS(number_retry_later, CALLBOT_RETRY_LATER == 1);
HOLDS(number_retry_never, CALLBOT_RETRY_NEVER == 2);
HOLDS(number_retry_unknown, CALLBOT_RETRY_UNKNOWN == 3);
HOLDS(number_claim_begun, CALLBOT_CLAIM_BEGUN == 1);
HOLDS(number_claim_in_process, CALLBOT_CLAIM_IN_PROCESS == 2);
HOLDS(number_claim_done, CALLBOT_CLAIM_DONE == 3);
HOLDS(number_outcome_accepted, CALLBOT_OUTCOME_ACCEPTED == 0);
HOLDS(number_outcome_partly, CALLBOT_OUTCOME_PARTLY == 1);
HOLDS(number_outcome_refused, CALLBOT_OUTCOME_REFUSED == 2);
HOLDS(number_outcome_ambiguous, CALLBOT_OUTCOME_AMBIGUOUS == 3);
HOLDS(number_outcome_unaccounted, CALLBOT_OUTCOME_UNACCOUNTED == 4);
HOLDS(number_sign_capacity, CALLBOT_SIGN_CAPACITY == 65);
HOLDS(number_phone_capacity, CALLBOT_PHONE_CAPACITY == 16);
HOLDS(number_abi_version, CALLBOT_ABI_VERSION == 4);

/* The functions' types. */
typedef struct {
    callbot_str (*string_get)(const callbot_string *);
    void (*string_free)(callbot_string *);

    callbot_status (*error_status)(const callbot_error *);
    callbot_str (*error_code)(const callbot_error *);
    int32_t (*error_code_number)(const callbot_error *);
    callbot_str (*error_message)(const callbot_error *);
    size_t (*error_violation_count)(const callbot_error *);
    size_t (*error_unlisted_count)(const callbot_error *);
    callbot_str (*error_violation_code)(const callbot_error *, size_t);
    int32_t (*error_violation_code_number)(const callbot_error *, size_t);
    callbot_str (*error_violation_path)(const callbot_error *, size_t);
    callbot_str (*error_violation_message)(const callbot_error *, size_t);
    callbot_str (*error_violation_field)(const callbot_error *, size_t);
    callbot_str (*error_violation_param)(const callbot_error *, size_t);
    size_t (*error_violation_list_index)(const callbot_error *, size_t);
    size_t (*error_violation_order)(const callbot_error *, size_t);
    void (*error_free)(callbot_error *);

    callbot_status (*signer_new)(callbot_str, callbot_str, int32_t, callbot_signer **, callbot_error **);
    callbot_status (*sign)(const callbot_signer *, callbot_str, int64_t, callbot_str, char *, callbot_error **);
    callbot_status (*signed_string)(const callbot_signer *, callbot_str, int64_t, callbot_str, callbot_string **,
                                    callbot_error **);
    void (*signer_free)(callbot_signer *);

    callbot_rules *(*rules_new)(void);
    callbot_status (*rules_require_param)(callbot_rules *, callbot_str, callbot_error **);
    callbot_status (*rules_require_no_other_params)(callbot_rules *, callbot_error **);
    callbot_status (*rules_allow_country_code)(callbot_rules *, callbot_str, callbot_error **);
    callbot_status (*rules_max_orders)(callbot_rules *, size_t, callbot_error **);
    callbot_status (*rules_allow_blank_edges)(callbot_rules *, callbot_error **);
    callbot_status (*rules_unique_phones)(callbot_rules *, callbot_error **);
    void (*rules_free)(callbot_rules *);

    callbot_status (*batch_new)(const callbot_rules *, callbot_str, callbot_str, callbot_str, callbot_batch **,
                                callbot_error **);
    callbot_status (*batch_add)(callbot_batch *, const callbot_order *, callbot_error **);
    callbot_status (*batch_add_all)(callbot_batch *, const callbot_order *, size_t, int32_t, callbot_error **);
    callbot_status (*batch_from_json)(const callbot_rules *, callbot_str, int32_t, callbot_batch **, callbot_error **);
    callbot_status (*batch_new_for)(const callbot_rules *, callbot_str, callbot_str, int32_t, callbot_batch **,
                                    callbot_error **);
    void (*batch_reserve)(callbot_batch *, size_t, size_t);
    size_t (*batch_len)(const callbot_batch *);
    void (*batch_clear)(callbot_batch *);
    void (*batch_free)(callbot_batch *);

    callbot_status (*build_batch)(const callbot_signer *, const callbot_batch *, callbot_str, int64_t, callbot_request **,
                                  callbot_error **);
    callbot_status (*request_from_json)(const callbot_signer *, callbot_str, callbot_str, callbot_str, int64_t,
                                        callbot_request **, callbot_error **);
    callbot_status (*request_from_json_with)(const callbot_signer *, const callbot_rules *, callbot_str, callbot_str,
                                             callbot_str, int64_t, callbot_request **, callbot_error **);
    callbot_status (*request_new)(const callbot_signer *, callbot_str, callbot_str, callbot_str, int64_t,
                                  callbot_request **, callbot_error **);
    callbot_status (*request_sign_again)(const callbot_request *, const callbot_signer *, callbot_str, int64_t,
                                         callbot_request **, callbot_error **);
    callbot_str (*request_method)(const callbot_request *);
    callbot_str (*request_path)(const callbot_request *);
    callbot_status (*request_url)(const callbot_request *, callbot_str, callbot_string **, callbot_error **);
    callbot_status (*url_join)(callbot_str, callbot_str, callbot_string **, callbot_error **);
    callbot_str (*request_endpoint)(const callbot_request *);
    callbot_sent (*request_sent)(const callbot_request *);
    callbot_str (*request_body)(const callbot_request *);
    size_t (*request_header_count)(const callbot_request *);
    callbot_str (*request_header_name)(const callbot_request *, size_t);
    callbot_str (*request_header_value)(const callbot_request *, size_t);
    callbot_str (*request_header_line)(const callbot_request *, size_t);
    void (*request_free)(callbot_request *);

    callbot_status (*phone_check)(callbot_str, callbot_error **);
    callbot_status (*phone_from_typed)(callbot_str, char *, callbot_error **);

    callbot_status (*headers_parse)(callbot_str, callbot_headers **, callbot_error **);
    const callbot_header *(*headers_get)(const callbot_headers *);
    size_t (*headers_count)(const callbot_headers *);
    void (*headers_free)(callbot_headers *);

    callbot_status (*verified_result)(const callbot_verified *, callbot_result *, callbot_error **);
    callbot_status (*content_new)(const callbot_verified *, int32_t, callbot_content **, callbot_error **);
    callbot_status (*content_string)(const callbot_content *, callbot_str, callbot_str *);
    callbot_status (*content_integer)(const callbot_content *, callbot_str, int64_t *);
    callbot_status (*content_number)(const callbot_content *, callbot_str, double *);
    callbot_status (*content_boolean)(const callbot_content *, callbot_str, bool *);
    callbot_status (*content_length)(const callbot_content *, callbot_str, size_t *);
    callbot_status (*content_json)(const callbot_content *, callbot_str, callbot_str *);
    callbot_status (*content_key)(const callbot_content *, callbot_str, size_t, callbot_str *);
    size_t (*content_deviation_count)(const callbot_content *);
    callbot_str (*content_deviation)(const callbot_content *, size_t);
    void (*content_free)(callbot_content *);

    callbot_status (*outcome_new)(const callbot_content *, callbot_str, callbot_outcome **, callbot_error **);
    int32_t (*outcome_kind)(const callbot_outcome *);
    int32_t (*outcome_retry)(const callbot_outcome *);
    size_t (*outcome_refused_count)(const callbot_outcome *);
    size_t (*outcome_unlisted_count)(const callbot_outcome *);
    callbot_status (*outcome_refused)(const callbot_outcome *, size_t, callbot_refused *);
    void (*outcome_free)(callbot_outcome *);
    callbot_status (*replays_new)(size_t, callbot_replays **, callbot_error **);
    callbot_status (*replays_begin)(callbot_replays *, callbot_str, uint64_t, int64_t, callbot_claim *, callbot_error **);
    callbot_status (*replays_done)(callbot_replays *, callbot_str, uint64_t, uint64_t, int64_t, callbot_error **);
    callbot_status (*replays_release)(callbot_replays *, callbot_str, uint64_t, int64_t, callbot_error **);
    void (*replays_free)(callbot_replays *);

    callbot_status (*explain)(const callbot_signer *, const callbot_header *, size_t, callbot_str, bool, int64_t,
                              callbot_explanation **, callbot_error **);
    bool (*explanation_matches)(const callbot_explanation *);
    size_t (*explanation_cause_count)(const callbot_explanation *);
    callbot_str (*explanation_code)(const callbot_explanation *, size_t);
    callbot_str (*explanation_message)(const callbot_explanation *, size_t);
    callbot_str (*explanation_fix)(const callbot_explanation *, size_t);
    void (*explanation_free)(callbot_explanation *);

    callbot_str (*version)(void);
    uint32_t (*abi_version)(void);
} functions;

static const functions library = {
    callbot_string_get,
    callbot_string_free,

    callbot_error_status,
    callbot_error_code,
    callbot_error_code_number,
    callbot_error_message,
    callbot_error_violation_count,
    callbot_error_unlisted_count,
    callbot_error_violation_code,
    callbot_error_violation_code_number,
    callbot_error_violation_path,
    callbot_error_violation_message,
    callbot_error_violation_field,
    callbot_error_violation_param,
    callbot_error_violation_list_index,
    callbot_error_violation_order,
    callbot_error_free,

    callbot_signer_new,
    callbot_sign,
    callbot_signed_string,
    callbot_signer_free,

    callbot_rules_new,
    callbot_rules_require_param,
    callbot_rules_require_no_other_params,
    callbot_rules_allow_country_code,
    callbot_rules_max_orders,
    callbot_rules_allow_blank_edges,
    callbot_rules_unique_phones,
    callbot_rules_free,

    callbot_batch_new,
    callbot_batch_add,
    callbot_batch_add_all,
    callbot_batch_from_json,
    callbot_batch_new_for,
    callbot_batch_reserve,
    callbot_batch_len,
    callbot_batch_clear,
    callbot_batch_free,

    callbot_build_batch,
    callbot_request_from_json,
    callbot_request_from_json_with,
    callbot_request_new,
    callbot_request_sign_again,
    callbot_request_method,
    callbot_request_path,
    callbot_request_url,
    callbot_url_join,
    callbot_request_endpoint,
    callbot_request_sent,
    callbot_request_body,
    callbot_request_header_count,
    callbot_request_header_name,
    callbot_request_header_value,
    callbot_request_header_line,
    callbot_request_free,

    callbot_phone_check,
    callbot_phone_from_typed,

    callbot_headers_parse,
    callbot_headers_get,
    callbot_headers_count,
    callbot_headers_free,

    callbot_verified_result,
    callbot_content_new,
    callbot_content_string,
    callbot_content_integer,
    callbot_content_number,
    callbot_content_boolean,
    callbot_content_length,
    callbot_content_json,
    callbot_content_key,
    callbot_content_deviation_count,
    callbot_content_deviation,
    callbot_content_free,

    callbot_outcome_new,
    callbot_outcome_kind,
    callbot_outcome_retry,
    callbot_outcome_refused_count,
    callbot_outcome_unlisted_count,
    callbot_outcome_refused,
    callbot_outcome_free,
    callbot_replays_new,
    callbot_replays_begin,
    callbot_replays_done,
    callbot_replays_release,
    callbot_replays_free,

    callbot_explain,
    callbot_explanation_matches,
    callbot_explanation_cause_count,
    callbot_explanation_code,
    callbot_explanation_message,
    callbot_explanation_fix,
    callbot_explanation_free,

    callbot_version,
    callbot_abi_version,
};

/* Static data at file scope. */
static const callbot_str from_initializer = CALLBOT_STR_INIT("literal");
static const callbot_param params[] = {{CALLBOT_STR_INIT("name"), CALLBOT_STR_INIT("a\0b")}};

int main(void) {
    static const callbot_str from_literal = {"literal", 7};
    callbot_str version = library.version();
    size_t i;
    size_t dots = 0;

    CHECK(library.abi_version() == CALLBOT_ABI_VERSION);

    CHECK(version.len >= 5);
    for (i = 0; i < version.len; i++) {
        CHECK((version.data[i] >= '0' && version.data[i] <= '9') || version.data[i] == '.');
        dots += version.data[i] == '.';
    }
    CHECK(dots == 2);

    CHECK(same(CALLBOT_STR("literal"), from_literal));
    CHECK(same(from_initializer, from_literal));
    CHECK(same(params[0].name, CALLBOT_STR("name")));
    CHECK(params[0].value.len == 3);
    CHECK(CALLBOT_STR("").len == 0);
    CHECK(CALLBOT_STR("a\0b").len == 3);
    return 0;
}
