/* path_matcher.c: follows a path with patterns through a tree. Source: kustomize kyaml/yaml/match.go. */
#include "kustomize/field/path_matcher.h"

#include <inttypes.h>
#include <string.h>

#include "base/go_values.h"
#include "kustomize/text/regex.h"
#include "yaml/emit_v3.h"
#include "yaml/line_comment.h"
#include "yaml/v3_comments.h"

enum { LONGEST_PATH = 256, STEPS_OF_AN_ITEM = 8, KEYS_OF_A_STEP = 16, BYTES_OF_A_STEP = 16 };

enum part_kind { PART_KEY, PART_INDEX, PART_PATTERN, PART_EVERY };

struct path_part {
    enum part_kind kind;
    const char *text;
    const struct key *key; /* PART_KEY: itself; PART_PATTERN: of the items, NULL for the items themselves */
    int64_t index;
    const char *pattern; /* NULL: there is no `=` in the brackets */
    struct regex *regex; /* compiled when an item asks for it: kustomize accepts a bad one that meets none */
};

struct path_matcher {
    const char *text;
    struct dotted_path path;
    struct path_part *parts;
    struct tree *tree;
    origin origin;
    struct text scratch;
    const struct v3_comments *comments; /* of the text within a scalar that is searched; NULL: it is a file's */
};

struct path_search {
    struct path_matcher *matcher;
    struct node_array *out;
    bool create;
    enum node_kind kind; /* of what is made at the end of the path */
    struct error *error;
};

static bool find_from(struct path_search *search, size_t at, struct node **slot);

static void compile_part(struct tree *tree, const char *text, struct path_part *part)
{
    part->text = text;
    if (go_read_integer(text, &part->index) && part->index >= 0) {
        part->kind = PART_INDEX;
    } else if (!part_is_bracketed(text)) {
        part->kind = strcmp(text, "*") == 0 ? PART_EVERY : PART_KEY;
        part->key = intern_string(tree->keys, text);
    } else {
        const char *key = "";
        part->kind = PART_PATTERN;
        part_split(tree->arena, text, &key, &part->pattern);
        part->key = *key ? intern_string(tree->keys, key) : NULL;
    }
}

struct path_matcher *path_matcher_compile(struct tree *tree, const char *path, origin at, struct error *error)
{
    struct path_matcher *matcher = ARENA_NEW(tree->arena, struct path_matcher);
    matcher->text = path;
    matcher->tree = tree;
    matcher->origin = at;
    matcher->path = dotted_path_split(tree->arena, path);
    if (matcher->path.count > LONGEST_PATH) {
        error_at(error, at, "the field path has more than %d parts", LONGEST_PATH);
        return NULL;
    }
    matcher->parts = ARENA_ARRAY(tree->arena, matcher->path.count, struct path_part);
    for (size_t i = 0; i < matcher->path.count; i++)
        compile_part(tree, matcher->path.parts[i], &matcher->parts[i]);
    return matcher;
}

const char *path_matcher_text(const struct path_matcher *matcher)
{
    return matcher->text;
}

struct dotted_path path_matcher_path(const struct path_matcher *matcher)
{
    return matcher->path;
}

/* What is made for the part before this one: a list where this one is looked up in a list. */
static struct node *make_missing(const struct path_search *search, size_t next)
{
    struct tree *tree = search->matcher->tree;
    bool last = next >= search->matcher->path.count || !*search->matcher->parts[next].text;
    enum part_kind kind = last ? PART_KEY : search->matcher->parts[next].kind;
    enum node_kind wanted = kind == PART_INDEX || kind == PART_PATTERN ? NODE_LIST : last ? search->kind : NODE_MAP;
    if (wanted == NODE_SCALAR)
        return tree_plain(tree, "");
    return wanted == NODE_MAP ? tree_map(tree) : tree_list(tree);
}

/* Messages about what is in a scalar name the scalar's place. */
static void set_origins(struct node *node, origin at)
{
    node->origin = at;
    node->as_read = false;
    for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++) {
        if (node->kind == NODE_MAP)
            node->entries[i].origin = at;
        set_origins(node->kind == NODE_MAP ? node->entries[i].value : node->items[i], at);
    }
}

void path_matcher_within(struct path_matcher *matcher, const struct v3_comments *comments)
{
    matcher->comments = comments;
}

struct node *parse_scalar_text(struct tree *tree, const struct node *scalar, struct v3_comments *comments,
                               struct error *error)
{
    struct origins *origins = origins_new(); /* of its own: the text may go before the render's table does */
    struct yaml_text text = {"", scalar->text, scalar->count, origins, 0};
    struct node *root = NULL;
    struct error problem = {0};
    bool parsed = parse_first(tree, &text, &root, &problem);
    if (!parsed)
        error_at(error, scalar->origin, "%s", problem.message);
    error_free(&problem);
    if (parsed && root && comments)
        v3_comments_find(tree->arena, root, scalar->text, scalar->count, origins, comments);
    origins_free(origins);
    if (parsed && root)
        set_origins(root, scalar->origin);
    return parsed ? root : NULL;
}

static bool find_in_text(struct path_search *search, size_t at, const struct node *scalar)
{
    struct path_matcher *matcher = search->matcher;
    const struct v3_comments *outer = matcher->comments;
    struct v3_comments comments = {0};
    struct node *root = parse_scalar_text(matcher->tree, scalar, &comments, search->error);
    if (!root)
        return error_at(search->error, scalar->origin, "the text is empty");
    matcher->comments = &comments;
    bool good = find_from(search, at, &root);
    matcher->comments = outer;
    return good;
}

/* A part without a name finds only an empty scalar, which is itself. Any other becomes empty where it may be made, and
 * what follows happens to a value that is never printed. */
static bool find_nameless(struct path_search *search, size_t at, struct node **slot)
{
    struct tree *tree = search->matcher->tree;
    if (!demand_kind(*slot, NODE_SCALAR, search->error))
        return false;
    if (!(*slot)->count)
        return find_from(search, at + 1, slot);
    if (!search->create)
        return true;
    struct node *made = make_missing(search, at + 1), *detached = tree_copy(tree, made);
    struct node *scalar = tree_own(tree, slot);
    made->style = scalar->style;
    made->origin = scalar->origin;
    *scalar = *made;
    return find_from(search, at + 1, &detached);
}

static bool find_key(struct path_search *search, size_t at, struct node **slot)
{
    struct path_matcher *matcher = search->matcher;
    const struct path_part *part = &matcher->parts[at];
    struct node *detached = NULL;
    if (node_is_null(*slot)) {
        if (!search->create)
            return true;
        detached = tree_map(matcher->tree); /* what kustomize puts into a null is never printed */
        slot = &detached;
    }
    if (!*part->text)
        return find_nameless(search, at, slot);
    if (!demand_kind(*slot, NODE_MAP, search->error))
        return false;
    if (!tree_count_steps(matcher->tree, (*slot)->count / KEYS_OF_A_STEP, search->error))
        return false;
    struct entry *entry = node_entry(*slot, part->key);
    if (!entry && !search->create)
        return true;
    struct node *map = tree_own(matcher->tree, slot);
    if (!entry)
        tree_set(matcher->tree, map, part->key, make_missing(search, at + 1));
    entry = node_entry(map, part->key);
    if (entry->value->kind == NODE_SCALAR && at + 1 < matcher->path.count)
        return find_in_text(search, at + 1, entry->value);
    return find_from(search, at + 1, &entry->value);
}

static bool find_index(struct path_search *search, size_t at, struct node **slot)
{
    const struct path_part *part = &search->matcher->parts[at];
    struct tree *tree = search->matcher->tree;
    struct node *detached = tree_list(tree);
    if (node_is_null(*slot))
        slot = &detached;
    if (!demand_kind(*slot, NODE_LIST, search->error))
        return false;
    if (part->index == (*slot)->count && search->create)
        tree_append(tree, tree_own(tree, slot), make_missing(search, at + 1));
    if (part->index >= (*slot)->count)
        return error_at(search->error, (*slot)->origin, "index %" PRId64 " specified but only %u elements found",
                        part->index, (unsigned)(*slot)->count);
    return find_from(search, at + 1, &tree_own(tree, slot)->items[part->index]);
}

/* The text of a value as go-yaml v3 prints it, with the comment behind it. */
static const char *comment_behind(const struct path_matcher *matcher, const struct node *value, size_t *size,
                                  size_t *looked_at)
{
    if (!matcher->comments)
        return line_comment(matcher->tree->origins, value, size, looked_at);
    const struct v3_comment *comment = v3_comment_at(matcher->comments, value);
    const char *behind = comment ? comment->behind : NULL;
    *size = behind ? strlen(behind) : 0;
    return behind;
}

static bool write_text(const struct path_matcher *matcher, const struct node *value, struct text *text,
                       size_t *looked_at, struct error *error)
{
    size_t size;
    text_cut(text, 0);
    if (!emit_v3(value, text, error))
        return false;
    const char *comment = comment_behind(matcher, value, &size, looked_at);
    if (!comment)
        return true;
    while (text->size && text->bytes[text->size - 1] == '\n')
        text_cut(text, text->size - 1);
    text_string(text, " ");
    text_bytes(text, comment, size);
    return true;
}

static bool pattern_fits(struct path_search *search, struct path_part *part, const struct node *value, bool *fits)
{
    struct path_matcher *matcher = search->matcher;
    struct text *scratch = &matcher->scratch;
    if (!part->regex)
        part->regex = regex_compile(matcher->tree->arena, part->pattern, matcher->origin, search->error);
    size_t looked_at = 0;
    if (!part->regex || !write_text(search->matcher, value, scratch, &looked_at, search->error))
        return false;
    static const char blanks[] = " \t\n\v\f\r";
    size_t start = strspn(text_content(scratch), blanks), end = scratch->size;
    while (end > start && strchr(blanks, scratch->bytes[end - 1]))
        end--;
    *fits = regex_matches(part->regex, text_content(scratch) + start, end - start);
    size_t steps = STEPS_OF_AN_ITEM + (scratch->size + looked_at) / BYTES_OF_A_STEP + regex_cost(part->regex);
    return tree_count_steps(matcher->tree, steps, search->error);
}

/* One look through a list. Items themselves end the path, whatever follows. */
static bool find_items(struct path_search *search, size_t at, struct node **slot)
{
    struct path_part *part = &search->matcher->parts[at];
    struct tree *tree = search->matcher->tree;
    if (!tree_count_steps(tree, (*slot)->count / KEYS_OF_A_STEP, search->error))
        return false;
    for (uint32_t i = 0; i < (*slot)->count; i++) {
        struct node *item = (*slot)->items[i];
        const struct node *value = part->key ? node_get(item, part->key) : item;
        bool fits = false;
        if (value && !pattern_fits(search, part, value, &fits))
            return false;
        size_t next = part->key ? at + 1 : search->matcher->path.count;
        if (fits && !find_from(search, next, &tree_own(tree, slot)->items[i]))
            return false;
    }
    return true;
}

static struct node *make_item(struct tree *tree, const struct path_part *part)
{
    struct node *value = tree_plain(tree, part->pattern);
    if (!part->key)
        return value;
    struct node *item = tree_map(tree);
    tree_set(tree, item, part->key, value);
    return item;
}

static bool find_pattern(struct path_search *search, size_t at, struct node **slot)
{
    struct path_matcher *matcher = search->matcher;
    if (!matcher->parts[at].pattern)
        return error_at(search->error, matcher->origin,
                        "list path element must contain fieldName=fieldValue for element to match");
    struct node *detached = tree_list(matcher->tree);
    if (node_is_null(*slot))
        slot = &detached;
    if (!demand_kind(*slot, NODE_LIST, search->error))
        return false;
    size_t before = search->out->count;
    if (!find_items(search, at, slot))
        return false;
    if (search->out->count > before || !search->create)
        return true;
    tree_append(matcher->tree, tree_own(matcher->tree, slot), make_item(matcher->tree, &matcher->parts[at]));
    if (!find_items(search, at, slot))
        return false;
    return search->out->count > before ||
           error_at(search->error, matcher->origin,
                    "%s in \"%s\" does not match the element that it makes: leave out create, or the anchors",
                    matcher->parts[at].text, matcher->text);
}

static bool find_every(struct path_search *search, size_t at, struct node **slot)
{
    if (node_is_null(*slot))
        return true;
    if (!demand_kind(*slot, NODE_LIST, search->error))
        return false;
    struct node *list = tree_own(search->matcher->tree, slot);
    for (uint32_t i = 0; i < list->count; i++)
        if (!find_from(search, at + 1, &list->items[i]))
            return false;
    return true;
}

static void add_found(struct path_search *search, struct node **slot)
{
    struct node_array *out = search->out;
    struct tree *tree = search->matcher->tree;
    out->items = arena_grow(tree->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = tree_own(tree, slot);
}

static bool find_from(struct path_search *search, size_t at, struct node **slot)
{
    if (at >= search->matcher->path.count) {
        add_found(search, slot);
        return true;
    }
    tree_own(search->matcher->tree, slot);
    switch (search->matcher->parts[at].kind) {
    case PART_INDEX:
        return find_index(search, at, slot);
    case PART_PATTERN:
        return find_pattern(search, at, slot);
    case PART_EVERY:
        return find_every(search, at, slot);
    default:
        return find_key(search, at, slot);
    }
}

bool path_matcher_find(struct path_matcher *matcher, size_t from, struct node **root, struct node_array *out,
                       struct error *error)
{
    struct path_search search = {.matcher = matcher, .out = out, .error = error};
    bool done = find_from(&search, from, root);
    text_free(&matcher->scratch);
    return done;
}

bool path_matcher_create(struct path_matcher *matcher, size_t from, struct node **root, enum node_kind kind,
                         struct node_array *out, struct error *error)
{
    struct path_search search = {.matcher = matcher, .out = out, .create = true, .kind = kind, .error = error};
    bool done = find_from(&search, from, root);
    text_free(&matcher->scratch);
    return done;
}
