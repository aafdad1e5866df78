/* Loses a batch. The sanitizer and valgrind have to say so; without them nothing is to be seen. */
#include "../check.h"

int main(void) {
    return callbot_batch_len(new_batch(NULL)) == 0 ? 0 : 1;
}
