/* What a process may do around the shared library: load and unload it again and again, fork, and call it
 * on a thread with a small stack. The library's path is the argument. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "callbot.h"

#define ROUNDS 1000
#define CHILDREN 100
#define LEVELS 2000
#define STACK (48 * 1024)

#define CHECK(condition)                                                          \
    do {                                                                          \
        if (!(condition)) {                                                       \
            fprintf(stderr, "process.c:%d: failed: %s\n", __LINE__, #condition); \
            exit(1);                                                              \
        }                                                                         \
    } while (0)

static void *library;

/* The functions are looked up for each call, since the library may lie elsewhere after it was loaded
 * again. */
#define CALL(function) (*(__typeof__(function) *)lookup(#function))

static void *lookup(const char *name) {
    void *function = dlsym(library, name);
    CHECK(function != NULL);
    return function;
}

static callbot_str text(const char *string) {
    callbot_str found = {string, strlen(string)};
    return found;
}

/* Makes a request with a new random ID of some JSON. Returns the status. */
static callbot_status sign(callbot_str json) {
    callbot_signer *signer = NULL;
    callbot_request *request = NULL;
    callbot_status status;
    CHECK(CALL(callbot_signer_new)(text("Vh71ym3y"), text("u7Mf3zUN"), CALLBOT_ALGORITHM_MD5, &signer, NULL) ==
          CALLBOT_OK);
    status = CALL(callbot_request_from_json)(signer, text("updateTask"), json, text(""), 0, &request, NULL);
    CALL(callbot_request_free)(request);
    CALL(callbot_signer_free)(signer);
    return status;
}

static void *deep(void *unused) {
    static char json[2 * LEVELS + 64];
    char *end = json + sprintf(json, "{\"userTaskID\":\"t\",\"open\":");
    memset(end, '[', LEVELS);
    memset(end + LEVELS, ']', LEVELS);
    strcpy(end + 2 * LEVELS, "}");
    CHECK(sign(text(json)) == CALLBOT_OK);
    return unused;
}

int main(int argc, char **argv) {
    pthread_attr_t small;
    pthread_t thread;
    int i, status;

    CHECK(argc == 2);
    for (i = 0; i < ROUNDS; i++) {
        library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        CHECK(library != NULL);
        CHECK(sign(text("{\"userTaskID\":\"t\"}")) == CALLBOT_OK);
        CHECK(dlclose(library) == 0);
    }
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);

    CHECK(pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, STACK) == 0);
    CHECK(pthread_create(&thread, &small, deep, NULL) == 0 && pthread_join(thread, NULL) == 0);

    for (i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            deep(NULL);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    return 0;
}
