/* fuzz_names.c: the small languages: paths, URLs, regular expressions, selectors, image names, field paths, env files.
 * Two lines: a pattern and a text; every language reads both. */
#include <string.h>

#include "base/path.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "kustomize/engine.h"
#include "kustomize/field/dotted_path.h"
#include "kustomize/kustomization/image_name.h"
#include "kustomize/text/env_file.h"
#include "kustomize/text/label_selector.h"
#include "kustomize/text/pattern.h"
#include "kustomize/text/repository_url.h"
#include "kustomize/text/url.h"

static void check_paths(struct arena *arena, const char *one, const char *other)
{
    const char *clean = path_clean(arena, one), *second = path_clean(arena, other);
    MUST(strcmp(path_clean(arena, clean), clean) == 0);
    const char *joined = path_join(arena, clean, second);
    MUST(strcmp(path_clean(arena, joined), joined) == 0);
    path_directory(arena, one);
    path_base(one);
    if (path_is_absolute(clean) == path_is_absolute(second) && path_is_within(clean, ".") &&
        path_is_within(second, "."))
        MUST(strcmp(path_join(arena, clean, path_relative(arena, clean, second)), second) == 0);
}

static void check_regex(struct arena *arena, const char *pattern, const char *text)
{
    struct error error = {0};
    if (!utf8_is_valid(pattern, strlen(pattern)) || !utf8_is_valid(text, strlen(text)))
        return; /* no parsed text is otherwise */
    struct regex *regex = regex_compile(arena, pattern, 0, &error);
    MUST(!regex == !!error.message);
    if (regex) {
        long spans[8][2];
        size_t size = strlen(text);
        size_t found = regex_groups(regex, text, size, spans, 8);
        MUST(found <= 8);
        for (size_t i = 0; i < found; i++)
            MUST(spans[i][0] == -1 || (spans[i][0] >= 0 && spans[i][0] <= spans[i][1] && (size_t)spans[i][1] <= size));
        MUST(!found || regex_matches(regex, text, size));
        MUST(!regex_is_literal(pattern) || !strstr(text, pattern) || regex_matches(regex, text, size));
    }
    error_free(&error);
    struct pattern whole;
    if (pattern_compile(arena, pattern, 0, &whole, &error))
        pattern_matches(&whole, text);
    error_free(&error);
}

static void check_selector(struct tree *tree, const char *selector, const char *label)
{
    struct error error = {0};
    struct label_selector *parsed = label_selector_parse(tree->arena, selector, 0, &error);
    MUST(!parsed == !!error.message);
    struct node *labels = tree_map(tree);
    tree_set_string(tree, labels, label, "value");
    tree_set_string(tree, labels, "app", label);
    if (parsed) {
        label_selector_matches(parsed, labels);
        label_selector_matches(parsed, NULL);
    }
    error_free(&error);
}

static void check_image(struct tree *tree, const char *name, const char *image)
{
    struct text out = {.limit = 1 << 20};
    struct node *scalar = tree_string(tree, image);
    struct image item = {.name = name, .new_name = image, .new_tag = "v1", .tag_suffix = "-x"};
    struct image_update update = image_update_for(tree->arena, &item);
    if (image_matches(&update, scalar))
        image_updated(&update, scalar, &out);
    text_free(&out);
}

static void check_field_path(struct tree *tree, const char *path, const char *key)
{
    struct node *root = tree_map(tree), *list = tree_list(tree), *item = tree_map(tree), *found;
    struct error error = {0};
    struct trail trail;
    size_t looked_at = 0;
    tree_set_string(tree, item, "name", key);
    tree_append(tree, list, item);
    tree_set_named(tree, root, key, list);
    tree_set_string(tree, root, "a", "b");
    dotted_path_lookup(&root, dotted_path_split(tree->arena, path), &trail, &found, &looked_at, &error);
    error_free(&error);
}

static void check_env(struct arena *arena, const uint8_t *data, size_t size)
{
    struct key_values pairs = {0};
    struct error error = {0};
    bool cut;
    MUST(parse_env_file(arena, "x.env", (const char *)data, size, &pairs, &cut, &error) == !error.message);
    error_free(&error);
}

static void check_url(struct arena *arena, const char *text)
{
    struct repository_url url = {0};
    MUST(!repository_url_parse(arena, text, &url) || (url.clone && url.directory && url.ref));
    MUST(url_without_secrets(arena, text));
    url_host(arena, text);
    url_is_file(text);
}

static void check_all(struct tree *tree, const char *one, const char *other)
{
    check_paths(tree->arena, one, other);
    check_regex(tree->arena, one, other);
    check_selector(tree, one, other);
    check_image(tree, one, other);
    check_field_path(tree, one, other);
    check_url(tree->arena, one);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    char *one = arena_copy(arena, data, size), *other = strchr(one, '\n');
    if (other)
        *other++ = '\0';
    check_all(&tree, one, other ? other : "");
    check_all(&tree, other ? other : "", one);
    check_env(arena, data, size);
    arena_free(arena);
    return 0;
}
