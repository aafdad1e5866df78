// Makes the n-th allocation of each call of callbot.hpp fail, those of the C library and those of
// the header, for every n up to the first call without a failure: once only, and from the n-th on.
// Each call has to end as it does without a failure, or to throw std::bad_alloc. Its objects are
// used again afterwards. torture.c does the same for every function of callbot.h.
#include <new>
#include <optional>

#include "../cpp/check.hpp"
#include "wrapped.h"

// The number of allocations until one fails; negative if none does.
static long until_failure = -1;
static bool fails_from_then_on;
static bool has_failed;

static int fails() {
    if (until_failure != 0) {
        until_failure -= until_failure > 0 ? 1 : 0;
        return 0;
    }
    if (!fails_from_then_on) {
        until_failure = -1;
    }
    has_failed = true;
    return 1;
}

static void* take(std::size_t size) {
    void* taken = std::malloc(size == 0 ? 1 : size);
    if (taken == nullptr) {
        throw std::bad_alloc();
    }
    return taken;
}

void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void operator delete(void* taken) noexcept { std::free(taken); }
void operator delete[](void* taken) noexcept { std::free(taken); }
void operator delete(void* taken, std::size_t) noexcept { std::free(taken); }
void operator delete[](void* taken, std::size_t) noexcept { std::free(taken); }

enum class End { returns, throws, out_of_memory, other_exception };

template <class Function>
static End end_of(Function function) {
    try {
        function();
        return End::returns;
    } catch (const std::bad_alloc&) {
        return End::out_of_memory;
    } catch (const callbot::Error& error) {
        for (const auto& violation : error.violations()) {
            CHECK(!violation.message.empty() && !violation.path.empty());
        }
        return error.status() == CALLBOT_NO_MEMORY ? End::other_exception : End::throws;
    }
}

static unsigned long failures = 0;

// `prepare` comes before each call, and `unchanged` after each one that throws std::bad_alloc.
template <class Function, class Prepare, class Unchanged>
static void torture(const char* name, End wanted, Function function, Prepare prepare, Unchanged unchanged) {
    unsigned long out_of_memory = 0;
    for (int from_then_on = 0; from_then_on < 2; ++from_then_on) {
        for (long n = 0;; ++n) {
            prepare();
            has_failed = false;
            fails_from_then_on = from_then_on != 0;
            until_failure = n;
            const End found = end_of(function);
            until_failure = -1;
            const bool right = found == wanted || (has_failed && found == End::out_of_memory);
            if (found == End::out_of_memory) {
                CHECK(unchanged());
                ++out_of_memory;
            } else {
                prepare();
            }
            if (!right || end_of(function) != wanted) {
                check::fail(__FILE__, __LINE__, std::string(name) + " with allocation " + std::to_string(n) + " failing");
            }
            if (!has_failed) {
                break;
            }
            ++failures;
        }
    }
    if (out_of_memory == 0) {
        check::fail(__FILE__, __LINE__, std::string(name) + " never throws std::bad_alloc");
    }
}

template <class Function>
static void torture(const char* name, End wanted, Function function) {
    torture(name, wanted, function, [] {}, [] { return true; });
}

int main() {
    namespace testing = callbot::testing;
    const callbot::Signer signer = sample::signer();
    const callbot::Task task = sample::task();
    const std::string wrong_json = sample::replaced(sample::json, "447700900123", "00447700900123");
    const std::vector<callbot::Order> good = {sample::order("b"), sample::order("c", "447700900123")};
    const std::vector<callbot::Order> mixed = {sample::order("b"), sample::order("c", "+1")};
    const callbot::Batch batch = callbot::Batch::from_json(sample::json);
    const callbot::Request request = batch.sign(signer);
    const std::string body =
        R"({"retCode":0,"retMsg":"\n","responseID":"","totalCount":2,"successCount":1,)"
        R"("errList":[{"phone":"447700900123","errMsg":"blocked\n"}]})";
    const auto headers = testing::sign_response(signer, request, body);
    auto in_lower_case = headers;
    for (auto& [name, value] : in_lower_case) {
        for (char& c : value) {
            c += name == "sign" && c >= 'A' && c <= 'F' ? 'a' - 'A' : 0;
        }
    }
    const callbot::Verifier verifier(signer);
    const callbot::Verified verified = verifier.verify_response(request, headers, body);
    const callbot::Content content = verified.response();
    const std::string deviating_body = R"({"retCode":0,"retMsg":null})";
    const callbot::Verified deviating = verifier.verify_response(
        request, testing::sign_response(signer, request, deviating_body), deviating_body);

    torture("Signer", End::returns, [] { (void)sample::signer(); });
    torture("wrong Signer", End::throws, [] { (void)callbot::Signer("", "", callbot::Algorithm::md5); });
    torture("sign", End::returns, [&] { (void)signer.sign("r-1", sample::time, "{}"); });
    torture("signed_string", End::returns, [&] { (void)signer.signed_string("r-1", sample::time, "{}"); });
    torture("Signer::request", End::returns, [&] { (void)signer.request("ping", R"({"data":"x"})"); });
    torture("Rules", End::returns, [] { (void)callbot::Rules(); });
    torture("require_param", End::returns, [] { (void)callbot::Rules().require_param("a"); });
    torture("wrong require_param", End::throws, [] { (void)callbot::Rules().require_param(""); });

    torture("Batch", End::returns, [&] { (void)callbot::Batch(task); });
    torture("wrong Batch", End::throws, [] { (void)callbot::Batch(callbot::Task()); });
    torture("from_json", End::returns, [] { (void)callbot::Batch::from_json(sample::json); });
    torture("wrong from_json", End::throws, [&] { (void)callbot::Batch::from_json(wrong_json); });
    torture("from_json, keeping", End::returns, [&] {
        const auto refused = callbot::Batch::from_json(wrong_json, callbot::Policy::keep_valid).refused;
        CHECK_EQUAL(refused.size(), 1U);
        CHECK(!refused[0].message.empty() && !refused[0].path.empty());
    });
    torture("for_endpoint", End::returns, [] { (void)callbot::Batch::for_endpoint("addBatchCall", sample::json); });

    std::optional<callbot::Batch> filled;
    const auto fill = [&] { filled.emplace(task).add(sample::order("a")); };
    const auto is_as_filled = [&] { return filled->size() == 1; };
    torture("add", End::returns, [&] { filled->add(good[0]); }, fill, is_as_filled);
    torture("add, a list of params", End::returns, [&] { filled->add(sample::order("b"), {{"more", "0"}}); }, fill,
            is_as_filled);
    torture("wrong add", End::throws, [&] { filled->add(mixed[1]); }, fill, is_as_filled);
    torture("add_all", End::returns, [&] { filled->add_all(good); }, fill, is_as_filled);
    torture("wrong add_all", End::throws, [&] { filled->add_all(mixed); }, fill, is_as_filled);
    torture("Batch::sign", End::returns, [&] { (void)filled->sign(signer); }, fill, is_as_filled);

    torture("sign_again", End::returns, [&] { (void)request.sign_again(signer); });
    torture("Request::to", End::returns, [&] { (void)callbot::Request::to(signer, "/a", "{}"); });
    torture("headers", End::returns, [&] { (void)request.headers(); });
    torture("header_lines", End::returns, [&] { CHECK(request.header_lines().size() > 4); });
    torture("url", End::returns, [&] { (void)request.url("https://a.example"); });
    torture("sent", End::returns, [&] { (void)request.sent(); });

    torture("Verifier", End::returns, [&] { (void)callbot::Verifier(signer).add(signer); });
    torture("verify_callback", End::returns, [&] { (void)verifier.verify_callback(headers, body); });
    torture("verify_response", End::returns, [&] { (void)verifier.verify_response(request, headers, body); });
    torture("wrong verify_response", End::throws, [&] { (void)verifier.verify_response(request, headers, "{}"); });
    torture("response", End::returns, [&] { (void)verified.response(); });
    torture("wrong content", End::throws, [&] { (void)verified.call_callback(); });
    torture("result", End::returns, [&] { (void)verified.result(); });
    torture("keys", End::returns, [&] { CHECK_EQUAL(content.keys().size(), 6U); });
    torture("deviations", End::returns, [&] {
        const callbot::Content fresh = deviating.response();
        CHECK_EQUAL(fresh.deviations().size(), 4U);
    });
    torture("outcome", End::returns, [&] {
        const callbot::Outcome outcome = content.outcome(request.body());
        CHECK_EQUAL(outcome.refused().size(), 1U);
    });
    torture("wrong outcome", End::throws, [&] { (void)content.outcome(""); });
    torture("HeaderBlock", End::returns, [] {
        const callbot::HeaderBlock block("a: b\n");
        CHECK_EQUAL(block.headers().size(), 1U);
    });
    torture("Replays", End::returns, [] { (void)callbot::Replays(); });
    std::optional<callbot::Replays> replays;
    torture("begin", End::returns, [&] { CHECK(replays->begin("key").state == callbot::ClaimState::begun); },
            [&] { replays.emplace(); }, [] { return true; });
    torture("explain", End::returns, [&] { CHECK(callbot::explain(signer, headers, body, true).matches); });
    torture("explain, wrong", End::returns, [&] {
        CHECK_EQUAL(callbot::explain(signer, in_lower_case, body).causes.size(), 1U);
    });
    torture("sign_callback", End::returns, [&] { (void)testing::sign_callback(signer, body); });
    torture("phone::check", End::throws, [] { callbot::phone::check("+8613800000001"); });

    CHECK(failures > 100);
    std::printf("%lu failures\n", failures);
    return 0;
}
