/*
 * Calls a list of contacts with the worker of worker.c: creates the task, sends the contacts,
 * starts the task, and looks up those whose answer was lost.
 *
 *     cargo build --release -p callbot
 *     cc -std=c99 -Iinclude examples/worker*.c target/release/libcallbot.a \
 *         -lcurl -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o worker
 *     ./worker https://nxbot.nxcloud.com TASK CONTACTS JOURNAL
 *
 * exchange/README.md has the variables, the files and the output, and a provider to try it with.
 */

#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "worker.h"
#include "worker_journal.h"

enum { TRIES = 5, MAX_THREADS = 64, MAX_TASK = 100 };

/* The contacts of a file, whose text they borrow. */
struct list {
    char *text;
    struct contact *contacts;
    struct contact **by_id; /* the first of each order ID, sorted */
    size_t count, unique;
};

static callbot_str str(const char *string) {
    callbot_str borrowed = {string, strlen(string)};
    return borrowed;
}

static const char *variable(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : otherwise;
}

static long number(const char *name, const char *otherwise) {
    return strtol(variable(name, otherwise), NULL, 10);
}

/* --- Contacts --- */

static int compare_ids(callbot_str a, callbot_str b) {
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.data, b.data, len) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* By ID, and of the same ID the first in the file first. */
static int compare_contacts(const void *a, const void *b) {
    const struct contact *one = *(struct contact *const *)a, *other = *(struct contact *const *)b;
    int order = compare_ids(one->order_id, other->order_id);
    return order != 0 ? order : (one > other) - (one < other);
}

static struct contact *find(void *context, callbot_str order_id) {
    const struct list *list = context;
    size_t begin = 0, end = list->unique;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        int order = compare_ids(order_id, list->by_id[middle]->order_id);
        if (order == 0) return list->by_id[middle];
        *(order < 0 ? &end : &begin) = order < 0 ? middle : middle + 1;
    }
    return NULL;
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long size;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0 &&
        (text = malloc((size_t)size + 1)) != NULL) {
        text[fread(text, 1, (size_t)size, file)] = '\0';
    }
    if (file != NULL) fclose(file);
    return text;
}

/* Reads lines of "orderID,phone". A contact whose ID came before or has a tab is refused. */
static bool read_contacts(struct list *list, const char *path) {
    size_t lines = 1;
    if ((list->text = read_file(path)) == NULL) return false;
    for (const char *at = list->text; *at != '\0'; at++) lines += *at == '\n';
    list->contacts = calloc(lines, sizeof *list->contacts);
    list->by_id = calloc(lines, sizeof *list->by_id);
    if (list->contacts == NULL || list->by_id == NULL) return false;
    for (const char *line = list->text; *line != '\0';) {
        size_t len = strcspn(line, "\n"), id = 0;
        while (id < len && line[id] != ',') id++;
        if (len > 0) {
            struct contact *contact = list->by_id[list->count] = &list->contacts[list->count];
            contact->order_id = (callbot_str){line, id};
            contact->phone = (callbot_str){line + id + 1, id < len ? len - id - 1 : 0};
            strcpy(contact->reason, "not_sent");
            list->count++;
        }
        line += len + (line[len] == '\n');
    }
    qsort(list->by_id, list->count, sizeof *list->by_id, compare_contacts);
    for (size_t i = 0; i < list->count; i++) {
        struct contact *contact = list->by_id[i];
        bool tab = contact->order_id.len > 0 && memchr(contact->order_id.data, '\t', contact->order_id.len) != NULL;
        bool again = list->unique > 0 && compare_ids(contact->order_id, list->by_id[list->unique - 1]->order_id) == 0;
        if (tab || again) {
            contact->state = CONTACT_REFUSED;
            strcpy(contact->reason, again ? "duplicate_order_id" : "tab"); /* the journal has tabs between IDs */
        }
        if (!again) list->by_id[list->unique++] = contact;
    }
    return true;
}

/* --- The task --- */

static bool is_listed(const callbot_content *content, callbot_str task) {
    char pointer[64];
    callbot_str id;
    size_t listed = 0;
    callbot_content_length(content, CALLBOT_STR("/taskData"), &listed);
    for (size_t i = 0; i < listed; i++) {
        snprintf(pointer, sizeof pointer, "/taskData/%zu/userTaskID", i);
        if (callbot_content_string(content, str(pointer), &id) == CALLBOT_OK && compare_ids(id, task) == 0) return true;
    }
    return false;
}

static void wait_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Sends a request with the task's ID, a JSON string, in place of %s. */
static callbot_content *call(struct worker *worker, const char *endpoint, const char *format, int tries) {
    char id[6 * MAX_TASK + 3], json[1024];
    id[worker_json_string(id, worker->task)] = '\0';
    const char *at = strstr(format, "%s");
    int len = snprintf(json, sizeof json, "%.*s%s%s", (int)(at - format), format, id, at + 2);
    return worker_call(worker, endpoint, (callbot_str){json, (size_t)len}, tries);
}

/* Creates the task. If the answer is lost, or says that it cannot be created, it may be there. */
static bool create_task(struct worker *worker, long wait) {
    bool exists = false;
    for (int try = 0; try < TRIES && !exists; try++) {
        worker_pause(worker, try);
        callbot_content *content = call(worker, "createTask", "{\"userTaskID\":%s,\"sceneID\":\"scene-1\"}", 1);
        exists = content != NULL;
        callbot_content_free(content);
        if (exists) break;
        wait_ms(wait);
        content = call(worker, "listTask", "{\"page\":1,\"size\":100,\"queryConditions\":{\"userTaskID\":[%s]}}", TRIES);
        exists = content != NULL && is_listed(content, worker->task);
        callbot_content_free(content);
    }
    return exists;
}

/* --- The run --- */

static void run(struct worker *worker, struct list *list, struct journal *journal) {
    const long wait = number("EXCHANGE_WAIT_MS", "3000"), wanted = number("EXCHANGE_THREADS", "1");
    pthread_t threads[MAX_THREADS];
    int started = 0;
    bool has_task = journal->has_task || (create_task(worker, wait) && journal_task(journal));
    for (size_t i = 0; i < list->count; i++) {
        struct contact *contact = &list->contacts[i];
        if (contact->state == CONTACT_UNKNOWN) queue_put(&worker->unknown, contact);
        if (contact->state == CONTACT_AGAIN && has_task) queue_put(&worker->todo, contact);
        if (contact->state == CONTACT_AGAIN && !has_task) strcpy(contact->reason, "task");
    }
    queue_close(&worker->todo);
    while (started < wanted && started < MAX_THREADS &&
           pthread_create(&threads[started], NULL, worker_run, worker) == 0) {
        started++;
    }
    while (started > 0) pthread_join(threads[--started], NULL);
    if (has_task) {
        callbot_content_free(call(worker, "mgrTaskStatus", "{\"userTaskID\":%s,\"taskOperate\":1}", TRIES));
    }
    if (worker->unknown.first != NULL) {
        wait_ms(wait);
        worker_look_up(worker);
    }
}

static void print(const struct list *list) {
    for (size_t i = 0; i < list->count; i++) {
        const struct contact *contact = &list->contacts[i];
        const char *state = contact->state == CONTACT_ACCEPTED ? "accepted" : contact->state == CONTACT_UNKNOWN
                                                                     ? "unknown "
                                                                     : "refused ";
        printf("%.*s %s%s\n", (int)contact->order_id.len, contact->order_id.data, state, contact->reason);
    }
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: worker BASE_URL TASK CONTACTS JOURNAL\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN); /* CURLOPT_NOSIGNAL leaves it to the program */
    const char *base = variable("EXCHANGE_CALLBACK_URL", "http://127.0.0.1:9/callbot");
    const bool sha = strcmp(variable("CALLBOT_ALGORITHM", "MD5"), "SHA256") == 0;
    char order_url[512], call_url[512];
    struct list list = {0};
    struct journal journal = JOURNAL_INIT;
    callbot_signer *signer = NULL;
    callbot_verifier *verifier = NULL;
    callbot_error *error = NULL;
    snprintf(order_url, sizeof order_url, "%s/order", base);
    snprintf(call_url, sizeof call_url, "%s/call", base);
    bool ok = strlen(argv[2]) <= MAX_TASK && number("EXCHANGE_MAX_ORDERS", "100") > 0 &&
              curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK &&
              callbot_signer_new(str(variable("CALLBOT_UUID", "")), str(variable("CALLBOT_SECRET_KEY", "")),
                                 sha ? CALLBOT_ALGORITHM_SHA256 : CALLBOT_ALGORITHM_MD5, &signer,
                                 &error) == CALLBOT_OK &&
              callbot_verifier_new(signer, &verifier, &error) == CALLBOT_OK && read_contacts(&list, argv[3]) &&
              journal_open(&journal, argv[4], find, &list);
    if (ok) {
        struct worker worker = {.signer = signer,
                                .verifier = verifier,
                                .base_url = str(argv[1]),
                                .task = str(argv[2]),
                                .order_callback_url = str(order_url),
                                .call_callback_url = str(call_url),
                                .max_orders = (size_t)number("EXCHANGE_MAX_ORDERS", "100"),
                                .timeout_ms = number("EXCHANGE_TIMEOUT_MS", "2000"),
                                .backoff_ms = number("EXCHANGE_BACKOFF_MS", "100"),
                                .sent = journal_sent,
                                .answered = journal_answered,
                                .context = &journal,
                                .todo = QUEUE_INIT,
                                .done = QUEUE_INIT,
                                .unknown = QUEUE_INIT};
        run(&worker, &list, &journal);
        print(&list);
    } else {
        callbot_str why = error != NULL ? callbot_error_message(error) : str("a file or an argument is not right");
        fprintf(stderr, "%.*s\n", (int)why.len, why.data);
    }
    callbot_error_free(error);
    journal_close(&journal);
    callbot_verifier_free(verifier);
    callbot_signer_free(signer);
    free(list.by_id);
    free(list.contacts);
    free(list.text);
    curl_global_cleanup();
    return ok && fflush(stdout) == 0 ? 0 : 1;
}
