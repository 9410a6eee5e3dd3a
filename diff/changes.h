/* What differs between two renders: resources, and their fields.
 *
 *     struct diff diff = {.arena = arena, .tree = &tree, .base = {...}, .head = {...}};
 *     find_changes(&diff, &base_resources, &head_resources, &changes);
 *
 * Base is what is there, head what comes. Their nodes may be of two engines, so keys are compared by their text. What
 * is found lives in the arena; it points to the nodes that were given. Values that are secret are hidden here, once for
 * all who write: `old` and `new` of a field never hold one. */
#ifndef DIFF_CHANGES_H
#define DIFF_CHANGES_H

#include "base/origin.h"
#include "yaml/tree.h"

enum change { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_CHANGED, CHANGE_RENAMED, CHANGE_REPLACED };

/* What made two resources one: their id, the name before a content hash, the name in the file before prefixes, suffixes
 * and namespaces, or a name that they share with another kind. */
enum matched { MATCHED_NOT, MATCHED_ID, MATCHED_HASH, MATCHED_AFFIX, MATCHED_KIND };

struct list_keys; /* diff/list_keys.h */

enum field_op { FIELD_ADD, FIELD_REMOVE, FIELD_REPLACE, FIELD_ORDER };

struct object_id {
    const char *group, *version, *kind, *namespace, *name; /* never NULL */
};

struct field_change {
    const char *path; /* as kustomize's fieldPath: spec.template.spec.containers.[name=app].image */
    enum field_op op;
    const struct node *old, *new; /* secrets hidden; NULL: absent. Of FIELD_ORDER: the lists */
    const char *hidden;           /* why a value is hidden; NULL: it is not */
    const char *note;             /* "same amount, written differently"; NULL: none */
    bool follows;                 /* it is a reference to a generated resource whose name has changed */
    struct place source, was;     /* on head, on base; no file: unknown */
    const char *line;             /* the rest of the line on head that the value begins in; NULL: not known */
    struct field_change *inside;  /* of a text with a structure: what differs in it, with paths from its root */
    size_t inside_count;
};

struct resource_change {
    enum change change;
    enum matched matched;
    struct object_id id, from;      /* on head (of one that is removed: on base); on base */
    const struct node *base, *head; /* as rendered, with secrets; NULL: absent */
    struct field_change *fields;
    size_t count, room;
    size_t references; /* of a generated resource: fields elsewhere that only follow its new name */
    bool rolls_out;    /* a pod template differs */
    bool no_restart;   /* a workload whose template does not, or settings while no pod is replaced */
    const struct object_id
        *similar; /* of one that is added: the removed one that it is like, and the other way round */
    struct place source, was;
};

struct resource_changes {
    struct resource_change *items; /* in head's order, what is removed behind */
    size_t count, room;
};

struct diff_side {
    const struct origins *origins;
    const struct node *const *items;
    size_t count;
    const char *namespace; /* of what names none */
};

struct diff {
    struct arena *arena;
    struct tree *tree;              /* makes what is shown instead of secrets */
    const struct list_keys *custom; /* of the lists of custom resources; NULL: nothing is known of them */
};

struct object_id object_id_of(const struct diff *diff, const struct node *resource);

void find_changes(const struct diff *diff, const struct diff_side *base, const struct diff_side *head,
                  struct resource_changes *out);

/* Adds the fields that differ to a change whose `base` and `head` are known. */
void find_fields(const struct diff *diff, const struct diff_side *base, const struct diff_side *head,
                 struct resource_change *change);

/* Adds the name of a field to a path, behind a point; points within the name get a backslash. */
void path_add_field(struct text *path, const char *name);

/* Whether kustomize would print both alike, apart from the order of keys. */
bool nodes_equal(const struct node *left, const struct node *right);

#endif
