// A program that was compiled for another binary interface gets an error.
#include <callbot.h>

#undef CALLBOT_ABI_VERSION
#define CALLBOT_ABI_VERSION 4711

#include "check.hpp"

int main() {
    CHECK_THROWS(callbot::check_abi(), CALLBOT_OTHER, "abi_version");
    const callbot::Error error = THROWN(callbot::check_abi());
    CHECK(std::string_view(error.what()).find("4711") != std::string_view::npos);
    return check::finish();
}
