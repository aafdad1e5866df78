/* Finds out what became of contacts whose answer was lost, for worker.c. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker.h"

enum { TRIES = 5, MAX_DETAILS = 500 };

callbot_content *worker_call(struct worker *worker, const char *endpoint, callbot_str json, int tries) {
    const callbot_str name = {endpoint, strlen(endpoint)};
    struct sender sender;
    callbot_content *content = NULL;
    bool ok = sender_open(&sender, worker), done = false;
    for (int try = 0; ok && !done && try < tries; try++) {
        callbot_request *request = NULL;
        callbot_error *error = NULL;
        int64_t code = -1;
        worker_pause(worker, try);
        callbot_content_free(content);
        content = NULL;
        if (callbot_request_from_json_with(worker->signer, worker->rules, name, json, CALLBOT_STR(""), 0, &request,
                                           &error) == CALLBOT_OK) {
            done = sender_ask(&sender, request, &content) == FATE_ANSWERED &&
                   callbot_content_integer(content, CALLBOT_STR("/retCode"), &code) == CALLBOT_OK && code == 0;
        }
        if (!done) {
            callbot_str why = error != NULL ? callbot_error_message(error) : CALLBOT_STR("no success");
            fprintf(stderr, "%s: %.*s\n", endpoint, (int)why.len, why.data);
        }
        callbot_error_free(error);
        callbot_request_free(request);
    }
    if (!done) {
        callbot_content_free(content);
        content = NULL;
    }
    sender_close(&sender);
    return content;
}

size_t worker_json_string(char *out, callbot_str string) {
    size_t len = 0;
    out[len++] = '"';
    for (size_t i = 0; i < string.len; i++) {
        char byte = string.data[i];
        if ((unsigned char)byte < 0x20) {
            len += (size_t)sprintf(out + len, "\\u%04x", (unsigned)byte);
        } else {
            if (byte == '"' || byte == '\\') out[len++] = '\\';
            out[len++] = byte;
        }
    }
    out[len++] = '"';
    return len;
}

/* Writes the request of listOrderDetail, which the caller frees. */
static callbot_str details_json(callbot_str task, struct contact *const *contacts, size_t count) {
    static const char begin[] = "{\"userTaskID\":", middle[] = ",\"orderList\":[";
    size_t size = sizeof begin + sizeof middle + 6 * task.len + 8, len = sizeof begin - 1;
    for (size_t i = 0; i < count; i++) size += 6 * contacts[i]->order_id.len + 3;
    char *json = malloc(size);
    if (json == NULL) return (callbot_str){NULL, 0};
    memcpy(json, begin, len);
    len += worker_json_string(json + len, task);
    memcpy(json + len, middle, sizeof middle - 1);
    len += sizeof middle - 1;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) json[len++] = ',';
        len += worker_json_string(json + len, contacts[i]->order_id);
    }
    memcpy(json + len, "]}", 2);
    return (callbot_str){json, len + 2};
}

static void set(struct contact *contact, enum contact_state state, const char *reason) {
    contact->state = state;
    strcpy(contact->reason, reason);
}

/* Sets the states by an answer of listOrderDetail. One without a list says nothing, and one with an
 * order that cannot be read does not say that others are missing. */
static void settle(const callbot_content *content, struct contact *const *contacts, size_t count) {
    char pointer[64];
    callbot_str id;
    size_t listed;
    bool clear = callbot_content_length(content, CALLBOT_STR("/orderDetailList"), &listed) == CALLBOT_OK;
    for (size_t k = 0; clear && k < listed; k++) {
        int len = sprintf(pointer, "/orderDetailList/%zu/orderID", k);
        clear = callbot_content_string(content, (callbot_str){pointer, (size_t)len}, &id) == CALLBOT_OK;
        for (size_t i = 0; clear && i < count; i++) {
            callbot_str own = contacts[i]->order_id;
            if (id.len == own.len && memcmp(id.data, own.data, id.len) == 0) set(contacts[i], CONTACT_ACCEPTED, "");
        }
    }
    for (size_t i = 0; clear && i < count; i++) {
        if (contacts[i]->state == CONTACT_UNKNOWN) set(contacts[i], CONTACT_REFUSED, "not_received");
    }
}

void worker_look_up(struct worker *worker) {
    struct contact *contacts[MAX_DETAILS];
    size_t count;
    do {
        for (count = 0; count < MAX_DETAILS; count++) {
            if ((contacts[count] = queue_take(&worker->unknown, false)) == NULL) break;
        }
        if (count == 0) return;
        callbot_str json = details_json(worker->task, contacts, count);
        callbot_content *content = json.data != NULL ? worker_call(worker, "listOrderDetail", json, TRIES) : NULL;
        if (content != NULL) settle(content, contacts, count);
        callbot_content_free(content);
        free((char *)json.data);
        for (size_t i = 0; i < count; i++) queue_put(&worker->done, contacts[i]);
    } while (count == MAX_DETAILS);
}
