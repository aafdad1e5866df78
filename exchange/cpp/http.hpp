#pragma once

#include <callbot.hpp>
#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

/** What became of a request. Only an answered one has a message, which is genuine. */
enum class Fate {
    /** There was no connection, so that the provider has nothing of the request. */
    not_sent,
    /** It is not known whether the provider has processed the request. */
    no_answer,
    /** The answer is not the provider's, or was altered: nothing is known either. */
    not_verified,
    answered,
};

/** The name of a fate, as the output has it. */
const char* name(Fate fate);

struct Answer {
    Fate fate = Fate::not_sent;
    callbot::Verified message;
};

/** Sends requests with libcurl, and verifies the answers. Not for several threads at once. */
class Http {
public:
    Http(const callbot::Signer& signer, std::string base_url, long timeout_ms);
    // libcurl has pointers to the members.
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;

    /** Sends a request once. Says on stderr why there is no genuine answer. */
    Answer send(const callbot::Request& request);

private:
    /** Received bytes, of which more than `max` end the transfer. */
    struct Buffer {
        std::string bytes;
        std::size_t max;
    };

    static std::size_t receive(char* data, std::size_t size, std::size_t count, void* buffer) noexcept;
    static std::size_t upload(char* data, std::size_t size, std::size_t count, void* rest) noexcept;

    template <class Value>
    void set(CURLoption option, Value value);
    CURLcode transfer(const callbot::Request& request);

    struct Cleanup {
        void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
    };

    callbot::Verifier verifier_;
    std::string base_url_;
    std::string_view upload_;  // what is still to be sent
    Buffer head_{{}, 1 << 16};
    Buffer body_{{}, 1 << 24};
    std::unique_ptr<CURL, Cleanup> curl_;
};
