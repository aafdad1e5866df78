/* Leaks a batch. The sanitizer and valgrind must report it; without them the program succeeds. */
#include "../check.h"

int main(void) {
    return callbot_batch_len(new_batch(NULL)) == 0 ? 0 : 1;
}
