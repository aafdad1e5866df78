/* Phone numbers outside of orders. */
#include "check.h"

/* Strings as a userPhone, and their error; NULL for a valid one. */
static const struct {
    const char *string;
    const char *code;
} checked[] = {
    {"8613800000001", NULL},
    {"442079460958", NULL},
    {"14155550101", NULL},
    {"999000000000000", "phone_country_code"},
    {"", "phone_empty"},
    {"+8613800000001", "phone_plus"},
    {"008613800000001", "phone_international_prefix"},
    {"013800000001", "phone_leading_zero"},
    {"86 13800000001", "phone_blank"},
    {"86-13800000001", "phone_punctuation"},
    {"8613800000001\xe2\x80\x8b", "phone_invisible"},
    {"\xef\xbc\x98\xef\xbc\x96" "13800000001", "phone_foreign_digit"},
    {"86138x0000001", "phone_character"},
    {"'8613800000001", "phone_wrapped"},
    {"8613800000001x1", "phone_extension"},
    {"8613800000001\r\n8613800000002", "phone_line_end"},
    {"8.6138E+12", "phone_spreadsheet"},
    {"861380", "phone_too_short"},
    {"8613800000001234", "phone_too_long"},
};

/* What people type, and the digits or the error. */
static const struct {
    const char *string;
    const char *digits;
    const char *code;
} typed[] = {
    {"+86 138-0000-0001", "8613800000001", NULL},
    {"+44 (0)20 7946 0958", "442079460958", NULL},
    {"0044 20 7946 0958", "442079460958", NULL},
    {"442079460958", "442079460958", NULL},
    {"+86 138 0000 0001 234", NULL, "phone_too_long"},
    {"+883 510 000 000 000", "883510000000000", NULL},
    {"020 7946 0958", NULL, "phone_no_country_code"},
    {"+44 020 7946 0958", NULL, "phone_trunk_zero"},
    {"8.6138E+12", NULL, "phone_spreadsheet"},
    {"+44 20 7946 0958 ext. 7", NULL, "phone_extension"},
    {"tel:+44-20-7946-0958", "442079460958", NULL},
    {"=\"+442079460958\"", "442079460958", NULL},
    {"#1 (415) 555 0123", NULL, "phone_wrapped"},
    {"+298 200123\n200124", NULL, "phone_line_end"},
    {"", NULL, "phone_empty"},
};

static void check_error(callbot_status status, callbot_error *error, const char *number, const char *code) {
    CHECK(status == CALLBOT_PHONE);
    CHECK(callbot_error_status(error) == CALLBOT_PHONE);
    CHECK_STR(callbot_error_code(error), code);
    CHECK(callbot_error_message(error).len > 0);
    CHECK(strlen(number) == 0 || !contains(callbot_error_message(error), number));
    CHECK(callbot_error_violation_count(error) == 0);
    callbot_error_free(error);
}

int main(void) {
    size_t i;
    for (i = 0; i < sizeof checked / sizeof *checked; i++) {
        callbot_error *error = POISON(callbot_error);
        callbot_status status = callbot_phone_check(str(checked[i].string), &error);
        if (checked[i].code == NULL) {
            CHECK(status == CALLBOT_OK && error == NULL);
        } else {
            check_error(status, error, checked[i].string, checked[i].code);
        }
        CHECK(callbot_phone_check(str(checked[i].string), NULL) == status);
    }

    for (i = 0; i < sizeof typed / sizeof *typed; i++) {
        callbot_error *error = POISON(callbot_error);
        char digits[CALLBOT_PHONE_CAPACITY + 1];
        callbot_status status;
        size_t written = 0;
        size_t place;
        memset(digits, '?', sizeof digits);
        status = callbot_phone_from_typed(str(typed[i].string), digits, &error);
        if (typed[i].code == NULL) {
            CHECK(status == CALLBOT_OK && error == NULL);
            written = strlen(typed[i].digits) + 1;
            CHECK(memcmp(digits, typed[i].digits, written) == 0);
            CHECK_OK(callbot_phone_check(str(digits), NULL));
        } else {
            check_error(status, error, typed[i].string, typed[i].code);
        }
        /* Only the digits and their NUL are written. */
        for (place = written; place < sizeof digits; place++) {
            CHECK(digits[place] == '?');
        }
    }
    return 0;
}
