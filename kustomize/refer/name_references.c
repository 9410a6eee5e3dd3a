/* name_references.c: gives references the names that their targets have now.
 *
 * Every resource is a possible referrer. Its fields are found in one walk (kustomize/field/field_path.h); each
 * reference is tried against the kinds that the field may name, in the order of the configuration. Source:
 * api/internal/accumulator/namereferencetransformer.go and api/filters/nameref/nameref.go */
#include <string.h>

#include "base/map.h"
#include "kustomize/field/field_path.h"
#include "kustomize/kustomization/kind_table.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/transformers.h"
#include "yaml/written.h"

/* Texts, each once. */
struct text_set {
    struct string_list list;
    struct map *places;
};

/* The fields of one kind of referrer that may hold references. */
struct referrer_fields {
    struct field_trie *trie; /* its numbers count through the pairs of the configuration */
    const struct name_reference **references;
    const char **paths;
    size_t count;
};

static char there[] = "there", not_there[] = "not there";

static bool has_text(const struct text_set *set, const char *text)
{
    return set->list.count && map_get(set->places, text, strlen(text));
}

static void add_text(struct arena *arena, struct text_set *set, const char *text)
{
    if (!set->places)
        set->places = map_new(arena);
    void **place = map_slot(set->places, text, strlen(text));
    if (!*place)
        string_list_add(arena, &set->list, text);
    *place = there;
}

struct fixer {
    struct kust_target *target;
    struct resources *resources;
    struct kind_table *kinds; /* of struct referrer_fields */
    const struct resource *referrer;
    const struct referrer_fields *fields;
    struct map *moves;        /* from namespaces that something was loaded into to the struct text_set of today's */
    struct text_set accounts; /* the namespaces of a RoleBinding's ServiceAccounts */
    struct map *answers;      /* of moved_to_accounts, for this RoleBinding */
    struct resource_matches found; /* what the reference at hand may mean; used anew for each */
};

static bool names_role(const char *path)
{
    return string_ends(path, "roleRef/name");
}

/* The kind that a binding's roleRef names; false where it does not say. */
static bool role_reference(const struct resource *binding, struct gvk *role)
{
    const struct node *reference = node_find(binding->root, "roleRef");
    const char *group = node_text(node_get(reference, &key_apiGroup));
    const char *kind = node_text(node_get(reference, &key_kind));
    *role = (struct gvk){group, "", kind};
    return group && kind;
}

static bool past_selected_by(const struct resource *candidate, const struct gvk *selector)
{
    for (size_t i = 0; i < candidate->past_count; i++) {
        struct resource_id past = resource_past_id(candidate, i);
        if (gvk_selected_by(&past.gvk, selector))
            return true;
    }
    return false;
}

static bool same_namespace(const struct resource *left, const struct resource *right)
{
    return strcmp(id_effective_namespace(&left->id), id_effective_namespace(&right->id)) == 0;
}

/* Who may be referred to at all: the same namespace, what has none, and a RoleBinding's accounts' namespaces. Of those,
 * other namespaces' resources only where they are ServiceAccounts. */
static bool may_refer(const struct fixer *fixer, const struct resource *candidate)
{
    const struct resource *referrer = fixer->referrer;
    if (referrer->cluster_scoped || candidate->cluster_scoped || same_namespace(referrer, candidate))
        return true;
    return strcmp(candidate->id.gvk.kind, "ServiceAccount") == 0 && has_text(&fixer->accounts, candidate->id.namespace);
}

static void keep_where(struct resource_matches *candidates, const struct resource *referrer, bool empty_matches)
{
    size_t kept = 0;
    for (size_t i = 0; i < candidates->count; i++)
        if (resource_same_affixes(candidates->items[i], referrer, empty_matches))
            candidates->items[kept++] = candidates->items[i];
    candidates->count = kept;
}

static bool all_alike(const struct resource_matches *candidates, bool with_namespace)
{
    const struct resource_id *first = &candidates->items[0]->id;
    for (size_t i = 1; i < candidates->count; i++) {
        const struct resource_id *other = &candidates->items[i]->id;
        if (strcmp(first->name, other->name) != 0 ||
            (with_namespace && strcmp(first->namespace, other->namespace) != 0))
            return false;
    }
    return true;
}

static bool ambiguous_name(const struct fixer *fixer, const struct resource_matches *candidates, origin at,
                           struct error *error)
{
    struct text ids = {0}, referrer = {0};
    for (size_t i = 0; i < candidates->count; i++) {
        text_string(&ids, i ? ", " : "");
        id_write(&candidates->items[i]->id, &ids);
        const struct node *root = candidates->items[i]->root;
        struct place place = origins_place(fixer->target->render->origins, root ? root->origin : 0);
        if (place.file)
            text_format(&ids, " (%s:%u)", place.file, place.line);
    }
    id_write(&fixer->referrer->id, &referrer);
    error_at(error, at, "found multiple possible referrals: %s for a name in %s", text_content(&ids),
             text_content(&referrer));
    text_free(&ids);
    text_free(&referrer);
    return false;
}

/* A namespace that narrows a reference: NULL narrows nothing. The original namespaces count first, then today's. */
static bool in_namespace(const struct resource *candidate, const char *namespace, bool original)
{
    struct resource_id id = original ? resource_original_id(candidate) : candidate->id;
    return strcmp(id_effective_namespace(&id), namespace) == 0 && !gvk_is_cluster_scoped(&id.gvk);
}

static void note_move(struct fixer *fixer, const struct resource *resource)
{
    struct arena *arena = fixer->target->render->arena;
    struct resource_id original = resource_original_id(resource);
    if (gvk_is_cluster_scoped(&original.gvk))
        return;
    const char *namespace = id_effective_namespace(&original);
    struct text_set **moved = (struct text_set **)map_slot(fixer->moves, namespace, strlen(namespace));
    if (!*moved)
        *moved = ARENA_NEW(arena, struct text_set);
    add_text(arena, *moved, id_effective_namespace(&resource->id));
}

/* The namespaces that hold now what was loaded into this one; NULL: nothing was. */
static const struct text_set *moved_from(struct fixer *fixer, const char *namespace)
{
    if (!fixer->moves) {
        fixer->moves = map_new(fixer->target->render->arena);
        for (size_t i = 0; i < fixer->resources->count; i++)
            note_move(fixer, fixer->resources->items[i]);
    }
    return map_get(fixer->moves, namespace, strlen(namespace));
}

static bool have_common(const struct text_set *left, const struct text_set *right)
{
    const struct text_set *shorter = left->list.count < right->list.count ? left : right;
    const struct text_set *longer = shorter == left ? right : left;
    for (size_t i = 0; i < shorter->list.count; i++)
        if (has_text(longer, shorter->list.items[i]))
            return true;
    return false;
}

static bool moved_to_accounts(const struct fixer *fixer, const struct text_set *moved, const char *namespace)
{
    if (!fixer->accounts.list.count)
        return false;
    void **answer = map_slot(fixer->answers, namespace, strlen(namespace));
    if (!*answer)
        *answer = have_common(moved, &fixer->accounts) ? there : not_there;
    return *answer == there;
}

/* Whether any candidate was loaded into the namespace: then it means the original one. */
static bool any_in_namespace(struct fixer *fixer, const char *namespace)
{
    const struct text_set *moved = moved_from(fixer, namespace);
    return moved && (fixer->referrer->cluster_scoped || has_text(moved, id_effective_namespace(&fixer->referrer->id)) ||
                     moved_to_accounts(fixer, moved, namespace));
}

struct reference {
    const char *name, *namespace; /* namespace: NULL where the field gives none */
    bool is_map;
    origin at;
};

static void notice_choice(const struct fixer *fixer, const struct resource_matches *found,
                          const struct reference *reference)
{
    struct render *render = fixer->target->render;
    if (wants_notices(render))
        render_notice(render, RA732, reference->at, "the name '%s' may mean %s or %s: the first is taken",
                      reference->name, id_text(render->arena, &found->items[0]->id),
                      id_text(render->arena, &found->items[1]->id));
}

/* What a reference may mean. */
struct meaning {
    const struct reference *reference;
    const struct gvk *referred, *role; /* role: NULL where the field names none */
    bool original;                     /* the reference's namespace is an original one */
};

static bool is_meant(const struct fixer *fixer, const struct meaning *meaning, const struct resource *candidate)
{
    const struct reference *reference = meaning->reference;
    return !candidate->dropped && resource_was_named(candidate, reference->name) &&
           past_selected_by(candidate, meaning->referred) &&
           (!meaning->role || past_selected_by(candidate, meaning->role)) && may_refer(fixer, candidate) &&
           (!reference->namespace || in_namespace(candidate, reference->namespace, meaning->original));
}

enum { STEPS_OF_A_CANDIDATE = 16 };

static bool collect_candidates(struct fixer *fixer, const struct meaning *meaning, const char *namespace,
                               struct error *error)
{
    const struct gvk *referred = meaning->referred;
    const struct resource_clue clue = {
        .name = meaning->reference->name,
        .facts = {[FACT_KIND] = *referred->kind ? referred->kind : NULL,
                  [FACT_NAMESPACE] = namespace,
                  [FACT_GROUP] = *referred->group ? referred->group : NULL,
                  [FACT_VERSION] = *referred->version ? referred->version : NULL},
    };
    struct resource_matches candidates = resources_candidates(fixer->resources, &clue);
    for (size_t i = 0; i < candidates.count; i++)
        if (is_meant(fixer, meaning, candidates.items[i]))
            resource_matches_add(fixer->target->render->arena, &fixer->found, candidates.items[i]);
    return tree_count_steps(fixer->target->render->tree, 1 + STEPS_OF_A_CANDIDATE * candidates.count, error);
}

/* Where many bear the name: those in the namespace that the reference gives; or in the referrer's, those that have
 * none, and those in the namespaces of a RoleBinding's ServiceAccounts. */
static bool find_meant(struct fixer *fixer, const struct meaning *meaning, struct error *error)
{
    const struct reference *reference = meaning->reference;
    const struct string_list *accounts = &fixer->accounts.list;
    fixer->found.count = 0;
    if (reference->namespace || fixer->referrer->cluster_scoped ||
        !resources_have_many(fixer->resources, reference->name))
        return collect_candidates(fixer, meaning, reference->namespace, error);
    if (!collect_candidates(fixer, meaning, id_effective_namespace(&fixer->referrer->id), error) ||
        !collect_candidates(fixer, meaning, not_a_namespace, error))
        return false;
    for (size_t i = 0; i < accounts->count; i++)
        if (!collect_candidates(fixer, meaning, *accounts->items[i] ? accounts->items[i] : "default", error))
            return false;
    resource_matches_order(&fixer->found);
    return true;
}

/* The resource that a reference means: 0 or more than one is no error unless they differ. */
static bool select_referral(struct fixer *fixer, uint32_t number, const struct reference *reference,
                            struct resource **out, struct error *error)
{
    struct gvk role;
    bool by_role = names_role(fixer->fields->paths[number]) && role_reference(fixer->referrer, &role);
    const struct meaning meaning = {reference, &fixer->fields->references[number]->referred, by_role ? &role : NULL,
                                    reference->namespace && any_in_namespace(fixer, reference->namespace)};
    struct resource_matches *found = &fixer->found;
    *out = NULL;
    if (!find_meant(fixer, &meaning, error))
        return false;
    if (found->count != 1)
        keep_where(found, fixer->referrer, true);
    if (found->count > 1)
        keep_where(found, fixer->referrer, false);
    if (found->count > 1 && !all_alike(found, reference->is_map))
        return ambiguous_name(fixer, found, reference->at, error);
    if (found->count > 1)
        notice_choice(fixer, found, reference);
    if (found->count)
        *out = found->items[0];
    return true;
}

/* An existing scalar keeps its style and loses its tag (kyaml FieldSetter). One that says the same already was not
 * written by the reference: its own text is what would have to change. */
static void write_scalar(struct tree *tree, struct node *scalar, const char *text, origin from)
{
    if (!node_equals(scalar, text))
        written_from(tree, scalar, "name reference", from);
    tree_set_text(tree, scalar, text, strlen(text));
    scalar->tag = TAG_NONE;
}

static origin metadata_origin(const struct resource *resource, const struct key *key)
{
    const struct node *value = node_get(node_get(resource->root, &key_metadata), key);
    return value ? value->origin : 0;
}

static bool fix_scalar(struct fixer *fixer, struct tree *tree, const struct trail *trail, uint32_t number,
                       struct error *error)
{
    const struct node *node = trail_end(trail);
    struct reference reference = {node->text, NULL, false, node->origin};
    struct resource *referral;
    if (!select_referral(fixer, number, &reference, &referral, error))
        return false;
    if (!referral || strcmp(referral->id.name, node->text) == 0)
        return true;
    struct node *scalar = trail_own(tree, trail);
    write_scalar(tree, scalar, referral->id.name, metadata_origin(referral, &key_name));
    tree_write_twins(tree, trail->root, scalar);
    return true;
}

static void write_field(struct tree *tree, struct node *map, const struct key *key, const char *text, origin from)
{
    struct node *value = tree_own_value(tree, map, key);
    if (!node_is_scalar(value)) {
        value = tree_plain(tree, "");
        tree_set(tree, map, key, value);
    }
    write_scalar(tree, value, text, from);
}

/* A map that holds name and, maybe, namespace: a subject or a webhook's service. */
static bool fix_map(struct fixer *fixer, struct tree *tree, const struct trail *trail, uint32_t number,
                    struct error *error)
{
    const struct node *map = trail_end(trail);
    const struct node *name = node_get(map, &key_name), *namespace = node_get(map, &key_namespace);
    if (!name)
        return error_at(error, map->origin, "path config error; no 'name' field in node");
    const char *text = node_text(namespace), *wanted = namespace && !text ? "" : text; /* a map is in no namespace */
    struct reference reference = {node_text(name), wanted, true, name->origin};
    struct resource *referral = NULL;
    if (!reference.name || !select_referral(fixer, number, &reference, &referral, error))
        return !reference.name;
    if (!referral || (strcmp(referral->id.name, reference.name) == 0 && !*referral->id.namespace))
        return true;
    struct node *own = trail_own(tree, trail);
    write_field(tree, own, &key_name, referral->id.name, metadata_origin(referral, &key_name));
    if (*referral->id.namespace)
        write_field(tree, own, &key_namespace, referral->id.namespace, metadata_origin(referral, &key_namespace));
    return true;
}

static bool fix_items(struct fixer *fixer, struct tree *tree, const struct trail *trail, uint32_t number,
                      struct error *error)
{
    struct trail item = *trail;
    item.depth++;
    for (uint32_t i = 0; i < trail_end(trail)->count; i++) {
        item.steps[trail->depth] = i;
        const struct node *node = trail_end(&item);
        if (node_is_list(node))
            return error_at(error, node->origin, "a list is expected to be either a string or a map of string");
        if (node_is_map(node) ? !fix_map(fixer, tree, &item, number, error)
                              : node_is_scalar(node) && !fix_scalar(fixer, tree, &item, number, error))
            return false;
    }
    return true;
}

static bool fix_field(void *context, const struct found_field *field, struct error *error)
{
    struct fixer *fixer = context;
    struct tree *tree = field->tree;
    const struct trail *trail = field->trail;
    for (size_t i = 0; i < field->number_count; i++) {
        const struct node *node = trail_end(trail);
        uint32_t number = field->numbers[i];
        bool good = true;
        if (node_is_null(node))
            continue;
        if (node_is_scalar(node))
            good = fix_scalar(fixer, tree, trail, number, error);
        else if (node_is_map(node))
            good = fix_map(fixer, tree, trail, number, error);
        else if (trail->depth < TRAIL_LONGEST)
            good = fix_items(fixer, tree, trail, number, error);
        if (!good)
            return error_wrap(error, "updating name reference in '%s'", fixer->fields->paths[number]);
    }
    return true;
}

static struct referrer_fields *compile_fields(struct fixer *fixer, const struct gvk *kind)
{
    struct render *render = fixer->target->render;
    struct arena *arena = kind_table_arena(fixer->kinds);
    const struct name_references *all = &fixer->target->accumulator->config->name_references;
    struct referrer_fields *fields = ARENA_NEW(arena, struct referrer_fields);
    size_t total = 0;
    for (size_t i = 0; i < all->count; i++)
        total += all->items[i].referrers.count;
    render->tree->steps += total / 4;
    fields->trie = field_trie_new(arena);
    fields->references = ARENA_ARRAY(arena, total, const struct name_reference *);
    fields->paths = ARENA_ARRAY(arena, total, const char *);
    for (size_t i = 0; i < all->count; i++) {
        const struct field_specs *specs = &all->items[i].referrers;
        for (size_t j = 0; j < specs->count; j++) {
            if (!gvk_selected_by(kind, &specs->items[j].gvk))
                continue;
            fields->references[fields->count] = &all->items[i];
            fields->paths[fields->count] = specs->items[j].path;
            field_trie_add(fields->trie, arena, render->tree->keys, specs->items[j].path, (uint32_t)fields->count++);
        }
    }
    return fields;
}

/* The fields are those of the kind that the resource was loaded with. */
static const struct referrer_fields *fields_of(struct fixer *fixer, const struct resource *referrer)
{
    struct gvk kind = resource_original_id(referrer).gvk;
    void **slot = kind_table_slot(fixer->kinds, &kind);
    if (!*slot)
        *slot = compile_fields(fixer, &kind);
    return *slot;
}

static bool note_account_namespaces(struct fixer *fixer, const struct resource *binding, struct error *error)
{
    fixer->accounts = (struct text_set){0};
    const struct node *subjects = node_get(binding->root, &key_subjects);
    if (strcmp(binding->id.gvk.kind, "RoleBinding") != 0 || binding->cluster_scoped || !node_is_list(subjects))
        return true;
    for (size_t i = 0; i < subjects->count; i++) {
        const struct node *namespace = node_get(subjects->items[i], &key_namespace);
        if (!namespace || !node_equals(node_get(subjects->items[i], &key_kind), "ServiceAccount"))
            continue;
        if (!node_is_scalar(namespace) || node_tag(namespace) != TAG_STRING)
            return error_at(error, namespace->origin, "namespace is blank for a subject of RoleBinding '%s'",
                            binding->id.name);
        add_text(fixer->target->render->arena, &fixer->accounts, node_text(namespace));
    }
    fixer->answers = fixer->accounts.list.count ? map_new(fixer->target->render->arena) : NULL;
    return true;
}

/* kustomize compares two readings of the apiVersion, and only one of them takes a written null for nothing. */
static bool check_version(const struct fixer *fixer, struct error *error)
{
    const struct node *version = node_get(fixer->referrer->root, &key_apiVersion);
    if (!fixer->fields->count || !version || !node_is_null(version) || !version->count)
        return true;
    return error_at(error, version->origin,
                    "node-referrerOriginal 'APIVersion' mismatch '' != '%s': the apiVersion of %s '%s' is null",
                    version->text, fixer->referrer->id.gvk.kind, fixer->referrer->id.name);
}

bool fix_name_references(struct kust_target *target, struct error *error)
{
    struct render *render = target->render;
    struct fixer fixer = {
        .target = target,
        .resources = kust_target_resources(target),
        .kinds = kind_table_of(render, target->accumulator->config->name_references.items),
    };
    for (size_t i = 0; i < fixer.resources->count; i++) {
        struct resource *referrer = fixer.resources->items[i];
        fixer.referrer = referrer;
        fixer.fields = fields_of(&fixer, referrer);
        if (!check_version(&fixer, error) || !note_account_namespaces(&fixer, referrer, error) ||
            !field_trie_walk(fixer.fields->trie, render->tree, &referrer->root, fix_field, &fixer, error))
            return false;
        resources_refresh(fixer.resources, referrer);
    }
    return true;
}
