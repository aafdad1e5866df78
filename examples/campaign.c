/*
 * Runs a whole campaign: creates a task, adds orders, starts it, receives callbacks, looks up
 * orders whose answer was lost, stops an order, and completes the task.
 *
 *     cargo build --release -p callbot
 *     cc -std=c99 -Iinclude examples/campaign.c target/release/libcallbot.a \
 *         -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o campaign
 *     ./campaign examples/campaign.provider
 *
 * `struct provider` stands for the provider and its network, and the file is what it sends. In your
 * own program its place is taken by an HTTP client, which sends the path, the headers and the body
 * of each request, and by a server, which passes on the headers and the raw body of each callback.
 * Request IDs and times are fixed here, so that the output is always the same. In yours an empty
 * request ID and the time 0 mean a random ID and the time now.
 *
 * A server also refuses a callback that comes again: see callbot_replays_begin.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callbot.h"

#define ORDER_CALLBACK_URL CALLBOT_STR("https://example.com/callbot/order")
#define CALL_CALLBACK_URL CALLBOT_STR("https://example.com/callbot/call")
#define TASK "spring"

enum { MAX_LINE = 4096, MAX_HEADERS = 8, MAX_DETAILS = 500, ID_CAPACITY = 32 };

/* The provider and its network: verifies each request, and answers it with the next line of a file.
 * A line has the name of an endpoint and the answer's body, or no body if the answer is lost; or
 * the kind of a callback and its body. */
struct provider {
    FILE *file;
    char line[MAX_LINE];
    bool has_line;
    unsigned callbacks;
};

/* A campaign, and what it needs to send and to receive. A function that fails sets error, or prints
 * the reason, and returns false. */
struct campaign {
    callbot_signer *signer;
    callbot_verifier *verifier;
    callbot_rules *rules;
    callbot_error *error;
    struct provider provider;
    int64_t now;
    unsigned requests;
    char request_id[ID_CAPACITY];
};

/* What is stored of a request, and its answer: NULL if it was lost. The strings lie in block. */
struct exchange {
    char *block;
    callbot_sent sent;
    callbot_str body;
    callbot_verified *answer;
};

struct contact {
    const char *order_id, *phone;
};

static callbot_str str(const char *string) {
    callbot_str borrowed = {string, strlen(string)};
    return borrowed;
}

static bool equal(callbot_str a, callbot_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static bool fail(const char *why) {
    fprintf(stderr, "%s\n", why);
    return false;
}

static void print(const char *before, callbot_str string, const char *after) {
    printf("%s%.*s%s", before, (int)string.len, string.data != NULL ? string.data : "", after);
}

static callbot_str header(const callbot_request *request, callbot_str name) {
    size_t i = 0;
    while (!equal(callbot_request_header_name(request, i), name) && i < callbot_request_header_count(request)) i++;
    return callbot_request_header_value(request, i);
}

/* --- The provider --- */

/* The next line, without reading past it. NULL at the end of the file. */
static const char *provider_peek(struct provider *provider) {
    if (!provider->has_line) {
        if (fgets(provider->line, MAX_LINE, provider->file) == NULL) return NULL;
        provider->line[strcspn(provider->line, "\n")] = '\0';
        provider->has_line = true;
    }
    return provider->line;
}

/* Splits the next line into a name and a body, which is empty if there is none. They live until the
 * line after it is read. */
static bool provider_take(struct provider *provider, callbot_str *name, callbot_str *body) {
    const char *line = provider_peek(provider);
    if (line == NULL) return fail("provider: one request too many");
    name->data = line;
    name->len = strcspn(line, " ");
    *body = str(line[name->len] == ' ' ? line + name->len + 1 : "");
    provider->has_line = false;
    return true;
}

/* Answers a request. *body is empty if the answer is lost. */
static bool provider_answer(struct campaign *campaign, const callbot_request *request,
                            callbot_testing_message **message, callbot_str *body) {
    callbot_str endpoint, sign = header(request, CALLBOT_STR("sign"));
    char expected[CALLBOT_SIGN_CAPACITY];
    if (callbot_sign(campaign->signer, header(request, CALLBOT_STR("requestID")), campaign->now,
                     callbot_request_body(request), expected, &campaign->error) != CALLBOT_OK) {
        return false;
    }
    if (!equal(sign, str(expected))) return fail("provider: the signature is wrong");
    if (!provider_take(&campaign->provider, &endpoint, body)) return false;
    if (!equal(endpoint, callbot_request_endpoint(request))) return fail("provider: another request is expected");
    return callbot_testing_sign_response(campaign->signer, request, campaign->now, *body, message,
                                         &campaign->error) == CALLBOT_OK;
}

/* The headers of a message, as a server or an HTTP client has them. Returns their number. */
static size_t headers_of(const callbot_testing_message *message, callbot_header headers[MAX_HEADERS]) {
    size_t count = callbot_testing_message_header_count(message);
    for (size_t i = 0; i < count && i < MAX_HEADERS; i++) {
        headers[i].name = callbot_testing_message_header_name(message, i);
        headers[i].value = callbot_testing_message_header_value(message, i);
    }
    return count < MAX_HEADERS ? count : MAX_HEADERS;
}

/* --- Sending --- */

static callbot_str copy(char **end, callbot_str string) {
    callbot_str copied = {*end, string.len};
    if (string.len > 0) memcpy(*end, string.data, string.len);
    *end += string.len;
    return copied;
}

static bool store(struct exchange *exchange, const callbot_request *request) {
    callbot_sent sent = callbot_request_sent(request);
    callbot_str body = callbot_request_body(request);
    char *end = malloc(sent.endpoint.len + sent.request_id.len + sent.uuid.len + body.len);
    if (end == NULL) return fail("out of memory");
    exchange->block = end;
    exchange->sent.endpoint = copy(&end, sent.endpoint);
    exchange->sent.request_id = copy(&end, sent.request_id);
    exchange->sent.uuid = copy(&end, sent.uuid);
    exchange->sent.algorithm = sent.algorithm;
    exchange->body = copy(&end, body);
    return true;
}

static void exchange_free(struct exchange *exchange) {
    callbot_verified_free(exchange->answer);
    free(exchange->block);
}

/* Sends a request and frees it, and verifies the answer with what was stored of it. */
static bool send_request(struct campaign *campaign, callbot_request *request, struct exchange *exchange) {
    callbot_testing_message *message = NULL;
    callbot_str body = {NULL, 0};
    bool ok = store(exchange, request);
    if (ok) {
        print("> ", exchange->sent.endpoint, " ");
        print("", header(request, CALLBOT_STR("sign")), "\n");
        ok = provider_answer(campaign, request, &message, &body);
    }
    callbot_request_free(request);
    if (ok && body.len == 0) {
        printf("  no answer\n");
    } else if (ok) {
        callbot_header headers[MAX_HEADERS];
        size_t count = headers_of(message, headers);
        callbot_result result;
        ok = callbot_verify_response(campaign->verifier, &exchange->sent, headers, count, body, campaign->now,
                                     &exchange->answer, &campaign->error) == CALLBOT_OK &&
             callbot_verified_result(exchange->answer, &result, &campaign->error) == CALLBOT_OK;
        if (ok) {
            printf("< %lld (", (long long)result.code);
            print("", result.meaning, ")\n");
        }
    }
    callbot_testing_message_free(message);
    return ok;
}

/* The next request's ID, and its time in campaign->now. */
static callbot_str next_request(struct campaign *campaign) {
    campaign->now++;
    campaign->requests++;
    snprintf(campaign->request_id, ID_CAPACITY, "request-%u", campaign->requests);
    return str(campaign->request_id);
}

/* Sends a request of any endpoint as JSON. It must be answered, and its content is read. */
static bool call(struct campaign *campaign, const char *endpoint, const char *json, struct exchange *sent,
                 callbot_content **content) {
    callbot_request *request = NULL;
    callbot_result result;
    callbot_str id = next_request(campaign);
    if (callbot_request_from_json(campaign->signer, str(endpoint), str(json), id, campaign->now, &request,
                                  &campaign->error) != CALLBOT_OK ||
        !send_request(campaign, request, sent)) {
        return false;
    }
    if (sent->answer == NULL) return fail("the answer was lost; find out what became of the request");
    if (callbot_verified_result(sent->answer, &result, &campaign->error) != CALLBOT_OK) return false;
    if (result.code != 0) return fail("the provider refused the request");
    return callbot_content_new(sent->answer, CALLBOT_CONTENT_RESPONSE, content, &campaign->error) == CALLBOT_OK;
}

/* Prints what became of the orders of a request. */
static bool report(struct campaign *campaign, const callbot_content *answer, callbot_str body) {
    callbot_outcome *outcome = NULL;
    callbot_refused refused;
    bool ok = callbot_outcome_new(answer, body, &outcome, &campaign->error) == CALLBOT_OK;
    if (ok) {
        switch (callbot_outcome_kind(outcome)) {
            case CALLBOT_OUTCOME_ACCEPTED:
                printf("  accepted\n");
                break;
            case CALLBOT_OUTCOME_PARTLY:
                printf("  partly accepted\n");
                break;
            default: /* What the answer leaves open is neither a success nor safe to send again. */
                ok = fail("orders were refused, or it is not known which");
        }
    }
    for (size_t i = 0; ok && callbot_outcome_refused(outcome, i, &refused) == CALLBOT_OK; i++) {
        print("  ", refused.order_id, " refused: ");
        print("", refused.message, "\n");
    }
    callbot_outcome_free(outcome);
    return ok;
}

/* Starts (1), pauses (2) or completes (3) the task. */
static bool operate(struct campaign *campaign, int operation) {
    struct exchange sent = {0};
    callbot_content *content = NULL;
    char json[128];
    int64_t status;
    snprintf(json, sizeof json, "{\"userTaskID\":\"" TASK "\",\"taskOperate\":%d}", operation);
    bool ok = call(campaign, "mgrTaskStatus", json, &sent, &content);
    if (ok && callbot_content_integer(content, CALLBOT_STR("/taskStatus"), &status) == CALLBOT_OK) {
        printf("  task status %lld\n", (long long)status);
    }
    callbot_content_free(content);
    exchange_free(&sent);
    return ok;
}

/* Stops dialling an order, which cannot be undone. */
static bool stop(struct campaign *campaign, const char *order_id) {
    struct exchange sent = {0};
    callbot_content *content = NULL;
    char json[128];
    snprintf(json, sizeof json, "{\"userTaskID\":\"" TASK "\",\"orderIDs\":[\"%s\"]}", order_id);
    bool ok = call(campaign, "stopOrder", json, &sent, &content) && report(campaign, content, sent.body);
    callbot_content_free(content);
    exchange_free(&sent);
    return ok;
}

/* Writes the request of listOrderDetail, which the caller frees. NULL if there is no memory. The IDs
 * are the program's own, of letters, digits and hyphens: they need no escapes. */
static char *details_json(const struct contact *contacts, size_t count) {
    static const char begin[] = "{\"userTaskID\":\"" TASK "\",\"orderList\":[";
    size_t size = sizeof begin + sizeof "]}";
    for (size_t i = 0; i < count; i++) size += strlen(contacts[i].order_id) + sizeof ",\"\"";
    char *json = malloc(size);
    if (json == NULL) return NULL;
    size_t length = (size_t)snprintf(json, size, "%s", begin);
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(json + length, size - length, "%s\"%s\"", i > 0 ? "," : "", contacts[i].order_id);
    }
    snprintf(json + length, size - length, "]}");
    return json;
}

/* Reads the number of calls of each order from the answer. SIZE_MAX for one that is not listed. */
static void read_calls(const callbot_content *content, const struct contact *contacts, size_t count, size_t *calls) {
    char pointer[64];
    callbot_str id;
    size_t listed = 0;
    for (size_t i = 0; i < count; i++) calls[i] = SIZE_MAX;
    callbot_content_length(content, CALLBOT_STR("/orderDetailList"), &listed);
    for (size_t k = 0; k < listed; k++) {
        snprintf(pointer, sizeof pointer, "/orderDetailList/%zu/orderID", k);
        if (callbot_content_string(content, str(pointer), &id) != CALLBOT_OK) continue;
        size_t i = 0;
        while (i < count && !equal(id, str(contacts[i].order_id))) i++;
        if (i == count) continue;
        calls[i] = 0; /* an order without the list has no calls */
        snprintf(pointer, sizeof pointer, "/orderDetailList/%zu/callInfoDetailList", k);
        callbot_content_length(content, str(pointer), &calls[i]);
    }
}

/* Finds out what became of orders whose answer was lost, at most MAX_DETAILS. */
static bool look_up(struct campaign *campaign, const struct contact *contacts, size_t count) {
    struct exchange sent = {0};
    callbot_content *content = NULL;
    size_t calls[MAX_DETAILS];
    if (count > MAX_DETAILS) return fail("too many orders for one request");
    char *json = details_json(contacts, count);
    bool ok = json != NULL ? call(campaign, "listOrderDetail", json, &sent, &content) : fail("out of memory");
    if (ok) read_calls(content, contacts, count, calls);
    for (size_t i = 0; ok && i < count; i++) {
        if (calls[i] != SIZE_MAX) {
            printf("  %s: listed, calls: %zu\n", contacts[i].order_id, calls[i]);
        } else {
            printf("  %s: not listed, so a person decides\n", contacts[i].order_id);
        }
    }
    callbot_content_free(content);
    exchange_free(&sent);
    free(json);
    return ok;
}

/* Adds a batch of orders, and looks them up if the answer is lost. */
static bool add(struct campaign *campaign, const struct contact *contacts, size_t count) {
    callbot_batch *batch = NULL;
    callbot_request *request = NULL;
    callbot_content *content = NULL;
    struct exchange sent = {0};
    callbot_error **error = &campaign->error;
    bool ok = callbot_batch_new(campaign->rules, CALLBOT_STR(TASK), ORDER_CALLBACK_URL, CALL_CALLBACK_URL, &batch,
                                error) == CALLBOT_OK;
    const callbot_param amount = {CALLBOT_STR("amount"), CALLBOT_STR("120.50")};
    for (size_t i = 0; ok && i < count; i++) {
        const callbot_order order = {.order_id = str(contacts[i].order_id),
                                     .user_phone = str(contacts[i].phone),
                                     .params = &amount,
                                     .param_count = 1};
        ok = callbot_batch_add(batch, &order, error) == CALLBOT_OK;
    }
    callbot_str id = next_request(campaign);
    ok = ok && callbot_build_batch(campaign->signer, batch, id, campaign->now, &request, error) == CALLBOT_OK &&
         send_request(campaign, request, &sent);
    if (ok && sent.answer == NULL) {
        ok = look_up(campaign, contacts, count);
    } else if (ok) {
        ok = callbot_content_new(sent.answer, CALLBOT_CONTENT_RESPONSE, &content, error) == CALLBOT_OK &&
             report(campaign, content, sent.body);
    }
    callbot_content_free(content);
    exchange_free(&sent);
    callbot_batch_free(batch);
    return ok;
}

/* --- Receiving --- */

/* Prints an integer or a boolean as it was sent, or ? if it is absent. */
static void print_json(const char *before, const callbot_content *content, const char *pointer, const char *after) {
    callbot_str json;
    bool found = callbot_content_json(content, str(pointer), &json) == CALLBOT_OK;
    print(before, found ? json : CALLBOT_STR("?"), after);
}

/* Verifies a callback and prints what it says. Only the URL that it came to tells its kind. */
static bool receive(struct campaign *campaign, int32_t kind, const callbot_header *headers, size_t count,
                    callbot_str body) {
    callbot_verified *verified = NULL;
    callbot_content *content = NULL;
    callbot_str order_id = CALLBOT_STR("?");
    bool ok = callbot_verify_callback(campaign->verifier, headers, count, body, campaign->now, &verified,
                                      &campaign->error) == CALLBOT_OK &&
              callbot_content_new(verified, kind, &content, &campaign->error) == CALLBOT_OK;
    if (ok) {
        switch (kind) {
            case CALLBOT_CONTENT_CALL_CALLBACK:
                callbot_content_string(content, CALLBOT_STR("/orderID"), &order_id);
                print("call for ", order_id, ": ");
                print_json("duration ", content, "/callInfoDetail/callDuration", "\n");
                break;
            case CALLBOT_CONTENT_ORDER_CALLBACK:
                callbot_content_string(content, CALLBOT_STR("/orderID"), &order_id);
                print("", order_id, ": ");
                print_json("finished ", content, "/finish", "\n");
                break;
            default:
                print_json("task: ", content, "/taskStat/finishOrderCount", " of ");
                print_json("", content, "/taskStat/totalOrderCount", " orders finished\n");
        }
    }
    callbot_content_free(content);
    callbot_verified_free(verified);
    return ok;
}

/* Receives what the provider sends before the next request. */
static bool receive_callbacks(struct campaign *campaign) {
    static const struct {
        const char *line;
        int32_t kind;
    } kinds[] = {{"call ", CALLBOT_CONTENT_CALL_CALLBACK},
                 {"order ", CALLBOT_CONTENT_ORDER_CALLBACK},
                 {"task ", CALLBOT_CONTENT_TASK_CALLBACK}};
    const char *line;
    bool ok = true;
    while (ok && (line = provider_peek(&campaign->provider)) != NULL) {
        size_t i = 0;
        while (i < 3 && strncmp(line, kinds[i].line, strlen(kinds[i].line)) != 0) i++;
        if (i == 3) break;
        callbot_testing_message *message = NULL;
        callbot_header headers[MAX_HEADERS];
        callbot_str name, body;
        char id[ID_CAPACITY];
        snprintf(id, sizeof id, "callback-%u", ++campaign->provider.callbacks);
        ok = provider_take(&campaign->provider, &name, &body) &&
             callbot_testing_sign_callback(campaign->signer, str(id), campaign->now, body, &message,
                                           &campaign->error) == CALLBOT_OK &&
             receive(campaign, kinds[i].kind, headers, headers_of(message, headers), body);
        callbot_testing_message_free(message);
    }
    return ok;
}

static bool run(struct campaign *campaign) {
    static const struct contact first[] = {{"order-1", "8613800000001"}, {"order-2", "8613800000002"}};
    static const struct contact second[] = {
        {"order-3", "8613800000003"}, {"order-4", "447700900123"}, {"order-5", "8613800000005"}};
    static const struct contact third[] = {{"order-6", "8613800000006"}, {"order-7", "8613800000007"}};
    struct exchange created = {0};
    callbot_content *content = NULL;
    bool ok = call(campaign, "createTask",
                   "{\"userTaskID\":\"" TASK "\",\"sceneID\":\"scene-1\","
                   "\"taskCallbackUrl\":\"https://example.com/callbot/task\"}",
                   &created, &content);
    callbot_content_free(content);
    exchange_free(&created);
    return ok && add(campaign, first, 2) && add(campaign, second, 3) && operate(campaign, 1) &&
           receive_callbacks(campaign) && add(campaign, third, 2) && stop(campaign, "order-5") &&
           operate(campaign, 3) && receive_callbacks(campaign);
}

int main(int argc, char **argv) {
    struct campaign campaign = {.now = 1726200000};
    callbot_error **error = &campaign.error;
    if (argc != 2 || (campaign.provider.file = fopen(argv[1], "r")) == NULL) {
        fprintf(stderr, "usage: campaign FILE\n");
        return 2;
    }
    campaign.rules = callbot_rules_new();
    bool ok = callbot_signer_new(CALLBOT_STR("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"),
                                 CALLBOT_STR("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr"), CALLBOT_ALGORITHM_MD5,
                                 &campaign.signer, error) == CALLBOT_OK &&
              callbot_verifier_new(campaign.signer, &campaign.verifier, error) == CALLBOT_OK &&
              callbot_rules_require_param(campaign.rules, CALLBOT_STR("amount"), error) == CALLBOT_OK &&
              callbot_rules_allow_country_code(campaign.rules, CALLBOT_STR("86"), error) == CALLBOT_OK &&
              callbot_rules_allow_country_code(campaign.rules, CALLBOT_STR("44"), error) == CALLBOT_OK &&
              run(&campaign);
    if (campaign.error != NULL) {
        callbot_str message = callbot_error_message(campaign.error);
        fprintf(stderr, "%.*s\n", (int)message.len, message.data);
    }
    callbot_error_free(campaign.error);
    callbot_rules_free(campaign.rules);
    callbot_verifier_free(campaign.verifier);
    callbot_signer_free(campaign.signer);
    fclose(campaign.provider.file);
    return ok ? 0 : 1;
}
