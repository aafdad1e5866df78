/* Raw header blocks, in and out: what a received block is split into, and the lines and the URL that a
 * program passes to libcurl. */
#include "check.h"
#include "request.h"

#define TS 1726200000

static const char body[] = "{\"retCode\":0}";

/* Writes the headers of a message as lines. Returns the length. */
static size_t write_block(char *space, size_t size, const callbot_testing_message *message, const char *before,
                          const char *after_value) {
    callbot_header headers[MAX_HEADERS];
    size_t count = headers_of(message, headers);
    size_t len = (size_t)snprintf(space, size, "%s", before);
    size_t i;
    for (i = 0; i < count; i++) {
        len += (size_t)snprintf(space + len, size - len, "%.*s: \t%.*s%s", (int)headers[i].name.len, headers[i].name.data,
                                (int)headers[i].value.len, headers[i].value.data, after_value);
        CHECK(len < size);
    }
    return len;
}

/* A response whose headers come as curl -D or curl -i writes them is verified. */
static void check_received(const callbot_signer *signer) {
    static const char *const before[] = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\n",
        "HTTP/1.1 307 Temporary Redirect\r\nrequestID: other\r\nsign: other\r\n\r\nHTTP/1.1 200 OK\r\n",
    };
    static const char *const after_value[] = {"\n", "\r\n", "\t \r\n"};
    callbot_request *request = request_of(signer, str("r-1"));
    callbot_sent sent = callbot_request_sent(request);
    callbot_testing_message *message;
    callbot_verifier *verifier;
    size_t b;
    size_t a;
    size_t less;
    CHECK_OK(callbot_verifier_new(signer, &verifier, NULL));
    CHECK_OK(callbot_testing_sign_response(signer, request, TS, str(body), &message, NULL));
    for (b = 0; b < sizeof before / sizeof *before; b++) {
        for (a = 0; a < sizeof after_value / sizeof *after_value; a++) {
            for (less = 0; less < 2; less++) {
                char space[2048];
                size_t len = write_block(space, sizeof space, message, before[b], after_value[a]);
                callbot_headers *headers = POISON(callbot_headers);
                callbot_verified *verified = POISON(callbot_verified);
                /* With and without the empty line at the end. */
                len += (size_t)snprintf(space + len, sizeof space - len, "%s", less ? "" : "\r\n");
                CHECK_OK(callbot_headers_parse(bytes(space, len), &headers, NULL));
                memset(space, 'x', sizeof space);
                CHECK(callbot_headers_count(headers) == 5 + (b == 1));
                CHECK_OK(callbot_verify_response(verifier, &sent, callbot_headers_get(headers),
                                                 callbot_headers_count(headers), str(body), TS, &verified, NULL));
                callbot_headers_free(headers);
                CHECK_STR(callbot_verified_request_id(verified), "r-1");
                callbot_verified_free(verified);
            }
        }
    }
    callbot_testing_message_free(message);
    callbot_verifier_free(verifier);
    callbot_request_free(request);
}

/* Each malformed block has its own code, and its line. The content is not shown. */
static void check_malformed(void) {
    static const struct {
        callbot_str block;
        int32_t code;
        const char *line;
    } blocks[] = {
        {CALLBOT_STR_INIT("secret : x"), CALLBOT_CODE_HEADER_LINE_BLANK_BEFORE_COLON, "line 1 "},
        {CALLBOT_STR_INIT("a: b\r\n secret\r\n"), CALLBOT_CODE_HEADER_LINE_FOLDED, "line 2 "},
        {CALLBOT_STR_INIT("a: b\rsecret: x\r\n"), CALLBOT_CODE_HEADER_LINE_BARE_CR, "line 1 "},
        {CALLBOT_STR_INIT("a: b\nc: \0secret\n"), CALLBOT_CODE_HEADER_LINE_NUL, "line 2 "},
        {CALLBOT_STR_INIT("a: b\n\n\n{\"secret\":1}"), CALLBOT_CODE_HEADER_LINE_AFTER_END, "line 4 "},
        {CALLBOT_STR_INIT("a: b\nsecret\n"), CALLBOT_CODE_HEADER_LINE_NO_COLON, "line 2 "},
        {CALLBOT_STR_INIT("{\"secret\":1}"), CALLBOT_CODE_HEADER_LINE_NAME, "line 1 "},
    };
    size_t i;
    for (i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        callbot_headers *headers = POISON(callbot_headers);
        callbot_error *error = POISON(callbot_error);
        CHECK(callbot_headers_parse(blocks[i].block, &headers, &error) == CALLBOT_HEADERS && headers == NULL);
        CHECK(callbot_error_code_number(error) == blocks[i].code);
        CHECK(starts_with(callbot_error_message(error), blocks[i].line));
        CHECK(!contains(callbot_error_message(error), "secret"));
        callbot_error_free(error);
    }
}

/* A block without headers is an empty list, which no message is verified with. */
static void check_empty(void) {
    static const char *const blocks[] = {"", "\r\n", "HTTP/1.1 200 OK\r\n\r\n"};
    size_t i;
    for (i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        callbot_headers *headers = POISON(callbot_headers);
        CHECK_OK(callbot_headers_parse(str(blocks[i]), &headers, NULL));
        CHECK(callbot_headers_count(headers) == 0 && callbot_headers_get(headers) == NULL);
        callbot_headers_free(headers);
    }
}

/* The lines are those of the headers, and C strings, as curl_slist_append needs. */
static void check_lines(const callbot_signer *signer) {
    callbot_request *request = request_of(signer, str("r-1"));
    size_t count = callbot_request_header_count(request);
    size_t i;
    for (i = 0; i < count; i++) {
        callbot_str line = callbot_request_header_line(request, i);
        callbot_str name = callbot_request_header_name(request, i);
        callbot_str value = callbot_request_header_value(request, i);
        char wanted[256];
        snprintf(wanted, sizeof wanted, "%.*s: %.*s", (int)name.len, name.data, (int)value.len, value.data);
        CHECK(line.len > 0 && line.data[line.len] == '\0');
        CHECK(strcmp(line.data, wanted) == 0);
        CHECK(callbot_request_header_line(request, i).data == line.data);
    }
    CHECK(nothing(callbot_request_header_line(request, count)));
    CHECK(nothing(callbot_request_header_line(request, SIZE_MAX)));
    callbot_request_free(request);
}

static void check_urls(const callbot_signer *signer) {
    static const struct {
        const char *base, *url;
        int32_t code;
    } urls[] = {
        {"https://nxbot.nxcloud.com", "https://nxbot.nxcloud.com/callcentre/api/v3/addBatchCall", 0},
        {"http://127.0.0.1:8080/proxy//", "http://127.0.0.1:8080/proxy/callcentre/api/v3/addBatchCall", 0},
        {"", NULL, CALLBOT_CODE_URL_EMPTY},
        {"nxbot.nxcloud.com", NULL, CALLBOT_CODE_URL_NOT_ABSOLUTE},
        {"https://a.example/?a=b", NULL, CALLBOT_CODE_BASE_URL_QUERY},
        {"https://a.example/#b", NULL, CALLBOT_CODE_URL_FRAGMENT},
        {"https://a.example/\r\nx: y", NULL, CALLBOT_CODE_URL_CHARACTER},
    };
    callbot_request *request = request_of(signer, str("r-1"));
    size_t i;
    for (i = 0; i < sizeof urls / sizeof *urls; i++) {
        callbot_string *url = POISON(callbot_string);
        callbot_error *error = POISON(callbot_error);
        callbot_status status = callbot_request_url(request, str(urls[i].base), &url, &error);
        CHECK(callbot_error_code_number(error) == urls[i].code);
        if (urls[i].url == NULL) {
            CHECK(status == CALLBOT_BASE_URL && url == NULL);
        } else {
            CHECK(status == CALLBOT_OK && error == NULL);
            CHECK(strcmp(callbot_string_get(url).data, urls[i].url) == 0);
            CHECK(callbot_string_get(url).len == strlen(urls[i].url));
        }
        if (status == CALLBOT_OK) {
            callbot_string *joined;
            CHECK(callbot_url_join(str(urls[i].base), callbot_request_path(request), &joined, NULL) == CALLBOT_OK);
            CHECK(strcmp(callbot_string_get(joined).data, urls[i].url) == 0);
            callbot_string_free(joined);
        }
        callbot_error_free(error);
        callbot_string_free(url);
    }
    callbot_request_free(request);
}

int main(void) {
    callbot_signer *signer;
    CHECK_OK(callbot_signer_new(str("uuid-1"), str("topsecret"), CALLBOT_ALGORITHM_MD5, &signer, NULL));
    check_received(signer);
    check_malformed();
    check_empty();
    check_lines(signer);
    check_urls(signer);
    callbot_signer_free(signer);
    return 0;
}
