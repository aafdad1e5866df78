/* Makes the request of every vector with both algorithms.
 *
 * usage: request_vectors [path of vectors/]
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "files.h"

static file endpoint;
static file json;
static file request_id;
static int64_t create_ts;

/* Compares the violations with the lines of a file: code, space, path. */
static void check_violations(const callbot_error *error, file lines) {
    const char *at = lines.data;
    size_t i;
    CHECK(callbot_error_status(error) == CALLBOT_REFUSED);
    CHECK(callbot_error_unlisted_count(error) == 0);
    for (i = 0; i < callbot_error_violation_count(error); i++) {
        callbot_str code = callbot_error_violation_code(error, i);
        callbot_str path = callbot_error_violation_path(error, i);
        size_t left = lines.len - (size_t)(at - lines.data);
        CHECK(left >= code.len + path.len + 2);
        CHECK(same(code, bytes(at, code.len)) && at[code.len] == ' ');
        at += code.len + 1;
        CHECK(same(path, bytes(at, path.len)) && at[path.len] == '\n');
        at += path.len + 1;
    }
    CHECK(at == lines.data + lines.len);
}

static void check_request(const char *folder, const callbot_signer *signer, const char *sign_name) {
    callbot_request *request = POISON(callbot_request);
    callbot_error *error = POISON(callbot_error);
    callbot_status status =
        callbot_request_from_json(signer, of(endpoint), of(json), of(request_id), create_ts, &request, &error);
    if (has_file(folder, "violations")) {
        file violations = read_file(folder, "violations");
        CHECK(status == CALLBOT_REFUSED && request == NULL);
        check_violations(error, violations);
        free(violations.data);
        callbot_error_free(error);
    } else {
        file body = read_file(folder, "body");
        file sign = read_file(folder, sign_name);
        size_t i;
        size_t signs = 0;
        CHECK_OK(status);
        CHECK(error == NULL);
        CHECK(same(callbot_request_body(request), of(body)));
        CHECK(same(callbot_request_endpoint(request), of(endpoint)));
        for (i = 0; i < callbot_request_header_count(request); i++) {
            if (same(callbot_request_header_name(request, i), str("sign"))) {
                CHECK(same(callbot_request_header_value(request, i), of(sign)));
                signs++;
            }
        }
        CHECK(signs == 1);
        callbot_request_free(request);
        free(body.data);
        free(sign.data);
    }
}

static void check_vector(const char *folder) {
    file uuid = read_file(folder, "uuid");
    file secret_key = read_file(folder, "secretKey");
    file digits = read_file(folder, "createTs");
    callbot_signer *signer;
    char seconds[16] = "";

    endpoint = read_file(folder, "endpoint");
    json = read_file(folder, "json");
    request_id = read_file(folder, "requestID");
    CHECK(digits.len < sizeof seconds);
    memcpy(seconds, digits.data, digits.len);
    create_ts = strtoll(seconds, NULL, 10);

    CHECK_OK(callbot_signer_new(of(uuid), of(secret_key), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    check_request(folder, signer, "sign.MD5");
    callbot_signer_free(signer);
    CHECK_OK(callbot_signer_new(of(uuid), of(secret_key), CALLBOT_ALGORITHM_SHA256, &signer, NULL));
    check_request(folder, signer, "sign.SHA256");
    callbot_signer_free(signer);

    free(uuid.data);
    free(secret_key.data);
    free(digits.data);
    free(endpoint.data);
    free(json.data);
    free(request_id.data);
}

int main(int argc, char **argv) {
    size_t checked = for_each_vector(argc > 1 ? argv[1] : "vectors", "request", check_vector);
    printf("%lu vectors\n", (unsigned long)checked);
    return 0;
}
