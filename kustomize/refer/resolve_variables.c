/* resolve_variables.c: puts the values of the deprecated `vars` where $(NAME) stands.
 *
 * Source: kustomize api/internal/accumulator/refvartransformer.go, api/filters/refvar/refvar.go */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "kustomize/field/dotted_path.h"
#include "kustomize/field/field_path.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/refer/variable_value.h"
#include "yaml/written.h"

static const char default_field[] = "metadata.name";

/* ports[0] is ports and 0. */
static struct dotted_path split_indexes(struct arena *arena, struct dotted_path path)
{
    struct dotted_path split = {ARENA_ARRAY(arena, path.count * 2, const char *), 0};
    for (size_t i = 0; i < path.count; i++) {
        const char *part = path.parts[i], *open = strrchr(part, '[');
        size_t digits = open ? strspn(open + 1, "0123456789") : 0;
        if (!digits || strcmp(open + 1 + digits, "]") != 0) {
            split.parts[split.count++] = part;
            continue;
        }
        if (open > part)
            split.parts[split.count++] = arena_copy(arena, part, (size_t)(open - part));
        split.parts[split.count++] = arena_copy(arena, open + 1, digits);
    }
    return split;
}

static bool read_value(struct tree *tree, struct resource *holder, const struct var *var, struct variable_value *out,
                       struct error *error)
{
    struct arena *arena = tree->arena;
    const char *field = string_or_empty(var->field.field_path);
    field = *field ? field : default_field;
    struct dotted_path path = split_indexes(arena, dotted_path_split(arena, field));
    struct error ignored = {0};
    struct node *node = NULL;
    *out = (struct variable_value){.name = var->name};
    size_t looked_at = 0;
    bool found = dotted_path_lookup(&holder->root, path, NULL, &node, &looked_at, &ignored) && node &&
                 variable_value_read(arena, node, out);
    out->origin = found ? node->origin : 0;
    error_free(&ignored);
    if (!tree_count_steps(tree, looked_at / LOOKS_A_STEP, error))
        return false;
    return found || error_at(error, field_origin(var->node, "fieldref"),
                             "field specified in var '%s' not found in corresponding resource: %s has no usable '%s'",
                             out->name, id_text(arena, &holder->id), field);
}

/* The first resource that each variable was noted in. */
static struct map *find_holders(struct kust_target *target)
{
    struct map *holders = map_new(target->render->arena);
    struct resources *resources = kust_target_resources(target);
    for (size_t i = 0; i < resources->count; i++) {
        const struct string_list *names = &resources->items[i]->variables;
        for (size_t j = 0; j < names->count; j++) {
            void **slot = map_slot(holders, names->items[j], strlen(names->items[j]));
            if (!*slot)
                *slot = resources->items[i];
        }
    }
    return holders;
}

static int by_name(const void *left, const void *right)
{
    return strcmp((*(const struct var *const *)left)->name, (*(const struct var *const *)right)->name);
}

struct expansion {
    struct map *values;
    struct variable_value *list; /* sorted by name */
    size_t count;
    struct render *render;
};

static bool no_holder(struct kust_target *target, const struct var *var, struct error *error)
{
    struct resource_id wanted = variable_object_id(target->render->arena, &var->object);
    return error_at(error, field_origin(var->node, "objref"),
                    "var '%s' cannot be mapped to a field in the set of known resources: there is no %s%s", var->name,
                    id_text(target->render->arena, &wanted), suggest_id(kust_target_resources(target), &wanted));
}

static bool read_values(struct kust_target *target, struct expansion *expansion, struct error *error)
{
    const struct list_of_vars *vars = &target->accumulator->vars;
    struct arena *arena = target->render->arena;
    struct map *holders = find_holders(target);
    qsort(vars->items, vars->count, sizeof *vars->items, by_name);
    expansion->list = ARENA_ARRAY(arena, vars->count, struct variable_value);
    for (; expansion->count < vars->count; expansion->count++) {
        const struct var *var = vars->items[expansion->count];
        struct resource *holder = map_get(holders, var->name, strlen(var->name));
        struct variable_value *value = &expansion->list[expansion->count];
        if (!holder)
            return no_holder(target, var, error);
        if (!read_value(target->render->tree, holder, var, value, error))
            return false;
        *map_slot(expansion->values, var->name, strlen(var->name)) = value;
    }
    return true;
}

static bool is_string(const struct node *node)
{
    return node->kind == NODE_SCALAR && (node->tag == TAG_STRING || node->tag == TAG_NONE);
}

/* Every string that is visited becomes a plain one, whether it names a variable or not. */
static bool changes_value(const struct node *node, const struct text *text, enum node_tag tag)
{
    return node->tag != tag || node->tagged || node->style == STYLE_FOLDED || node->style == STYLE_LITERAL ||
           node->count != text->size || memcmp(node->text, text_content(text), text->size) != 0;
}

static bool expand_scalar(struct expansion *expansion, struct tree *tree, const struct trail *trail,
                          const struct node *node, struct error *error)
{
    struct text text = {.limit = TREE_LARGEST_TEXT};
    enum node_tag tag;
    const char *misfit = NULL;
    struct variable_parts parts = {.arena = tree->arena, .input = node->origin};
    variable_expand(node->text, node->count, expansion->values, &text, &tag, &misfit, tree->writers ? &parts : NULL);
    if (misfit)
        render_warn(expansion->render, "var '%s' is a map or a list and fits into no text: $(%s) is left as it is",
                    misfit, misfit);
    bool fits = !text.failed;
    if (fits && changes_value(node, &text, tag)) {
        struct node *own = trail_own(tree, trail);
        if (parts.count > 1 || (parts.count && parts.items[0].from != node->origin))
            written_parts(tree, own, "vars", parts.items, parts.count);
        tree_set_text(tree, own, text_content(&text), text.size);
        own->tag = (uint8_t)tag;
        own->style = STYLE_PLAIN;
        own->tagged = false;
        tree_write_twins(tree, trail->root, own);
    }
    text_free(&text);
    return fits || error_at(error, node->origin, "variables make a text of more than 16 MiB of this value");
}

/* The strings of a map or list. */
static bool expand_children(struct expansion *expansion, struct tree *tree, const struct trail *trail,
                            const struct node *parent, struct error *error)
{
    struct trail below = *trail;
    if (below.depth == TRAIL_LONGEST)
        return error_at(error, parent->origin, "the value is nested more than %d deep", TRAIL_LONGEST);
    below.depth++;
    for (uint32_t i = 0; i < parent->count; i++) {
        const struct entry *entry = parent->kind == NODE_MAP ? &parent->entries[i] : NULL;
        const struct node *child = entry ? entry->value : parent->items[i];
        if (entry && entry->tag != TAG_STRING && entry->tag != TAG_NONE)
            return error_at(error, entry->origin, "invalid map key: '%s' is not a string", entry->key->text);
        if (!entry && !is_string(child))
            return error_at(error, child->origin, "invalid value type expect a string");
        below.steps[trail->depth] = i;
        if (is_string(child) && !expand_scalar(expansion, tree, &below, child, error))
            return false;
    }
    return true;
}

static bool visit_field(void *context, const struct found_field *found, struct error *error)
{
    struct expansion *expansion = context;
    if (node_is_null(found->node))
        return true;
    if (found->node->kind != NODE_SCALAR)
        return expand_children(expansion, found->tree, found->trail, found->node, error);
    return !is_string(found->node) || expand_scalar(expansion, found->tree, found->trail, found->node, error);
}

/* Whether a container expands it itself: its env has a variable of this name. */
static bool sets_variable(const struct node *map, const char *name)
{
    const struct node *env = node_find(map, "env");
    for (uint32_t i = 0; node_is_list(env) && i < env->count; i++)
        if (node_equals(node_get(env->items[i], &key_name), name))
            return true;
    return false;
}

struct left_over {
    struct render *render;
    const struct resource *resource;
    const char *name, *written; /* HOST, $(HOST) */
};

static void look_for_left(const struct left_over *left, const struct node *node, unsigned depth)
{
    if (node->kind == NODE_SCALAR) {
        const char *found = strstr(node->text, left->written);
        if (found && (found == node->text || found[-1] != '$'))
            notice_about(left->render,
                         render_notice(left->render, RA726, node->origin,
                                       "the var '%s' is not replaced here: no varReference names this field",
                                       left->name),
                         left->resource, NULL);
        return;
    }
    if (depth > PARSE_DEEPEST || (node->kind == NODE_MAP && sets_variable(node, left->name)))
        return;
    for (uint32_t i = 0; i < node->count; i++)
        look_for_left(left, node->kind == NODE_MAP ? node->entries[i].value : node->items[i], depth + 1);
}

/* Where a var that is replaced somewhere still stands. */
static void notice_left(struct expansion *expansion, const struct resources *resources)
{
    struct arena *arena = expansion->render->arena;
    for (size_t i = 0; wants_notices(expansion->render) && i < expansion->count; i++) {
        const char *name = expansion->list[i].name;
        for (size_t k = 0; expansion->list[i].used && k < resources->count && notice_may(expansion->render, 1, 200);
             k++)
            if (resources->items[k]->root)
                look_for_left(&(struct left_over){expansion->render, resources->items[k], name,
                                                  arena_format(arena, "$(%s)", name)},
                              resources->items[k]->root, 0);
    }
}

static void warn_of_unused(const struct expansion *expansion, const struct list_of_vars *vars)
{
    struct text unused = {0};
    for (size_t i = 0; i < expansion->count; i++)
        if (!expansion->list[i].used)
            render_notice(expansion->render, RA722, field_origin(vars->items[i]->node, "name"),
                          "the var '%s' is replaced nowhere: no field that may hold vars has $(%s)",
                          expansion->list[i].name, expansion->list[i].name);
    for (size_t i = 0; i < expansion->count; i++)
        if (!expansion->list[i].used)
            text_format(&unused, "%s%s", unused.size ? "," : "", expansion->list[i].name);
    if (unused.size)
        render_warn(expansion->render, "well-defined vars that were never replaced: %s", unused.bytes);
    text_free(&unused);
}

bool resolve_vars(struct kust_target *target, struct error *error)
{
    struct render *render = target->render;
    struct resources *resources = kust_target_resources(target);
    struct expansion expansion = {.values = map_new(render->arena), .render = render};
    if (!target->accumulator->vars.count)
        return true;
    if (!read_values(target, &expansion, error))
        return false;
    struct field_paths *fields = field_paths_of(render, target->accumulator->config->var_references);
    for (size_t i = 0; i < resources->count; i++) {
        if (!field_paths_visit(fields, resources->items[i], CREATE_NOTHING, visit_field, &expansion, error))
            return false;
        resources_refresh(resources, resources->items[i]);
    }
    notice_left(&expansion, resources);
    warn_of_unused(&expansion, &target->accumulator->vars);
    return true;
}
