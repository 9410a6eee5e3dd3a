/* fingerprint.c: what stays of a finding when lines move. */
#include <stdint.h>
#include <string.h>

#include "base/digest.h"
#include "base/map.h"
#include "base/text.h"
#include "finding/write.h"

static void add_part(struct text *text, const char *part)
{
    text_string(text, part ? part : "");
    text_byte(text, '\n');
}

/* The rule, what it is about and, where that is of no object, its file. Numbers of lines are none of it. */
const char *finding_fingerprint(struct arena *arena, const struct finding *finding)
{
    const struct finding_resource *resource = &finding->resource;
    struct text text = {0};
    unsigned char digest[DIGEST_SIZE];
    add_part(&text, finding->rule->id);
    add_part(&text, finding->place.file);
    add_part(&text, resource->kind);
    add_part(&text, resource->namespace);
    add_part(&text, resource->name);
    add_part(&text, finding->field);
    add_part(&text, finding->message);
    digest_sha256(text_content(&text), text.size, digest);
    text_free(&text);
    char *hex = arena_alloc(arena, 33);
    for (size_t i = 0; i < 16; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    hex[32] = '\0';
    return hex;
}

void findings_take_away(struct findings *findings, const struct findings *others)
{
    struct map *known = map_new(findings->arena);
    size_t kept = 0;
    for (size_t i = 0; i < others->count; i++) {
        const char *print = finding_fingerprint(findings->arena, others->items[i]);
        uintptr_t *count = (uintptr_t *)map_slot(known, print, strlen(print));
        *count += 1;
    }
    for (size_t i = 0; i < findings->count; i++) {
        const char *print = finding_fingerprint(findings->arena, findings->items[i]);
        uintptr_t *count = (uintptr_t *)map_slot(known, print, strlen(print));
        if (*count)
            *count -= 1;
        else
            findings->items[kept++] = findings->items[i];
    }
    findings->count = kept;
}
