/* Changes of images in one tree of files: which entries of which kustomizations are edited, and what that does.
 *
 * The same intents can be made again in another tree: a push that has lost a race does so. Nothing is written here.
 * Every edited target is rendered before and after, and exactly what is wished differs; else there is an error. */
#ifndef PLUGIN_CHANGES_H
#define PLUGIN_CHANGES_H

#include "plugin/change/effects.h"
#include "plugin/change/image_edit.h"
#include "plugin/change/targets.h"

/* What is to be done: for the targets that a pattern names. */
struct image_intent {
    const char *pattern;
    const struct image_wish *wishes;
    size_t count;
};

/* An image of an overlay that is set beside those of the intents, where the overlay is there. */
struct extra_image {
    const char *overlay;
    struct image_wish wish;
};

/* What somebody else's newer intent makes of a change: JUDGEMENT_SKIP leaves the entry as it is. */
enum judgement { JUDGEMENT_GOOD, JUDGEMENT_SKIP, JUDGEMENT_FAILED };
struct image_change;

/* What a render may fetch and run beside the repository's own files, as `rootapp build` may. */
struct change_rendering {
    struct remote_options remote;
    struct helm_options helm;
};

struct change_request {
    const char *root;        /* the directory of the RootApp, from the repository's root */
    const char *directory;   /* an overlay from the repository's root, in place of targets; NULL: none */
    const char *shared_file; /* a kustomization file that is edited in place of overlays: the targets are those that
                                read it, and there is one intent, which names all. NULL: none */
    const struct image_intent *intents;
    size_t count;
    const char *branch;         /* only targets that follow it; the others are told. NULL: all */
    const char *default_branch; /* what "" stands for among what targets follow; NULL: that is not known */
    bool all_entries;           /* where several entries have an image's name, all of them */
    bool overrules;             /* a hold does not hold */
    bool require_digest;        /* a tag alone is refused */
    bool refuses_holds;         /* a hold is an error, not something to leave alone */
    const struct change_rendering *rendering; /* NULL: nothing */
    const struct extra_image *extra;
    size_t extra_count;
    enum judgement (*judge)(void *context, struct image_change *change); /* of each edit of an intent; NULL: good */
    void *context;
};

enum change_state { CHANGE_NONE, CHANGE_MADE, CHANGE_HELD, CHANGE_SUPERSEDED };

/* One image in one overlay. */
struct image_change {
    const struct change_target *target;
    const struct image_wish *wish;
    const char *file;
    struct image_edit edit;
    enum change_state state;
    const char *note;       /* why it is superseded; NULL: it is not */
    const char *from, *to;  /* the pairs: "1.3.0", "1.4.0@sha256:..."; first those of the entry, then as rendered */
    const char *before;     /* of a new entry: where the image had its tag or digest, "FILE:LINE"; NULL: it had none */
    struct effects effects; /* what it changes in what is rendered */
};

struct changed_file {
    const char *path;    /* without symbolic links */
    const char *read_as; /* the path at which kustomize reads it */
    struct text old, new;
};

bool changed_file_differs(const struct changed_file *file);

/* A target of an intent that follows another branch than the one that is meant. */
struct other_target {
    size_t intent;
    const char *branch; /* "": the remote's default one */
};

struct changes {
    struct arena *arena;
    struct image_change *items;
    size_t count, room;
    struct changed_file *files; /* that are edited, or would be; old and new are the same where nothing changes */
    size_t file_count, file_room;
    struct change_targets targets; /* that are meant: of each intent those from where the one before it ends */
    size_t *ends;
    struct other_target *others;
    size_t other_count, other_room;
    const struct policy *policy; /* lives as long as the changes; NULL: a directory was named */
    struct session session;      /* internal: of the tree as it is */
    struct rendered root;        /* internal: holds the policy */
};

/* To be closed in any case, before the repository, which is seen with the changed files from now on. The request has to
 * stay. */
bool changes_make(struct changes *changes, struct arena *arena, struct repository *repository,
                  const struct change_request *request, struct error *error);
void changes_close(struct changes *changes);

/* The same where nothing may change: it verifies that all is rendered as it is wished. The repository stays as it is.
 * What is found lives in the arena, and is to be closed by nobody. */
bool changes_verify(struct changes *changes, struct arena *arena, const struct repository *repository,
                    const struct change_request *request, struct error *error);

/* The targets alone. */
bool changes_open(struct changes *changes, struct arena *arena, const struct repository *repository,
                  const struct change_request *request, struct error *error);

/* Whether any file differs. */
bool changes_any(const struct changes *changes);

#endif
