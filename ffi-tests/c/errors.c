/* Every invalid argument, at every parameter of every function. */
#include "calls.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What an error must never contain. */
static const char *const private_strings[] = {"topsecret", "38000000", "38000001", "Wang", "Fang", "Zhang"};

static callbot_batch *empty;
static callbot_param params[2];

static int seen[CALLBOT_BASE_URL + 1];

static void check_no_private_string(callbot_str shown) {
    size_t i;
    for (i = 0; i < COUNT(private_strings); i++) {
        CHECK(!contains(shown, private_strings[i]));
    }
}

/* Checks a code and its number. */
static void check_code(callbot_str code, int32_t number) {
    CHECK(code.len > 0 && code.data[code.len] == '\0' && strlen(code.data) == code.len);
    CHECK(number > 0);
}

/* Checks an error and frees it. `code` may be NULL for any. */
static void check_error(callbot_error *error, callbot_status status, const char *code) {
    size_t count = callbot_error_violation_count(error);
    size_t i;
    CHECK(error != NULL && error != POISON(callbot_error));
    CHECK(status > 0 && (size_t)status < COUNT(seen));
    seen[status]++;
    CHECK(callbot_error_status(error) == status);
    check_code(callbot_error_code(error), callbot_error_code_number(error));
    if (code != NULL) {
        CHECK_STR(callbot_error_code(error), code);
    }
    CHECK(callbot_error_message(error).len > 0);
    CHECK(!contains(callbot_error_message(error), "\n"));
    check_no_private_string(callbot_error_message(error));
    CHECK((count > 0) == (status == CALLBOT_REFUSED));
    CHECK(callbot_error_unlisted_count(error) == 0);
    for (i = 0; i < count; i++) {
        check_code(callbot_error_violation_code(error, i), callbot_error_violation_code_number(error, i));
        CHECK(callbot_error_violation_message(error, i).len > 0);
        check_no_private_string(callbot_error_violation_message(error, i));
        check_no_private_string(callbot_error_violation_path(error, i));
        check_no_private_string(callbot_error_violation_field(error, i));
        check_no_private_string(callbot_error_violation_param(error, i));
        /* A string stays where it is. */
        CHECK(callbot_error_violation_message(error, i).data == callbot_error_violation_message(error, i).data);
        CHECK(callbot_error_violation_path(error, i).data == callbot_error_violation_path(error, i).data);
    }
    /* After the last violation. */
    for (i = 0; i < 3; i++) {
        size_t after = i == 0 ? count : i == 1 ? count + 1 : SIZE_MAX;
        CHECK(nothing(callbot_error_violation_code(error, after)));
        CHECK(callbot_error_violation_code_number(error, after) == 0);
        CHECK(nothing(callbot_error_violation_path(error, after)));
        CHECK(nothing(callbot_error_violation_field(error, after)));
        CHECK(nothing(callbot_error_violation_param(error, after)));
        CHECK(nothing(callbot_error_violation_message(error, after)));
        CHECK(callbot_error_violation_order(error, after) == SIZE_MAX);
        CHECK(callbot_error_violation_list_index(error, after) == SIZE_MAX);
    }
    callbot_error_free(error);
}

/* Strings that are invalid for any parameter. */
static const struct {
    callbot_str string;
    callbot_status status;
    const char *code;
} wrong_strings[] = {
    {{"a", SIZE_MAX}, CALLBOT_LENGTH, "length"},
    {{"a", (size_t)PTRDIFF_MAX + 1}, CALLBOT_LENGTH, "length"},
    {{NULL, SIZE_MAX}, CALLBOT_LENGTH, "length"},
    {{NULL, (size_t)PTRDIFF_MAX + 1}, CALLBOT_LENGTH, "length"},
    {{NULL, 1}, CALLBOT_NULL_POINTER, "null_pointer"},
    {{NULL, PTRDIFF_MAX}, CALLBOT_NULL_POINTER, "null_pointer"},
    /* A lone byte, a truncated and an overlong sequence, a surrogate, a code point out of range. */
    {{"topsecret\xff", 10}, CALLBOT_NOT_UTF8, "not_utf8"},
    {{"\xe7\x8e\x8b\xe7\x8e", 5}, CALLBOT_NOT_UTF8, "not_utf8"},
    {{"\xc0\xaf", 2}, CALLBOT_NOT_UTF8, "not_utf8"},
    {{"\xed\xa0\x80", 3}, CALLBOT_NOT_UTF8, "not_utf8"},
    {{"\xf4\x90\x80\x80", 4}, CALLBOT_NOT_UTF8, "not_utf8"},
};

/* Checks that the call fails, with and without an output for the error. The error names the
 * parameter. */
static void check_failure(size_t index, const callbot_str *strings, wrong_thing wrong, int64_t number, callbot_status status,
                          const char *code, const char *name) {
    callbot_error *error = POISON(callbot_error);
    callbot_status found = calls[index].call(strings, wrong, number, &error);
    if (found != status) {
        fprintf(stderr, "%s, wrong %s: status %d, not %d\n", calls[index].function, name, (int)found, (int)status);
        exit(1);
    }
    if (name != NULL) {
        char begin[64];
        callbot_str message = callbot_error_message(error);
        snprintf(begin, sizeof begin, "%s ", name);
        if (calls[index].string_count == 7 && wrong == ALL_RIGHT && calls[index].call != batch_add) {
            snprintf(begin, sizeof begin, "orders[1].%s ", name);
        }
        if (!starts_with(message, begin)) {
            fprintf(stderr, "%s: the message \"%.*s\" does not begin with \"%s\"\n", calls[index].function,
                    (int)message.len, message.data, begin);
            exit(1);
        }
    }
    check_error(error, status, code);
    CHECK(calls[index].call(strings, wrong, number, NULL) == status);
}

static void check_success(size_t index, const callbot_str *strings) {
    callbot_error *error = POISON(callbot_error);
    callbot_status status = calls[index].call(strings, ALL_RIGHT, calls[index].number, &error);
    if (status != CALLBOT_OK) {
        fprintf(stderr, "%s: status %d\n", calls[index].function, (int)status);
        exit(1);
    }
    CHECK(error == NULL);
    CHECK_OK(calls[index].call(strings, ALL_RIGHT, calls[index].number, NULL));
}

static void wrong_arguments(void) {
    static const int32_t unknown[] = {-1, 2, 3, 255, 256, INT32_MIN, INT32_MAX};
    size_t i;
    size_t t;
    size_t w;
    size_t n;
    for (i = 0; i < COUNT(calls); i++) {
        callbot_str strings[7];
        for (t = 0; t < calls[i].string_count; t++) {
            strings[t] = str(calls[i].strings[t]);
        }
        check_success(i, strings);

        for (t = 0; t < calls[i].string_count; t++) {
            callbot_str right = strings[t];
            int any_bytes = t >= calls[i].string_count - calls[i].byte_count;
            for (w = 0; w < COUNT(wrong_strings); w++) {
                strings[t] = wrong_strings[w].string;
                int in_order = calls[i].string_count == 7;
                if (in_order && wrong_strings[w].status == CALLBOT_NOT_UTF8) {
                    /* A violation: see strings_of_orders_that_are_not_utf8. */
                    continue;
                }
                if (!any_bytes || wrong_strings[w].status != CALLBOT_NOT_UTF8) {
                    check_failure(i, strings, ALL_RIGHT, calls[i].number, wrong_strings[w].status, wrong_strings[w].code,
                                  calls[i].names[t]);
                } else if (strcmp(calls[i].names[t], "body") == 0) {
                    check_success(i, strings);
                } else if (strcmp(calls[i].names[t], "block") == 0) {
                    check_failure(i, strings, ALL_RIGHT, calls[i].number, CALLBOT_HEADERS, "header_line_no_colon", NULL);
                } else {
                    check_failure(i, strings, ALL_RIGHT, calls[i].number, CALLBOT_REFUSED, "refused", NULL);
                }
            }
            strings[t] = right;
        }

        for (w = 0; w < COUNT(calls[i].wrongs) && calls[i].wrongs[w].name != NULL; w++) {
            const char *name = calls[i].wrongs[w].name;
            if (calls[i].wrongs[w].wrong != UNKNOWN_CONSTANT) {
                check_failure(i, strings, calls[i].wrongs[w].wrong, calls[i].number, CALLBOT_NULL_POINTER, "null_pointer", name);
                continue;
            }
            for (n = 0; n < COUNT(unknown); n++) {
                check_failure(i, strings, UNKNOWN_CONSTANT, unknown[n], CALLBOT_UNKNOWN_CONSTANT, "unknown_constant", name);
            }
        }
    }
}

/* Invalid counts. */
static void wrong_counts(void) {
    static const size_t too_large[] = {SIZE_MAX, (size_t)PTRDIFF_MAX + 1, PTRDIFF_MAX, PTRDIFF_MAX / sizeof(callbot_param) + 1};
    callbot_error *error;
    callbot_batch *changed;
    size_t i;
    for (i = 0; i < COUNT(too_large); i++) {
        callbot_order wrong = plain_order("new-1", "8613800000001");
        int use_null;
        for (use_null = 0; use_null < 2; use_null++) {
            wrong.params = use_null ? NULL : params;
            wrong.param_count = too_large[i];
            changed = begin_add(ALL_RIGHT);
            CHECK(callbot_batch_add(changed, &wrong, &error) == CALLBOT_LENGTH);
            CHECK(starts_with(callbot_error_message(error), "params "));
            check_error(error, CALLBOT_LENGTH, "length");
            end_add(changed, CALLBOT_LENGTH, 0);

            changed = begin_add(ALL_RIGHT);
            CHECK(callbot_batch_add_all(changed, &wrong, 1, CALLBOT_POLICY_KEEP_VALID, &error) == CALLBOT_LENGTH);
            CHECK(starts_with(callbot_error_message(error), "orders[0].params "));
            check_error(error, CALLBOT_LENGTH, "length");
            end_add(changed, CALLBOT_LENGTH, 0);

            changed = begin_add(ALL_RIGHT);
            CHECK(callbot_batch_add_all(changed, use_null ? NULL : &order, too_large[i], CALLBOT_POLICY_REFUSE_ALL, &error) ==
                  CALLBOT_LENGTH);
            CHECK(starts_with(callbot_error_message(error), "orders "));
            check_error(error, CALLBOT_LENGTH, "length");
            end_add(changed, CALLBOT_LENGTH, 0);
        }
        wrong.params = NULL;
        wrong.param_count = 1;
        changed = begin_add(ALL_RIGHT);
        CHECK(callbot_batch_add(changed, &wrong, &error) == CALLBOT_NULL_POINTER);
        CHECK(starts_with(callbot_error_message(error), "params "));
        check_error(error, CALLBOT_NULL_POINTER, "null_pointer");
        end_add(changed, CALLBOT_NULL_POINTER, 0);
    }

    /* NULL and 0 is an empty array. */
    changed = begin_add(ALL_RIGHT);
    error = POISON(callbot_error);
    CHECK_OK(callbot_batch_add_all(changed, NULL, 0, CALLBOT_POLICY_REFUSE_ALL, &error));
    CHECK(error == NULL);
    end_add(changed, CALLBOT_OK, 0);
}

static void first_byte_that_is_not_utf8(void) {
    callbot_error *error;
    CHECK(callbot_phone_check(str("\xe7\x8e\x8b\xff"), &error) == CALLBOT_NOT_UTF8);
    CHECK(contains(callbot_error_message(error), "offset 3"));
    check_error(error, CALLBOT_NOT_UTF8, "not_utf8");
}

/* An invalid pointer in an order is reported before its violations. */
static void pointers_before_violations(void) {
    callbot_error *error = POISON(callbot_error);
    callbot_param param = {CALLBOT_STR("\xff"), CALLBOT_STR("v")};
    callbot_order order = {0};
    callbot_batch *batch = begin_add(ALL_RIGHT);
    order.order_id.len = 5;
    order.user_phone = CALLBOT_STR("8613800000001");
    order.params = &param;
    order.param_count = 1;
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_NULL_POINTER);
    CHECK(starts_with(callbot_error_message(error), "order_id "));
    check_error(error, CALLBOT_NULL_POINTER, "null_pointer");
    order.order_id = CALLBOT_STR("1");
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_REFUSED);
    CHECK_STR(callbot_error_violation_path(error, 0), "/callInfoList/callList/1/params/0/name");
    check_error(error, CALLBOT_REFUSED, "refused");
    end_add(batch, CALLBOT_REFUSED, 0);
}

/* A buffer that is passed with its size has NULs, which may not go out. */
static void strings_with_nul(void) {
    callbot_error *error = POISON(callbot_error);
    callbot_order order = {0};
    callbot_batch *batch = begin_add(ALL_RIGHT);
    order.order_id = CALLBOT_STR("new-1\0\0\0");
    order.user_phone = CALLBOT_STR("8613800000001");
    order.user_name = CALLBOT_STR("\0");
    CHECK(callbot_batch_add(batch, &order, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 2);
    CHECK_STR(callbot_error_violation_path(error, 0), "/callInfoList/callList/1/orderID");
    CHECK(callbot_error_violation_code_number(error, 0) == CALLBOT_CODE_NUL_CHARACTER);
    CHECK_STR(callbot_error_violation_path(error, 1), "/callInfoList/callList/1/userName");
    check_error(error, CALLBOT_REFUSED, "refused");
    end_add(batch, CALLBOT_REFUSED, 0);
}

/* A string of an order that is not UTF-8 is a violation of that order, under both policies. */
static void strings_of_orders_that_are_not_utf8(void) {
    static const char *const paths[] = {
        "orderID", "userPhone", "other", "userName", "customerName", "params/1/name", "params/1/value",
    };
    static const char *const right[] = ORDER_TEXTS;
    size_t w;
    size_t t;
    int keep;
    for (w = 0; w < COUNT(wrong_strings); w++) {
        for (t = 0; t < COUNT(paths) && wrong_strings[w].status == CALLBOT_NOT_UTF8; t++) {
            for (keep = 0; keep < 2; keep++) {
                callbot_batch *changed = begin_add(ALL_RIGHT);
                callbot_error *error = POISON(callbot_error);
                callbot_str strings[7];
                callbot_order orders[2];
                callbot_param space[2];
                callbot_status status;
                char path[64];
                size_t i;
                for (i = 0; i < COUNT(strings); i++) {
                    strings[i] = i == t ? wrong_strings[w].string : str(right[i]);
                }
                orders[0] = order_of(strings, space);
                orders[1] = plain_order("new-2", "8613800000002");
                status = callbot_batch_add_all(changed, orders, 2,
                                               keep ? CALLBOT_POLICY_KEEP_VALID : CALLBOT_POLICY_REFUSE_ALL, &error);
                CHECK(status == (keep ? CALLBOT_OK : CALLBOT_REFUSED));
                CHECK(callbot_error_violation_count(error) == 1);
                snprintf(path, sizeof path, "/callInfoList/callList/1/%s", paths[t]);
                CHECK_STR(callbot_error_violation_path(error, 0), path);
                CHECK_STR(callbot_error_violation_code(error, 0), "text_not_utf8");
                CHECK(callbot_error_violation_order(error, 0) == 1);
                CHECK(callbot_error_violation_list_index(error, 0) == 0);
                check_error(error, CALLBOT_REFUSED, "refused");
                end_add(changed, status, 1);
            }
        }
    }
}

/* What the core refuses, by status and code. */
static void refusals(void) {
    static const struct {
        call *call;
        const char *strings[7];
        int64_t number;
        callbot_status status;
        const char *code;
    } refused[] = {
        {signer_new, {"uuid-1", ""}, 0, CALLBOT_SECRET_KEY, "secret_key_empty"},
        {signer_new, {"uuid-1", " topsecret"}, 0, CALLBOT_SECRET_KEY, "secret_key_blank_at_start"},
        {signer_new, {"uuid-1", "topsecret\n"}, 0, CALLBOT_SECRET_KEY, "secret_key_blank_at_end"},
        {signer_new, {"uuid-1", "'topsecret'"}, 0, CALLBOT_SECRET_KEY, "secret_key_quoted"},
        {signer_new, {"uuid-1", "SECRET_KEY=topsecret"}, 0, CALLBOT_SECRET_KEY, "secret_key_assignment"},
        {signer_new, {"", "topsecret"}, 0, CALLBOT_UUID, "uuid_empty"},
        {signer_new, {"'uuid-1'", "topsecret"}, 0, CALLBOT_UUID, "uuid_quoted"},
        {signer_new, {"UUID=uuid-1", "topsecret"}, 0, CALLBOT_UUID, "uuid_assignment"},
        {signer_new, {"topsecret", "topsecret"}, 0, CALLBOT_UUID, "uuid_is_secret_key"},
        {signer_new, {"uuid 1", "topsecret"}, 0, CALLBOT_UUID, "uuid_character"},
        {sign, {"", "{}"}, TS, CALLBOT_REQUEST_ID, "request_id_empty"},
        {sign, {"r\r\n1", "{}"}, TS, CALLBOT_REQUEST_ID, "request_id_character"},
        {sign, {"r-1", "{}"}, 0, CALLBOT_CREATE_TS, "create_ts_zero"},
        {sign, {"r-1", "{}"}, -1, CALLBOT_CREATE_TS, "create_ts_negative"},
        {sign, {"r-1", "{}"}, INT64_MIN, CALLBOT_CREATE_TS, "create_ts_negative"},
        {sign, {"r-1", "{}"}, 1726200000000, CALLBOT_CREATE_TS, "create_ts_milliseconds"},
        {sign, {"r-1", "{}"}, 100000000000, CALLBOT_CREATE_TS, "create_ts_milliseconds"},
        {sign, {"r-1", "{}"}, INT64_MAX, CALLBOT_CREATE_TS, "create_ts_milliseconds"},
        {signed_string, {"", "{}"}, TS, CALLBOT_REQUEST_ID, "request_id_empty"},
        {signed_string, {"r-1", "{}"}, 0, CALLBOT_CREATE_TS, "create_ts_zero"},
        {build_batch, {"r 1"}, TS, CALLBOT_REQUEST_ID, "request_id_character"},
        {build_batch, {"r-1"}, -1, CALLBOT_CREATE_TS, "create_ts_negative"},
        {build_batch, {"r-1"}, 1726200000000, CALLBOT_CREATE_TS, "create_ts_milliseconds"},
        {request_from_json, {"", "r-1", STOP}, TS, CALLBOT_ENDPOINT, "endpoint"},
        {request_from_json, {"StopOrder", "r-1", STOP}, TS, CALLBOT_ENDPOINT, "endpoint"},
        {request_from_json, {"stopOrder", "r 1", STOP}, TS, CALLBOT_REQUEST_ID, "request_id_character"},
        {request_from_json, {"stopOrder", "r-1", STOP}, -1, CALLBOT_CREATE_TS, "create_ts_negative"},
        {request_from_json, {"stopOrder", "r-1", ""}, TS, CALLBOT_REFUSED, "refused"},
        {request_from_json, {"stopOrder", "r-1", "{\"userTaskID\":\"Wang\",\"orderIDs\":[]}"}, TS, CALLBOT_REFUSED, "refused"},
        {request_from_json, {"ping", "r-1", STOP}, TS, CALLBOT_REFUSED, "refused"},
        {request_from_json_with, {"StopOrder", "r-1", STOP}, TS, CALLBOT_ENDPOINT, "endpoint"},
        {request_from_json_with, {"stopOrder", "r 1", STOP}, TS, CALLBOT_REQUEST_ID, "request_id_character"},
        {request_from_json_with, {"stopOrder", "r-1", STOP}, -1, CALLBOT_CREATE_TS, "create_ts_negative"},
        {request_from_json_with, {"stopOrder", "r-1", ""}, TS, CALLBOT_REFUSED, "refused"},
        {request_new, {"", "r-1", "{}"}, TS, CALLBOT_PATH, "path_no_slash"},
        {request_new, {"//a.example/", "r-1", "{}"}, TS, CALLBOT_PATH, "path_slashes"},
        {request_new, {"/a#b", "r-1", "{}"}, TS, CALLBOT_PATH, "path_character"},
        {request_new, {"/a", "r 1", "{}"}, TS, CALLBOT_REQUEST_ID, "request_id_character"},
        {request_new, {"/a", "r-1", "{}"}, -1, CALLBOT_CREATE_TS, "create_ts_negative"},
        {sign_again, {"r 1"}, TS, CALLBOT_REQUEST_ID, "request_id_character"},
        {sign_again, {"r-1"}, -1, CALLBOT_CREATE_TS, "create_ts_negative"},
        {request_url, {"a.example"}, 0, CALLBOT_BASE_URL, "url_not_absolute"},
        {request_url, {"https://a.example/?topsecret"}, 0, CALLBOT_BASE_URL, "base_url_query"},
        {url_join, {"a.example", "/a"}, 0, CALLBOT_BASE_URL, "url_not_absolute"},
        {url_join, {"https://a.example", ".topsecret/x"}, 0, CALLBOT_PATH, "path_no_slash"},
        {url_join, {"https://a.example", "//topsecret/x"}, 0, CALLBOT_PATH, "path_slashes"},
        {url_join, {"https://a.example/?topsecret", "/a"}, 0, CALLBOT_BASE_URL, "base_url_query"},
        {url_join, {"https://a.example/topsecret/", "/topsecret"}, 0, CALLBOT_BASE_URL, "base_url_path"},
        {request_url, {"https://a.example/callcentre/api/v3/"}, 0, CALLBOT_BASE_URL, "base_url_path"},
        {request_url, {"https://topsecret..example/"}, 0, CALLBOT_BASE_URL, "url_empty_label"},
        {headers_parse, {"topsecret : x"}, 0, CALLBOT_HEADERS, "header_line_blank_before_colon"},
        {require_param, {""}, 0, CALLBOT_RULES, "rules_param_empty"},
        {allow_country_code, {"+86"}, 0, CALLBOT_RULES, "rules_country_code"},
        {allow_country_code, {""}, 0, CALLBOT_RULES, "rules_country_code"},
        {max_orders, {NULL}, 0, CALLBOT_RULES, "rules_max_orders"},
        {batch_new, {"", "https://a.example/", "https://a.example/"}, 0, CALLBOT_REFUSED, "refused"},
        {batch_new, {"t", "ftp://a.example/", "https://a.example/"}, 0, CALLBOT_REFUSED, "refused"},
        {batch_new, {"t", "https://a.example/", "/call"}, 0, CALLBOT_REFUSED, "refused"},
        {batch_add, {"order-1", "8613800000000", "", "", "", "n", "v"}, 0, CALLBOT_REFUSED, "refused"},
        {batch_add, {"order-2", "+8613800000000", "Wang", "Fang", "Zhang", "name", ""}, 0, CALLBOT_REFUSED, "refused"},
        {batch_add, {"order-2", "138000000x0", "Wang", "Fang", "Zhang", "", "Wang"}, 0, CALLBOT_REFUSED, "refused"},
        {batch_add_all, {"order-2", "+8613800000000", "Wang", "Fang", "Zhang", "name", ""}, 0, CALLBOT_REFUSED, "refused"},
        {batch_from_json, {""}, 0, CALLBOT_REFUSED, "refused"},
        {batch_from_json, {"{\"userName\":\"Wang\",\"userPhone\":\"8613800000001\"}"}, 0, CALLBOT_REFUSED, "refused"},
        {batch_from_json_keeping, {JSON "}"}, 0, CALLBOT_REFUSED, "refused"},
        {batch_new_for, {"stopOrder", STOP}, 0, CALLBOT_ENDPOINT, "endpoint_no_orders"},
        {batch_new_for, {"import", JSON}, 0, CALLBOT_ENDPOINT, "endpoint"},
        {batch_new_for, {"importBatchCall", "{}"}, 0, CALLBOT_REFUSED, "refused"},
        {phone_check, {"+8613800000001"}, 0, CALLBOT_PHONE, "phone_plus"},
        {phone_from_typed, {"138 0000 0001"}, 0, CALLBOT_PHONE, "phone_no_country_code"},
    };
    callbot_error *error;
    callbot_request *made;
    callbot_rules *changed;
    char long_id[130];
    size_t i;
    size_t t;

    for (i = 0; i < COUNT(refused); i++) {
        callbot_str strings[7];
        for (t = 0; t < 7; t++) {
            strings[t] = refused[i].strings[t] != NULL ? str(refused[i].strings[t]) : bytes(NULL, 0);
        }
        error = POISON(callbot_error);
        CHECK(refused[i].call(strings, ALL_RIGHT, refused[i].number, &error) == refused[i].status);
        check_error(error, refused[i].status, refused[i].code);
        CHECK(refused[i].call(strings, ALL_RIGHT, refused[i].number, NULL) == refused[i].status);
    }

    memset(long_id, 'x', sizeof long_id);
    long_id[129] = '\0';
    {
        callbot_str strings[2];
        strings[0] = str(long_id);
        strings[1] = str("topsecret");
        CHECK(signer_new(strings, ALL_RIGHT, 0, &error) == CALLBOT_UUID);
        check_error(error, CALLBOT_UUID, "uuid_too_long");
        CHECK(sign(strings, ALL_RIGHT, TS, &error) == CALLBOT_REQUEST_ID);
        check_error(error, CALLBOT_REQUEST_ID, "request_id_too_long");
    }

    changed = callbot_rules_new();
    CHECK_OK(callbot_rules_require_param(changed, str("amount"), NULL));
    CHECK(callbot_rules_require_param(changed, str("amount"), &error) == CALLBOT_RULES);
    check_error(error, CALLBOT_RULES, "rules_param_repeated");
    callbot_rules_free(changed);

    made = POISON(callbot_request);
    CHECK(callbot_build_batch(signer, empty, str("r-1"), TS, &made, &error) == CALLBOT_EMPTY_BATCH);
    CHECK(made == NULL);
    check_error(error, CALLBOT_EMPTY_BATCH, "empty_batch");
}

/* All violations are listed in order, each with its path. */
static void violations(void) {
    callbot_error *error;
    callbot_order wrong = plain_order("", "+8613800000001");
    callbot_param wrong_params[3];
    size_t i;
    static const struct {
        const char *code;
        int32_t number;
        const char *path;
        const char *field;
    } wanted[] = {
        {"empty", CALLBOT_CODE_EMPTY, "/callInfoList/callList/1/orderID", "orderID"},
        {"phone_plus", CALLBOT_CODE_PHONE_PLUS, "/callInfoList/callList/1/userPhone", "userPhone"},
        {"empty", CALLBOT_CODE_EMPTY, "/callInfoList/callList/1/params/0/value", "value"},
        {"duplicate_param", CALLBOT_CODE_DUPLICATE_PARAM, "/callInfoList/callList/1/params/2/name", "name"},
    };
    wrong_params[0].name = str("a");
    wrong_params[0].value = str("");
    wrong_params[1].name = str("b");
    wrong_params[1].value = str("Wang");
    wrong_params[2] = wrong_params[1];
    wrong.params = wrong_params;
    wrong.param_count = 3;
    wrong.user_name = str("Fang");

    CHECK(callbot_batch_add(batch, &wrong, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == COUNT(wanted));
    CHECK(starts_with(callbot_error_message(error), "4 violations; the first: /callInfoList/callList/1/orderID: "));
    for (i = COUNT(wanted); i-- > 0;) {
        CHECK_STR(callbot_error_violation_code(error, i), wanted[i].code);
        CHECK_STR(callbot_error_violation_path(error, i), wanted[i].path);
        CHECK(callbot_error_violation_order(error, i) == 1);
        CHECK(callbot_error_violation_list_index(error, i) == 0);
        CHECK(callbot_error_violation_code_number(error, i) == wanted[i].number);
        CHECK_STR(callbot_error_violation_field(error, i), wanted[i].field);
        CHECK(callbot_error_violation_param(error, i).len == 0);
    }
    check_error(error, CALLBOT_REFUSED, "refused");

    wrong.order_id = str("order-9");
    wrong.params = wrong_params + 1;
    wrong.param_count = 1;
    CHECK(callbot_batch_add(batch, &wrong, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 1);
    CHECK(starts_with(callbot_error_message(error), "/callInfoList/callList/1/userPhone: "));
    check_error(error, CALLBOT_REFUSED, "refused");
}

/* The index of an order is that of the call's own list, whatever the batch had before. */
static void list_indices(void) {
    static const char *const phones[] = {"8613800000001", "8613800000002", "x", "8613800000003", "x"};
    callbot_order orders[COUNT(phones)];
    callbot_batch *changed = begin_add(ALL_RIGHT);
    callbot_error *error;
    int round;
    size_t i;
    for (round = 0; round < 2; round++) {
        char ids[COUNT(phones)][32];
        for (i = 0; i < COUNT(phones); i++) {
            snprintf(ids[i], sizeof ids[i], "%d-%d", round, (int)i);
            orders[i] = plain_order(ids[i], phones[i]);
        }
        CHECK_OK(callbot_batch_add_all(changed, orders, COUNT(orders), CALLBOT_POLICY_KEEP_VALID, &error));
        CHECK(callbot_error_violation_count(error) == 2);
        CHECK(callbot_error_violation_list_index(error, 0) == 2 && callbot_error_violation_list_index(error, 1) == 4);
        CHECK(callbot_error_violation_order(error, 0) == 1 + 3 * (size_t)round + 2);
        check_error(error, CALLBOT_REFUSED, "refused");
        CHECK(callbot_batch_add_all(changed, orders + 2, 1, CALLBOT_POLICY_REFUSE_ALL, &error) == CALLBOT_REFUSED);
        CHECK(callbot_error_violation_list_index(error, 0) == 0);
        CHECK(callbot_error_violation_order(error, 0) == 1 + 3 * (size_t)(round + 1));
        check_error(error, CALLBOT_REFUSED, "refused");
    }
    callbot_batch_free(changed);

    /* Of JSON it is the index in callList. What concerns no order has none. */
    changed = POISON(callbot_batch);
    CHECK(callbot_batch_from_json(NULL, str("{\"productID\":\"callbot\",\"callInfoList\":{\"callList\":[1,2]}}"),
                                  CALLBOT_POLICY_REFUSE_ALL, &changed, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_list_index(error, 1) == 1);
    CHECK_STR(callbot_error_violation_field(error, 1), "callList");
    CHECK(callbot_error_violation_list_index(error, 2) == SIZE_MAX && callbot_error_violation_order(error, 2) == SIZE_MAX);
    check_error(error, CALLBOT_REFUSED, "refused");
}

/* The name of a variable is told if the rules have it. */
static void params_of_rules(void) {
    callbot_rules *of_two = callbot_rules_new();
    callbot_order added = plain_order("order-1", "8613800000001");
    callbot_param given = {CALLBOT_STR("Wang"), CALLBOT_STR("1")};
    callbot_batch *changed;
    callbot_error *error;
    size_t i;
    CHECK_OK(callbot_rules_require_param(of_two, str("due"), NULL));
    changed = new_batch(of_two);
    added.params = &given;
    added.param_count = 1;
    CHECK(callbot_batch_add(changed, &added, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_count(error) == 2);
    for (i = 0; i < 2; i++) {
        switch (callbot_error_violation_code_number(error, i)) {
        case CALLBOT_CODE_UNKNOWN_PARAM:
            CHECK(callbot_error_violation_param(error, i).len == 0);
            break;
        case CALLBOT_CODE_MISSING_PARAM:
            CHECK_STR(callbot_error_violation_param(error, i), "due");
            CHECK_STR(callbot_error_violation_field(error, i), "params");
            break;
        default:
            CHECK(0);
        }
    }
    check_error(error, CALLBOT_REFUSED, "refused");
    callbot_batch_free(changed);
    callbot_rules_free(of_two);
}

/* An unknown name is told by the variable that it nearly is. */
static void nearly_known_params(void) {
    callbot_rules *of_amount = callbot_rules_new();
    callbot_order added = plain_order("order-1", "8613800000001");
    callbot_param given = {CALLBOT_STR("\xef\xbb\xbf" "amount"), CALLBOT_STR("1")};
    callbot_batch *changed;
    callbot_error *error;
    CHECK_OK(callbot_rules_require_param(of_amount, str("amount"), NULL));
    changed = new_batch(of_amount);
    added.params = &given;
    added.param_count = 1;
    CHECK(callbot_batch_add(changed, &added, &error) == CALLBOT_REFUSED);
    CHECK(callbot_error_violation_code_number(error, 0) == CALLBOT_CODE_UNKNOWN_PARAM);
    CHECK_STR(callbot_error_violation_param(error, 0), "amount");
    CHECK(contains(callbot_error_violation_message(error, 0), "U+FEFF"));
    check_error(error, CALLBOT_REFUSED, "refused");
    callbot_batch_free(changed);
    callbot_rules_free(of_amount);
}

/* The codes of adding `added` to a batch that has an order already. */
static int32_t code_after_another(const callbot_rules *given, const callbot_order *added) {
    callbot_param of_first = {CALLBOT_STR("amount"), CALLBOT_STR("1")};
    callbot_order first = plain_order("order-0", "8613800000000");
    callbot_batch *changed = new_batch(given);
    callbot_error *error;
    int32_t code = 0;
    first.params = &of_first;
    first.param_count = 1;
    CHECK_OK(callbot_batch_add(changed, &first, NULL));
    if (callbot_batch_add(changed, added, &error) != CALLBOT_OK) {
        CHECK(callbot_error_violation_count(error) == 1);
        code = callbot_error_violation_code_number(error, 0);
        check_error(error, CALLBOT_REFUSED, "refused");
    }
    callbot_batch_free(changed);
    return code;
}

/* An order that the rules let a batch send can be stopped by them, and by no others. */
static void stops_order_with_blank_edge(const callbot_rules *rules_or_null, callbot_status expected) {
    callbot_str json = str("{\"userTaskID\":\"t\",\"orderIDs\":[\"order-1\\n\"]}");
    callbot_request *request;
    CHECK(callbot_request_from_json_with(signer, rules_or_null, str("stopOrder"), json, str("r-1"), TS, &request, NULL) ==
          expected);
    callbot_request_free(request);
}

static void edges_and_duplicates(void) {
    callbot_rules *given = callbot_rules_new();
    callbot_param similar = {CALLBOT_STR("am\xe2\x80\x8b" "ount"), CALLBOT_STR("1")};
    callbot_order edge = plain_order("order-1\r", "8613800000001");
    callbot_order twice = plain_order("order-1", "8613800000000");
    callbot_order looks_equal = plain_order("order-1", "8613800000001");
    static char long_id[4098];
    callbot_order long_one;
    memset(long_id, 'x', sizeof long_id - 1);
    long_one = plain_order(long_id, "8613800000001");
    looks_equal.params = &similar;
    looks_equal.param_count = 1;
    CHECK(code_after_another(NULL, &edge) == CALLBOT_CODE_BLANK_EDGE);
    CHECK(code_after_another(NULL, &long_one) == CALLBOT_CODE_ID_TOO_LONG);
    CHECK(code_after_another(NULL, &looks_equal) == CALLBOT_CODE_SIMILAR_PARAM);
    CHECK(code_after_another(NULL, &twice) == 0);
    CHECK_OK(callbot_rules_allow_blank_edges(given, NULL));
    CHECK(code_after_another(given, &edge) == 0);
    CHECK(code_after_another(given, &twice) == 0);
    stops_order_with_blank_edge(NULL, CALLBOT_REFUSED);
    stops_order_with_blank_edge(given, CALLBOT_OK);
    CHECK_OK(callbot_rules_unique_phones(given, NULL));
    CHECK(code_after_another(given, &twice) == CALLBOT_CODE_DUPLICATE_PHONE);
    callbot_rules_free(given);
}

/* What functions that cannot fail return for NULL. */
static void null_objects(void) {
    CHECK(nothing(callbot_string_get(NULL)));
    CHECK(callbot_error_status(NULL) == CALLBOT_OK);
    CHECK(nothing(callbot_error_code(NULL)));
    CHECK(nothing(callbot_error_message(NULL)));
    CHECK(callbot_error_violation_count(NULL) == 0);
    CHECK(callbot_error_unlisted_count(NULL) == 0);
    CHECK(nothing(callbot_error_violation_code(NULL, 0)));
    CHECK(nothing(callbot_error_violation_path(NULL, 0)));
    CHECK(nothing(callbot_error_violation_message(NULL, 0)));
    CHECK(callbot_error_violation_order(NULL, 0) == SIZE_MAX);
    CHECK(callbot_error_violation_list_index(NULL, 0) == SIZE_MAX);
    CHECK(callbot_error_code_number(NULL) == 0 && callbot_error_violation_code_number(NULL, 0) == 0);
    CHECK(nothing(callbot_error_violation_field(NULL, 0)) && nothing(callbot_error_violation_param(NULL, 0)));
    CHECK(callbot_batch_len(NULL) == 0);
    CHECK(nothing(callbot_request_method(NULL)));
    CHECK(nothing(callbot_request_path(NULL)));
    CHECK(nothing(callbot_request_endpoint(NULL)));
    CHECK(nothing(callbot_request_sent(NULL).request_id));
    CHECK(nothing(callbot_request_body(NULL)));
    CHECK(callbot_request_header_count(NULL) == 0);
    CHECK(nothing(callbot_request_header_name(NULL, 0)));
    CHECK(nothing(callbot_request_header_value(NULL, 0)));
    CHECK(nothing(callbot_request_header_line(NULL, 0)));
    CHECK(callbot_headers_get(NULL) == NULL && callbot_headers_count(NULL) == 0);
    callbot_headers_free(NULL);
    callbot_batch_reserve(NULL, 1, 1);
    callbot_batch_clear(NULL);
    callbot_string_free(NULL);
    callbot_error_free(NULL);
    callbot_signer_free(NULL);
    callbot_rules_free(NULL);
    callbot_batch_free(NULL);
    callbot_request_free(NULL);
    /* These take no object. */
    CHECK(callbot_version().len > 0);
    CHECK(callbot_abi_version() == CALLBOT_ABI_VERSION);
}

int main(void) {
    callbot_status status;
    callbot_request *built;
    callbot_string *shown;

    CHECK_OK(callbot_signer_new(str("uuid-1"), str("topsecret"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    rules = callbot_rules_new();
    batch = new_batch(rules);
    empty = new_batch(NULL);
    order = plain_order("order-1", "8613800000001");
    CHECK_OK(callbot_batch_add(batch, &order, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, str("r-1"), TS, &request, NULL));

    wrong_arguments();
    wrong_counts();
    first_byte_that_is_not_utf8();
    pointers_before_violations();
    strings_with_nul();
    strings_of_orders_that_are_not_utf8();
    refusals();
    violations();
    list_indices();
    params_of_rules();
    nearly_known_params();
    edges_and_duplicates();
    null_objects();

    for (status = CALLBOT_OK + 1; status <= CALLBOT_REFUSED; status++) {
        /* panic.c and machine.c have these; nothing returns CALLBOT_OTHER today. */
        int elsewhere = status == CALLBOT_PANIC || status == CALLBOT_NO_RANDOM || status == CALLBOT_CLOCK ||
                        status == CALLBOT_OTHER;
        if ((seen[status] > 0) == elsewhere) {
            fprintf(stderr, "status %d was seen %d times\n", (int)status, seen[status]);
            return 1;
        }
    }

    /* Nothing has changed. */
    CHECK(callbot_batch_len(batch) == 1);
    CHECK_OK(callbot_build_batch(signer, batch, str("r-1"), TS, &built, NULL));
    CHECK(same(callbot_request_body(built), callbot_request_body(request)));
    CHECK(same(header(built, "sign"), header(request, "sign")));
    CHECK_OK(callbot_signed_string(signer, str("r-1"), TS, bytes(NULL, 0), &shown, NULL));
    CHECK_STR(callbot_string_get(shown), "***&body=&createTs=1726200000&requestID=r-1&uuid=uuid-1");
    callbot_string_free(shown);
    callbot_request_free(built);
    callbot_request_free(request);
    callbot_batch_free(empty);
    callbot_batch_free(batch);
    callbot_rules_free(rules);
    callbot_signer_free(signer);
    return 0;
}
