/* Signs every vector with both algorithms, and compares the signed string.
 *
 * usage: vectors [path of vectors/]
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "files.h"

static void check_sign(file uuid, file secret_key, file request_id, int64_t create_ts, file body, file auth_raw,
                       int32_t algorithm, file wanted) {
    callbot_signer *signer;
    callbot_string *shown;
    callbot_str masked;
    char sign[CALLBOT_SIGN_CAPACITY + 1];

    CHECK_OK(callbot_signer_new(of(uuid), of(secret_key), algorithm, &signer, NULL));
    memset(sign, '?', sizeof sign);
    CHECK_OK(callbot_sign(signer, of(request_id), create_ts, of(body), sign, NULL));
    CHECK(memcmp(sign, wanted.data, wanted.len) == 0);
    CHECK(sign[wanted.len] == '\0');
    CHECK(sign[wanted.len + 1] == '?');

    /* The signed string is authRaw with *** in place of the secret key at its start. */
    CHECK_OK(callbot_signed_string(signer, of(request_id), create_ts, of(body), &shown, NULL));
    masked = callbot_string_get(shown);
    CHECK(starts_with(masked, "***"));
    CHECK(starts_with(of(auth_raw), "") && auth_raw.len >= secret_key.len);
    CHECK(memcmp(auth_raw.data, secret_key.data, secret_key.len) == 0);
    CHECK(same(bytes(masked.data + 3, masked.len - 3),
               bytes(auth_raw.data + secret_key.len, auth_raw.len - secret_key.len)));
    callbot_string_free(shown);
    callbot_signer_free(signer);
}

static void check_vector(const char *folder) {
    file uuid = read_file(folder, "uuid");
    file secret_key = read_file(folder, "secretKey");
    file request_id = read_file(folder, "requestID");
    file create_ts = read_file(folder, "createTs");
    file body = read_file(folder, "body");
    file auth_raw = read_file(folder, "authRaw");
    file md5 = read_file(folder, "sign.MD5");
    file sha256 = read_file(folder, "sign.SHA256");
    char digits[32] = "";
    char *end;
    long long seconds;

    CHECK(create_ts.len > 0 && create_ts.len < sizeof digits);
    memcpy(digits, create_ts.data, create_ts.len);
    seconds = strtoll(digits, &end, 10);
    CHECK(*end == '\0');
    CHECK(md5.len == 32);
    CHECK(sha256.len == 64);
    check_sign(uuid, secret_key, request_id, seconds, body, auth_raw, CALLBOT_ALGORITHM_MD5, md5);
    check_sign(uuid, secret_key, request_id, seconds, body, auth_raw, CALLBOT_ALGORITHM_SHA256, sha256);

    free(uuid.data);
    free(secret_key.data);
    free(request_id.data);
    free(create_ts.data);
    free(body.data);
    free(auth_raw.data);
    free(md5.data);
    free(sha256.data);
}

int main(int argc, char **argv) {
    size_t checked = for_each_vector(argc > 1 ? argv[1] : "vectors", "signature", check_vector);
    printf("%lu vectors\n", (unsigned long)checked);
    return 0;
}
