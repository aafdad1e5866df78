// Caught by: LeakSanitizer: detected memory leaks
#include <callbot.hpp>
#include <new>

int main() {
    // Constructed in place and never destroyed.
    for (int i = 0; i < 100; ++i) {
        alignas(callbot::Signer) unsigned char place[sizeof(callbot::Signer)];
        new (place) callbot::Signer("uuid", "secret", callbot::Algorithm::md5);
    }
}
