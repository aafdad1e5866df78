// The checks of this folder's programs. Each program ends with `return check::finish()`, which
// prints the number of checks, so that a program that ends early is noticed.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <atomic>
#include <callbot.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace check {

inline std::atomic<unsigned long> made{0};

[[noreturn]] inline void fail(const char* file, int line, const std::string& what) {
    std::fprintf(stderr, "%s:%d: %s\n", file, line, what.c_str());
    std::exit(1);
}

inline void that(bool holds, const char* file, int line, const char* what) {
    ++made;
    if (!holds) {
        fail(file, line, what);
    }
}

inline std::string shown(std::string_view text) { return '"' + std::string(text) + '"'; }
inline std::string shown(const char* text) { return shown(std::string_view(text)); }
template <class T>
std::string shown(const T& value) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        return shown(std::string_view(value));
    } else {
        return std::to_string(value);
    }
}

template <class A, class B>
void equal(const A& found, const B& expected, const char* file, int line, const char* what) {
    ++made;
    if (!(found == expected)) {
        fail(file, line, std::string(what) + " is " + shown(found) + ", not " + shown(expected));
    }
}

// Runs `function`, which must throw a callbot::Error, and returns the error.
template <class Function>
callbot::Error thrown(Function function, const char* file, int line, const char* what) {
    ++made;
    try {
        function();
    } catch (const callbot::Error& error) {
        return error;
    }
    fail(file, line, std::string("no error was thrown by ") + what);
}

// A copy, for a temporary error.
inline std::vector<callbot::Violation> violations(const callbot::Error& error) { return error.violations(); }

inline int finish() {
    std::printf("%lu checks\n", made.load());
    return 0;
}

}  // namespace check

#define CHECK(condition) check::that((condition), __FILE__, __LINE__, #condition)
#define CHECK_EQUAL(found, expected) check::equal((found), (expected), __FILE__, __LINE__, #found)
#define THROWN(expression) check::thrown([&] { (void)(expression); }, __FILE__, __LINE__, #expression)
// Checks the status and the code of a failed call.
#define CHECK_THROWS(expression, its_status, its_code)          \
    do {                                                        \
        const callbot::Error error_ = THROWN(expression);       \
        CHECK_EQUAL(error_.status(), (its_status));             \
        CHECK_EQUAL(error_.code(), std::string_view(its_code)); \
        CHECK(!std::string_view(error_.what()).empty());        \
    } while (false)

// An account, a task and orders.
namespace sample {

inline constexpr std::string_view uuid = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
inline constexpr std::string_view secret_key = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
inline constexpr std::chrono::seconds time{1726200000};

inline callbot::Signer signer() { return callbot::Signer(uuid, secret_key, callbot::Algorithm::md5); }

inline callbot::Task task() {
    callbot::Task task;
    task.user_task_id = "5b0e2f0e-60a8-4b0c-9f3e-0a4f0d1c2b3a";
    task.order_callback_url = "https://example.com/callbot/order";
    task.call_callback_url = "https://example.com/callbot/call";
    return task;
}

inline constexpr callbot::Param params[] = {{"amount", "1,280.00"}, {"due_date", "2025-04-30"}};

inline callbot::Order order(std::string_view id, std::string_view phone = "8613800000001") {
    callbot::Order order;
    order.order_id = id;
    order.user_phone = phone;
    order.other = "crm:48201";
    order.user_name = "\u738b\u82b3";
    order.customer_name = "Acme \"East\"";
    order.params = params;
    return order;
}

// The body of two such orders, "a" and "b".
inline constexpr std::string_view json =
    "{\"productID\":\"callbot\",\"userTaskID\":\"5b0e2f0e-60a8-4b0c-9f3e-0a4f0d1c2b3a\",\"callInfoList\":{"
    "\"orderCallbackUrl\":\"https://example.com/callbot/order\","
    "\"callCallbackUrl\":\"https://example.com/callbot/call\",\"callList\":["
    "{\"orderID\":\"a\",\"userPhone\":\"8613800000001\",\"other\":\"crm:48201\",\"userName\":\"\u738b\u82b3\","
    "\"customerName\":\"Acme \\\"East\\\"\",\"params\":[{\"name\":\"amount\",\"value\":\"1,280.00\"},"
    "{\"name\":\"due_date\",\"value\":\"2025-04-30\"}]},"
    "{\"orderID\":\"b\",\"userPhone\":\"447700900123\",\"other\":\"crm:48201\",\"userName\":\"\u738b\u82b3\","
    "\"customerName\":\"Acme \\\"East\\\"\",\"params\":[{\"name\":\"amount\",\"value\":\"1,280.00\"},"
    "{\"name\":\"due_date\",\"value\":\"2025-04-30\"}]}]}}";

inline std::string replaced(std::string_view text, std::string_view old, std::string_view by) {
    std::string copy(text);
    const std::size_t at = copy.find(old);
    if (at == std::string::npos) {
        check::fail(__FILE__, __LINE__, "not found: " + std::string(old));
    }
    return copy.replace(at, old.size(), by);
}

}  // namespace sample

#endif  // CHECK_HPP
