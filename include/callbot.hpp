/*
 * callbot for C++17 and later: a thin, header-only layer over callbot.h.
 *
 *     #include <callbot.hpp>
 *     #include <iostream>
 *
 *     int main() try {
 *         callbot::Task task;
 *         task.user_task_id = "5b0e2f0e-60a8-4b0c-9f3e-0a4f0d1c2b3a";
 *         task.order_callback_url = "https://example.com/callbot/order";
 *         task.call_callback_url = "https://example.com/callbot/call";
 *         callbot::Batch batch(task, callbot::Rules().require_param("amount"));
 *
 *         callbot::Order order;
 *         order.order_id = "7b0f2a60-2f0c-4a6e-9f0b-0f6f1f0a2d11";
 *         order.user_phone = "8613800000001";
 *         batch.add(order, {{"amount", "120.50"}});
 *
 *         const callbot::Signer signer("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
 *                                      "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr",
 *                                      callbot::Algorithm::md5);
 *         const callbot::Request request = batch.sign(signer);
 *         for (const auto& [name, value] : request.headers()) {
 *             std::cout << name << ": " << value << '\n';
 *         }
 *         std::cout << '\n' << request.body();
 *     } catch (const callbot::Error& error) {
 *         std::cerr << error.what() << '\n';  // error.violations() lists everything that is wrong
 *         return 1;
 *     }
 *
 * CONVENTIONS
 *
 * 1. Ownership. Signer, Rules, Batch, Request, HeaderBlock, Verifier, Verified, Content and Outcome
 *    each own one object of the C library and free it. They can be moved and not copied. A
 *    moved-from object is empty, as one made by the default constructor is (except Rules): it
 *    converts to false, and can be destroyed and assigned to. Its accessors return empty values, and
 *    a function that needs it throws CALLBOT_NULL_POINTER.
 *
 * 2. String arguments are std::string_view, UTF-8, and need not end with a NUL. They are borrowed
 *    during the call and copied if they are needed for longer. Task, Order and Param hold views, and
 *    a temporary string does not convert to one; the strings must live until the call returns, as
 *    must those of a Header and of ReceivedHeaders.
 *
 * 3. A returned std::string_view lives as long as the object that it was read from; reading one
 *    from a temporary does not compile. A code lives as long as the program.
 *
 * 4. Errors. A function that is not noexcept can throw callbot::Error or, also for
 *    CALLBOT_NO_MEMORY, std::bad_alloc. Then nothing leaks, and no object has changed unless the
 *    function says otherwise.
 *
 * 5. Threads. Several threads may use an object at once through const functions. A function that is
 *    not const needs exclusive access. An Error can be copied and read on any thread.
 *
 * An Error never contains the secret key, a phone number or a name.
 */

#ifndef CALLBOT_HPP
#define CALLBOT_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "callbot.h"

namespace callbot {

/** The digest that the account signs with. The provider's console shows it under Developer. */
enum class Algorithm : std::int32_t {
    md5 = CALLBOT_ALGORITHM_MD5,
    sha256 = CALLBOT_ALGORITHM_SHA256,
};

/** What to do if some orders of a list are invalid. */
enum class Policy : std::int32_t {
    /** Refuses all orders. */
    refuse_all = CALLBOT_POLICY_REFUSE_ALL,
    /** Keeps the valid orders and refuses the others. */
    keep_valid = CALLBOT_POLICY_KEEP_VALID,
};

/** One thing that is wrong with a task, an order or a JSON body. */
struct Violation {
    /** The stable code, for programs, such as "phone_plus". docs/errors.md lists all codes. */
    std::string_view code;
    /**
     * The place: a JSON Pointer (RFC 6901) into the body, such as
     * "/callInfoList/callList/3/userPhone".
     */
    std::string path;
    /** A message for people: what is wrong and what to do. */
    std::string message;
    /** The order's index in the batch, as in the path. None if the violation is about no order. */
    std::optional<std::size_t> order;
    /** The order's index in the call's own list: orders[i] of add_all, callList[i] of JSON. */
    std::optional<std::size_t> list_index;
    /** The field's key, such as "userPhone": the last key of the path. */
    std::string field;
    /** The script template's variable, as the rules have it. Empty if the rules have none. */
    std::string param;
    /** The number of the code, to switch on: CALLBOT_CODE_PHONE_PLUS and so on. */
    std::int32_t code_number = 0;
};

/** Internal: the building blocks of this header. */
namespace detail {

struct Free {
    void operator()(callbot_batch* batch) const noexcept { callbot_batch_free(batch); }
    void operator()(callbot_content* content) const noexcept { callbot_content_free(content); }
    void operator()(callbot_error* error) const noexcept { callbot_error_free(error); }
    void operator()(callbot_explanation* explanation) const noexcept { callbot_explanation_free(explanation); }
    void operator()(callbot_replays* replays) const noexcept { callbot_replays_free(replays); }
    void operator()(callbot_outcome* outcome) const noexcept { callbot_outcome_free(outcome); }
    void operator()(callbot_headers* headers) const noexcept { callbot_headers_free(headers); }
    void operator()(callbot_testing_message* message) const noexcept { callbot_testing_message_free(message); }
    void operator()(callbot_request* request) const noexcept { callbot_request_free(request); }
    void operator()(callbot_rules* rules) const noexcept { callbot_rules_free(rules); }
    void operator()(callbot_signer* signer) const noexcept { callbot_signer_free(signer); }
    void operator()(callbot_string* string) const noexcept { callbot_string_free(string); }
    void operator()(callbot_verified* verified) const noexcept { callbot_verified_free(verified); }
    void operator()(callbot_verifier* verifier) const noexcept { callbot_verifier_free(verifier); }
};

template <class T>
using Handle = std::unique_ptr<T, Free>;

/** The base of the classes that own an object of the C library. */
template <class T>
class Owner {
public:
    /** The C object, for functions of callbot.h. This object still owns it. NULL if it is empty. */
    [[nodiscard]] const T* handle() const& noexcept { return handle_.get(); }
    const T* handle() const&& = delete;

    /** Whether it is not empty. */
    [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }

protected:
    Owner() noexcept = default;
    explicit Owner(Handle<T> handle) noexcept : handle_(std::move(handle)) {}

    // Protected, so that a derived object cannot be sliced into an Owner.
    Owner(Owner&&) noexcept = default;
    Owner& operator=(Owner&&) noexcept = default;
    ~Owner() = default;

    Handle<T> handle_;
};

inline callbot_str borrow(std::string_view string) noexcept { return callbot_str{string.data(), string.size()}; }

inline std::string_view view(callbot_str string) noexcept { return {string.data, string.len}; }

/** Copies a string that the C library made, and frees it. */
inline std::string copied(Handle<callbot_string> string) {
    return std::string(view(callbot_string_get(string.get())));
}

/** The headers of a C object, each as a `Header`. */
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

/** For the C library, SIZE_MAX means none. */
inline std::optional<std::size_t> index(std::size_t found) noexcept {
    return found == SIZE_MAX ? std::nullopt : std::optional(found);
}

inline std::vector<Violation> violations(const callbot_error* error) {
    const std::size_t count = callbot_error_violation_count(error);
    std::vector<Violation> list;
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Violation& violation = list.emplace_back();
        violation.code = view(callbot_error_violation_code(error, i));
        // Empty only without memory. If it is there, so is the path, which may be empty.
        violation.message = view(callbot_error_violation_message(error, i));
        if (violation.message.empty()) {
            throw std::bad_alloc();
        }
        violation.path = view(callbot_error_violation_path(error, i));
        violation.code_number = callbot_error_violation_code_number(error, i);
        violation.field = view(callbot_error_violation_field(error, i));
        violation.param = view(callbot_error_violation_param(error, i));
        violation.order = index(callbot_error_violation_order(error, i));
        violation.list_index = index(callbot_error_violation_list_index(error, i));
    }
    return list;
}

/** The data of an Error. */
struct ErrorData {
    ErrorData(callbot_status its_status, std::string_view its_code, std::string_view its_message,
              std::int32_t its_code_number)
        : status(its_status), code(its_code), code_number(its_code_number), message(its_message) {}

    ErrorData(callbot_status its_status, const callbot_error* error)
        : status(its_status),
          code(view(callbot_error_code(error))),
          code_number(callbot_error_code_number(error)),
          message(error == nullptr ? "unknown error" : view(callbot_error_message(error))),
          violations(detail::violations(error)),
          unlisted_count(callbot_error_unlisted_count(error)) {}

    callbot_status status;
    std::string_view code;
    std::int32_t code_number;
    std::string message;
    std::vector<Violation> violations;
    std::size_t unlisted_count = 0;
};

}  // namespace detail

/**
 * Why a call failed. The only exception of this library, besides std::bad_alloc.
 *
 * A copy neither allocates nor throws: copies share their data, which never changes.
 */
class Error : public std::exception {
public:
    /**
     * For programs that call functions of callbot.h themselves: copies the data of `error`, which
     * may be NULL. The caller still owns it.
     */
    Error(callbot_status status, const callbot_error* error)
        : data_(std::make_shared<const detail::ErrorData>(status, error)) {}

    /** An error of the caller's own. `code` must live as long as the program. */
    Error(callbot_status status, std::string_view code, std::string_view message, std::int32_t code_number = 0)
        : data_(std::make_shared<const detail::ErrorData>(status, code, message, code_number)) {}

    // A move is a copy: a moved-from exception would have no data.
    Error(const Error&) noexcept = default;
    Error& operator=(const Error&) noexcept = default;
    ~Error() override = default;

    /** The status, such as CALLBOT_REFUSED. Later releases may add statuses. */
    callbot_status status() const noexcept { return data_->status; }

    /**
     * The stable code, for programs, such as "secret_key_blank_at_end". "refused" if there are
     * violations.
     */
    std::string_view code() const noexcept { return data_->code; }

    /** The number of the code, to switch on: CALLBOT_CODE_... 0 for a code that C does not have. */
    std::int32_t code_number() const noexcept { return data_->code_number; }

    /** A message for people, in one line: what is wrong and what to do. */
    const char* what() const noexcept override { return data_->message.c_str(); }

    /** All violations if the status is CALLBOT_REFUSED; otherwise empty. */
    const std::vector<Violation>& violations() const& noexcept { return data_->violations; }
    const std::vector<Violation>& violations() const&& = delete;

    /** The number of violations that are not listed. 0 unless there are more than a million. */
    std::size_t unlisted_count() const noexcept { return data_->unlisted_count; }

private:
    std::shared_ptr<const detail::ErrorData> data_;
};

namespace detail {

/**
 * Calls a function of callbot.h, with the error as its last argument, and throws if it fails.
 * Returns the error that came with a success: the list of refused orders, or NULL.
 */
template <class Function, class... Arguments>
Handle<callbot_error> call(Function function, Arguments... arguments) {
    callbot_error* given = nullptr;
    const callbot_status status = function(arguments..., &given);
    // Owned before anything can throw.
    Handle<callbot_error> error(given);
    if (status == CALLBOT_NO_MEMORY) {
        throw std::bad_alloc();
    }
    if (status != CALLBOT_OK) {
        throw Error(status, error.get());
    }
    return error;
}

/** Calls a function of callbot.h that makes an object, its last argument but one. */
template <class T, class Function, class... Arguments>
Handle<T> make(Function function, Arguments... arguments) {
    T* made = nullptr;
    call(function, arguments..., &made);
    return Handle<T>(made);
}

/**
 * The handle of an argument for which the C library takes NULL as "none". Throws if it is empty.
 */
template <class Object>
auto required(const Object& object, std::string_view message) {
    if (object.handle() == nullptr) {
        throw Error(CALLBOT_NULL_POINTER, "null_pointer", message, CALLBOT_CODE_NULL_POINTER);
    }
    return object.handle();
}

}  // namespace detail

/**
 * A time of signing or receiving, in whole Unix seconds.
 *
 * Converts from std::chrono::seconds since 1970 and from a time of std::chrono::system_clock.
 * Milliseconds and plain numbers do not convert, so that milliseconds cannot be passed by mistake:
 *
 *     signer.sign("r-1", std::chrono::seconds(1726200000), body);
 *     signer.sign("r-1", std::chrono::system_clock::now(), body);
 */
class CreateTs {
public:
    constexpr CreateTs(std::chrono::seconds since_1970) noexcept : since_1970_(since_1970) {}

    /** Rounds down to whole seconds. */
    template <class Duration>
    constexpr CreateTs(std::chrono::time_point<std::chrono::system_clock, Duration> time) noexcept
        : since_1970_(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch()) {}

    static CreateTs now() noexcept { return std::chrono::system_clock::now(); }

    constexpr std::chrono::seconds since_1970() const noexcept { return since_1970_; }

private:
    std::chrono::seconds since_1970_;
};

namespace detail {

/** For the C library a time of 0 means now. Here it is a time that was never set. */
inline std::int64_t seconds_of(CreateTs time) {
    const std::int64_t seconds = time.since_1970().count();
    if (seconds == 0) {
        throw Error(CALLBOT_CREATE_TS, "create_ts_zero", "the timestamp is 0, so it was never set; use Unix seconds",
                    CALLBOT_CODE_CREATE_TS_ZERO);
    }
    return seconds;
}

/** Saturates at the latest time that CreateTs can hold. */
inline CreateTs time_of(std::uint64_t seconds) noexcept {
    constexpr std::chrono::seconds last = std::chrono::seconds::max();
    return seconds < static_cast<std::uint64_t>(last.count())
               ? std::chrono::seconds(static_cast<std::chrono::seconds::rep>(seconds))
               : last;
}

}  // namespace detail

class Request;
class Rules;

/**
 * The account that signs. It never changes, so several threads may use it at once. The secret key
 * is wiped from memory when it is destroyed.
 */
class Signer : public detail::Owner<callbot_signer> {
public:
    /** Empty. */
    Signer() noexcept = default;

    /**
     * `uuid` and `secret_key` are those of the provider's console, under Developer; both are
     * copied.
     *
     * Throws CALLBOT_SECRET_KEY if the key is empty or has whitespace or a line feed at an end, and
     * CALLBOT_UUID.
     */
    Signer(std::string_view uuid, std::string_view secret_key, Algorithm algorithm)
        : Owner(detail::make<callbot_signer>(callbot_signer_new, detail::borrow(uuid), detail::borrow(secret_key),
                                             static_cast<std::int32_t>(algorithm))) {}

    /**
     * Signs any body: the exact bytes to send. `request_id` and `create_ts` are the values of the
     * headers of the same name.
     *
     * Returns upper-case hex: 32 digits for MD5, 64 for SHA-256. Throws CALLBOT_REQUEST_ID and
     * CALLBOT_CREATE_TS.
     */
    [[nodiscard]] std::string sign(std::string_view request_id, CreateTs create_ts, std::string_view body) const {
        char sign[CALLBOT_SIGN_CAPACITY];
        detail::call(callbot_sign, handle_.get(), detail::borrow(request_id),
                     static_cast<std::int64_t>(create_ts.since_1970().count()), detail::borrow(body), sign);
        return sign;
    }

    /**
     * Checks a request to an endpoint, given by the API's own name, and signs it:
     *
     *     signer.request("stopOrder", R"({"userTaskID": "spring", "orderIDs": ["1", "2"]})")
     *
     * `json` is the request as the endpoint's page documents it. Whitespace and the order of the
     * keys do not matter, productID is added if it is left out, and the body is compact. A request
     * with orders is refused as a whole if one is invalid.
     *
     * With rules, they are those of the batch for a request with orders. For any other one,
     * Rules::allow_blank_edges is the only one with an effect: a task or an order whose ID begins
     * or ends with whitespace can be stopped and listed as well.
     *
     * Throws CALLBOT_ENDPOINT if there is no such endpoint, CALLBOT_REFUSED with a list of
     * violations, and as Batch::sign, whose other arguments it takes.
     */
    [[nodiscard]] Request request(std::string_view endpoint, std::string_view json, std::string_view request_id = {},
                                  CreateTs create_ts = CreateTs::now()) const;
    [[nodiscard]] Request request(std::string_view endpoint, std::string_view json, const Rules& rules,
                                  std::string_view request_id = {}, CreateTs create_ts = CreateTs::now()) const;

    /**
     * Shows the string that `sign` hashes, with *** in place of the secret key, to find out why two
     * signatures differ. The string contains the whole body and with it personal data: do not log
     * it. Throws as `sign`.
     */
    [[nodiscard]] std::string signed_string(std::string_view request_id, CreateTs create_ts,
                                            std::string_view body) const {
        return detail::copied(detail::make<callbot_string>(
            callbot_signed_string, handle_.get(), detail::borrow(request_id),
            static_cast<std::int64_t>(create_ts.since_1970().count()), detail::borrow(body)));
    }
};

/**
 * What a campaign requires of its orders beyond the API's own rules. A batch copies the rules when
 * it is made.
 *
 *     callbot::Rules rules;
 *     rules.require_param("amount").allow_country_code("86").max_orders(1000);
 */
class Rules : public detail::Owner<callbot_rules> {
public:
    /** Makes rules that require nothing yet. */
    Rules() : Owner(detail::Handle<callbot_rules>(callbot_rules_new())) {
        if (handle_ == nullptr) {
            throw std::bad_alloc();
        }
    }

    /**
     * Adds a variable of the script template. Every order must then fill each added variable
     * exactly once, and no other. Throws CALLBOT_RULES if the name is empty or was added before.
     */
    Rules& require_param(std::string_view name) & {
        detail::call(callbot_rules_require_param, handle_.get(), detail::borrow(name));
        return *this;
    }
    [[nodiscard]] Rules require_param(std::string_view name) && { return std::move(require_param(name)); }

    /**
     * Declares that the script template has no other variables than those added. If none is added,
     * no order may have params.
     */
    Rules& require_no_other_params() & {
        detail::call(callbot_rules_require_no_other_params, handle_.get());
        return *this;
    }
    [[nodiscard]] Rules require_no_other_params() && { return std::move(require_no_other_params()); }

    /**
     * Allows a country code, such as "86". Once a code is allowed, a number with any other country
     * code is refused. Throws CALLBOT_RULES unless it is an assigned E.164 country code, without +
     * or leading zeros.
     */
    Rules& allow_country_code(std::string_view digits) & {
        detail::call(callbot_rules_allow_country_code, handle_.get(), detail::borrow(digits));
        return *this;
    }
    [[nodiscard]] Rules allow_country_code(std::string_view digits) && {
        return std::move(allow_country_code(digits));
    }

    /** Sets the maximum number of orders in a batch. Throws CALLBOT_RULES for 0. */
    Rules& max_orders(std::size_t max) & {
        detail::call(callbot_rules_max_orders, handle_.get(), max);
        return *this;
    }
    [[nodiscard]] Rules max_orders(std::size_t max) && { return std::move(max_orders(max)); }

    /**
     * Allows whitespace, control and invisible characters at the start and end of orderID,
     * userTaskID and the names of params. Otherwise they are refused.
     */
    Rules& allow_blank_edges() & {
        detail::call(callbot_rules_allow_blank_edges, handle_.get());
        return *this;
    }
    [[nodiscard]] Rules allow_blank_edges() && { return std::move(allow_blank_edges()); }

    /** Refuses an order whose phone number another order of the batch has already. */
    Rules& unique_phones() & {
        detail::call(callbot_rules_unique_phones, handle_.get());
        return *this;
    }
    [[nodiscard]] Rules unique_phones() && { return std::move(unique_phones()); }
};

/**
 * A view of a string that outlives it: a literal, a std::string_view, or a variable. A temporary
 * string does not convert, since it would be destroyed before the view is read.
 */
class Borrowed {
    template <class String>
    using IsString = std::enable_if_t<std::is_class_v<String> && !std::is_same_v<String, Borrowed> &&
                                      !std::is_same_v<String, std::string_view> &&
                                      std::is_convertible_v<const String&, std::string_view>>;

public:
    /** The empty string. */
    constexpr Borrowed() noexcept = default;
    constexpr Borrowed(const char* string) noexcept : view_(string) {}
    constexpr Borrowed(std::string_view string) noexcept : view_(string) {}
    template <class String, class = IsString<String>>
    constexpr Borrowed(const String& string) noexcept(noexcept(std::string_view(string))) : view_(string) {}
    template <class String, class = IsString<String>>
    Borrowed(const String&&) = delete;
    Borrowed(std::nullptr_t) = delete;

    constexpr operator std::string_view() const noexcept { return view_; }

private:
    std::string_view view_;
};

/** The task that a batch's orders are added to. It must exist at the provider. */
struct Task {
    /** userTaskID: the task's ID. */
    Borrowed user_task_id{};
    /** orderCallbackUrl: called when an order has finished. Absolute http or https. */
    Borrowed order_callback_url{};
    /** callCallbackUrl: called when a call has finished. Absolute http or https. */
    Borrowed call_callback_url{};
};

/** A variable of the script template and its value. Both are not empty. */
struct Param {
    Borrowed name{};
    Borrowed value{};
};

/**
 * A view of params that outlive it: a variable that is an array or a vector of Param, or a pointer
 * and a count. A temporary list does not convert.
 */
class Params {
    template <class List>
    using IsList = std::enable_if_t<!std::is_same_v<List, Params> &&
                                    std::is_convertible_v<decltype(std::data(std::declval<const List&>())), const Param*>>;

public:
    /** No params. */
    constexpr Params() noexcept = default;
    constexpr Params(const Param* first, std::size_t count) noexcept : first_(first), count_(count) {}
    template <class List, class = IsList<List>>
    constexpr Params(const List& list) noexcept : first_(std::data(list)), count_(std::size(list)) {}
    template <class List, class = IsList<List>>
    Params(const List&&) = delete;
    Params(std::initializer_list<Param>) = delete;

    [[nodiscard]] constexpr const Param* begin() const noexcept { return first_; }
    [[nodiscard]] constexpr const Param* end() const noexcept { return first_ + count_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return count_; }

private:
    const Param* first_ = nullptr;
    std::size_t count_ = 0;
};

/**
 * An order: one phone number to call, in one or more rounds.
 *
 *     callbot::Order order;
 *     order.order_id = row.id;
 *     order.user_phone = row.phone;
 *     batch.add(order, {{"name", row.name}, {"amount", row.amount}});
 *
 * Or, since C++20: callbot::Order{.order_id = row.id, .user_phone = row.phone}.
 */
struct Order {
    /** orderID: your own globally unique ID, such as a UUID. The callbacks return it. Not empty. */
    Borrowed order_id{};
    /** userPhone: 7 to 15 digits that begin with the country code, without any symbol. */
    Borrowed user_phone{};
    /** other: your own data, which the callbacks return. May be empty. */
    Borrowed other{};
    /** userName. May be empty. */
    Borrowed user_name{};
    /** customerName. May be empty. */
    Borrowed customer_name{};
    /** params: the values of the script template's variables. A view: see Batch::add. */
    Params params{};
};

/** A header, to send or received. */
struct Header {
    std::string_view name;
    std::string_view value;
};

/**
 * What a response must match: four values of a request and the name of its endpoint. A program that
 * stores them can verify the response after a restart.
 */
struct Sent {
    std::string endpoint;
    std::string request_id;
    std::string uuid;
    Algorithm algorithm = Algorithm::md5;
};

/**
 * A signed HTTP request: send exactly this body with exactly these headers.
 *
 * Made by Batch::sign, Signer::request and Request::to. It never changes, and stays valid when its
 * batch and signer are changed or destroyed. A move keeps its strings where they are.
 */
class Request : public detail::Owner<callbot_request> {
public:
    /** Empty. */
    Request() noexcept = default;

    /** "POST". */
    [[nodiscard]] std::string_view method() const& noexcept {
        return detail::view(callbot_request_method(handle_.get()));
    }
    std::string_view method() const&& = delete;

    /** The path, to be appended to the provider's base URL. */
    [[nodiscard]] std::string_view path() const& noexcept { return detail::view(callbot_request_path(handle_.get())); }
    std::string_view path() const&& = delete;

    /** The name of the endpoint, such as "addBatchCall". Empty for a request to any other path. */
    [[nodiscard]] std::string_view endpoint() const& noexcept {
        return detail::view(callbot_request_endpoint(handle_.get()));
    }
    std::string_view endpoint() const&& = delete;

    /** What the response must match, to be kept longer than this request. */
    [[nodiscard]] Sent sent() const {
        const callbot_sent sent = callbot_request_sent(handle_.get());
        return {std::string(detail::view(sent.endpoint)), std::string(detail::view(sent.request_id)),
                std::string(detail::view(sent.uuid)), static_cast<Algorithm>(sent.algorithm)};
    }

    /** The bytes to send. They are signed: do not parse and serialise them again. */
    [[nodiscard]] std::string_view body() const& noexcept { return detail::view(callbot_request_body(handle_.get())); }
    std::string_view body() const&& = delete;

    /**
     * The headers to send: `for (const auto& [name, value] : request.headers())`. Values are ASCII
     * without control characters.
     */
    [[nodiscard]] std::vector<Header> headers() const& {
        return detail::headers<Header>(handle_.get(), callbot_request_header_count, callbot_request_header_name,
                                       callbot_request_header_value);
    }
    std::vector<Header> headers() const&& = delete;

    /**
     * The headers as lines "Name: value", each with a NUL, as curl_slist_append needs. They live as
     * long as this request.
     */
    [[nodiscard]] std::vector<const char*> header_lines() const& {
        std::vector<const char*> lines(callbot_request_header_count(handle_.get()));
        for (std::size_t i = 0; i < lines.size(); ++i) {
            lines[i] = callbot_request_header_line(handle_.get(), i).data;
        }
        return lines;
    }
    std::vector<const char*> header_lines() const&& = delete;

    /**
     * The URL to send the request to. `base_url` is "https://nxbot.nxcloud.com" for the provider's
     * production; a path in it, such as a proxy's, comes before the request's own. Throws
     * CALLBOT_BASE_URL unless it is an absolute http or https URL without query and fragment.
     */
    [[nodiscard]] std::string url(std::string_view base_url) const {
        return detail::copied(
            detail::make<callbot_string>(callbot_request_url, handle_.get(), detail::borrow(base_url)));
    }

    /**
     * Signs the body again, for a retry: the provider requires a new request ID for each attempt.
     * The body is not copied, and this request does not change. Arguments and errors are as for
     * Batch::sign.
     *
     * If an answer was lost or was an internal error (5001), the provider may have accepted the
     * orders. What it does with a duplicate orderID is not published: it may call the same people
     * twice.
     */
    [[nodiscard]] Request sign_again(const Signer& signer, std::string_view request_id = {},
                                     CreateTs create_ts = CreateTs::now()) const {
        return Request(detail::make<callbot_request>(callbot_request_sign_again, handle_.get(), signer.handle(),
                                                     detail::borrow(request_id), detail::seconds_of(create_ts)));
    }

    /**
     * Signs any path and any body as they are: for endpoints that the library does not know. Throws
     * CALLBOT_PATH unless path begins with exactly one "/" and is visible ASCII without "#". The
     * other arguments and errors are as for Batch::sign.
     */
    [[nodiscard]] static Request to(const Signer& signer, std::string_view path, std::string_view body,
                                    std::string_view request_id = {}, CreateTs create_ts = CreateTs::now()) {
        return Request(detail::make<callbot_request>(callbot_request_new, signer.handle(), detail::borrow(path),
                                                     detail::borrow(body), detail::borrow(request_id),
                                                     detail::seconds_of(create_ts)));
    }

private:
    friend class Batch;
    friend class Signer;

    using Owner::Owner;
};

/**
 * The URL of a path that was stored, as Request::url is that of a request. Throws CALLBOT_BASE_URL,
 * and CALLBOT_PATH for a path that Request::to refuses.
 */
[[nodiscard]] inline std::string join_url(std::string_view base_url, std::string_view path) {
    return detail::copied(
        detail::make<callbot_string>(callbot_url_join, detail::borrow(base_url), detail::borrow(path)));
}

inline Request Signer::request(std::string_view endpoint, std::string_view json, const Rules& rules,
                               std::string_view request_id, CreateTs create_ts) const {
    return Request(detail::make<callbot_request>(callbot_request_from_json_with, handle_.get(), detail::required(rules, "rules must not be empty"),
                                                 detail::borrow(endpoint), detail::borrow(json),
                                                 detail::borrow(request_id), detail::seconds_of(create_ts)));
}

inline Request Signer::request(std::string_view endpoint, std::string_view json, std::string_view request_id,
                               CreateTs create_ts) const {
    return Request(detail::make<callbot_request>(callbot_request_from_json, handle_.get(), detail::borrow(endpoint),
                                                 detail::borrow(json), detail::borrow(request_id),
                                                 detail::seconds_of(create_ts)));
}

struct KeptBatch;

/**
 * A batch of orders for one request.
 *
 * Each order is validated when it is added, and serialised into the request's body. Nothing of it
 * is needed afterwards. A function that throws CALLBOT_REFUSED lists all violations. A string of an
 * order that is not UTF-8 is a violation of that order.
 */
class Batch : public detail::Owner<callbot_batch> {
    /** A param of one call, which may be made of temporary strings. It cannot be kept. */
    struct Lent {
        Lent(std::string_view name, std::string_view value) noexcept
            : param{detail::borrow(name), detail::borrow(value)} {}
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;

        callbot_param param;
    };

public:
    /** Empty: it belongs to no task, and takes no order. */
    Batch() noexcept = default;

    /** Makes an empty batch without rules. Throws CALLBOT_REFUSED if the task is invalid. */
    explicit Batch(const Task& task) : Batch(task, static_cast<const callbot_rules*>(nullptr)) {}

    /** Makes an empty batch with rules, which are copied. */
    Batch(const Task& task, const Rules& rules) : Batch(task, required(rules)) {}

    /**
     * Reads a batch from a JSON body as the API documents it. The JSON is not needed afterwards.
     * Throws CALLBOT_REFUSED if there is any violation.
     */
    [[nodiscard]] static Batch from_json(std::string_view json) {
        return read(Policy::refuse_all, callbot_batch_from_json, nullptr, detail::borrow(json)).first;
    }
    [[nodiscard]] static Batch from_json(std::string_view json, const Rules& rules) {
        return read(Policy::refuse_all, callbot_batch_from_json, required(rules), detail::borrow(json)).first;
    }

    /**
     * The same with a policy. With Policy::keep_valid, it throws CALLBOT_REFUSED only for a
     * violation outside of the orders. Otherwise the batch has the valid orders, and `refused`
     * lists the violations of the others.
     *
     *     auto [batch, refused] = callbot::Batch::from_json(json, callbot::Policy::keep_valid);
     */
    [[nodiscard]] static KeptBatch from_json(std::string_view json, Policy policy);
    [[nodiscard]] static KeptBatch from_json(std::string_view json, Policy policy, const Rules& rules);

    /**
     * Makes a batch for an endpoint that takes orders: "addBatchCall", "importBatchCall" or
     * "createAndCall". `json` is the request as the endpoint's page documents it. Its callList may
     * have orders, be empty, or be missing; more orders are added as always. productID is added if
     * it is left out. Throws CALLBOT_ENDPOINT for any other endpoint, and CALLBOT_REFUSED.
     */
    [[nodiscard]] static Batch for_endpoint(std::string_view endpoint, std::string_view json) {
        return read(Policy::refuse_all, callbot_batch_new_for, nullptr, detail::borrow(endpoint), detail::borrow(json))
            .first;
    }
    [[nodiscard]] static Batch for_endpoint(std::string_view endpoint, std::string_view json, const Rules& rules) {
        return read(Policy::refuse_all, callbot_batch_new_for, required(rules), detail::borrow(endpoint),
                    detail::borrow(json))
            .first;
    }

    /** The same with a policy, as for from_json. */
    [[nodiscard]] static KeptBatch for_endpoint(std::string_view endpoint, std::string_view json, Policy policy);
    [[nodiscard]] static KeptBatch for_endpoint(std::string_view endpoint, std::string_view json, Policy policy,
                                                const Rules& rules);

    /** Adds an order, whose strings are copied. Throws CALLBOT_REFUSED if it is invalid. */
    void add(const Order& order) { add(order, {}); }

    /**
     * The same with params that are lent to the call. They may be made of temporary strings:
     *
     *     batch.add(order, {{"name", row.name}, {"amount", std::to_string(row.amount)}});
     *
     * If the order has params of its own, they come first.
     */
    void add(const Order& order, std::initializer_list<Lent> params) {
        params_.clear();
        params_.reserve(order.params.size() + params.size());
        callbot_order borrowed = borrow(order);
        for (const Lent& lent : params) {
            params_.push_back(lent.param);
        }
        borrowed.param_count = params_.size();
        detail::call(callbot_batch_add, handle_.get(), &borrowed);
    }

    /**
     * Adds all orders in one call, with the params that each refers to, or none. Throws
     * CALLBOT_REFUSED if any is invalid.
     */
    void add_all(const Order* orders, std::size_t count) {
        detail::call(add_list, this, orders, count, Policy::refuse_all);
    }
    void add_all(const std::vector<Order>& orders) { add_all(orders.data(), orders.size()); }

    /**
     * The same with a policy. With Policy::keep_valid it adds the valid orders and returns the
     * violations of the others. The index of an order, also in paths, continues from the orders
     * that the batch had before.
     *
     * If there is no memory for the list of violations, it throws std::bad_alloc; the valid orders
     * are then in the batch.
     */
    [[nodiscard]] std::vector<Violation> add_all(const Order* orders, std::size_t count, Policy policy) {
        const auto refused = detail::call(add_list, this, orders, count, policy);
        return detail::violations(refused.get());
    }
    [[nodiscard]] std::vector<Violation> add_all(const std::vector<Order>& orders, Policy policy) {
        return add_all(orders.data(), orders.size(), policy);
    }

    /**
     * Reserves memory for more orders, of `order_bytes` bytes each in the body. If the allocation
     * fails, nothing happens.
     */
    void reserve(std::size_t orders, std::size_t order_bytes) noexcept {
        callbot_batch_reserve(handle_.get(), orders, order_bytes);
    }

    /** The number of orders. */
    [[nodiscard]] std::size_t size() const noexcept { return callbot_batch_len(handle_.get()); }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /** Removes all orders; the task, the rules and the memory stay. */
    void clear() noexcept { callbot_batch_clear(handle_.get()); }

    /**
     * Builds the request that adds the orders to their task. The batch can be used again; its body
     * is not copied.
     *
     * An empty `request_id` means a random one. The request's headers show it and the time. Throws
     * CALLBOT_EMPTY_BATCH, CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS and CALLBOT_NO_RANDOM.
     */
    [[nodiscard]] Request sign(const Signer& signer, std::string_view request_id = {},
                               CreateTs create_ts = CreateTs::now()) const {
        return Request(detail::make<callbot_request>(callbot_build_batch, signer.handle(), handle_.get(),
                                                     detail::borrow(request_id), detail::seconds_of(create_ts)));
    }

private:
    using Owner::Owner;

    Batch(const Task& task, const callbot_rules* rules)
        : Owner(detail::make<callbot_batch>(callbot_batch_new, rules, detail::borrow(task.user_task_id),
                                            detail::borrow(task.order_callback_url),
                                            detail::borrow(task.call_callback_url))) {}

    static const callbot_rules* required(const Rules& rules) {
        return detail::required(rules, "rules must not be empty");
    }

    using Read = std::pair<Batch, detail::Handle<callbot_error>>;

    template <class Function, class... Arguments>
    static Read read(Policy policy, Function function, const callbot_rules* rules, Arguments... arguments) {
        callbot_batch* batch = nullptr;
        auto refused = detail::call(function, rules, arguments..., static_cast<std::int32_t>(policy), &batch);
        return {Batch(detail::Handle<callbot_batch>(batch)), std::move(refused)};
    }

    static KeptBatch kept(Read read);

    /** params_ must have room for the order's params: the result points into it. */
    callbot_order borrow(const Order& order) noexcept {
        const std::size_t first = params_.size();
        for (const Param& param : order.params) {
            params_.push_back(callbot_param{detail::borrow(param.name), detail::borrow(param.value)});
        }
        return callbot_order{
            detail::borrow(order.order_id),  detail::borrow(order.user_phone),    detail::borrow(order.other),
            detail::borrow(order.user_name), detail::borrow(order.customer_name), params_.data() + first,
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
        std::vector<callbot_order> borrowed;
        borrowed.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            borrowed.push_back(batch->borrow(orders[i]));
        }
        return callbot_batch_add_all(batch->handle_.get(), borrowed.data(), borrowed.size(),
                                     static_cast<std::int32_t>(policy), error);
    }

    /** A buffer for the params of the orders being added, kept from one call to the next. */
    std::vector<callbot_param> params_;
};

/** A batch that was read from JSON, and the violations of the orders that it does not have. */
struct KeptBatch {
    Batch batch;
    /** The paths have the indices of the JSON. Empty if no order was refused. */
    std::vector<Violation> refused;
};

inline KeptBatch Batch::kept(Read read) {
    // Made first: some compilers leak the first member if the initialiser of the second throws.
    std::vector<Violation> refused = detail::violations(read.second.get());
    return {std::move(read.first), std::move(refused)};
}

inline KeptBatch Batch::from_json(std::string_view json, Policy policy) {
    return kept(read(policy, callbot_batch_from_json, nullptr, detail::borrow(json)));
}

inline KeptBatch Batch::from_json(std::string_view json, Policy policy, const Rules& rules) {
    return kept(read(policy, callbot_batch_from_json, required(rules), detail::borrow(json)));
}

inline KeptBatch Batch::for_endpoint(std::string_view endpoint, std::string_view json, Policy policy) {
    return kept(read(policy, callbot_batch_new_for, nullptr, detail::borrow(endpoint), detail::borrow(json)));
}

inline KeptBatch Batch::for_endpoint(std::string_view endpoint, std::string_view json, Policy policy,
                                     const Rules& rules) {
    return kept(read(policy, callbot_batch_new_for, required(rules), detail::borrow(endpoint), detail::borrow(json)));
}

/**
 * The headers of a received message, split from a raw block of lines as `curl -D` or a server
 * writes it: an optional status or request line, lines of "Name: value", and an empty line, which
 * may be missing. The last of several blocks counts; neither a body nor trailers may follow. It
 * converts to ReceivedHeaders:
 *
 *     verifier.verify_callback(callbot::HeaderBlock(lines), body);
 */
class HeaderBlock : public detail::Owner<callbot_headers> {
public:
    /** Empty. */
    HeaderBlock() noexcept = default;

    /**
     * Copies the block. Throws CALLBOT_HEADERS if two programs could read it differently:
     * whitespace before a colon, a folded line, a bare CR, a NUL, a line without a colon, or an
     * invalid name.
     */
    explicit HeaderBlock(std::string_view block)
        : Owner(detail::make<callbot_headers>(callbot_headers_parse, detail::borrow(block))) {}

    /** The headers, with their values trimmed. */
    [[nodiscard]] std::vector<Header> headers() const& {
        const callbot_header* first = callbot_headers_get(handle_.get());
        std::vector<Header> list(callbot_headers_count(handle_.get()));
        for (std::size_t i = 0; i < list.size(); ++i) {
            list[i] = Header{detail::view(first[i].name), detail::view(first[i].value)};
        }
        return list;
    }
    std::vector<Header> headers() const&& = delete;
};

/** A mistake that makes a signature wrong. */
struct Cause {
    /** A stable code, such as "body_separators". */
    std::string code;
    /** What is wrong, for people. */
    std::string message;
    /** What to do, for people. */
    std::string fix;
};

/** What Replays::begin found. Later releases may add values. */
enum class ClaimState : std::int32_t {
    /** The callback is claimed by the caller from now on. */
    begun = CALLBOT_CLAIM_BEGUN,
    /** Another worker processes the callback. Answer 503 with the header Retry-After. */
    in_process = CALLBOT_CLAIM_IN_PROCESS,
    /** The callback was processed. Answer as for a processed one: 200 with the body "success". */
    done = CALLBOT_CLAIM_DONE,
};

/** The claim of a callback. */
struct Claim {
    ClaimState state = ClaimState::in_process;
    /** With ClaimState::begun, the token by which the owner completes the claim. */
    std::uint64_t token = 0;
    /** With ClaimState::in_process, the seconds until the lease has run out, for Retry-After. */
    std::chrono::seconds left{0};
};

/**
 * A store of received callbacks, in memory, so that none is processed twice. Several threads may
 * use it at once. callbot.h says what a key is, and how many callbacks a second a store can take.
 *
 *     const callbot::Claim claim = replays.begin(key);
 *     if (claim.state == callbot::ClaimState::begun) {
 *         process(callback);
 *         replays.done(key, claim.token, verified.replay_expires_at().since_1970() + 60s);
 *     }
 */
class Replays : public detail::Owner<callbot_replays> {
public:
    /** Makes an empty store of at most so many callbacks; 0 means 100,000. */
    explicit Replays(std::size_t capacity = 0) : Owner(detail::make<callbot_replays>(callbot_replays_new, capacity)) {}

    /**
     * Claims a callback, unless another worker has claimed it or it is done. The lease must be
     * longer than processing ever takes; 0 or less means 60 seconds. Throws CALLBOT_REPLAYS_FULL.
     */
    [[nodiscard]] Claim begin(std::string_view key, std::chrono::seconds lease = std::chrono::seconds(60),
                              CreateTs now = CreateTs::now()) {
        callbot_claim claim{};
        const auto seconds = static_cast<std::uint64_t>(lease.count() < 0 ? 0 : lease.count());
        detail::call(callbot_replays_begin, handle_.get(), detail::borrow(key), seconds, detail::seconds_of(now),
                     &claim);
        return {static_cast<ClaimState>(claim.state), claim.token, detail::time_of(claim.left).since_1970()};
    }

    /**
     * Completes a claim: the callback is done, and remembered until a time. Throws
     * CALLBOT_CLAIM_LOST if the claim is not held, because the lease ran out; nothing happens then.
     */
    void done(std::string_view key, std::uint64_t token, CreateTs until, CreateTs now = CreateTs::now()) {
        detail::call(callbot_replays_done, handle_.get(), detail::borrow(key), token,
                     static_cast<std::uint64_t>(detail::seconds_of(until)), detail::seconds_of(now));
    }

    /**
     * Ends a claim whose callback could not be processed, so that it is accepted again at once.
     * Throws CALLBOT_CLAIM_LOST if the claim is not held, or is done; nothing happens then.
     */
    void release(std::string_view key, std::uint64_t token, CreateTs now = CreateTs::now()) {
        detail::call(callbot_replays_release, handle_.get(), detail::borrow(key), token, detail::seconds_of(now));
    }
};

/** Whether a signature is right, and if not, why. Made by explain. */
struct Explanation {
    bool matches = false;
    /**
     * The one or two mistakes that together make the signature. Empty if it is right, and if no
     * mistake explains it.
     */
    std::vector<Cause> causes;
};

/**
 * The headers of a received message: all of them, or at least requestID, uuid, createTs and sign.
 * Names in any case.
 *
 * Converts from a HeaderBlock, from a list, and from any container of Header or of pairs of
 * strings, such as std::map<std::string, std::string>:
 *
 *     verifier.verify_callback(server_request.headers, server_request.body);
 *     verifier.verify_callback({{"requestID", id}, {"uuid", uuid}, {"createTs", ts}, {"sign", s}},
 *                              body);
 *
 * Keep duplicate headers, as a std::multimap does: a duplicate of these four is refused, and a map
 * that keeps the last one would hide it.
 */
class ReceivedHeaders {
    static callbot_header borrow(const Header& header) {
        return {detail::borrow(header.name), detail::borrow(header.value)};
    }

    template <class Name, class Value,
              class = std::enable_if_t<std::is_convertible_v<const Name&, std::string_view> &&
                                       std::is_convertible_v<const Value&, std::string_view>>>
    static callbot_header borrow(const std::pair<Name, Value>& header) {
        return borrow(Header{header.first, header.second});
    }

    /**
     * Elements that the range's iterator returns by value would be destroyed before they are read.
     */
    template <class Range, class Element = decltype(*std::begin(std::declval<const Range&>())),
              class = decltype(borrow(std::declval<Element>()))>
    using Lasting = std::enable_if_t<std::is_lvalue_reference_v<Element>>;

public:
    ReceivedHeaders(std::initializer_list<Header> headers) { borrow_all(headers); }

    /** Throws CALLBOT_NULL_POINTER if the block is an empty object. */
    ReceivedHeaders(const HeaderBlock& block) {
        const callbot_headers* handle = detail::required(block, "headers must not be empty");
        const callbot_header* first = callbot_headers_get(handle);
        borrowed_.assign(first, first + callbot_headers_count(handle));
    }

    template <class Range, class = Lasting<Range>>
    ReceivedHeaders(const Range& headers) {
        borrow_all(headers);
    }

private:
    friend class Verifier;
    friend Explanation explain(const Signer& signer, const ReceivedHeaders& headers, std::string_view body,
                               bool received, CreateTs now);

    template <class Range>
    void borrow_all(const Range& headers) {
        for (const auto& header : headers) {
            borrowed_.push_back(borrow(header));
        }
    }

    std::vector<callbot_header> borrowed_;
};

/**
 * Whether a retry, with a new request ID and time, can succeed. Later releases may add values. A
 * retry that can succeed is not harmless: see Request::sign_again.
 */
enum class Retry : std::int32_t {
    /** The request succeeded: sending it again would call the same people again. */
    succeeded = CALLBOT_RETRY_SUCCEEDED,
    /**
     * A retry can succeed later: the provider is busy (7), under maintenance (5), or importing
     * (1001).
     */
    later = CALLBOT_RETRY_LATER,
    /** The same request will fail again. */
    never = CALLBOT_RETRY_NEVER,
    /**
     * Not documented, as for an internal server error (5001): the orders may have been accepted.
     */
    unknown = CALLBOT_RETRY_UNKNOWN,
};

/** What a verified message is read as. */
enum class ContentKind : std::int32_t {
    /** The response to the request that the message was verified with. */
    response = CALLBOT_CONTENT_RESPONSE,
    /** A call callback, which is sent to callCallbackUrl. */
    call_callback = CALLBOT_CONTENT_CALL_CALLBACK,
    /** An order callback, which is sent to orderCallbackUrl. */
    order_callback = CALLBOT_CONTENT_ORDER_CALLBACK,
    /** A task callback, which is sent to taskCallbackUrl. */
    task_callback = CALLBOT_CONTENT_TASK_CALLBACK,
};

/** How a request went. Its views live as long as the verified message. */
struct Result {
    /** retCode: 0 for success, any other number is a failure. */
    std::int64_t code = -1;
    /** Whether a retry can succeed. */
    Retry retry = Retry::unknown;
    /** The documented meaning of the code; empty for an undocumented one. */
    std::string_view meaning{};
    /** retMsg: the provider's message. Empty if it is absent. */
    std::string_view message{};
    /** responseID: the provider's ID for tracing; quote it when you report a problem. */
    std::string_view response_id{};

    /** Whether the provider took the request. Single orders can still be refused. */
    [[nodiscard]] bool is_success() const noexcept { return code == 0; }
};

/** What became of the orders of a request as a whole. Later releases may add values. */
enum class OutcomeKind : std::int32_t {
    /** Every order was accepted. */
    accepted = CALLBOT_OUTCOME_ACCEPTED,
    /** Some orders were refused. Each refusal is traced to its order. */
    partly = CALLBOT_OUTCOME_PARTLY,
    /** No order was accepted. */
    refused = CALLBOT_OUTCOME_REFUSED,
    /**
     * A refused phone number stands for several orders, and not all of them were refused: which
     * ones is not known.
     */
    ambiguous = CALLBOT_OUTCOME_AMBIGUOUS,
    /**
     * The response does not account for every order: its numbers do not add up to what was sent, a
     * refusal belongs to no order, or the request failed in a way that leaves open what was
     * accepted.
     */
    unaccounted = CALLBOT_OUTCOME_UNACCOUNTED,
};

/**
 * An order that the provider refused, or may have refused. Its views live as long as the Outcome.
 */
struct Refused {
    /** The order's index in the request. None for a refusal that belongs to no order. */
    std::optional<std::size_t> order;
    /** The order's ID, or the one that the response names. Empty if neither is known. */
    std::string_view order_id;
    /** The order's phone number, or the one that the response names. Empty if neither is known. */
    std::string_view phone;
    /** The provider's reason. Empty if it is absent. */
    std::string_view message;
    /** Whether the refusal may be for another order with the same phone number. */
    bool ambiguous = false;
};

/** What became of the orders of a request. Made by Content::outcome. */
class Outcome : public detail::Owner<callbot_outcome> {
public:
    /** Empty: OutcomeKind::unaccounted. */
    Outcome() noexcept = default;

    /** Neither OutcomeKind::ambiguous nor OutcomeKind::unaccounted is a success. */
    [[nodiscard]] OutcomeKind kind() const noexcept {
        return static_cast<OutcomeKind>(callbot_outcome_kind(handle_.get()));
    }

    /**
     * Whether sending the same request again can help. It is Retry::unknown unless the response
     * accounts for every order: sending the request again may then dial people twice.
     */
    [[nodiscard]] Retry retry() const noexcept { return static_cast<Retry>(callbot_outcome_retry(handle_.get())); }

    /**
     * The orders that were refused, or may have been, in the order of the provider's list. Refusals
     * that belong to no order are listed too, but no more of them than the request has orders, or
     * 100 if it has fewer.
     */
    [[nodiscard]] std::vector<Refused> refused() const& {
        std::vector<Refused> list(callbot_outcome_refused_count(handle_.get()));
        for (std::size_t i = 0; i < list.size(); ++i) {
            callbot_refused found{};
            if (callbot_outcome_refused(handle_.get(), i, &found) == CALLBOT_OK) {
                list[i] = Refused{detail::index(found.order), detail::view(found.order_id), detail::view(found.phone),
                                  detail::view(found.message), found.ambiguous};
            }
        }
        return list;
    }
    std::vector<Refused> refused() const&& = delete;

    /**
     * How many refusals that belong to no order are left out of refused(). If it is not 0, kind()
     * is never a success.
     */
    [[nodiscard]] std::size_t unlisted() const noexcept { return callbot_outcome_unlisted_count(handle_.get()); }

private:
    friend class Content;

    using Owner::Owner;
};

/**
 * The content of a verified message, which is parsed once. Made by Verified.
 *
 * Values are read by JSON Pointer (RFC 6901). A value that is absent, null or of another type is
 * std::nullopt; json tells whether there is one.
 *
 *     const callbot::Content callback = verified.call_callback();
 *     if (const auto status = callback.integer("/callInfoDetail/callStatus")) { ... *status ... }
 *
 * A function that takes a pointer throws CALLBOT_JSON_POINTER, with the code "content_pointer", if
 * it is malformed. Strings live as long as this object; a move keeps them where they are. Going
 * through all elements of an array takes time linear in its length.
 */
class Content : public detail::Owner<callbot_content> {
public:
    /** Empty: it has no value. */
    Content() noexcept = default;

    /** A string, with its escapes resolved. */
    [[nodiscard]] std::optional<std::string_view> string(std::string_view pointer) const& {
        return view(value<callbot_str>(callbot_content_string, pointer));
    }
    std::optional<std::string_view> string(std::string_view pointer) const&& = delete;

    /** An integer that fits, or a string of its plain digits. */
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view pointer) const {
        return value<std::int64_t>(callbot_content_integer, pointer);
    }

    /** A number, or a string of its plain digits. */
    [[nodiscard]] std::optional<double> number(std::string_view pointer) const {
        return value<double>(callbot_content_number, pointer);
    }

    [[nodiscard]] std::optional<bool> boolean(std::string_view pointer) const {
        return value<bool>(callbot_content_boolean, pointer);
    }

    /** The number of an array's elements, or of an object's members. */
    [[nodiscard]] std::optional<std::size_t> size(std::string_view pointer) const {
        return value<std::size_t>(callbot_content_length, pointer);
    }

    /** A value of any type as JSON, as it was sent. The default is the whole. */
    [[nodiscard]] std::optional<std::string_view> json(std::string_view pointer = {}) const& {
        return view(value<callbot_str>(callbot_content_json, pointer));
    }
    std::optional<std::string_view> json(std::string_view pointer = {}) const&& = delete;

    /** The keys of an object, in the order in which they were sent. Empty for any other value. */
    [[nodiscard]] std::vector<std::string_view> keys(std::string_view pointer = {}) const& {
        std::vector<std::string_view> list;
        while (const auto key = view(value<callbot_str>(callbot_content_key, pointer, list.size()))) {
            list.push_back(*key);
        }
        return list;
    }
    std::vector<std::string_view> keys(std::string_view pointer = {}) const&& = delete;

    /**
     * Where the message differs from what the API's page says, for a log: each a JSON Pointer and
     * what was expected, never a value. Only the first 100 are listed. Never a reason to refuse the
     * message.
     */
    [[nodiscard]] std::vector<std::string_view> deviations() const& {
        const std::size_t count = (std::min)(deviation_count(), std::size_t{100});
        std::vector<std::string_view> list;
        list.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const callbot_str deviation = callbot_content_deviation(handle_.get(), i);
            if (deviation.data == nullptr) {
                throw std::bad_alloc();
            }
            list.push_back(detail::view(deviation));
        }
        return list;
    }
    std::vector<std::string_view> deviations() const&& = delete;

    /** The number of all deviations, listed or not. */
    [[nodiscard]] std::size_t deviation_count() const noexcept {
        return callbot_content_deviation_count(handle_.get());
    }

    /**
     * Compares a response with the body of the request that it was verified with: which orders were
     * accepted, and which were refused. Neither is needed afterwards. That it is the right body is
     * not checked, since the response does not repeat it.
     *
     * The provider names a refused order by its phone number only (by its ID in stopOrder), so two
     * orders with one phone number cannot always be told apart. Throws CALLBOT_CONTENT for a
     * callback, and if the body has no list of orders (callList or orderIDs).
     */
    [[nodiscard]] Outcome outcome(std::string_view request_body) const {
        return Outcome(
            detail::make<callbot_outcome>(callbot_outcome_new, handle_.get(), detail::borrow(request_body)));
    }

private:
    friend class Verified;

    using Owner::Owner;

    static std::optional<std::string_view> view(std::optional<callbot_str> string) noexcept {
        return string ? std::optional(detail::view(*string)) : std::nullopt;
    }

    /** Calls a function of callbot.h that reads a value. */
    template <class T, class Function, class... Index>
    std::optional<T> value(Function function, std::string_view pointer, Index... index) const {
        T found{};
        const callbot_status status =
            handle_ == nullptr ? CALLBOT_ABSENT : function(handle_.get(), detail::borrow(pointer), index..., &found);
        switch (status) {
            case CALLBOT_OK:
                return found;
            case CALLBOT_ABSENT:
            case CALLBOT_WRONG_TYPE:
                return std::nullopt;
            case CALLBOT_JSON_POINTER:
                throw Error(status, "content_pointer", "malformed JSON Pointer; begin it with '/'",
                            CALLBOT_CODE_CONTENT_POINTER);
            case CALLBOT_NOT_UTF8:
                throw Error(status, "not_utf8", "the JSON Pointer is not UTF-8; convert it", CALLBOT_CODE_NOT_UTF8);
            case CALLBOT_LENGTH:
                throw Error(status, "length", "the JSON Pointer is longer than PTRDIFF_MAX", CALLBOT_CODE_LENGTH);
            case CALLBOT_NO_MEMORY:
                throw std::bad_alloc();
            default:
                throw Error(status, "panic", "internal error in callbot; please report it", CALLBOT_CODE_PANIC);
        }
    }
};

/**
 * A message that was verified to come from the provider, with a copy of its body. Only a Verifier
 * makes one, and content is only read from one.
 *
 * Reading content throws CALLBOT_CONTENT if the message was verified as a response and is read as a
 * callback, or the other way round; if the body is not one JSON object; if it has a duplicate key;
 * and if it lacks a field that makes it what it is read as: see callbot_content_new. The message is
 * still proven, and body returns its bytes. A move keeps its strings where they are.
 */
class Verified : public detail::Owner<callbot_verified> {
public:
    /** Empty: it proves nothing. */
    Verified() noexcept = default;

    /** The raw body that was verified. */
    [[nodiscard]] std::string_view body() const& noexcept { return detail::view(callbot_verified_body(handle_.get())); }
    std::string_view body() const&& = delete;

    /**
     * The account that the message is for. A request ID belongs to an account: store both against
     * replays.
     */
    [[nodiscard]] std::string_view uuid() const& noexcept { return detail::view(callbot_verified_uuid(handle_.get())); }
    std::string_view uuid() const&& = delete;

    /**
     * The message's request ID. Whoever saw a message can send it again while it is recent: store
     * uuid and this until a minute after replay_expires_at, and refuse the message the second time.
     */
    [[nodiscard]] std::string_view request_id() const& noexcept {
        return detail::view(callbot_verified_request_id(handle_.get()));
    }
    std::string_view request_id() const&& = delete;

    /** The time of signing. */
    [[nodiscard]] CreateTs create_ts() const noexcept {
        return detail::time_of(callbot_verified_create_ts(handle_.get()));
    }

    /**
     * The last second at which the message can be replayed. Afterwards it is too old. A store that
     * expires the request ID by its own clock may be ahead of the verifier's clock. Add a margin:
     * with Redis, EXPIREAT at this time plus 60 seconds.
     */
    [[nodiscard]] CreateTs replay_expires_at() const noexcept {
        return detail::time_of(callbot_verified_replay_expires_at(handle_.get()));
    }

    /**
     * Which signer matched: 0 for that of the constructor, then those of Verifier::add in their
     * order.
     */
    [[nodiscard]] std::size_t signer_index() const noexcept { return callbot_verified_signer_index(handle_.get()); }

    /**
     * Reads the content. Only the URL that a callback was sent to tells its kind: a call callback
     * can be read as an order callback too, and the signature does not cover the URL. So give each
     * kind a URL of its own that nobody can guess, and store the IDs against replays for each kind
     * separately.
     */
    [[nodiscard]] Content content(ContentKind kind) const {
        return Content(
            detail::make<callbot_content>(callbot_content_new, handle_.get(), static_cast<std::int32_t>(kind)));
    }
    [[nodiscard]] Content call_callback() const { return content(ContentKind::call_callback); }
    [[nodiscard]] Content order_callback() const { return content(ContentKind::order_callback); }
    [[nodiscard]] Content task_callback() const { return content(ContentKind::task_callback); }
    [[nodiscard]] Content response() const { return content(ContentKind::response); }

    /** How the request went, from the response to any endpoint. */
    [[nodiscard]] Result result() const& {
        callbot_result found{};
        detail::call(callbot_verified_result, handle_.get(), &found);
        return {found.code, static_cast<Retry>(found.retry), detail::view(found.meaning), detail::view(found.message),
                detail::view(found.response_id)};
    }
    Result result() const&& = delete;

private:
    friend class Verifier;

    using Owner::Owner;
};

/**
 * Verifies that responses and callbacks came from the provider and are recent. Several threads may
 * verify with one verifier at once.
 *
 *     const callbot::Verifier verifier(signer);
 *     const callbot::Verified verified = verifier.verify_callback(headers, body);
 *     const callbot::Content callback = verified.call_callback();
 *
 * `headers` are the received ones: see ReceivedHeaders. `body` is the raw bytes as received: a body
 * that was parsed and serialised again has other bytes. `now` is the time of receiving.
 */
class Verifier : public detail::Owner<callbot_verifier> {
public:
    /** Empty. */
    Verifier() noexcept = default;

    /**
     * Makes a verifier for the account of a signer, which is copied. Messages may be 300 seconds
     * old and 60 seconds in the future.
     */
    explicit Verifier(const Signer& signer)
        : Owner(detail::make<callbot_verifier>(callbot_verifier_new, signer.handle())) {}

    /**
     * Accepts the account of another signer too. While the secret key is being changed, that is the
     * one with the new key. Verified::signer_index tells which signer matched.
     */
    Verifier& add(const Signer& signer) & {
        detail::call(callbot_verifier_add, handle_.get(), signer.handle());
        return *this;
    }
    [[nodiscard]] Verifier add(const Signer& signer) && { return std::move(add(signer)); }

    /**
     * Sets how old a message may be, and how far in the future its time may be. Throws
     * CALLBOT_OTHER with the code "tolerance_negative" if one of them is negative.
     */
    Verifier& set_tolerance(std::chrono::seconds max_age, std::chrono::seconds max_skew) & {
        if (max_age.count() < 0 || max_skew.count() < 0) {
            throw Error(CALLBOT_OTHER, "tolerance_negative", "the tolerance is negative; pass 0 or more seconds");
        }
        detail::call(callbot_verifier_set_tolerance, handle_.get(), static_cast<std::uint64_t>(max_age.count()),
                     static_cast<std::uint64_t>(max_skew.count()));
        return *this;
    }
    [[nodiscard]] Verifier set_tolerance(std::chrono::seconds max_age, std::chrono::seconds max_skew) && {
        return std::move(set_tolerance(max_age, max_skew));
    }

    /**
     * Verifies that a callback came from the provider and is recent. Store its uuid and request ID
     * against replays: see Verified::request_id.
     *
     * Throws the first that applies of CALLBOT_HEADERS, CALLBOT_OTHER_ALGORITHM,
     * CALLBOT_UNKNOWN_UUID, CALLBOT_SIGNATURE_MISMATCH, CALLBOT_BODY_NOT_UTF8, CALLBOT_TOO_OLD and
     * CALLBOT_TOO_NEW; and CALLBOT_CREATE_TS if `now` is not a time in seconds. Tell the sender
     * only that the message was refused; log the reason.
     */
    [[nodiscard]] Verified verify_callback(const ReceivedHeaders& headers, std::string_view body,
                                           CreateTs now = CreateTs::now()) const {
        return Verified(detail::make<callbot_verified>(callbot_verify_callback, handle_.get(),
                                                       headers.borrowed_.data(), headers.borrowed_.size(),
                                                       detail::borrow(body), detail::seconds_of(now)));
    }

    /**
     * Verifies that a response came from the provider, is recent, and answers this request. Throws
     * as verify_callback. A verified message whose requestID, uuid or algorithm differs from the
     * request's throws CALLBOT_OTHER_REQUEST; the message tells which differs.
     *
     * Whether the provider signs its error responses is not published. A response without signature
     * headers, such as a proxy's error page, throws CALLBOT_HEADERS with the code "header_missing".
     * It is not evidence of anything: the orders may have been accepted or not.
     */
    [[nodiscard]] Verified verify_response(const Request& request, const ReceivedHeaders& headers,
                                           std::string_view body, CreateTs now = CreateTs::now()) const {
        const callbot_sent sent = callbot_request_sent(request.handle());
        return verify_response_to(request.handle() != nullptr ? &sent : nullptr, headers, body, now);
    }

    /** The same with stored values: when the request is destroyed, or after a restart. */
    [[nodiscard]] Verified verify_response(const Sent& sent, const ReceivedHeaders& headers, std::string_view body,
                                           CreateTs now = CreateTs::now()) const {
        const callbot_sent borrowed = {detail::borrow(sent.endpoint), detail::borrow(sent.request_id),
                                       detail::borrow(sent.uuid), static_cast<std::int32_t>(sent.algorithm)};
        return verify_response_to(&borrowed, headers, body, now);
    }

private:
    Verified verify_response_to(const callbot_sent* sent, const ReceivedHeaders& headers, std::string_view body,
                                CreateTs now) const {
        return Verified(detail::make<callbot_verified>(callbot_verify_response, handle_.get(), sent,
                                                       headers.borrowed_.data(), headers.borrowed_.size(),
                                                       detail::borrow(body), detail::seconds_of(now)));
    }
};

/**
 * Tells whether the signature of a message is right, and if not, which mistake makes it, or which
 * two mistakes together. docs/explain.md lists them.
 *
 * `headers` and `body` are the message as it was sent or received, with the sign header that
 * somebody made. `received` is whether it came from the provider: a signature in lower case is a
 * mistake only in one that is sent. `now` is the time around which the signed time is searched if
 * the header createTs is missing.
 *
 * The search hashes the body up to 2,700 times. It is for the owner of the account, at a desk:
 * never call it for every message that a server refuses, and never tell its result to whoever sent
 * a message. Throws CALLBOT_HEADERS if the header sign is missing or a header that is signed is
 * duplicate.
 */
[[nodiscard]] inline Explanation explain(const Signer& signer, const ReceivedHeaders& headers, std::string_view body,
                                         bool received = false, CreateTs now = CreateTs::now()) {
    const auto found = detail::make<callbot_explanation>(callbot_explain, signer.handle(), headers.borrowed_.data(),
                                                         headers.borrowed_.size(), detail::borrow(body), received,
                                                         detail::seconds_of(now));
    Explanation explanation;
    explanation.matches = callbot_explanation_matches(found.get());
    for (std::size_t i = 0; i < callbot_explanation_cause_count(found.get()); ++i) {
        explanation.causes.push_back({std::string(detail::view(callbot_explanation_code(found.get(), i))),
                                      std::string(detail::view(callbot_explanation_message(found.get(), i))),
                                      std::string(detail::view(callbot_explanation_fix(found.get(), i)))});
    }
    return explanation;
}

namespace detail {

/** Calls a function that signs as the provider, and copies the headers that it made. */
template <class Function, class... Arguments>
auto testing_headers(Function function, Arguments... arguments) {
    const auto message = make<callbot_testing_message>(function, arguments...);
    return headers<std::pair<std::string, std::string>>(message.get(), callbot_testing_message_header_count,
                                                        callbot_testing_message_header_name,
                                                        callbot_testing_message_header_value);
}

}  // namespace detail

/** The provider's side, for testing your own code without the provider. */
namespace testing {

/** The headers of a message as the provider sends them, for a Verifier. */
using Headers = std::vector<std::pair<std::string, std::string>>;

/** Signs a body as the response to a request. Throws CALLBOT_CREATE_TS and CALLBOT_CLOCK. */
[[nodiscard]] inline Headers sign_response(const Signer& signer, const Request& request, std::string_view body,
                                           CreateTs create_ts = CreateTs::now()) {
    return detail::testing_headers(callbot_testing_sign_response, signer.handle(), request.handle(),
                                   detail::seconds_of(create_ts), detail::borrow(body));
}

/**
 * Signs a body as a callback. An empty `request_id` means a random one. Throws CALLBOT_REQUEST_ID,
 * CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
 */
[[nodiscard]] inline Headers sign_callback(const Signer& signer, std::string_view body,
                                           std::string_view request_id = {}, CreateTs create_ts = CreateTs::now()) {
    return detail::testing_headers(callbot_testing_sign_callback, signer.handle(), detail::borrow(request_id),
                                   detail::seconds_of(create_ts), detail::borrow(body));
}

}  // namespace testing

/** Phone numbers outside of orders. */
namespace phone {

/**
 * Validates a phone number as the API wants it: 7 to 15 digits that begin with an assigned country
 * code, and nothing else. Throws CALLBOT_PHONE, with a code such as "phone_plus".
 */
inline void check(std::string_view phone) { detail::call(callbot_phone_check, detail::borrow(phone)); }

/** The same as a question, without the reason. */
[[nodiscard]] inline bool is_valid(std::string_view phone) noexcept {
    return callbot_phone_check(detail::borrow(phone), nullptr) == CALLBOT_OK;
}

/**
 * Converts what people type or paste, such as "+86 156-1234-5678" or "+44 (0)20 7946 0958", to the
 * digits that the API wants. Throws CALLBOT_PHONE if the input is ambiguous.
 */
[[nodiscard]] inline std::string from_typed(std::string_view typed) {
    char digits[CALLBOT_PHONE_CAPACITY];
    detail::call(callbot_phone_from_typed, detail::borrow(typed), digits);
    return digits;
}

}  // namespace phone

/** The library's version, such as "0.1.0". It lives as long as the program. */
[[nodiscard]] inline std::string_view version() noexcept { return detail::view(callbot_version()); }

/**
 * Throws, with the code "abi_version", if the loaded library has another binary interface than this
 * header. Call it at the start of a program that is linked with the shared library.
 */
inline void check_abi() {
    const std::uint32_t found = callbot_abi_version();
    if (found != CALLBOT_ABI_VERSION) {
        throw Error(CALLBOT_OTHER, "abi_version",
                    "the callbot library has binary interface " + std::to_string(found) +
                        "; the program was compiled for " + std::to_string(CALLBOT_ABI_VERSION));
    }
}

}  // namespace callbot

#endif  // CALLBOT_HPP
