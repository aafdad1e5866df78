/* A plug-in with a library of its own inside. It exports this function only. */
#include "callbot.h"

void callbot_test_plant_panic(void);
int plugin_panic(void);

/* Returns the status of a call that panics inside, and then of one that does not. */
int plugin_panic(void) {
    callbot_status panicked;
    callbot_test_plant_panic();
    panicked = callbot_phone_check(CALLBOT_STR("8613800000001"), NULL);
    return panicked == CALLBOT_PANIC ? (int)callbot_phone_check(CALLBOT_STR("8613800000001"), NULL) : -1;
}
