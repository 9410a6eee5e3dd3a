/* placeholders.c: placeholders of templates that are still in what is rendered. */
#include <ctype.h>
#include <string.h>

#include "check/text_walk.h"

static bool is_name_character(char character)
{
    return isupper((unsigned char)character) || isdigit((unsigned char)character) || character == '_';
}

/* The size of a word in capitals between the two, both included; 0: there is none. A single letter is none either. */
static size_t enclosed_size(const char *text, char first, char last)
{
    size_t size = 1;
    if (*text != first || !isupper((unsigned char)text[1]))
        return 0;
    while (is_name_character(text[size]) || (first == '<' && text[size] == '-'))
        size++;
    return text[size] == last && size > 3 ? size + 1 : 0;
}

/* A placeholder in a text; NULL: none. ${NAME} is a shell's, {{NAME}} that of Helm and others. */
static const char *find_placeholder(const char *text, size_t *size)
{
    static const char *const words[] = {"CHANGEME", "CHANGE_ME", "REPLACE_ME", "REPLACEME", "FIXME"};
    for (const char *at = text; (at = strpbrk(at, "{<CRF")); at++) {
        bool escaped = at > text && strchr("${", at[-1]);
        if (!escaped && at[1] != '{' && (*size = enclosed_size(at, '{', '}')) && at[*size] != '}')
            return at;
        if ((*size = enclosed_size(at, '<', '>')))
            return at;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (strncmp(at, words[i], *size = strlen(words[i])) == 0 && (at == text || !is_name_character(at[-1])) &&
                !is_name_character(at[*size]))
                return at;
    }
    return NULL;
}

/* Those of the app template: what else looks so may be meant. */
static bool is_template_token(const char *text, size_t size)
{
    static const char *const tokens[] = {"{APP_NAME}", "{REGISTRY_IMAGE}", "{NAMESPACE}", "{GITHUB_REPO}"};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        if (strlen(tokens[i]) == size && strncmp(text, tokens[i], size) == 0)
            return true;
    return false;
}

/* Argo CD replaces its variables in what it reads itself, and in no manifest. */
static const char *find_argocd_variable(const char *text, size_t *size)
{
    const char *at = strstr(text, "ARGOCD_APP_");
    if (!at || at == text || !(at[-1] == '$' || (at[-1] == '{' && at - 1 > text && at[-2] == '$')))
        return NULL;
    *size = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    return at;
}

static bool check_text(const struct text_walk *walk, const struct node *node)
{
    size_t size;
    const char *found = strchr(node->text, '\n') ? NULL : find_placeholder(node->text, &size);
    const char *variable = found || strchr(node->text, '\n') ? NULL : find_argocd_variable(node->text, &size);
    if (variable) {
        check_report(walk->input, walk->target, RA108, node->origin, walk->object,
                     "the variable '$%.*s' is still there: Argo CD replaces it in no manifest", (int)size, variable)
            ->severity = SEVERITY_WARNING;
        return true;
    }
    if (!found)
        return false;
    struct finding *finding = check_report(walk->input, walk->target, RA108, node->origin, walk->object,
                                           "the placeholder '%.*s' is still there", (int)size, found);
    if (!is_template_token(found, size))
        finding->severity = SEVERITY_WARNING;
    return true;
}

/* {NAMESPACE} without quotes is a map with one key and no value. */
static bool is_unquoted(const struct node *node)
{
    const char *key =
        node->kind == NODE_MAP && node->count == 1 && node->style == STYLE_FLOW && node_is_null(node->entries[0].value)
            ? node->entries[0].key->text
            : "";
    size_t size = 0;
    while (is_name_character(key[size]))
        size++;
    return size > 3 && !key[size];
}

static bool check_map(const struct text_walk *walk, const struct node *node)
{
    if (!is_unquoted(node))
        return false;
    check_report(walk->input, walk->target, RA108, node->origin, walk->object, "the placeholder '{%s}' is still there",
                 node->entries[0].key->text);
    return true;
}

static void check_placeholders(struct check_input *input)
{
    struct pointer_set without = {.arena = input->arena};
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            if (strcmp(object->kind, "CustomResourceDefinition") != 0)
                text_walk_run(&(struct text_walk){.input = input,
                                                  .target = &input->targets[i],
                                                  .object = object,
                                                  .without = &without,
                                                  .check_text = check_text,
                                                  .check_map = check_map});
        }
}

static const enum rule_id ids[] = {RA108, RULE_COUNT};
const struct check placeholders_check = {"placeholders", ids, check_placeholders};
