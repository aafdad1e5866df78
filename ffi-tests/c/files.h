/* Reads the vectors: files and folders. */
#ifndef FILES_H
#define FILES_H

#include <dirent.h>

#include "check.h"

typedef struct {
    char *data;
    size_t len;
} file;

static inline file read_file(const char *folder, const char *name) {
    char path[1024];
    file content = {NULL, 0};
    size_t capacity = 0;
    size_t got;
    FILE *stream;
    CHECK(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    stream = fopen(path, "rb");
    if (stream == NULL) {
        fprintf(stderr, "cannot open %s\n", path);
        exit(1);
    }
    do {
        if (content.len == capacity) {
            capacity = capacity * 2 + 4096;
            content.data = realloc(content.data, capacity);
            CHECK(content.data != NULL);
        }
        got = fread(content.data + content.len, 1, capacity - content.len, stream);
        content.len += got;
    } while (got > 0);
    CHECK(!ferror(stream));
    fclose(stream);
    return content;
}

static inline int has_file(const char *folder, const char *name) {
    char path[1024];
    FILE *stream;
    CHECK(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    stream = fopen(path, "rb");
    if (stream != NULL) {
        fclose(stream);
    }
    return stream != NULL;
}

static inline callbot_str of(file content) {
    return bytes(content.data, content.len);
}

static inline size_t count_folders(const char *path) {
    size_t count = 0;
    const struct dirent *entry;
    DIR *folder = opendir(path);
    CHECK(folder != NULL);
    while ((entry = readdir(folder)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

/* Calls check with the folder of every vector of a kind, such as "signature". Checks that these are
 * the folders of MANIFEST. Returns their number. */
static inline size_t for_each_vector(const char *vectors, const char *kind, void (*check)(const char *folder)) {
    file manifest = read_file(vectors, "MANIFEST");
    char path[1024];
    size_t kind_len = strlen(kind);
    size_t count = 0;
    size_t start = 0;

    while (start < manifest.len) {
        const char *line = manifest.data + start;
        const char *end = memchr(line, '\n', manifest.len - start);
        size_t len;
        CHECK(end != NULL);
        len = (size_t)(end - line);
        if (starts_with(bytes(line, len), kind) && len > kind_len && line[kind_len] == '/') {
            CHECK(snprintf(path, sizeof path, "%s/%.*s", vectors, (int)len, line) < (int)sizeof path);
            check(path);
            count++;
        }
        start += len + 1;
    }
    free(manifest.data);

    CHECK(snprintf(path, sizeof path, "%s/%s", vectors, kind) < (int)sizeof path);
    CHECK(count > 0);
    CHECK(count_folders(path) == count);
    return count;
}

#endif
