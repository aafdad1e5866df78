// Refused: deleted
#include <callbot.hpp>

int main() {
    const std::string id = std::to_string(1);
    callbot::Order order;
#ifdef RIGHT
    order.order_id = id;
#else
    // The string is destroyed at the end of this line.
    order.order_id = std::to_string(1);
#endif
    return static_cast<int>(std::string_view(order.order_id).size());
}
