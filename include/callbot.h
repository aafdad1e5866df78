/*
 * callbot - signed requests for the Callbot API (batch outbound calls by a voice bot)
 *
 * CONVENTIONS, which every function follows:
 *
 * 1. Names are callbot_*, macros and constants CALLBOT_*. The library exports nothing else.
 *
 * 2. A string is a callbot_str: a pointer and a length in bytes, not NUL-terminated. It is UTF-8,
 *    except for a body, JSON and received headers, which may be any bytes. {NULL, 0} is the empty
 *    string. A string argument must point to len bytes; it is borrowed until the function returns,
 *    and copied if it is needed for longer. A returned string lives as long as the object that it
 *    was read from, unless the function says otherwise.
 *
 * 3. Objects are opaque. The function that makes one says so, and the caller frees it once with the
 *    callbot_..._free of its type, which does nothing for NULL. A pointer to an object must come
 *    from such a function, and the object must not have been freed.
 *
 * 4. A function that can fail returns a callbot_status, of which CALLBOT_OK is 0. Unless the status
 *    says all, it has a last parameter callbot_error **error, which may be NULL. Otherwise *error is
 *    set: to NULL on success, and to an error on failure, which the caller frees. (With
 *    CALLBOT_POLICY_KEEP_VALID, a success can come with an error that lists the refused orders.) The
 *    previous value of *error is overwritten, not freed. Other outputs are written only on success,
 *    but an output that is an object is set to NULL on failure. A failed call changes no object,
 *    unless the status is CALLBOT_PANIC. There is no thread-local "last error".
 *
 * 5. No exception and no panic leaves the library. An internal error is CALLBOT_PANIC. If an
 *    allocation fails, so does the call: with CALLBOT_NO_MEMORY, with its objects as they were, and
 *    with an error that takes no memory. The call can be made again. A function without a status
 *    then returns NULL or an empty string. Whatever grows with the input is asked for so. For the
 *    small allocations that Rust makes by itself, the library keeps a reserve of 1 MiB for the
 *    process, whose blocks are given back when the call fails: a lasting lack of memory does not
 *    use it up. A stack of 64 KiB is enough for every call.
 *
 * 6. Invalid arguments are errors, each with its own status: CALLBOT_NULL_POINTER, CALLBOT_LENGTH
 *    (over PTRDIFF_MAX), CALLBOT_NOT_UTF8 (outside of orders, whose strings are validated one by
 *    one) and CALLBOT_UNKNOWN_CONSTANT. For NULL and for an index out of range, a function that
 *    cannot fail returns the empty string or 0, unless it says otherwise. Indices count from 0.
 *
 * 7. Several threads may use an object at once if they only read it (const). An object that is
 *    changed needs the caller's lock.
 *
 * An error never contains the secret key, a phone number or a name.
 *
 * This file is generated from the documentation in src/.
 */


#ifndef CALLBOT_H
#define CALLBOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/**
 * A callbot_str of a string literal, and of nothing else, as an expression: CALLBOT_STR("r-1").
 */
#ifdef __cplusplus
#define CALLBOT_STR(literal) (callbot_str CALLBOT_STR_INIT(literal))
#else
#define CALLBOT_STR(literal) ((callbot_str)CALLBOT_STR_INIT(literal))
#endif

/**
 * The same as an initialiser, which C also accepts for static data:
 *
 *     static const callbot_str name = CALLBOT_STR_INIT("amount");
 */
#define CALLBOT_STR_INIT(literal) { "" literal, sizeof(literal) - 1 }


/**
 * The account signs with MD5, the API's default.
 */
#define CALLBOT_ALGORITHM_MD5 0

/**
 * The account signs with SHA-256.
 */
#define CALLBOT_ALGORITHM_SHA256 1

/**
 * The size of callbot_sign's output in bytes: the 64 hex digits of a SHA-256 and a NUL.
 */
#define CALLBOT_SIGN_CAPACITY 65

/**
 * Refuses all orders if one is invalid.
 */
#define CALLBOT_POLICY_REFUSE_ALL 0

/**
 * Keeps the valid orders and refuses the others.
 */
#define CALLBOT_POLICY_KEEP_VALID 1

/**
 * The size of callbot_phone_from_typed's output in bytes: 15 digits and a NUL.
 */
#define CALLBOT_PHONE_CAPACITY 16

/**
 * The request succeeded: sending it again would do it twice.
 */
#define CALLBOT_RETRY_SUCCEEDED 0

/**
 * A retry can succeed later: the provider is busy (7), under maintenance (5), or importing a batch
 * (1001).
 */
#define CALLBOT_RETRY_LATER 1

/**
 * The same request will fail again.
 */
#define CALLBOT_RETRY_NEVER 2

/**
 * Not documented, as for an internal server error (5001): the orders may have been accepted.
 */
#define CALLBOT_RETRY_UNKNOWN 3

/**
 * The response to the request that the message was verified with.
 */
#define CALLBOT_CONTENT_RESPONSE 0

/**
 * A call callback, which is sent to callCallbackUrl.
 */
#define CALLBOT_CONTENT_CALL_CALLBACK 1

/**
 * An order callback, which is sent to orderCallbackUrl.
 */
#define CALLBOT_CONTENT_ORDER_CALLBACK 2

/**
 * A task callback, which is sent to taskCallbackUrl.
 */
#define CALLBOT_CONTENT_TASK_CALLBACK 3

/**
 * Every order was accepted.
 */
#define CALLBOT_OUTCOME_ACCEPTED 0

/**
 * Some orders were refused. Each refusal is traced to its order.
 */
#define CALLBOT_OUTCOME_PARTLY 1

/**
 * No order was accepted.
 */
#define CALLBOT_OUTCOME_REFUSED 2

/**
 * A refused phone number stands for several orders, and not all of them were refused: which ones
 * is not known.
 */
#define CALLBOT_OUTCOME_AMBIGUOUS 3

/**
 * The response does not account for every order: its numbers do not add up to what was sent, a
 * refusal belongs to no order, or the request failed in a way that leaves open what was accepted.
 */
#define CALLBOT_OUTCOME_UNACCOUNTED 4

/**
 * The callback is claimed by the caller from now on.
 */
#define CALLBOT_CLAIM_BEGUN 1

/**
 * Another worker processes the callback. Answer 503 with the header Retry-After.
 */
#define CALLBOT_CLAIM_IN_PROCESS 2

/**
 * The callback was processed. Answer as for a processed one: 200 with the body "success".
 */
#define CALLBOT_CLAIM_DONE 3

/**
 * The version of the binary interface that this header describes. See callbot_abi_version.
 */
#define CALLBOT_ABI_VERSION 4

/**
 * A batch of orders for one request.
 *
 * Made by callbot_batch_new, callbot_batch_new_for or callbot_batch_from_json; freed by
 * callbot_batch_free. Each order is validated when it is added, and serialised into the request's
 * body. Nothing of it is needed afterwards.
 */
typedef struct callbot_batch callbot_batch;

/**
 * The content of a verified message: a JSON object with the fields that make it what it is.
 *
 * Made by callbot_content_new; freed by callbot_content_free. It never changes, so several threads
 * may read it at once, and it stays valid when the verified message is freed.
 */
typedef struct callbot_content callbot_content;

/**
 * Why a function failed: a status, a stable code, a message and, if a batch was refused, the list
 * of violations.
 *
 * Made by functions that fail, through their last parameter; freed by callbot_error_free. It
 * contains neither the secret key nor a phone number or a name, and can be logged.
 */
typedef struct callbot_error callbot_error;

/**
 * Whether a signature is right, and if not, which mistakes make it.
 *
 * Made by callbot_explain; freed by callbot_explanation_free.
 */
typedef struct callbot_explanation callbot_explanation;

/**
 * The headers of a received message, split from a raw block of lines.
 *
 * Made by callbot_headers_parse; freed by callbot_headers_free.
 */
typedef struct callbot_headers callbot_headers;

/**
 * What became of the orders of a request.
 *
 * Made by callbot_outcome_new; freed by callbot_outcome_free.
 */
typedef struct callbot_outcome callbot_outcome;

/**
 * A store of received callbacks, in memory.
 *
 * Made by callbot_replays_new; freed by callbot_replays_free.
 */
typedef struct callbot_replays callbot_replays;

/**
 * A signed HTTP request: send exactly this body with exactly these headers.
 *
 * Made by callbot_build_batch, callbot_request_from_json, callbot_request_new or
 * callbot_request_sign_again; freed by callbot_request_free. It never changes, so several threads
 * may read it at once, and it stays valid when its signer and batch are changed or freed.
 */
typedef struct callbot_request callbot_request;

/**
 * What a campaign requires of its orders beyond the API's own rules.
 *
 * Made by callbot_rules_new; freed by callbot_rules_free. A batch copies the rules when it is
 * made; later changes do not affect it.
 */
typedef struct callbot_rules callbot_rules;

/**
 * The account that signs: its uuid, secret key and algorithm.
 *
 * Made by callbot_signer_new; freed by callbot_signer_free. It never changes, so several threads
 * may use it at once.
 */
typedef struct callbot_signer callbot_signer;

/**
 * A string that the library made and the caller owns.
 *
 * Made by callbot_signed_string and callbot_request_url; freed by callbot_string_free.
 */
typedef struct callbot_string callbot_string;

/**
 * The headers of a message as the provider sends it, for testing your own code without the
 * provider.
 *
 * Made by callbot_testing_sign_response and callbot_testing_sign_callback; freed by
 * callbot_testing_message_free.
 */
typedef struct callbot_testing_message callbot_testing_message;

/**
 * A message that was verified to come from the provider, with a copy of its body.
 *
 * Made by callbot_verify_callback and callbot_verify_response; freed by callbot_verified_free. If
 * its content cannot be read, it is still proven, and callbot_verified_body returns its bytes.
 */
typedef struct callbot_verified callbot_verified;

/**
 * Verifies that responses and callbacks are authentic and recent.
 *
 * Made by callbot_verifier_new; freed by callbot_verifier_free. Several threads may verify with
 * one verifier at once.
 */
typedef struct callbot_verifier callbot_verifier;

/**
 * A string: a pointer and a length in bytes. It is not NUL-terminated and may contain NULs.
 *
 * {NULL, 0} is the empty string. CALLBOT_STR("...") makes one from a string literal.
 */
typedef struct {
  /**
   * The first byte. May be NULL if len is 0.
   */
  const char *data;
  /**
   * The length in bytes.
   */
  size_t len;
} callbot_str;

/**
 * What a function that can fail returns: CALLBOT_OK, which is 0, or one of the numbers below.
 *
 * A number never changes its meaning and is never used again. Later releases may add numbers:
 * treat an unknown one as a failure, and log the error's message.
 */
typedef int32_t callbot_status;

/**
 * A variable of the script template and its value.
 */
typedef struct {
  /**
   * The variable's name. Not empty.
   */
  callbot_str name;
  /**
   * The variable's value. Not empty.
   */
  callbot_str value;
} callbot_param;

/**
 * An order: one phone number to call, in one or more rounds.
 *
 * A plain struct: zero it, then set what you have.
 */
typedef struct {
  /**
   * orderID: your own globally unique ID, such as a UUID. The callbacks return it. Not empty.
   */
  callbot_str order_id;
  /**
   * userPhone: 7 to 15 digits that begin with the country code, without any symbol.
   */
  callbot_str user_phone;
  /**
   * other: your own data, which the callbacks return. May be empty.
   */
  callbot_str other;
  /**
   * userName. May be empty.
   */
  callbot_str user_name;
  /**
   * customerName. May be empty.
   */
  callbot_str customer_name;
  /**
   * params: the values of the script template's variables. May be NULL if param_count is 0.
   */
  const callbot_param *params;
  /**
   * The number of params.
   */
  size_t param_count;
} callbot_order;

/**
 * What a response must match: four values of a request and the name of its endpoint.
 *
 * A program that stores them can verify the response after the request with its body is freed, or
 * after a restart. This struct never changes.
 */
typedef struct {
  /**
   * The name of the endpoint, such as "stopOrder". Empty for a request to any other path.
   */
  callbot_str endpoint;
  /**
   * The request's ID.
   */
  callbot_str request_id;
  /**
   * The account's uuid.
   */
  callbot_str uuid;
  /**
   * One of the CALLBOT_ALGORITHM constants.
   */
  int32_t algorithm;
} callbot_sent;

/**
 * A header of a received message.
 */
typedef struct {
  /**
   * The name, in any case.
   */
  callbot_str name;
  /**
   * The value, as it was received.
   */
  callbot_str value;
} callbot_header;

/**
 * How a request went. This struct never changes.
 */
typedef struct {
  /**
   * retCode: 0 for success, any other number is a failure. ping calls it code.
   */
  int64_t code;
  /**
   * Whether a retry, with a new request ID and time, can succeed: a CALLBOT_RETRY constant. A
   * retry that can succeed is not harmless: see callbot_request_sign_again.
   */
  int32_t retry;
  /**
   * The documented meaning of the code; empty for an undocumented one. A NUL follows it.
   */
  callbot_str meaning;
  /**
   * retMsg: the provider's message. Empty if it is absent.
   */
  callbot_str message;
  /**
   * responseID: the provider's ID for tracing. Empty if it is absent.
   */
  callbot_str response_id;
} callbot_result;

/**
 * An order that the provider refused, or may have refused. This struct never changes.
 */
typedef struct {
  /**
   * The order's index in the request. SIZE_MAX for a refusal that belongs to no order.
   */
  size_t order;
  /**
   * The order's ID, or the one that the response names. Empty if neither is known.
   */
  callbot_str order_id;
  /**
   * The order's phone number, or the one that the response names. Empty if neither is known.
   */
  callbot_str phone;
  /**
   * The provider's reason. Empty if it is absent.
   */
  callbot_str message;
  /**
   * Whether the refusal may be for another order with the same phone number.
   */
  bool ambiguous;
} callbot_refused;

/**
 * What callbot_replays_begin found. The struct never changes.
 */
typedef struct {
  /**
   * A CALLBOT_CLAIM constant.
   */
  int32_t state;
  /**
   * With CALLBOT_CLAIM_BEGUN, the token by which the owner completes the claim; otherwise 0. No
   * other claim of the store has the same.
   */
  uint64_t token;
  /**
   * With CALLBOT_CLAIM_IN_PROCESS, the seconds until the lease has run out, for Retry-After;
   * otherwise 0.
   */
  uint64_t left;
} callbot_claim;

/**
 * The call succeeded.
 */
#define CALLBOT_OK 0

/**
 * An internal error in the library, which was caught. The object that the call was changing can
 * only be freed; a batch can also be cleared.
 */
#define CALLBOT_PANIC 1

/**
 * An error for which this header has no number yet. The code and the message say more.
 */
#define CALLBOT_OTHER 2

/**
 * A required pointer is NULL.
 */
#define CALLBOT_NULL_POINTER 3

/**
 * A length or count exceeds PTRDIFF_MAX bytes; often it is a negative number.
 */
#define CALLBOT_LENGTH 4

/**
 * A string is not UTF-8. (A string of an order that is not UTF-8 is a violation: CALLBOT_REFUSED.)
 */
#define CALLBOT_NOT_UTF8 5

/**
 * An invalid number for an enumeration, such as the CALLBOT_ALGORITHM constants.
 */
#define CALLBOT_UNKNOWN_CONSTANT 6

/**
 * The operating system has no random numbers for a request ID.
 */
#define CALLBOT_NO_RANDOM 7

/**
 * The system clock is not a time that can be signed.
 */
#define CALLBOT_CLOCK 8

/**
 * The secret key is empty, or has whitespace or a control character at an end.
 */
#define CALLBOT_SECRET_KEY 9

/**
 * The uuid cannot be sent as a header.
 */
#define CALLBOT_UUID 10

/**
 * The request ID cannot be sent as a header.
 */
#define CALLBOT_REQUEST_ID 11

/**
 * The time is not in Unix seconds: it is negative, or can only be milliseconds.
 */
#define CALLBOT_CREATE_TS 12

/**
 * A rule is invalid.
 */
#define CALLBOT_RULES 13

/**
 * A phone number outside of an order is invalid or ambiguous.
 */
#define CALLBOT_PHONE 14

/**
 * The batch has no orders.
 */
#define CALLBOT_EMPTY_BATCH 15

/**
 * A task, an order or a JSON body was refused. The error lists all violations.
 */
#define CALLBOT_REFUSED 16

/**
 * A header of a received message is missing, duplicate or malformed.
 */
#define CALLBOT_HEADERS 17

/**
 * A received message names another algorithm than the account's.
 */
#define CALLBOT_OTHER_ALGORITHM 18

/**
 * A received message is for an account that the verifier does not know.
 */
#define CALLBOT_UNKNOWN_UUID 19

/**
 * The signature of a received message is wrong.
 */
#define CALLBOT_SIGNATURE_MISMATCH 20

/**
 * The body of a received message is not UTF-8: it was forged by length extension, or is
 * compressed.
 */
#define CALLBOT_BODY_NOT_UTF8 21

/**
 * A received message is too old.
 */
#define CALLBOT_TOO_OLD 22

/**
 * The time of a received message is too far in the future.
 */
#define CALLBOT_TOO_NEW 23

/**
 * A response is authentic, but answers another request.
 */
#define CALLBOT_OTHER_REQUEST 24

/**
 * The message does not have the expected content.
 */
#define CALLBOT_CONTENT 25

/**
 * The name of an endpoint is unknown.
 */
#define CALLBOT_ENDPOINT 26

/**
 * The path of a request is invalid.
 */
#define CALLBOT_PATH 27

/**
 * A content has no value at a JSON Pointer, or null.
 */
#define CALLBOT_ABSENT 28

/**
 * The value at a JSON Pointer has another type than the one that was asked for.
 */
#define CALLBOT_WRONG_TYPE 29

/**
 * A JSON Pointer is malformed: it is not empty and does not begin with "/", or has a "~" without 0
 * or 1.
 */
#define CALLBOT_JSON_POINTER 30

/**
 * The base URL is invalid.
 */
#define CALLBOT_BASE_URL 31

/**
 * An allocation failed. The objects of the call are as they were, and the call can be made again.
 * The error with this status takes no memory.
 */
#define CALLBOT_NO_MEMORY 32

/**
 * The store against replays is full.
 */
#define CALLBOT_REPLAYS_FULL 33

/**
 * A claim is not held: its lease has run out, or it was released.
 */
#define CALLBOT_CLAIM_LOST 34

/* ---- Codes ----
 *
 * The number of each code, to switch on: see callbot_error_code_number and
 * callbot_error_violation_code_number. docs/errors.md says what each means. A number never
 * changes its meaning and is never used again. Later releases may add numbers. */

#define CALLBOT_CODE_JSON_SYNTAX 1
#define CALLBOT_CODE_JSON_INCOMPLETE 2
#define CALLBOT_CODE_JSON_TRAILING_BYTES 3
#define CALLBOT_CODE_JSON_NOT_UTF8 4
#define CALLBOT_CODE_JSON_UTF16 5
#define CALLBOT_CODE_JSON_BYTE_ORDER_MARK 6
#define CALLBOT_CODE_WRONG_TYPE 7
#define CALLBOT_CODE_MISSING_KEY 8
#define CALLBOT_CODE_UNKNOWN_KEY 9
#define CALLBOT_CODE_REPEATED_KEY 10
#define CALLBOT_CODE_PRODUCT_ID 11
#define CALLBOT_CODE_EMPTY 12
#define CALLBOT_CODE_TEXT_NOT_UTF8 13
#define CALLBOT_CODE_DUPLICATE_ORDER_ID 14
#define CALLBOT_CODE_DUPLICATE_PARAM 15
#define CALLBOT_CODE_BODY_TOO_LARGE 16
#define CALLBOT_CODE_MISSING_PARAM 17
#define CALLBOT_CODE_UNKNOWN_PARAM 18
#define CALLBOT_CODE_COUNTRY_CODE_NOT_ALLOWED 19
#define CALLBOT_CODE_TOO_MANY_ORDERS 20
#define CALLBOT_CODE_RULES_PARAM_EMPTY 21
#define CALLBOT_CODE_RULES_PARAM_REPEATED 22
#define CALLBOT_CODE_RULES_COUNTRY_CODE 23
#define CALLBOT_CODE_RULES_MAX_ORDERS 24
#define CALLBOT_CODE_PHONE_EMPTY 25
#define CALLBOT_CODE_PHONE_TOO_SHORT 26
#define CALLBOT_CODE_PHONE_TOO_LONG 27
#define CALLBOT_CODE_PHONE_PLUS 28
#define CALLBOT_CODE_PHONE_INTERNATIONAL_PREFIX 29
#define CALLBOT_CODE_PHONE_LEADING_ZERO 30
#define CALLBOT_CODE_PHONE_BLANK 31
#define CALLBOT_CODE_PHONE_PUNCTUATION 32
#define CALLBOT_CODE_PHONE_INVISIBLE 33
#define CALLBOT_CODE_PHONE_FOREIGN_DIGIT 34
#define CALLBOT_CODE_PHONE_CHARACTER 35
#define CALLBOT_CODE_PHONE_SPREADSHEET 36
#define CALLBOT_CODE_PHONE_JSON_NUMBER 37
#define CALLBOT_CODE_PHONE_COUNTRY_CODE 38
#define CALLBOT_CODE_PHONE_NO_COUNTRY_CODE 39
#define CALLBOT_CODE_PHONE_TRUNK_ZERO 40
#define CALLBOT_CODE_URL_EMPTY 41
#define CALLBOT_CODE_URL_NOT_ABSOLUTE 42
#define CALLBOT_CODE_URL_SCHEME 43
#define CALLBOT_CODE_URL_NO_HOST 44
#define CALLBOT_CODE_URL_PORT 45
#define CALLBOT_CODE_URL_FRAGMENT 46
#define CALLBOT_CODE_URL_CHARACTER 47
#define CALLBOT_CODE_URL_SYNTAX 48
#define CALLBOT_CODE_BASE_URL_QUERY 49
#define CALLBOT_CODE_ENDPOINT 50
#define CALLBOT_CODE_PATH_NO_SLASH 51
#define CALLBOT_CODE_PATH_SLASHES 52
#define CALLBOT_CODE_PATH_CHARACTER 53
#define CALLBOT_CODE_SECRET_KEY_EMPTY 54
#define CALLBOT_CODE_SECRET_KEY_BLANK_AT_START 55
#define CALLBOT_CODE_SECRET_KEY_BLANK_AT_END 56
#define CALLBOT_CODE_UUID_EMPTY 57
#define CALLBOT_CODE_UUID_TOO_LONG 58
#define CALLBOT_CODE_UUID_CHARACTER 59
#define CALLBOT_CODE_REQUEST_ID_EMPTY 60
#define CALLBOT_CODE_REQUEST_ID_TOO_LONG 61
#define CALLBOT_CODE_REQUEST_ID_CHARACTER 62
#define CALLBOT_CODE_CREATE_TS_MILLISECONDS 63
#define CALLBOT_CODE_CREATE_TS_ZERO 64
#define CALLBOT_CODE_CREATE_TS_NEGATIVE 65
#define CALLBOT_CODE_CREATE_TS_EMPTY 66
#define CALLBOT_CODE_CREATE_TS_LEADING_ZERO 67
#define CALLBOT_CODE_CREATE_TS_CHARACTER 68
#define CALLBOT_CODE_ALGORITHM 69
#define CALLBOT_CODE_EMPTY_BATCH 70
#define CALLBOT_CODE_HEADER_LINE_BLANK_BEFORE_COLON 71
#define CALLBOT_CODE_HEADER_LINE_FOLDED 72
#define CALLBOT_CODE_HEADER_LINE_BARE_CR 73
#define CALLBOT_CODE_HEADER_LINE_NUL 74
#define CALLBOT_CODE_HEADER_LINE_NO_COLON 75
#define CALLBOT_CODE_HEADER_LINE_NAME 76
#define CALLBOT_CODE_HEADER_LINE_AFTER_END 77
#define CALLBOT_CODE_HEADER_MISSING 78
#define CALLBOT_CODE_HEADER_REPEATED 79
#define CALLBOT_CODE_HEADER_MALFORMED 80
#define CALLBOT_CODE_VERIFY_ALGORITHM 81
#define CALLBOT_CODE_VERIFY_UNKNOWN_UUID 82
#define CALLBOT_CODE_VERIFY_MISMATCH 83
#define CALLBOT_CODE_VERIFY_NOT_UTF8 84
#define CALLBOT_CODE_VERIFY_TOO_OLD 85
#define CALLBOT_CODE_VERIFY_TOO_NEW 86
#define CALLBOT_CODE_VERIFY_OTHER_REQUEST 87
#define CALLBOT_CODE_CONTENT_OTHER_KIND 88
#define CALLBOT_CODE_CONTENT_JSON 89
#define CALLBOT_CODE_CONTENT_REPEATED 90
#define CALLBOT_CODE_CONTENT_MISSING 91
#define CALLBOT_CODE_CONTENT_WRONG_TYPE 92
#define CALLBOT_CODE_REFUSED 93
#define CALLBOT_CODE_NULL_POINTER 94
#define CALLBOT_CODE_LENGTH 95
#define CALLBOT_CODE_NOT_UTF8 96
#define CALLBOT_CODE_UNKNOWN_CONSTANT 97
#define CALLBOT_CODE_NO_RANDOM 98
#define CALLBOT_CODE_CLOCK 99
#define CALLBOT_CODE_PANIC 100
#define CALLBOT_CODE_CONTENT_TOO_LARGE 101
#define CALLBOT_CODE_CONTENT_POINTER 102
#define CALLBOT_CODE_OUTCOME_CALLBACK 103
#define CALLBOT_CODE_OUTCOME_REQUEST 104
#define CALLBOT_CODE_ENDPOINT_NO_ORDERS 105
#define CALLBOT_CODE_NOT_INTEGER 106
#define CALLBOT_CODE_OUT_OF_RANGE 107
#define CALLBOT_CODE_TOO_MANY_ELEMENTS 108
#define CALLBOT_CODE_PHONE_WRAPPED 109
#define CALLBOT_CODE_PHONE_LINE_END 110
#define CALLBOT_CODE_PHONE_EXTENSION 111
#define CALLBOT_CODE_PHONE_STRING_TOO_LONG 112
#define CALLBOT_CODE_URL_HOST_CHARACTER 113
#define CALLBOT_CODE_URL_HOST_NOT_ASCII 114
#define CALLBOT_CODE_URL_SCHEME_AS_HOST 115
#define CALLBOT_CODE_URL_JOINED 116
#define CALLBOT_CODE_URL_EMPTY_LABEL 117
#define CALLBOT_CODE_URL_LABEL_TOO_LONG 118
#define CALLBOT_CODE_URL_HOST_TOO_LONG 119
#define CALLBOT_CODE_URL_IPV4 120
#define CALLBOT_CODE_URL_IPV6 121
#define CALLBOT_CODE_BASE_URL_PATH 122
#define CALLBOT_CODE_SECRET_KEY_QUOTED 123
#define CALLBOT_CODE_SECRET_KEY_ASSIGNMENT 124
#define CALLBOT_CODE_UUID_QUOTED 125
#define CALLBOT_CODE_UUID_ASSIGNMENT 126
#define CALLBOT_CODE_UUID_IS_SECRET_KEY 127
#define CALLBOT_CODE_HEADER_CGI_NAME 128
#define CALLBOT_CODE_HEADER_JOINED 129
#define CALLBOT_CODE_BLANK_EDGE 130
#define CALLBOT_CODE_ID_TOO_LONG 131
#define CALLBOT_CODE_SIMILAR_PARAM 132
#define CALLBOT_CODE_DUPLICATE_PHONE 133
#define CALLBOT_CODE_HALF_SURROGATE 134
#define CALLBOT_CODE_NUL_CHARACTER 135
#define CALLBOT_CODE_RULES_PARAM_NUL 136
#define CALLBOT_CODE_URL_LABEL_HYPHEN 137
#define CALLBOT_CODE_NO_MEMORY 138
#define CALLBOT_CODE_REPLAYS_FULL 139
#define CALLBOT_CODE_CLAIM_LOST 140

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- Strings that the caller owns ---- */

/**
 * Returns the string. A NUL follows it.
 */
callbot_str callbot_string_get(const callbot_string *string);

/**
 * Frees a string.
 */
void callbot_string_free(callbot_string *string);

/* ---- Errors ----
 *
 * A violation is one thing that is wrong with a task, an order or a JSON body. If one of
 * these is refused, the error lists all violations.
 *
 * A code lives as long as the program, and a NUL follows it. */

/**
 * Returns the status that the failed function returned; CALLBOT_OK for NULL.
 */
callbot_status callbot_error_status(const callbot_error *error);

/**
 * Returns the stable code of the error, for programs. It is finer than the status, such as
 * "secret_key_blank_at_end". For CALLBOT_REFUSED it is "refused"; each violation has its own code.
 * docs/errors.md lists all codes.
 */
callbot_str callbot_error_code(const callbot_error *error);

/**
 * Returns the number of the error's code, to switch on: CALLBOT_CODE_SECRET_KEY_EMPTY and so on.
 * 0 for NULL.
 */
int32_t callbot_error_code_number(const callbot_error *error);

/**
 * Returns a message for people, in one line: what is wrong and what to do. For CALLBOT_REFUSED it
 * has the number of violations and the first of them.
 */
callbot_str callbot_error_message(const callbot_error *error);

/**
 * Returns the number of violations in the error's list. It is 0 unless the status is
 * CALLBOT_REFUSED.
 */
size_t callbot_error_violation_count(const callbot_error *error);

/**
 * Returns the number of violations that are not in the list. It is 0 unless there are more than a
 * million violations.
 */
size_t callbot_error_unlisted_count(const callbot_error *error);

/**
 * Returns the stable code of the violation at index, such as "phone_plus".
 */
callbot_str callbot_error_violation_code(const callbot_error *error, size_t index);

/**
 * Returns the number of the code of the violation at index, to switch on: CALLBOT_CODE_PHONE_PLUS
 * and so on.
 */
int32_t callbot_error_violation_code_number(const callbot_error *error, size_t index);

/**
 * Returns the place of the violation at index: a JSON Pointer (RFC 6901) into the body, such as
 * "/callInfoList/callList/3/userPhone". It is empty for the JSON document as a whole, and if
 * an allocation fails: read the message first, which is then empty too.
 */
callbot_str callbot_error_violation_path(const callbot_error *error, size_t index);

/**
 * Returns a message for people about the violation at index: what is wrong and what to do. It is
 * empty only if an allocation fails, and made by a later call.
 */
callbot_str callbot_error_violation_message(const callbot_error *error, size_t index);

/**
 * Returns the key of the field that the violation at index is about, such as "userPhone": the last
 * key of its path. It is empty for the JSON document as a whole.
 */
callbot_str callbot_error_violation_field(const callbot_error *error, size_t index);

/**
 * Returns the name of the script template's variable that the violation at index is about, as the
 * rules have it. It is empty if the rules have no such variable: the name that an order gives may
 * be personal data.
 */
callbot_str callbot_error_violation_param(const callbot_error *error, size_t index);

/**
 * Returns the order that the violation at index is about, as its index in the call's own list:
 * the index in the array of callbot_batch_add_all, 0 for callbot_batch_add, and the index in
 * callList for JSON.
 *
 * Returns SIZE_MAX if the violation is about no order, for NULL, and for an index out of range.
 */
size_t callbot_error_violation_list_index(const callbot_error *error, size_t index);

/**
 * Returns the order that the violation at index is about, as its index in the batch: the same
 * number as in the path. An order that was refused has the index that it would have got if all
 * orders had been accepted: the orders that the batch had before the call, plus its index in the
 * call's own list.
 *
 * Returns SIZE_MAX as callbot_error_violation_list_index does.
 */
size_t callbot_error_violation_order(const callbot_error *error, size_t index);

/**
 * Frees an error.
 */
void callbot_error_free(callbot_error *error);

/* ---- The signer: the account that signs ---- */

/**
 * Makes a signer. uuid and secret_key are those of the provider's console, under Developer; both
 * are copied. algorithm is the CALLBOT_ALGORITHM constant that the console shows.
 *
 * Returns CALLBOT_OK, and in *signer an object that the caller frees. Fails with
 * CALLBOT_SECRET_KEY if the key is empty or has whitespace or a line feed at an end, and with
 * CALLBOT_UUID.
 *
 * Example:
 *
 *     callbot_signer *signer;
 *     callbot_error *error;
 *     if (callbot_signer_new(CALLBOT_STR("Vh71ym3y"), secret, CALLBOT_ALGORITHM_MD5,
 *                            &signer, &error) != CALLBOT_OK) {
 *         ...
 *     }
 */
callbot_status callbot_signer_new(callbot_str uuid,
                                  callbot_str secret_key,
                                  int32_t algorithm,
                                  callbot_signer **signer,
                                  callbot_error **error);

/**
 * Signs any body. request_id and create_ts (Unix seconds) are the values of the headers of the
 * same name; there are no defaults. body is the exact bytes to send.
 *
 * Returns CALLBOT_OK, and in sign the signature: upper-case hex (32 digits for MD5, 64 for
 * SHA-256) and a NUL. Fails with CALLBOT_REQUEST_ID and CALLBOT_CREATE_TS.
 *
 * Example:
 *
 *     char sign[CALLBOT_SIGN_CAPACITY];
 *     callbot_status status =
 *         callbot_sign(signer, CALLBOT_STR("r-1"), 1726200000, CALLBOT_STR("{}"), sign, NULL);
 */
callbot_status callbot_sign(const callbot_signer *signer,
                            callbot_str request_id,
                            int64_t create_ts,
                            callbot_str body,
                            char sign[CALLBOT_SIGN_CAPACITY],
                            callbot_error **error);

/**
 * Shows the string that callbot_sign hashes, with *** in place of the secret key, to find out why
 * two signatures differ. The string contains the whole body and with it personal data: do not log
 * it.
 *
 * For a received message, pass its requestID, createTs and body. A requestID of the provider with
 * characters that callbot does not send fails with CALLBOT_REQUEST_ID; docs/wrong-signature.md
 * shows how to build the string by hand.
 *
 * Returns CALLBOT_OK, and in *string an object that the caller frees. Fails as callbot_sign.
 */
callbot_status callbot_signed_string(const callbot_signer *signer,
                                     callbot_str request_id,
                                     int64_t create_ts,
                                     callbot_str body,
                                     callbot_string **string,
                                     callbot_error **error);

/**
 * Frees a signer and wipes its secret key. Requests that it signed stay valid.
 */
void callbot_signer_free(callbot_signer *signer);

/* ---- Rules: what a campaign requires of its orders ---- */

/**
 * Makes rules that require nothing yet.
 *
 * Returns an object that the caller frees. NULL if an allocation fails, or after an internal error
 * in the library.
 */
callbot_rules *callbot_rules_new(void);

/**
 * Adds a variable of the script template. Every order must then fill each added variable exactly
 * once, and no other. The console shows the names under script management, variable settings.
 *
 * Fails with CALLBOT_RULES if the name is empty or was added before.
 */
callbot_status callbot_rules_require_param(callbot_rules *rules,
                                           callbot_str name,
                                           callbot_error **error);

/**
 * Declares that the script template has no other variables than those added. If none is added, no
 * order may have params.
 */
callbot_status callbot_rules_require_no_other_params(callbot_rules *rules, callbot_error **error);

/**
 * Allows a country code, such as "86". Once a code is allowed, a number with any other country
 * code is refused. That finds numbers without their country code, and prevents toll fraud. "1" is
 * the whole North American Numbering Plan, the Caribbean included.
 *
 * Fails with CALLBOT_RULES unless digits is an assigned E.164 country code, without + or leading
 * zeros.
 */
callbot_status callbot_rules_allow_country_code(callbot_rules *rules,
                                                callbot_str digits,
                                                callbot_error **error);

/**
 * Sets the maximum number of orders in a batch. The provider publishes no figure, only an error
 * for too many.
 *
 * Fails with CALLBOT_RULES for 0.
 */
callbot_status callbot_rules_max_orders(callbot_rules *rules, size_t max, callbot_error **error);

/**
 * Allows whitespace, control and invisible characters at the start and end of orderID, userTaskID
 * and the names of params, for callers whose IDs are so. Otherwise they are refused.
 * callbot_request_from_json_with allows the IDs in any other request.
 *
 * A variation selector or a tag belongs to the visible character before it, as in an emoji or a
 * Chinese character, and is an edge only at the start and after ASCII.
 */
callbot_status callbot_rules_allow_blank_edges(callbot_rules *rules, callbot_error **error);

/**
 * Refuses an order whose phone number another order of the batch has already, so that nobody is
 * called twice. The batch then keeps an index of the numbers.
 */
callbot_status callbot_rules_unique_phones(callbot_rules *rules, callbot_error **error);

/**
 * Frees rules.
 */
void callbot_rules_free(callbot_rules *rules);

/* ---- The batch: orders in ----
 *
 * A function that fails with CALLBOT_REFUSED lists all violations in its error. The index
 * of an order, in paths and from callbot_error_violation_order, continues from the orders
 * that the batch had before the call. A string of an order that is not UTF-8 is a
 * violation of that order. */

/**
 * Makes an empty batch for a task, which must exist at the provider. rules may be NULL.
 * user_task_id is the task's ID. The URLs, absolute http or https, are called when an order or a
 * call has finished. All arguments are copied.
 *
 * Returns CALLBOT_OK, and in *batch an object that the caller frees. Fails with CALLBOT_REFUSED.
 */
callbot_status callbot_batch_new(const callbot_rules *rules,
                                 callbot_str user_task_id,
                                 callbot_str order_callback_url,
                                 callbot_str call_callback_url,
                                 callbot_batch **batch,
                                 callbot_error **error);

/**
 * Adds an order, whose strings are copied. Fails with CALLBOT_REFUSED.
 */
callbot_status callbot_batch_add(callbot_batch *batch,
                                 const callbot_order *order,
                                 callbot_error **error);

/**
 * Adds an array of orders in one call, which is faster than a call for each. policy is a
 * CALLBOT_POLICY constant.
 *
 * CALLBOT_POLICY_REFUSE_ALL adds all orders or none; it fails with CALLBOT_REFUSED if any is
 * invalid. CALLBOT_POLICY_KEEP_VALID adds the valid orders and succeeds. If it refused others,
 * *error is then an error that lists their violations; otherwise it is NULL.
 */
callbot_status callbot_batch_add_all(callbot_batch *batch,
                                     const callbot_order *orders,
                                     size_t order_count,
                                     int32_t policy,
                                     callbot_error **error);

/**
 * Reads a batch from a JSON body as the API documents it. rules may be NULL. policy is a
 * CALLBOT_POLICY constant. The JSON is not needed afterwards.
 *
 * CALLBOT_POLICY_REFUSE_ALL fails with CALLBOT_REFUSED if there is any violation.
 * CALLBOT_POLICY_KEEP_VALID succeeds if the violations are in single orders. The batch then has
 * the other orders, and *error is an error that lists the violations, or NULL if there are none. A
 * caller that passes NULL for error learns of refused orders only from callbot_batch_len.
 *
 * Returns CALLBOT_OK, and in *batch an object that the caller frees.
 */
callbot_status callbot_batch_from_json(const callbot_rules *rules,
                                       callbot_str json,
                                       int32_t policy,
                                       callbot_batch **batch,
                                       callbot_error **error);

/**
 * Makes a batch for an endpoint that takes orders: "addBatchCall", "importBatchCall" or
 * "createAndCall". json is the request as the endpoint's page documents it. Its callList may have
 * orders, be empty, or be missing; more orders are added as always. productID is added if it is
 * left out. rules and policy are as for callbot_batch_from_json, and so is *error under
 * CALLBOT_POLICY_KEEP_VALID.
 *
 * Returns CALLBOT_OK, and in *batch an object that the caller frees. Fails with CALLBOT_ENDPOINT
 * for any other endpoint, and with CALLBOT_REFUSED.
 */
callbot_status callbot_batch_new_for(const callbot_rules *rules,
                                     callbot_str endpoint,
                                     callbot_str json,
                                     int32_t policy,
                                     callbot_batch **batch,
                                     callbot_error **error);

/**
 * Reserves memory for more orders, of order_bytes bytes each in the body, keys and escapes
 * included. It is a hint: if the allocation fails, nothing happens.
 */
void callbot_batch_reserve(callbot_batch *batch, size_t orders, size_t order_bytes);

/**
 * Returns the number of orders in the batch.
 */
size_t callbot_batch_len(const callbot_batch *batch);

/**
 * Removes all orders; the task and the rules stay. The memory is kept, so that filling the batch
 * again allocates nothing, unless a request of this batch is still alive.
 */
void callbot_batch_clear(callbot_batch *batch);

/**
 * Frees a batch. Requests that were built from it stay valid.
 */
void callbot_batch_free(callbot_batch *batch);

/* ---- The request: what to send ---- */

/**
 * Builds the request of a batch, to addBatchCall or to the endpoint that the batch was made for.
 *
 * An empty request_id means a random one, and a create_ts (Unix seconds) of 0 means now; the
 * request's headers show both. The batch can be used again. Signing does not copy its body; the
 * batch copies it on the first change while a request is alive (copy-on-write).
 *
 * Returns CALLBOT_OK, and in *request an object that the caller frees. Fails with
 * CALLBOT_EMPTY_BATCH, CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
 * Several threads may call it at once with the same signer and batch.
 *
 * Example:
 *
 *     callbot_request *request;
 *     callbot_status status =
 *         callbot_build_batch(signer, batch, CALLBOT_STR(""), 0, &request, NULL);
 */
callbot_status callbot_build_batch(const callbot_signer *signer,
                                   const callbot_batch *batch,
                                   callbot_str request_id,
                                   int64_t create_ts,
                                   callbot_request **request,
                                   callbot_error **error);

/**
 * Checks a request against the API's page, and signs it. endpoint is the API's own name, such as
 * "stopOrder". json is the request as the page documents it. Whitespace and the order of the keys
 * do not matter, productID is added if it is left out, and the body is compact. What a page shows
 * in an example only may have any value.
 *
 * For addBatchCall, importBatchCall and createAndCall, all orders are refused if one is invalid.
 * callbot_request_from_json_with takes rules. request_id and create_ts are as for
 * callbot_build_batch. The JSON is not needed afterwards.
 *
 * Returns CALLBOT_OK, and in *request an object that the caller frees. Fails with CALLBOT_ENDPOINT
 * if there is no such endpoint, with CALLBOT_REFUSED and a list of violations, and with
 * CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
 *
 * Example:
 *
 *     const char *json = "{\"userTaskID\": \"spring\", \"orderIDs\": [\"1\", \"2\"]}";
 *     callbot_str string = {json, strlen(json)};
 *     callbot_request *request;
 *     callbot_status status =
 *         callbot_request_from_json(signer, CALLBOT_STR("stopOrder"), string, CALLBOT_STR(""), 0,
 *                                   &request, &error);
 */
callbot_status callbot_request_from_json(const callbot_signer *signer,
                                         callbot_str endpoint,
                                         callbot_str json,
                                         callbot_str request_id,
                                         int64_t create_ts,
                                         callbot_request **request,
                                         callbot_error **error);

/**
 * Checks and signs a request as callbot_request_from_json does, with the rules of a campaign,
 * which may be NULL.
 *
 * For addBatchCall, importBatchCall and createAndCall they are the rules of the batch. For any
 * other endpoint callbot_rules_allow_blank_edges is the only one with an effect: a task or an
 * order whose ID begins or ends with whitespace can be stopped and listed as well.
 *
 * The arguments, *request and the failures are as for callbot_request_from_json.
 */
callbot_status callbot_request_from_json_with(const callbot_signer *signer,
                                              const callbot_rules *rules,
                                              callbot_str endpoint,
                                              callbot_str json,
                                              callbot_str request_id,
                                              int64_t create_ts,
                                              callbot_request **request,
                                              callbot_error **error);

/**
 * Signs any path and any body as they are: for endpoints that the library does not know.
 *
 * path begins with exactly one "/", and is visible ASCII without "#", so that it cannot change the
 * host of a base URL. body is copied. request_id and create_ts are as for callbot_build_batch.
 *
 * Returns CALLBOT_OK, and in *request an object that the caller frees. Fails with CALLBOT_PATH,
 * CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
 */
callbot_status callbot_request_new(const callbot_signer *signer,
                                   callbot_str path,
                                   callbot_str body,
                                   callbot_str request_id,
                                   int64_t create_ts,
                                   callbot_request **request,
                                   callbot_error **error);

/**
 * Signs a request's body again, for a retry: the provider requires a new request ID for each
 * attempt. The body is not copied, and the first request does not change.
 *
 * If an answer was lost or was an internal error (5001), the provider may have accepted the
 * orders. What it does with a duplicate orderID is not published: it may call the same people
 * twice.
 *
 * The arguments, *again and the failures are as for callbot_build_batch.
 */
callbot_status callbot_request_sign_again(const callbot_request *request,
                                          const callbot_signer *signer,
                                          callbot_str request_id,
                                          int64_t create_ts,
                                          callbot_request **again,
                                          callbot_error **error);

/**
 * Returns the HTTP method: "POST".
 */
callbot_str callbot_request_method(const callbot_request *request);

/**
 * Returns the path, to be appended to the provider's base URL.
 */
callbot_str callbot_request_path(const callbot_request *request);

/**
 * Writes the URL to send the request to: base_url, which is "https://nxbot.nxcloud.com" for the
 * provider's production, and the path. A path in base_url, such as a proxy's, comes before the
 * request's own.
 *
 * Returns CALLBOT_OK, and in *url an object that the caller frees with callbot_string_free. Fails
 * with CALLBOT_BASE_URL unless base_url is an absolute http or https URL without query and
 * fragment, and without the path that is appended or the start that the API's own paths share.
 *
 * Example:
 *
 *     callbot_string *url;
 *     if (callbot_request_url(request, base_url, &url, &error) == CALLBOT_OK) {
 *         curl_easy_setopt(curl, CURLOPT_URL, callbot_string_get(url).data);
 *         callbot_string_free(url);
 *     }
 */
callbot_status callbot_request_url(const callbot_request *request,
                                   callbot_str base_url,
                                   callbot_string **url,
                                   callbot_error **error);

/**
 * Writes the URL of a path that was stored, as callbot_request_url does for that of a request.
 *
 * Returns CALLBOT_OK, and in *url an object that the caller frees with callbot_string_free. Fails
 * with CALLBOT_PATH for a path that callbot_request_new refuses, and with CALLBOT_BASE_URL.
 */
callbot_status callbot_url_join(callbot_str base_url,
                                callbot_str path,
                                callbot_string **url,
                                callbot_error **error);

/**
 * Returns the name of the endpoint: "addBatchCall". Empty for a request of callbot_request_new.
 */
callbot_str callbot_request_endpoint(const callbot_request *request);

/**
 * Returns what the response must match. Copy the strings to keep them longer than the request.
 */
callbot_sent callbot_request_sent(const callbot_request *request);

/**
 * Returns the bytes to send. They are signed: do not parse and serialise them again.
 */
callbot_str callbot_request_body(const callbot_request *request);

/**
 * Returns the number of headers to send.
 */
size_t callbot_request_header_count(const callbot_request *request);

/**
 * Returns the name of the header at index.
 */
callbot_str callbot_request_header_name(const callbot_request *request, size_t index);

/**
 * Returns the value of the header at index: ASCII without control characters.
 */
callbot_str callbot_request_header_value(const callbot_request *request, size_t index);

/**
 * Returns the header at index as a line "Name: value" without a line end. A NUL follows it, as
 * curl_slist_append needs. The string is empty, and its data NULL, if an allocation fails.
 */
callbot_str callbot_request_header_line(const callbot_request *request, size_t index);

/**
 * Frees a request.
 */
void callbot_request_free(callbot_request *request);

/* ---- Phone numbers ---- */

/**
 * Validates a phone number as the API wants it: 7 to 15 digits that begin with an assigned country
 * code, and nothing else.
 *
 * Returns CALLBOT_OK, or CALLBOT_PHONE with a code such as "phone_plus".
 */
callbot_status callbot_phone_check(callbot_str phone, callbot_error **error);

/**
 * Converts what people type or paste, such as "+86 156-1234-5678" or "+44 (0)20 7946 0958", to the
 * digits that the API wants.
 *
 * Returns CALLBOT_OK, and in digits the digits and a NUL. Fails with CALLBOT_PHONE if the input is
 * ambiguous, such as a number without its country code.
 */
callbot_status callbot_phone_from_typed(callbot_str typed,
                                        char digits[CALLBOT_PHONE_CAPACITY],
                                        callbot_error **error);

/* ---- Received headers ---- */

/**
 * Splits a raw block of headers, as curl -D or a server writes it, into a list for
 * callbot_verify_callback and callbot_verify_response. block is copied.
 *
 * A block is an optional status or request line, lines of "Name: value", and an empty line, which
 * may be missing. Lines end with LF or CRLF. Spaces and tabs around a value are removed. The last
 * of several blocks counts: curl writes one for each interim response (100, 103), for a proxy's
 * answer to CONNECT and, with -L, for each redirect. Each further block must begin with a status
 * line, so neither a body nor trailers may follow; curl -D writes trailers after the last empty
 * line.
 *
 * Returns CALLBOT_OK, and in *headers an object that the caller frees. Fails with CALLBOT_HEADERS
 * if two programs could read the block differently: whitespace before a colon, a folded line, a
 * bare CR, a NUL, a line without a colon, an invalid name, or something other than a further
 * block after an empty line. Each has its own code, and the message has the number of the line.
 *
 * Example:
 *
 *     callbot_headers *headers;
 *     if (callbot_headers_parse(block, &headers, &error) == CALLBOT_OK) {
 *         status = callbot_verify_callback(verifier, callbot_headers_get(headers),
 *                                          callbot_headers_count(headers), body, 0,
 *                                          &verified, &error);
 *         callbot_headers_free(headers);
 *     }
 */
callbot_status callbot_headers_parse(callbot_str block,
                                     callbot_headers **headers,
                                     callbot_error **error);

/**
 * Returns the headers, an array of callbot_headers_count elements, or NULL if there are none. It
 * lives as long as the object.
 */
const callbot_header *callbot_headers_get(const callbot_headers *headers);

/**
 * Returns the number of headers.
 */
size_t callbot_headers_count(const callbot_headers *headers);

/**
 * Frees headers.
 */
void callbot_headers_free(callbot_headers *headers);

/* ---- Verifying responses and callbacks ---- */

/**
 * Makes a verifier for the account of a signer, which is copied. Messages may be 300 seconds old
 * and 60 seconds in the future.
 *
 * Returns CALLBOT_OK, and in *verifier an object that the caller frees.
 */
callbot_status callbot_verifier_new(const callbot_signer *signer,
                                    callbot_verifier **verifier,
                                    callbot_error **error);

/**
 * Accepts the account of another signer too. While the secret key is being changed, that is the
 * one with the new key. callbot_verified_signer_index tells which signer matched.
 */
callbot_status callbot_verifier_add(callbot_verifier *verifier,
                                    const callbot_signer *signer,
                                    callbot_error **error);

/**
 * Sets how old a message may be, and how far in the future its time may be, both in seconds.
 */
callbot_status callbot_verifier_set_tolerance(callbot_verifier *verifier,
                                              uint64_t max_age,
                                              uint64_t max_skew,
                                              callbot_error **error);

/**
 * Verifies that a callback came from the provider and is recent.
 *
 * headers are all received headers, or at least requestID, uuid, createTs and sign;
 * callbot_headers_parse makes them from raw lines. body is the raw bytes as received: a body that
 * was parsed and serialised again has other bytes. now is the time in Unix seconds; 0 means the
 * system's time.
 *
 * Returns CALLBOT_OK, and in *verified an object that the caller frees. Fails with the first that
 * applies of CALLBOT_HEADERS, CALLBOT_OTHER_ALGORITHM, CALLBOT_UNKNOWN_UUID,
 * CALLBOT_SIGNATURE_MISMATCH, CALLBOT_BODY_NOT_UTF8, CALLBOT_TOO_OLD and CALLBOT_TOO_NEW. An
 * invalid now fails with CALLBOT_CREATE_TS, and an invalid system clock with CALLBOT_CLOCK. Tell
 * the sender only that the message was refused; log the reason.
 *
 * Replays: whoever saw a message can send it again while it is recent. Claim each one before it is
 * processed: see callbot_replays_begin.
 */
callbot_status callbot_verify_callback(const callbot_verifier *verifier,
                                       const callbot_header *headers,
                                       size_t header_count,
                                       callbot_str body,
                                       int64_t now,
                                       callbot_verified **verified,
                                       callbot_error **error);

/**
 * Verifies that a response came from the provider, is recent, and answers the request that was
 * sent. sent is from callbot_request_sent, or made from stored values.
 *
 * Whether the provider signs its error responses is not published. A response without signature
 * headers, such as a proxy's error page, fails with CALLBOT_HEADERS and the code "header_missing".
 * It is not evidence of anything: the orders may have been accepted or not.
 *
 * The arguments, *verified and the failures are as for callbot_verify_callback. A verified message
 * whose requestID, uuid or algorithm differs from the request's fails with CALLBOT_OTHER_REQUEST;
 * the message tells which differs. A callback passed as a response differs in its requestID.
 */
callbot_status callbot_verify_response(const callbot_verifier *verifier,
                                       const callbot_sent *sent,
                                       const callbot_header *headers,
                                       size_t header_count,
                                       callbot_str body,
                                       int64_t now,
                                       callbot_verified **verified,
                                       callbot_error **error);

/**
 * Frees a verifier and wipes its secret keys. Messages that it verified stay valid.
 */
void callbot_verifier_free(callbot_verifier *verifier);

/* ---- Verified messages ---- */

/**
 * Returns the raw body that was verified.
 */
callbot_str callbot_verified_body(const callbot_verified *verified);

/**
 * Returns the uuid of the account that the message is for. A request ID belongs to an account:
 * store both against replays.
 */
callbot_str callbot_verified_uuid(const callbot_verified *verified);

/**
 * Returns the message's request ID: store it against replays, together with the uuid.
 */
callbot_str callbot_verified_request_id(const callbot_verified *verified);

/**
 * Returns the time of signing, in Unix seconds.
 */
uint64_t callbot_verified_create_ts(const callbot_verified *verified);

/**
 * Returns the last second, in Unix seconds, at which the message can be replayed. Afterwards it is
 * too old.
 *
 * A store that expires the request ID by its own clock may be ahead of the verifier's clock. Add a
 * margin: with Redis, EXPIREAT at this time plus 60 seconds.
 */
uint64_t callbot_verified_replay_expires_at(const callbot_verified *verified);

/**
 * Returns which signer matched: 0 for that of callbot_verifier_new, then those of
 * callbot_verifier_add in their order. SIZE_MAX for NULL.
 */
size_t callbot_verified_signer_index(const callbot_verified *verified);

/**
 * Reads how a request went from the response to any endpoint. The strings live as long as the
 * verified message.
 *
 * Success means that the provider took the request. Single orders can still be refused.
 *
 * Returns CALLBOT_OK, and the result in *result. Fails with CALLBOT_CONTENT as callbot_content_new
 * does for CALLBOT_CONTENT_RESPONSE; a callback has no result.
 */
callbot_status callbot_verified_result(const callbot_verified *verified,
                                       callbot_result *result,
                                       callbot_error **error);

/**
 * Frees a verified message. Contents that were read from it stay valid.
 */
void callbot_verified_free(callbot_verified *verified);

/* ---- The content of verified messages ----
 *
 * The functions that take a pointer read one value of a content by its JSON Pointer (RFC 6901),
 * such as "/callInfoDetail/callStatus" or "/errList/0/phone". They write the value only with
 * CALLBOT_OK. They have no error, since the status says all:
 *
 * - CALLBOT_ABSENT if there is no such value, or it is null.
 * - CALLBOT_WRONG_TYPE if it has another type.
 * - CALLBOT_JSON_POINTER if the pointer is malformed.
 * - The status of any other invalid argument.
 *
 * Strings live as long as the content. Going through all elements of an array, or all keys of
 * an object, takes time linear in its length. */

/**
 * Reads the content of a verified message. The body is parsed once, however often it is asked for.
 *
 * kind is a CALLBOT_CONTENT constant. CALLBOT_CONTENT_RESPONSE is the answer to the endpoint of
 * the request that the message was verified with; for any other path it is an object with a
 * retCode. Only the URL that a callback was sent to tells its kind: a call callback can be read as
 * an order callback too, and the signature does not cover the URL. So give each kind a URL of its
 * own that nobody can guess, and store the IDs against replays for each kind separately.
 *
 * Returns CALLBOT_OK, and in *content an object that the caller frees. Fails with CALLBOT_CONTENT
 * if the message was verified as a response and is read as a callback, or the other way round; if
 * the body is not one JSON object; if an object in it has a duplicate key; and if it lacks an
 * essential field, or has it with another type: callbackType and orderID of a call or order
 * callback; callbackType, taskStatus or taskStat, and userTaskID or taskID of a task callback;
 * retCode of a response, which ping calls code. Anything else is read.
 *
 * Example:
 *
 *     callbot_content *content;
 *     int64_t status;
 *     if (callbot_content_new(verified, CALLBOT_CONTENT_CALL_CALLBACK, &content, &error) ==
 *             CALLBOT_OK &&
 *         callbot_content_integer(content, CALLBOT_STR("/callInfoDetail/callStatus"), &status) ==
 *             CALLBOT_OK) {
 *         ...
 *     }
 */
callbot_status callbot_content_new(const callbot_verified *verified,
                                   int32_t kind,
                                   callbot_content **content,
                                   callbot_error **error);

/**
 * Reads a string, with its escapes resolved. Half of a surrogate pair is U+FFFD.
 */
callbot_status callbot_content_string(const callbot_content *content,
                                      callbot_str pointer,
                                      callbot_str *string);

/**
 * Reads an integer: a number that an int64_t holds, or a string of its plain digits. 1.0 and 1e3
 * are integers; 1.5 has the wrong type.
 */
callbot_status callbot_content_integer(const callbot_content *content,
                                       callbot_str pointer,
                                       int64_t *integer);

/**
 * Reads a number, or a string of its plain digits. One that a double cannot hold, such as 1e400,
 * has the wrong type.
 */
callbot_status callbot_content_number(const callbot_content *content,
                                      callbot_str pointer,
                                      double *number);

/**
 * Reads a boolean.
 */
callbot_status callbot_content_boolean(const callbot_content *content,
                                       callbot_str pointer,
                                       bool *boolean);

/**
 * Reads the number of elements of an array, or of members of an object.
 */
callbot_status callbot_content_length(const callbot_content *content,
                                      callbot_str pointer,
                                      size_t *length);

/**
 * Reads a value of any type as JSON, as it was sent. The pointer "" is the whole.
 */
callbot_status callbot_content_json(const callbot_content *content,
                                    callbot_str pointer,
                                    callbot_str *json);

/**
 * Reads the key at index of an object, in the order in which the keys were sent. CALLBOT_ABSENT
 * after the last one.
 */
callbot_status callbot_content_key(const callbot_content *content,
                                   callbot_str pointer,
                                   size_t index,
                                   callbot_str *key);

/**
 * Returns the number of places where the message differs from what the API's page says. That is
 * never a reason to refuse it.
 */
size_t callbot_content_deviation_count(const callbot_content *content);

/**
 * Returns the deviation at index, for a log: a JSON Pointer and what was expected, never a value,
 * as in "/userName: expected a string, found null". Only the first 100 are listed.
 */
callbot_str callbot_content_deviation(const callbot_content *content, size_t index);

/**
 * Frees a content.
 */
void callbot_content_free(callbot_content *content);

/* ---- What became of the orders of a request ---- */

/**
 * Compares a response with the body of its request, which the caller kept: which orders were
 * accepted, and which were refused. Neither is needed afterwards.
 *
 * The provider names a refused order by its phone number only (by its ID in stopOrder), so two
 * orders with one phone number cannot always be told apart. Phone numbers are compared by their
 * digits. request_body must be the body of the request that the response was verified with. This
 * is not checked, since the response does not repeat it. Its orders are read only if the response
 * refuses any. They are counted if the response is a success, and the body is not looked at if the
 * response's code says that the whole request was refused.
 *
 * Returns CALLBOT_OK, and in *outcome an object that the caller frees. Fails with CALLBOT_CONTENT
 * if content is a callback, or request_body is looked at and has no list of orders (callList or
 * orderIDs).
 *
 * Example:
 *
 *     callbot_outcome *outcome;
 *     callbot_refused refused;
 *     if (callbot_outcome_new(content, callbot_request_body(request), &outcome, &error) ==
 *         CALLBOT_OK) {
 *         for (size_t i = 0; callbot_outcome_refused(outcome, i, &refused) == CALLBOT_OK; i++) {
 *             ...
 *         }
 *     }
 */
callbot_status callbot_outcome_new(const callbot_content *content,
                                   callbot_str request_body,
                                   callbot_outcome **outcome,
                                   callbot_error **error);

/**
 * Returns what became of the orders as a whole: a CALLBOT_OUTCOME constant. Neither
 * CALLBOT_OUTCOME_AMBIGUOUS nor CALLBOT_OUTCOME_UNACCOUNTED, which it is for NULL, is a success.
 */
int32_t callbot_outcome_kind(const callbot_outcome *outcome);

/**
 * Returns whether sending the same request again can help: a CALLBOT_RETRY constant. It is
 * CALLBOT_RETRY_UNKNOWN unless the response accounts for every order, whatever its code says:
 * sending the request again may then dial people twice. CALLBOT_RETRY_UNKNOWN for NULL.
 */
int32_t callbot_outcome_retry(const callbot_outcome *outcome);

/**
 * Returns the number of orders that were refused, or may have been, and of the listed refusals
 * that belong to no order. No more of the latter are listed than the request has orders, or 100 if
 * it has fewer. callbot_outcome_unlisted_count counts the rest.
 */
size_t callbot_outcome_refused_count(const callbot_outcome *outcome);

/**
 * Returns how many refusals that belong to no order are not listed. If it is not 0, the outcome is
 * never a success. 0 for NULL.
 */
size_t callbot_outcome_unlisted_count(const callbot_outcome *outcome);

/**
 * Reads the refused order at index, in the order of the provider's list. Its strings live as long
 * as the outcome.
 *
 * Returns CALLBOT_OK, and the order in *refused; CALLBOT_ABSENT for an index out of range.
 */
callbot_status callbot_outcome_refused(const callbot_outcome *outcome,
                                       size_t index,
                                       callbot_refused *refused);

/**
 * Frees an outcome.
 */
void callbot_outcome_free(callbot_outcome *outcome);

/* ---- Replays: that no callback is processed twice ----
 *
 * A callback is claimed while it is processed, and done afterwards. A claim ends when its
 * lease has run out, so that a callback whose worker died is processed again. Several threads
 * may use a store at once without a lock. It is in memory, so it is for one server, and empty
 * when the program starts.
 *
 * The key is what tells a callback: callbot_verified_uuid, the kind of callback, since a
 * message can be replayed to the URL of another kind, and callbot_verified_request_id or, since
 * a callback that is sent again may carry a new one, its order and call. It may be any bytes,
 * and is not kept: the store has its SHA-256.
 *
 * The times are as for callbot_verify_callback: Unix seconds, and a now of 0 is the system's
 * time. An invalid now fails with CALLBOT_CREATE_TS, and an invalid system clock with
 * CALLBOT_CLOCK. */

/**
 * Makes an empty store of at most capacity callbacks, about 100 bytes each; 0 means 100,000.
 *
 * The store can take as many callbacks a second for long as the capacity divided by the seconds
 * for which a callback is kept. These are at most 421 by default (300 for which a message is
 * fresh, 60 by which its time may be ahead, a margin of 60, and 1 since times are whole seconds):
 * 100,000 are enough for 237 callbacks a second.
 */
callbot_status callbot_replays_new(size_t capacity,
                                   callbot_replays **replays,
                                   callbot_error **error);

/**
 * Claims a callback for lease seconds, unless another worker has claimed it or it is done. lease
 * must be longer than processing ever takes; 0 means 60 seconds.
 *
 * Returns CALLBOT_OK, and what was found in *claim. Fails with CALLBOT_REPLAYS_FULL if the store
 * is full, because a fresh message that is forgotten would be accepted again; answer 503 then.
 *
 * Example:
 *
 *     callbot_claim claim;
 *     if (callbot_replays_begin(replays, key, 60, 0, &claim, &error) == CALLBOT_OK &&
 *         claim.state == CALLBOT_CLAIM_BEGUN) {
 *         if (process(callback)) {
 *             uint64_t until = callbot_verified_replay_expires_at(verified) + 60;
 *             status = callbot_replays_done(replays, key, claim.token, until, 0, &error);
 *         } else {
 *             status = callbot_replays_release(replays, key, claim.token, 0, &error);
 *         }
 *     }
 */
callbot_status callbot_replays_begin(callbot_replays *replays,
                                     callbot_str key,
                                     uint64_t lease,
                                     int64_t now,
                                     callbot_claim *claim,
                                     callbot_error **error);

/**
 * Completes a claim: the callback is done, and remembered until the second until. That must be at
 * least callbot_verified_replay_expires_at, and a minute more if clocks differ. For a key without
 * the request ID it is also as long as the provider may send the callback again.
 *
 * Fails with CALLBOT_CLAIM_LOST if the claim is not held, because the lease ran out; nothing
 * happens then. The callback may have been processed by another worker: answer 503, and the
 * provider learns the outcome when it sends it again. A completed claim can be completed again.
 */
callbot_status callbot_replays_done(callbot_replays *replays,
                                    callbot_str key,
                                    uint64_t token,
                                    uint64_t until,
                                    int64_t now,
                                    callbot_error **error);

/**
 * Ends a claim whose callback could not be processed, so that it is accepted again at once.
 *
 * Fails with CALLBOT_CLAIM_LOST if the claim is not held, or is done; nothing happens then.
 */
callbot_status callbot_replays_release(callbot_replays *replays,
                                       callbot_str key,
                                       uint64_t token,
                                       int64_t now,
                                       callbot_error **error);

/**
 * Frees a store.
 */
void callbot_replays_free(callbot_replays *replays);

/* ---- Why a signature is wrong ---- */

/**
 * Tells whether the signature of a message is right, and if not, which mistake makes it, or which
 * two mistakes together. docs/explain.md lists them.
 *
 * headers and body are the message as it was sent or received, with the sign header that somebody
 * made; all other headers may be missing, since that can be the mistake. received is whether it
 * came from the provider: a signature in lower case is a mistake only in one that is sent. now is
 * the time around which the signed time is searched if the header createTs is missing, in Unix
 * seconds; 0 means the system's time.
 *
 * The search hashes the body up to 2,700 times. It is for the owner of the account, at a desk:
 * never call it for every message that a server refuses, and never tell its result to whoever sent
 * a message. It takes up to 1 MiB, 60 times the memory of the body and 150 times that of the
 * signed headers. Only a body of dense brackets takes most of that.
 *
 * Returns CALLBOT_OK, and in *explanation an object that the caller frees, whether or not the
 * signature is right. Fails with CALLBOT_HEADERS if the header sign is missing or a header that is
 * signed is duplicate, with CALLBOT_CREATE_TS for an invalid now, and with CALLBOT_CLOCK if the
 * system's time is needed and invalid.
 *
 * Example:
 *
 *     callbot_explanation *explanation;
 *     if (callbot_explain(signer, headers, header_count, body, false, 0, &explanation, &error) ==
 *         CALLBOT_OK) {
 *         for (size_t i = 0; i < callbot_explanation_cause_count(explanation); i++) {
 *             puts(callbot_explanation_message(explanation, i).data);
 *         }
 *         callbot_explanation_free(explanation);
 *     }
 */
callbot_status callbot_explain(const callbot_signer *signer,
                               const callbot_header *headers,
                               size_t header_count,
                               callbot_str body,
                               bool received,
                               int64_t now,
                               callbot_explanation **explanation,
                               callbot_error **error);

/**
 * Returns whether the signature is right. false for NULL.
 */
bool callbot_explanation_matches(const callbot_explanation *explanation);

/**
 * Returns the number of mistakes that together make the signature: 1 or 2, or 0 if it is right or
 * no mistake explains it.
 */
size_t callbot_explanation_cause_count(const callbot_explanation *explanation);

/**
 * Returns the code of the mistake at index, such as "body_separators". A NUL follows it.
 */
callbot_str callbot_explanation_code(const callbot_explanation *explanation, size_t index);

/**
 * Returns what the mistake at index is, for people. A NUL follows it.
 */
callbot_str callbot_explanation_message(const callbot_explanation *explanation, size_t index);

/**
 * Returns what to do about the mistake at index, for people. A NUL follows it.
 */
callbot_str callbot_explanation_fix(const callbot_explanation *explanation, size_t index);

/**
 * Frees an explanation.
 */
void callbot_explanation_free(callbot_explanation *explanation);

/* ---- Testing: the provider's side ---- */

/**
 * Signs a body as the response to a request. A create_ts (Unix seconds) of 0 means now.
 *
 * Returns CALLBOT_OK, and in *message an object that the caller frees. Fails with
 * CALLBOT_CREATE_TS and CALLBOT_CLOCK.
 */
callbot_status callbot_testing_sign_response(const callbot_signer *signer,
                                             const callbot_request *request,
                                             int64_t create_ts,
                                             callbot_str body,
                                             callbot_testing_message **message,
                                             callbot_error **error);

/**
 * Signs a body as a callback. An empty request_id means a random one, and a create_ts (Unix
 * seconds) of 0 means now. The provider's own IDs can have more characters than request_id.
 *
 * Returns CALLBOT_OK, and in *message an object that the caller frees. Fails with
 * CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
 */
callbot_status callbot_testing_sign_callback(const callbot_signer *signer,
                                             callbot_str request_id,
                                             int64_t create_ts,
                                             callbot_str body,
                                             callbot_testing_message **message,
                                             callbot_error **error);

/**
 * Returns the number of headers of the message.
 */
size_t callbot_testing_message_header_count(const callbot_testing_message *message);

/**
 * Returns the name of the header at index.
 */
callbot_str callbot_testing_message_header_name(const callbot_testing_message *message,
                                                size_t index);

/**
 * Returns the value of the header at index.
 */
callbot_str callbot_testing_message_header_value(const callbot_testing_message *message,
                                                 size_t index);

/**
 * Frees a message.
 */
void callbot_testing_message_free(callbot_testing_message *message);

/* ---- Versions ---- */

/**
 * Returns the library's version, such as "0.1.0". The string lives as long as the program.
 */
callbot_str callbot_version(void);

/**
 * Returns the version of the library's binary interface. A program works with the library if this
 * equals the CALLBOT_ABI_VERSION that it was compiled with. The version increases when a function
 * or struct changes, and stays when one is added.
 */
uint32_t callbot_abi_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CALLBOT_H */
