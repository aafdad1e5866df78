/* Overflows an int. The sanitizer must report it. */
#include <limits.h>

#include "../check.h"

int main(void) {
    volatile int large = INT_MAX;
    volatile int sum = large + (int)callbot_abi_version();
    printf("%d\n", sum);
    return 0;
}
