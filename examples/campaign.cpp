// Runs a whole campaign: creates a task, adds orders, starts it, receives callbacks, looks up
// orders whose answer was lost, stops an order, and completes the task.
//
//     cargo build --release -p callbot
//     c++ -std=c++17 -Iinclude examples/campaign.cpp target/release/libcallbot.a
//         -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o campaign
//     ./campaign examples/campaign.provider
//
// Provider stands for the provider and its network, and the file is what it sends. In your own
// program its place is taken by an HTTP client, which sends request.path(), request.headers() and
// request.body(), and by a server, which passes on the headers and the raw body of each callback.
// Request IDs and times are fixed here, so that the output is always the same. In yours both are
// left out: the ID is random then, and the time is now.
//
// A server also refuses a callback that comes again: see callbot::Verified::request_id.

#include <callbot.hpp>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

const std::string task_id = "spring";

struct Contact {
    std::string order_id;
    std::string phone;
};

/** What is stored of a request, and its answer. */
struct Exchange {
    callbot::Sent sent;
    std::string body;
    callbot::Verified answer;  // empty if it was lost
};

/** A message as an HTTP client or a server receives it. */
struct Message {
    callbot::testing::Headers headers;
    std::string body;
};

/**
 * The provider and its network: verifies each request, and answers it with the next line of a file.
 * A line has the name of an endpoint and the answer's body, or no body if the answer is lost; or
 * the kind of a callback and its body.
 */
class Provider {
public:
    Provider(const callbot::Signer& signer, const std::string& file) : signer_(signer), lines_(file) {
        if (!lines_) {
            throw std::runtime_error("cannot read " + file);
        }
        next_line();
    }

    /** The answer to a request. Empty if it is lost. */
    std::optional<Message> answer(const callbot::Request& request, callbot::CreateTs now) {
        std::map<std::string_view, std::string_view> headers;
        for (const auto& [name, value] : request.headers()) {
            headers[name] = value;
        }
        if (headers["sign"] != signer_.sign(headers["requestID"], now, request.body())) {
            throw std::runtime_error("provider: the signature is wrong");
        }
        if (request.path() != "/callcentre/api/v3/" + name_) {
            throw std::runtime_error("provider: another request is expected");
        }
        const std::string body = std::exchange(body_, {});
        next_line();
        if (body.empty()) {
            return std::nullopt;
        }
        return Message{callbot::testing::sign_response(signer_, request, body, now), body};
    }

    /** The next callback, for the URL of its kind. Empty if a request comes first. */
    std::optional<std::pair<callbot::ContentKind, Message>> callback(callbot::CreateTs now) {
        static const std::map<std::string, callbot::ContentKind> kinds = {
            {"call", callbot::ContentKind::call_callback},
            {"order", callbot::ContentKind::order_callback},
            {"task", callbot::ContentKind::task_callback},
        };
        const auto kind = kinds.find(name_);
        if (kind == kinds.end()) {
            return std::nullopt;
        }
        const std::string body = std::exchange(body_, {});
        next_line();
        const std::string id = "callback-" + std::to_string(++callbacks_);
        return std::pair(kind->second, Message{callbot::testing::sign_callback(signer_, body, id, now), body});
    }

private:
    void next_line() {
        std::string line;
        std::getline(lines_, line);  // an empty line at the end
        const std::size_t space = line.find(' ');
        name_ = line.substr(0, space);
        body_ = space == std::string::npos ? "" : line.substr(space + 1);
    }

    const callbot::Signer& signer_;
    std::ifstream lines_;
    std::string name_;
    std::string body_;
    unsigned callbacks_ = 0;
};

/** A value, or ? if it is absent. */
std::string shown(std::optional<std::int64_t> value) { return value ? std::to_string(*value) : "?"; }
std::string shown(std::optional<bool> value) { return value ? (*value ? "true" : "false") : "?"; }

class Campaign {
public:
    Campaign(const callbot::Signer& signer, Provider& provider)
        : signer_(signer), verifier_(signer), provider_(provider) {
        rules_.require_param("amount").allow_country_code("86").allow_country_code("44");
    }

    void run() {
        request("createTask", R"({"userTaskID":")" + task_id +
                                  R"(","sceneID":"scene-1","taskCallbackUrl":"https://example.com/callbot/task"})");
        add({{"order-1", "8613800000001"}, {"order-2", "8613800000002"}});
        add({{"order-3", "8613800000003"}, {"order-4", "447700900123"}, {"order-5", "8613800000005"}});
        operate(1);  // start
        receive_callbacks();
        add({{"order-6", "8613800000006"}, {"order-7", "8613800000007"}});
        stop({"order-5"});
        operate(3);  // complete
        receive_callbacks();
    }

private:
    /** Adds a batch of orders, and looks them up if the answer is lost. */
    void add(const std::vector<Contact>& contacts) {
        callbot::Task task;
        task.user_task_id = task_id;
        task.order_callback_url = "https://example.com/callbot/order";
        task.call_callback_url = "https://example.com/callbot/call";
        callbot::Batch batch(task, rules_);
        for (const Contact& contact : contacts) {
            callbot::Order order;
            order.order_id = contact.order_id;
            order.user_phone = contact.phone;
            batch.add(order, {{"amount", "120.50"}});
        }
        const std::string id = next_id();
        const Exchange sent = exchange(batch.sign(signer_, id, now_));
        if (sent.answer) {
            report(sent);
        } else {
            look_up(contacts);
        }
    }

    /** Starts (1), pauses (2) or completes (3) the task. */
    void operate(int operation) {
        const Exchange sent = request("mgrTaskStatus", R"({"userTaskID":")" + task_id + R"(","taskOperate":)" +
                                                           std::to_string(operation) + "}");
        const callbot::Content answer = sent.answer.response();
        std::cout << "  task status " << shown(answer.integer("/taskStatus")) << '\n';
    }

    /** Stops dialling orders, which cannot be undone. */
    void stop(const std::vector<std::string>& order_ids) {
        report(request("stopOrder",
                       R"({"userTaskID":")" + task_id + R"(","orderIDs":)" + json_array(order_ids) + "}"));
    }

    /** Finds out what became of orders whose answer was lost. One request takes at most 500. */
    void look_up(const std::vector<Contact>& contacts) {
        std::vector<std::string> ids;
        for (const Contact& contact : contacts) {
            ids.push_back(contact.order_id);
        }
        const Exchange sent = request(
            "listOrderDetail", R"({"userTaskID":")" + task_id + R"(","orderList":)" + json_array(ids) + "}");
        const callbot::Content answer = sent.answer.response();
        std::map<std::string_view, std::size_t> calls;
        for (std::size_t i = 0; i < answer.size("/orderDetailList").value_or(0); ++i) {
            const std::string order = "/orderDetailList/" + std::to_string(i);
            if (const auto id = answer.string(order + "/orderID")) {
                calls[*id] = answer.size(order + "/callInfoDetailList").value_or(0);
            }
        }
        for (const std::string& id : ids) {
            if (const auto listed = calls.find(id); listed != calls.end()) {
                std::cout << "  " << id << ": listed, calls: " << listed->second << '\n';
            } else {
                std::cout << "  " << id << ": not listed, so a person decides\n";
            }
        }
    }

    /** Receives what the provider sends to the callback URLs, which alone tell the kind. */
    void receive_callbacks() {
        while (const auto callback = provider_.callback(now_)) {
            const auto& [kind, message] = *callback;
            const callbot::Verified verified = verifier_.verify_callback(message.headers, message.body, now_);
            const callbot::Content content = verified.content(kind);
            const std::string_view order_id = content.string("/orderID").value_or("?");
            if (kind == callbot::ContentKind::call_callback) {
                std::cout << "call for " << order_id << ": duration "
                          << shown(content.integer("/callInfoDetail/callDuration")) << '\n';
            } else if (kind == callbot::ContentKind::order_callback) {
                std::cout << order_id << ": finished " << shown(content.boolean("/finish")) << '\n';
            } else {
                std::cout << "task: " << shown(content.integer("/taskStat/finishOrderCount")) << " of "
                          << shown(content.integer("/taskStat/totalOrderCount")) << " orders finished\n";
            }
        }
    }

    /** Prints what became of the orders of a request. */
    static void report(const Exchange& sent) {
        const callbot::Content answer = sent.answer.response();
        const callbot::Outcome outcome = answer.outcome(sent.body);
        if (outcome.kind() != callbot::OutcomeKind::accepted && outcome.kind() != callbot::OutcomeKind::partly) {
            // What the answer leaves open is neither a success nor safe to send again.
            throw std::runtime_error("orders were refused, or it is not known which");
        }
        std::cout << (outcome.kind() == callbot::OutcomeKind::accepted ? "  accepted\n" : "  partly accepted\n");
        for (const callbot::Refused& refused : outcome.refused()) {
            std::cout << "  " << refused.order_id << " refused: " << refused.message << '\n';
        }
    }

    /** Sends a request of any endpoint. It must be answered, with success. */
    Exchange request(std::string_view endpoint, const std::string& json) {
        const std::string id = next_id();
        Exchange sent = exchange(signer_.request(endpoint, json, id, now_));
        if (!sent.answer) {
            throw std::runtime_error("the answer was lost; find out what became of the request");
        }
        if (!sent.answer.result().is_success()) {
            throw std::runtime_error("the provider refused the request");
        }
        return sent;
    }

    /** Sends a request and verifies the answer, without the request but with what is stored of it. */
    Exchange exchange(callbot::Request request) {
        Exchange stored{request.sent(), std::string(request.body()), {}};
        std::cout << "> " << stored.sent.endpoint;
        for (const auto& [name, value] : request.headers()) {
            if (name == "sign") {
                std::cout << ' ' << value << '\n';
            }
        }
        const std::optional<Message> message = provider_.answer(request, now_);
        request = {};  // the answer is verified without it
        if (!message) {
            std::cout << "  no answer\n";
            return stored;
        }
        stored.answer = verifier_.verify_response(stored.sent, message->headers, message->body, now_);
        const callbot::Result result = stored.answer.result();
        std::cout << "< " << result.code << " (" << result.meaning << ")\n";
        return stored;
    }

    /** The ID of the next request, whose time becomes now. */
    std::string next_id() {
        now_ += std::chrono::seconds(1);
        return "request-" + std::to_string(++requests_);
    }

    /** The IDs are the program's own, of letters, digits and hyphens: they need no escapes. */
    static std::string json_array(const std::vector<std::string>& ids) {
        std::string json = "[";
        for (const std::string& id : ids) {
            json += (json.size() > 1 ? ",\"" : "\"") + id + '"';
        }
        return json + ']';
    }

    const callbot::Signer& signer_;
    callbot::Verifier verifier_;
    Provider& provider_;
    callbot::Rules rules_;
    std::chrono::seconds now_{1726200000};
    unsigned requests_ = 0;
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::cerr << "usage: campaign FILE\n";
        return 2;
    }
    const callbot::Signer signer("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr",
                                 callbot::Algorithm::md5);
    Provider provider(signer, argv[1]);
    Campaign(signer, provider).run();
    return 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
