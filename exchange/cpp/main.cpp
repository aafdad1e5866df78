// Puts contacts into a task of the provider, over a network that may fail, and says of each what
// became of it. exchange/README.md describes what it does step by step.
//
//     cargo build --release -p callbot
//     c++ -std=c++17 -Iinclude exchange/cpp/*.cpp target/release/libcallbot.a
//         -lcurl -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o exchange-cpp
//     ./exchange-cpp https://nxbot.nxcloud.com TASK CONTACTS JOURNAL
//
// No order is lost, and none is sent twice: an order whose answer was lost is not sent again, but
// asked for. The journal makes that hold too if the program is killed, and is started again.

#include <callbot.hpp>
#include <curl/curl.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>

#include "client.hpp"
#include "journal.hpp"

namespace {

std::string variable(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

int number(const char* name, const char* otherwise) {
    const std::string text = variable(name, otherwise);
    if (text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos && std::stoi(text) > 0) {
        return std::stoi(text);
    }
    throw std::runtime_error(std::string(name) + " must be a number from 1 on");
}

std::chrono::milliseconds milliseconds(const char* name, const char* otherwise) {
    return std::chrono::milliseconds(number(name, otherwise));
}

callbot::Signer make_signer() {
    const std::string algorithm = variable("CALLBOT_ALGORITHM", "MD5");
    if (algorithm != "MD5" && algorithm != "SHA256") {
        throw std::runtime_error("CALLBOT_ALGORITHM must be MD5 or SHA256");
    }
    return callbot::Signer(variable("CALLBOT_UUID", ""), variable("CALLBOT_SECRET_KEY", ""),
                           algorithm == "MD5" ? callbot::Algorithm::md5 : callbot::Algorithm::sha256);
}

/** Reads lines of "orderID,phone". */
std::vector<Contact> read_contacts(const std::string& path) {
    std::ifstream file(path);
    std::vector<Contact> contacts;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        const std::size_t comma = line.find(',');
        if (comma == std::string::npos) {
            throw std::runtime_error("line " + std::to_string(contacts.size() + 1) + " of the contacts has no comma");
        }
        contacts.push_back({line.substr(0, comma), line.substr(comma + 1)});
    }
    if (!file.eof()) {
        throw std::runtime_error("the contacts cannot be read");
    }
    return contacts;
}

void write(const std::vector<Contact>& contacts, const Results& results) {
    std::unordered_set<std::string_view> written;
    for (const Contact& contact : contacts) {
        const bool is_first = written.insert(contact.order_id).second;
        const Result result = is_first ? results.at(contact.order_id) : Result::refused("duplicate_order_id");
        std::cout << contact.order_id << ' ' << result.text() << '\n';
    }
    if (!std::cout.flush()) {
        throw std::runtime_error("the results cannot be written");
    }
}

/** What libcurl needs once in a program. */
struct Curl {
    Curl() {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
            throw std::runtime_error("libcurl cannot be started");
        }
    }
    Curl(const Curl&) = delete;
    Curl& operator=(const Curl&) = delete;
    ~Curl() { curl_global_cleanup(); }
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 5) {
        std::cerr << "usage: exchange BASE_URL TASK CONTACTS JOURNAL\n";
        return 2;
    }
    Settings settings;
    settings.base_url = argv[1];
    settings.task = argv[2];
    settings.callback_url = variable("EXCHANGE_CALLBACK_URL", "http://127.0.0.1:9/callbot");
    settings.max_orders = static_cast<std::size_t>(number("EXCHANGE_MAX_ORDERS", "100"));
    settings.timeout = milliseconds("EXCHANGE_TIMEOUT_MS", "2000");
    settings.wait = milliseconds("EXCHANGE_WAIT_MS", "3000");
    settings.backoff = milliseconds("EXCHANGE_BACKOFF_MS", "100");
    const std::vector<Contact> contacts = read_contacts(argv[3]);
    const callbot::Signer signer = make_signer();
    Journal journal(argv[4]);
    const Curl curl;
    write(contacts, Client(signer, settings, journal).run(contacts));
    return 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
