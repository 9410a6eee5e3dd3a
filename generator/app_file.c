/* app_file.c: apps/APP/app.yaml, the few things that an app may say about itself. */
#include <string.h>

#include "base/nearest.h"
#include "base/path.h"
#include "generator/make.h"
#include "generator/name.h"
#include "yaml/parse.h"

/* Written by tenants: whatever is wrong with it is told, and then it is as if it were not there. */
enum {
    LARGEST_FILE = 64 * 1024,
    MOST_NODES = 2000,
    MOST_LINKS = 20,
    MOST_SUBSCRIPTIONS = 50,
    MOST_RECIPIENTS = 20,
    LONGEST_DESCRIPTION = 255,
    LONGEST_URL = 2000,
    LONGEST_RECIPIENT = 255,
    MOST_TEXT = 64 * 1024, /* of all annotations: Kubernetes takes 256 KiB, and others need some, too */
};

struct subscription {
    const struct node *node;
    const char *trigger, *service;
    struct list recipients;
};

struct app_text {
    const struct node *node;
    const char *description;
    struct list links;         /* struct pair */
    struct list notifications; /* struct subscription */
};

static const struct field subscription_fields[] = {
    FIELD_STRING(struct subscription, trigger, "trigger"),
    {"service", FIELD_IS_STRING, offsetof(struct subscription, service), NULL, FIELD_REQUIRED},
    {"recipients", FIELD_IS_LIST, offsetof(struct subscription, recipients), NULL, FIELD_REQUIRED},
    FIELD_END,
};
static const struct struct_type subscription_type = {"notification", sizeof(struct subscription), subscription_fields,
                                                     offsetof(struct subscription, node)};
static const struct field app_fields[] = {
    FIELD_STRING(struct app_text, description, "description"),
    FIELD_STRING_MAP(struct app_text, links, "links"),
    FIELD_LIST(struct app_text, notifications, "notifications", &subscription_type),
    FIELD_END,
};
static const struct struct_type app_type = {"app.yaml", sizeof(struct app_text), app_fields,
                                            offsetof(struct app_text, node)};

/* The part of an annotation's name behind the slash: 63 characters, ends alphanumeric. */
static bool is_annotation_name(const char *name)
{
    size_t size = strlen(name);
    char plain[NAME_LONGEST + 1];
    if (!size || size > NAME_LONGEST)
        return false;
    for (size_t i = 0; i <= size; i++)
        plain[i] = name[i] == '.' ? '-' : name[i];
    return is_role_name(plain);
}

static bool check_link(const struct pair *link, struct error *error)
{
    bool web = strncmp(link->value, "https://", 8) == 0 || strncmp(link->value, "http://", 7) == 0;
    if (!is_annotation_name(link->key))
        return error_at(error, link->origin, "link '%s': a name is letters, digits, '-', '_' and '.', at most %d",
                        link->key, NAME_LONGEST);
    if (!web || !is_one_line(link->value) || strpbrk(link->value, " \"'<>|\\`") || strlen(link->value) > LONGEST_URL)
        return error_at(error, link->origin, "link '%s' must be a web address: https://...", link->key);
    return true;
}

static const char *recipients_text(struct arena *arena, const struct subscription *subscription, struct error *error)
{
    const char *const *recipients = subscription->recipients.items;
    struct text all = {0};
    bool good = subscription->recipients.count && subscription->recipients.count <= MOST_RECIPIENTS;
    for (size_t i = 0; good && i < subscription->recipients.count; i++) {
        good = *recipients[i] && is_one_line(recipients[i]) && !strchr(recipients[i], ';') &&
               strlen(recipients[i]) <= LONGEST_RECIPIENT;
        text_format(&all, "%s%s", i ? ";" : "", recipients[i]);
    }
    const char *text = good ? arena_copy(arena, all.bytes, all.size) : NULL;
    text_free(&all);
    if (!text)
        error_at(error, subscription->recipients.node->origin,
                 "recipients: between 1 and %d texts of one line, without ';'", MOST_RECIPIENTS);
    return text;
}

static bool note_annotation(struct app_file *out, const char *name, const char *value, origin at, struct error *error)
{
    out->size += strlen(name) + strlen(value);
    out->annotations[out->annotation_count++] = (struct binding){name, value};
    return out->size <= MOST_TEXT ||
           error_at(error, at, "links and recipients have more than %d KiB together", MOST_TEXT / 1024);
}

static bool take_links(struct arena *arena, const struct app_text *text, struct app_file *out, struct error *error)
{
    const struct pair *links = text->links.items;
    if (text->links.count > MOST_LINKS)
        return error_at(error, text->links.node->origin, "more than %d links", MOST_LINKS);
    for (size_t i = 0; i < text->links.count; i++) {
        if (!check_link(&links[i], error) ||
            !note_annotation(out, arena_format(arena, "link.argocd.argoproj.io/%s", links[i].key), links[i].value,
                             links[i].origin, error))
            return false;
    }
    return true;
}

static bool take_notifications(struct arena *arena, const struct app_text *text, struct app_file *out,
                               struct error *error)
{
    const struct subscription *items = text->notifications.items;
    if (text->notifications.count > MOST_SUBSCRIPTIONS)
        return error_at(error, text->notifications.node->origin, "more than %d notifications", MOST_SUBSCRIPTIONS);
    for (size_t i = 0; i < text->notifications.count; i++) {
        const char *trigger = items[i].trigger;
        const char *name = trigger ? arena_format(arena, "subscribe.%s.%s", trigger, items[i].service)
                                   : arena_format(arena, "subscribe.%s", items[i].service);
        if ((trigger && !is_label(trigger)) || !is_label(items[i].service) || !is_annotation_name(name))
            return error_at(error, items[i].node->origin,
                            "trigger and service are lower-case letters, digits and '-', together at most 52");
        const char *recipients = recipients_text(arena, &items[i], error);
        if (!recipients || !note_annotation(out, arena_format(arena, "notifications.argoproj.io/%s", name), recipients,
                                            items[i].node->origin, error))
            return false;
    }
    return true;
}

static bool take_text(struct arena *arena, const struct app_text *text, struct app_file *out, struct error *error)
{
    if (text->description && (!is_one_line(text->description) || strlen(text->description) > LONGEST_DESCRIPTION))
        return error_at(error, field_origin(text->node, "description"), "description: one line of at most %d bytes",
                        LONGEST_DESCRIPTION);
    out->annotations = ARENA_ARRAY(arena, MOST_LINKS + MOST_SUBSCRIPTIONS, struct binding);
    out->description = text->description && *text->description ? text->description : NULL;
    return take_links(arena, text, out, error) && take_notifications(arena, text, out, error);
}

/* Other tools have files of this name, too: an Application, values of an ApplicationSet. */
static bool is_foreign(const struct node *root)
{
    static const char *const known[] = {"description", "links", "notifications", NULL};
    if (!node_is_map(root) || node_find(root, "apiVersion") || node_find(root, "kind"))
        return true;
    for (uint32_t i = 0; i < root->count; i++)
        if (nearest_name(root->entries[i].key->text, known))
            return false;
    return root->count > 0;
}

/* The tree has a memory of its own, which goes with it. */
static bool read_file(struct tree *tree, const struct generate_input *input, const char *path, struct origins *origins,
                      struct app_file *out, struct error *error)
{
    struct file_bytes file;
    struct node *root = NULL;
    struct app_text text = {0};
    if (!source_read_small(input->source, tree->arena, path, LARGEST_FILE, &file, error))
        return false;
    out->cost = file.size;
    struct yaml_text yaml = {.file = path, .bytes = file.bytes, .size = file.size, .origins = origins};
    if (!parse_first(tree, &yaml, &root, error))
        return false;
    return !root || node_is_null(root) || is_foreign(root) ||
           (decode(tree, root, &app_type, DECODE_EXACT, &text, error) && take_text(tree->arena, &text, out, error));
}

static void keep_texts(struct arena *arena, struct app_file *file)
{
    struct binding *kept = ARENA_ARRAY(arena, file->annotation_count + 1, struct binding);
    for (size_t i = 0; i < file->annotation_count; i++)
        kept[i] = (struct binding){arena_string(arena, file->annotations[i].name),
                                   arena_string(arena, file->annotations[i].value)};
    file->annotations = kept;
    file->description = file->description ? arena_string(arena, file->description) : NULL;
}

void read_app_file(const struct generate_input *input, const char *path, struct app_file *out)
{
    struct arena *arena = input->tree->arena, *scratch = arena_new();
    *out = (struct app_file){0};
    struct origins *origins = origins_new();
    struct error error = {0};
    struct tree tree = {.arena = scratch, .keys = intern_new(scratch), .owner = 1, .node_limit = MOST_NODES};
    if (source_kind(input->source, path) != FILE_ABSENT && !read_file(&tree, input, path, origins, out, &error)) {
        struct text message = {0};
        error_resolve(&error, origins);
        error_write(&error, &message);
        *out = (struct app_file){
            .cost = out->cost,
            .problem = arena_format(arena, "%s (the file is ignored)", printable_text(arena, text_content(&message)))};
        text_free(&message);
    }
    keep_texts(arena, out);
    error_free(&error);
    origins_free(origins);
    arena_free(scratch);
}
