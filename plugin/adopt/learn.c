/* learn.c: turns what an Application says into the template that says it. */
#include <ctype.h>
#include <string.h>

#include "generator/argocd_fields.h"
#include "generator/template.h"
#include "plugin/adopt/adoption.h"

static bool stands_alone(const char *text, const char *at, size_t size)
{
    bool before = at == text || !isalnum((unsigned char)at[-1]);
    return before && !isalnum((unsigned char)at[size]);
}

/* The value that stands at a place, the longest of several. */
static const struct binding *value_at(const char *text, const char *at, const struct binding *values)
{
    const struct binding *best = NULL;
    for (const struct binding *value = values; value->name; value++) {
        size_t size = strlen(value->value);
        bool here = size && strncmp(at, value->value, size) == 0 && stands_alone(text, at, size);
        if (here && (!best || size > strlen(best->value)))
            best = value;
    }
    return best;
}

const char *learn_text(struct arena *arena, const char *text, const struct binding *values)
{
    struct text out = {0};
    for (const char *at = text; *at;) {
        size_t word = strncmp(at, "{" VALUE_PREFIX, strlen("{" VALUE_PREFIX)) == 0 ? strcspn(at, "}") : 0;
        text_bytes(&out, at, word);
        at += word;
        const struct binding *value = value_at(text, at, values);
        if (value)
            text_format(&out, "{%s}", value->name);
        else
            text_byte(&out, *at);
        at += value ? strlen(value->value) : 1;
    }
    const char *copy = arena_string(arena, text_content(&out));
    text_free(&out);
    return copy;
}

/* A branch that is called like an environment is no environment. */
static struct node *learn_entry(struct tree *tree, const struct entry *entry, const struct binding *values)
{
    return strcmp(entry->key->text, "targetRevision") == 0 ? tree_copy(tree, entry->value)
                                                           : learn_tree(tree, entry->value, values);
}

struct node *learn_tree(struct tree *tree, const struct node *node, const struct binding *values)
{
    struct node *out;
    if (node_is_map(node)) {
        out = tree_map(tree);
        for (uint32_t i = 0; i < node->count; i++)
            tree_set_named(tree, out, node->entries[i].key->text, learn_entry(tree, &node->entries[i], values));
    } else if (node_is_list(node)) {
        out = tree_list(tree);
        for (uint32_t i = 0; i < node->count; i++)
            tree_append(tree, out, learn_tree(tree, node->items[i], values));
    } else {
        const char *text = node_tag(node) == TAG_STRING ? node_text(node) : NULL;
        out = text ? tree_string(tree, learn_text(tree->arena, text, values)) : tree_copy(tree, node);
    }
    return out;
}

static bool list_has(const struct node *list, const struct node *item)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (nodes_equal(list->items[i], item))
            return true;
    return false;
}

/* Lists of a template are added to what is generated; a sync option can only be said otherwise. */
static struct node *list_difference(struct tree *tree, const struct node *generated, const struct node *wanted)
{
    struct node *out = tree_list(tree);
    for (uint32_t i = 0; i < wanted->count; i++)
        if (!list_has(generated, wanted->items[i]))
            tree_append(tree, out, tree_copy(tree, wanted->items[i]));
    if (node_list_has(generated, "CreateNamespace=true") && !node_list_has(wanted, "CreateNamespace=true"))
        tree_append(tree, out, tree_string(tree, "CreateNamespace=false"));
    return out->count ? out : NULL;
}

/* What has to be merged over one for the other to come out; NULL: nothing. */
static struct node *merge_difference(struct tree *tree, const struct node *generated, const struct node *wanted)
{
    if (!wanted || node_is_null(wanted) || (node_is_list(wanted) && !wanted->count && generated))
        return generated ? tree_null(tree) : NULL;
    if (generated && nodes_equal(generated, wanted))
        return NULL;
    if (node_is_list(generated) && node_is_list(wanted))
        return list_difference(tree, generated, wanted);
    if (!node_is_map(generated) || !node_is_map(wanted))
        return tree_copy(tree, wanted);
    struct node *out = tree_map(tree);
    for (uint32_t i = 0; i < generated->count; i++) {
        const char *key = generated->entries[i].key->text;
        struct node *value = merge_difference(tree, generated->entries[i].value, node_find(wanted, key));
        if (value)
            tree_set_named(tree, out, key, value);
    }
    for (uint32_t i = 0; i < wanted->count; i++)
        if (!node_find(generated, wanted->entries[i].key->text))
            tree_set_named(tree, out, wanted->entries[i].key->text, tree_copy(tree, wanted->entries[i].value));
    return out->count ? out : NULL;
}

static void put_value(struct tree *tree, struct node *map, const char *key, struct node *value)
{
    if (value)
        tree_set_named(tree, map, key, value);
}

static struct node *one_text_list(struct tree *tree, const char *text)
{
    struct node *list = tree_list(tree);
    tree_append(tree, list, tree_string(tree, text));
    return list;
}

/* As generator/application.c makes it. */
static struct node *generated_sync_policy(struct tree *tree)
{
    struct node *policy = tree_map(tree), *automated = tree_map(tree), *retry = tree_map(tree),
                *backoff = tree_map(tree);
    tree_set_named(tree, automated, "prune", tree_bool(tree, true));
    tree_set_named(tree, automated, "selfHeal", tree_bool(tree, true));
    tree_set_named(tree, policy, "automated", automated);
    tree_set_named(tree, policy, "syncOptions", one_text_list(tree, "CreateNamespace=true"));
    tree_set_named(tree, retry, "limit", tree_int(tree, 5));
    tree_set_string(tree, backoff, "duration", "10s");
    tree_set_named(tree, backoff, "factor", tree_int(tree, 2));
    tree_set_string(tree, backoff, "maxDuration", "3m");
    tree_set_named(tree, retry, "backoff", backoff);
    tree_set_named(tree, policy, "retry", retry);
    return policy;
}

/* Argo CD's and kubectl's own marks are no settings. */
static struct node *own_entries(struct tree *tree, const struct node *map)
{
    struct node *out = tree_map(tree);
    for (uint32_t i = 0; node_is_map(map) && i < map->count; i++) {
        const char *key = map->entries[i].key->text;
        if (!strstr(key, "kubectl.kubernetes.io/") && strcmp(key, "argocd.argoproj.io/tracking-id") != 0 &&
            strcmp(key, "argocd.argoproj.io/refresh") != 0 && strcmp(key, "app.kubernetes.io/instance") != 0 &&
            strcmp(key, "argocd.argoproj.io/application-set-refresh") != 0 &&
            strcmp(key, "argocd.argoproj.io/manifest-generate-paths") != 0)
            tree_set_named(tree, out, key, tree_copy(tree, map->entries[i].value));
    }
    return out->count ? out : NULL;
}

static struct node *metadata_for(struct tree *tree, const struct node *metadata)
{
    struct node *out = tree_map(tree);
    put_value(tree, out, "labels", own_entries(tree, node_find(metadata, "labels")));
    put_value(tree, out, "annotations", own_entries(tree, node_find(metadata, "annotations")));
    put_value(tree, out, "finalizers",
              merge_difference(tree, one_text_list(tree, "resources-finalizer.argocd.argoproj.io"),
                               node_find(metadata, "finalizers")));
    return out;
}

static struct node *source_for(struct tree *tree, const struct node *source, bool elsewhere)
{
    static const char *const of_policy[] = {"repoURL", "path", "targetRevision", "ref", NULL}, *const none[] = {NULL};
    const char *const *fixed = elsewhere ? none : of_policy;
    struct node *out = tree_map(tree);
    for (uint32_t i = 0; node_is_map(source) && i < source->count; i++) {
        const char *key = source->entries[i].key->text;
        bool skipped = node_is_empty(source->entries[i].value) && strcmp(key, "directory") != 0;
        for (const char *const *name = fixed; *name; name++)
            skipped = skipped || strcmp(key, *name) == 0;
        if (!skipped)
            tree_set_named(tree, out, key, tree_copy(tree, source->entries[i].value));
    }
    return out->count ? out : NULL;
}

static const struct argocd_field *fields_of(const struct argocd_field *fields, const char *name)
{
    for (; fields && fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields->fields;
    return NULL;
}

static bool is_known(const char *name)
{
    for (const struct argocd_field *field = argocd_application_fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return true;
    return false;
}

static struct node *known_part(struct tree *tree, const struct node *node, const struct argocd_field *fields);

static struct node *known_value(struct tree *tree, const struct node *value, const struct argocd_field *field)
{
    if (field->type == ARGOCD_MAP)
        return known_part(tree, value, field->fields);
    if (field->type != ARGOCD_LIST || !node_is_list(value))
        return tree_copy(tree, value);
    struct node *out = tree_list(tree);
    for (uint32_t i = 0; i < value->count; i++)
        tree_append(tree, out, known_part(tree, value->items[i], field->fields));
    return out;
}

/* The same with the fields that Argo CD has: others it drops, and we refuse them. */
static struct node *known_part(struct tree *tree, const struct node *node, const struct argocd_field *fields)
{
    if (!node_is_map(node) || !fields)
        return tree_copy(tree, node);
    struct node *out = tree_map(tree);
    for (const struct argocd_field *field = fields; field->name; field++) {
        const struct node *value = node_find(node, field->name);
        bool says = value && !node_is_null(value) && !node_equals(value, "");
        if (says)
            tree_set_named(tree, out, field->name, known_value(tree, value, field));
    }
    return out;
}

static struct node *known_sync_policy(struct tree *tree, const struct node *policy)
{
    return policy ? known_part(tree, policy, fields_of(argocd_application_fields, "syncPolicy")) : NULL;
}

struct node *known_spec(struct tree *tree, const struct node *spec)
{
    return known_part(tree, spec, argocd_application_fields);
}

static struct node *known_sources(struct tree *tree, const struct node *sources)
{
    struct node *out = tree_list(tree);
    for (uint32_t i = 0; i < sources->count; i++)
        tree_append(tree, out, known_part(tree, sources->items[i], fields_of(argocd_application_fields, "source")));
    return out;
}

static struct node *spec_for(struct tree *tree, const struct node *spec, bool elsewhere)
{
    static const char *const fixed[] = {"project", "destination", "source", "sources", "syncPolicy", NULL};
    struct node *out = tree_map(tree);
    const struct node *sources = node_find(spec, "sources");
    for (uint32_t i = 0; node_is_map(spec) && i < spec->count; i++) {
        bool skipped = !is_known(spec->entries[i].key->text);
        for (const char *const *name = fixed; *name; name++)
            skipped = skipped || strcmp(spec->entries[i].key->text, *name) == 0;
        if (!skipped)
            tree_set_named(tree, out, spec->entries[i].key->text, tree_copy(tree, spec->entries[i].value));
    }
    put_value(
        tree, out, "syncPolicy",
        merge_difference(tree, generated_sync_policy(tree), known_sync_policy(tree, node_find(spec, "syncPolicy"))));
    if (elsewhere && node_is_list(sources) && sources->count > 1)
        put_value(tree, out, "sources", known_sources(tree, sources));
    else
        put_value(tree, out, "source",
                  source_for(tree,
                             node_is_list(sources) && sources->count ? sources->items[0] : node_find(spec, "source"),
                             elsewhere));
    return out;
}

struct node *template_for(struct tree *tree, const struct existing *app)
{
    struct node *out = tree_map(tree), *metadata = metadata_for(tree, node_find(app->node, "metadata"));
    struct node *spec = spec_for(tree, node_find(app->node, "spec"), app->elsewhere);
    put_value(tree, out, "metadata", metadata->count ? metadata : NULL);
    put_value(tree, out, "spec", spec->count ? spec : NULL);
    return out->count ? out : NULL;
}
