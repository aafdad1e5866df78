// Refused: deleted
#include <callbot.hpp>

int main() {
    callbot::Order order;
#ifdef RIGHT
    const callbot::Param params[] = {{"amount", "120.50"}};
    order.params = params;
#else
    // The list is destroyed at the end of this line.
    order.params = {{"amount", "120.50"}};
#endif
    return static_cast<int>(order.params.size());
}
