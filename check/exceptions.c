/* exceptions.c: gives findings the policy's severities, and notes which of them somebody has permitted. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "check/policy.h"
#include "generator/glob.h"

enum { LONGEST_DAYS = 366, DATE_SIZE = 10 };

/* Dates. */

static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; i < DATE_SIZE; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    return !text[DATE_SIZE];
}

/* Everything at work. */
struct exception_work {
    const struct check_policy *policy;
    const struct source *source;
    struct findings *findings;
    const char *today;
    struct map *files; /* path -> struct file_bytes */
    struct map *used;  /* "path:line" of comments that something was found for */
    struct error *error;
};

static bool check_until(const struct exception_work *work, struct place place, const char *until,
                        enum severity severity)
{
    long longest = work->policy->longest ? (long)work->policy->longest : LONGEST_DAYS;
    if (strcmp(until, "never") == 0)
        return severity < SEVERITY_ERROR ||
               error_in(work->error, place, "an exception from an error needs a date: until YYYY-MM-DD");
    if (!is_date(until))
        return error_in(work->error, place, "'%s' is no date: write YYYY-MM-DD", until);
    return check_days(until) - check_days(work->today) <= longest ||
           error_in(work->error, place, "an exception may run for %ld days, and this one ends on %s", longest, until);
}

static bool has_ended(const struct exception_work *work, const char *until)
{
    return strcmp(until, "never") != 0 && strcmp(until, work->today) < 0;
}

/* Severities. */

static void set_severities(const struct exception_work *work)
{
    const struct pair *pairs = work->policy->rules.items;
    for (size_t k = 0; k < work->policy->rules.count; k++) {
        const struct rule *rule = rule_find(pairs[k].key);
        for (size_t i = 0; i < work->findings->count; i++)
            if (work->findings->items[i]->rule == rule)
                severity_from(pairs[k].value, &work->findings->items[i]->severity);
    }
}

/* Whether nothing is looked for: an exception from it may wait for the day when it is. */
static bool is_off(const struct exception_work *work, const struct rule *rule)
{
    return check_policy_severity(work->policy, rule) == SEVERITY_OFF;
}

/* Exceptions of the policy. */

static bool matches_text(const char *wanted, const char *text)
{
    return !wanted || (text && glob_matches(wanted, text, 0));
}

/* All targets have to be meant: else somebody would be permitted what nobody asked for. */
static bool matches_targets(const struct exception_resource *wanted, const struct finding *finding)
{
    for (size_t i = 0; i < finding->target_count; i++) {
        const char *slash = strchr(finding->targets[i], '/');
        size_t size = slash ? (size_t)(slash - finding->targets[i]) : strlen(finding->targets[i]);
        if (wanted->app && (strlen(wanted->app) != size || strncmp(finding->targets[i], wanted->app, size) != 0))
            return false;
        if (wanted->environment && (!slash || strcmp(slash + 1, wanted->environment) != 0))
            return false;
    }
    return finding->target_count || (!wanted->app && !wanted->environment);
}

static bool matches_finding(const struct check_exception *exception, const struct finding *finding)
{
    const struct exception_resource *wanted = exception->resource;
    if (rule_find(exception->rule) != finding->rule)
        return false;
    if (exception->where && (!finding->place.file || !glob_matches(exception->where, finding->place.file, '/')))
        return false;
    return !wanted || (matches_text(wanted->kind, finding->resource.kind) &&
                       matches_text(wanted->name, finding->resource.name) && matches_targets(wanted, finding) &&
                       (!wanted->container || (finding->field && strstr(finding->field, wanted->container))));
}

static void add_about(const struct exception_work *work, enum rule_id id, const struct check_exception *item,
                      const char *message)
{
    struct span place = span_at(work->policy->origins, item->node->origin);
    findings_add(work->findings, &(struct finding){.rule = &rules[id], .place = place, .message = message});
}

/* Whether anything was found that the exception is about. */
static bool permit_finding(const struct exception_work *work, const struct check_exception *item, size_t count)
{
    struct exception *exception = ARENA_NEW(work->findings->arena, struct exception);
    bool used = false, ended = has_ended(work, item->until);
    *exception =
        (struct exception){span_at(work->policy->origins, item->node->origin), item->reason, item->until, false};
    for (size_t i = 0; i < count; i++) {
        struct finding *finding = work->findings->items[i];
        if (!matches_finding(item, finding))
            continue;
        used = true;
        if (!ended)
            finding->exception = exception;
    }
    return used;
}

static bool apply_entries(const struct exception_work *work, bool whole)
{
    const struct check_exception *items = work->policy->exceptions.items;
    size_t count = work->findings->count;
    struct arena *arena = work->findings->arena;
    for (size_t i = 0; i < work->policy->exceptions.count; i++) {
        struct place place = origins_place(work->policy->origins, field_origin(items[i].node, "until"));
        if (!check_until(work, place, items[i].until, rule_find(items[i].rule)->severity))
            return false;
        bool used = permit_finding(work, &items[i], count);
        if (used && has_ended(work, items[i].until))
            add_about(work, RA004, &items[i],
                      arena_format(arena, "the exception from %s has ended on %s: %s", items[i].rule, items[i].until,
                                   items[i].reason));
        if (!used && whole && !is_off(work, rule_find(items[i].rule)))
            add_about(work, RA005, &items[i],
                      arena_format(arena, "nothing is found that this exception from %s permits", items[i].rule));
    }
    return true;
}

/* Comments. */

static const char mark[] = "# rootapp: allow ";

static const struct file_bytes *file_of(const struct exception_work *work, const char *path)
{
    void **slot = map_slot(work->files, path, strlen(path));
    struct error ignored = {0};
    if (!*slot) {
        struct file_bytes *file = ARENA_NEW(work->findings->arena, struct file_bytes);
        if (source_kind(work->source, path) != FILE_REGULAR ||
            !source_read(work->source, work->findings->arena, path, file, &ignored))
            *file = (struct file_bytes){.bytes = ""};
        error_free(&ignored);
        *slot = file;
    }
    return *slot;
}

static const char *line_of(const struct exception_work *work, const char *path, unsigned number)
{
    const char *at = file_of(work, path)->bytes;
    for (unsigned i = 1; at && i < number; i++)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    return at ? arena_copy(work->findings->arena, at, strcspn(at, "\r\n")) : NULL;
}

/* allow RULE until DATE: reason */
static bool read_comment(const struct exception_work *work, const char *text, struct place place, const char **rule,
                         struct exception *out)
{
    struct arena *arena = work->findings->arena;
    size_t size = strcspn(text, " ");
    *rule = arena_copy(arena, text, size);
    const char *rest = text + size;
    const char *colon = strncmp(rest, " until ", 7) == 0 ? strchr(rest, ':') : NULL;
    const char *reason = colon ? colon + 1 + strspn(colon + 1, " ") : "";
    if (!rule_find(*rule))
        return error_in(work->error, place, "no rule '%s'; 'rootapp check --list-rules' shows them", *rule);
    if (!*reason)
        return error_in(work->error, place, "write '# rootapp: allow %s until YYYY-MM-DD: reason'", *rule);
    out->reason = arena_string(arena, reason);
    out->until = arena_copy(arena, rest + 7, (size_t)(colon - rest) - 7);
    out->is_inline = true;
    out->place = span_of(place);
    return true;
}

static bool may_be_inline(const struct check_policy *policy, enum severity severity)
{
    const char *const *items = policy->inlined.items;
    for (size_t i = 0; i < policy->inlined.count; i++)
        if (strcmp(items[i], severity_text(severity)) == 0)
            return true;
    return !policy->inlined.node && severity < SEVERITY_ERROR;
}

static const char *comment_key(const struct exception_work *work, const char *file, unsigned number)
{
    return arena_format(work->findings->arena, "%s:%u", file, number);
}

static void note_used(const struct exception_work *work, const char *file, unsigned number)
{
    const char *key = comment_key(work, file, number);
    *map_slot(work->used, key, strlen(key)) = (void *)key;
}

static bool apply_comment(const struct exception_work *work, struct finding *finding, unsigned number)
{
    const char *line = number ? line_of(work, finding->place.file, number) : NULL, *rule;
    const char *at = line ? strstr(line, mark) : NULL;
    struct exception *exception = ARENA_NEW(work->findings->arena, struct exception);
    if (!at)
        return true;
    struct place place = {finding->place.file, number, (unsigned)(at - line) + 1};
    if (!read_comment(work, at + strlen(mark), place, &rule, exception))
        return false;
    if (rule_find(rule) != finding->rule)
        return true;
    note_used(work, finding->place.file, number);
    if (!may_be_inline(work->policy, finding->severity))
        return true;
    if (!check_until(work, place, exception->until, finding->severity))
        return false;
    if (!has_ended(work, exception->until))
        finding->exception = exception;
    else
        findings_add(work->findings,
                     &(struct finding){.rule = &rules[RA004],
                                       .place = exception->place,
                                       .message = arena_format(work->findings->arena,
                                                               "the exception from %s has ended on %s: %s", rule,
                                                               exception->until, exception->reason)});
    return true;
}

/* A comment of its own may stand above the line. */
static bool apply_comments(const struct exception_work *work)
{
    size_t count = work->findings->count;
    for (size_t i = 0; i < count; i++) {
        struct finding *finding = work->findings->items[i];
        unsigned line = finding->place.line;
        if (!finding->place.file || !line || finding->exception)
            continue;
        if (!apply_comment(work, finding, line) || (!finding->exception && !apply_comment(work, finding, line - 1)))
            return false;
    }
    return true;
}

/* What is no such comment, but a text about them, is passed over. */
static void look_for_unused(const struct exception_work *work, const char *file)
{
    struct error ignored = {0};
    unsigned number = 1;
    const char *rule, *line = file_of(work, file)->bytes;
    for (; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL, number++) {
        const char *text = arena_copy(work->findings->arena, line, strcspn(line, "\r\n")), *at = strstr(text, mark);
        if (!at)
            continue;
        struct exception exception;
        struct exception_work reading = *work;
        reading.error = &ignored;
        struct place place = {file, number, (unsigned)(at - text) + 1};
        const char *key = comment_key(work, file, number);
        if (!map_get(work->used, key, strlen(key)) &&
            read_comment(&reading, at + strlen(mark), place, &rule, &exception) && !is_off(work, rule_find(rule)))
            findings_add(work->findings,
                         &(struct finding){
                             .rule = &rules[RA005],
                             .place = span_of(place),
                             .message = arena_format(work->findings->arena,
                                                     "nothing is found that this exception from %s permits", rule)});
        error_free(&ignored);
    }
}

/* Nobody sees them, and a copy would have the rule's severity again. */
static void drop_off(struct findings *findings)
{
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i]->severity != SEVERITY_OFF)
            findings->items[kept++] = findings->items[i];
    findings->count = kept;
}

bool check_policy_apply(const struct check_judging *judging, struct findings *findings, struct error *error)
{
    const struct exception_work work = {judging->policy,          judging->source,          findings, judging->today,
                                        map_new(findings->arena), map_new(findings->arena), error};
    if (!is_date(judging->today))
        return error_set(error, "'%s' is no date: write YYYY-MM-DD", judging->today);
    set_severities(&work);
    bool good = apply_entries(&work, judging->whole) && apply_comments(&work);
    for (size_t i = 0; good && judging->whole && i < judging->allowing.count; i++)
        look_for_unused(&work, judging->allowing.names[i]);
    set_severities(&work); /* of what was added about exceptions */
    drop_off(findings);
    findings_sort(findings);
    return good;
}
