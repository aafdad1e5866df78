/* Reads a string of a freed request. The sanitizer and valgrind must report it. */
#include "../check.h"

int main(void) {
    callbot_signer *signer;
    callbot_batch *batch = new_batch(NULL);
    callbot_request *request;
    callbot_order order = plain_order("order-1", "8613800000001");
    volatile const char *data;
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("secret-1"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    CHECK_OK(callbot_batch_add(batch, &order, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, str("r-1"), 1726200000, &request, NULL));
    data = callbot_request_body(request).data;
    callbot_batch_free(batch);
    callbot_request_free(request);
    printf("%d\n", data[0]);
    callbot_signer_free(signer);
    return 0;
}
