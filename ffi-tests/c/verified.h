/* Verified messages with a given body. */
#ifndef VERIFIED_H
#define VERIFIED_H

#include "check.h"

static inline callbot_verifier *verifier_of(const callbot_signer *signer) {
    callbot_verifier *verifier = POISON(callbot_verifier);
    CHECK_OK(callbot_verifier_new(signer, &verifier, NULL));
    return verifier;
}

/* A callback that the provider sent. */
static inline callbot_verified *verified_callback(const callbot_signer *signer, callbot_str body) {
    callbot_header headers[MAX_HEADERS];
    callbot_verifier *verifier = verifier_of(signer);
    callbot_testing_message *message;
    callbot_verified *verified = POISON(callbot_verified);
    CHECK_OK(callbot_testing_sign_callback(signer, str(""), 0, body, &message, NULL));
    CHECK_OK(callbot_verify_callback(verifier, headers, headers_of(message, headers), body, 0, &verified, NULL));
    callbot_testing_message_free(message);
    callbot_verifier_free(verifier);
    return verified;
}

/* The answer to a request to an endpoint, of which only what it sent is left. */
static inline callbot_verified *verified_response(const callbot_signer *signer, const char *endpoint, callbot_str body) {
    callbot_header headers[MAX_HEADERS];
    callbot_verifier *verifier = verifier_of(signer);
    callbot_testing_message *message;
    callbot_verified *verified = POISON(callbot_verified);
    callbot_request *request;
    callbot_sent sent;
    CHECK_OK(callbot_request_new(signer, str("/"), str("{}"), str(""), 0, &request, NULL));
    sent = callbot_request_sent(request);
    sent.endpoint = str(endpoint);
    CHECK_OK(callbot_testing_sign_response(signer, request, 0, body, &message, NULL));
    CHECK_OK(callbot_verify_response(verifier, &sent, headers, headers_of(message, headers), body, 0, &verified, NULL));
    callbot_testing_message_free(message);
    callbot_request_free(request);
    callbot_verifier_free(verifier);
    return verified;
}

#endif
