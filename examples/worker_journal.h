/* A journal for worker.c, so that a program that was killed is followed by one that sends nothing
 * twice. Its format is in exchange/README.md. */

#ifndef WORKER_JOURNAL_H
#define WORKER_JOURNAL_H

#include "worker.h"

struct journal {
    pthread_mutex_t lock;
    int file;      /* -1 after a failure */
    bool has_task; /* the task was created before */
};

/* Finds a contact by its order ID; NULL for one that is not known. */
typedef struct contact *find_contact(void *context, callbot_str order_id);

#define JOURNAL_INIT {PTHREAD_MUTEX_INITIALIZER, -1, false}

/* Opens the journal, or makes one, and sets the states of its contacts: AGAIN for those that may be
 * sent, and UNKNOWN for those that were sent and had no answer. */
bool journal_open(struct journal *journal, const char *path, find_contact *find, void *context);
bool journal_task(struct journal *journal);
void journal_close(struct journal *journal);

/* For struct worker, with the journal as the context. */
bool journal_sent(void *journal, const callbot_sent *sent, struct contact *const *contacts, size_t count);
void journal_answered(void *journal, callbot_str request_id, struct contact *const *contacts, size_t count);

#endif
