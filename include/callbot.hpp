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
 * 1. Ownership. Signer, Rules, Batch and Request each own one object of the C library and free it. They can be moved and
 *    not copied. One that was moved from can be destroyed and assigned to; it reads as empty, and a function that would
 *    need its object throws CALLBOT_NULL_POINTER.
 *
 * 2. Texts in are std::string_view, UTF-8, and need not end with a NUL. They are read during the call and copied where
 *    they are needed for longer. Task, Order and Param only hold views: what they point to must live until the call that
 *    they are passed to returns.
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
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
    void operator()(callbot_request* request) const noexcept { callbot_request_free(request); }
    void operator()(callbot_rules* rules) const noexcept { callbot_rules_free(rules); }
    void operator()(callbot_signer* signer) const noexcept { callbot_signer_free(signer); }
    void operator()(callbot_text* text) const noexcept { callbot_text_free(text); }
};

template <class T>
using Handle = std::unique_ptr<T, Free>;

inline callbot_str lend(std::string_view text) noexcept { return callbot_str{text.data(), text.size()}; }

inline std::string_view view(callbot_str text) noexcept { return {text.data, text.len}; }

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

}  // namespace detail

/**
 * The time of signing, in whole Unix seconds.
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
        callbot_text* text = nullptr;
        detail::call(callbot_signed_string, handle_.get(), detail::lend(request_id),
                     static_cast<std::int64_t>(create_ts.since_1970().count()), detail::lend(body), &text);
        const detail::Handle<callbot_text> owned(text);
        return std::string(detail::view(callbot_text_get(text)));
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

/** A header to send. Both are views. */
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
        const std::size_t count = callbot_request_header_count(handle_.get());
        std::vector<Header> list;
        list.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            list.push_back(Header{detail::view(callbot_request_header_name(handle_.get(), i)),
                                  detail::view(callbot_request_header_value(handle_.get(), i))});
        }
        return list;
    }
    std::vector<Header> headers() const&& = delete;

    /**
     * Signs the same body again, for a retry: the provider wants a new request id for each try. The body is not copied,
     * and this request stays as it is. Arguments and exceptions are those of Batch::sign.
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

    /** To the C library NULL is "no rules": rules that were moved from must not get so far. */
    static const callbot_rules* needed(const Rules& rules) {
        if (rules.handle() == nullptr) {
            throw Error(CALLBOT_NULL_POINTER, "null_pointer", "rules: they were moved from");
        }
        return rules.handle();
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

namespace detail {

/** To the C library a time of 0 is "now". Here it is a time that was never set. */
inline std::int64_t seconds_to_sign(CreateTs create_ts) {
    const std::int64_t seconds = create_ts.since_1970().count();
    if (seconds == 0) {
        throw Error(CALLBOT_CREATE_TS, "create_ts_zero", "createTs: it is 0; give the time now");
    }
    return seconds;
}

}  // namespace detail

inline Request Batch::sign(const Signer& signer, std::string_view request_id, CreateTs create_ts) const {
    callbot_request* request = nullptr;
    detail::call(callbot_build_batch, signer.handle(), handle_.get(), detail::lend(request_id),
                 detail::seconds_to_sign(create_ts), &request);
    return Request(request);
}

inline Request Request::sign_again(const Signer& signer, std::string_view request_id, CreateTs create_ts) const {
    callbot_request* request = nullptr;
    detail::call(callbot_request_sign_again, handle_.get(), signer.handle(), detail::lend(request_id),
                 detail::seconds_to_sign(create_ts), &request);
    return Request(request);
}

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
