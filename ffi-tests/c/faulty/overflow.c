/* Reads past the end of a returned string. The sanitizer and valgrind must report it. */
#include "../check.h"

int main(void) {
    callbot_signer *signer;
    callbot_string *shown;
    volatile const char *data;
    size_t len;
    int sum = 0;
    size_t i;
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("secret-1"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    CHECK_OK(callbot_signed_string(signer, str("r-1"), 1726200000, str("{}"), &shown, NULL));
    data = callbot_string_get(shown).data;
    len = callbot_string_get(shown).len;
    /* Several bytes, since the library may have allocated a few more than it needs. */
    for (i = 0; i < 16; i++) {
        sum += data[len + i];
    }
    printf("%d\n", sum);
    callbot_string_free(shown);
    callbot_signer_free(signer);
    return 0;
}
