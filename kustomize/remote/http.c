/* http.c: one GET with libcurl, which is loaded here, because most builds need none of it.
 *
 * Redirects are followed by hand, so that each new place is allowed or not. Source: Go's net/http Client.Get */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/process.h"

#include "kustomize/remote/remote_parts.h"
#include "kustomize/text/url.h"

enum { MOST_REDIRECTS = 10, CONNECT_SECONDS = 20, TOTAL_SECONDS = 120 };

/* The functions of libcurl that are used. */
struct library {
    CURL *(*init)(void);
    CURLcode (*set)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*get)(CURL *, CURLINFO, ...);
    void (*cleanup)(CURL *);
    struct curl_slist *(*append)(struct curl_slist *, const char *);
    void (*free_all)(struct curl_slist *);
    const char *(*describe)(CURLcode);
};

/* The library that links with OpenSSL, or the one that git brings along. It stays loaded. */
static bool load_library(struct library *library, struct error *error)
{
    const struct {
        const char *name;
        void *slot;
    } symbols[] = {{"curl_easy_init", &library->init},          {"curl_easy_setopt", &library->set},
                   {"curl_easy_perform", &library->perform},    {"curl_easy_getinfo", &library->get},
                   {"curl_easy_cleanup", &library->cleanup},    {"curl_slist_append", &library->append},
                   {"curl_slist_free_all", &library->free_all}, {"curl_easy_strerror", &library->describe}};
    void *handle = dlopen("libcurl.so.4", RTLD_NOW);
    if (!handle)
        handle = dlopen("libcurl-gnutls.so.4", RTLD_NOW);
    if (!handle)
        return error_set(error, "files from the network need libcurl.so.4: install the package libcurl4 (%s)",
                         dlerror());
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(handle, symbols[i].name);
        if (!symbol)
            return error_set(error, "libcurl has no function '%s'", symbols[i].name);
        memcpy(symbols[i].slot, &symbol, sizeof symbol);
    }
    return true;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *answer)
{
    struct text *body = &((struct http_answer *)answer)->body;
    text_bytes(body, bytes, size * count);
    return body->failed ? 0 : size * count;
}

/* Keeps a header's value where it has this name and fits. */
static void take_value(const char *line, size_t size, const char *name, char *out, size_t room)
{
    size_t name_size = strlen(name);
    if (size <= name_size || strncasecmp(line, name, name_size) != 0)
        return;
    line += name_size;
    size -= name_size;
    while (size && (*line == ' ' || *line == '\t')) {
        line++;
        size--;
    }
    while (size && strchr(" \t\r\n", line[size - 1]))
        size--;
    if (size >= room)
        return;
    memcpy(out, line, size);
    out[size] = '\0';
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    struct http_answer *answer = context;
    take_value(line, size * count, "etag:", answer->etag, sizeof answer->etag);
    take_value(line, size * count, "last-modified:", answer->modified, sizeof answer->modified);
    return size * count;
}

/* Instead of opening a socket to an address that a host's name must not lead to. */
static curl_socket_t open_no_local(void *unused, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)unused;
    if (purpose == CURLSOCKTYPE_IPCXN && fetch_is_local_address(&address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype, address->protocol);
}

static const char *either_variable(const char *name, const char *otherwise)
{
    const char *value = environment_value(name);
    return value ? value : environment_value(otherwise);
}

static struct curl_slist *add_header(const struct library *library, struct curl_slist *headers, const char *header)
{
    struct curl_slist *longer = library->append(headers, header);
    if (!longer)
        memory_exhausted();
    return longer;
}

static struct curl_slist *request_condition(const struct library *library, const struct http_answer *known)
{
    struct arena *arena = arena_new();
    struct curl_slist *headers = NULL;
    if (*known->etag)
        headers = add_header(library, headers, arena_format(arena, "If-None-Match: %s", known->etag));
    if (*known->modified)
        headers = add_header(library, headers, arena_format(arena, "If-Modified-Since: %s", known->modified));
    arena_free(arena);
    return headers;
}

/* What this libcurl does not know is left out. What it has no memory for would be left out, too. */
static void check_memory(CURLcode code)
{
    if (code == CURLE_OUT_OF_MEMORY)
        memory_exhausted();
}

#define SET(option, value) check_memory(library->set(curl, option, value))

static void prepare_request(const struct library *library, CURL *curl, const char *url, bool local,
                            struct curl_slist *headers, struct http_answer *answer, char *detail)
{
    const char *file = either_variable("SSL_CERT_FILE", "CURL_CA_BUNDLE"),
               *directory = either_variable("SSL_CERT_DIR", NULL);
    SET(CURLOPT_URL, url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    SET(CURLOPT_TIMEOUT, (long)TOTAL_SECONDS);
    SET(CURLOPT_USERAGENT, "rootapp");
    SET(CURLOPT_ACCEPT_ENCODING, "gzip");
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, answer);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, answer);
    SET(CURLOPT_ERRORBUFFER, detail);
    if (!local)
        SET(CURLOPT_OPENSOCKETFUNCTION, open_no_local);
    if (file)
        SET(CURLOPT_CAINFO, file);
    if (directory)
        SET(CURLOPT_CAPATH, directory);
}

static bool is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* One request. `*next` is where it is redirected to, in the arena; NULL: nowhere. */
static bool send_request(const struct library *library, struct arena *arena, const char *url, bool local,
                         struct curl_slist *headers, struct http_answer *answer, const char **next, struct error *error)
{
    char detail[CURL_ERROR_SIZE] = "";
    const char *location = NULL;
    CURL *curl = library->init();
    if (!curl)
        memory_exhausted();
    answer->etag[0] = answer->modified[0] = '\0';
    answer->body = (struct text){.limit = SOURCE_LARGEST_FILE};
    prepare_request(library, curl, url, local, headers, answer, detail);
    CURLcode code = library->perform(curl);
    check_memory(code);
    library->get(curl, CURLINFO_RESPONSE_CODE, &answer->status);
    library->get(curl, CURLINFO_REDIRECT_URL, &location);
    *next = location && is_redirect(answer->status) ? arena_string(arena, location) : NULL;
    if (answer->body.failed)
        error_set(error, "'%s' is larger than 64 MiB", url_without_secrets(arena, url));
    else if (code != CURLE_OK)
        error_set(error, "cannot get '%s': %s", url_without_secrets(arena, url),
                  *detail ? detail : library->describe(code));
    library->cleanup(curl);
    return !error->message;
}

static bool follow_redirects(const struct remote_options *options, const struct library *library, struct arena *arena,
                             const char *url, struct curl_slist *headers, struct http_answer *answer,
                             struct error *error)
{
    bool local;
    for (unsigned redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
        const char *next;
        text_free(&answer->body);
        if (!fetch_allows(options, url, &local, error) ||
            !send_request(library, arena, url, local, headers, answer, &next, error))
            return false;
        if (!next)
            return true;
        url = next;
    }
    return error_set(error, "stopped after %d redirects, at '%s'", MOST_REDIRECTS, url_without_secrets(arena, url));
}

bool http_get(const struct remote_options *options, const char *url, struct http_answer *answer, struct error *error)
{
    struct library library;
    if (!load_library(&library, error))
        return false;
    struct arena *arena = arena_new();
    struct curl_slist *headers = request_condition(&library, answer);
    bool good = follow_redirects(options, &library, arena, url, headers, answer, error);
    library.free_all(headers);
    arena_free(arena);
    return good;
}

const char *http_status_name(long status)
{
    static const struct {
        long status;
        const char *name;
    } names[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {402, "Payment Required"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {407, "Proxy Authentication Required"},
        {408, "Request Timeout"},
        {410, "Gone"},
        {418, "I'm a teapot"},
        {429, "Too Many Requests"},
        {451, "Unavailable For Legal Reasons"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].status == status)
            return names[i].name;
    return "";
}
