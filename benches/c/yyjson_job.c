/* The job as a C programmer would write it with yyjson and OpenSSL: parse, check, write, hash. */
#include "jobs.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

static void need(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "refused: %s\n", what);
        abort();
    }
}

/* A set of strings with open addressing. */
typedef struct {
    const char *string;
    size_t len;
} slot;

static uint64_t hash_of(const char *string, size_t len) {
    uint64_t hash = UINT64_C(0x9E3779B97F4A7C15) ^ len;
    while (len >= 8) {
        uint64_t word;
        memcpy(&word, string, 8);
        hash = (hash ^ word) * UINT64_C(0xBF58476D1CE4E5B9);
        hash ^= hash >> 29;
        string += 8;
        len -= 8;
    }
    for (; len > 0; string++, len--) {
        hash = (hash ^ (unsigned char)*string) * UINT64_C(0x94D049BB133111EB);
    }
    return hash ^ hash >> 32;
}

/* Adds a string; returns 0 if it is a duplicate. */
static int insert(slot *slots, size_t mask, const char *string, size_t len) {
    size_t index = (size_t)hash_of(string, len) & mask;
    while (slots[index].string != NULL) {
        if (slots[index].len == len && memcmp(slots[index].string, string, len) == 0) {
            return 0;
        }
        index = (index + 1) & mask;
    }
    slots[index].string = string;
    slots[index].len = len;
    return 1;
}

static yyjson_val *string_of(yyjson_val *object, const char *key) {
    yyjson_val *value = yyjson_obj_get(object, key);
    need(yyjson_is_str(value), key);
    return value;
}

static void check_phone(yyjson_val *phone) {
    const char *digits = yyjson_get_str(phone);
    size_t len = yyjson_get_len(phone);
    need(len >= 7 && len <= 15 && digits[0] != '0', "userPhone");
    for (size_t i = 0; i < len; i++) {
        need(digits[i] >= '0' && digits[i] <= '9', "userPhone");
    }
}

static void check_order(yyjson_val *order, slot *slots, size_t mask) {
    need(yyjson_is_obj(order) && yyjson_obj_size(order) == 6, "order");
    yyjson_val *order_id = string_of(order, "orderID");
    need(yyjson_get_len(order_id) > 0, "orderID");
    need(insert(slots, mask, yyjson_get_str(order_id), yyjson_get_len(order_id)), "duplicate orderID");
    check_phone(string_of(order, "userPhone"));
    string_of(order, "other");
    string_of(order, "userName");
    string_of(order, "customerName");
    yyjson_val *params = yyjson_obj_get(order, "params");
    need(yyjson_is_arr(params), "params");
    size_t i, count;
    yyjson_val *param;
    const char *names[16];
    yyjson_arr_foreach(params, i, count, param) {
        need(i < 16 && yyjson_is_obj(param) && yyjson_obj_size(param) == 2, "param");
        yyjson_val *name = string_of(param, "name");
        need(yyjson_get_len(name) > 0 && yyjson_get_len(string_of(param, "value")) > 0, "param");
        names[i] = yyjson_get_str(name);
        for (size_t before = 0; before < i; before++) {
            need(strcmp(names[before], names[i]) != 0, "duplicate param");
        }
    }
}

size_t job_yyjson(int sha256, const char *json, size_t len, char *sign) {
    yyjson_doc *document = yyjson_read(json, len, YYJSON_READ_NOFLAG);
    need(document != NULL, "JSON");
    yyjson_val *root = yyjson_doc_get_root(document);
    need(yyjson_obj_size(root) == 3, "document");
    need(yyjson_equals_str(string_of(root, "productID"), "callbot"), "productID");
    need(yyjson_get_len(string_of(root, "userTaskID")) > 0, "userTaskID");
    yyjson_val *info = yyjson_obj_get(root, "callInfoList");
    need(yyjson_obj_size(info) == 3, "callInfoList");
    need(strncmp(yyjson_get_str(string_of(info, "orderCallbackUrl")), "http", 4) == 0, "orderCallbackUrl");
    need(strncmp(yyjson_get_str(string_of(info, "callCallbackUrl")), "http", 4) == 0, "callCallbackUrl");
    yyjson_val *list = yyjson_obj_get(info, "callList");
    need(yyjson_is_arr(list) && yyjson_arr_size(list) > 0, "callList");

    size_t slot_count = 16;
    while (slot_count < 2 * yyjson_arr_size(list)) {
        slot_count *= 2;
    }
    slot *slots = calloc(slot_count, sizeof *slots);
    need(slots != NULL, "memory");
    size_t i, count;
    yyjson_val *order;
    yyjson_arr_foreach(list, i, count, order) {
        check_order(order, slots, slot_count - 1);
    }
    free(slots);

    size_t body_len;
    char *body = yyjson_write(document, YYJSON_WRITE_NOFLAG, &body_len);
    need(body != NULL, "memory");
    job_openssl_sign(sha256, body, body_len, sign);
    free(body);
    yyjson_doc_free(document);
    return body_len;
}
