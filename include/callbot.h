/*
 * callbot - signed requests for the Callbot API (batch outbound calls by a voice bot)
 *
 * CONVENTIONS, kept by every function:
 *
 * 1. Names are callbot_*, macros and constants CALLBOT_*. The library exports nothing else.
 *
 * 2. Texts in and out are callbot_str: a pointer and a length in bytes, not terminated by a NUL, UTF-8 unless a function
 *    says otherwise. {NULL, 0} is the empty text. A text that is passed in must point to len bytes; it is borrowed until
 *    the function returns, and copied where it is needed for longer. How long a returned text lives stands at each
 *    function.
 *
 * 3. Objects are opaque. A function that makes one says so, and the caller frees it, once, with the function
 *    callbot_..._free of its kind. Freeing NULL is fine. A pointer to an object that is passed in must have come from such
 *    a function and must not have been freed.
 *
 * 4. A function that can fail returns a callbot_status, of which CALLBOT_OK is 0, and has a last parameter
 *    callbot_error **error. That may be NULL for callers who do not want to know more. Otherwise *error is set: to NULL
 *    on success, and to an error on failure, which the caller frees. (With CALLBOT_POLICY_KEEP_VALID a success may come
 *    with an error: the list of what was refused.) What *error was before is overwritten, not freed. Other outputs are
 *    written on success only; an output that is an object is set to NULL on failure. There is no "last error" in a
 *    thread.
 *
 * 5. Nothing is thrown and nothing unwinds out of the library. A fault in the library itself is CALLBOT_PANIC. Only
 *    running out of memory ends the program.
 *
 * 6. NULL where something is needed, a length over PTRDIFF_MAX, a number that is none of the constants, and text that is
 *    not UTF-8 are errors, each with its own status. Functions that cannot fail return an empty text or 0 for NULL.
 *
 * 7. An object may be used by several threads at once while it is only read (const). One that is written needs the
 *    caller's lock.
 *
 * The secret key, phone numbers and names are never in an error.
 *
 * This file is generated: change the functions' documentation in src/, not here.
 */


#ifndef CALLBOT_H
#define CALLBOT_H

#include <stddef.h>
#include <stdint.h>
/**
 * A callbot_str of a string literal: CALLBOT_STR("callbot"). It does not compile for anything but a literal.
 */
#ifdef __cplusplus
#define CALLBOT_STR(literal) (callbot_str{ "" literal, sizeof(literal) - 1 })
#else
#define CALLBOT_STR(literal) ((callbot_str){ "" literal, sizeof(literal) - 1 })
#endif


/**
 * The account signs with MD5, which is the API's default.
 */
#define CALLBOT_ALGORITHM_MD5 0

/**
 * The account signs with SHA-256.
 */
#define CALLBOT_ALGORITHM_SHA256 1

/**
 * How many bytes callbot_sign writes at most: the 64 hex digits of a SHA-256 and a NUL.
 */
#define CALLBOT_SIGN_CAPACITY 65

/**
 * Refuse the whole list when anything is wrong, and tell everything.
 */
#define CALLBOT_POLICY_REFUSE_ALL 0

/**
 * Keep the orders that are right, and tell what is wrong with the others.
 */
#define CALLBOT_POLICY_KEEP_VALID 1

/**
 * How many bytes callbot_phone_from_typed writes at most: 15 digits and a NUL.
 */
#define CALLBOT_PHONE_CAPACITY 16

/**
 * The response to a batch of orders.
 */
#define CALLBOT_CONTENT_RESPONSE 0

/**
 * A call callback: what comes to callCallbackUrl.
 */
#define CALLBOT_CONTENT_CALL_CALLBACK 1

/**
 * An order callback: what comes to orderCallbackUrl.
 */
#define CALLBOT_CONTENT_ORDER_CALLBACK 2

/**
 * A task callback: what comes to taskCallbackUrl.
 */
#define CALLBOT_CONTENT_TASK_CALLBACK 3

/**
 * The request succeeded: sending it again would dial the same people again.
 */
#define CALLBOT_RETRY_SUCCEEDED 0

/**
 * The provider is busy (7), under maintenance (5), or refuses while a batch import is running (1001): trying again
 * later can help.
 */
#define CALLBOT_RETRY_LATER 1

/**
 * The same request will fail again.
 */
#define CALLBOT_RETRY_NEVER 2

/**
 * The API's pages do not say whether trying again can help, as for an internal server error (5001): the orders may
 * have been taken.
 */
#define CALLBOT_RETRY_UNKNOWN 3

/**
 * The version of the binary interface that this header describes. See callbot_abi_version.
 */
#define CALLBOT_ABI_VERSION 1

/**
 * A list of orders for one request.
 *
 * Made by callbot_batch_new or callbot_batch_from_json; free it with callbot_batch_free. An order is checked in the
 * moment it is added, and written straight into the request's body: nothing of it is needed afterwards, and no second
 * copy is kept.
 */
typedef struct callbot_batch callbot_batch;

/**
 * Why a function failed: a status, a stable code, a message for people, and, where a batch was refused, everything that
 * is wrong with it.
 *
 * Made by functions that fail, through their last parameter. Free it with callbot_error_free. It holds neither the
 * secret key nor a phone number or a name, so that it may be logged.
 */
typedef struct callbot_error callbot_error;

/**
 * One finished, signed HTTP request: send exactly this body with exactly these headers.
 *
 * Made by callbot_build_batch or callbot_request_sign_again; free it with callbot_request_free. It never changes, so that
 * any number of threads may read it at once, and it lives on when the signer and the batch that it came from are changed
 * or freed. Its texts live as long as it does.
 */
typedef struct callbot_request callbot_request;

/**
 * The provider's answer to a batch of orders.
 *
 * Made by callbot_verified_response; free it with callbot_response_free. Its texts live as long as it does.
 */
typedef struct callbot_response callbot_response;

/**
 * What a campaign demands of its orders beyond what the API itself does.
 *
 * Made by callbot_rules_new; free it with callbot_rules_free. A batch takes a copy of the rules when it is made: later
 * changes do not reach it, and the rules may be freed.
 */
typedef struct callbot_rules callbot_rules;

/**
 * The account that signs: its uuid, its secret key and its algorithm.
 *
 * Made by callbot_signer_new; free it with callbot_signer_free. It never changes, so that any number of threads may use
 * it at once. The secret key is wiped from memory when it is freed.
 */
typedef struct callbot_signer callbot_signer;

/**
 * A text that the library made for the caller, who owns it.
 *
 * Made by callbot_signed_string and callbot_verified_json. Free it with callbot_string_free.
 */
typedef struct callbot_string callbot_string;

/**
 * The headers of a message as the provider would send it, for testing your own endpoint without the provider.
 *
 * Made by callbot_testing_sign_response and callbot_testing_sign_callback; free it with callbot_testing_message_free.
 * Its texts live as long as it does.
 */
typedef struct callbot_testing_message callbot_testing_message;

/**
 * A message that was proven to come from the testing, with a copy of its body.
 *
 * Made by callbot_verify_callback and callbot_verify_response; free it with callbot_verified_free. Its texts live as
 * long as it does.
 */
typedef struct callbot_verified callbot_verified;

/**
 * What proves that responses and callbacks are genuine and fresh.
 *
 * Made by callbot_verifier_new; free it with callbot_verifier_free. Any number of threads may verify with one verifier
 * at once.
 */
typedef struct callbot_verifier callbot_verifier;

/**
 * A text or a run of bytes: a pointer and a length in bytes. It is not terminated by a NUL and may hold NULs.
 *
 * {NULL, 0} is the empty text. What it points to is borrowed: each function says for how long.
 *
 * CALLBOT_STR("...") makes one from a string literal.
 */
typedef struct {
  /**
   * The first byte. May be NULL when len is 0.
   */
  const char *data;
  /**
   * How many bytes there are.
   */
  size_t len;
} callbot_str;

/**
 * What a function that can fail returns: CALLBOT_OK, which is 0, or one of the numbers below.
 *
 * A number never changes its meaning and is never used again. Later releases may add numbers: treat one that you do not
 * know as a failure, and show the error's message.
 */
typedef int32_t callbot_status;

/**
 * One variable of the script template, and what it is filled with.
 */
typedef struct {
  /**
   * The variable's name. Not empty.
   */
  callbot_str name;
  /**
   * Its value. Not empty.
   */
  callbot_str value;
} callbot_param;

/**
 * One person to call: one phone number, dialled in one or more rounds.
 *
 * A plain struct: set what you have, and leave the rest zero. All texts are UTF-8.
 */
typedef struct {
  /**
   * orderID: your own globally unique id; a UUID is recommended. It comes back in the callbacks. Not empty.
   */
  callbot_str order_id;
  /**
   * userPhone: 7 to 15 digits with the country code and without any symbol.
   */
  callbot_str user_phone;
  /**
   * other: handed back in the callbacks. May be empty.
   */
  callbot_str other;
  /**
   * userName: may be empty.
   */
  callbot_str user_name;
  /**
   * customerName: may be empty.
   */
  callbot_str customer_name;
  /**
   * params: what the script template's variables are filled with. May be NULL when param_count is 0.
   */
  const callbot_param *params;
  /**
   * How many params there are.
   */
  size_t param_count;
} callbot_order;

/**
 * A header of a received message.
 */
typedef struct {
  /**
   * Its name, in any case.
   */
  callbot_str name;
  /**
   * Its value, as it was received.
   */
  callbot_str value;
} callbot_header;

/**
 * The call succeeded.
 */
#define CALLBOT_OK 0

/**
 * The library has a fault in itself, and caught it. The object that was being written can only be freed, or cleared.
 */
#define CALLBOT_PANIC 1

/**
 * A pointer that is needed is NULL.
 */
#define CALLBOT_NULL_POINTER 2

/**
 * A length or count is larger than any object can be (over PTRDIFF_MAX bytes): often a negative number.
 */
#define CALLBOT_LENGTH 3

/**
 * A text is not UTF-8.
 */
#define CALLBOT_NOT_UTF8 4

/**
 * A number that should be one of the CALLBOT_ALGORITHM or CALLBOT_POLICY constants is none of them.
 */
#define CALLBOT_UNKNOWN_CONSTANT 5

/**
 * The operating system gave no random numbers for a request id.
 */
#define CALLBOT_NO_RANDOM 6

/**
 * The system's clock shows no time that can be signed.
 */
#define CALLBOT_CLOCK 7

/**
 * The secret key is empty, or has a blank or control character at an end.
 */
#define CALLBOT_SECRET_KEY 8

/**
 * The uuid cannot be sent as a header.
 */
#define CALLBOT_UUID 9

/**
 * The request id cannot be sent as a header.
 */
#define CALLBOT_REQUEST_ID 10

/**
 * The time is not one in Unix seconds: it is negative, or can only be milliseconds.
 */
#define CALLBOT_CREATE_TS 11

/**
 * A rule cannot be set.
 */
#define CALLBOT_RULES 12

/**
 * A phone number that was given on its own is not right, or it cannot be told which number is meant.
 */
#define CALLBOT_PHONE 13

/**
 * A batch without orders was to be built into a request.
 */
#define CALLBOT_EMPTY_BATCH 14

/**
 * A task, an order or a JSON body was refused. The error lists everything that is wrong.
 */
#define CALLBOT_REFUSED 15

/**
 * A header of a received message is missing, stands twice, or is not of its form.
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
 * The body of a received message is not UTF-8 text: it was extended, or it is compressed.
 */
#define CALLBOT_BODY_NOT_UTF8 21

/**
 * A received message is too old.
 */
#define CALLBOT_TOO_OLD 22

/**
 * The time of a received message lies too far ahead.
 */
#define CALLBOT_TOO_NEW 23

/**
 * A response is genuine, but not the answer to this request.
 */
#define CALLBOT_OTHER_REQUEST 24

/**
 * A verified message has not the content that it was read for.
 */
#define CALLBOT_CONTENT 25

/**
 * Something else was refused: a newer reason than this header knows of.
 */
#define CALLBOT_OTHER 16

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- Texts that the library made ---- */

/**
 * Reads a text.
 *
 * Returns the text, which lives as long as the object; the empty text for NULL.
 */
callbot_str callbot_string_get(const callbot_string *text);

/**
 * Frees a text. NULL is fine.
 */
void callbot_string_free(callbot_string *text);

/* ---- Errors ---- */

/**
 * The status that the failed function returned. CALLBOT_OK for NULL.
 */
callbot_status callbot_error_status(const callbot_error *error);

/**
 * The stable code of what is wrong, for programs: finer than the status, such as "secret_key_blank_at_end". The README
 * lists them all. For CALLBOT_REFUSED it is "refused"; each violation then has its own code.
 *
 * Returns a text that lives as long as the program; the empty text for NULL.
 */
callbot_str callbot_error_code(const callbot_error *error);

/**
 * What is wrong and what to do, for people, in one line. For CALLBOT_REFUSED it tells the first violation and how many
 * there are.
 *
 * Returns a text that lives as long as the error; the empty text for NULL.
 */
callbot_str callbot_error_message(const callbot_error *error);

/**
 * How many violations the error lists: things that are wrong with a task, an order or a JSON body. 0 for other errors
 * and for NULL.
 */
size_t callbot_error_violation_count(const callbot_error *error);

/**
 * How many more violations were found than are listed. It is 0 unless more than a million things are wrong.
 */
size_t callbot_error_unlisted_count(const callbot_error *error);

/**
 * The stable code of the violation at index, such as "phone_plus".
 *
 * Returns a text that lives as long as the program; the empty text for NULL or an index that is too large.
 */
callbot_str callbot_error_violation_code(const callbot_error *error,
                                         size_t index);

/**
 * The place of the violation at index: a JSON Pointer (RFC 6901) into the body, such as
 * "/callInfoList/callList/3/userPhone". Empty for the JSON document as a whole. Numbers count from 0.
 *
 * Returns a text that lives as long as the error; the empty text for NULL or an index that is too large.
 */
callbot_str callbot_error_violation_path(const callbot_error *error,
                                         size_t index);

/**
 * What is wrong at the place of the violation at index, and what to do, for people.
 *
 * Returns a text that lives as long as the error; the empty text for NULL or an index that is too large.
 */
callbot_str callbot_error_violation_message(const callbot_error *error,
                                            size_t index);

/**
 * Which order of the list the violation at index is about, counted from 0.
 *
 * Returns SIZE_MAX when it is about no order, for NULL, and for an index that is too large.
 */
size_t callbot_error_violation_order(const callbot_error *error, size_t index);

/**
 * Frees an error. NULL is fine.
 */
void callbot_error_free(callbot_error *error);

/* ---- The signer: the account that signs ---- */

/**
 * Makes a signer.
 *
 * uuid and secret_key are those that the provider's console shows under Developer; both are copied. algorithm is one of
 * the CALLBOT_ALGORITHM constants: the console says which one the account uses.
 *
 * Returns CALLBOT_OK, and in *signer an object that the caller frees. Fails with CALLBOT_SECRET_KEY when the key is
 * empty or has a blank or line feed at an end, CALLBOT_UUID, CALLBOT_UNKNOWN_CONSTANT, and for wrong arguments.
 *
 * Example:
 *
 *     callbot_signer *signer;
 *     callbot_error *error;
 *     if (callbot_signer_new(CALLBOT_STR("Vh71ym3y"), secret, CALLBOT_ALGORITHM_MD5, &signer, &error) != CALLBOT_OK) {
 *         ...
 *     }
 */
callbot_status callbot_signer_new(callbot_str uuid,
                                  callbot_str secret_key,
                                  int32_t algorithm,
                                  callbot_signer **signer,
                                  callbot_error **error);

/**
 * Signs any body.
 *
 * request_id and create_ts are what the headers of the same name will carry; unlike in callbot_build_batch they have to
 * be given, since they could not be read back. create_ts is in Unix seconds. body is the exact bytes that will be sent,
 * whatever they are.
 *
 * Returns CALLBOT_OK, and in sign the signature in upper-case hex (32 digits for MD5, 64 for SHA-256) and a NUL. Fails
 * with CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, and for wrong arguments; sign is then as it was. May be called from
 * several threads with one signer.
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
 * Shows the string that callbot_sign hashes, with *** in place of the secret key: for finding out why two signatures
 * differ. It holds the whole body, and with it the contacts' data: show it, but do not log it.
 *
 * For a received message, give its requestID, createTs and body. The provider's own ids may hold characters that are
 * never sent from here, and fail with CALLBOT_REQUEST_ID: for those put it together by hand, as the README tells.
 *
 * Returns CALLBOT_OK, and in *text an object that the caller frees. Fails as callbot_sign.
 */
callbot_status callbot_signed_string(const callbot_signer *signer,
                                     callbot_str request_id,
                                     int64_t create_ts,
                                     callbot_str body,
                                     callbot_string **text,
                                     callbot_error **error);

/**
 * Frees a signer and wipes its secret key. NULL is fine. Requests that were built with it live on.
 */
void callbot_signer_free(callbot_signer *signer);

/* ---- Rules: what a campaign demands of its orders ---- */

/**
 * Makes rules that demand nothing yet.
 *
 * Returns an object that the caller frees; NULL only where the library has a fault in itself.
 */
callbot_rules *callbot_rules_new(void);

/**
 * Names a variable of the script template. From then on every order must fill each variable that was named exactly
 * once, and no other. The names are found in the console under script management, variable settings.
 *
 * Fails with CALLBOT_RULES when the name is empty or was named before.
 */
callbot_status callbot_rules_require_param(callbot_rules *rules,
                                           callbot_str name,
                                           callbot_error **error);

/**
 * Says that the script template has no variables but those that were named: without any, no order may have params.
 */
callbot_status callbot_rules_require_no_other_params(callbot_rules *rules,
                                                     callbot_error **error);

/**
 * Allows a country code, such as "86". Once one was allowed, a number with any other country code is refused: that finds
 * numbers whose country code was forgotten, and closes the door to toll fraud. "1" stands for all of the North American
 * Numbering Plan, the Caribbean included.
 *
 * Fails with CALLBOT_RULES unless digits is an assigned E.164 country code, without + or zeros before it.
 */
callbot_status callbot_rules_allow_country_code(callbot_rules *rules,
                                                callbot_str digits,
                                                callbot_error **error);

/**
 * Sets the most orders that one request may hold. The provider publishes no figure, only an error for too many.
 *
 * Fails with CALLBOT_RULES for 0.
 */
callbot_status callbot_rules_max_orders(callbot_rules *rules,
                                        size_t max,
                                        callbot_error **error);

/**
 * Frees rules. NULL is fine. Batches that were made with them keep their copy.
 */
void callbot_rules_free(callbot_rules *rules);

/* ---- The batch: orders in ---- */

/**
 * Makes an empty batch for a task, which has to exist at the provider.
 *
 * rules may be NULL: then only the API's own rules hold. user_task_id is the task's id; the URLs, absolute http or
 * https, are called when an order or a call has finished. All are copied.
 *
 * Returns CALLBOT_OK, and in *batch an object that the caller frees. Fails with CALLBOT_REFUSED, and the violations tell
 * all that is wrong.
 */
callbot_status callbot_batch_new(const callbot_rules *rules,
                                 callbot_str user_task_id,
                                 callbot_str order_callback_url,
                                 callbot_str call_callback_url,
                                 callbot_batch **batch,
                                 callbot_error **error);

/**
 * Adds an order. Its texts are copied.
 *
 * Fails with CALLBOT_REFUSED, and the violations tell all that is wrong with the order; in any case of failure the batch
 * is as it was before.
 */
callbot_status callbot_batch_add(callbot_batch *batch,
                                 const callbot_order *order,
                                 callbot_error **error);

/**
 * Adds an array of orders in one call, which takes less than a call for each. Their texts are copied.
 *
 * policy is one of the CALLBOT_POLICY constants. With CALLBOT_POLICY_REFUSE_ALL all orders are added, or none; it fails
 * with CALLBOT_REFUSED when anything is wrong with any of them. With CALLBOT_POLICY_KEEP_VALID the orders that are right
 * are added and the call succeeds; where others were refused, *error is then an error that lists what is wrong with them
 * (NULL when nothing was). The numbers in paths count on from the orders that the batch had before.
 *
 * A text that is not UTF-8 fails the call with either policy. In any case of failure the batch is as it was before.
 */
callbot_status callbot_batch_add_all(callbot_batch *batch,
                                     const callbot_order *orders,
                                     size_t order_count,
                                     int32_t policy,
                                     callbot_error **error);

/**
 * Reads a batch from the JSON body that the API documents.
 *
 * rules may be NULL. The JSON is not needed afterwards. policy is one of the CALLBOT_POLICY constants. With
 * CALLBOT_POLICY_REFUSE_ALL it fails with CALLBOT_REFUSED when anything is wrong. With CALLBOT_POLICY_KEEP_VALID it
 * succeeds when nothing but single orders is wrong: the batch then holds the others, and *error is an error that lists
 * what was refused (NULL when nothing was). A caller that passes NULL for error then learns of refused orders only from
 * callbot_batch_len.
 *
 * Returns CALLBOT_OK, and in *batch an object that the caller frees.
 */
callbot_status callbot_batch_from_json(const callbot_rules *rules,
                                       callbot_str json,
                                       int32_t policy,
                                       callbot_batch **batch,
                                       callbot_error **error);

/**
 * Makes room for more orders, of order_bytes bytes each in the body, keys and escapes included, so that adding them needs
 * no further allocation. It is a hint: NULL, or a size that cannot be had, does nothing.
 */
void callbot_batch_reserve(callbot_batch *batch,
                           size_t orders,
                           size_t order_bytes);

/**
 * How many orders the batch holds. 0 for NULL.
 */
size_t callbot_batch_len(const callbot_batch *batch);

/**
 * Takes all orders out; the task and the rules stay. The memory is kept, so that filling the batch again needs no new
 * allocation, unless a request that was built from it still lives. NULL is fine.
 */
void callbot_batch_clear(callbot_batch *batch);

/**
 * Frees a batch. NULL is fine. Requests that were built from it live on.
 */
void callbot_batch_free(callbot_batch *batch);

/* ---- The request: what to send ---- */

/**
 * Builds the request that puts a batch's orders into their task: POST /callcentre/api/v3/addBatchCall.
 *
 * An empty request_id means a fresh random one, and a create_ts of 0 means now; both can be read back from the request's
 * headers. create_ts is in Unix seconds. The batch may be used again afterwards. Its body is not copied for that; it is when
 * the batch changes, or is about to, while the request lives.
 *
 * Returns CALLBOT_OK, and in *request an object that the caller frees. Fails with CALLBOT_EMPTY_BATCH,
 * CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM, CALLBOT_CLOCK, and for wrong arguments. May be called from
 * several threads with one signer and one batch.
 *
 * Example:
 *
 *     callbot_request *request;
 *     callbot_status status = callbot_build_batch(signer, batch, CALLBOT_STR(""), 0, &request, NULL);
 */
callbot_status callbot_build_batch(const callbot_signer *signer,
                                   const callbot_batch *batch,
                                   callbot_str request_id,
                                   int64_t create_ts,
                                   callbot_request **request,
                                   callbot_error **error);

/**
 * Signs the body of a request again, for a retry: the provider wants a new request id for each try. The body is not
 * copied, and the first request stays as it is.
 *
 * Where an answer was lost, or was an internal error (5001), the provider may have taken the orders already. What it
 * does with an orderID that comes a second time is not published: it may call the same people twice.
 *
 * request_id, create_ts and what is returned are as for callbot_build_batch, in *again.
 */
callbot_status callbot_request_sign_again(const callbot_request *request,
                                          const callbot_signer *signer,
                                          callbot_str request_id,
                                          int64_t create_ts,
                                          callbot_request **again,
                                          callbot_error **error);

/**
 * The HTTP method: "POST". The empty text for NULL.
 */
callbot_str callbot_request_method(const callbot_request *request);

/**
 * The path below the provider's base URL. The empty text for NULL.
 */
callbot_str callbot_request_path(const callbot_request *request);

/**
 * The bytes to send. They are signed: do not parse and write them again on the way. The empty text for NULL.
 */
callbot_str callbot_request_body(const callbot_request *request);

/**
 * How many headers there are to send. 0 for NULL.
 */
size_t callbot_request_header_count(const callbot_request *request);

/**
 * The name of the header at index. The empty text for NULL or an index that is too large.
 */
callbot_str callbot_request_header_name(const callbot_request *request, size_t index);

/**
 * The value of the header at index: ASCII without controls. The empty text for NULL or an index that is too large.
 */
callbot_str callbot_request_header_value(const callbot_request *request,
                                         size_t index);

/**
 * Frees a request. NULL is fine.
 */
void callbot_request_free(callbot_request *request);

/* ---- Phone numbers ---- */

/**
 * Says whether a text is a phone number as the API wants it: 7 to 15 digits that begin with an assigned country code,
 * and nothing else. Nothing is repaired.
 *
 * Returns CALLBOT_OK, or CALLBOT_PHONE with a code such as "phone_plus".
 */
callbot_status callbot_phone_check(callbot_str text,
                                   callbot_error **error);

/**
 * Turns what people type or paste, such as "+86 156-1234-5678" or "+44 (0)20 7946 0958", into the digits that the API
 * wants.
 *
 * digits must have room for CALLBOT_PHONE_CAPACITY bytes.
 *
 * Returns CALLBOT_OK, and in digits the digits and a NUL. Fails with CALLBOT_PHONE where the text does not say for
 * certain which number is meant, such as a number without its country code; digits is then as it was.
 */
callbot_status callbot_phone_from_typed(callbot_str text,
                                        char digits[CALLBOT_PHONE_CAPACITY],
                                        callbot_error **error);

/* ---- The way back: is it from the provider? ---- */

/**
 * Makes a verifier for the account of a signer, which is copied. Messages may be 300 seconds old and 60 seconds ahead.
 *
 * Returns CALLBOT_OK, and in *verifier an object that the caller frees.
 */
callbot_status callbot_verifier_new(const callbot_signer *signer,
                                    callbot_verifier **verifier,
                                    callbot_error **error);

/**
 * Accepts the account of another signer too: the one with the new secret key, while keys are being changed.
 * callbot_verified_signer_index tells which matched.
 */
callbot_status callbot_verifier_add(callbot_verifier *verifier,
                                    const callbot_signer *signer,
                                    callbot_error **error);

/**
 * Sets how old a message may be, and how far its time may lie ahead of our clock, both in seconds.
 */
callbot_status callbot_verifier_set_tolerance(callbot_verifier *verifier,
                                              uint64_t max_age,
                                              uint64_t max_skew,
                                              callbot_error **error);

/**
 * Proves that a callback came from the provider and is fresh.
 *
 * headers are all that were received, or at least requestID, uuid, createTs and sign; names in any case. body is the raw
 * bytes as they were received: a body that was parsed and written anew has other bytes. now is the time in Unix seconds;
 * 0 means the system's time.
 *
 * Returns CALLBOT_OK, and in *verified an object that the caller frees. Fails with the first of CALLBOT_HEADERS,
 * CALLBOT_OTHER_ALGORITHM, CALLBOT_UNKNOWN_UUID, CALLBOT_SIGNATURE_MISMATCH, CALLBOT_BODY_NOT_UTF8, CALLBOT_TOO_OLD and
 * CALLBOT_TOO_NEW that holds; with CALLBOT_CREATE_TS when now is negative or can only be milliseconds, CALLBOT_CLOCK, and
 * for wrong arguments. Answer whoever sent it with nothing but a refusal; the reason is for your own log.
 *
 * Whoever saw a message can send it again while it is fresh: keep callbot_verified_uuid and callbot_verified_request_id
 * until a minute after callbot_verified_replay_expires_at, and refuse it the second time.
 */
callbot_status callbot_verify_callback(const callbot_verifier *verifier,
                                       const callbot_header *headers,
                                       size_t header_count,
                                       callbot_str body,
                                       int64_t now,
                                       callbot_verified **verified,
                                       callbot_error **error);

/**
 * Proves that a response came from the testing, is fresh, and answers this request.
 *
 * Whether the provider signs its errors too is not published. An answer without signature headers, as a proxy's error
 * page is too, ends in CALLBOT_HEADERS with the code "header_missing". It proves nothing, and does not tell whether
 * the orders were taken.
 *
 * The parameters and what is returned are as for callbot_verify_callback; and when all of that passed, it fails with
 * CALLBOT_OTHER_REQUEST when requestID, uuid or algorithm are not those of the request: the message tells which. The
 * requestID differs also where a callback is verified as a response.
 */
callbot_status callbot_verify_response(const callbot_verifier *verifier,
                                       const callbot_request *request,
                                       const callbot_header *headers,
                                       size_t header_count,
                                       callbot_str body,
                                       int64_t now,
                                       callbot_verified **verified,
                                       callbot_error **error);

/**
 * The raw body that was verified. The empty text for NULL.
 */
callbot_str callbot_verified_body(const callbot_verified *verified);

/**
 * The account that the message is for. A request id is one account's: remember both against replays. The empty text for
 * NULL.
 */
callbot_str callbot_verified_uuid(const callbot_verified *verified);

/**
 * The message's request id: what to remember against replays, together with the uuid. The empty text for NULL.
 */
callbot_str callbot_verified_request_id(const callbot_verified *verified);

/**
 * When the message was made, in Unix seconds. 0 for NULL.
 */
uint64_t callbot_verified_create_ts(const callbot_verified *verified);

/**
 * Until when the request id has to be remembered, in Unix seconds. Later the message is too old anyway. 0 for NULL.
 *
 * That second is included, and a store that drops the id by its own clock may be ahead of the verifier's. So let it keep
 * the id for a margin longer: with Redis EXPIREAT at this and 60.
 */
uint64_t callbot_verified_replay_expires_at(const callbot_verified *verified);

/**
 * Which signer matched: 0 for that of callbot_verifier_new, then those of callbot_verifier_add in their order. SIZE_MAX
 * for NULL.
 */
size_t callbot_verified_signer_index(const callbot_verified *verified);

/**
 * Frees a verified message. NULL is fine.
 */
void callbot_verified_free(callbot_verified *verified);

/**
 * Frees a verifier, and wipes the secret keys in it. NULL is fine. What it verified lives on.
 */
void callbot_verifier_free(callbot_verifier *verifier);

/* ---- The content of what was verified ---- */

/**
 * The content of a verified message as JSON: checked for the fields that the API requires, compact, its keys sorted,
 * callbackType always a number, which an int64_t holds. All fields are there, those that the API's pages do not have
 * too.
 *
 * Numbers are written as they were sent. So is what cannot be written anew: a text that escapes half of a surrogate
 * pair, what is nested more than 100 levels deep, and an object among the fields that the pages do not have in which a
 * key stands twice. In these, blanks stay, and keys are not sorted. So let your JSON library refuse what it cannot
 * read, and do not take two such texts as different contents because their bytes differ.
 *
 * content is one of the CALLBOT_CONTENT constants. Which callback it is tells only the URL that it came to: a call
 * callback can be read as an order callback too, and the signature covers no URL. So give each kind a URL of its own that
 * nobody can guess, and keep the kinds apart where ids are remembered against replays.
 *
 * A callback is some sixty fields, nested and mostly optional, of which each program wants others: they are read with a
 * JSON library. A response is few fields, which callbot_verified_response reads.
 *
 * Returns CALLBOT_OK, and in *json an object that the caller frees with callbot_string_free. Fails with CALLBOT_CONTENT
 * when the message was verified as a response and content is a callback, or the other way round; when the body is not
 * one JSON object and nothing else; and when it has a key twice, lacks a required field, or has one of another type.
 */
callbot_status callbot_verified_json(const callbot_verified *verified,
                                     int32_t content,
                                     callbot_string **json,
                                     callbot_error **error);

/**
 * Reads a verified message as the response to a batch of orders, which everybody asks the same few questions: they have
 * functions of their own. For the fields that the API's page does not have there is callbot_verified_json.
 *
 * request is the request that it was verified with, by which the refused phone numbers are traced to their orders; NULL
 * leaves that out. The same request that was built anew, with the same id, is fine too.
 *
 * Returns CALLBOT_OK, and in *response an object that the caller frees. Fails with CALLBOT_CONTENT as
 * callbot_verified_json does, and with CALLBOT_OTHER_REQUEST when request has another id or is another account's: the
 * message tells which.
 */
callbot_status callbot_verified_response(const callbot_verified *verified,
                                         const callbot_request *request,
                                         callbot_response **response,
                                         callbot_error **error);

/**
 * retCode: 0 for success, every other number is a failure. It is any JSON integer that an int64_t holds; one that is
 * not is CALLBOT_CONTENT when the response is read. -1 for NULL, and for a provider that sends -1.
 */
int64_t callbot_response_ret_code(const callbot_response *response);

/**
 * What the API's pages say that retCode means. The empty text for a code that they do not have, and for NULL.
 *
 * Returns a text that lives as long as the program.
 */
callbot_str callbot_response_ret_meaning(const callbot_response *response);

/**
 * Whether trying again, with a new request id and time, can help: one of the CALLBOT_RETRY constants.
 * CALLBOT_RETRY_UNKNOWN for NULL.
 *
 * That it can help does not make it harmless: see callbot_request_sign_again.
 */
int32_t callbot_response_retry(const callbot_response *response);

/**
 * retMsg: the provider's message. The empty text for NULL.
 */
callbot_str callbot_response_ret_msg(const callbot_response *response);

/**
 * responseID: the provider's id for tracing. The empty text for NULL.
 */
callbot_str callbot_response_id(const callbot_response *response);

/**
 * totalCount: orders received. -1 where a failure leaves it out, and for NULL; a provider that sends -1 cannot be told
 * from that.
 */
int64_t callbot_response_total_count(const callbot_response *response);

/**
 * successCount: orders accepted. -1 as for callbot_response_total_count.
 */
int64_t callbot_response_success_count(const callbot_response *response);

/**
 * How many phone numbers were refused (errList). 0 for NULL.
 */
size_t callbot_response_error_count(const callbot_response *response);

/**
 * The refused phone number at index. The empty text for NULL or an index that is too large.
 */
callbot_str callbot_response_error_phone(const callbot_response *response, size_t index);

/**
 * Why the phone number at index was refused. The empty text for NULL or an index that is too large.
 */
callbot_str callbot_response_error_message(const callbot_response *response, size_t index);

/**
 * How many orders of the request have the refused phone number at index: the provider names the phone only, so that of
 * two orders with one phone it cannot be told which was refused. 0 where no request was given, for NULL, and for an
 * index that is too large.
 */
size_t callbot_response_error_order_count(const callbot_response *response,
                                          size_t index);

/**
 * The orderID of one of the orders that have the refused phone number at index. The empty text for NULL or a number that
 * is too large.
 */
callbot_str callbot_response_error_order_id(const callbot_response *response,
                                            size_t index,
                                            size_t order);

/**
 * Frees a response. NULL is fine.
 */
void callbot_response_free(callbot_response *response);

/* ---- The provider's side, for tests ---- */

/**
 * Signs a body as the response to a request. create_ts is in Unix seconds; 0 means now.
 *
 * Returns CALLBOT_OK, and in *message an object that the caller frees. Fails with CALLBOT_CREATE_TS, and for wrong
 * arguments.
 */
callbot_status callbot_testing_sign_response(const callbot_signer *signer,
                                             const callbot_request *request,
                                             int64_t create_ts,
                                             callbot_str body,
                                             callbot_testing_message **message,
                                             callbot_error **error);

/**
 * Signs a body as a callback. An empty request_id means a fresh random one; create_ts is in Unix seconds, and 0 means
 * now. The provider's own ids may hold more characters than request_id may.
 *
 * Returns CALLBOT_OK, and in *message an object that the caller frees. Fails with CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS,
 * and for wrong arguments.
 */
callbot_status callbot_testing_sign_callback(const callbot_signer *signer,
                                             callbot_str request_id,
                                             int64_t create_ts,
                                             callbot_str body,
                                             callbot_testing_message **message,
                                             callbot_error **error);

/**
 * How many headers the message has. 0 for NULL.
 */
size_t callbot_testing_message_header_count(const callbot_testing_message *message);

/**
 * The name of the header at index. The empty text for NULL or an index that is too large.
 */
callbot_str callbot_testing_message_header_name(const callbot_testing_message *message,
                                                size_t index);

/**
 * The value of the header at index. The empty text for NULL or an index that is too large.
 */
callbot_str callbot_testing_message_header_value(const callbot_testing_message *message,
                                                 size_t index);

/**
 * Frees a message. NULL is fine.
 */
void callbot_testing_message_free(callbot_testing_message *message);

/* ---- Versions ---- */

/**
 * The library's version, such as "0.1.0". Returns a text that lives as long as the program.
 */
callbot_str callbot_version(void);

/**
 * The version of the binary interface that the library has. A program that was compiled with this header can use the
 * library when it equals CALLBOT_ABI_VERSION. It grows when a function or a struct changes its shape, and not when
 * something is added.
 */
uint32_t callbot_abi_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CALLBOT_H */
