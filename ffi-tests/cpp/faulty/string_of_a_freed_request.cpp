// Caught by: AddressSanitizer: heap-use-after-free
#include <callbot.hpp>
#include <cstdio>

int main() {
    const callbot::Signer signer("uuid", "secret", callbot::Algorithm::md5);
    std::string_view value;
    {
        callbot::Batch batch({"t", "https://example.com/", "https://example.com/"});
        callbot::Order order;
        order.order_id = "a";
        order.user_phone = "8613800000001";
        batch.add(order);
        const callbot::Request request = batch.sign(signer);
        value = request.body();
    }
    std::printf("%c\n", value[0]);
}
