/* Reads a text of a request that was freed. The sanitizer and valgrind have to say so. */
#include "../check.h"

int main(void) {
    callbot_signer *signer;
    callbot_batch *batch = new_batch(NULL);
    callbot_request *request;
    callbot_order order = plain_order("order-1", "8613800000001");
    volatile const char *data;
    CHECK_OK(callbot_signer_new(text("uuid-1"), text("secret-1"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    CHECK_OK(callbot_batch_add(batch, &order, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, text("r-1"), 1726200000, &request, NULL));
    data = callbot_request_body(request).data;
    callbot_batch_free(batch);
    callbot_request_free(request);
    printf("%d\n", data[0]);
    callbot_signer_free(signer);
    return 0;
}
