/* seal_certificate.c: finds, judges and fetches the certificate that values are sealed with. */
#include "plugin/run/seal_certificate.h"

#include <string.h>
#include <time.h>

#include "base/files.h"
#include "base/path.h"
#include "check/certificate.h"
#include "plugin/run/kubeseal.h"

enum { LARGEST = 1024 * 1024, LEAST_BITS = 2048 };

static bool is_url(const char *text)
{
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

/* Whoever sits between could give a certificate of their own. `kubectl port-forward` has nobody in between. */
static bool check_url(const char *url, struct error *error)
{
    static const char *const local[] = {"http://localhost", "http://127.0.0.1", "http://[::1]"};
    bool good = strncmp(url, "https://", 8) == 0;
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        size_t size = strlen(local[i]);
        good = good || (strncmp(url, local[i], size) == 0 && strchr(":/", url[size]));
    }
    return good || error_set(error,
                             "%s: over http, anybody on the way can give a certificate of their own: use https, or "
                             "http://127.0.0.1 with 'kubectl port-forward'",
                             url);
}

static bool has_ended(const struct certificate *certificate)
{
    char now[CERTIFICATE_TIME + 1] = "";
    time_t seconds = time(NULL);
    struct tm date;
    return gmtime_r(&seconds, &date) && strftime(now, sizeof now, "%Y%m%d%H%M%S", &date) &&
           strcmp(certificate->until, now) < 0;
}

static const char *day_of(struct arena *arena, const struct certificate *certificate)
{
    const char *until = certificate->until;
    return arena_format(arena, "%.4s-%.2s-%.2s", until, until + 4, until + 6);
}

static bool judge_certificate(struct arena *arena, const struct text *file, const char *environment,
                              struct seal_certificate *out, struct error *error)
{
    struct certificate found;
    const char *at = text_content(file), *shown = out->shown;
    if (strstr(at, "PRIVATE KEY"))
        return error_set(error, "%s: holds a private key, which belongs into no repository", shown);
    if (!certificate_next(&at, &found))
        return error_set(error, "%s: holds no certificate (-----BEGIN CERTIFICATE-----)", shown);
    if (!*found.until)
        return error_set(error, "%s: the certificate in it is malformed", shown);
    if (has_ended(&found))
        return error_set(error,
                         "%s: the certificate has expired, on %s; fetch the new one: rootapp seal --fetch-cert %s",
                         shown, day_of(arena, &found), environment);
    if (!found.bits)
        return error_set(error, "%s: is for a key of another kind than RSA, which sealed-secrets does not have", shown);
    if (found.bits < LEAST_BITS)
        return error_set(error, "%s: has an RSA key of %u bits, which can be broken: %d is the least", shown,
                         found.bits, LEAST_BITS);
    out->fingerprint = arena_string(arena, found.fingerprint);
    out->until = day_of(arena, &found);
    return true;
}

/* Fetching. */

static bool fetch_certificate(const char *url, const char *context, struct text *out, struct error *error)
{
    const char *words[KUBESEAL_WORDS] = {"--fetch-cert", url ? "--cert" : NULL, url, context ? "--context" : NULL,
                                         context};
    return (!url || check_url(url, error)) && kubeseal_run(words, NULL, out, error);
}

static const char *keep_file(struct arena *arena, const struct text *file, struct error *error)
{
    const char *directory = temporary_directory(arena, NULL, error);
    const char *path = directory ? path_join(arena, directory, "cert.pem") : NULL;
    return path && file_replace(path, text_content(file), file->size, error) ? path : NULL;
}

static bool find_url(struct arena *arena, const struct seal_cluster *cluster, struct seal_certificate *out,
                     struct error *error)
{
    struct text file = {0};
    out->shown = cluster->given;
    bool good = fetch_certificate(cluster->given, NULL, &file, error) &&
                judge_certificate(arena, &file, cluster->environment, out, error) &&
                (out->file = keep_file(arena, &file, error));
    text_free(&file);
    return good;
}

static const char *usual_path(struct arena *arena, const struct seal_cluster *cluster)
{
    return arena_format(arena, "argo/certs/%s.pem", cluster->environment);
}

bool seal_certificate_find(struct arena *arena, const struct seal_cluster *cluster, struct seal_certificate *out,
                           struct error *error)
{
    *out = (struct seal_certificate){0};
    if (cluster->given && is_url(cluster->given))
        return find_url(arena, cluster, out, error);
    const char *here = working_directory(arena, error);
    if (!here)
        return false;
    const char *usual = path_join(arena, cluster->repository->root, usual_path(arena, cluster));
    struct text file = {.limit = LARGEST};
    out->shown = cluster->given ? cluster->given : path_relative(arena, here, usual);
    out->file = out->shown;
    bool good =
        file_read(out->file, &file)
            ? judge_certificate(arena, &file, cluster->environment, out, error)
            : error_set(error,
                        "%s: cannot be read; 'rootapp seal --fetch-cert %s' fetches it from the cluster, by way "
                        "of 'kubeseal --fetch-cert', or --cert names another one",
                        out->shown, cluster->environment);
    text_free(&file);
    return good;
}

/* The certificates of a file besides one, as they stand there. */
static void add_others(const struct text *file, const char *besides, struct text *out)
{
    struct certificate found;
    for (const char *at = text_content(file), *from = at; certificate_next(&at, &found); from = at) {
        from = strstr(from, "-----BEGIN CERTIFICATE-----");
        if (strcmp(found.fingerprint, besides) != 0)
            text_format(out, "%.*s\n", (int)(at - from), from);
    }
}

bool seal_certificate_fetch(struct arena *arena, const struct seal_cluster *cluster, struct fetched_certificate *out,
                            struct error *error)
{
    struct text answer = {0};
    *out = (struct fetched_certificate){.path = usual_path(arena, cluster), .old.limit = LARGEST};
    const char *url = cluster->given, *context = cluster->context;
    out->words = arena_format(arena, "kubeseal --fetch-cert%s%s%s%s", url ? " --cert " : "", url ? url : "",
                              context ? " --context " : "", context ? context : "");
    out->certificate.shown = url ? url : "what the cluster gave";
    bool good = fetch_certificate(url, context, &answer, error) &&
                judge_certificate(arena, &answer, cluster->environment, &out->certificate, error);
    file_read(path_join(arena, cluster->repository->root, out->path), &out->old);
    const char *at = text_content(&answer);
    struct certificate first;
    if (good && certificate_next(&at, &first)) {
        const char *begin = strstr(text_content(&answer), "-----BEGIN CERTIFICATE-----");
        text_format(&out->new, "%.*s\n", (int)(at - begin), begin);
        add_others(&out->old, first.fingerprint, &out->new);
    }
    text_free(&answer);
    return good;
}

bool seal_certificate_write(struct arena *arena, const struct repository *repository,
                            const struct fetched_certificate *fetched, struct error *error)
{
    const char *path = path_join(arena, repository->root, fetched->path);
    return directory_make(path_directory(arena, path), error) &&
           file_replace(path, text_content(&fetched->new), fetched->new.size, error);
}
