/* leaks.c: decides how a text is read for what it gives away. */
#include "check/leaks.h"

#include <string.h>
#include <strings.h>

#include "base/path.h"
#include "source/kustomization_files.h"

static bool is_settings_file(const char *file)
{
    const char *name = path_base(file);
    size_t size = strlen(name);
    return leak_name_ends(name, size, ".env") || strncmp(name, ".env", 4) == 0 ||
           strncmp(name, "Dockerfile", 10) == 0 || leak_name_ends(name, size, ".Dockerfile") ||
           strncmp(name, "Containerfile", 13) == 0 || leak_name_ends(name, size, ".properties");
}

static bool is_documents_file(const char *file)
{
    const char *name = path_base(file);
    size_t size = strlen(name);
    return leak_name_ends(name, size, ".yaml") || leak_name_ends(name, size, ".yml") ||
           leak_name_ends(name, size, ".json") || is_kustomization_file_name(name);
}

void leaks_find(const char *file, const struct file_bytes *text, struct findings *findings)
{
    size_t looked_at = text->size < 8000 ? text->size : 8000; /* as git tells binary files */
    if (memchr(text->bytes, '\0', looked_at))
        return;
    struct letter_pairs pairs;
    letter_pairs_note(&pairs, text->bytes, text->size);
    if (is_documents_file(file))
        leaks_in_documents(file, text, &pairs, findings);
    if (is_settings_file(file))
        leaks_in_settings(file, text, findings);
    leaks_in_words(file, text, &pairs, findings);
}
