/* exec_plugin.c: runs a program of kustomize's plugin directory, which it finds by group, version and kind.
 *
 * Source: api/internal/plugins/execplugin, api/konfig/plugins.go */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/path.h"
#include "base/process.h"
#include "kustomize/program/exec_function.h"
#include "yaml/emit.h"

enum { LONGEST_VARIABLE = 131071 };

/* The first of these that exists. */
static const char *plugin_home(struct arena *arena, struct error *error)
{
    const char *config = environment_value("XDG_CONFIG_HOME"), *home = environment_value("HOME");
    const char *const places[] = {
        environment_value("KUSTOMIZE_PLUGIN_HOME"),
        config ? path_join(arena, config, "kustomize/plugin") : NULL,
        home ? path_join(arena, home, ".config/kustomize/plugin") : NULL,
        home ? path_join(arena, home, "kustomize/plugin") : NULL,
    };
    struct stat status;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i] && stat(places[i], &status) == 0)
            return places[i];
    error_set(error, "unable to find plugin root: set KUSTOMIZE_PLUGIN_HOME");
    return NULL;
}

static const char *find_program(const struct external *external, struct error *error)
{
    struct arena *arena = external->target->render->arena;
    const struct gvk *gvk = &external->config->id.gvk;
    const char *home = plugin_home(arena, error);
    char *kind = arena_string(arena, gvk->kind);
    for (char *at = kind; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    if (!home)
        return NULL;
    const char *directory = path_join(arena, path_join(arena, home, gvk->group), path_join(arena, gvk->version, kind));
    const char *path = path_join(arena, directory, gvk->kind);
    struct stat status;
    if (!path_is_within(path, path_clean(arena, home)) || stat(path, &status) != 0)
        error_set(error,
                  "unable to load external plugin '%s': there is no executable file %s (Go plugins cannot be run)",
                  gvk->kind, path);
    else if (!(status.st_mode & 0111))
        error_set(error, "unexecutable plugin at: %s", path);
    return error->message ? NULL : path;
}

struct argument_fields {
    const char *one_liner, *from_file;
};

static const struct field argument_fields[] = {
    FIELD_STRING(struct argument_fields, one_liner, "argsOneLiner"),
    FIELD_STRING(struct argument_fields, from_file, "argsFromFile"),
    FIELD_END,
};
static const struct struct_type argument_type = {"argsConfig", sizeof(struct argument_fields), argument_fields, -1};

/* Words as a shell would split them: quotes, backslashes, and # for the rest. Source: execplugin/shlex.go */
static bool split_words(struct arena *arena, const char *line, struct string_list *out, struct error *error)
{
    struct text word = {0};
    char quote = '\0';
    for (; *line && (*line != '#' || quote); line++) {
        bool opens = (*line == '\'' || *line == '"') && !quote;
        if (*line == '\\' && quote != '\'') {
            if (!*++line)
                break;
        } else if (opens || (quote && *line == quote)) {
            quote = opens ? *line : '\0';
            continue;
        } else if (isspace((unsigned char)*line) && !quote) {
            if (word.size)
                string_list_add(arena, out, arena_string(arena, word.bytes));
            text_cut(&word, 0);
            continue;
        }
        text_byte(&word, *line);
    }
    if (word.size)
        string_list_add(arena, out, arena_string(arena, word.bytes));
    text_free(&word);
    return !quote || *line == '#' || error_set(error, "failed to parse argsOneLiner: unclosed quote in string");
}

static void add_lines(struct arena *arena, const char *text, struct string_list *out)
{
    while (*text) {
        size_t size = strcspn(text, "\n"), blank = strspn(text, " ");
        if (blank < size)
            string_list_add(arena, out, arena_copy(arena, text + blank, size - blank));
        text += size + (text[size] == '\n');
    }
}

static bool read_arguments(const struct external *external, struct string_list *out, struct error *error)
{
    struct kust_target *target = external->target;
    struct arena *arena = target->render->arena;
    struct argument_fields fields = {0};
    struct file_bytes file;
    if (!decode(target->render->tree, external->config->root, &argument_type, DECODE_AS_GO_LENIENT, &fields, error))
        return false;
    if (fields.one_liner && !split_words(arena, fields.one_liner, out, error))
        return false;
    if (!fields.from_file || !*fields.from_file)
        return true;
    if (!kust_target_read(target, fields.from_file, &file, error))
        return false;
    add_lines(arena, file.bytes, out);
    return true;
}

static const char *const *plugin_environment(const struct external *external, const char *config)
{
    struct arena *arena = external->target->render->arena;
    const char *text = arena_format(arena, "KUSTOMIZE_PLUGIN_CONFIG_STRING=%s", config);
    const char *changes[3] = {arena_format(arena, "KUSTOMIZE_PLUGIN_CONFIG_ROOT=%s", external->directory)};
    if (strlen(text) <= LONGEST_VARIABLE)
        changes[1] = text;
    return process_environment(arena, changes);
}

static bool run_plugin(const struct external *external, const char *program, const char *config, const char *file,
                       const struct text *resources, struct text *output, struct error *error)
{
    struct arena *arena = external->target->render->arena;
    struct string_list words = {0};
    string_list_add(arena, &words, program);
    string_list_add(arena, &words, file);
    if (!read_arguments(external, &words, error))
        return false;
    string_list_add(arena, &words, NULL);
    struct process process = {.arguments = words.items, .environment = plugin_environment(external, config)};
    if (resources) {
        process.input = resources->bytes;
        process.input_size = resources->size;
    }
    return external_run(external, &process, output, error);
}

bool exec_plugin_run(const struct external *external, const struct text *resources, struct text *output,
                     struct error *error)
{
    struct arena *arena = external->target->render->arena;
    struct text config = {0};
    const char *program = find_program(external, error);
    const char *work = program ? temporary_directory(arena, NULL, error) : NULL;
    const char *file = work ? path_join(arena, work, "kust-plugin-config.yaml") : NULL;
    bool good = file && emit_yaml(external->config->root, &config, error) &&
                file_replace(file, config.bytes, config.size, error) &&
                run_plugin(external, program, config.bytes, file, resources, output, error);
    text_free(&config);
    if (work)
        directory_remove(work);
    return good;
}
