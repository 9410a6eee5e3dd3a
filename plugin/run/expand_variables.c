/* expand_variables.c: expands the variables of an Application in a text, as Argo CD does. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/run/parameters.h"

/* Argo CD's newEnv (reposerver/repository/repository.go): no other variable is known there. */
static const char *const known[] = {
    "ARGOCD_APP_NAME",
    "ARGOCD_APP_NAMESPACE",
    "ARGOCD_APP_PROJECT_NAME",
    "ARGOCD_APP_REVISION",
    "ARGOCD_APP_REVISION_SHORT",
    "ARGOCD_APP_REVISION_SHORT_8",
    "ARGOCD_APP_SOURCE_REPO_URL",
    "ARGOCD_APP_SOURCE_PATH",
    "ARGOCD_APP_SOURCE_TARGET_REVISION",
};

/* os.Expand: what follows a dollar sign. Returns the bytes to skip; `name` is empty for what is no name. */
static size_t read_name(const char *text, const char **name, size_t *size)
{
    *name = text;
    *size = 0;
    if (*text == '{') {
        size_t length = strcspn(text + 1, "}");
        if (!text[1 + length])
            return 1;
        *name = text + 1;
        *size = length;
        return length + 2;
    }
    if (*text && (strchr("*#$@!?-", *text) || isdigit((unsigned char)*text)))
        return *size = 1;
    while (isalnum((unsigned char)text[*size]) || text[*size] == '_')
        (*size)++;
    return *size;
}

static const char *value_of(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == size && memcmp(known[i], name, size) == 0)
            return getenv(known[i]);
    return size == 1 && *name == '$' ? "$" : NULL;
}

char *expand_variables(struct arena *arena, const char *text)
{
    struct text out = {0};
    while (*text) {
        size_t size = strcspn(text, "$"), name_size;
        const char *name;
        text_bytes(&out, text, size);
        text += size;
        if (!*text || !text[1]) {
            text_string(&out, text);
            break;
        }
        size_t skip = read_name(text + 1, &name, &name_size);
        const char *value = name_size ? value_of(name, name_size) : skip ? NULL : "$";
        text_string(&out, value ? value : "");
        text += 1 + skip;
    }
    char *copy = arena_copy(arena, text_content(&out), out.size);
    text_free(&out);
    return copy;
}
