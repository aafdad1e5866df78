/* What worker.c, worker_queue.c and worker_look_up.c offer. They have no variables of their own. */

#ifndef WORKER_H
#define WORKER_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "callbot.h"

enum contact_state {
    CONTACT_AGAIN,    /* not sent, or nothing of it was taken: it may be sent */
    CONTACT_ACCEPTED, /* the provider has it */
    CONTACT_REFUSED,  /* by the library or the provider: nobody is called */
    CONTACT_UNKNOWN   /* the provider may have it, so it must not be sent again */
};

/* Whom to call. The caller owns it and its strings, and leaves it alone while it is in a queue. */
struct contact {
    callbot_str order_id, phone;
    enum contact_state state;
    char reason[48];      /* a word, such as "phone_plus": never a phone */
    struct contact *next; /* in the queue */
};

/* --- worker_queue.c: a queue between threads. FreeSWITCH and others have their own. --- */

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct contact *first, *last;
    bool closed;
};

#define QUEUE_INIT {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, NULL, false}

/* Puts a contact at the end. Allocates nothing, so that it cannot fail. */
void queue_put(struct queue *queue, struct contact *contact);
/* Takes the first contact, and waits for one if wait is set. NULL if there is none; with wait, only
 * after the queue was closed. */
struct contact *queue_take(struct queue *queue, bool wait);
void queue_close(struct queue *queue);

/* --- worker.c --- */

/* A worker, for all its threads. Set it before the first one starts. */
struct worker {
    const callbot_signer *signer;
    const callbot_verifier *verifier;
    const callbot_rules *rules; /* or NULL */
    callbot_str base_url, task, order_callback_url, call_callback_url;
    size_t max_orders; /* in a batch */
    long timeout_ms;   /* for a request */
    long backoff_ms;   /* before the second try; it doubles with each further one */

    /* Called before orders are sent, which they are only if it returns true, and when their states
     * are known. Several threads call them at once. NULL if they are not needed. */
    bool (*sent)(void *context, const callbot_sent *sent, struct contact *const *contacts, size_t count);
    void (*answered)(void *context, callbot_str request_id, struct contact *const *contacts, size_t count);
    void *context;

    struct queue todo, done, unknown; /* QUEUE_INIT */
};

/* A thread: sends the contacts of todo until it is closed and empty, and puts each into done or
 * unknown. Returns NULL. If it cannot start, it says so and takes none. */
void *worker_run(void *worker);

/* Waits before a further try, the first of which is 1. */
void worker_pause(const struct worker *worker, int try);

/* Received bytes. Their memory is used again. */
struct buffer {
    char *data;
    size_t len, capacity, max;
};

/* What a thread needs to send. sender_close frees all of it. */
struct sender {
    struct worker *worker;
    CURL *curl;
    callbot_batch *batch;
    struct contact **contacts; /* those in the batch, in its order */
    struct buffer head, body;  /* of the response */
    callbot_str upload;        /* what is still to be sent */
};

enum fate { FATE_NOT_SENT, FATE_NO_ANSWER, FATE_NOT_VERIFIED, FATE_ANSWERED };

bool sender_open(struct sender *sender, struct worker *worker);
/* Sends a request. Only with FATE_ANSWERED, *content is set: the answer, which is genuine. */
enum fate sender_ask(struct sender *sender, const callbot_request *request, callbot_content **content);
void sender_close(struct sender *sender);

/* --- worker_look_up.c --- */

/* Sends a request of any endpoint as JSON until a genuine answer says that it succeeded, which the
 * caller frees. NULL if none does in so many tries. Not for orders. */
callbot_content *worker_call(struct worker *worker, const char *endpoint, callbot_str json, int tries);

/* Writes a JSON string, without a NUL, and returns its length: at most six bytes for each of the
 * string, and two. */
size_t worker_json_string(char *out, callbot_str string);

/* Asks the provider for the unknown contacts, and puts all of them into done. Those that it has are
 * accepted; those that it does not have are refused as "not_received", and may be sent again. The
 * others stay unknown, since it did not answer. Call it when no request can still be on its way:
 * otherwise contacts that arrive afterwards are taken for lost. */
void worker_look_up(struct worker *worker);

#endif
