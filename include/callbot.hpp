/*
 * callbot for C++17 and later: a thin layer over callbot.h, with nothing but this header.
 *
 *     #include <callbot.hpp>
 *     #include <iostream>
 *
 *     int main() try {
 *         callbot::Task task;
 *         task.user_task_id = "5b0e2f0e-60a8-4b0c-9f3e-0a4f0d1c2b3a";
 *         task.order_callback_url = "https://example.com/callbot/order";
 *         task.call_callback_url = "https://example.com/callbot/call";
 *         callbot::Batch batch(task, callbot::Rules().require_param("amount").allow_country_code("86"));
 *
 *         callbot::Order order;
 *         order.order_id = "7b0f2a60-2f0c-4a6e-9f0b-0f6f1f0a2d11";
 *         order.user_phone = "8613800000001";
 *         order.params = {{"amount", "120.50"}};
 *         batch.add(order);
 *
 *         const callbot::Signer signer("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr",
 *                                      callbot::Algorithm::md5);
 *         const callbot::Request request = batch.sign(signer);
 *         for (const auto& [name, value] : request.headers()) std::cout << name << ": " << value << '\n';
 *         std::cout << '\n' << request.body();
 *     } catch (const callbot::Error& error) {
 *         std::cerr << error.what() << '\n';  // error.violations() lists everything that is wrong
 *         return 1;
 *     }
 *
 * CONVENTIONS
 *
 * 1. Ownership. Signer, Rules, Batch, Request, Verifier, Verified and Response each own one object of the C library and
 *    free it. They can be moved and not copied. One that was moved from can be destroyed and assigned to; it reads as
 *    empty, and a function that would need its object throws CALLBOT_NULL_POINTER.
 *
 * 2. Texts in are std::string_view, UTF-8, and need not end with a NUL. They are read during the call and copied where
 *    they are needed for longer. Task, Order, Param, Header and ReceivedHeaders only hold views: what they point to must
 *    live until the call that they are passed to returns.
 *
 * 3. Texts out are std::string where they are made for the caller. Where they are std::string_view, they live as long as
 *    the object that they were asked of; asking a temporary for one does not compile. A code lives as long as the program.
 *
 * 4. Failures. A function that is not noexcept may throw callbot::Error, which tells all that is wrong, or
 *    std::bad_alloc. Then nothing leaks, and the objects that took part are as they were before, unless the function
 *    says otherwise. (Where the C library itself runs out of memory, it ends the program.)
 *
 * 5. Threads. An object may be used by several threads at once through const functions. A function that is not const
 *    needs that nobody else uses the object. An Error may be copied and read anywhere.
 *
 * The secret key, phone numbers and names are never in an Error.
 */

#ifndef CALLBOT_HPP
#define CALLBOT_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "callbot.h"

namespace callbot {

/** Which digest the account signs with: the provider's console says so under Developer. */
enum class Algorithm : std::int32_t {
    md5 = CALLBOT_ALGORITHM_MD5,
    sha256 = CALLBOT_ALGORITHM_SHA256,
};

/** What to do when some orders of a list are wrong. */
enum class Policy : std::int32_t {
    /** Refuse the whole list, and tell everything. */
    refuse_all = CALLBOT_POLICY_REFUSE_ALL,
    /** Keep the orders that are right, and tell what is wrong with the others. */
    keep_valid = CALLBOT_POLICY_KEEP_VALID,
};

/** One thing that is wrong with a task, an order or a JSON body. */
struct Violation {
    /** The stable code, for programs, such as "phone_plus". The README lists them all. */
    std::string_view code;
    /** The place: a JSON Pointer (RFC 6901) into the body, such as "/callInfoList/callList/3/userPhone". */
    std::string path;
    /** What is wrong and what to do, for people. */
    std::string message;
    /** Which order of the list it is about, counted from 0. None when it is about no order. */
    std::optional<std::size_t> order;
};

/** Not for use: what the rest of this header is made with. */
namespace detail {

struct Free {
    void operator()(callbot_batch* batch) const noexcept { callbot_batch_free(batch); }
    void operator()(callbot_error* error) const noexcept { callbot_error_free(error); }
    void operator()(callbot_testing_message* message) const noexcept { callbot_testing_message_free(message); }
    void operator()(callbot_request* request) const noexcept { callbot_request_free(request); }
    void operator()(callbot_response* response) const noexcept { callbot_response_free(response); }
    void operator()(callbot_rules* rules) const noexcept { callbot_rules_free(rules); }
    void operator()(callbot_signer* signer) const noexcept { callbot_signer_free(signer); }
    void operator()(callbot_string* text) const noexcept { callbot_string_free(text); }
    void operator()(callbot_verified* verified) const noexcept { callbot_verified_free(verified); }
    void operator()(callbot_verifier* verifier) const noexcept { callbot_verifier_free(verifier); }
};

template <class T>
using Handle = std::unique_ptr<T, Free>;

inline callbot_str lend(std::string_view text) noexcept { return callbot_str{text.data(), text.size()}; }

inline std::string_view view(callbot_str text) noexcept { return {text.data, text.len}; }

/** Takes a text that the C library made, and frees it. */
inline std::string copied(Handle<callbot_string> text) { return std::string(view(callbot_string_get(text.get()))); }

/** The headers that an object of the C library has, each as a `Header`. */
template <class Header, class Object>
std::vector<Header> headers(const Object* object, std::size_t (*count)(const Object*),
                            callbot_str (*name)(const Object*, std::size_t),
                            callbot_str (*value)(const Object*, std::size_t)) {
    std::vector<Header> list;
    const std::size_t size = count(object);
    list.reserve(size);
    for (std::size_t i = 0; i < size; ++i) {
        list.push_back(Header{view(name(object, i)), view(value(object, i))});
    }
    return list;
}

inline std::vector<Violation> violations(const callbot_error* error) {
    const std::size_t count = callbot_error_violation_count(error);
    std::vector<Violation> list;
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Violation& violation = list.emplace_back();
        violation.code = view(callbot_error_violation_code(error, i));
        violation.path = view(callbot_error_violation_path(error, i));
        violation.message = view(callbot_error_violation_message(error, i));
        const std::size_t order = callbot_error_violation_order(error, i);
        if (order != SIZE_MAX) {
            violation.order = order;
        }
    }
    return list;
}

/** What an error tells. */
struct Told {
    Told(callbot_status its_status, std::string_view its_code, std::string_view its_message)
        : status(its_status), code(its_code), message(its_message) {}

    Told(callbot_status its_status, const callbot_error* error)
        : status(its_status),
          code(view(callbot_error_code(error))),
          message(error == nullptr ? "callbot failed and gave no reason" : view(callbot_error_message(error))),
          violations(detail::violations(error)),
          unlisted_count(callbot_error_unlisted_count(error)) {}

    callbot_status status;
    std::string_view code;
    std::string message;
    std::vector<Violation> violations;
    std::size_t unlisted_count = 0;
};

}  // namespace detail

/**
 * Why a call failed. The only exception of this library, but for std::bad_alloc.
 *
 * Copying it neither allocates nor throws: copies share what they tell, which never changes.
 */
class Error : public std::exception {
public:
    /**
     * For programs that call functions of callbot.h themselves: tells what `error` tells, which may be NULL. The caller
     * still owns it.
     */
    Error(callbot_status status, const callbot_error* error)
        : told_(std::make_shared<const detail::Told>(status, error)) {}

    /** A failure of the caller's own making. `code` must live as long as the program. */
    Error(callbot_status status, std::string_view code, std::string_view message)
        : told_(std::make_shared<const detail::Told>(status, code, message)) {}

    // Moving is copying: an exception that was moved from would have nothing to tell.
    Error(const Error&) noexcept = default;
    Error& operator=(const Error&) noexcept = default;
    ~Error() override = default;

    /** Which kind of failure: one of the CALLBOT_ constants, such as CALLBOT_REFUSED. Later releases may have more. */
    callbot_status status() const noexcept { return told_->status; }

    /** The stable code, for programs, such as "secret_key_blank_at_end". "refused" where there are violations. */
    std::string_view code() const noexcept { return told_->code; }

    /** What is wrong and what to do, for people, in one line. */
    const char* what() const noexcept override { return told_->message.c_str(); }

    /** Everything that is wrong, for CALLBOT_REFUSED; otherwise empty. */
    const std::vector<Violation>& violations() const& noexcept { return told_->violations; }
    const std::vector<Violation>& violations() const&& = delete;

    /** How many more violations were found than are listed. 0 unless more than a million things are wrong. */
    std::size_t unlisted_count() const noexcept { return told_->unlisted_count; }

private:
    std::shared_ptr<const detail::Told> told_;
};

namespace detail {

/**
 * Calls a function of callbot.h, with the error as its last argument, and throws when it fails. Returns what it told
 * although it succeeded: the list of refused orders, or nothing.
 */
template <class Function, class... Arguments>
Handle<callbot_error> call(Function function, Arguments... arguments) {
    callbot_error* given = nullptr;
    const callbot_status status = function(arguments..., &given);
    // Owned before anything allocates, and so can throw.
    Handle<callbot_error> error(given);
    if (status != CALLBOT_OK) {
        throw Error(status, error.get());
    }
    return error;
}

/** To the C library NULL can be "none": an object that was moved from must not get so far. */
template <class Object>
auto needed(const Object& object, std::string_view message) {
    if (object.handle() == nullptr) {
        throw Error(CALLBOT_NULL_POINTER, "null_pointer", message);
    }
    return object.handle();
}

}  // namespace detail

/**
 * The time at which something is signed, or that such a time is compared with, in whole Unix seconds.
 *
 * Made from std::chrono::seconds since 1970 or from a time of std::chrono::system_clock. Milliseconds and plain numbers
 * do not convert, so that milliseconds cannot be passed by mistake:
 *
 *     signer.sign("r-1", std::chrono::seconds(1726200000), body);
 *     signer.sign("r-1", std::chrono::system_clock::now(), body);
 */
class CreateTs {
public:
    constexpr CreateTs(std::chrono::seconds since_1970) noexcept : since_1970_(since_1970) {}

    /** Cuts off fractions of a second. */
    template <class Duration>
    constexpr CreateTs(std::chrono::time_point<std::chrono::system_clock, Duration> time) noexcept
        : since_1970_(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch()) {}

    static CreateTs now() noexcept { return std::chrono::system_clock::now(); }

    constexpr std::chrono::seconds since_1970() const noexcept { return since_1970_; }

private:
    std::chrono::seconds since_1970_;
};

namespace detail {

/** To the C library a time of 0 is "now". Here it is a time that was never set. */
inline std::int64_t seconds_of(CreateTs time) {
    const std::int64_t seconds = time.since_1970().count();
    if (seconds == 0) {
        throw Error(CALLBOT_CREATE_TS, "create_ts_zero", "the time is 0, as one that was never set; give the time now");
    }
    return seconds;
}

/** A time beyond all that CreateTs can hold becomes the last one that it can. */
inline CreateTs time_of(std::uint64_t seconds) noexcept {
    constexpr std::chrono::seconds last = std::chrono::seconds::max();
    return seconds < static_cast<std::uint64_t>(last.count())
               ? std::chrono::seconds(static_cast<std::chrono::seconds::rep>(seconds))
               : last;
}

}  // namespace detail

/**
 * The account that signs. It never changes, so that any number of threads may use it at once. The secret key is wiped
 * from memory when it is destroyed.
 */
class Signer {
public:
    /**
     * `uuid` and `secret_key` are those that the provider's console shows under Developer; both are copied.
     *
     * Throws CALLBOT_SECRET_KEY when the key is empty or has a blank or line feed at an end, and CALLBOT_UUID.
     */
    Signer(std::string_view uuid, std::string_view secret_key, Algorithm algorithm) {
        callbot_signer* signer = nullptr;
        detail::call(callbot_signer_new, detail::lend(uuid), detail::lend(secret_key),
                     static_cast<std::int32_t>(algorithm), &signer);
        handle_.reset(signer);
    }

    /**
     * Signs any body: the exact bytes that will be sent. `request_id` and `create_ts` are what the headers of the same
     * name will carry.
     *
     * Returns upper-case hex: 32 digits for MD5, 64 for SHA-256. Throws CALLBOT_REQUEST_ID and CALLBOT_CREATE_TS.
     */
    [[nodiscard]] std::string sign(std::string_view request_id, CreateTs create_ts, std::string_view body) const {
        char sign[CALLBOT_SIGN_CAPACITY];
        detail::call(callbot_sign, handle_.get(), detail::lend(request_id),
                     static_cast<std::int64_t>(create_ts.since_1970().count()), detail::lend(body), sign);
        return sign;
    }

    /**
     * Shows the string that `sign` hashes, with *** in place of the secret key: for finding out why two signatures
     * differ. It holds the whole body, and with it the contacts' data: show it, but do not log it. Throws as `sign`.
     */
    [[nodiscard]] std::string signed_string(std::string_view request_id, CreateTs create_ts,
                                            std::string_view body) const {
        callbot_string* text = nullptr;
        detail::call(callbot_signed_string, handle_.get(), detail::lend(request_id),
                     static_cast<std::int64_t>(create_ts.since_1970().count()), detail::lend(body), &text);
        return detail::copied(detail::Handle<callbot_string>(text));
    }

    /** The C object, for functions of callbot.h. It stays this object's. NULL when this was moved from. */
    [[nodiscard]] const callbot_signer* handle() const& noexcept { return handle_.get(); }
    const callbot_signer* handle() const&& = delete;

private:
    detail::Handle<callbot_signer> handle_;
};

/**
 * What a campaign demands of its orders beyond what the API itself does. A batch takes a copy when it is made.
 *
 *     callbot::Rules rules;
 *     rules.require_param("amount").allow_country_code("86").max_orders(1000);
 */
class Rules {
public:
    /** Rules that demand nothing yet. */
    Rules() : handle_(callbot_rules_new()) {
        if (handle_ == nullptr) {
            throw Error(CALLBOT_PANIC, "panic", "the library has a fault in itself; please report it");
        }
    }

    /**
     * Names a variable of the script template. From then on every order must fill each variable that was named exactly
     * once, and no other. Throws CALLBOT_RULES when the name is empty or was named before.
     */
    Rules& require_param(std::string_view name) & {
        detail::call(callbot_rules_require_param, handle_.get(), detail::lend(name));
        return *this;
    }
    [[nodiscard]] Rules require_param(std::string_view name) && { return std::move(require_param(name)); }

    /** Says that the template has no variables but those that were named: without any, no order may have params. */
    Rules& require_no_other_params() & {
        detail::call(callbot_rules_require_no_other_params, handle_.get());
        return *this;
    }
    [[nodiscard]] Rules require_no_other_params() && { return std::move(require_no_other_params()); }

    /**
     * Allows a country code, such as "86". Once one was allowed, a number with any other country code is refused.
     * Throws CALLBOT_RULES unless it is an assigned E.164 country code, without + or zeros before it.
     */
    Rules& allow_country_code(std::string_view digits) & {
        detail::call(callbot_rules_allow_country_code, handle_.get(), detail::lend(digits));
        return *this;
    }
    [[nodiscard]] Rules allow_country_code(std::string_view digits) && {
        return std::move(allow_country_code(digits));
    }

    /** Sets the most orders that one request may hold. Throws CALLBOT_RULES for 0. */
    Rules& max_orders(std::size_t max) & {
        detail::call(callbot_rules_max_orders, handle_.get(), max);
        return *this;
    }
    [[nodiscard]] Rules max_orders(std::size_t max) && { return std::move(max_orders(max)); }

    /** The C object, for functions of callbot.h. It stays this object's. NULL when this was moved from. */
    [[nodiscard]] const callbot_rules* handle() const& noexcept { return handle_.get(); }
    const callbot_rules* handle() const&& = delete;

private:
    detail::Handle<callbot_rules> handle_;
};

/** The task that a batch's orders are put into. It has to exist at the provider. All are views. */
struct Task {
    /** userTaskID: the task's id. */
    std::string_view user_task_id{};
    /** orderCallbackUrl: called when an order has finished. Absolute http or https. */
    std::string_view order_callback_url{};
    /** callCallbackUrl: called when a call has finished. Absolute http or https. */
    std::string_view call_callback_url{};
};

/** One variable of the script template, and what it is filled with. Both are views, and not empty. */
struct Param {
    std::string_view name{};
    std::string_view value{};
};

/**
 * One person to call: one phone number, dialled in one or more rounds. All texts are views.
 *
 *     callbot::Order order;
 *     order.order_id = row.id;
 *     order.user_phone = row.phone;
 *     order.params = {{"name", row.name}, {"amount", row.amount}};
 *
 * or, from C++20 on, callbot::Order{.order_id = row.id, .user_phone = row.phone}.
 */
struct Order {
    /** orderID: your own globally unique id; a UUID is recommended. It comes back in the callbacks. Not empty. */
    std::string_view order_id{};
    /** userPhone: 7 to 15 digits with the country code and without any symbol. */
    std::string_view user_phone{};
    /** other: handed back in the callbacks. May be empty. */
    std::string_view other{};
    /** userName: may be empty. */
    std::string_view user_name{};
    /** customerName: may be empty. */
    std::string_view customer_name{};
    /** params: what the script template's variables are filled with. */
    std::vector<Param> params{};
};

/** A header, to send or received. Both are views. */
struct Header {
    std::string_view name;
    std::string_view value;
};

/**
 * One finished, signed HTTP request: send exactly this body with exactly these headers.
 *
 * Made by Batch::sign. It never changes, and lives on when the batch and the signer are changed or destroyed. All its
 * texts live as long as it does; moving it keeps them where they are.
 */
class Request {
public:
    /** "POST". */
    [[nodiscard]] std::string_view method() const& noexcept {
        return detail::view(callbot_request_method(handle_.get()));
    }
    std::string_view method() const&& = delete;

    /** The path below the provider's base URL. */
    [[nodiscard]] std::string_view path() const& noexcept { return detail::view(callbot_request_path(handle_.get())); }
    std::string_view path() const&& = delete;

    /** The bytes to send. They are signed: do not parse and write them again on the way. */
    [[nodiscard]] std::string_view body() const& noexcept { return detail::view(callbot_request_body(handle_.get())); }
    std::string_view body() const&& = delete;

    /** The headers to send: `for (const auto& [name, value] : request.headers())`. Values are ASCII without controls. */
    [[nodiscard]] std::vector<Header> headers() const& {
        return detail::headers<Header>(handle_.get(), callbot_request_header_count, callbot_request_header_name,
                                       callbot_request_header_value);
    }
    std::vector<Header> headers() const&& = delete;

    /**
     * Signs the same body again, for a retry: the provider wants a new request id for each try. The body is not copied,
     * and this request stays as it is. Arguments and exceptions are those of Batch::sign.
     *
     * Where an answer was lost, or was an internal error (5001), the provider may have taken the orders already. What
     * it does with an orderID that comes a second time is not published: it may call the same people twice.
     */
    [[nodiscard]] Request sign_again(const Signer& signer, std::string_view request_id = {},
                                     CreateTs create_ts = CreateTs::now()) const;

    /** The C object, for functions of callbot.h. It stays this object's. NULL when this was moved from. */
    [[nodiscard]] const callbot_request* handle() const& noexcept { return handle_.get(); }
    const callbot_request* handle() const&& = delete;

private:
    friend class Batch;

    explicit Request(callbot_request* request) noexcept : handle_(request) {}

    detail::Handle<callbot_request> handle_;
};

struct KeptBatch;

/**
 * A list of orders for one request.
 *
 * An order is checked in the moment it is added, and written straight into the request's body: nothing of it is needed
 * afterwards.
 */
class Batch {
public:
    /** An empty batch, with none but the API's own rules. Throws CALLBOT_REFUSED with all that is wrong with the task. */
    explicit Batch(const Task& task) : Batch(task, static_cast<const callbot_rules*>(nullptr)) {}

    /** An empty batch with rules, which are copied. */
    Batch(const Task& task, const Rules& rules) : Batch(task, needed(rules)) {}

    /**
     * Reads a batch from the JSON body that the API documents, and refuses the whole when anything is wrong. The JSON is
     * not needed afterwards. Throws CALLBOT_REFUSED with all that is wrong.
     */
    [[nodiscard]] static Batch from_json(std::string_view json) {
        return read_json(json, Policy::refuse_all, nullptr).first;
    }
    [[nodiscard]] static Batch from_json(std::string_view json, const Rules& rules) {
        return read_json(json, Policy::refuse_all, needed(rules)).first;
    }

    /**
     * The same with a policy. With Policy::keep_valid it throws CALLBOT_REFUSED only when more is wrong than single
     * orders; otherwise the batch holds those that are right, and `refused` tells what is wrong with the others.
     *
     *     auto [batch, refused] = callbot::Batch::from_json(json, callbot::Policy::keep_valid);
     */
    [[nodiscard]] static KeptBatch from_json(std::string_view json, Policy policy);
    [[nodiscard]] static KeptBatch from_json(std::string_view json, Policy policy, const Rules& rules);

    /** Adds an order. Its texts are copied. Throws CALLBOT_REFUSED with all that is wrong with it. */
    void add(const Order& order) {
        params_.clear();
        params_.reserve(order.params.size());
        const callbot_order lent = lend(order);
        detail::call(callbot_batch_add, handle_.get(), &lent);
    }

    /** Adds all orders in one call, or none. Throws CALLBOT_REFUSED with all that is wrong with any of them. */
    void add_all(const Order* orders, std::size_t count) {
        detail::call(add_list, this, orders, count, Policy::refuse_all);
    }
    void add_all(const std::vector<Order>& orders) { add_all(orders.data(), orders.size()); }

    /**
     * The same with a policy. With Policy::keep_valid the orders that are right are added; what is wrong with the others
     * is returned. The numbers in paths count on from the orders that the batch had before. Text that is not UTF-8
     * throws CALLBOT_NOT_UTF8 with either policy.
     *
     * Where there is not even the memory to tell what was refused, it throws std::bad_alloc, and the right orders are in
     * the batch.
     */
    [[nodiscard]] std::vector<Violation> add_all(const Order* orders, std::size_t count, Policy policy) {
        const auto refused = detail::call(add_list, this, orders, count, policy);
        return detail::violations(refused.get());
    }
    [[nodiscard]] std::vector<Violation> add_all(const std::vector<Order>& orders, Policy policy) {
        return add_all(orders.data(), orders.size(), policy);
    }

    /**
     * Makes room for more orders, of `order_bytes` bytes each in the body, so that adding them needs no further
     * allocation of the C library's. A size that cannot be had does nothing.
     */
    void reserve(std::size_t orders, std::size_t order_bytes) noexcept {
        callbot_batch_reserve(handle_.get(), orders, order_bytes);
    }

    /** How many orders there are. */
    [[nodiscard]] std::size_t size() const noexcept { return callbot_batch_len(handle_.get()); }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /** Takes all orders out; the task, the rules and the memory stay. */
    void clear() noexcept { callbot_batch_clear(handle_.get()); }

    /**
     * Builds the request that puts the orders into their task. The batch may be used again; its body is not copied.
     *
     * An empty `request_id` means a fresh random one. Both it and the time can be read back from the request's headers.
     * Throws CALLBOT_EMPTY_BATCH, CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM.
     */
    [[nodiscard]] Request sign(const Signer& signer, std::string_view request_id = {},
                               CreateTs create_ts = CreateTs::now()) const;

    /** The C object, for functions of callbot.h. It stays this object's. NULL when this was moved from. */
    [[nodiscard]] const callbot_batch* handle() const& noexcept { return handle_.get(); }
    const callbot_batch* handle() const&& = delete;

private:
    explicit Batch(callbot_batch* batch) noexcept : handle_(batch) {}

    Batch(const Task& task, const callbot_rules* rules) {
        callbot_batch* batch = nullptr;
        detail::call(callbot_batch_new, rules, detail::lend(task.user_task_id), detail::lend(task.order_callback_url),
                     detail::lend(task.call_callback_url), &batch);
        handle_.reset(batch);
    }

    static const callbot_rules* needed(const Rules& rules) {
        return detail::needed(rules, "rules: they were moved from");
    }

    using Read = std::pair<Batch, detail::Handle<callbot_error>>;

    static Read read_json(std::string_view json, Policy policy, const callbot_rules* rules) {
        callbot_batch* batch = nullptr;
        auto refused = detail::call(callbot_batch_from_json, rules, detail::lend(json),
                                    static_cast<std::int32_t>(policy), &batch);
        return {Batch(batch), std::move(refused)};
    }

    static KeptBatch kept(Read read);

    /** For params_ there must be room: the order points into it. */
    callbot_order lend(const Order& order) noexcept {
        const std::size_t first = params_.size();
        for (const Param& param : order.params) {
            params_.push_back(callbot_param{detail::lend(param.name), detail::lend(param.value)});
        }
        return callbot_order{
            detail::lend(order.order_id),  detail::lend(order.user_phone),    detail::lend(order.other),
            detail::lend(order.user_name), detail::lend(order.customer_name), params_.data() + first,
            order.params.size(),
        };
    }

    static callbot_status add_list(Batch* batch, const Order* orders, std::size_t count, Policy policy,
                                   callbot_error** error) {
        std::size_t params = 0;
        for (std::size_t i = 0; i < count; ++i) {
            params += orders[i].params.size();
        }
        batch->params_.clear();
        batch->params_.reserve(params);
        std::vector<callbot_order> lent;
        lent.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            lent.push_back(batch->lend(orders[i]));
        }
        return callbot_batch_add_all(batch->handle_.get(), lent.data(), lent.size(), static_cast<std::int32_t>(policy),
                                     error);
    }

    detail::Handle<callbot_batch> handle_;
    /** Memory for params on their way to the C library, kept from one order to the next. */
    std::vector<callbot_param> params_;
};

/** A batch that was read from JSON, and what was wrong with the orders that are not in it. */
struct KeptBatch {
    Batch batch;
    /** The paths count the orders of the JSON. Empty when nothing was refused. */
    std::vector<Violation> refused;
};

inline KeptBatch Batch::kept(Read read) {
    // Made on its own: compilers have leaked the first half of a struct when the second half threw.
    std::vector<Violation> refused = detail::violations(read.second.get());
    return {std::move(read.first), std::move(refused)};
}

inline KeptBatch Batch::from_json(std::string_view json, Policy policy) {
    return kept(read_json(json, policy, nullptr));
}

inline KeptBatch Batch::from_json(std::string_view json, Policy policy, const Rules& rules) {
    return kept(read_json(json, policy, needed(rules)));
}

inline Request Batch::sign(const Signer& signer, std::string_view request_id, CreateTs create_ts) const {
    callbot_request* request = nullptr;
    detail::call(callbot_build_batch, signer.handle(), handle_.get(), detail::lend(request_id),
                 detail::seconds_of(create_ts), &request);
    return Request(request);
}

inline Request Request::sign_again(const Signer& signer, std::string_view request_id, CreateTs create_ts) const {
    callbot_request* request = nullptr;
    detail::call(callbot_request_sign_again, handle_.get(), signer.handle(), detail::lend(request_id),
                 detail::seconds_of(create_ts), &request);
    return Request(request);
}

/**
 * The headers of a received message: all of them, or at least requestID, uuid, createTs and sign. Names in any case.
 *
 * Made from a list, or from any container of Header or of pairs of texts, such as std::map<std::string, std::string>:
 *
 *     verifier.verify_callback(server_request.headers, server_request.body);
 *     verifier.verify_callback({{"requestID", id}, {"uuid", uuid}, {"createTs", time}, {"sign", sign}}, body);
 *
 * Keep repeated headers, as a std::multimap does: one that counts and comes twice is refused, and a map that keeps the
 * last would hide it.
 */
class ReceivedHeaders {
    static callbot_header lend(const Header& header) { return {detail::lend(header.name), detail::lend(header.value)}; }

    template <class Name, class Value,
              class = std::enable_if_t<std::is_convertible_v<const Name&, std::string_view> &&
                                       std::is_convertible_v<const Value&, std::string_view>>>
    static callbot_header lend(const std::pair<Name, Value>& header) {
        return lend(Header{header.first, header.second});
    }

    /** Elements that a range makes up while it is walked would be gone when they are read. */
    template <class Range, class Element = decltype(*std::begin(std::declval<const Range&>())),
              class = decltype(lend(std::declval<Element>()))>
    using Lasting = std::enable_if_t<std::is_lvalue_reference_v<Element>>;

public:
    ReceivedHeaders(std::initializer_list<Header> headers) { lend_all(headers); }

    template <class Range, class = Lasting<Range>>
    ReceivedHeaders(const Range& headers) {
        lend_all(headers);
    }

private:
    friend class Verifier;

    template <class Range>
    void lend_all(const Range& headers) {
        for (const auto& header : headers) {
            lent_.push_back(lend(header));
        }
    }

    std::vector<callbot_header> lent_;
};

/**
 * Whether sending a request again, with a new request id and time, can help. Later releases may have more.
 *
 * That it can help does not make it harmless: see Request::sign_again.
 */
enum class Retry : std::int32_t {
    /** The request succeeded: sending it again would dial the same people again. */
    succeeded = CALLBOT_RETRY_SUCCEEDED,
    /** The provider is busy (7), under maintenance (5), or refuses while an import is running (1001): later it can. */
    helps = CALLBOT_RETRY_LATER,
    /** The same request will fail again. */
    useless = CALLBOT_RETRY_NEVER,
    /** The API's pages do not say, as for an internal server error (5001): the orders may have been taken. */
    unknown = CALLBOT_RETRY_UNKNOWN,
};

/**
 * The orderIDs that a refused phone number stands for, to be read and not changed. Each is a view.
 *
 * They are asked of the response one by one, and nothing is copied, since many refusals may stand for the same orders.
 * So this and its iterators live as long as the response.
 */
class OrderIds {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = std::string_view;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = std::string_view;

        iterator() noexcept = default;
        [[nodiscard]] std::string_view operator*() const noexcept {
            return detail::view(callbot_response_error_order_id(response_, index_, order_));
        }
        iterator& operator++() noexcept {
            ++order_;
            return *this;
        }
        iterator operator++(int) noexcept {
            const iterator before = *this;
            ++order_;
            return before;
        }
        /** Only iterators of one list can be compared. */
        friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.order_ == b.order_; }
        friend bool operator!=(const iterator& a, const iterator& b) noexcept { return a.order_ != b.order_; }

    private:
        friend class OrderIds;
        iterator(const callbot_response* response, std::size_t index, std::size_t order) noexcept
            : response_(response), index_(index), order_(order) {}

        const callbot_response* response_ = nullptr;
        std::size_t index_ = 0;
        std::size_t order_ = 0;
    };
    using const_iterator = iterator;
    using value_type = std::string_view;

    /** No orders. */
    OrderIds() noexcept = default;

    [[nodiscard]] std::size_t size() const noexcept { return callbot_response_error_order_count(response_, index_); }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    /** Empty for a number that is too large. */
    [[nodiscard]] std::string_view operator[](std::size_t order) const noexcept {
        return detail::view(callbot_response_error_order_id(response_, index_, order));
    }
    [[nodiscard]] iterator begin() const noexcept { return {response_, index_, 0}; }
    [[nodiscard]] iterator end() const noexcept { return {response_, index_, size()}; }

private:
    friend class Response;
    OrderIds(const callbot_response* response, std::size_t index) noexcept : response_(response), index_(index) {}

    const callbot_response* response_ = nullptr;
    std::size_t index_ = 0;
};

/** A phone number that the provider refused. All texts are views, which live as long as the response. */
struct RefusedPhone {
    std::string_view phone;
    /** errMsg: why. */
    std::string_view message;
    /**
     * The orderIDs of all orders of the request with this number: the provider names the number only, so that of two
     * orders with one number it cannot be told which was refused. Empty for a number that was not sent.
     */
    OrderIds order_ids;
};

/**
 * The provider's answer to a batch of orders.
 *
 * Made by Verified::response. Its texts live as long as it does; moving it keeps them where they are.
 */
class Response {
public:
    /** retCode: 0 for success, every other number is a failure. It is any JSON integer that an std::int64_t holds. */
    [[nodiscard]] std::int64_t ret_code() const noexcept { return callbot_response_ret_code(handle_.get()); }

    /** Whether the request as a whole succeeded. Single phone numbers may be refused all the same: see err_list. */
    [[nodiscard]] bool is_success() const noexcept { return ret_code() == 0; }

    /** What the API's pages say that retCode means; empty where they do not. It lives as long as the program. */
    [[nodiscard]] std::string_view ret_meaning() const noexcept {
        return detail::view(callbot_response_ret_meaning(handle_.get()));
    }

    /** Whether trying again can help. */
    [[nodiscard]] Retry retry() const noexcept { return static_cast<Retry>(callbot_response_retry(handle_.get())); }

    /** retMsg: the provider's message. */
    [[nodiscard]] std::string_view ret_msg() const& noexcept {
        return detail::view(callbot_response_ret_msg(handle_.get()));
    }
    std::string_view ret_msg() const&& = delete;

    /** responseID: the provider's id for tracing; quote it when you report a problem. */
    [[nodiscard]] std::string_view response_id() const& noexcept {
        return detail::view(callbot_response_id(handle_.get()));
    }
    std::string_view response_id() const&& = delete;

    /** totalCount: orders received. None where a failure leaves it out, or where it is -1. */
    [[nodiscard]] std::optional<std::int64_t> total_count() const noexcept {
        return count(callbot_response_total_count(handle_.get()));
    }

    /** successCount: orders accepted. None where a failure leaves it out, or where it is -1. */
    [[nodiscard]] std::optional<std::int64_t> success_count() const noexcept {
        return count(callbot_response_success_count(handle_.get()));
    }

    /** errList: the refused phone numbers, each with the orders that it stands for. */
    [[nodiscard]] std::vector<RefusedPhone> err_list() const& {
        std::vector<RefusedPhone> list(callbot_response_error_count(handle_.get()));
        for (std::size_t i = 0; i < list.size(); ++i) {
            list[i].phone = detail::view(callbot_response_error_phone(handle_.get(), i));
            list[i].message = detail::view(callbot_response_error_message(handle_.get(), i));
            list[i].order_ids = OrderIds(handle_.get(), i);
        }
        return list;
    }
    std::vector<RefusedPhone> err_list() const&& = delete;

    /** The C object, for functions of callbot.h. It stays this object's. NULL when this was moved from. */
    [[nodiscard]] const callbot_response* handle() const& noexcept { return handle_.get(); }
    const callbot_response* handle() const&& = delete;

private:
    friend class Verified;

    explicit Response(callbot_response* response) noexcept : handle_(response) {}

    /** To the C library -1 is "none". */
    static std::optional<std::int64_t> count(std::int64_t found) noexcept {
        return found == -1 ? std::nullopt : std::optional(found);
    }

    detail::Handle<callbot_response> handle_;
};

/**
 * A message that was proven to come from the provider, with a copy of its body. Nothing but a Verifier makes one, and
 * only from it can content be read.
 *
 * Reading content throws CALLBOT_CONTENT when this was verified as a response and is read as a callback, or the other way
 * round; and when the body is not one JSON object and nothing else, has a key twice, lacks a required field, or has one of
 * another type. Its texts live as long as it does; moving it keeps them where they are.
 */
class Verified {
public:
    /** The raw bytes that were verified. */
    [[nodiscard]] std::string_view body() const& noexcept { return detail::view(callbot_verified_body(handle_.get())); }
    std::string_view body() const&& = delete;

    /** The account that the message is for. A request id is one account's: remember both against replays. */
    [[nodiscard]] std::string_view uuid() const& noexcept { return detail::view(callbot_verified_uuid(handle_.get())); }
    std::string_view uuid() const&& = delete;

    /**
     * Whoever saw a message can send it again while it is fresh: remember uuid and this until a minute after
     * replay_expires_at, and refuse it the second time.
     */
    [[nodiscard]] std::string_view request_id() const& noexcept {
        return detail::view(callbot_verified_request_id(handle_.get()));
    }
    std::string_view request_id() const&& = delete;

    /** When the message was signed. */
    [[nodiscard]] CreateTs create_ts() const noexcept {
        return detail::time_of(callbot_verified_create_ts(handle_.get()));
    }

    /**
     * Until when request_id has to be remembered. Later the message is too old anyway. That second is included, and a
     * store that drops the id by its own clock may be ahead of the verifier's. So let it keep the id for a margin longer:
     * with Redis EXPIREAT at this and 60.
     */
    [[nodiscard]] CreateTs replay_expires_at() const noexcept {
        return detail::time_of(callbot_verified_replay_expires_at(handle_.get()));
    }

    /** Which signer matched: 0 for that of the Verifier's constructor, then those of Verifier::also in their order. */
    [[nodiscard]] std::size_t signer_index() const noexcept { return callbot_verified_signer_index(handle_.get()); }

    /**
     * The content as JSON: checked for the fields that the API requires, compact, its keys sorted, callbackType always
     * a number, which an std::int64_t holds. All fields are there, those that the API's pages do not have too. Numbers
     * are written as they were sent. So is what cannot be written anew: a text that escapes half of a surrogate pair,
     * what is nested more than 100 levels deep, and an object among the fields that the pages do not have in which a
     * key stands twice. In these, blanks stay, and keys are not sorted.
     *
     * Only the URL that it came to tells which callback it is: a call callback can be read as an order callback too,
     * and the signature covers no URL. So give each kind a URL of its own that nobody can guess, and keep the kinds
     * apart where ids are remembered against replays. It holds the contact's data: do not log it.
     */
    [[nodiscard]] std::string call_callback_json() const { return json(CALLBOT_CONTENT_CALL_CALLBACK); }
    [[nodiscard]] std::string order_callback_json() const { return json(CALLBOT_CONTENT_ORDER_CALLBACK); }
    [[nodiscard]] std::string task_callback_json() const { return json(CALLBOT_CONTENT_TASK_CALLBACK); }
    [[nodiscard]] std::string response_json() const { return json(CALLBOT_CONTENT_RESPONSE); }

    /**
     * Reads it as the response to the request that it was verified with, by which the refused phone numbers are traced to
     * their orders. The request and this are not needed afterwards. Throws CALLBOT_OTHER_REQUEST for another request.
     */
    [[nodiscard]] Response response(const Request& request) const {
        callbot_response* response = nullptr;
        detail::call(callbot_verified_response, handle_.get(), detail::needed(request, "request: it was moved from"),
                     &response);
        return Response(response);
    }

    /** The C object, for functions of callbot.h. It stays this object's. NULL when this was moved from. */
    [[nodiscard]] const callbot_verified* handle() const& noexcept { return handle_.get(); }
    const callbot_verified* handle() const&& = delete;

private:
    friend class Verifier;

    explicit Verified(callbot_verified* verified) noexcept : handle_(verified) {}

    std::string json(std::int32_t content) const {
        callbot_string* json = nullptr;
        detail::call(callbot_verified_json, handle_.get(), content, &json);
        return detail::copied(detail::Handle<callbot_string>(json));
    }

    detail::Handle<callbot_verified> handle_;
};

/**
 * Proves that responses and callbacks came from the provider and are fresh. Any number of threads may verify with one
 * verifier at once.
 *
 *     const callbot::Verifier verifier(signer);
 *     const callbot::Verified verified = verifier.verify_callback(headers, body);
 *     const std::string json = verified.call_callback_json();
 *
 * `headers` are those that were received: see ReceivedHeaders. `body` is the raw bytes as they were received: a body
 * that was parsed and written anew has other bytes. `now` is the time of receiving.
 */
class Verifier {
public:
    /** For the account of a signer, which is copied. Messages may be 300 seconds old and 60 seconds ahead. */
    explicit Verifier(const Signer& signer) {
        callbot_verifier* verifier = nullptr;
        detail::call(callbot_verifier_new, signer.handle(), &verifier);
        handle_.reset(verifier);
    }

    /**
     * Accepts the account of another signer too: the one with the new secret key, while keys are being changed.
     * Verified::signer_index tells which matched.
     */
    Verifier& also(const Signer& signer) & {
        detail::call(callbot_verifier_add, handle_.get(), signer.handle());
        return *this;
    }
    [[nodiscard]] Verifier also(const Signer& signer) && { return std::move(also(signer)); }

    /**
     * Sets how old a message may be, and how far its time may lie ahead of our clock. Throws CALLBOT_OTHER, with the
     * code "tolerance_negative", when one of them is negative.
     */
    Verifier& tolerance(std::chrono::seconds max_age, std::chrono::seconds max_skew) & {
        if (max_age.count() < 0 || max_skew.count() < 0) {
            throw Error(CALLBOT_OTHER, "tolerance_negative", "the tolerance is negative; give seconds from 0 on");
        }
        detail::call(callbot_verifier_set_tolerance, handle_.get(), static_cast<std::uint64_t>(max_age.count()),
                     static_cast<std::uint64_t>(max_skew.count()));
        return *this;
    }
    [[nodiscard]] Verifier tolerance(std::chrono::seconds max_age, std::chrono::seconds max_skew) && {
        return std::move(tolerance(max_age, max_skew));
    }

    /**
     * Proves that a callback came from the provider and is fresh. Remember its uuid and request id, see
     * Verified::request_id.
     *
     * Throws the first of CALLBOT_HEADERS, CALLBOT_OTHER_ALGORITHM, CALLBOT_UNKNOWN_UUID, CALLBOT_SIGNATURE_MISMATCH,
     * CALLBOT_BODY_NOT_UTF8, CALLBOT_TOO_OLD and CALLBOT_TOO_NEW that holds, and CALLBOT_CREATE_TS where `now` is no
     * time in seconds. Answer whoever sent it with nothing but a refusal; the reason is for your own log.
     */
    [[nodiscard]] Verified verify_callback(const ReceivedHeaders& headers, std::string_view body,
                                           CreateTs now = CreateTs::now()) const {
        callbot_verified* verified = nullptr;
        detail::call(callbot_verify_callback, handle_.get(), headers.lent_.data(), headers.lent_.size(),
                     detail::lend(body), detail::seconds_of(now), &verified);
        return Verified(verified);
    }

    /**
     * Proves that a response came from the provider, is fresh, and answers this request. Throws as verify_callback; and
     * when all of that passed, CALLBOT_OTHER_REQUEST when requestID, uuid or algorithm are not those of the request:
     * the message tells which.
     *
     * Whether the provider signs its errors too is not published. An answer without signature headers, as a proxy's
     * error page is too, throws CALLBOT_HEADERS with the code "header_missing". It proves nothing, and does not tell
     * whether the orders were taken.
     */
    [[nodiscard]] Verified verify_response(const Request& request, const ReceivedHeaders& headers,
                                           std::string_view body, CreateTs now = CreateTs::now()) const {
        callbot_verified* verified = nullptr;
        detail::call(callbot_verify_response, handle_.get(), request.handle(), headers.lent_.data(),
                     headers.lent_.size(), detail::lend(body), detail::seconds_of(now), &verified);
        return Verified(verified);
    }

    /** The C object, for functions of callbot.h. It stays this object's. NULL when this was moved from. */
    [[nodiscard]] const callbot_verifier* handle() const& noexcept { return handle_.get(); }
    const callbot_verifier* handle() const&& = delete;

private:
    detail::Handle<callbot_verifier> handle_;
};

namespace detail {

/** Calls a function that signs as the provider, and takes the headers that it made. */
template <class Function, class... Arguments>
auto provider_headers(Function function, Arguments... arguments) {
    callbot_testing_message* message = nullptr;
    call(function, arguments..., &message);
    const Handle<callbot_testing_message> owned(message);
    return headers<std::pair<std::string, std::string>>(message, callbot_testing_message_header_count,
                                                        callbot_testing_message_header_name,
                                                        callbot_testing_message_header_value);
}

}  // namespace detail

/** The provider's side, for testing your own endpoint without the provider. */
namespace provider {

/** The headers of a message, as the provider would send them. A Verifier takes them as they are. */
using Headers = std::vector<std::pair<std::string, std::string>>;

/** Signs a body, which is any bytes, as the response to a request. Throws CALLBOT_CREATE_TS. */
[[nodiscard]] inline Headers sign_response(const Signer& signer, const Request& request, std::string_view body,
                                           CreateTs create_ts = CreateTs::now()) {
    return detail::provider_headers(callbot_testing_sign_response, signer.handle(), request.handle(),
                                    detail::seconds_of(create_ts), detail::lend(body));
}

/**
 * Signs a body, which is any bytes, as a callback. An empty `request_id` means a fresh random one. Throws
 * CALLBOT_REQUEST_ID and CALLBOT_CREATE_TS.
 */
[[nodiscard]] inline Headers sign_callback(const Signer& signer, std::string_view body,
                                           std::string_view request_id = {}, CreateTs create_ts = CreateTs::now()) {
    return detail::provider_headers(callbot_testing_sign_callback, signer.handle(), detail::lend(request_id),
                                    detail::seconds_of(create_ts), detail::lend(body));
}

}  // namespace provider

/** Phone numbers on their own. */
namespace phone {

/**
 * Throws CALLBOT_PHONE, with a code such as "phone_plus", unless a text is a phone number as the API wants it: 7 to 15
 * digits that begin with an assigned country code, and nothing else.
 */
inline void check(std::string_view text) { detail::call(callbot_phone_check, detail::lend(text)); }

/** The same as a question: for sorting a list, where nobody asks what is wrong. */
[[nodiscard]] inline bool is_valid(std::string_view text) noexcept {
    return callbot_phone_check(detail::lend(text), nullptr) == CALLBOT_OK;
}

/**
 * Turns what people type or paste, such as "+86 156-1234-5678" or "+44 (0)20 7946 0958", into the digits that the API
 * wants. Throws CALLBOT_PHONE where the text does not say for certain which number is meant.
 */
[[nodiscard]] inline std::string from_typed(std::string_view text) {
    char digits[CALLBOT_PHONE_CAPACITY];
    detail::call(callbot_phone_from_typed, detail::lend(text), digits);
    return digits;
}

}  // namespace phone

/** The library's version, such as "0.1.0". It lives as long as the program. */
[[nodiscard]] inline std::string_view version() noexcept { return detail::view(callbot_version()); }

/**
 * Throws, with the code "abi_version", when the library that the program runs with is not one that this header was made
 * for. Worth a call at the start of a program that is linked with the shared library.
 */
inline void check_abi() {
    const std::uint32_t found = callbot_abi_version();
    if (found != CALLBOT_ABI_VERSION) {
        throw Error(CALLBOT_OTHER, "abi_version",
                    "the callbot library has binary interface " + std::to_string(found) +
                        ", and the program was compiled for " + std::to_string(CALLBOT_ABI_VERSION));
    }
}

}  // namespace callbot

#endif  // CALLBOT_HPP
