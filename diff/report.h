/* What a comparison of two revisions tells: the Applications that differ, and what is dangerous in it.
 *
 * Filled by plugin/run/compare.h, which renders; judged by judge_changes; written by the report_write functions, each
 * of which gives the same bytes for the same report. Texts of a report live in its arena. */
#ifndef DIFF_REPORT_H
#define DIFF_REPORT_H

#include "base/text.h"
#include "diff/changes.h"
#include "diff/risk_rules.h"

/* Where a browser finds a line of a file: `before`, the path, `between`, the number of the line. */
struct line_links {
    const char *before, *between;   /* NULL: nowhere */
    const struct name_list *except; /* files that have other lines there; NULL: none */
};

enum application_state {
    APPLICATION_SAME, /* rendered, since something that it reads has changed, and equal */
    APPLICATION_CHANGED,
    APPLICATION_ADDED,
    APPLICATION_REMOVED,
    APPLICATION_MOVED,  /* it comes from another directory */
    APPLICATION_BROKEN, /* it cannot be rendered on head */
    APPLICATION_FIXED,  /* it could not be rendered on base */
};

struct application {
    const char *name, *app, *environment, *cluster; /* app and environment: NULL where there is no RootApp */
    const char *namespace, *project, *path;
    const char *was_path;                  /* of APPLICATION_MOVED */
    const char *renamed_to, *renamed_from; /* of one that is removed or added: what it seems to be otherwise */
    const char *deletion;                  /* auto, keep, confirm: what happens to its resources when it goes */
    enum application_state state;
    struct diff_side base, head; /* all resources; `items` NULL: not rendered */
    struct resource_changes resources;
    size_t added, changed, removed;            /* of them */
    const struct diff_side *earlier;           /* on head, of the environments before its own, the nearest first */
    const char *const *earlier_names;          /* of these environments; NULL ends them */
    const char *error;                         /* of one that is broken (on base: of one that is fixed); one line */
    const struct resource_change *application; /* how the Application itself differs; NULL: it does not, or is new */
    const char *touched; /* of APPLICATION_SAME: a file that it reads and that has changed; NULL: not known */
    bool touches_more;   /* it is not the only one */
};

struct risk {
    const struct risk_rule *rule;
    enum risk_level level;
    const char *message;
    const struct application *application; /* NULL: none in particular */
    const struct resource_change *resource;
    const struct field_change *field;
    struct place source;
    bool on_base;        /* the place is one of base: of what is removed */
    const char *allowed; /* why a comment on its line allows it; NULL: nothing does */
    bool repeated;       /* one before it says the same of another Application, or */
    bool again;          /* of the same one, of another resource */
    size_t next;         /* the index of the next one that says the same, 0: there is none */
};

/* What files tell, and no render does. */
struct found_risk {
    enum risk_number rule;
    const char *message;
    struct place place;
    const struct application *application; /* the first one that it is about; NULL: none in particular */
};

/* An environment that follows another branch than the one that is compared with. */
struct unaffected {
    const char *environment, *revision;
    size_t count; /* of its Applications */
};

struct compared_revision {
    const char *name, *commit, *tree; /* the commit is NULL where there is only a tree */
    struct line_links lines;
};

struct report {
    struct arena *arena;
    struct tree *tree;
    struct compared_revision base, head;
    bool merge;                       /* head is what a merge of its commit into base gives */
    const char *title;                /* NULL: the usual one */
    const char *program, *command;    /* with which version, and how, it was made; NULL: not to be said */
    const char *link;                 /* to the run that made the report; NULL: none */
    struct application *applications; /* that may differ: in order of their names */
    size_t count;
    size_t total;                 /* Applications of both sides, each once */
    struct resource_changes root; /* AppProjects and the environments' own Applications */
    const struct diff_side *root_base, *root_head;
    struct unaffected *unaffected;
    size_t unaffected_count;
    struct found_risk *found;
    size_t found_count, found_room;
    const struct name_list *source_files; /* that Argo CD merges into a source; NULL: none */
    const char **notes;                   /* lines about the comparison itself */
    size_t note_count, note_room;
    struct risk *risks; /* the worst first */
    size_t risk_count, risk_room;
    const char *const *last_environments; /* the environments in order; NULL ends them */
};

/* What Argo CD does with a resource that goes from an Application: by its annotation, and by whether the Application
 * prunes by itself. PRUNING_NOT: it does not go. */
enum pruning { PRUNING_NOT, PRUNING_DELETED, PRUNING_CONFIRMED, PRUNING_KEPT, PRUNING_MANUAL };
extern const char *const pruning_names[]; /* by number: deleted, confirm, kept, manual; of PRUNING_NOT NULL */
enum pruning pruning_of(const struct report *report, const struct application *application,
                        const struct resource_change *change);

/* Counts of a report. */
size_t count_applications(const struct report *report, enum application_state state);
size_t count_risks(const struct report *report, enum risk_level level);
bool anything_differs(const struct report *report); /* whether anything would change */

void note_comparison(struct report *report, const char *line);

/* Fills `risks`. */
void judge_changes(struct report *report);

/* Writers. `color` marks what is added and removed for a terminal. */
struct text_style {
    bool color, stat, names;
    size_t width; /* of the terminal; 0: lines are not broken */
};
void diff_write_text(const struct report *report, const struct text_style *style, struct text *out);
void diff_write_summary(const struct report *report, struct text *out); /* one line */
void diff_write_json(const struct report *report, struct text *out);
void diff_write_github(const struct report *report, struct text *out);
void diff_write_patch(const struct report *report, unsigned context, struct text *out);

/* At most `limit` UTF-16 units, 0: as many as there are. */
void diff_write_markdown(const struct report *report, size_t limit, struct text *out);

#endif
