/* rendered.c: commits what targets render to branches, and pushes them with a lease on their tips. */
#include "plugin/change/rendered.h"

#include <string.h>

#include "base/clock.h"
#include "plugin/change/commit_notes.h"
#include "plugin/change/dry_commit.h"
#include "plugin/change/objects.h"
#include "plugin/change/remote_push.h"
#include "plugin/change/remote_text.h"

#define METADATA "hydrator.metadata"
#define MANIFEST "manifest.yaml"

enum branch_state { BRANCH_SAME, BRANCH_LATER, BRANCH_CHANGED };

struct branch {
    const char *environment, *name; /* of the branch in full: refs/heads/... */
    const char *base;               /* the branch that a new one is made on; NULL: none */
    const char *tip, *start;        /* a commit, NULL: there is none; what ours is made on */
    const char *commit;             /* ours; NULL: there is none */
    const char *dry;                /* the commit that the tip was rendered from; NULL: none */
    enum branch_state state;
    size_t changed, removed; /* apps */
    struct text told;        /* of them, a line each */
    struct tip_files files;  /* of `start` */
    struct map *apps;        /* that are rendered now */
};

struct rendering {
    struct user_git *git;
    struct arena *arena;
    const struct render_set *set;
    const struct rendered_options *options;
    struct error *error;
    struct remote_tips tips;
    struct branch *branches;
    const char *metadata, *note; /* ids of blobs */
    const char *judged;          /* the commit that a branch is known to be rendered from, and before ours or ours */
    const char **blobs;          /* of what the jobs render; NULL: not known, until it is written */
    bool *written;               /* into the repository */
    const char *notes_tip;       /* NULL: there are no notes */
    struct commit_notes notes;
};

/* The branches. */

static const char *fill_pattern(struct arena *arena, const char *pattern, const char *environment, const char *suffix)
{
    static const char mark[] = "{env}";
    const char *at = strstr(pattern, mark);
    return at ? arena_format(arena, "refs/heads/%.*s%s%s%s", (int)(at - pattern), pattern, environment,
                             at + strlen(mark), suffix)
              : arena_format(arena, "refs/heads/%s%s", pattern, suffix);
}

/* As people write it. */
static const char *short_name(const struct branch *branch)
{
    return branch->name + strlen("refs/heads/");
}

static bool name_branches(struct rendering *rendering)
{
    const struct rendered_options *options = rendering->options;
    struct map *names = map_new(rendering->arena);
    rendering->branches = ARENA_ARRAY(rendering->arena, options->count + 1, struct branch);
    for (size_t i = 0; i < options->count; i++) {
        struct branch *branch = &rendering->branches[i];
        const char *plain = fill_pattern(rendering->arena, options->pattern, options->environments[i], "");
        branch->environment = options->environments[i];
        branch->name =
            options->next ? fill_pattern(rendering->arena, options->pattern, branch->environment, "-next") : plain;
        branch->base = options->next ? plain : NULL;
        if (!i && !is_branch_name(rendering->git, short_name(branch)))
            return error_set(rendering->error, "'%s' cannot be the name of a branch", short_name(branch));
        void **slot = map_slot(names, branch->name, strlen(branch->name));
        if (*slot)
            return error_set(rendering->error, "%s and %s would share the branch '%s': write {env} into its name",
                             ((struct branch *)*slot)->environment, branch->environment, short_name(branch));
        *slot = branch;
    }
    return true;
}

static bool is_ancestor(struct rendering *rendering, const char *old, const char *new)
{
    return strcmp(old, new) == 0 ||
           user_git_line(rendering->git, GIT_WORDS("merge-base", "--is-ancestor", old, new)) != NULL;
}

/* Whether we may write to it, and whether it is of a later commit than ours. */
static bool judge_branch(struct rendering *rendering, struct branch *branch)
{
    const char *id = branch->tip ? commit_notes_find(&rendering->notes, branch->tip) : NULL;
    const char *ours = rendering->options->dry;
    if (!id)
        id = tip_files_find(&branch->files, METADATA);
    branch->dry = id && strcmp(id, rendering->note) == 0 ? ours : id ? dry_commit_read(rendering->git, id) : NULL;
    if (!branch->dry)
        return error_set(rendering->error,
                         "the branch '%s' has no " METADATA " that says what it was rendered from: it is somebody "
                         "else's; choose another name, or delete it",
                         short_name(branch));
    if (rendering->judged && strcmp(branch->dry, rendering->judged) == 0)
        return true;
    if (is_ancestor(rendering, branch->dry, ours)) {
        rendering->judged = branch->dry;
        return true;
    }
    branch->state = BRANCH_LATER;
    return is_ancestor(rendering, ours, branch->dry) ||
           error_set(rendering->error,
                     "'%s' was rendered from %.10s, which this clone does not know as a commit before or after %.7s: "
                     "fetch the whole history (of actions/checkout: fetch-depth: 0)",
                     short_name(branch), branch->dry, ours);
}

static bool read_branch(struct rendering *rendering, struct branch *branch)
{
    branch->state = BRANCH_SAME;
    branch->changed = branch->removed = 0;
    branch->commit = branch->dry = NULL;
    branch->apps = map_new(rendering->arena);
    text_cut(&branch->told, 0);
    return tip_files_read(rendering->git, branch->start, &branch->files, rendering->error) &&
           (!branch->start || judge_branch(rendering, branch));
}

/* The branches, those that new ones are made on, and the notes: all with one fetch. */
static bool fetch_all(struct rendering *rendering)
{
    size_t count = rendering->options->count, names = 0;
    const char **wanted = ARENA_ARRAY(rendering->arena, 2 * count + 1, const char *);
    const char **commits = ARENA_ARRAY(rendering->arena, 2 * count + 1, const char *);
    for (size_t i = 0; i < count; i++) {
        wanted[names++] = rendering->branches[i].name;
        if (rendering->branches[i].base)
            wanted[names++] = rendering->branches[i].base;
    }
    wanted[names++] = DRY_COMMIT_NOTES;
    if (!remote_fetch_all(&rendering->tips, wanted, names, commits))
        return false;
    rendering->notes_tip = commits[names - 1];
    for (size_t i = 0, next = 0; i < count; i++) {
        struct branch *branch = &rendering->branches[i];
        branch->tip = branch->start = commits[next++];
        if (branch->base && !branch->tip)
            branch->start = commits[next];
        next += branch->base != NULL;
    }
    return true;
}

/* Commits. */

static bool is_of(const struct render_job *job, const char *environment)
{
    const char *slash = strchr(job->name, '/');
    return job->project && slash && strcmp(slash + 1, environment) == 0;
}

static void add_entry(struct text *entries, const char *id, const char *app, const char *file)
{
    text_format(entries, "100644 %s\t%s%s%s", id, app, *app ? "/" : "", file);
    text_byte(entries, '\0');
}

static const char *app_of(struct rendering *rendering, size_t job)
{
    const char *name = rendering->set->jobs[job]->name;
    return arena_copy(rendering->arena, name, strcspn(name, "/"));
}

/* Those whose manifest is not the one that the branch has. */
static size_t find_changed(struct rendering *rendering, struct branch *branch, size_t *jobs)
{
    size_t count = 0;
    for (size_t i = 0; i < rendering->set->count; i++) {
        if (!is_of(rendering->set->jobs[i], branch->environment))
            continue;
        const char *app = app_of(rendering, i), *id = rendering->blobs[i];
        const char *old = tip_files_find(&branch->files, arena_format(rendering->arena, "%s/" MANIFEST, app));
        *map_slot(branch->apps, app, strlen(app)) = branch;
        if (old && strcmp(old, id) == 0)
            continue;
        text_format(&branch->told, "  %s %s\n", old ? "changed" : "new", app);
        jobs[count++] = i;
    }
    return count;
}

/* A manifest is written once for all attempts, and only if a branch has another one. */
static bool write_jobs(struct rendering *rendering, const size_t *jobs, size_t count)
{
    const struct text **texts = ARENA_ARRAY(rendering->arena, count + 1, const struct text *);
    const char **ids = ARENA_ARRAY(rendering->arena, count + 1, const char *);
    size_t missing = 0;
    for (size_t i = 0; i < count; i++)
        if (!rendering->written[jobs[i]])
            texts[missing++] = &rendering->set->jobs[jobs[i]]->text;
    if (missing && !write_blobs(rendering->git, texts, missing, ids, rendering->error))
        return false;
    for (size_t i = 0, next = 0; i < count; i++) {
        if (rendering->written[jobs[i]])
            continue;
        rendering->blobs[jobs[i]] = ids[next++];
        rendering->written[jobs[i]] = true;
    }
    return true;
}

static bool add_changed(struct rendering *rendering, struct branch *branch, struct text *entries)
{
    size_t *jobs = ARENA_ARRAY(rendering->arena, rendering->set->count + 1, size_t);
    branch->changed = find_changed(rendering, branch, jobs);
    if (!write_jobs(rendering, jobs, branch->changed))
        return false;
    for (size_t i = 0; i < branch->changed; i++) {
        const char *app = app_of(rendering, jobs[i]);
        add_entry(entries, rendering->blobs[jobs[i]], app, MANIFEST);
        add_entry(entries, rendering->metadata, app, METADATA);
    }
    return true;
}

/* Our two files of an app that is no more; what else is in its directory stays. */
static void remove_apps(struct rendering *rendering, struct branch *branch, struct text *entries)
{
    static const char *const ours[] = {MANIFEST, METADATA};
    for (size_t k = 0; k < branch->files.count; k++) {
        const char *path = branch->files.items[k].path, *slash = strchr(path, '/');
        if (!slash || strcmp(slash + 1, METADATA) != 0 || map_get(branch->apps, path, (size_t)(slash - path)))
            continue;
        branch->removed++;
        text_format(&branch->told, "  removed %.*s\n", (int)(slash - path), path);
        for (size_t i = 0; i < 2; i++) {
            text_format(entries, "0 %0*d\t%.*s/%s", (int)strlen(rendering->metadata), 0, (int)(slash - path), path,
                        ours[i]);
            text_byte(entries, '\0');
        }
    }
}

static const char *commit_entries(struct rendering *rendering, const struct branch *branch, const struct text *entries)
{
    struct text message = {0};
    text_format(&message, "Render %s from %.7s\n\nRootapp-Rendered-From: %s\n", branch->environment,
                rendering->options->dry, rendering->options->dry);
    const char *tree = write_tree(rendering->git, branch->start, entries, rendering->error);
    const char *commit = tree ? write_commit(rendering->git, tree, branch->start, &message, rendering->error) : NULL;
    text_free(&message);
    return commit;
}

static bool commit_branch(struct rendering *rendering, struct branch *branch)
{
    struct text entries = {0};
    bool good = add_changed(rendering, branch, &entries);
    remove_apps(rendering, branch, &entries);
    if (good && (!branch->tip || entries.size)) {
        add_entry(&entries, rendering->metadata, "", METADATA);
        branch->state = BRANCH_CHANGED;
        branch->commit = commit_entries(rendering, branch, &entries);
        good = branch->commit;
    }
    text_free(&entries);
    return good;
}

static bool make_commits(struct rendering *rendering)
{
    commit_notes_close(&rendering->notes);
    if (!fetch_all(rendering) ||
        !commit_notes_read(&rendering->notes, rendering->git, rendering->notes_tip, rendering->error))
        return false;
    for (size_t i = 0; i < rendering->options->count; i++) {
        struct branch *branch = &rendering->branches[i];
        if (!read_branch(rendering, branch) || (branch->state != BRANCH_LATER && !commit_branch(rendering, branch)))
            return false;
    }
    return true;
}

/* Pushing. */

/* Each tip's note names the last commit that was rendered: else a slower run of one before it would find nothing later
 * than itself where that has changed nothing, and put back what it renders. NULL: nothing is to be noted. */
static const char *commit_new_notes(struct rendering *rendering)
{
    const char *dry = rendering->options->dry;
    for (size_t i = 0; i < rendering->options->count; i++) {
        const struct branch *branch = &rendering->branches[i];
        bool is_behind = branch->state == BRANCH_SAME && strcmp(branch->dry, dry) != 0;
        if (branch->state == BRANCH_CHANGED || is_behind)
            commit_notes_set(&rendering->notes, branch->commit ? branch->commit : branch->tip, rendering->note);
    }
    return rendering->notes.entries.size
               ? commit_notes_write(&rendering->notes, arena_format(rendering->arena, "Rendered from %.7s", dry),
                                    rendering->error)
               : NULL;
}

static enum push_outcome push_once(struct rendering *rendering)
{
    struct reference_move *moves = ARENA_ARRAY(rendering->arena, rendering->options->count + 1, struct reference_move);
    size_t count = 0;
    const char *notes = commit_new_notes(rendering);
    if (!notes)
        return rendering->error->message ? PUSH_FAILED : PUSH_LANDED;
    for (size_t i = 0; i < rendering->options->count; i++) {
        const struct branch *branch = &rendering->branches[i];
        if (branch->state == BRANCH_CHANGED)
            moves[count++] = (struct reference_move){branch->name, branch->tip, branch->commit};
    }
    moves[count++] = (struct reference_move){DRY_COMMIT_NOTES, rendering->notes_tip, notes};
    return remote_push(&rendering->tips, moves, count, NULL);
}

static bool push_until_landed(struct rendering *rendering)
{
    for (unsigned attempts = 1;; attempts++) {
        struct timespec start;
        start = clock_now();
        if (!make_commits(rendering))
            return false;
        enum push_outcome outcome = rendering->options->dry_run ? PUSH_LANDED : push_once(rendering);
        if (outcome != PUSH_LOST)
            return outcome == PUSH_LANDED;
        if (clock_seconds_since(&rendering->tips.began) > rendering->options->seconds)
            return error_set(rendering->error,
                             "%u attempts: others have moved the branches each time; nothing was changed", attempts);
        wait_after_race(attempts, clock_seconds_since(&start));
    }
}

static void tell_result(const struct rendering *rendering, struct text *out)
{
    bool dry_run = rendering->options->dry_run;
    for (size_t i = 0; i < rendering->options->count; i++) {
        const struct branch *branch = &rendering->branches[i];
        const char *name = short_name(branch);
        if (branch->state == BRANCH_LATER)
            text_format(out, "%s: superseded: it was rendered from %.7s, a later commit\n", name, branch->dry);
        else if (branch->state == BRANCH_SAME)
            text_format(out, "%s: unchanged\n", name);
        else if (dry_run)
            text_format(out, "%s: would be pushed: %zu changed, %zu removed\n%s", name, branch->changed,
                        branch->removed, text_content(&branch->told));
        else
            text_format(out, "%s: pushed %.7s: %zu changed, %zu removed\n", name, branch->commit, branch->changed,
                        branch->removed);
    }
}

/* The ids tell what has changed before anything is written; where they cannot be told, all is written. */
static bool identify_jobs(struct rendering *rendering)
{
    struct git_objects *objects = rendering->git->history->objects;
    size_t count = rendering->set->count;
    size_t *unknown = ARENA_ARRAY(rendering->arena, count + 1, size_t), missing = 0;
    rendering->blobs = ARENA_ARRAY(rendering->arena, count + 1, const char *);
    rendering->written = ARENA_ARRAY(rendering->arena, count + 1, bool);
    for (size_t i = 0; i < count; i++) {
        const struct text *text = &rendering->set->jobs[i]->text;
        rendering->blobs[i] = git_objects_blob_id(objects, rendering->arena, text_content(text), text->size);
        if (!rendering->blobs[i])
            unknown[missing++] = i;
    }
    return write_jobs(rendering, unknown, missing);
}

/* What goes into commits is the same at every attempt: it is written once. */
static bool write_contents(struct rendering *rendering)
{
    struct text metadata = {0}, note = {0};
    const struct text *texts[] = {&metadata, &note};
    const char *ids[2];
    dry_commit_note(rendering->options->dry, &note);
    bool good = dry_commit_describe(rendering->git, rendering->options->remote, rendering->options->dry, &metadata,
                                    rendering->error) &&
                write_blobs(rendering->git, texts, 2, ids, rendering->error) && identify_jobs(rendering);
    if (good) {
        rendering->metadata = ids[0];
        rendering->note = ids[1];
    }
    text_free(&metadata);
    text_free(&note);
    return good;
}

bool rendered_push(struct user_git *git, const struct render_set *set, const struct rendered_options *options,
                   struct text *out, struct error *error)
{
    struct rendering rendering = {
        .git = git, .arena = git->history->arena, .set = set, .options = options, .error = error};
    rendering.tips = (struct remote_tips){.git = git,
                                          .remote = remote_for_token(git, options->remote),
                                          .shown = options->remote,
                                          .seconds = options->seconds,
                                          .error = error};
    bool good = name_branches(&rendering) && remote_tips_open(&rendering.tips) && write_contents(&rendering) &&
                push_until_landed(&rendering);
    if (good)
        tell_result(&rendering, out);
    for (size_t i = 0; rendering.branches && i < options->count; i++)
        text_free(&rendering.branches[i].told);
    commit_notes_close(&rendering.notes);
    remote_tips_close(&rendering.tips);
    return good;
}
