/* The entries of spec.discover that find the Applications, and the templates that give them what they have. */
#ifndef PLUGIN_ADOPT_ENTRIES_H
#define PLUGIN_ADOPT_ENTRIES_H

#include "plugin/adopt/adoption.h"

/* An entry of spec.discover, and the Applications that it finds. */
struct policy_entry {
    const char *key, *path, *app, *renderer, *name, *namespace;
    const char *project;       /* where the team of the directory has another one; NULL: that one */
    const char *url;           /* another address of the repository than the policy's; NULL: that one */
    const char *values;        /* the file that template and namespace may use; NULL: none */
    struct node *chosen;       /* the template that all of them fit; NULL: what most have */
    const char **environments; /* of a path without {env} */
    size_t environment_count;
    struct existing **members;
    size_t count, room;
    struct node *template, *source;
};

struct writing {
    struct adoption *adoption;
    struct arena *arena;
    struct policy_entry *entries;
    size_t count, room;
    const char *name, *namespace; /* of most */
    struct node *template;        /* of all; NULL: entries have their own */
};

/* An Application without a namespace leaves it to its resources. */
static inline const char *namespace_of(const struct existing *app)
{
    return app->namespace ? app->namespace : "";
}

/* Fills all of it from the Applications of the adoption. One that no entry can find is left, and told why. */
void find_entries(struct writing *writing);

/* {app} and {env} of an Application, and its path; ends with a NULL name. */
struct binding;
const struct binding *names_of(struct arena *arena, const struct existing *app, bool with_path);

/* The template of one of an entry's Applications that most of them can have; and whether it gives one all that it has.
 */
struct node *choose_template(struct writing *writing, const struct policy_entry *entry);
bool fits_template(struct writing *writing, const struct node *template, const struct existing *app);

/* Fills template and source of an entry. */
void learn_entry_template(struct writing *writing, struct policy_entry *entry);

/* What all of some templates say, as deep as they are maps, and what one says beside that. */
struct node *common_template(struct tree *tree, const struct node *const *templates, size_t count);
struct node *template_beside(struct tree *tree, const struct node *template, const struct node *common);

const char *tree_as_json(struct arena *arena, const struct node *node);

#endif
