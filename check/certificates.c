/* certificates.c: certificates in argo/certs that end soon, and values that were sealed with none of them. */
#include <string.h>

#include "base/digest.h"
#include "base/path.h"
#include "check/workloads.h"
#include "yaml/scalar.h"

static const char directory[] = "argo/certs";
enum { LARGEST = 1024 * 1024, FINGERPRINT = 12, SOON = 30 };

struct certificate {
    const char *path, *name;           /* name: of the file, without .pem */
    char fingerprint[FINGERPRINT + 1]; /* as `rootapp seal` records it */
    const char *ends;                  /* YYYY-MM-DD; NULL: cannot be read */
    struct certificate *next;
};

/* One value of DER: its tag and bytes; and what stands behind it. Source: X.690, 8.1 */
struct der {
    unsigned tag;
    const unsigned char *bytes, *end;
};

static bool der_next(const unsigned char **at, const unsigned char *end, struct der *out)
{
    if (end - *at < 2)
        return false;
    out->tag = (*at)[0];
    size_t size = (*at)[1];
    *at += 2;
    if (size & 0x80) {
        size_t count = size & 0x7f;
        if (count > 4 || (size_t)(end - *at) < count)
            return false;
        for (size = 0; count--;)
            size = size << 8 | *(*at)++;
    }
    if ((size_t)(end - *at) < size)
        return false;
    out->bytes = *at;
    out->end = *at += size;
    return true;
}

static bool all_digits(const unsigned char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

/* UTCTime has two digits for the year, GeneralizedTime four. Source: RFC 5280, 4.1.2.5 */
static const char *der_date(struct arena *arena, const struct der *time)
{
    enum { UTC_TIME = 0x17, GENERALIZED_TIME = 0x18 };
    size_t year = time->tag == GENERALIZED_TIME ? 4 : 2;
    if ((time->tag != UTC_TIME && time->tag != GENERALIZED_TIME) || time->end - time->bytes < (ptrdiff_t)year + 4 ||
        !all_digits(time->bytes, year + 4))
        return NULL;
    const char *text = (const char *)time->bytes, *century = year == 4 ? "" : text[0] < '5' ? "20" : "19";
    return arena_format(arena, "%s%.*s-%.2s-%.2s", century, (int)year, text, text + year, text + year + 2);
}

/* Certificate: tbsCertificate: [version], serialNumber, signature, issuer, validity. Source: RFC 5280, 4.1 */
static const char *end_of(struct arena *arena, const unsigned char *bytes, size_t size)
{
    enum { VERSION = 0xa0, BEFORE_VALIDITY = 3 };
    const unsigned char *at = bytes;
    struct der value, before, after;
    if (!der_next(&at, bytes + size, &value))
        return NULL;
    at = value.bytes;
    if (!der_next(&at, value.end, &value))
        return NULL;
    const unsigned char *end = value.end;
    at = value.bytes;
    if (at < end && *at == VERSION && !der_next(&at, end, &value))
        return NULL;
    for (int i = 0; i < BEFORE_VALIDITY; i++)
        if (!der_next(&at, end, &value))
            return NULL;
    if (!der_next(&at, end, &value))
        return NULL;
    at = value.bytes;
    return der_next(&at, value.end, &before) && der_next(&at, value.end, &after) ? der_date(arena, &after) : NULL;
}

static bool read_certificate(struct arena *arena, const struct file_bytes *file, struct certificate *out)
{
    static const char first[] = "-----BEGIN CERTIFICATE-----", last[] = "-----END CERTIFICATE-----";
    const char *begin = strstr(file->bytes, first), *end = begin ? strstr(begin, last) : NULL;
    struct text bytes = {0};
    unsigned char digest[DIGEST_SIZE];
    if (!end || !scalar_base64(begin + strlen(first), (size_t)(end - begin) - strlen(first), &bytes)) {
        text_free(&bytes);
        return false;
    }
    digest_sha256(text_content(&bytes), bytes.size, digest);
    for (size_t i = 0; i < FINGERPRINT; i++)
        out->fingerprint[i] = "0123456789abcdef"[digest[i / 2] >> (i % 2 ? 0 : 4) & 15];
    out->ends = end_of(arena, (const unsigned char *)text_content(&bytes), bytes.size);
    text_free(&bytes);
    return true;
}

static struct certificate *find_certificates(const struct check_input *input)
{
    struct certificate *all = NULL;
    struct name_list names = {0};
    struct error ignored = {0};
    bool listed = source_kind(input->source, directory) == FILE_DIRECTORY &&
                  source_list(input->source, input->arena, directory, &names, &ignored);
    for (size_t i = 0; listed && i < names.count; i++) {
        size_t size = strlen(names.names[i]);
        const char *path = path_join(input->arena, directory, names.names[i]);
        struct file_bytes file;
        struct certificate *certificate = ARENA_NEW(input->arena, struct certificate);
        if (size < 5 || strcmp(names.names[i] + size - 4, ".pem") != 0 ||
            !source_read_small(input->source, input->arena, path, LARGEST, &file, &ignored) ||
            !read_certificate(input->arena, &file, certificate))
            continue;
        certificate->path = path;
        certificate->name = arena_copy(input->arena, names.names[i], size - 4);
        certificate->next = all;
        all = certificate;
    }
    error_free(&ignored);
    return all;
}

/* argo/certs/prod.pem and prod-2026.pem: a rotation keeps the old one beside the new one. */
static bool is_of(const struct certificate *certificate, const char *environment)
{
    size_t size = strlen(environment);
    return strncmp(certificate->name, environment, size) == 0 &&
           (!certificate->name[size] || strchr("-._", certificate->name[size]));
}

static void check_record(struct check_input *input, const struct certificate *all, const struct check_target *target,
                         const struct check_object *object, const struct node *records, const char *record, size_t size)
{
    const char *equals = memchr(record, '=', size),
               *place = equals ? memchr(equals, '@', size - (size_t)(equals - record)) : NULL;
    bool any = false;
    if (!place || place - equals - 1 != FINGERPRINT)
        return;
    for (const struct certificate *one = all; one; one = one->next) {
        if (!is_of(one, target->found->environment))
            continue;
        any = true;
        if (memcmp(one->fingerprint, equals + 1, FINGERPRINT) == 0)
            return;
    }
    if (any)
        check_report(input, target, RA514, records->origin, object,
                     "key '%.*s' of SealedSecret '%s' was sealed with the certificate %.*s, which is none of '%s'",
                     (int)(equals - record), record, object->name, FINGERPRINT, equals + 1, target->found->environment);
}

static void check_records(struct check_input *input, const struct certificate *all, const struct check_target *target,
                          const struct check_object *object)
{
    static const char *const path[] = {"metadata", "annotations", "rootapp.dev/sealed", NULL};
    const struct node *records = node_path(object->root, path);
    const char *at = node_text(records);
    while (at && *(at += strspn(at, " \t\n,"))) {
        size_t size = strcspn(at, " \t\n,");
        check_record(input, all, target, object, records, at, size);
        at += size;
    }
}

static void check_end(struct check_input *input, const struct certificate *certificate)
{
    long days = certificate->ends ? check_days(certificate->ends) - check_days(input->today) : SOON + 1;
    if (days > SOON)
        return;
    check_report_in(input, NULL, RA515, (struct span){certificate->path, 1, 1, 0, 0}, NULL,
                    days < 0 ? "the certificate has ended on %s" : "the certificate ends on %s", certificate->ends)
        ->fix = "fetch the cluster's new one beside it, and seal anew what was sealed with this one";
}

static void run(struct check_input *input)
{
    const struct certificate *all = input->set && input->today ? find_certificates(input) : NULL;
    for (const struct certificate *one = all; one; one = one->next)
        check_end(input, one);
    for (size_t i = 0; all && i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        for (size_t j = 0; target->found && j < target->object_count; j++)
            if (strcmp(target->objects[j].kind, "SealedSecret") == 0)
                check_records(input, all, target, &target->objects[j]);
    }
}

static const enum rule_id ids[] = {RA514, RA515, RULE_COUNT};
const struct check certificates_check = {"certificates", ids, run};
