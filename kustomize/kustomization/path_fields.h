/* Which fields of a kustomization file name files and directories: the tables of fields say it (yaml/decode.h), so that
 * whoever adds such a field says it there, and the reference scan follows it. */
#ifndef KUSTOMIZE_PATH_FIELDS_H
#define KUSTOMIZE_PATH_FIELDS_H

#include "yaml/decode.h"

enum path_mark {
    HOLDS_PATHS = FIELD_OWNER,           /* each text is a path */
    HOLDS_KEYED_PATHS = FIELD_OWNER * 2, /* key=path, or a path that is its own key */
    HOLDS_PATH_ENTRY = FIELD_OWNER * 4,  /* a map: its entry `path` is one */
};

#define FIELD_PATH(type, member, text) FIELD_MARKED(type, member, text, FIELD_IS_STRING, HOLDS_PATHS)
#define FIELD_PATHS(type, member, text) FIELD_MARKED(type, member, text, FIELD_IS_LIST, HOLDS_PATHS)
#define FIELD_KEYED_PATHS(type, member, text) FIELD_MARKED(type, member, text, FIELD_IS_LIST, HOLDS_KEYED_PATHS)
#define FIELD_PATH_ENTRY(type, member, text) FIELD_MARKED(type, member, text, FIELD_IS_STRING_MAP, HOLDS_PATH_ENTRY)

/* Gets what stands in the field: it may also be an address, a text of several lines, or empty. */
typedef void path_visitor(void *context, const char *path);

/* Visits the paths in a decoded struct, and in the structs below it. */
void path_fields_visit(const struct struct_type *type, const void *from, path_visitor *visit, void *context);

#endif
