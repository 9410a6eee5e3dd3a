/* check_pointers.c: values that are pointers of Git LFS instead of the files. */
#include <string.h>

#include "diff/judge.h"

/* Source: git-lfs, docs/spec.md; and the same as a Secret has it. */
static const char pointer[] = "version https://git-lfs.github.com/spec/";
static const char encoded[] = "dmVyc2lvbiBodHRwczovL2dpdC1sZnMuZ2l0aHViLmNvbS9zcGVjL";

static bool is_pointer(const struct node *value)
{
    const char *text = node_text(value);
    return text && (strncmp(text, pointer, strlen(pointer)) == 0 || strncmp(text, encoded, strlen(encoded)) == 0);
}

static void check_values(struct judge *judge, const struct node *base, const struct node *head)
{
    const struct resource_change *change = judge->resource;
    for (size_t i = 0; node_is_map(head) && i < head->count; i++) {
        const struct key *key = head->entries[i].key;
        const struct node *value = head->entries[i].value;
        if (key && is_pointer(value) && !nodes_equal(node_find(base, key->text), value))
            risk_add(judge, RISK_LFS_POINTER, NULL,
                     "%s %s: '%s' is a pointer of Git LFS, not the file: Argo CD takes it as it is, unless it has LFS "
                     "enabled",
                     change->id.kind, change->id.name, key->text);
    }
}

void check_pointers(struct judge *judge)
{
    static const char *const kinds[] = {"ConfigMap", "Secret", NULL}, *const fields[] = {"data", "binaryData", NULL};
    const struct resource_change *change = judge->resource;
    for (size_t i = 0; is_listed(change->id.kind, kinds) && fields[i]; i++)
        check_values(judge, node_find(change->base, fields[i]), node_find(change->head, fields[i]));
}
