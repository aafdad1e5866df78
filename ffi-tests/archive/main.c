/* A program with two libraries in Rust and a plug-in: a panic in each stays where it is.
 *
 * Links with a library that was built with the feature plant-panic. The plug-in's path is the
 * argument.
 */
#include <dlfcn.h>
#include <stdio.h>

#include "callbot.h"

void callbot_test_plant_panic(void);
int other_panic(void);

#define CHECK(condition)                                             \
    do {                                                             \
        if (!(condition)) {                                          \
            fprintf(stderr, "%d: failed: %s\n", __LINE__, #condition); \
            return 1;                                                \
        }                                                            \
    } while (0)

int main(int argc, char **argv) {
    void *plugin;
    union {
        void *object;
        int (*function)(void);
    } plugin_panic;

    CHECK(argc == 2);
    plugin = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
    CHECK(plugin != NULL);
    plugin_panic.object = dlsym(plugin, "plugin_panic");
    CHECK(plugin_panic.object != NULL);

    CHECK(other_panic() == 7);
    callbot_test_plant_panic();
    /* The panic was planted in the program's own library, so the plug-in's is not the same. */
    CHECK(plugin_panic.function() == CALLBOT_OK);
    CHECK(callbot_phone_check(CALLBOT_STR("8613800000001"), NULL) == CALLBOT_PANIC);
    CHECK(callbot_phone_check(CALLBOT_STR("8613800000001"), NULL) == CALLBOT_OK);
    CHECK(other_panic() == 7);
    CHECK(dlclose(plugin) == 0);
    return 0;
}
