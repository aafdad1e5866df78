// Refused: deleted
#include <callbot.hpp>

int main() {
    const callbot::Verified verified;
#ifdef RIGHT
    const callbot::Content content = verified.call_callback();
    const auto id = content.string("/orderID");
#else
    const auto id = verified.call_callback().string("/orderID");
#endif
    return id ? 1 : 0;
}
