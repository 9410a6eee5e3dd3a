/* The fields of Argo CD's Applications and AppProjects, as its custom resource definitions have them. */
#ifndef GENERATOR_ARGOCD_FIELDS_H
#define GENERATOR_ARGOCD_FIELDS_H

#include <stdbool.h>

enum argocd_type {
    ARGOCD_TEXT,
    ARGOCD_BOOL,
    ARGOCD_INTEGER,
    ARGOCD_INTEGER_OR_TEXT,
    ARGOCD_TEXTS,     /* a list */
    ARGOCD_TEXT_MAP,  /* any name: a text */
    ARGOCD_BOOL_MAP,  /* any name: true or false */
    ARGOCD_MAP,       /* of `fields` */
    ARGOCD_LIST,      /* of maps of `fields` */
    ARGOCD_UNCHECKED, /* anything */
};

struct argocd_field {
    const char *name; /* NULL ends a table */
    enum argocd_type type;
    bool required;
    const struct argocd_field *fields;
};

extern const struct argocd_field argocd_application_fields[];
extern const struct argocd_field argocd_project_fields[];

#endif
