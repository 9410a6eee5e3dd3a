/* certificates.c: certificates in argo/certs that end soon, and values that were sealed with none of them. */
#include <string.h>

#include "base/path.h"
#include "check/certificate.h"
#include "check/workloads.h"

static const char directory[] = "argo/certs";
enum { LARGEST = 1024 * 1024, SOON = 30 };

/* One certificate of a file. */
struct kept {
    const char *path, *name; /* name: of the file, without .pem */
    struct certificate facts;
    bool is_first; /* kubeseal seals with this one; those behind it open what was sealed before */
    struct kept *next;
};

static void add_file(const struct check_input *input, const char *name, struct kept **all)
{
    struct file_bytes file;
    struct certificate facts;
    struct error ignored = {0};
    const char *path = path_join(input->arena, directory, name);
    bool read = path_has_extension(name, ".pem") &&
                source_read_small(input->source, input->arena, path, LARGEST, &file, &ignored);
    error_free(&ignored);
    bool is_first = true;
    for (const char *at = read ? file.bytes : ""; certificate_next(&at, &facts); is_first = false) {
        struct kept *kept = ARENA_NEW(input->arena, struct kept);
        *kept =
            (struct kept){path, arena_copy(input->arena, name, strlen(name) - strlen(".pem")), facts, is_first, *all};
        *all = kept;
    }
}

static struct kept *find_certificates(const struct check_input *input)
{
    struct kept *all = NULL;
    struct name_list names = {0};
    struct error ignored = {0};
    bool listed = source_kind(input->source, directory) == FILE_DIRECTORY &&
                  source_list(input->source, input->arena, directory, &names, &ignored);
    for (size_t i = 0; listed && i < names.count; i++)
        add_file(input, names.names[i], &all);
    error_free(&ignored);
    return all;
}

/* argo/certs/prod.pem and prod-2026.pem: a rotation keeps the old one beside the new one. */
static bool is_of(const struct kept *certificate, const char *environment)
{
    size_t size = strlen(environment);
    return strncmp(certificate->name, environment, size) == 0 &&
           (!certificate->name[size] || strchr("-._", certificate->name[size]));
}

static void check_record(struct check_input *input, const struct kept *all, const struct check_target *target,
                         const struct check_object *object, const struct node *records, const char *record, size_t size)
{
    const char *equals = memchr(record, '=', size),
               *place = equals ? memchr(equals, '@', size - (size_t)(equals - record)) : NULL;
    bool any = false;
    if (!place || place - equals - 1 != CERTIFICATE_PRINT)
        return;
    for (const struct kept *one = all; one; one = one->next) {
        if (!is_of(one, target->found->environment))
            continue;
        any = true;
        if (memcmp(one->facts.fingerprint, equals + 1, CERTIFICATE_PRINT) == 0)
            return;
    }
    if (any)
        check_report(input, target, RA514, records->origin, object,
                     "key '%.*s' of SealedSecret '%s' was sealed with the certificate %.*s, which is none of '%s'",
                     (int)(equals - record), record, object->name, CERTIFICATE_PRINT, equals + 1,
                     target->found->environment);
}

static void check_records(struct check_input *input, const struct kept *all, const struct check_target *target,
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

static void check_end(struct check_input *input, const struct kept *kept)
{
    const char *until = kept->facts.until;
    if (!kept->is_first || !*until)
        return;
    const char *ends = arena_format(input->arena, "%.4s-%.2s-%.2s", until, until + 4, until + 6);
    long days = check_days(ends) - check_days(input->today);
    if (days <= SOON)
        check_report_in(input, NULL, RA515, (struct span){kept->path, 1, 1, 0, 0}, NULL,
                        days < 0 ? "the certificate has ended on %s" : "the certificate ends on %s", ends)
            ->fix = arena_format(input->findings->arena, "rootapp seal --fetch-cert %s", kept->name);
}

static void check_certificates(struct check_input *input)
{
    const struct kept *all = input->set && input->today ? find_certificates(input) : NULL;
    for (const struct kept *one = all; one; one = one->next)
        check_end(input, one);
    for (size_t i = 0; all && i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        for (size_t j = 0; target->found && j < target->object_count; j++)
            if (strcmp(target->objects[j].kind, "SealedSecret") == 0)
                check_records(input, all, target, &target->objects[j]);
    }
}

static const enum rule_id ids[] = {RA514, RA515, RULE_COUNT};
const struct check certificates_check = {"certificates", ids, check_certificates};
