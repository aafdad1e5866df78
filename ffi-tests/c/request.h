/* A request that responses answer. */
#ifndef REQUEST_H
#define REQUEST_H

#include "check.h"

static callbot_request *request_of(const callbot_signer *signer, callbot_str request_id) {
    callbot_order orders[3];
    callbot_batch *batch = new_batch(NULL);
    callbot_request *request;
    orders[0] = plain_order("a", "8613800000001");
    orders[1] = plain_order("quote \" and backslash \\", "8613800000001");
    orders[2] = plain_order("c", "8613800000003");
    CHECK_OK(callbot_batch_add_all(batch, orders, 3, CALLBOT_POLICY_REFUSE_ALL, NULL));
    CHECK_OK(callbot_build_batch(signer, batch, request_id, 1726200000, &request, NULL));
    callbot_batch_free(batch);
    return request;
}

#endif
