/* A worker for a dialler, to be copied: threads take contacts from a queue, send them in batches by
 * libcurl, and put them back with what became of them: each is accepted, refused or unknown.
 *
 * Unknown are those whose answer is lost or cannot be verified. They are not sent again, since that
 * can call people twice; worker_look_up.c asks for them. If memory runs out, contacts wait or are
 * refused. worker_main.c is a program around it, with a journal that outlives it. */

#define _POSIX_C_SOURCE 200809L

#include "worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRIES = 5, MAX_HEAD = 1 << 16, MAX_BODY = 1 << 24 };

static void set(struct contact *const *contacts, size_t count, enum contact_state state, const char *reason) {
    for (size_t i = 0; i < count; i++) {
        contacts[i]->state = state;
        snprintf(contacts[i]->reason, sizeof contacts[i]->reason, "%s", reason);
    }
}

void worker_pause(const struct worker *worker, int try) {
    long ms = try > 0 ? worker->backoff_ms << (try - 1) : 0;
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    if (ms > 0) nanosleep(&time, NULL);
}

/* --- HTTP --- */

/* A response that is too large, or for which there is no memory, ends the transfer. */
static size_t receive(char *data, size_t size, size_t count, void *context) {
    struct buffer *buffer = context;
    size_t len = size * count, capacity = 2 * (buffer->len + len);
    if (len > buffer->max - buffer->len) return 0;
    if (len > buffer->capacity - buffer->len) {
        char *grown = realloc(buffer->data, capacity);
        if (grown == NULL) return 0;
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->data + buffer->len, data, len);
    buffer->len += len;
    return len;
}

static size_t upload(char *data, size_t size, size_t count, void *context) {
    callbot_str *rest = context;
    size_t len = size * count < rest->len ? size * count : rest->len;
    memcpy(data, rest->data, len);
    rest->data += len;
    rest->len -= len;
    return len;
}

bool sender_open(struct sender *sender, struct worker *worker) {
    CURL *curl = curl_easy_init();
    bool ok = curl != NULL;
    *sender = (struct sender){.worker = worker, .curl = curl, .head.max = MAX_HEAD, .body.max = MAX_BODY};
#define SET(option, value) ok = ok && curl_easy_setopt(curl, option, value) == CURLE_OK
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L); /* signed contacts go to no other host */
    SET(CURLOPT_TIMEOUT_MS, worker->timeout_ms);
    SET(CURLOPT_POST, 1L);
    /* If a connection breaks that is used again, libcurl sends the request again by itself, and the
     * provider may take it twice. With a read function and no seek function it cannot start over.
     * Do not set CURLOPT_POSTFIELDS instead. */
    SET(CURLOPT_READFUNCTION, upload);
    SET(CURLOPT_READDATA, &sender->upload);
    SET(CURLOPT_HEADERFUNCTION, receive);
    SET(CURLOPT_HEADERDATA, &sender->head);
    SET(CURLOPT_WRITEFUNCTION, receive);
    SET(CURLOPT_WRITEDATA, &sender->body);
    return ok;
}

void sender_close(struct sender *sender) {
    curl_easy_cleanup(sender->curl);
    callbot_batch_free(sender->batch);
    free(sender->contacts);
    free(sender->head.data);
    free(sender->body.data);
}

static enum fate post(struct sender *sender, const callbot_request *request) {
    CURL *curl = sender->curl;
    callbot_string *url = NULL;
    CURLcode code = CURLE_OK;
    struct curl_slist *longer, *lines = curl_slist_append(NULL, "Expect:"); /* or a large body waits for 100 */
    sender->head.len = sender->body.len = 0;
    sender->upload = callbot_request_body(request);
    bool ok = lines != NULL && callbot_request_url(request, sender->worker->base_url, &url, NULL) == CALLBOT_OK;
    for (size_t i = 0; ok && i < callbot_request_header_count(request); i++) {
        callbot_str line = callbot_request_header_line(request, i); /* NULL if there is no memory */
        ok = line.data != NULL && (longer = curl_slist_append(lines, line.data)) != NULL;
    }
    SET(CURLOPT_URL, callbot_string_get(url).data);
    SET(CURLOPT_HTTPHEADER, lines);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)sender->upload.len);
    if (ok) code = curl_easy_perform(curl);
    curl_slist_free_all(lines);
    callbot_string_free(url);
    if (!ok || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT) return FATE_NOT_SENT;
    return code == CURLE_OK ? FATE_ANSWERED : code == CURLE_WRITE_ERROR ? FATE_NOT_VERIFIED : FATE_NO_ANSWER;
}

enum fate sender_ask(struct sender *sender, const callbot_request *request, callbot_content **content) {
    const callbot_sent sent = callbot_request_sent(request);
    const enum fate fate = post(sender, request);
    callbot_status status = CALLBOT_NO_MEMORY;
    *content = NULL;
    for (int try = 0; fate == FATE_ANSWERED && try < TRIES && status == CALLBOT_NO_MEMORY; try++) {
        callbot_str head = {sender->head.data, sender->head.len}, body = {sender->body.data, sender->body.len};
        callbot_headers *headers = NULL;
        callbot_verified *verified = NULL;
        worker_pause(sender->worker, try);
        status = callbot_headers_parse(head, &headers, NULL);
        if (status == CALLBOT_OK) {
            status = callbot_verify_response(sender->worker->verifier, &sent, callbot_headers_get(headers),
                                             callbot_headers_count(headers), body, 0, &verified, NULL);
        }
        if (status == CALLBOT_OK) status = callbot_content_new(verified, CALLBOT_CONTENT_RESPONSE, content, NULL);
        callbot_verified_free(verified);
        callbot_headers_free(headers);
    }
    return fate == FATE_ANSWERED && status != CALLBOT_OK ? FATE_NOT_VERIFIED : fate;
}

/* --- Batches --- */

/* Adds a contact to the batch. One that the library refuses is done. */
static bool add(struct sender *sender, struct contact *contact) {
    const callbot_order order = {.order_id = contact->order_id, .user_phone = contact->phone};
    callbot_error *error = NULL;
    callbot_status status = CALLBOT_NO_MEMORY;
    for (int try = 0; try < TRIES && status == CALLBOT_NO_MEMORY; try++) {
        worker_pause(sender->worker, try);
        callbot_error_free(error);
        status = callbot_batch_add(sender->batch, &order, &error);
    }
    if (status == CALLBOT_OK) return true;
    bool refused = callbot_error_violation_count(error) > 0; /* the codes have a NUL after them */
    set(&contact, 1, CONTACT_REFUSED, (refused ? callbot_error_violation_code(error, 0) : callbot_error_code(error)).data);
    callbot_error_free(error);
    queue_put(&sender->worker->done, contact);
    return false;
}

/* Sets the states of the contacts by a genuine answer to their request. */
static void settle(const callbot_content *content, callbot_str body, struct contact **contacts, size_t count) {
    callbot_outcome *outcome = NULL;
    callbot_refused refused;
    int64_t code = 0;
    char reason[sizeof contacts[0]->reason];
    callbot_outcome_new(content, body, &outcome, NULL); /* NULL, which is unaccounted, if it fails */
    callbot_content_integer(content, CALLBOT_STR("/retCode"), &code);
    snprintf(reason, sizeof reason, "ret_code_%lld", (long long)code);
    bool again = (code == 4001 && count > 1) || callbot_outcome_retry(outcome) == CALLBOT_RETRY_LATER;
    switch (callbot_outcome_kind(outcome)) {
        case CALLBOT_OUTCOME_REFUSED:
            set(contacts, count, again ? CONTACT_AGAIN : CONTACT_REFUSED, code != 0 ? reason : "provider");
            break;
        case CALLBOT_OUTCOME_UNACCOUNTED:
            set(contacts, count, CONTACT_UNKNOWN, "unaccounted");
            break;
        default:
            set(contacts, count, CONTACT_ACCEPTED, "");
            for (size_t i = 0; callbot_outcome_refused(outcome, i, &refused) == CALLBOT_OK; i++) {
                if (refused.order >= count) continue;
                set(&contacts[refused.order], 1, refused.ambiguous ? CONTACT_UNKNOWN : CONTACT_REFUSED,
                    refused.ambiguous ? "ambiguous" : "provider");
            }
    }
    callbot_outcome_free(outcome);
}

/* Sends the batch once, and sets the states of its contacts. They are all AGAIN or none is. */
static void attempt(struct sender *sender, struct contact **contacts, size_t count) {
    static const char *const reasons[] = {"not_sent", "no_answer", "not_verified"}; /* by fate */
    const struct worker *worker = sender->worker;
    callbot_request *request = NULL;
    callbot_content *content = NULL;
    set(contacts, count, CONTACT_AGAIN, "not_sent");
    if (callbot_build_batch(worker->signer, sender->batch, CALLBOT_STR(""), 0, &request, NULL) != CALLBOT_OK) return;
    const callbot_sent sent = callbot_request_sent(request);
    if (worker->sent == NULL || worker->sent(worker->context, &sent, contacts, count)) {
        enum fate fate = sender_ask(sender, request, &content);
        if (fate == FATE_ANSWERED) settle(content, callbot_request_body(request), contacts, count);
        if (fate == FATE_NO_ANSWER || fate == FATE_NOT_VERIFIED) set(contacts, count, CONTACT_UNKNOWN, reasons[fate]);
        if (worker->answered != NULL) worker->answered(worker->context, sent.request_id, contacts, count);
    }
    callbot_content_free(content);
    callbot_request_free(request);
}

/* Sends the batch until it is decided what becomes of its contacts, and puts them into a queue. */
static void submit(struct sender *sender, struct contact **contacts, size_t count) {
    struct worker *worker = sender->worker;
    bool again = count > 0, too_large = false;
    for (int try = 0; try < TRIES && again && !too_large; try++) {
        worker_pause(worker, try);
        attempt(sender, contacts, count);
        again = contacts[0]->state == CONTACT_AGAIN;
        too_large = again && strcmp(contacts[0]->reason, "ret_code_4001") == 0;
    }
    if (too_large) { /* two halves */
        for (size_t begin = 0, end = count / 2; begin < count; begin = end, end = count) {
            size_t kept = begin;
            callbot_batch_clear(sender->batch);
            for (size_t i = begin; i < end; i++) {
                if (add(sender, contacts[i])) contacts[kept++] = contacts[i];
            }
            submit(sender, contacts + begin, kept - begin);
        }
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (again) contacts[i]->state = CONTACT_REFUSED; /* for the reason of the last try */
        queue_put(contacts[i]->state == CONTACT_UNKNOWN ? &worker->unknown : &worker->done, contacts[i]);
    }
}

void *worker_run(void *argument) {
    struct worker *worker = argument;
    struct sender sender;
    struct contact *contact;
    bool ok = sender_open(&sender, worker) &&
              (sender.contacts = calloc(worker->max_orders, sizeof(struct contact *))) != NULL &&
              callbot_batch_new(worker->rules, worker->task, worker->order_callback_url, worker->call_callback_url,
                                &sender.batch, NULL) == CALLBOT_OK;
    if (!ok) fprintf(stderr, "a thread of the worker has not started\n");
    while (ok && (contact = queue_take(&worker->todo, true)) != NULL) {
        size_t count = 0;
        callbot_batch_clear(sender.batch); /* keeps its memory */
        do {
            if (add(&sender, contact)) sender.contacts[count++] = contact;
        } while (count < worker->max_orders && (contact = queue_take(&worker->todo, false)) != NULL);
        submit(&sender, sender.contacts, count);
    }
    sender_close(&sender);
    return NULL;
}
