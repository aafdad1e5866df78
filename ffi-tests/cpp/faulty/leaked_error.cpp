// Caught by: LeakSanitizer: detected memory leaks
#include <callbot.hpp>

int main() {
    for (int i = 0; i < 100; ++i) {
        callbot_error* error = nullptr;
        callbot_phone_check(callbot_str{"+", 1}, &error);
    }
}
