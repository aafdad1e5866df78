// Eight threads share a signer, a batch, a request, a verifier, a verified message and its content,
// and pass errors from one thread to another.
#include <array>
#include <thread>
#include <vector>

#include "check.hpp"

static constexpr std::size_t threads = 8;
static constexpr int rounds = 500;

int main() {
    const callbot::Signer signer = sample::signer();
    const callbot::Batch batch = callbot::Batch::from_json(sample::json);
    const callbot::Request request = batch.sign(signer, "r-1", sample::time);
    const std::vector<callbot::Header> expected = request.headers();
    const std::string masked = signer.signed_string("r-1", sample::time, "{}");
    const std::string_view answer =
        R"({"retCode":0,"retMsg":null,"responseID":"x","totalCount":2,"successCount":2})";
    const auto received = callbot::testing::sign_response(signer, request, answer, sample::time);
    const callbot::Verifier verifier(signer);
    const callbot::Verified verified = verifier.verify_response(request, received, answer, sample::time);
    const callbot::Content content = verified.response();
    std::array<std::string, threads> bodies;
    std::array<std::string, threads> signatures;
    for (std::size_t i = 0; i < threads; ++i) {
        bodies[i] = "{\"thread\":" + std::to_string(i) + "}";
        signatures[i] = signer.sign("r-1", sample::time, bodies[i]);
        CHECK(i == 0 || signatures[i] != signatures[i - 1]);
    }

    const auto same_headers = [&](const callbot::Request& other) {
        const std::vector<callbot::Header> found = other.headers();
        CHECK_EQUAL(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK_EQUAL(found[i].name, expected[i].name);
            CHECK_EQUAL(found[i].value, expected[i].value);
        }
    };

    const callbot::Error shared = THROWN(callbot::Batch(callbot::Task()));
    std::atomic<std::size_t> ready{0};
    std::array<std::exception_ptr, threads> thrown;
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < threads; ++i) {
        running.emplace_back([&, i] {
            // All at once.
            ++ready;
            while (ready < threads) {
                std::this_thread::yield();
            }
            for (int round = 0; round < rounds; ++round) {
                CHECK_EQUAL(signer.sign("r-1", sample::time, bodies[i]), signatures[i]);
                CHECK_EQUAL(signer.signed_string("r-1", sample::time, "{}"), masked);
                const callbot::Request built = batch.sign(signer, "r-1", sample::time);
                same_headers(built);
                CHECK_EQUAL(built.body(), sample::json);
                same_headers(request.sign_again(signer, "r-1", sample::time));
                CHECK_EQUAL(request.body(), sample::json);
                const callbot::Verified own = verifier.verify_response(request, received, answer, sample::time);
                CHECK_EQUAL(own.body(), answer);
                CHECK_EQUAL(THROWN(verifier.verify_callback(received, bodies[i], sample::time)).status(),
                            CALLBOT_SIGNATURE_MISMATCH);
                CHECK_EQUAL(verified.result().response_id, std::string_view("x"));
                const callbot::Content again = verified.response();
                for (const callbot::Content* each : {&content, &again}) {
                    CHECK_EQUAL(each->integer("/successCount").value(), 2);
                    CHECK_EQUAL(each->deviations().at(0), std::string_view("/retMsg: expected a string, found null"));
                    CHECK(each->outcome(request.body()).kind() == callbot::OutcomeKind::accepted);
                }
                CHECK(callbot::testing::sign_response(signer, request, answer, sample::time) == received);
                const callbot::Error copy = shared;
                CHECK_EQUAL(copy.violations().size(), shared.violations().size());
            }
            try {
                (void)signer.sign("", sample::time, bodies[i]);
            } catch (...) {
                thrown[i] = std::current_exception();
            }
        });
    }
    for (std::thread& thread : running) {
        thread.join();
    }
    for (const std::exception_ptr& error : thrown) {
        CHECK(error != nullptr);
        CHECK_THROWS(std::rethrow_exception(error), CALLBOT_REQUEST_ID, "request_id_empty");
    }
    return check::finish();
}
