/* overwritten.c: values that a step of a kustomization has written over: patches in vain, files of which little is
 * left, names that were copied too early, anchors whose aliases stay. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "check/check.h"
#include "yaml/written.h"

enum { DEEPEST = 200 };

struct overwrite_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
};

static bool is_step(const char *step, const char *const *steps)
{
    for (; step && *steps; steps++)
        if (strcmp(*steps, step) == 0)
            return true;
    return false;
}

static const struct place *last_place(const struct written *written)
{
    for (size_t i = written->count; i; i--)
        if (written->parts[i - 1].place.file && written->parts[i - 1].place.line &&
            written->parts[i - 1].step == written->step)
            return &written->parts[i - 1].place;
    return NULL;
}

static bool same_directory(const char *one, const char *other)
{
    const char *first = strrchr(one, '/'), *second = strrchr(other, '/');
    size_t size = first ? (size_t)(first - one) : 0, length = second ? (size_t)(second - other) : 0;
    return size == length && strncmp(one, other, size) == 0;
}

/* The tag and digest of an image; "": it has none. */
static const char *behind_name(const char *image)
{
    const char *slash = strrchr(image, '/'), *name = slash ? slash + 1 : image;
    return name + strcspn(name, ":@");
}

/* Both of a patch and what overwrites it belong to one kustomization. */
static void check_vain(const struct overwrite_check *check, const char *text, const struct written *now)
{
    static const char *const overriding[] = {"patches", "replicas", "images", NULL}, *const written[] = {"patches",
                                                                                                         NULL};
    struct arena *arena = check->input->arena;
    if (!is_step(now->step, overriding) || !now->old || !now->before || strchr(now->old, '\n') ||
        strcmp(now->old, text) == 0)
        return;
    struct written before = written_at(check->target->origins, arena, now->before, now->old, now->old_size);
    const struct place *here = last_place(now), *there = last_place(&before);
    bool image = strcmp(now->step, "images") == 0;
    if (!is_step(before.step, written) || !here || !there || !same_directory(here->file, there->file) ||
        (image && (!*behind_name(now->old) || strcmp(behind_name(now->old), behind_name(text)) == 0)))
        return;
    struct finding *finding =
        check_report_in(check->input, check->target, RA750, span_of(*there), check->object,
                        "the patch writes '%s' here, and `%s` makes '%s' of it afterwards, in line %u of %s", now->old,
                        now->step, text, here->line, path_base(here->file));
    if (image)
        finding->severity = SEVERITY_NOTE;
}

/* Settings of a text: NAME= or NAME: at the beginning of a line, before blanks. */
static size_t setting_size(const char *line)
{
    size_t size = strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/");
    size_t blanks = strspn(line + size, " ");
    return size && (line[size] == ':' || line[size + blanks] == '=') ? size : 0;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end && end[1] ? end + 1 : NULL;
}

static bool has_setting(const char *text, const char *name, size_t size)
{
    for (const char *line = text; line; line = next_line(line))
        if (setting_size(line) == size && strncmp(line, name, size) == 0)
            return true;
    return false;
}

/* Whether all settings of one text are among those of another; counts them. */
static bool is_part_of(const char *text, const char *whole, size_t *count)
{
    for (const char *line = text; line; line = next_line(line)) {
        size_t size = setting_size(line);
        if (size && !has_setting(whole, line, size))
            return false;
        *count += size != 0;
    }
    return *count;
}

static void check_rest(const struct overwrite_check *check, const struct node *scalar, const struct written *now)
{
    size_t some = 0, all = 0;
    const char *lost = "";
    if (!now->old || !strchr(now->old, '\n') || !is_part_of(scalar->text, now->old, &some))
        return;
    for (const char *line = now->old; line; line = next_line(line)) {
        size_t size = setting_size(line);
        all += size != 0;
        if (size && !has_setting(scalar->text, line, size) && strlen(lost) < 80)
            lost = arena_format(check->input->arena, "%s%s'%.*s'", lost, *lost ? ", " : "", (int)size, line);
    }
    if (all > some && *lost)
        check_report(check->input, check->target, RA719, scalar->origin, check->object,
                     "this takes the place of a whole text, of which it has some settings; lost: %s", lost)
            ->field = "data";
}

/* &NAME before the value as it stood in its file; "": none. */
static const char *anchor_of(struct arena *arena, const struct origins *origins, origin at)
{
    struct file_bytes_at bytes;
    if (!origins_file_byte(origins, at, &bytes) || !bytes.text)
        return "";
    const char *end = bytes.text + bytes.byte, *start = end;
    if (*end == '&')
        return arena_copy(arena, end + 1, strcspn(end + 1, " \n,]}"));
    while (start > bytes.text && start[-1] == ' ')
        start--;
    const char *word = start;
    while (word > bytes.text && !strchr(" \n", word[-1]))
        word--;
    return *word == '&' && start < end ? arena_copy(arena, word + 1, (size_t)(start - word - 1)) : "";
}

static const char *find_alias(struct arena *arena, const struct origins *origins, origin at, const char *anchor)
{
    struct file_bytes_at bytes;
    const char *alias = arena_format(arena, "*%s", anchor);
    size_t size = strlen(alias);
    if (!origins_file_byte(origins, at, &bytes) || !bytes.text)
        return NULL;
    for (const char *found = bytes.text; (found = strstr(found, alias)); found += size)
        if (found > bytes.text && strchr(" [,", found[-1]) && strchr(" \n\r,]}", found[size]))
            return found;
    return NULL;
}

static bool still_has(const struct node *node, const char *text, unsigned depth)
{
    if (node->kind == NODE_SCALAR)
        return strcmp(node->text, text) == 0;
    for (uint32_t i = 0; depth < DEEPEST && i < node->count; i++)
        if (still_has(node->kind == NODE_MAP ? node->entries[i].value : node->items[i], text, depth + 1))
            return true;
    return false;
}

static void check_anchor(const struct overwrite_check *check, const char *text, const struct written *now)
{
    struct arena *arena = check->input->arena;
    const struct place *here = last_place(now);
    if (!now->old || !now->before || !here || strcmp(now->old, text) == 0)
        return;
    const char *anchor = anchor_of(arena, check->target->origins, now->before);
    if (*anchor && find_alias(arena, check->target->origins, now->before, anchor) &&
        still_has(check->object->root, now->old, 0))
        check_report_in(check->input, check->target, RA754, span_of(*here), check->object,
                        "this changes the value of the anchor '&%s', and '*%s' keeps the old one, '%s'", anchor, anchor,
                        now->old);
}

/* The object whose name was put together from what stands at a place, and is another one now. */
static const struct check_object *find_renamed(const struct overwrite_check *check, const char *text,
                                               const struct place *from)
{
    struct arena *arena = check->input->arena;
    for (size_t i = 0; i < check->target->object_count; i++) {
        const struct check_object *object = &check->target->objects[i];
        const struct node *name = node_get(node_get(object->root, &key_metadata), &key_name);
        if (!node_is_scalar(name) || strcmp(name->text, text) == 0 || !strstr(name->text, text))
            continue;
        struct written written = written_value(check->target->origins, arena, name);
        for (size_t k = 0; k < written.count; k++) {
            const struct place *place = &written.parts[k].place;
            if (place->file && place->line == from->line && place->column == from->column &&
                strcmp(place->file, from->file) == 0)
                return object;
        }
    }
    return NULL;
}

static void check_name(const struct overwrite_check *check, const struct node *scalar, const struct written *now)
{
    if (!now->step || strcmp(now->step, "replacements") != 0 || now->count != 1 || !now->parts[0].place.file)
        return;
    const struct check_object *object = find_renamed(check, scalar->text, &now->parts[0].place);
    const struct writer *writer = object ? origins_writer(check->target->origins, scalar->origin) : NULL;
    if (writer)
        check_report_in(check->input, check->target, RA727, span_at(check->target->origins, writer->place),
                        check->object,
                        "a replacement has written '%s' here, the name of %s '%s' before it got its prefix or hash",
                        scalar->text, object->kind, object->name);
}

/* To say where a value stood costs lines of files that are counted: only of values of which there may be something to
 * tell. */
static bool may_be_told(const struct overwrite_check *check, const struct node *scalar, const struct writer *writer)
{
    static const char *const patches[] = {"patches", NULL}, *const others[] = {"replicas", "images", "generator", NULL};
    const struct origins *origins = check->target->origins;
    if (is_step(writer->step, (const char *const[]){"replacements", NULL}))
        return true;
    if (!writer->old || strcmp(writer->old, scalar->text) == 0 ||
        !(is_step(writer->step, patches) || is_step(writer->step, others)))
        return false;
    const struct writer *before = writer->before ? origins_writer(origins, writer->before) : NULL;
    return (before && is_step(before->step, patches)) || strchr(writer->old, '\n') ||
           (writer->before && *anchor_of(check->input->arena, origins, writer->before));
}

static void check_scalar(const struct overwrite_check *check, const struct node *scalar)
{
    const struct writer *writer = origins_writer(check->target->origins, scalar->origin);
    if (!writer || !may_be_told(check, scalar, writer))
        return;
    const struct written now = written_value(check->target->origins, check->input->arena, scalar);
    check_vain(check, scalar->text, &now);
    check_name(check, scalar, &now);
    check_anchor(check, scalar->text, &now);
    if (strcmp(check->object->kind, "ConfigMap") == 0)
        check_rest(check, scalar, &now);
}

static void walk_scalars(const struct overwrite_check *check, const struct node *node, unsigned depth)
{
    if (node->kind == NODE_SCALAR) {
        check_scalar(check, node);
        return;
    }
    for (uint32_t i = 0; depth < DEEPEST && i < node->count; i++)
        walk_scalars(check, node->kind == NODE_MAP ? node->entries[i].value : node->items[i], depth + 1);
}

static void check_overwritten(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            walk_scalars(&(struct overwrite_check){input, &input->targets[i], object}, object->root, 0);
        }
}

static const enum rule_id ids[] = {RA719, RA727, RA750, RA754, RULE_COUNT};
const struct check overwritten_check = {"overwritten", ids, check_overwritten};
