/* A journal for worker.c. A line that was written is the operating system's: it outlives the
 * program, but not the machine. Where that may fail too, call fdatasync after each write. */

#define _POSIX_C_SOURCE 200809L

#include "worker_journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- Writing --- */

struct line {
    char *data;
    size_t len;
};

static void add(struct line *line, const char *data, size_t len) {
    if (len > 0) memcpy(line->data + line->len, data, len);
    line->len += len;
}

static void add_field(struct line *line, callbot_str field) {
    if (line->len > 0) add(line, "\t", 1);
    add(line, field.data, field.len);
}

/* Writes a line and frees it. After a failure the file may end in the middle of a line, so that
 * nothing more is written to it. */
static bool append_line(struct journal *journal, struct line *line) {
    add(line, "\n", 1);
    pthread_mutex_lock(&journal->lock);
    bool ok = journal->file >= 0 && write(journal->file, line->data, line->len) == (ssize_t)line->len;
    if (!ok && journal->file >= 0) {
        perror("the journal");
        close(journal->file);
        journal->file = -1;
    }
    pthread_mutex_unlock(&journal->lock);
    free(line->data);
    return ok;
}

bool journal_sent(void *context, const callbot_sent *sent, struct contact *const *contacts, size_t count) {
    size_t size = 32 + sent->endpoint.len + sent->request_id.len + sent->uuid.len;
    for (size_t i = 0; i < count; i++) size += 1 + contacts[i]->order_id.len;
    struct line line = {malloc(size), 0};
    if (line.data == NULL) return false;
    add_field(&line, CALLBOT_STR("sent"));
    add_field(&line, sent->endpoint);
    add_field(&line, sent->request_id);
    add_field(&line, sent->uuid);
    add_field(&line, sent->algorithm == CALLBOT_ALGORITHM_MD5 ? CALLBOT_STR("MD5") : CALLBOT_STR("SHA256"));
    for (size_t i = 0; i < count; i++) add_field(&line, contacts[i]->order_id);
    return append_line(context, &line);
}

/* Without the line, the next run takes the contacts for unknown: that is slower, but right. */
void journal_answered(void *context, callbot_str request_id, struct contact *const *contacts, size_t count) {
    static const char *const names[] = {"again", "accepted", "refused ", "unknown "};
    struct line line = {malloc(32 + request_id.len + count * (16 + sizeof contacts[0]->reason)), 0};
    if (line.data == NULL) return;
    add_field(&line, CALLBOT_STR("answered"));
    add_field(&line, request_id);
    for (size_t i = 0; i < count; i++) {
        enum contact_state state = contacts[i]->state;
        add_field(&line, (callbot_str){names[state], strlen(names[state])});
        if (state == CONTACT_REFUSED || state == CONTACT_UNKNOWN) {
            add(&line, contacts[i]->reason, strlen(contacts[i]->reason));
        }
    }
    append_line(context, &line);
}

bool journal_task(struct journal *journal) {
    struct line line = {malloc(8), 0};
    if (line.data == NULL) return false;
    add_field(&line, CALLBOT_STR("task"));
    return append_line(journal, &line);
}

/* --- Reading --- */

/* A request without an answer up to now: its line after "sent". */
struct pending {
    char *line;
    struct pending *next;
};

/* Cuts the first field off. Its data is NULL if there is none. */
static callbot_str take_field(const char **rest) {
    callbot_str field = {*rest, *rest != NULL ? strcspn(*rest, "\t") : 0};
    if (*rest != NULL) *rest = (*rest)[field.len] == '\t' ? *rest + field.len + 1 : NULL;
    return field;
}

static bool equal(callbot_str a, callbot_str b) {
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static void read_result(struct contact *contact, callbot_str result) {
    size_t word = 0;
    while (word < result.len && result.data[word] != ' ') word++;
    callbot_str name = {result.data, word};
    contact->state = equal(name, CALLBOT_STR("again"))      ? CONTACT_AGAIN
                     : equal(name, CALLBOT_STR("accepted")) ? CONTACT_ACCEPTED
                     : equal(name, CALLBOT_STR("refused"))  ? CONTACT_REFUSED
                                                            : CONTACT_UNKNOWN;
    int len = word < result.len ? (int)(result.len - word - 1) : 0;
    snprintf(contact->reason, sizeof contact->reason, "%.*s", len, len > 0 ? result.data + word + 1 : "");
}

/* Goes through the orders of a request. Each gets its result or, if there are none, is unknown. */
static void read_orders(const char *sent, const char *results, find_contact *find, void *context) {
    for (int i = 0; i < 4; i++) take_field(&sent); /* the endpoint, and what the answer must match */
    while (sent != NULL) {
        struct contact *contact = find(context, take_field(&sent));
        callbot_str result = results != NULL ? take_field(&results) : CALLBOT_STR("unknown interrupted");
        if (contact != NULL && result.data != NULL) read_result(contact, result);
    }
}

static bool read_line(struct journal *journal, const char *line, struct pending **pending, find_contact *find,
                      void *context) {
    callbot_str kind = take_field(&line);
    if (equal(kind, CALLBOT_STR("task"))) journal->has_task = true;
    if (equal(kind, CALLBOT_STR("sent")) && line != NULL) {
        struct pending *added = malloc(sizeof *added);
        if (added == NULL || (added->line = strdup(line)) == NULL) {
            free(added);
            return false;
        }
        added->next = *pending;
        *pending = added;
        read_orders(line, NULL, find, context);
    }
    if (equal(kind, CALLBOT_STR("answered"))) {
        callbot_str request_id = take_field(&line);
        for (struct pending **at = pending; *at != NULL; at = &(*at)->next) {
            const char *rest = (*at)->line;
            take_field(&rest);
            if (!equal(take_field(&rest), request_id)) continue;
            struct pending *found = *at;
            if (line != NULL) read_orders(found->line, line, find, context);
            *at = found->next;
            free(found->line);
            free(found);
            break;
        }
    }
    return true;
}

bool journal_open(struct journal *journal, const char *path, find_contact *find, void *context) {
    struct pending *pending = NULL;
    char *line = NULL;
    size_t capacity = 0;
    off_t whole = 0;
    ssize_t len;
    bool ok = true;
    journal->has_task = false;
    journal->file = open(path, O_RDWR | O_CREAT | O_APPEND, 0600);
    FILE *file = fopen(path, "r");
    while (ok && file != NULL && (len = getline(&line, &capacity, file)) > 0 && line[len - 1] == '\n') {
        line[len - 1] = '\0';
        whole += len;
        ok = read_line(journal, line, &pending, find, context);
    }
    ok = ok && journal->file >= 0 && file != NULL && ferror(file) == 0 &&
         ftruncate(journal->file, whole) == 0; /* a last line without its end was never written */
    while (pending != NULL) {
        struct pending *next = pending->next;
        free(pending->line);
        free(pending);
        pending = next;
    }
    free(line);
    if (file != NULL) fclose(file);
    if (!ok) perror("the journal");
    return ok;
}

void journal_close(struct journal *journal) {
    if (journal->file >= 0) close(journal->file);
}
