// Caught by: runtime error: signed integer overflow
#include <callbot.hpp>
#include <cstdio>
#include <limits>

int main(int count, char**) {
    std::printf("%d\n", std::numeric_limits<int>::max() + count);
    return callbot::version().empty() ? 1 : 0;
}
