/* Verifies every vector of a response or a callback, and reads what was verified.
 *
 * usage: verify_vectors [path of vectors/]
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "files.h"

/* The number of vectors of a kind that were checked. */
static size_t checked;

/* Splits a vector's file of headers into names and values. */
static size_t split_headers(callbot_str lines, callbot_header *headers) {
    size_t count = 0;
    size_t start = 0;
    while (start < lines.len) {
        const char *line = lines.data + start;
        const char *end = memchr(line, '\n', lines.len - start);
        const char *colon;
        size_t len = end != NULL ? (size_t)(end - line) : lines.len - start;
        colon = memchr(line, ':', len);
        CHECK(colon != NULL && count < MAX_HEADERS);
        headers[count].name = bytes(line, (size_t)(colon - line));
        headers[count].value = bytes(colon + 2, len - (size_t)(colon + 2 - line));
        count++;
        start += len + 1;
    }
    return count;
}

static int32_t algorithm_of(file name) {
    return same(of(name), str("SHA256")) ? CALLBOT_ALGORITHM_SHA256 : CALLBOT_ALGORITHM_MD5;
}

static callbot_signer *signer_of(file uuid, file secret_key, int32_t algorithm) {
    callbot_signer *signer;
    CHECK_OK(callbot_signer_new(of(uuid), of(secret_key), algorithm, &signer, NULL));
    return signer;
}

/* The status for a code of the vectors' files `expected`. */
static callbot_status status_of(callbot_str expected) {
    static const struct {
        const char *code;
        callbot_status status;
    } statuses[] = {
        {"ok", CALLBOT_OK},
        {"header_missing", CALLBOT_HEADERS},
        {"header_repeated", CALLBOT_HEADERS},
        {"header_cgi_name", CALLBOT_HEADERS},
        {"header_joined", CALLBOT_HEADERS},
        {"header_malformed", CALLBOT_HEADERS},
        {"verify_algorithm", CALLBOT_OTHER_ALGORITHM},
        {"verify_unknown_uuid", CALLBOT_UNKNOWN_UUID},
        {"verify_mismatch", CALLBOT_SIGNATURE_MISMATCH},
        {"verify_not_utf8", CALLBOT_BODY_NOT_UTF8},
        {"verify_too_old", CALLBOT_TOO_OLD},
        {"verify_too_new", CALLBOT_TOO_NEW},
        {"verify_other_request", CALLBOT_OTHER_REQUEST},
        {"content_json", CALLBOT_CONTENT},
        {"content_repeated", CALLBOT_CONTENT},
        {"content_missing", CALLBOT_CONTENT},
        {"content_wrong_type", CALLBOT_CONTENT},
    };
    size_t i;
    for (i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (same(expected, str(statuses[i].code))) {
            return statuses[i].status;
        }
    }
    fprintf(stderr, "no status for %.*s\n", (int)expected.len, expected.data);
    exit(1);
}

static int32_t content_of(const char *folder, int is_response) {
    int32_t content = CALLBOT_CONTENT_RESPONSE;
    if (!is_response) {
        file kind = read_file(folder, "kind");
        content = same(of(kind), str("order"))  ? CALLBOT_CONTENT_ORDER_CALLBACK
                  : same(of(kind), str("task")) ? CALLBOT_CONTENT_TASK_CALLBACK
                                                 : CALLBOT_CONTENT_CALL_CALLBACK;
        CHECK(content != CALLBOT_CONTENT_CALL_CALLBACK || same(of(kind), str("call")));
        free(kind.data);
    }
    return content;
}

/* Compares the deviations of a content with the vector's file. */
static void check_deviations(const char *folder, const callbot_content *content) {
    file expected = read_file(folder, "expected.deviations");
    size_t count = callbot_content_deviation_count(content);
    size_t start = 0;
    size_t i;
    for (i = 0; start < expected.len; i++) {
        const char *line = expected.data + start;
        const char *end = memchr(line, '\n', expected.len - start);
        size_t len = end != NULL ? (size_t)(end - line) : expected.len - start;
        callbot_str deviation = callbot_content_deviation(content, i);
        char more[64] = "";
        if (nothing(deviation)) {
            snprintf(more, sizeof more, "and %lu more", (unsigned long)(count - i));
            deviation = str(more);
            count = i + 1;
        }
        if (!same(deviation, bytes(line, len))) {
            fprintf(stderr, "%s: deviation %.*s, not %.*s\n", folder, (int)deviation.len, deviation.data, (int)len, line);
            exit(1);
        }
        start += len + 1;
    }
    CHECK(i == count);
    free(expected.data);
}

/* Returns 0 for a vector whose time cannot be passed to the C interface. */
static size_t check_vector(const char *folder, int is_response) {
    file uuid = read_file(folder, "uuid");
    file secret_key = read_file(folder, "secretKey");
    file algorithm = read_file(folder, "algorithm");
    file header_lines = read_file(folder, "headers");
    file body = read_file(folder, "body");
    file now_digits = read_file(folder, "now");
    file expected = read_file(folder, "expected");
    callbot_header headers[MAX_HEADERS];
    size_t header_count = split_headers(of(header_lines), headers);
    callbot_signer *signer = signer_of(uuid, secret_key, algorithm_of(algorithm));
    callbot_verifier *verifier;
    callbot_verified *verified = POISON(callbot_verified);
    callbot_error *error = POISON(callbot_error);
    callbot_status status = CALLBOT_OK;
    /* For the C interface 0 means now, and a time that can only be milliseconds is refused. */
    int possible = now_digits.len <= 11 && !same(of(now_digits), str("0"));

    CHECK_OK(callbot_verifier_new(signer, &verifier, NULL));
    if (possible) {
        char digits[16] = "";
        memcpy(digits, now_digits.data, now_digits.len);
        if (is_response) {
            file request_id = read_file(folder, "request.requestID");
            file request_uuid = read_file(folder, "request.uuid");
            file request_algorithm = read_file(folder, "request.algorithm");
            file endpoint = read_file(folder, "request.endpoint");
            callbot_sent sent;
            sent.endpoint = of(endpoint);
            sent.request_id = of(request_id);
            sent.uuid = of(request_uuid);
            sent.algorithm = algorithm_of(request_algorithm);
            status = callbot_verify_response(verifier, &sent, headers, header_count, of(body), strtoll(digits, NULL, 10),
                                             &verified, &error);
            free(endpoint.data);
            free(request_id.data);
            free(request_uuid.data);
            free(request_algorithm.data);
        } else {
            status = callbot_verify_callback(verifier, headers, header_count, of(body), strtoll(digits, NULL, 10), &verified,
                                             &error);
        }
        CHECK((status == CALLBOT_OK) == (verified != NULL) && (status == CALLBOT_OK) == (error == NULL));
        if (status == CALLBOT_OK) {
            callbot_content *content = POISON(callbot_content);
            CHECK(same(callbot_verified_body(verified), of(body)));
            CHECK(callbot_verified_signer_index(verified) == 0);
            CHECK(callbot_verified_replay_expires_at(verified) == callbot_verified_create_ts(verified) + 300);
            status = callbot_content_new(verified, content_of(folder, is_response), &content, &error);
            CHECK((status == CALLBOT_OK) == (content != NULL));
            if (status == CALLBOT_OK) {
                check_deviations(folder, content);
            }
            callbot_content_free(content);
            callbot_verified_free(verified);
        }
        if (status != status_of(of(expected)) ||
            (error != NULL && !same(callbot_error_code(error), of(expected)))) {
            fprintf(stderr, "%s: status %d, and not %.*s\n", folder, (int)status, (int)expected.len, expected.data);
            exit(1);
        }
        CHECK(error == NULL || callbot_error_message(error).len > 0);
        callbot_error_free(error);
    }

    callbot_verifier_free(verifier);
    callbot_signer_free(signer);
    free(uuid.data);
    free(secret_key.data);
    free(algorithm.data);
    free(header_lines.data);
    free(body.data);
    free(now_digits.data);
    free(expected.data);
    return possible ? 1 : 0;
}

static void check_response_vector(const char *folder) {
    checked += check_vector(folder, 1);
}

static void check_callback_vector(const char *folder) {
    checked += check_vector(folder, 0);
}

static void check_vectors(const char *vectors, const char *kind, void (*check)(const char *folder)) {
    size_t count;
    checked = 0;
    count = for_each_vector(vectors, kind, check);
    CHECK(checked + 4 >= count);
    printf("%lu of %lu vectors of %s\n", (unsigned long)checked, (unsigned long)count, kind);
}

int main(int argc, char **argv) {
    const char *vectors = argc > 1 ? argv[1] : "vectors";

    check_vectors(vectors, "response", check_response_vector);
    check_vectors(vectors, "callback", check_callback_vector);
    return 0;
}
