#include "client.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

namespace {

/** How often a request is sent that may be sent again. */
constexpr int max_tries = 5;
/** The maximum number of orders in a listOrderDetail. */
constexpr std::size_t max_details = 500;
/** The retCode for too many orders in a request. */
constexpr std::int64_t too_many = 4001;

std::string json_string(std::string_view text) {
    std::string json = "\"";
    for (const char byte : text) {
        if (static_cast<unsigned char>(byte) < 0x20) {
            char escape[7];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(byte));
            json += escape;
        } else {
            if (byte == '"' || byte == '\\') {
                json += '\\';
            }
            json += byte;
        }
    }
    return json + '"';
}

std::string ret_code(std::int64_t code) { return "ret_code_" + std::to_string(code); }

callbot::Batch make_batch(const Settings& settings) {
    const std::string order_url = settings.callback_url + "/order", call_url = settings.callback_url + "/call";
    callbot::Task task;
    task.user_task_id = settings.task;
    task.order_callback_url = order_url;
    task.call_callback_url = call_url;
    return callbot::Batch(task);
}

}  // namespace

Client::Client(const callbot::Signer& signer, const Settings& settings, Journal& journal)
    : signer_(signer),
      settings_(settings),
      journal_(journal),
      http_(signer, settings.base_url, static_cast<long>(settings.timeout.count())),
      batch_(make_batch(settings)) {}

Results Client::run(const std::vector<Contact>& contacts) {
    results_.clear();
    std::vector<Contact> fresh;
    for (const Contact& contact : contacts) {
        const auto known = journal_.results().find(contact.order_id);
        Result result = Result::refused("task");
        bool is_fresh = false;
        if (contact.order_id.find('\t') != std::string::npos) {
            result = Result::refused("tab");  // the journal has tabs between IDs
        } else if (known != journal_.results().end() && known->second.state != Result::State::again) {
            result = known->second;
        } else {
            is_fresh = true;
        }
        if (results_.emplace(contact.order_id, result).second && is_fresh) {
            fresh.push_back(contact);
        }
    }
    create_task();
    if (has_task_) {
        add_all(fresh);
        start();
    }
    look_up();
    return std::move(results_);
}

// --- The task ---

void Client::create_task() {
    has_task_ = journal_.has_task();
    for (int attempt = 0; attempt < max_tries && !has_task_; ++attempt) {
        pause(attempt);
        const Answer answer = call("createTask", "{\"userTaskID\":" + json_string(settings_.task) +
                                                     ",\"sceneID\":\"scene-1\",\"taskCallbackUrl\":" +
                                                     json_string(settings_.callback_url + "/task") + "}");
        if (answer.fate == Fate::no_answer || answer.fate == Fate::not_verified) {
            std::this_thread::sleep_for(settings_.wait);  // the request may be on its way
        }
        // The ID of a task is unique. If the task exists, an earlier try has created it.
        has_task_ = answer.message || (answer.fate != Fate::not_sent && is_listed());
        if (has_task_) {
            journal_.task();
        }
    }
}

bool Client::is_listed() {
    const Answer answer = call("listTask", "{\"page\":1,\"size\":100,\"queryConditions\":{\"userTaskID\":[" +
                                               json_string(settings_.task) + "]}}");
    if (!answer.message) {
        return false;
    }
    const callbot::Content content = answer.message.response();
    for (std::size_t i = 0; i < content.size("/taskData").value_or(0); ++i) {
        if (content.string("/taskData/" + std::to_string(i) + "/userTaskID") == settings_.task) {
            return true;
        }
    }
    return false;
}

/** Starts the task. To start it twice is harmless. */
void Client::start() {
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        pause(attempt);
        if (call("mgrTaskStatus", "{\"userTaskID\":" + json_string(settings_.task) + ",\"taskOperate\":1}").message) {
            return;
        }
    }
    std::cerr << "the task was not started\n";
}

/** Sends a request without orders. The answer has a message only if it is a success. */
Answer Client::call(std::string_view endpoint, const std::string& json) {
    Answer answer = http_.send(signer_.request(endpoint, json));
    if (answer.fate != Fate::answered) {
        return answer;
    }
    try {
        (void)answer.message.response();  // can be read
        const std::int64_t code = answer.message.result().code;
        if (code == 0) {
            return answer;
        }
        std::cerr << endpoint << ": retCode " << code << '\n';
    } catch (const callbot::Error& error) {
        std::cerr << endpoint << ": " << error.what() << '\n';
    }
    answer.message = {};
    return answer;
}

/** Waits before a further try, the first of which is 1. */
void Client::pause(int attempt) const {
    if (attempt > 0) {
        std::this_thread::sleep_for(settings_.backoff * (1 << (attempt - 1)));
    }
}

// --- The orders ---

void Client::add_all(const std::vector<Contact>& contacts) {
    for (std::size_t begin = 0; begin < contacts.size(); begin += settings_.max_orders) {
        submit(fill(&contacts[begin], std::min(settings_.max_orders, contacts.size() - begin)));
    }
}

/** Fills the batch with contacts. Returns those that the library takes. */
std::vector<Contact> Client::fill(const Contact* contacts, std::size_t count) {
    std::vector<Contact> taken;
    batch_.clear();  // keeps its memory
    for (std::size_t i = 0; i < count; ++i) {
        callbot::Order order;
        order.order_id = contacts[i].order_id;
        order.user_phone = contacts[i].phone;
        try {
            batch_.add(order);
            taken.push_back(contacts[i]);
        } catch (const callbot::Error& error) {
            const auto& violations = error.violations();
            results_[contacts[i].order_id] =
                Result::refused(violations.empty() ? error.code() : violations.front().code);
        }
    }
    return taken;
}

/** Sends the batch until it is known what became of its orders, or unknown. */
void Client::submit(const std::vector<Contact>& contacts) {
    if (contacts.empty()) {
        return;
    }
    std::vector<std::string> order_ids;
    for (const Contact& contact : contacts) {
        order_ids.push_back(contact.order_id);
    }
    bool is_too_large = false, is_done = false;
    for (int attempt = 0; attempt < max_tries && !is_done && !is_too_large; ++attempt) {
        pause(attempt);
        const callbot::Request request = batch_.sign(signer_);  // with an ID and a time of its own
        const callbot::Sent sent = request.sent();
        journal_.sent(sent, order_ids);
        Judgement judgement = judge(request, http_.send(request), contacts.size());
        is_too_large = judgement.again == ret_code(too_many) && contacts.size() > 1;
        const bool is_last = attempt == max_tries - 1 || judgement.again == ret_code(too_many);
        is_done = judgement.again.empty() || (is_last && !is_too_large);
        if (is_done && !judgement.again.empty()) {
            judgement.results.assign(contacts.size(), Result::refused(judgement.again));
        }
        journal_.answered(sent.request_id, judgement.results);
        for (std::size_t i = 0; i < order_ids.size(); ++i) {
            results_[order_ids[i]] = judgement.results[i];
        }
    }
    if (is_too_large) {
        const std::size_t half = contacts.size() / 2;
        submit(fill(contacts.data(), half));
        submit(fill(contacts.data() + half, contacts.size() - half));
    }
}

Client::Judgement Client::judge(const callbot::Request& request, const Answer& answer, std::size_t count) {
    const auto all = [&](const Result& result) { return std::vector<Result>(count, result); };
    if (answer.fate == Fate::not_sent) {
        return {all({}), name(answer.fate)};
    }
    if (answer.fate != Fate::answered) {
        return {all(Result::unknown(name(answer.fate)))};
    }
    try {
        const callbot::Outcome outcome = answer.message.response().outcome(request.body());
        const std::int64_t code = answer.message.result().code;
        std::vector<Result> results = all(Result::accepted());
        switch (outcome.kind()) {
            case callbot::OutcomeKind::accepted:
            case callbot::OutcomeKind::partly:
            case callbot::OutcomeKind::ambiguous:
                for (const callbot::Refused& refused : outcome.refused()) {
                    results.at(refused.order.value()) =
                        refused.ambiguous ? Result::unknown("ambiguous") : Result::refused("provider");
                }
                return {results};
            case callbot::OutcomeKind::refused:
                if (code == too_many || outcome.retry() == callbot::Retry::later) {
                    return {all({}), ret_code(code)};
                }
                return {all(Result::refused(code == 0 ? "provider" : ret_code(code)))};
            case callbot::OutcomeKind::unaccounted: break;
        }
    } catch (const callbot::Error& error) {
        std::cerr << request.endpoint() << ": " << error.what() << '\n';
    }
    return {all(Result::unknown("unaccounted"))};
}

// --- What became of unknown orders ---

/**
 * Asks for the orders of which it is not known whether the provider has them. They are not sent
 * again: the people may be called twice.
 */
void Client::look_up() {
    std::vector<std::string> order_ids;
    for (const auto& [id, result] : results_) {
        if (result.state == Result::State::unknown) {
            order_ids.push_back(id);
        }
    }
    if (!order_ids.empty()) {
        std::this_thread::sleep_for(settings_.wait);  // a request may be on its way
    }
    for (std::size_t begin = 0; begin < order_ids.size(); begin += max_details) {
        look_up(&order_ids[begin], std::min(max_details, order_ids.size() - begin));
    }
}

void Client::look_up(const std::string* order_ids, std::size_t count) {
    std::string json = "{\"userTaskID\":" + json_string(settings_.task) + ",\"orderList\":[";
    for (std::size_t i = 0; i < count; ++i) {
        json += (i > 0 ? "," : "") + json_string(order_ids[i]);
    }
    json += "]}";
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        pause(attempt);
        const Answer answer = call("listOrderDetail", json);
        if (!answer.message) {
            continue;
        }
        const callbot::Content content = answer.message.response();
        // An answer without a list says nothing, and one with an order that cannot be read does not
        // say that others are missing.
        const std::optional<std::size_t> size = content.size("/orderDetailList");
        std::unordered_set<std::string_view> listed;
        bool is_clear = size.has_value();
        for (std::size_t i = 0; is_clear && i < *size; ++i) {
            const auto id = content.string("/orderDetailList/" + std::to_string(i) + "/orderID");
            is_clear = id.has_value();
            listed.insert(id.value_or(""));
        }
        for (std::size_t i = 0; is_clear && i < count; ++i) {
            results_[order_ids[i]] =
                listed.count(order_ids[i]) > 0 ? Result::accepted() : Result::refused("not_received");
        }
        if (is_clear) {
            return;
        }
    }
}
