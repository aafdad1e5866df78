// Every function, with the first, then the second, ... allocation failing, until all succeed. It
// throws std::bad_alloc, leaks nothing, and changes no object. This program counts the C++ layer's
// allocations; the sanitizer watches those of the C library.
#include <new>

#include "check.hpp"

namespace memory {

static long live = 0;
// The number of allocations that still succeed. Negative for all.
static long left = -1;
static bool failed = false;

static void* take(std::size_t size) {
    if (left == 0) {
        failed = true;
        throw std::bad_alloc();
    }
    if (left > 0) {
        --left;
    }
    void* taken = std::malloc(size == 0 ? 1 : size);
    if (taken == nullptr) {
        throw std::bad_alloc();
    }
    ++live;
    return taken;
}

static void release(void* taken) noexcept {
    if (taken != nullptr) {
        --live;
        std::free(taken);
    }
}

}  // namespace memory

void* operator new(std::size_t size) { return memory::take(size); }
void* operator new[](std::size_t size) { return memory::take(size); }
void operator delete(void* taken) noexcept { memory::release(taken); }
void operator delete[](void* taken) noexcept { memory::release(taken); }
void operator delete(void* taken, std::size_t) noexcept { memory::release(taken); }
void operator delete[](void* taken, std::size_t) noexcept { memory::release(taken); }

enum class End { returns, throws };

// Runs `function` repeatedly, with one more allocation succeeding each time. Checks `unchanged`
// after each failure.
template <class Function, class Unchanged>
static void every_allocation(const char* name, long at_least, End end, Function function, Unchanged unchanged) {
    for (long n = 0;; ++n) {
        const long live_before = memory::live;
        End found = End::returns;
        bool out_of_memory = false;
        memory::failed = false;
        memory::left = n;
        try {
            function();
        } catch (const std::bad_alloc&) {
            out_of_memory = true;
        } catch (const callbot::Error&) {
            found = End::throws;
        }
        memory::left = -1;
        CHECK_EQUAL(out_of_memory, memory::failed);
        if (out_of_memory) {
            CHECK(unchanged());
        }
        if (memory::live != live_before) {
            check::fail(__FILE__, __LINE__,
                        std::string(name) + " leaks " + std::to_string(memory::live - live_before) +
                            " with allocation " + std::to_string(n) + " failing");
        }
        if (out_of_memory) {
            continue;
        }
        if (found != end || n < at_least) {
            check::fail(__FILE__, __LINE__,
                        std::string(name) + (found == End::throws ? " threw" : " returned") + " after " +
                            std::to_string(n) + " allocations");
        }
        return;
    }
}

template <class Function>
static void every_allocation(const char* name, long at_least, End end, Function function) {
    every_allocation(name, at_least, end, function, [] { return true; });
}

int main() {
    // Too long for the small-string buffer of std::string, as are the messages.
    const std::string wrong_json = sample::replaced(sample::json, "447700900123", "00447700900123");
    const std::vector<callbot::Order> good = {sample::order("b"), sample::order("c")};
    const std::vector<callbot::Order> mixed = {sample::order("b"), sample::order("c", "+1"), sample::order("d", "0")};
    const callbot::Order wrong = sample::order("", "+1");
    const callbot::Signer signer = sample::signer();
    const callbot::Task task = sample::task();
    const callbot::Task bad_task;
    const callbot::Rules rules;
    const callbot::Batch batch = callbot::Batch::from_json(sample::json);
    const callbot::Request request = batch.sign(signer);
    callbot::Rules gone_rules;
    const callbot::Rules taken = std::move(gone_rules);
    callbot::Signer gone_signer = sample::signer();
    const callbot::Signer taken_signer = std::move(gone_signer);
    using callbot::Policy;
    namespace testing = callbot::testing;
    const std::string response_body =
        R"({"retCode":0,"retMsg":"","responseID":"","totalCount":2,"successCount":1,)"
        R"("errList":[{"phone":"447700900123","errMsg":"blocked"}]})";
    const auto headers = testing::sign_response(signer, request, response_body);
    const auto forged = testing::sign_response(signer, request, "{}");
    callbot::Verifier verifier(signer);
    const callbot::Verified verified = verifier.verify_response(request, headers, response_body);
    const callbot::Content content = verified.response();
    const callbot::Sent sent = request.sent();
    callbot::Request gone_request = batch.sign(signer);
    const callbot::Request taken_request = std::move(gone_request);

    // Calls that succeed. The number is the minimum of allocations, so that the test is not
    // vacuous.
    every_allocation("Signer", 0, End::returns, [] { (void)sample::signer(); });
    every_allocation("sign", 1, End::returns, [&] { (void)signer.sign("r-1", sample::time, "{}"); });
    every_allocation("signed_string", 1, End::returns, [&] { (void)signer.signed_string("r-1", sample::time, "{}"); });
    every_allocation("Rules", 0, End::returns, [] { (void)callbot::Rules().require_param("a").max_orders(1); });
    every_allocation("Batch", 0, End::returns, [&] { (void)callbot::Batch(task, rules); });
    every_allocation("from_json", 0, End::returns, [&] { (void)callbot::Batch::from_json(sample::json); });
    every_allocation("from_json, keeping", 3, End::returns, [&] {
        if (callbot::Batch::from_json(wrong_json, Policy::keep_valid, rules).refused.size() != 1) {
            check::fail(__FILE__, __LINE__, "one is refused");
        }
    });
    every_allocation("Batch::sign", 0, End::returns, [&] { (void)batch.sign(signer); });
    every_allocation("sign_again", 0, End::returns, [&] { (void)request.sign_again(signer); });
    every_allocation("headers", 1, End::returns, [&] { (void)request.headers(); });
    every_allocation("request", 0, End::returns, [&] { (void)signer.request("ping", R"({"data":"x"})"); });
    every_allocation("wrong request", 4, End::throws, [&] { (void)signer.request("stopOrder", "{}"); });
    every_allocation("for_endpoint", 0, End::returns, [] {
        (void)callbot::Batch::for_endpoint("addBatchCall", sample::json);
    });
    every_allocation("header_lines", 1, End::returns, [&] { (void)request.header_lines(); });
    every_allocation("url", 1, End::returns, [&] { (void)request.url("https://a.example"); });
    every_allocation("HeaderBlock", 1, End::returns, [] {
        const callbot::HeaderBlock block("a: b\n");
        (void)block.headers();
    });
    every_allocation("wrong url", 2, End::throws, [&] { (void)request.url(""); });
    every_allocation("wrong HeaderBlock", 2, End::throws, [] { (void)callbot::HeaderBlock("a\n"); });
    every_allocation("is_valid", 0, End::returns, [] { (void)callbot::phone::is_valid("+"); });

    every_allocation("Verifier", 0, End::returns, [&] {
        (void)callbot::Verifier(signer).add(signer).set_tolerance(std::chrono::seconds(1), std::chrono::seconds(1));
    });
    every_allocation("verify_callback", 1, End::returns, [&] {
        (void)verifier.verify_callback(headers, response_body);
    });
    every_allocation("verify_callback, a list", 1, End::throws, [&] {
        (void)verifier.verify_callback({{"uuid", "u"}, {"sign", "s"}}, response_body);
    });
    every_allocation("verify_response", 1, End::returns, [&] {
        (void)verifier.verify_response(request, headers, response_body);
    });
    every_allocation("verify_response, stored", 1, End::returns, [&] {
        (void)verifier.verify_response(sent, headers, response_body);
    });
    every_allocation("sent", 1, End::returns, [&] { (void)request.sent(); });
    every_allocation("Request::to", 0, End::returns, [&] { (void)callbot::Request::to(signer, "/a", "{}"); });
    every_allocation("response", 0, End::returns, [&] { (void)verified.response(); });
    every_allocation("result", 0, End::returns, [&] { (void)verified.result(); });
    every_allocation("values", 0, End::returns, [&] { (void)content.string("/errList/0/errMsg"); });
    every_allocation("keys", 1, End::returns, [&] { (void)content.keys(); });
    every_allocation("outcome", 1, End::returns, [&] {
        const callbot::Outcome outcome = content.outcome(request.body());
        (void)outcome.refused();
    });
    every_allocation("wrong outcome", 2, End::throws, [&] { (void)content.outcome(""); });
    every_allocation("explain", 1, End::returns, [&] { (void)callbot::explain(signer, headers, "{}", true); });
    every_allocation("deviations", 0, End::returns, [&] { (void)content.deviations(); });
    every_allocation("sign_response", 2, End::returns, [&] {
        (void)testing::sign_response(signer, request, response_body);
    });
    every_allocation("sign_callback", 2, End::returns, [&] { (void)testing::sign_callback(signer, response_body); });

    // A failed change leaves the batch unchanged. Each run has a new batch without any capacity.
    {
        std::optional<callbot::Batch> fresh;
        const auto empty = [&] {
            const bool is = fresh->empty();
            fresh.reset();
            return is;
        };
        every_allocation("add", 1, End::returns, [&] {
            fresh.emplace(task);
            fresh->add(good[0]);
            fresh.reset();
        }, empty);
        every_allocation("add_all", 2, End::returns, [&] {
            fresh.emplace(task);
            fresh->add_all(good);
            fresh.reset();
        }, empty);
    }
    every_allocation("add_all, keeping", 6, End::returns, [&] {
        callbot::Batch kept(task);
        if (kept.add_all(mixed, Policy::keep_valid).size() != 2) {
            check::fail(__FILE__, __LINE__, "two are refused");
        }
    });

    // The buffer for params is reused: only the first order allocates.
    {
        callbot::Batch many(task);
        many.add(sample::order("0"), {{"more", "0"}});
        callbot::Order order = sample::order("");
        std::string id = "a";
        const long live_before = memory::live;
        for (; id[0] <= 'z'; ++id[0]) {
            order.order_id = id;
            memory::left = 0;
            many.add(order, {{"more", id}});
            memory::left = -1;
        }
        CHECK_EQUAL(memory::live, live_before);
        CHECK_EQUAL(many.size(), 27U);
    }

    // Calls that throw an error, whose data cannot be allocated.
    every_allocation("wrong Signer", 2, End::throws, [] { callbot::Signer("", "", callbot::Algorithm::md5); });
    every_allocation("wrong sign", 2, End::throws, [&] { (void)signer.sign("", sample::time, ""); });
    every_allocation("wrong signed_string", 2, End::throws, [&] { (void)signer.signed_string("", sample::time, ""); });
    every_allocation("wrong rules", 2, End::throws, [] { (void)callbot::Rules().require_param("a").max_orders(0); });
    every_allocation("moved-from rules", 2, End::throws, [&] { (void)callbot::Batch(task, gone_rules); });
    every_allocation("wrong Batch", 8, End::throws, [&] { (void)callbot::Batch(bad_task); });
    every_allocation("wrong from_json", 4, End::throws, [&] { (void)callbot::Batch::from_json(wrong_json); });
    every_allocation("wrong from_json, keeping", 3, End::throws, [] {
        (void)callbot::Batch::from_json("[", Policy::keep_valid);
    });
    {
        callbot::Batch one(task);
        one.add(sample::order("a"));
        const auto still_one = [&] { return one.size() == 1; };
        every_allocation("wrong add", 7, End::throws, [&] { one.add(wrong); }, still_one);
        every_allocation("wrong add_all", 7, End::throws, [&] { one.add_all(mixed); }, still_one);
        every_allocation("wrong sign of a batch", 2, End::throws, [&] { (void)one.sign(signer, " "); }, still_one);
        CHECK(still_one());
    }
    every_allocation("time 0", 2, End::throws, [&] { (void)batch.sign(signer, "", std::chrono::seconds(0)); });
    every_allocation("wrong Request::to", 2, End::throws, [&] { (void)callbot::Request::to(signer, "a", ""); });
    every_allocation("wrong sign_again", 2, End::throws, [&] { (void)request.sign_again(signer, " "); });
    {
        const auto still_fresh = [&] {
            return verifier.verify_callback(headers, response_body).signer_index() == 0;
        };
        every_allocation("wrong tolerance", 2, End::throws, [&] {
            verifier.set_tolerance(std::chrono::seconds(-1), std::chrono::seconds(0));
        }, still_fresh);
        every_allocation("wrong also", 2, End::throws, [&] { verifier.add(gone_signer); }, still_fresh);
    }
    every_allocation("wrong Verifier", 2, End::throws, [&] { (void)callbot::Verifier(gone_signer); });
    every_allocation("wrong verify_callback", 3, End::throws, [&] {
        (void)verifier.verify_callback(forged, response_body);
    });
    every_allocation("wrong verify_response", 3, End::throws, [&] {
        (void)verifier.verify_response(request, forged, response_body);
    });
    every_allocation("wrong callback", 2, End::throws, [&] { (void)verified.call_callback(); });
    every_allocation("wrong pointer", 2, End::throws, [&] { (void)content.string("a"); });
    every_allocation("wrong sign_response", 2, End::throws, [&] {
        (void)testing::sign_response(signer, gone_request, response_body);
    });
    every_allocation("wrong sign_callback", 2, End::throws, [&] { (void)testing::sign_callback(signer, "", " "); });
    every_allocation("phone::check", 2, End::throws, [] { callbot::phone::check("+8613800000001"); });
    every_allocation("phone::from_typed", 2, End::throws, [] { (void)callbot::phone::from_typed("?"); });

    // A copy of an error allocates nothing.
    const callbot::Error error = THROWN(callbot::Batch(bad_task));
    every_allocation("copies of an error", 0, End::returns, [&] {
        callbot::Error copy = error;
        copy = error;
        const callbot::Error moved = std::move(copy);
        CHECK_EQUAL(moved.violations().size(), 3U);
    });
    memory::left = 0;
    {
        const callbot::Error copy = error;
        memory::left = -1;
        CHECK_EQUAL(copy.what(), std::string_view(error.what()));
    }
    CHECK(!memory::failed);

    // An error outlives its batch, and keeps no object of the C library alive.
    std::exception_ptr kept;
    try {
        callbot::Batch one(task);
        one.add(wrong);
    } catch (...) {
        kept = std::current_exception();
    }
    CHECK_EQUAL(check::violations(THROWN(std::rethrow_exception(kept))).size(), 2U);
    return check::finish();
}
