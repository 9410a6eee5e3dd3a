/* as_plugin.c: finds out what the plugin of Argo CD will be told, so that renders are judged as they will be there. */
#include "plugin/as_plugin.h"

#include <string.h>

#include "base/intern.h"
#include "base/path.h"
#include "plugin/generate_options.h"
#include "yaml/decode.h"
#include "yaml/parse.h"

static const char default_file[] = "argo/install/plugin.yaml";
static const char *const installations[] = {"argo/install", "argo/argocd"};

/* The first document of a file of the repository; NULL without an error where there is no such file. */
static const struct node *read_document(struct arena *arena, const struct repository *repository, const char *path,
                                        struct error *error)
{
    struct tree *tree = ARENA_NEW(arena, struct tree);
    struct file_bytes bytes;
    struct node *document = NULL;
    *tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1};
    if (source_kind(repository->source, path) != FILE_REGULAR ||
        !source_read(repository->source, arena, path, &bytes, error))
        return NULL;
    struct yaml_text text = {.file = path, .bytes = bytes.bytes, .size = bytes.size, .origins = origins_new()};
    bool good = parse_first(tree, &text, &document, error);
    origins_free(text.origins);
    return good ? document : NULL;
}

/* The path of --plugin from the repository's root. */
static const char *plugin_file(const struct plugin_options *given, struct arena *arena,
                               const struct repository *repository, struct error *error)
{
    if (!given->file)
        return source_kind(repository->source, default_file) == FILE_REGULAR ? default_file : NULL;
    const char *path = path_is_absolute(given->file) ? path_relative(arena, repository->root, given->file)
                                                     : path_join(arena, repository->directory, given->file);
    if (source_kind(repository->source, path) != FILE_REGULAR)
        error_set(error, "--plugin %s: no such file in the repository", given->file);
    return path;
}

static size_t add_words(const struct node *list, char **words, size_t count, struct arena *arena)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (node_text(list->items[i]))
            words[count++] = arena_string(arena, node_text(list->items[i]));
    return count;
}

/* The words of spec.generate, from the one that is called generate. */
static char **plugin_words(struct arena *arena, const struct node *document)
{
    const struct node *generate = node_find(node_find(document, "spec"), "generate");
    const struct node *command = node_find(generate, "command"), *rest = node_find(generate, "args");
    size_t room = (node_is_list(command) ? command->count : 0) + (node_is_list(rest) ? rest->count : 0);
    char **words = ARENA_ARRAY(arena, room + 1, char *);
    add_words(rest, words, add_words(command, words, 0, arena), arena);
    while (*words && strcmp(*words, "generate") != 0)
        words++;
    return *words ? words : NULL;
}

static bool take_rules(struct generate_options *said, struct arena *arena, struct render_rules *out,
                       struct error *error)
{
    said->charts.command = NULL;
    said->fetch.cache = NULL;
    out->root_project = said->root_project;
    out->allowed_kinds = said->allow_kinds;
    out->load_restrictor = said->load_restrictor;
    out->refuse_secrets = said->refuse_secrets;
    out->helm = helm_options_read(&said->charts, arena, NULL);
    return fetch_options_read(&said->fetch, said->fetch.hosts.count ? FETCH_FOR_USER : FETCH_FOR_OTHERS, arena,
                              &out->remote, error);
}

static bool read_command_line(const char *file, const struct invocation *invocation,
                              const struct repository *repository, struct render_rules *out, struct error *error)
{
    struct arena *arena = invocation->arena;
    struct invocation plugin;
    int status;
    const struct node *document = read_document(arena, repository, file, error);
    if (error->message)
        return false;
    char **words = plugin_words(arena, document);
    if (!words)
        return error_set(error, "%s: spec.generate.command does not call 'rootapp generate'", file);
    if (!invocation->parse(arena, words, &plugin, &status, error))
        return error_wrap(error, "%s: spec.generate.command", file);
    struct generate_options said = *(const struct generate_options *)plugin.options;
    return take_rules(&said, arena, out, error);
}

/* The namespace of the kustomization that installs Argo CD. */
static const char *installed_namespace(struct arena *arena, const struct repository *repository)
{
    const char *found = NULL;
    for (size_t i = 0; !found && i < sizeof installations / sizeof *installations; i++) {
        struct error ignored = {0};
        const char *path = path_join(arena, installations[i], "kustomization.yaml");
        found = node_text(node_find(read_document(arena, repository, path, &ignored), "namespace"));
        error_free(&ignored);
    }
    return found && *found ? found : NULL;
}

bool plugin_rules_read(const struct plugin_options *given, const struct invocation *invocation,
                       const struct repository *repository, struct render_rules *out, struct error *error)
{
    const char *file = plugin_file(given, invocation->arena, repository, error);
    *out = (struct render_rules){.refuse_secrets = true};
    if (error->message || (file && !read_command_line(file, invocation, repository, out, error)))
        return false;
    out->argocd_namespace =
        given->argocd_namespace ? given->argocd_namespace : installed_namespace(invocation->arena, repository);
    return true;
}
