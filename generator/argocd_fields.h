/* The fields of Argo CD's Applications and AppProjects, as its custom resource definitions have them. */
#ifndef GENERATOR_ARGOCD_FIELDS_H
#define GENERATOR_ARGOCD_FIELDS_H

#include <stdbool.h>

/* Minor versions are counted as 303 for 3.3. The first that is supported sets ARGOCD_APP_PROJECT_NAME. */
enum { ARGOCD_MAJOR = 100, FIRST_ARGOCD = 300 };

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
    unsigned since; /* the first minor version that has it, 303 for 3.3; 0: all that this program supports */
};

extern const struct argocd_field argocd_application_fields[];
extern const struct argocd_field argocd_project_fields[];

#endif
