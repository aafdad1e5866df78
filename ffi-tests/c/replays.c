/* The store against replays: claims, leases and tokens. */
#include "check.h"

#define TS 1726200000

static callbot_replays *replays;

static callbot_claim begin(const char *key, int64_t now) {
    callbot_claim claim = {-1, 1, 1};
    callbot_error *error = POISON(callbot_error);
    CHECK_OK(callbot_replays_begin(replays, str(key), 60, now, &claim, &error));
    CHECK(error == NULL);
    return claim;
}

static void check_lost(callbot_status status, callbot_error *error) {
    CHECK(status == CALLBOT_CLAIM_LOST && callbot_error_status(error) == status);
    CHECK_STR(callbot_error_code(error), "claim_lost");
    CHECK(callbot_error_code_number(error) == CALLBOT_CODE_CLAIM_LOST);
    callbot_error_free(error);
}

static void claims(void) {
    callbot_error *error;
    callbot_status status;
    callbot_claim first = begin("a", TS), second, other;
    callbot_str key = str("a");
    CHECK(first.state == CALLBOT_CLAIM_BEGUN && first.token != 0 && first.left == 0);
    other = begin("a", TS + 59);
    CHECK(other.state == CALLBOT_CLAIM_IN_PROCESS && other.token == 0 && other.left == 1);
    CHECK_OK(callbot_replays_release(replays, key, first.token, TS + 59, NULL));
    first = begin("a", TS + 59);
    CHECK(first.state == CALLBOT_CLAIM_BEGUN);

    /* The lease has run out, and another worker has the claim. */
    second = begin("a", TS + 119);
    CHECK(second.state == CALLBOT_CLAIM_BEGUN && second.token != first.token);
    status = callbot_replays_done(replays, key, first.token, TS + 999, TS + 120, &error);
    check_lost(status, error);
    status = callbot_replays_release(replays, key, first.token, TS + 120, &error);
    check_lost(status, error);
    CHECK(begin("a", TS + 120).state == CALLBOT_CLAIM_IN_PROCESS);

    CHECK_OK(callbot_replays_done(replays, key, second.token, TS + 500, TS + 120, NULL));
    CHECK_OK(callbot_replays_done(replays, key, second.token, TS + 500, TS + 120, NULL));
    status = callbot_replays_release(replays, key, second.token, TS + 120, &error);
    check_lost(status, error);
    other = begin("a", TS + 499);
    CHECK(other.state == CALLBOT_CLAIM_DONE && other.token == 0 && other.left == 0);
    CHECK(begin("a", TS + 500).state == CALLBOT_CLAIM_BEGUN);
}

static void full(void) {
    callbot_error *error = POISON(callbot_error);
    callbot_claim claim = {-1, 7, 7};
    CHECK(begin("b", TS + 500).state == CALLBOT_CLAIM_BEGUN);
    CHECK(callbot_replays_begin(replays, str("c"), 60, TS + 500, &claim, &error) == CALLBOT_REPLAYS_FULL);
    CHECK_STR(callbot_error_code(error), "replays_full");
    CHECK(claim.state == -1 && claim.token == 7 && claim.left == 7);
    callbot_error_free(error);
    CHECK(begin("c", TS + 560).state == CALLBOT_CLAIM_BEGUN);
}

static void wrong_arguments(void) {
    callbot_str key = str("k"), null = {NULL, 1};
    callbot_claim claim;
    CHECK(callbot_replays_new(0, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_replays_begin(NULL, key, 0, TS, &claim, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_replays_begin(replays, null, 0, TS, &claim, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_replays_begin(replays, key, 0, TS, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_replays_begin(replays, key, 0, -1, &claim, NULL) == CALLBOT_CREATE_TS);
    CHECK(callbot_replays_done(NULL, key, 1, 0, TS, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_replays_done(replays, null, 1, 0, TS, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_replays_done(replays, key, 1, 0, -1, NULL) == CALLBOT_CREATE_TS);
    CHECK(callbot_replays_release(NULL, key, 1, TS, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_replays_release(replays, null, 1, TS, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_replays_release(replays, key, 1, -1, NULL) == CALLBOT_CREATE_TS);
    callbot_replays_free(NULL);
}

/* A capacity, a lease and a time of 0 stand for the defaults. */
static void defaults(void) {
    callbot_replays *own;
    callbot_claim claim;
    CHECK_OK(callbot_replays_new(0, &own, NULL));
    CHECK_OK(callbot_replays_begin(own, str("a"), 0, 0, &claim, NULL));
    CHECK(claim.state == CALLBOT_CLAIM_BEGUN);
    CHECK_OK(callbot_replays_begin(own, str("a"), 0, 0, &claim, NULL));
    CHECK(claim.state == CALLBOT_CLAIM_IN_PROCESS && claim.left >= 50 && claim.left <= 60);
    callbot_replays_free(own);
}

int main(void) {
    CHECK_OK(callbot_replays_new(2, &replays, NULL));
    claims();
    full();
    wrong_arguments();
    defaults();
    callbot_replays_free(replays);
    return 0;
}
