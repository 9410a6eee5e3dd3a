/* schema.c: walks down schemas. */
#include "kustomize/schema.h"

#include <string.h>

const struct schema *schema_field(const struct schema *schema, const char *name)
{
    if (!schema)
        return NULL;
    for (size_t i = 0; i < schema->property_count; i++)
        if (strcmp(schema->properties[i].name, name) == 0)
            return schema->properties[i].schema;
    return schema->others;
}
