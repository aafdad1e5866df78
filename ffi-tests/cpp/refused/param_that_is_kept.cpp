// Refused: deleted
#include <callbot.hpp>

int main() {
    const std::string amount = std::to_string(120);
#ifdef RIGHT
    const callbot::Param param = {"amount", amount};
#else
    // Only the call of Batch::add may take a temporary string.
    const callbot::Param param = {"amount", std::to_string(120)};
#endif
    return static_cast<int>(std::string_view(param.value).size());
}
