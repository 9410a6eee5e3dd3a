/* What `rootapp blame` has found out, for its three ways to print it. */
#ifndef PLUGIN_BLAME_H
#define PLUGIN_BLAME_H

#include "plugin/run/leaves.h"
#include "plugin/run/line_commits.h"
#include "plugin/run/repository.h"
#include "yaml/written.h"

struct blame {
    struct arena *arena;
    const struct origins *origins;
    const struct repository *repository;
    struct line_commits *commits; /* NULL: git is not asked */
    const struct rendered *rendered;
    const char *target; /* APP/ENV or the directory */
    bool chain;         /* all earlier writers, not only the last */
};

struct blamed {
    const struct node *resource;
    struct leaves leaves; /* the chosen ones */
    bool one_field;       /* they were asked for by a field's name */
};

/* Of a leaf that is no scalar, one part with the place of the map or list. */
struct written blame_leaf(const struct blame *blame, const struct leaf *leaf);

/* The value of a leaf, that of a Secret's data hidden. The size of what is shown goes to `size`. */
const char *blame_value(const struct blamed *blamed, const struct leaf *leaf, size_t *size);
bool blame_hides(const struct blamed *blamed, const struct leaf *leaf);

/* NULL: git is not asked, or knows nothing of the line. */
const struct line_commit *blame_commit(const struct blame *blame, const struct written_part *part);

/* What a part is called: the field that holds it in its file, else the step that wrote it. */
const char *blame_source(const struct blame *blame, const struct written_part *part);

/* "computed from the content of ConfigMap web (base/settings.env)", or the part's reason. */
const char *blame_reason(const struct blame *blame, const char *value, const struct written_part *part);

/* As a path is shown: from the repository's root. */
const char *blame_file(const struct blame *blame, const struct written_part *part);

void blame_write_text(const struct blame *blame, const struct blamed *blamed, struct text *out);
void blame_write_porcelain(const struct blame *blame, const struct blamed *blamed, struct text *out);
bool blame_write_lines(const struct blame *blame, const struct blamed *blamed, struct text *out, struct error *error);
bool blame_write_json(const struct blame *blame, const struct blamed *all, size_t count, struct text *out,
                      struct error *error);

#endif
