/* generators.c: the parameters that the generators of an ApplicationSet give. */
#include <string.h>

#include "base/path.h"
#include "generator/glob.h"
#include "generator/name.h"
#include "plugin/adopt/adoption.h"
#include "plugin/run/git_remote.h"
#include "yaml/parse.h"
#include "yaml/scalar.h"

struct generating {
    struct adoption *adoption;
    const char *set;
    const struct node *outer;
    struct parameter_list *out;
};

static const char *simple_url(struct arena *arena, const char *url)
{
    char *out = arena_string(arena, url_without_user(arena, url)), *at = strstr(out, "://");
    out = at ? at + 3 : out;
    at = strchr(out, '@');
    out = at ? at + 1 : out;
    size_t size = strlen(out);
    while (size && out[size - 1] == '/')
        out[--size] = '\0';
    if (size > 4 && strcmp(out + size - 4, ".git") == 0)
        out[size - 4] = '\0';
    for (at = out; *at; at++)
        *at = *at == ':' ? '/' : *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    return out;
}

bool same_repository(struct arena *arena, const char *left, const char *right)
{
    return left && right && strcmp(simple_url(arena, left), simple_url(arena, right)) == 0;
}

static bool note_gap(const struct generating *generating, const struct node *at, const char *reason)
{
    adoption_note(generating->adoption, at,
                  arena_format(generating->adoption->arena, "ApplicationSet %s", generating->set), reason);
    return false;
}

static void add_parameters(struct generating *generating, struct node *parameters)
{
    struct parameter_list *out = generating->out;
    out->items = arena_grow(generating->adoption->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = parameters;
}

static void merge_into(struct tree *tree, struct node *map, const struct node *more)
{
    for (uint32_t i = 0; node_is_map(more) && i < more->count; i++)
        tree_set_named(tree, map, more->entries[i].key->text, tree_copy(tree, more->entries[i].value));
}

/* As Argo CD's git generator names them. `file` is NULL of a directory. */
static struct node *path_parameters(struct tree *tree, const char *directory, const char *file)
{
    struct node *path = tree_map(tree), *segments = tree_list(tree);
    for (const char *at = directory; *at; at += strcspn(at, "/"), at += *at == '/')
        tree_append(tree, segments, tree_string(tree, arena_copy(tree->arena, at, strcspn(at, "/"))));
    tree_set_string(tree, path, "path", directory);
    tree_set_string(tree, path, "basename", path_base(directory));
    tree_set_string(tree, path, "basenameNormalized", normal_name(tree->arena, path_base(directory)));
    tree_set_named(tree, path, "segments", segments);
    if (file) {
        tree_set_string(tree, path, "filename", file);
        tree_set_string(tree, path, "filenameNormalized", normal_name(tree->arena, file));
    }
    return path;
}

/* One match of a git generator: what stands around it, the content of a file, the path, and `values`. */
static bool add_match(struct generating *generating, const struct node *git, const struct node *content,
                      const char *directory, const char *file)
{
    struct tree *tree = &generating->adoption->tree;
    struct node *parameters = tree_map(tree), *path = path_parameters(tree, directory, file);
    const char *prefix = node_text(node_find(git, "pathParamPrefix")), *reason = NULL;
    merge_into(tree, parameters, generating->outer);
    merge_into(tree, parameters, content);
    if (content)
        tree_set_named(tree, parameters, FILE_CONTENT, tree_copy(tree, content));
    if (prefix) {
        struct node *map = tree_map(tree);
        tree_set_named(tree, map, "path", path);
        path = map;
    }
    tree_set_named(tree, parameters, prefix ? prefix : "path", path);
    if (node_find(git, "values")) {
        struct node *values = set_tree_expand(tree, node_find(git, "values"), parameters, &reason);
        if (reason)
            return note_gap(generating, node_find(git, "values"), reason);
        tree_set_named(tree, parameters, "values", values);
    }
    add_parameters(generating, parameters);
    return true;
}

struct wanted_paths {
    const char **patterns;
    bool *excludes;
    size_t count;
    char separator;
};

static bool is_wanted(const struct wanted_paths *wanted, const char *path)
{
    bool included = false;
    for (size_t i = 0; i < wanted->count; i++) {
        if (!glob_matches(wanted->patterns[i], path, wanted->separator))
            continue;
        if (wanted->excludes[i])
            return false;
        included = true;
    }
    return included;
}

static bool read_wanted(struct generating *generating, const struct node *list, char separator,
                        struct wanted_paths *out)
{
    struct arena *arena = generating->adoption->arena;
    *out = (struct wanted_paths){.patterns = ARENA_ARRAY(arena, list->count + 1, const char *),
                                 .excludes = ARENA_ARRAY(arena, list->count + 1, bool),
                                 .separator = separator};
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *path = node_text(node_find(list->items[i], "path")), *reason = NULL;
        path = path ? set_text_expand(arena, path, generating->outer, &reason) : "";
        if (!path)
            return note_gap(generating, list->items[i], reason);
        out->patterns[out->count] = path_clean(arena, path);
        out->excludes[out->count++] = node_equals(node_find(list->items[i], "exclude"), "true");
    }
    return true;
}

static bool add_file(struct generating *generating, const struct node *git, const char *path)
{
    struct adoption *adoption = generating->adoption;
    struct file_bytes file;
    struct error ignored = {0};
    struct node *root = NULL;
    bool good = source_read(adoption->repository->source, adoption->arena, path, &file, &ignored) &&
                parse_first(&adoption->tree, &(struct yaml_text){path, file.bytes, file.size, adoption->origins, 0},
                            &root, &ignored) &&
                root;
    error_free(&ignored);
    const char *directory = path_directory(adoption->arena, path);
    if (!good)
        return note_gap(generating, git, arena_format(adoption->arena, "%s cannot be read", path));
    if (!node_is_list(root))
        return add_match(generating, git, root, directory, path_base(path));
    for (uint32_t i = 0; i < root->count; i++) {
        size_t before = generating->out->count;
        if (!add_match(generating, git, root->items[i], directory, path_base(path)))
            return false;
        /* An entry of the policy reads a file of one. */
        if (root->count > 1 && generating->out->count > before)
            tree_set_named(&adoption->tree, generating->out->items[before], FILE_CONTENT, tree_null(&adoption->tree));
    }
    return true;
}

/* Argo CD's directories begin with no dot, and the root is none of them. */
static bool walk_directory(struct generating *generating, const struct node *git, const struct wanted_paths *wanted,
                           bool files, const char *directory)
{
    struct adoption *adoption = generating->adoption;
    const struct source *source = adoption->repository->source;
    struct name_list names;
    struct error ignored = {0};
    if (!source_list(source, adoption->arena, directory, &names, &ignored))
        names.count = 0;
    error_free(&ignored);
    for (size_t i = 0; i < names.count; i++) {
        const char *path = path_join(adoption->arena, directory, names.names[i]);
        enum file_kind kind = source_kind(source, path);
        char *real = source_resolve(source, adoption->arena, path, &ignored);
        error_free(&ignored);
        if (!real || strcmp(real, path) != 0)
            continue;
        if (files && kind == FILE_REGULAR && is_wanted(wanted, path) && !add_file(generating, git, path))
            return false;
        if (kind != FILE_DIRECTORY || (!files && *names.names[i] == '.'))
            continue;
        if (!files && is_wanted(wanted, path) && !add_match(generating, git, NULL, path, NULL))
            return false;
        if (!walk_directory(generating, git, wanted, files, path))
            return false;
    }
    return true;
}

static bool expand_git(struct generating *generating, const struct node *git)
{
    struct arena *arena = generating->adoption->arena;
    const char *url = node_text(node_find(git, "repoURL")), *reason = NULL;
    const struct node *directories = node_find(git, "directories"), *files = node_find(git, "files");
    struct wanted_paths wanted;
    url = url ? set_text_expand(arena, url, generating->outer, &reason) : NULL;
    if (!url)
        return note_gap(generating, git, reason ? reason : "a git generator without a repository");
    if (!same_repository(arena, url, generating->adoption->url))
        return note_gap(generating, git, arena_format(arena, "its git generator reads another repository, %s", url));
    if (!directories == !files)
        return note_gap(generating, git, "a git generator of neither directories nor files");
    return read_wanted(generating, directories ? directories : files, directories ? '/' : 0, &wanted) &&
           walk_directory(generating, git, &wanted, !!files, ".");
}

static bool expand_list(struct generating *generating, const struct node *list)
{
    struct tree *tree = &generating->adoption->tree;
    const struct node *elements = node_find(list, "elements");
    if (node_find(list, "elementsYaml"))
        return note_gap(generating, list, "elementsYaml is not understood");
    for (uint32_t i = 0; node_is_list(elements) && i < elements->count; i++) {
        struct node *parameters = tree_map(tree);
        const char *reason = NULL;
        merge_into(tree, parameters, generating->outer);
        struct node *own = set_tree_expand(tree, elements->items[i], parameters, &reason);
        if (reason)
            return note_gap(generating, elements->items[i], reason);
        merge_into(tree, parameters, own);
        add_parameters(generating, parameters);
    }
    return true;
}

/* The second one may use what the first one gives. */
static bool expand_matrix(struct generating *generating, const struct node *matrix)
{
    const struct node *pair = node_find(matrix, "generators");
    struct parameter_list first = {0};
    if (!node_is_list(pair) || pair->count != 2)
        return note_gap(generating, matrix, "a matrix has two generators");
    if (!adoption_expand_generator(generating->adoption, generating->set, pair->items[0], generating->outer, &first))
        return false;
    for (size_t i = 0; i < first.count; i++)
        if (!adoption_expand_generator(generating->adoption, generating->set, pair->items[1], first.items[i],
                                       generating->out))
            return false;
    return true;
}

static void override_entries(struct tree *tree, struct node *base, const struct node *over)
{
    for (uint32_t i = 0; i < over->count; i++) {
        struct node *old = node_find(base, over->entries[i].key->text);
        if (node_is_map(old) && node_is_map(over->entries[i].value))
            override_entries(tree, old, over->entries[i].value);
        else
            tree_set_named(tree, base, over->entries[i].key->text, tree_copy(tree, over->entries[i].value));
    }
}

/* The first one's, each with what the others say of the same keys. */
static bool expand_merge(struct generating *generating, const struct node *merge)
{
    const struct node *list = node_find(merge, "generators"), *keys = node_find(merge, "mergeKeys");
    struct tree *tree = &generating->adoption->tree;
    struct parameter_list base = {0};
    if (!node_is_list(list) || list->count < 2 || !node_is_list(keys))
        return note_gap(generating, merge, "a merge has two generators or more, and mergeKeys");
    for (uint32_t i = 0; i < list->count; i++) {
        struct parameter_list more = {0};
        if (!adoption_expand_generator(generating->adoption, generating->set, list->items[i], generating->outer,
                                       i ? &more : &base))
            return false;
        for (size_t j = 0; j < more.count; j++)
            for (size_t k = 0; k < base.count; k++)
                if (same_keys(keys, base.items[k], more.items[j]))
                    override_entries(tree, base.items[k], more.items[j]);
    }
    for (size_t i = 0; i < base.count; i++)
        add_parameters(generating, base.items[i]);
    return true;
}

static const char *secret_text(struct arena *arena, const struct node *secret, const char *name)
{
    const char *plain = node_text(node_find(node_find(secret, "stringData"), name));
    const char *coded = node_text(node_find(node_find(secret, "data"), name));
    struct text decoded = {0};
    if (plain || !coded || !scalar_base64(coded, strlen(coded), &decoded))
        plain = plain ? plain : NULL;
    else
        plain = arena_string(arena, text_content(&decoded));
    text_free(&decoded);
    return plain;
}

static void add_cluster(struct generating *generating, const struct node *clusters, const struct node *metadata,
                        const char *name, const char *server)
{
    struct tree *tree = &generating->adoption->tree;
    struct node *parameters = tree_map(tree);
    const char *reason = NULL;
    merge_into(tree, parameters, generating->outer);
    tree_set_string(tree, parameters, "name", name);
    tree_set_string(tree, parameters, "nameNormalized", normal_name(tree->arena, name));
    tree_set_string(tree, parameters, "server", server);
    if (metadata)
        tree_set_named(tree, parameters, "metadata", tree_copy(tree, metadata));
    const struct node *values = node_find(clusters, "values");
    if (values)
        tree_set_named(tree, parameters, "values", set_tree_expand(tree, values, parameters, &reason));
    if (reason)
        note_gap(generating, values, reason);
    add_parameters(generating, parameters);
}

/* Of Argo CD's Secrets of clusters, as far as they are among what was read. Argo CD's own has none as a rule. */
static bool expand_clusters(struct generating *generating, const struct node *clusters)
{
    const struct adoption *adoption = generating->adoption;
    const struct node *selector = node_find(clusters, "selector");
    bool narrows = node_is_map(selector) && selector->count, known = true, own = false;
    if (!adoption->cluster_count)
        return note_gap(generating, clusters,
                        "the generator clusters reads Argo CD's Secrets of clusters, of which none is here: give them "
                        "and the objects of the cluster with -f");
    for (size_t i = 0; i < adoption->cluster_count; i++) {
        const struct node *secret = adoption->clusters[i], *metadata = node_find(secret, "metadata");
        const char *name = secret_text(adoption->arena, secret, "name");
        const char *server = secret_text(adoption->arena, secret, "server");
        struct node *labels = tree_map(&generating->adoption->tree);
        merge_into(&generating->adoption->tree, labels, node_find(metadata, "labels"));
        own = own || (server && strcmp(server, "https://kubernetes.default.svc") == 0);
        if (name && server && (!narrows || selector_takes(selector, labels, &known)))
            add_cluster(generating, clusters, metadata, name, server);
    }
    if (!own && !narrows)
        add_cluster(generating, clusters, NULL, "in-cluster", "https://kubernetes.default.svc");
    return known || note_gap(generating, selector, "an operator of this selector is not understood");
}

/* Of what a generator has given, what its selector takes. */
static bool select_from(const struct generating *generating, const struct node *generator, size_t before)
{
    struct parameter_list *out = generating->out;
    const struct node *selector = node_find(generator, "selector");
    bool known = true;
    size_t kept = before;
    for (size_t i = before; selector && i < out->count; i++)
        if (selector_takes(selector, out->items[i], &known))
            out->items[kept++] = out->items[i];
    out->count = selector ? kept : out->count;
    return known || note_gap(generating, selector, "an operator of this selector is not understood");
}

bool adoption_expand_generator(struct adoption *adoption, const char *set, const struct node *generator,
                               const struct node *outer, struct parameter_list *out)
{
    static const struct {
        const char *name;
        bool (*expand)(struct generating *generating, const struct node *node);
    } known[] = {{"git", expand_git},
                 {"list", expand_list},
                 {"matrix", expand_matrix},
                 {"merge", expand_merge},
                 {"clusters", expand_clusters}};
    struct generating generating = {adoption, set, outer ? outer : tree_map(&adoption->tree), out};
    size_t before = out->count;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct node *node = node_find(generator, known[i].name);
        if (node && node_find(node, "template") && node_is_map(node_find(node, "template")))
            return note_gap(&generating, node, "a generator's own template is not understood");
        if (node)
            return known[i].expand(&generating, node) && select_from(&generating, generator, before);
    }
    return note_gap(
        &generating, generator,
        arena_format(adoption->arena,
                     "generator '%s' is not understood (git, list, clusters, and a matrix and merge of these "
                     "are): give the objects of the cluster with -f",
                     node_is_map(generator) && generator->count ? generator->entries[0].key->text : ""));
}
