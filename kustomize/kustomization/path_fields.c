/* path_fields.c: finds the paths in the fields of a kustomization file. */
#include "kustomize/kustomization/path_fields.h"

#include <string.h>

struct path_search {
    path_visitor *visit;
    void *context;
};

static void visit_text(const struct path_search *search, const struct field *field, const char *text)
{
    const char *equals = text && field->marks & HOLDS_KEYED_PATHS ? strchr(text, '=') : NULL;
    if (text)
        search->visit(search->context, equals ? equals + 1 : text);
}

static void visit_texts(const struct path_search *search, const struct field *field, const struct list *list)
{
    const char *const *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        visit_text(search, field, items[i]);
}

static void visit_entry(const struct path_search *search, const struct field *field, const struct list *map)
{
    const struct pair *pairs = map->items;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(pairs[i].key, "path") == 0)
            visit_text(search, field, pairs[i].value);
}

static void visit_marked(const struct path_search *search, const struct field *field, const void *value)
{
    if (field->kind == FIELD_IS_STRING)
        visit_text(search, field, *(const char *const *)value);
    else if (field->kind == FIELD_IS_STRING_MAP)
        visit_entry(search, field, value);
    else
        visit_texts(search, field, value);
}

static void visit_below(const struct path_search *search, const struct field *field, const void *value)
{
    const struct list *list = value;
    const void *pointer = field->kind == FIELD_IS_POINTER ? *(const void *const *)value : value;
    size_t count = field->kind == FIELD_IS_LIST ? list->count : pointer != NULL;
    const char *items = field->kind == FIELD_IS_LIST ? list->items : pointer;
    for (size_t i = 0; i < count; i++)
        path_fields_visit(field->of, items + i * field->of->size, search->visit, search->context);
}

void path_fields_visit(const struct struct_type *type, const void *from, path_visitor *visit, void *context)
{
    const struct path_search search = {visit, context};
    for (const struct field *field = type->fields; field->name; field++) {
        const void *value = (const char *)from + field->offset;
        if (field->marks & (HOLDS_PATHS | HOLDS_KEYED_PATHS | HOLDS_PATH_ENTRY))
            visit_marked(&search, field, value);
        else if (field->of)
            visit_below(&search, field, value);
    }
}
