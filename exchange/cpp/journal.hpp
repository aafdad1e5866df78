#pragma once

#include <callbot.hpp>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/** What became of an order. */
struct Result {
    enum class State {
        again,     // nothing was taken, so that the order may be sent again
        accepted,  // the provider has it
        refused,   // by the library or the provider: nobody is called
        unknown,   // the provider may have it, so it must not be sent again
    };

    State state = State::again;
    std::string reason{};

    static Result accepted() { return {State::accepted}; }
    static Result refused(std::string_view reason) { return {State::refused, std::string(reason)}; }
    static Result unknown(std::string_view reason) { return {State::unknown, std::string(reason)}; }

    /** As the output and the journal have it, such as "refused phone_plus". */
    std::string text() const;
    /** Reads a text. Throws std::runtime_error if it is malformed. */
    static Result from(std::string_view text);
};

/** The results of orders, by their IDs. */
using Results = std::unordered_map<std::string, Result>;

/** A file that tells a later run what this one has sent. */
class Journal {
public:
    /** Opens or creates the file, and reads what an earlier run has written. */
    explicit Journal(const std::string& path);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /** Whether the task exists. */
    bool has_task() const noexcept { return has_task_; }
    /** What became of the orders that an earlier run has sent. */
    const Results& results() const noexcept { return results_; }

    /** Notes that the task exists. */
    void task();
    /** Notes the orders of a request that is about to be sent. */
    void sent(const callbot::Sent& sent, const std::vector<std::string>& order_ids);
    /** Notes what became of the orders of a request. */
    void answered(const std::string& request_id, const std::vector<Result>& results);

private:
    using Pending = std::unordered_map<std::string, std::vector<std::string>>;

    void read(std::string_view line, Pending& pending);
    void write(const std::vector<std::string>& fields);

    int file_;
    bool has_task_ = false;
    Results results_;
};
