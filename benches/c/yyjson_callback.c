/* Verifying and reading a callback as a C programmer would write it with yyjson and OpenSSL: look up
 * the headers, hash, compare, parse, check for duplicate keys, read four fields. */
#include "jobs.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yyjson.h>

static void need(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "refused: %s\n", what);
        abort();
    }
}

static job_str header(const job_header *headers, size_t count, const char *name) {
    size_t len = strlen(name);
    const job_header *found = NULL;
    for (size_t i = 0; i < count; i++) {
        if (headers[i].name.len == len && strncasecmp(headers[i].name.data, name, len) == 0) {
            need(found == NULL, name);
            found = &headers[i];
        }
    }
    need(found != NULL && found->value.len > 0, name);
    return found->value;
}

static size_t from_hex(job_str hex, unsigned char *bytes) {
    need(hex.len % 2 == 0 && hex.len / 2 <= EVP_MAX_MD_SIZE, "sign");
    for (size_t i = 0; i < hex.len; i++) {
        char c = hex.data[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                           : -1;
        need(digit >= 0, "sign");
        bytes[i / 2] = (unsigned char)(i % 2 == 0 ? digit << 4 : bytes[i / 2] | digit);
    }
    return hex.len / 2;
}

static void update(EVP_MD_CTX *hash, const char *data, size_t len) {
    need(EVP_DigestUpdate(hash, data, len), "hash");
}

static size_t hash_of(int sha256, job_str create_ts, job_str request_id, job_str uuid, const char *body, size_t len,
                      unsigned char *digest) {
    unsigned int digest_len;
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    need(hash != NULL, "memory");
    need(EVP_DigestInit_ex(hash, sha256 ? EVP_sha256() : EVP_md5(), NULL), "hash");
    update(hash, SECRET_KEY, sizeof SECRET_KEY - 1);
    update(hash, "&body=", 6);
    update(hash, body, len);
    update(hash, "&createTs=", 10);
    update(hash, create_ts.data, create_ts.len);
    update(hash, "&requestID=", 11);
    update(hash, request_id.data, request_id.len);
    update(hash, "&uuid=", 6);
    update(hash, uuid.data, uuid.len);
    need(EVP_DigestFinal_ex(hash, digest, &digest_len), "hash");
    EVP_MD_CTX_free(hash);
    return digest_len;
}

static void verify(int sha256, const job_header *headers, size_t count, const char *body, size_t len, int64_t now) {
    job_str request_id = header(headers, count, "requestID");
    job_str uuid = header(headers, count, "uuid");
    job_str create_ts = header(headers, count, "createTs");
    unsigned char sent[EVP_MAX_MD_SIZE], digest[EVP_MAX_MD_SIZE];
    size_t sent_len = from_hex(header(headers, count, "sign"), sent);
    need(uuid.len == sizeof UUID - 1 && memcmp(uuid.data, UUID, uuid.len) == 0, "uuid");
    size_t digest_len = hash_of(sha256, create_ts, request_id, uuid, body, len, digest);
    need(sent_len == digest_len && CRYPTO_memcmp(sent, digest, digest_len) == 0, "sign");
    int64_t seconds = 0;
    for (size_t i = 0; i < create_ts.len; i++) {
        need(i < 12 && create_ts.data[i] >= '0' && create_ts.data[i] <= '9', "createTs");
        seconds = 10 * seconds + (create_ts.data[i] - '0');
    }
    need(now - seconds <= 300 && seconds - now <= 60, "createTs");
}

static int by_text(const void *left, const void *right) {
    yyjson_val *a = *(yyjson_val *const *)left, *b = *(yyjson_val *const *)right;
    size_t a_len = yyjson_get_len(a), b_len = yyjson_get_len(b);
    if (a_len != b_len) {
        return a_len < b_len ? -1 : 1;
    }
    return memcmp(yyjson_get_str(a), yyjson_get_str(b), a_len);
}

/* Refuses an object with a duplicate key: pairwise, or by sorting if it has many keys. */
static void check_object(yyjson_val *object) {
    enum { FEW = 32 };
    yyjson_val *few[FEW];
    size_t count = yyjson_obj_size(object), i, max;
    yyjson_val **keys = count <= FEW ? few : malloc(count * sizeof *keys);
    need(keys != NULL, "memory");
    yyjson_val *key, *value;
    yyjson_obj_foreach(object, i, max, key, value) {
        keys[i] = key;
        for (size_t before = 0; count <= FEW && before < i; before++) {
            need(by_text(&keys[before], &keys[i]) != 0, "duplicate key");
        }
    }
    if (count > FEW) {
        qsort(keys, count, sizeof *keys, by_text);
        for (i = 1; i < count; i++) {
            need(by_text(&keys[i - 1], &keys[i]) != 0, "duplicate key");
        }
        free(keys);
    }
}

/* The values of a document follow each other in memory, as yyjson's documentation says. */
static void check_all(yyjson_doc *document) {
    yyjson_val *value = yyjson_doc_get_root(document);
    for (size_t rest = yyjson_doc_get_val_count(document); rest > 0; rest--, value++) {
        if (yyjson_is_obj(value)) {
            check_object(value);
        }
    }
}

static size_t string_len(yyjson_doc *document, const char *pointer) {
    yyjson_val *value = yyjson_doc_ptr_get(document, pointer);
    need(yyjson_is_str(value), pointer);
    return yyjson_get_len(value);
}

static int64_t integer(yyjson_doc *document, const char *pointer) {
    yyjson_val *value = yyjson_doc_ptr_get(document, pointer);
    need(yyjson_is_int(value), pointer);
    return yyjson_get_sint(value);
}

void job_yyjson_callback(int sha256, const job_header *headers, size_t count, const char *body, size_t len,
                         int64_t now, job_fields *fields) {
    verify(sha256, headers, count, body, len, now);
    yyjson_doc *document = yyjson_read(body, len, YYJSON_READ_NOFLAG);
    need(yyjson_is_obj(yyjson_doc_get_root(document)), "JSON");
    check_all(document);
    fields->order_id_len = string_len(document, "/orderID");
    fields->audio_url_len = string_len(document, "/callInfoDetail/callAudioUrl");
    fields->status = integer(document, "/callInfoDetail/callStatus");
    fields->duration = integer(document, "/callInfoDetail/callDuration");
    yyjson_doc_free(document);
}
