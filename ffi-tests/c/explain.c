/* Why a signature is wrong. */
#include "check.h"

#define TS "1726200000"

static const char body[] = "{\"customerId\":\"1234\",\"appKey\":\"xxxxxx\",\"status\":1}";
static const char right[] = "780117DCF681FFBA0315EDDA24C3A8E2";
static const char right_in_lower_case[] = "780117dcf681ffba0315edda24c3a8e2";
/* Over the body as Python's json.dumps writes it. */
static const char with_blanks[] = "0C5CCB060F0A05A9C513390519DC7B50";
static const char with_blanks_in_lower_case[] = "0c5ccb060f0a05a9c513390519dc7b50";
static const char random_sign[] = "00112233445566778899AABBCCDDEEFF";

static callbot_signer *signer;

static size_t message(const char *sign, callbot_header *headers) {
    headers[0].name = str("requestID");
    headers[0].value = str("00000000000000000000000000000001");
    headers[1].name = str("UUID");
    headers[1].value = str("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR");
    headers[2].name = str("createTs");
    headers[2].value = str(TS);
    headers[3].name = str("sign");
    headers[3].value = str(sign);
    return 4;
}

static void check_explanations(void) {
    static const struct {
        const char *sign;
        bool received, matches;
        const char *codes[3];
    } explained[] = {
        {right, false, true, {NULL}},
        {right, true, true, {NULL}},
        {right_in_lower_case, false, false, {"lower_case", NULL}},
        {right_in_lower_case, true, true, {NULL}},
        {with_blanks, false, false, {"body_separators", NULL}},
        {with_blanks_in_lower_case, false, false, {"lower_case", "body_separators", NULL}},
        {random_sign, false, false, {NULL}},
    };
    size_t i;
    for (i = 0; i < sizeof explained / sizeof *explained; i++) {
        callbot_explanation *explanation = POISON(callbot_explanation);
        callbot_error *error = POISON(callbot_error);
        callbot_header headers[4];
        size_t count = message(explained[i].sign, headers);
        size_t k;
        CHECK_OK(callbot_explain(signer, headers, count, str(body), explained[i].received, 0, &explanation, &error));
        CHECK(error == NULL);
        CHECK(callbot_explanation_matches(explanation) == explained[i].matches);
        for (k = 0; explained[i].codes[k] != NULL; k++) {
            callbot_str code = callbot_explanation_code(explanation, k);
            callbot_str advice = callbot_explanation_message(explanation, k);
            callbot_str fix = callbot_explanation_fix(explanation, k);
            CHECK_STR(code, explained[i].codes[k]);
            CHECK(code.data[code.len] == '\0' && advice.data[advice.len] == '\0' && fix.data[fix.len] == '\0');
            CHECK(advice.len > 0 && fix.len > 0);
        }
        CHECK(callbot_explanation_cause_count(explanation) == k);
        CHECK(nothing(callbot_explanation_code(explanation, k)));
        CHECK(nothing(callbot_explanation_message(explanation, SIZE_MAX)));
        CHECK(nothing(callbot_explanation_fix(explanation, k)));
        callbot_explanation_free(explanation);
    }
}

/* Without createTs, the time now is where the search begins. */
static void check_now(void) {
    callbot_header headers[4];
    callbot_explanation *explanation;
    message(right, headers);
    headers[2].name = str("other");
    CHECK_OK(callbot_explain(signer, headers, 4, str(body), false, 1726200100, &explanation, NULL));
    CHECK_STR(callbot_explanation_code(explanation, 0), "create_ts_missing");
    CHECK(!callbot_explanation_matches(explanation) && callbot_explanation_cause_count(explanation) == 1);
    callbot_explanation_free(explanation);
}

/* NULL for every pointer, invalid lengths, and headers without a signature. */
static void check_arguments(void) {
    callbot_explanation *made = POISON(callbot_explanation);
    callbot_error *error;
    callbot_header headers[5];
    callbot_header wild = {{NULL, 1}, {NULL, 0}};
    callbot_str text = str(body);
    message(right, headers);

    CHECK(callbot_explain(NULL, headers, 4, text, false, 0, &made, NULL) == CALLBOT_NULL_POINTER && made == NULL);
    CHECK(callbot_explain(signer, NULL, 4, text, false, 0, &made, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_explain(signer, headers, 4, text, false, 0, NULL, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_explain(signer, headers, SIZE_MAX, text, false, 0, &made, NULL) == CALLBOT_LENGTH);
    CHECK(callbot_explain(signer, headers, 4, bytes("x", SIZE_MAX), false, 0, &made, NULL) == CALLBOT_LENGTH);
    CHECK(callbot_explain(signer, &wild, 1, text, false, 0, &made, NULL) == CALLBOT_NULL_POINTER);
    CHECK(callbot_explain(signer, headers, 4, text, false, -1, &made, NULL) == CALLBOT_CREATE_TS);

    CHECK(callbot_explain(signer, NULL, 0, text, false, 0, &made, &error) == CALLBOT_HEADERS && made == NULL);
    CHECK_STR(callbot_error_code(error), "header_missing");
    callbot_error_free(error);
    headers[4] = headers[3];
    CHECK(callbot_explain(signer, headers, 5, text, false, 0, &made, &error) == CALLBOT_HEADERS);
    CHECK_STR(callbot_error_code(error), "header_repeated");
    callbot_error_free(error);

    CHECK(!callbot_explanation_matches(NULL));
    CHECK(callbot_explanation_cause_count(NULL) == 0);
    CHECK(nothing(callbot_explanation_code(NULL, 0)));
    CHECK(nothing(callbot_explanation_message(NULL, 0)));
    CHECK(nothing(callbot_explanation_fix(NULL, 0)));
    callbot_explanation_free(NULL);
}

int main(void) {
    CHECK_OK(callbot_signer_new(str("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"), str("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr"),
                                CALLBOT_ALGORITHM_MD5, &signer, NULL));
    check_explanations();
    check_now();
    check_arguments();
    callbot_signer_free(signer);
    return 0;
}
