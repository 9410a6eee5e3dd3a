/* image_edit.c: edits the entry of an image in a kustomization file. */
#include "plugin/change/image_edit.h"

#include <string.h>

#include "kustomize/kustomization/image_name.h"
#include "kustomize/text/lfs_pointer.h"
#include "yaml/splice.h"

struct editing {
    struct arena *arena;
    const char *file;
    const struct image_wish *wish;
    struct text *bytes;
    struct image_edit *out;
    struct layout layout;
    const struct layout_node *root, *images; /* `images` NULL: no such field */
    uint32_t index;                          /* of the entry in `images` */
    struct error *error;
};

static bool read_layout(struct editing *editing)
{
    char *copy = arena_copy(editing->arena, text_content(editing->bytes), editing->bytes->size);
    if (!layout_read(editing->arena, editing->file, copy, editing->bytes->size, &editing->layout, editing->error))
        return false;
    editing->root = editing->layout.count ? editing->layout.documents[0] : NULL;
    if (is_lfs_pointer(text_content(editing->bytes)))
        return error_in(editing->error, (struct place){.file = editing->file}, "is " LFS_POINTER);
    if (!editing->root || editing->root->kind != LAYOUT_MAP)
        return error_in(editing->error, (struct place){.file = editing->file}, "is no kustomization: it has no fields");
    editing->images = layout_value(editing->root, "images");
    return true;
}

static bool refuse_at(struct editing *editing, uint32_t at, const char *reason)
{
    return error_in(editing->error, layout_place(&editing->layout, at), "%s", reason);
}

/* Puts the text of an edit in place of the old one. */
static bool take_edit(struct editing *editing, bool good, struct text *edited)
{
    if (good) {
        text_cut(editing->bytes, 0);
        text_bytes(editing->bytes, edited->bytes, edited->size);
    }
    text_free(edited);
    return good && read_layout(editing);
}

/* Finding the entry. */

static const struct layout_node *entry_at(const struct editing *editing, uint32_t index)
{
    return editing->images->items[index].value;
}

static unsigned line_of(const struct editing *editing, uint32_t index)
{
    return layout_place(&editing->layout, editing->images->items[index].start).line;
}

static bool is_pattern_for(const struct editing *editing, const struct layout_node *entry)
{
    const char *name = layout_text(layout_value(entry, "name"));
    if (!name)
        return false;
    struct image image = {.name = name};
    struct image_update update = image_update_for(editing->arena, &image);
    struct node scalar = {.kind = NODE_SCALAR, .count = (uint32_t)strlen(editing->wish->name)};
    scalar.text = editing->wish->name;
    return image_matches(&update, &scalar);
}

/* The ways in which an entry can be the one that is meant. */
struct candidates {
    uint32_t first, second; /* of those with the name or the newName */
    size_t count, patterns;
    uint32_t pattern; /* the last one whose regular expression matches */
};

static struct candidates find_candidates(const struct editing *editing)
{
    struct candidates found = {0};
    const struct layout_node *images = editing->images;
    for (uint32_t i = 0; images && images->kind == LAYOUT_LIST && i < images->count; i++) {
        const struct layout_node *entry = entry_at(editing, i);
        if (layout_has_text(entry, "name", editing->wish->name) ||
            layout_has_text(entry, "newName", editing->wish->name)) {
            *(found.count++ ? &found.second : &found.first) = i;
        } else if (is_pattern_for(editing, entry)) {
            found.patterns++;
            found.pattern = i;
        }
    }
    return found;
}

static bool refuse_two(struct editing *editing, const struct candidates *found)
{
    const char *name = editing->wish->name;
    bool same = layout_has_text(entry_at(editing, found->first), "name", name) &&
                layout_has_text(entry_at(editing, found->second), "name", name);
    return error_in(editing->error, layout_place(&editing->layout, editing->images->items[found->second].start),
                    same ? "images has '%s' here and in line %u: keep one of them, or change both with --all-entries"
                         : "'%s' is the name of one image, and what another one is called by newName (line %u): "
                           "say which by the name that the other one does not have",
                    name, line_of(editing, found->first));
}

/* Changing it. */

static void note_field(struct editing *editing, uint32_t at, const char *field, const char *from, const char *to)
{
    struct place place = layout_place(&editing->layout, at);
    struct image_edit *out = editing->out;
    out->fields = arena_grow(editing->arena, out->fields, out->count, &out->room, sizeof *out->fields);
    out->fields[out->count++] = (struct entry_edit){place.line, place.column, field, from, to, NULL};
}

static bool set_field(struct editing *editing, const char *field, const char *value)
{
    const struct layout_node *entry = entry_at(editing, editing->index);
    const struct layout_node *old = layout_value(entry, field);
    const char *text = layout_text(old);
    struct text edited = {0};
    if (text && strcmp(text, value) == 0)
        return true;
    if (old)
        return take_edit(editing, splice_string(&editing->layout, old, value, strlen(value), &edited, editing->error),
                         &edited) &&
               (note_field(editing, layout_value(entry_at(editing, editing->index), field)->start, field, text, value),
                true);
    struct tree tree = {.arena = editing->arena, .owner = 1};
    bool good = take_edit(
        editing, splice_add_entry(&editing->layout, entry, field, tree_string(&tree, value), &edited, editing->error),
        &edited);
    if (good)
        note_field(editing, layout_value(entry_at(editing, editing->index), field)->start, field, NULL, value);
    return good;
}

static bool drop_field(struct editing *editing, const char *field)
{
    const struct layout_node *entry = entry_at(editing, editing->index);
    const struct layout_item *item = layout_find(entry, field);
    struct text edited = {0};
    if (!item)
        return true;
    const char *text = layout_text(item->value);
    note_field(editing, item->start, field, text ? text : "", NULL);
    uint32_t index = (uint32_t)(item - entry->items);
    return take_edit(editing, splice_remove(&editing->layout, entry, index, &edited, editing->error), &edited);
}

/* A tag in place of a digest, or the other way round, stands where that stood, with the comment behind it. */
static bool rename_field(struct editing *editing, const char *field, const char *other, const char *value)
{
    const struct layout_node *entry = entry_at(editing, editing->index);
    const struct layout_item *item = layout_find(entry, other);
    const char *old = item ? layout_text(item->value) : NULL;
    struct text edited = {0};
    if (!old || layout_find(entry, field))
        return true;
    bool good = splice_string(&editing->layout, item->key, field, strlen(field), &edited, editing->error);
    if (!take_edit(editing, good, &edited) || !set_field(editing, field, value))
        return false;
    struct entry_edit *change = &editing->out->fields[editing->out->count - 1];
    *change = (struct entry_edit){change->line, change->column, other, old, value, field};
    return true;
}

static bool change_entry(struct editing *editing)
{
    const struct image_wish *wish = editing->wish;
    if (wish->tag && !wish->digest && !wish->keeps_digest && !rename_field(editing, "newTag", "digest", wish->tag))
        return false;
    if (wish->digest && !wish->tag && !wish->keeps_tag && !rename_field(editing, "digest", "newTag", wish->digest))
        return false;
    bool pair = wish->tag || wish->digest;
    return (!wish->new_name || set_field(editing, "newName", wish->new_name)) &&
           (!wish->tag || set_field(editing, "newTag", wish->tag)) &&
           (!wish->digest || set_field(editing, "digest", wish->digest)) &&
           (!pair || wish->tag || wish->keeps_tag || drop_field(editing, "newTag")) &&
           (!pair || wish->digest || wish->keeps_digest || drop_field(editing, "digest"));
}

static struct node *new_item(struct tree *tree, const struct image_wish *wish)
{
    struct node *item = tree_map(tree);
    tree_set_string(tree, item, "name", wish->name);
    if (wish->new_name)
        tree_set_string(tree, item, "newName", wish->new_name);
    if (wish->tag)
        tree_set_string(tree, item, "newTag", wish->tag);
    if (wish->digest)
        tree_set_string(tree, item, "digest", wish->digest);
    return item;
}

static bool add_new(struct editing *editing)
{
    struct tree tree = {.arena = editing->arena, .keys = intern_new(editing->arena), .owner = 1};
    struct node *item = new_item(&tree, editing->wish), *list = tree_list(&tree);
    const struct layout_item *field = layout_find(editing->root, "images");
    const struct layout *layout = &editing->layout;
    struct text edited = {0};
    bool good;
    tree_append(&tree, list, item);
    if (!field)
        good = splice_add_entry(layout, editing->root, "images", list, &edited, editing->error);
    else if (field->value->kind == LAYOUT_NOTHING)
        good = splice_value(layout, field, list, &edited, editing->error);
    else if (field->value->kind == LAYOUT_LIST)
        good = splice_add_item(layout, field->value, item, &edited, editing->error);
    else
        good = refuse_at(editing, field->value->start, "images is no list that is written here: write one");
    if (!take_edit(editing, good, &edited))
        return false;
    editing->index = editing->images->count - 1;
    note_field(editing, editing->images->items[editing->index].start, "images", NULL, editing->wish->name);
    return true;
}

/* `# rootapp:hold REASON` in one of the entry's lines, or in a comment right above it. */
static const char *find_hold(const struct editing *editing)
{
    static const char *const marks[] = {"rootapp:hold", "rootapp: hold"};
    const struct layout *layout = &editing->layout;
    const struct layout_item *item = &editing->images->items[editing->index];
    uint32_t from = layout_line_start(layout, item->start), to = item->end;
    while (from > layout->first) {
        uint32_t above = layout_line_start(layout, from - 1);
        if (layout->bytes[above + strspn(layout->bytes + above, " ")] != '#')
            break;
        from = above;
    }
    while (to < layout->size && !strchr("\r\n", layout->bytes[to]))
        to++;
    const char *text = arena_copy(editing->arena, layout->bytes + from, to - from);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *at = strstr(text, marks[i]);
        if (!at || !memchr(text, '#', (size_t)(at - text)))
            continue;
        at += strlen(marks[i]);
        at += strspn(at, " :");
        return arena_copy(editing->arena, at, strcspn(at, "\r\n"));
    }
    return NULL;
}

static const char *field_text(const struct editing *editing, const char *field)
{
    const char *text = layout_text(layout_value(entry_at(editing, editing->index), field));
    return text && *text ? text : NULL;
}

static bool is_entry(struct editing *editing)
{
    static const char *const fields[] = {"name", "newName", "newTag", "digest"};
    const struct layout_node *entry = entry_at(editing, editing->index);
    const struct layout_item *merge = layout_find(entry, "<<");
    if (merge)
        return refuse_at(editing, merge->start,
                         "the entry takes fields from elsewhere by a merge key: write them here");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct layout_node *value = layout_value(entry, fields[i]);
        if (value && value->kind == LAYOUT_ALIAS)
            return refuse_at(editing, value->start,
                             "is an alias: write the value itself here, or change it where it is anchored");
    }
    const struct layout_node *new_name = layout_value(entry, "newName");
    const char *name = layout_text(new_name);
    if (!editing->wish->new_name && name && *name && strcmp(image_split(editing->arena, name).name, name) != 0)
        return refuse_at(editing, new_name->start,
                         "newName has a tag or a digest in it, behind which kustomize puts another one: write it as "
                         "newTag or digest");
    return true;
}

static bool change_found(struct editing *editing, bool overrules)
{
    struct image_edit *out = editing->out;
    if (!is_entry(editing))
        return false;
    out->line = line_of(editing, editing->index);
    out->old_tag = field_text(editing, "newTag");
    out->old_digest = field_text(editing, "digest");
    const char *name = field_text(editing, "newName");
    out->old_name = name ? name : editing->wish->name;
    out->hold = find_hold(editing);
    return (out->hold && !overrules) || change_entry(editing);
}

static void note_result(struct editing *editing)
{
    struct image_edit *out = editing->out;
    const char *name = field_text(editing, "newName");
    out->line = line_of(editing, editing->index);
    out->new_name = name ? name : out->old_name;
    out->tag = field_text(editing, "newTag");
    out->digest = field_text(editing, "digest");
}

static bool is_named(const struct editing *editing, uint32_t index)
{
    return layout_has_text(entry_at(editing, index), "name", editing->wish->name);
}

/* Several entries are changed together, or not at all; the last one is that which counts in the end. */
static bool change_named(struct editing *editing, bool overrules)
{
    const char *hold = NULL;
    uint32_t last = 0;
    for (editing->index = 0; editing->index < editing->images->count; editing->index++)
        if (is_named(editing, editing->index)) {
            last = editing->index;
            hold = hold ? hold : find_hold(editing);
        }
    for (editing->index = 0; editing->index < editing->images->count; editing->index++)
        if ((!hold || overrules) && is_named(editing, editing->index) && !change_found(editing, overrules))
            return false;
    editing->index = last;
    if (hold && !overrules) {
        editing->out->old_tag = field_text(editing, "newTag");
        editing->out->old_digest = field_text(editing, "digest");
    }
    editing->out->hold = hold;
    return true;
}

static bool change_several(struct editing *editing, const struct candidates *found, const struct edit_options *options)
{
    size_t named = 0;
    for (uint32_t i = 0; i < editing->images->count; i++)
        named += is_named(editing, i);
    bool all = options->all_entries && named == found->count;
    return all ? change_named(editing, options->overrules) : refuse_two(editing, found);
}

bool image_edit(struct arena *arena, const char *file, const struct image_wish *wish,
                const struct edit_options *options, struct text *bytes, struct image_edit *out, struct error *error)
{
    struct editing editing = {.arena = arena, .file = file, .wish = wish, .bytes = bytes, .out = out, .error = error};
    *out = (struct image_edit){.old_name = wish->name};
    if (!read_layout(&editing))
        return false;
    struct candidates found = find_candidates(&editing);
    if (found.count > 1) {
        if (!change_several(&editing, &found, options))
            return false;
        note_result(&editing);
        return true;
    }
    out->is_pattern = !found.count && found.patterns;
    out->is_new = !found.count && !found.patterns;
    editing.index = found.count ? found.first : found.pattern;
    if (out->is_new ? !add_new(&editing) : !change_found(&editing, options->overrules))
        return false;
    note_result(&editing);
    return true;
}

void image_edit_write(const struct image_edit *edit, const char *file, const struct image_wish *wish,
                      const char *before, struct text *out)
{
    for (size_t i = 0; i < edit->count; i++) {
        const struct entry_edit *field = &edit->fields[i];
        text_format(out, "%s:%u: ", file, field->line);
        if (edit->is_new)
            text_format(out, "images: %s is new here: %s%s%s%s%s%s%s%s%s\n", wish->name,
                        wish->new_name ? "newName " : "", wish->new_name ? wish->new_name : "",
                        wish->new_name && wish->tag ? ", " : "", wish->tag ? "newTag " : "", wish->tag ? wish->tag : "",
                        wish->digest ? (wish->tag || wish->new_name ? ", digest " : "digest ") : "",
                        wish->digest ? wish->digest : "", before ? "; it wins over " : "", before ? before : "");
        else if (field->became)
            text_format(out, "%s: %s -> %s: %s\n", field->field, field->from, field->became, field->to);
        else if (!field->to)
            text_format(out, "%s: %s goes, since a %s is given\n", field->field, field->from,
                        strcmp(field->field, "digest") == 0 ? "tag without it" : "digest without it");
        else if (!field->from)
            text_format(out, "%s: %s (new)\n", field->field, field->to);
        else
            text_format(out, "%s: %s -> %s\n", field->field, field->from, field->to);
    }
}
