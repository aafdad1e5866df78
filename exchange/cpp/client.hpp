#pragma once

#include <callbot.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "http.hpp"
#include "journal.hpp"

struct Contact {
    std::string order_id;
    std::string phone;
};

/** Where and how to send. */
struct Settings {
    std::string base_url;
    std::string task;
    /** What the callback URLs begin with. */
    std::string callback_url;
    /** The maximum number of orders in a batch. */
    std::size_t max_orders;
    /** How long an answer is waited for. */
    std::chrono::milliseconds timeout;
    /** How long a request can be on its way. */
    std::chrono::milliseconds wait;
    /** The pause before the second try. */
    std::chrono::milliseconds backoff;
};

/** Puts orders into a task. */
class Client {
public:
    Client(const callbot::Signer& signer, const Settings& settings, Journal& journal);

    /** Returns what became of each contact. If several have an order ID, the first one is meant. */
    Results run(const std::vector<Contact>& contacts);

private:
    /** The results of the orders of a request. If they may all be sent again, also why. */
    struct Judgement {
        std::vector<Result> results;
        std::string again{};
    };

    void create_task();
    bool is_listed();
    void start();
    Answer call(std::string_view endpoint, const std::string& json);
    void pause(int attempt) const;

    void add_all(const std::vector<Contact>& contacts);
    std::vector<Contact> fill(const Contact* contacts, std::size_t count);
    void submit(const std::vector<Contact>& contacts);
    static Judgement judge(const callbot::Request& request, const Answer& answer, std::size_t count);

    void look_up();
    void look_up(const std::string* order_ids, std::size_t count);

    const callbot::Signer& signer_;
    const Settings& settings_;
    Journal& journal_;
    Http http_;
    callbot::Batch batch_;
    Results results_;
    bool has_task_ = false;
};
