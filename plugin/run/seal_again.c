/* seal_again.c: has kubeseal, or the controller by way of it, open what is sealed. */
#include "plugin/run/seal_again.h"

#include <string.h>

#include "plugin/run/seal_manifest.h"
#include "plugin/run/secrecy.h"
#include "yaml/layout.h"

struct opening {
    struct arena *arena;
    const struct seal_again *again;
    struct seal_values *values;
    struct error *error;
};

static const struct layout_node *encrypted_data(const struct layout *layout, const char *name)
{
    const struct layout_node *found = NULL;
    for (size_t i = 0; i < layout->count; i++) {
        const char *kind = layout_text(layout_value(layout->documents[i], "kind"));
        const char *own = layout_text(layout_value(layout_value(layout->documents[i], "metadata"), "name"));
        if (kind && strcmp(kind, "SealedSecret") == 0 && (!found || (own && name && strcmp(own, name) == 0)))
            found = layout_value(layout_value(layout->documents[i], "spec"), "encryptedData");
    }
    return found;
}

static bool is_wanted(const struct seal_list *keys, const char *key)
{
    bool wanted = !keys->count;
    for (size_t i = 0; i < keys->count; i++)
        wanted = wanted || strcmp(keys->items[i], key) == 0;
    return wanted;
}

static bool is_plain(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./+=") == strlen(text);
}

/* The SealedSecret as it is rendered, in JSON. */
static bool write_request(struct opening *opening, const struct layout_node *data, struct text *out)
{
    const struct seal_for *whom = opening->again->whom;
    size_t count = 0;
    text_string(out, "{\"apiVersion\":\"bitnami.com/v1alpha1\",\"kind\":\"SealedSecret\",\"metadata\":{\"name\":\"");
    text_format(out,
                "%s\",\"namespace\":\"%s\",\"annotations\":{\"sealedsecrets.bitnami.com/%s\":\"true\"}},\"spec\":{",
                whom->name, whom->namespace, whom->scope);
    text_format(out, "\"template\":{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"}},\"encryptedData\":{",
                whom->name, whom->namespace);
    for (uint32_t i = 0; data && data->kind == LAYOUT_MAP && i < data->count; i++) {
        const char *key = layout_text(data->items[i].key), *value = layout_text(data->items[i].value);
        if (!key || !value || !is_plain(key) || !is_plain(value))
            return error_set(opening->error, "%s: the value of '%s' is not sealed", opening->again->file,
                             key ? key : "a key");
        if (is_wanted(&opening->again->keys, key))
            text_format(out, "%s\"%s\":\"%s\"", count++ ? "," : "", key, value);
    }
    text_string(out, "}}}\n");
    return count ? true : error_set(opening->error, "%s: holds no such key that is sealed", opening->again->file);
}

static bool take_opened(void *context, const char *key, struct text *value)
{
    struct opening *opening = context;
    struct seal_value *added = seal_values_add(opening->arena, opening->values, key, opening->error);
    if (added)
        added->value = *value;
    else
        secret_forget(value);
    return added;
}

static bool open_here(struct opening *opening, const struct text *request)
{
    struct text keys = {0}, answer = {0};
    const struct seal_list *recovery = &opening->again->recovery;
    for (size_t i = 0; i < recovery->count; i++)
        text_format(&keys, "%s%s", i ? "," : "", recovery->items[i]);
    const char *words[KUBESEAL_WORDS] = {"--recovery-unseal", "--recovery-private-key", text_content(&keys)};
    bool good = kubeseal_run(words, request, &answer, opening->error) &&
                seal_manifest_read(opening->arena, "kubeseal's answer", &answer, take_opened, opening, opening->error);
    text_free(&keys);
    secret_forget(&answer);
    return good;
}

static bool ask_controller(struct opening *opening, const struct text *request)
{
    const char *context = opening->again->context;
    const char *words[KUBESEAL_WORDS] = {"--re-encrypt", context ? "--context" : NULL, context};
    struct text answer = {0};
    struct layout layout = {0};
    bool good = kubeseal_run(words, request, &answer, opening->error) &&
                layout_read(opening->arena, "kubeseal's answer", arena_copy(opening->arena, answer.bytes, answer.size),
                            answer.size, &layout, opening->error);
    const struct layout_node *data = good ? encrypted_data(&layout, NULL) : NULL;
    text_free(&answer);
    if (good && (!data || data->kind != LAYOUT_MAP))
        return error_set(opening->error, "kubeseal --re-encrypt: gave no SealedSecret");
    for (uint32_t i = 0; good && i < data->count; i++) {
        const char *key = layout_text(data->items[i].key), *sealed = layout_text(data->items[i].value);
        struct seal_value *value =
            key && sealed ? seal_values_add(opening->arena, opening->values, key, opening->error) : NULL;
        if (!value)
            return error_set(opening->error, "kubeseal --re-encrypt: gave no SealedSecret");
        value->sealed = sealed;
    }
    return good;
}

bool seal_again(struct arena *arena, const struct seal_again *again, struct seal_values *out, struct error *error)
{
    struct opening opening = {arena, again, out, error};
    struct layout layout;
    struct text request = {0};
    bool good = layout_read(arena, again->file, arena_copy(arena, text_content(again->text), again->text->size),
                            again->text->size, &layout, error) &&
                write_request(&opening, encrypted_data(&layout, again->name), &request) &&
                (again->recovery.count ? open_here(&opening, &request) : ask_controller(&opening, &request));
    text_free(&request);
    return good;
}
