#include "journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace {

const char* const names[] = {"again", "accepted", "refused", "unknown"};  // by Result::State

[[noreturn]] void fail() { throw std::system_error(errno, std::generic_category(), "the journal"); }

[[noreturn]] void malformed() { throw std::runtime_error("the journal has a malformed line"); }

std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> fields;
    for (std::size_t tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
        fields.emplace_back(line.substr(0, tab));
        line.remove_prefix(tab + 1);
    }
    fields.emplace_back(line);
    return fields;
}

}  // namespace

std::string Result::text() const {
    const std::string text = names[static_cast<int>(state)];
    return reason.empty() ? text : text + ' ' + reason;
}

Result Result::from(std::string_view text) {
    const std::size_t space = text.find(' ');
    for (int state = 0; state < 4; ++state) {
        if (text.substr(0, space) == names[state]) {
            const std::string_view reason = space == std::string_view::npos ? "" : text.substr(space + 1);
            return {static_cast<State>(state), std::string(reason)};
        }
    }
    malformed();
}

Journal::Journal(const std::string& path) : file_(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) {
        fail();
    }
    try {
        std::string text;
        char bytes[4096];
        ssize_t count = 0;
        while ((count = ::read(file_, bytes, sizeof bytes)) > 0) {
            text.append(bytes, static_cast<std::size_t>(count));
        }
        if (count < 0) {
            fail();
        }
        Pending pending;
        std::size_t begin = 0;
        for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
            read(std::string_view(text).substr(begin, end - begin), pending);
        }
        // The program was killed while it wrote the rest: what that says has not been done.
        if (ftruncate(file_, static_cast<off_t>(begin)) != 0) {
            fail();
        }
    } catch (...) {
        close(file_);
        throw;
    }
}

Journal::~Journal() { close(file_); }

void Journal::read(std::string_view line, Pending& pending) {
    const std::vector<std::string> fields = split(line);
    if (fields[0] == "task") {
        has_task_ = true;
    } else if (fields[0] == "sent" && fields.size() > 5) {
        const std::vector<std::string> order_ids(fields.begin() + 5, fields.end());
        for (const std::string& id : order_ids) {
            results_[id] = Result::unknown("interrupted");
        }
        pending[fields[2]] = order_ids;
    } else if (fields[0] == "answered" && fields.size() > 1) {
        const auto sent = pending.find(fields[1]);
        if (sent == pending.end() || sent->second.size() != fields.size() - 2) {
            malformed();
        }
        for (std::size_t i = 0; i < sent->second.size(); ++i) {
            results_[sent->second[i]] = Result::from(fields[i + 2]);
        }
        pending.erase(sent);
    } else {
        malformed();
    }
}

void Journal::task() { write({"task"}); }

void Journal::sent(const callbot::Sent& sent, const std::vector<std::string>& order_ids) {
    const char* algorithm = sent.algorithm == callbot::Algorithm::md5 ? "MD5" : "SHA256";
    std::vector<std::string> fields = {"sent", sent.endpoint, sent.request_id, sent.uuid, algorithm};
    fields.insert(fields.end(), order_ids.begin(), order_ids.end());
    write(fields);
}

void Journal::answered(const std::string& request_id, const std::vector<Result>& results) {
    std::vector<std::string> fields = {"answered", request_id};
    for (const Result& result : results) {
        fields.push_back(result.text());
    }
    write(fields);
}

// One call writes a line: if the program is killed, the operating system still has it. Where the
// machine may fail too, fdatasync belongs here.
void Journal::write(const std::vector<std::string>& fields) {
    std::string line;
    for (const std::string& field : fields) {
        line += (line.empty() ? "" : "\t") + field;
    }
    line += '\n';
    errno = 0;
    ssize_t written = 0;
    do {
        written = ::write(file_, line.data(), line.size());
    } while (written < 0 && errno == EINTR);
    if (written != static_cast<ssize_t>(line.size())) {
        errno = errno == 0 ? ENOSPC : errno;
        fail();
    }
}
