#include "http.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <new>
#include <stdexcept>
#include <utility>

namespace {

/** Lines of headers, as libcurl wants them. */
class Lines {
public:
    void add(const char* line) {
        curl_slist* longer = curl_slist_append(list_.get(), line);
        if (longer == nullptr) {
            throw std::bad_alloc();
        }
        (void)list_.release();
        list_.reset(longer);
    }
    curl_slist* get() const noexcept { return list_.get(); }

private:
    struct Free {
        void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
    };
    std::unique_ptr<curl_slist, Free> list_;
};

}  // namespace

const char* name(Fate fate) {
    switch (fate) {
        case Fate::not_sent: return "not_sent";
        case Fate::no_answer: return "no_answer";
        case Fate::not_verified: return "not_verified";
        case Fate::answered: break;
    }
    return "answered";
}

Http::Http(const callbot::Signer& signer, std::string base_url, long timeout_ms)
    : verifier_(signer), base_url_(std::move(base_url)), curl_(curl_easy_init()) {
    if (curl_ == nullptr) {
        throw std::bad_alloc();
    }
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);  // signed contacts go to no other host
    set(CURLOPT_TIMEOUT_MS, timeout_ms);
    set(CURLOPT_POST, 1L);
    // If a connection breaks that is used again, libcurl sends the request again by itself, and the
    // provider may take it twice. With a read function and no seek function it cannot start over.
    set(CURLOPT_READFUNCTION, &Http::upload);
    set(CURLOPT_READDATA, &upload_);
    set(CURLOPT_HEADERFUNCTION, &Http::receive);
    set(CURLOPT_HEADERDATA, &head_);
    set(CURLOPT_WRITEFUNCTION, &Http::receive);
    set(CURLOPT_WRITEDATA, &body_);
}

Answer Http::send(const callbot::Request& request) {
    Answer answer;
    const CURLcode code = transfer(request);
    if (code != CURLE_OK) {
        std::cerr << request.endpoint() << ": " << curl_easy_strerror(code) << '\n';
    }
    switch (code) {
        case CURLE_OK: break;
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT: return answer;
        case CURLE_WRITE_ERROR: answer.fate = Fate::not_verified; return answer;  // it was too large
        default: answer.fate = Fate::no_answer; return answer;
    }
    try {
        answer.message = verifier_.verify_response(request, callbot::HeaderBlock(head_.bytes), body_.bytes);
        answer.fate = Fate::answered;
    } catch (const callbot::Error& error) {
        std::cerr << request.endpoint() << ": " << error.what() << '\n';
        answer.fate = Fate::not_verified;
    }
    return answer;
}

CURLcode Http::transfer(const callbot::Request& request) {
    const std::string url = request.url(base_url_);
    Lines lines;
    lines.add("Expect:");  // or a large body waits for an answer of 100
    for (const char* line : request.header_lines()) {
        lines.add(line);
    }
    head_.bytes.clear();
    body_.bytes.clear();
    upload_ = request.body();
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_HTTPHEADER, lines.get());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(upload_.size()));
    const CURLcode code = curl_easy_perform(curl_.get());
    set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    return code;
}

template <class Value>
void Http::set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(curl_.get(), option, value); code != CURLE_OK) {
        throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
    }
}

// An exception must not pass through libcurl.
std::size_t Http::receive(char* data, std::size_t size, std::size_t count, void* context) noexcept {
    auto& buffer = *static_cast<Buffer*>(context);
    if (size * count > buffer.max - buffer.bytes.size()) {
        return 0;
    }
    try {
        buffer.bytes.append(data, size * count);
    } catch (const std::exception&) {
        return 0;
    }
    return size * count;
}

std::size_t Http::upload(char* data, std::size_t size, std::size_t count, void* context) noexcept {
    auto& rest = *static_cast<std::string_view*>(context);
    const std::size_t len = rest.copy(data, std::min(size * count, rest.size()));
    rest.remove_prefix(len);
    return len;
}
