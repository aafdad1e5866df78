/* The measured jobs in C. Each writes the signature's hex digits to sign, or ends the program. */
#ifndef JOBS_H
#define JOBS_H

#include <stddef.h>
#include <stdint.h>

/* The account, request ID and time of every job. */
#define UUID "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"
#define SECRET_KEY "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr"
#define REQUEST_ID "0b9b2ad8-54f5-4c43-9d0e-6a8a9b7c1f10"
#define CREATE_TS "1726200000"
#define SIGN_CAPACITY 65

void job_hash(int sha256, const void *bytes, size_t len, unsigned char *digest);

/* Hashes the signed string with OpenSSL. */
void job_openssl_sign(int sha256, const void *body, size_t len, char *sign);

/* A string that a server received, with the layout of callbot_str. */
typedef struct {
    const char *data;
    size_t len;
} job_str;

/* A header, with the layout of callbot_header. */
typedef struct {
    job_str name;
    job_str value;
} job_header;

/* Four fields of a call callback. */
typedef struct {
    size_t order_id_len;
    size_t audio_url_len;
    int64_t status;
    int64_t duration;
} job_fields;

#endif
