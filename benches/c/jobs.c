#include "jobs.h"

#include <callbot.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

static void check(callbot_status status, callbot_error *error) {
    if (status != CALLBOT_OK) {
        callbot_str message = callbot_error_message(error);
        fprintf(stderr, "%.*s\n", (int)message.len, message.data);
        abort();
    }
}

void job_hash(int sha256, const void *bytes, size_t len, unsigned char *digest) {
    if (sha256) {
        SHA256(bytes, len, digest);
    } else {
        MD5(bytes, len, digest);
    }
}

static void to_hex(const unsigned char *digest, size_t len, char *hex) {
    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = "0123456789ABCDEF"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789ABCDEF"[digest[i] & 15];
    }
    hex[2 * len] = '\0';
}

static const char before_body[] = SECRET_KEY "&body=";
static const char after_body[] = "&createTs=" CREATE_TS "&requestID=" REQUEST_ID "&uuid=" UUID;

void job_openssl_sign(int sha256, const void *body, size_t len, char *sign) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    if (sha256) {
        SHA256_CTX hash;
        SHA256_Init(&hash);
        SHA256_Update(&hash, before_body, sizeof before_body - 1);
        SHA256_Update(&hash, body, len);
        SHA256_Update(&hash, after_body, sizeof after_body - 1);
        SHA256_Final(digest, &hash);
        to_hex(digest, SHA256_DIGEST_LENGTH, sign);
    } else {
        MD5_CTX hash;
        MD5_Init(&hash);
        MD5_Update(&hash, before_body, sizeof before_body - 1);
        MD5_Update(&hash, body, len);
        MD5_Update(&hash, after_body, sizeof after_body - 1);
        MD5_Final(digest, &hash);
        to_hex(digest, MD5_DIGEST_LENGTH, sign);
    }
}

callbot_signer *job_signer(int sha256) {
    callbot_error *error;
    callbot_signer *signer;
    check(callbot_signer_new(CALLBOT_STR(UUID), CALLBOT_STR(SECRET_KEY),
                             sha256 ? CALLBOT_ALGORITHM_SHA256 : CALLBOT_ALGORITHM_MD5, &signer, &error),
          error);
    return signer;
}

void job_callbot_sign(const callbot_signer *signer, const char *body, size_t len, char *sign) {
    callbot_error *error;
    check(callbot_sign(signer, CALLBOT_STR(REQUEST_ID), 1726200000, (callbot_str){body, len}, sign, &error), error);
}

/* Builds, signs and frees the batch. Returns the length of the body. */
static size_t finish(const callbot_signer *signer, callbot_batch *batch) {
    callbot_error *error;
    callbot_request *request;
    check(callbot_build_batch(signer, batch, CALLBOT_STR(REQUEST_ID), 1726200000, &request, &error), error);
    size_t len = callbot_request_body(request).len;
    callbot_request_free(request);
    callbot_batch_free(batch);
    return len;
}

size_t job_callbot_orders(const callbot_signer *signer, const callbot_order *orders, size_t count, size_t order_bytes) {
    callbot_error *error;
    callbot_batch *batch;
    callbot_rules *rules = callbot_rules_new();
    check(callbot_rules_require_param(rules, CALLBOT_STR("amount"), &error), error);
    check(callbot_rules_require_param(rules, CALLBOT_STR("note"), &error), error);
    check(callbot_batch_new(rules, CALLBOT_STR("task"), CALLBOT_STR("https://example.com/order"),
                            CALLBOT_STR("https://example.com/call"), &batch, &error),
          error);
    callbot_rules_free(rules);
    callbot_batch_reserve(batch, count, order_bytes);
    check(callbot_batch_add_all(batch, orders, count, CALLBOT_POLICY_REFUSE_ALL, &error), error);
    return finish(signer, batch);
}

size_t job_callbot_json(const callbot_signer *signer, const char *json, size_t len) {
    callbot_error *error;
    callbot_batch *batch;
    check(callbot_batch_from_json(NULL, (callbot_str){json, len}, CALLBOT_POLICY_REFUSE_ALL, &batch, &error), error);
    return finish(signer, batch);
}

callbot_verifier *job_verifier(const callbot_signer *signer) {
    callbot_error *error;
    callbot_verifier *verifier;
    check(callbot_verifier_new(signer, &verifier, &error), error);
    return verifier;
}

static void check_value(callbot_status status, const char *pointer) {
    if (status != CALLBOT_OK) {
        fprintf(stderr, "%s: status %d\n", pointer, (int)status);
        abort();
    }
}

static size_t string_len(const callbot_content *content, callbot_str pointer) {
    callbot_str string;
    check_value(callbot_content_string(content, pointer, &string), pointer.data);
    return string.len;
}

static int64_t integer(const callbot_content *content, callbot_str pointer) {
    int64_t integer;
    check_value(callbot_content_integer(content, pointer, &integer), pointer.data);
    return integer;
}

void job_callbot_callback(const callbot_verifier *verifier, const callbot_header *headers, size_t count,
                          const char *body, size_t len, int64_t now, job_fields *fields) {
    callbot_error *error;
    callbot_verified *verified;
    check(callbot_verify_callback(verifier, headers, count, (callbot_str){body, len}, now, &verified, &error), error);
    callbot_content *content;
    check(callbot_content_new(verified, CALLBOT_CONTENT_CALL_CALLBACK, &content, &error), error);
    fields->order_id_len = string_len(content, CALLBOT_STR("/orderID"));
    fields->audio_url_len = string_len(content, CALLBOT_STR("/callInfoDetail/callAudioUrl"));
    fields->status = integer(content, CALLBOT_STR("/callInfoDetail/callStatus"));
    fields->duration = integer(content, CALLBOT_STR("/callInfoDetail/callDuration"));
    callbot_content_free(content);
    callbot_verified_free(verified);
}
