/* Adds more to an int than it can hold. The sanitizer has to say so. */
#include <limits.h>

#include "../check.h"

int main(void) {
    volatile int large = INT_MAX;
    volatile int sum = large + (int)callbot_abi_version();
    printf("%d\n", sum);
    return 0;
}
