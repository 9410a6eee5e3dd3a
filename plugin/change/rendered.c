/* rendered.c: commits what targets render to branches, and pushes them with a lease on their tips. */
#include "plugin/change/rendered.h"

#include <string.h>

#include "plugin/change/objects.h"
#include "plugin/change/remote_text.h"
#include "plugin/change/remote_tips.h"
#include "json/json.h"

#define METADATA "hydrator.metadata"
#define MANIFEST "manifest.yaml"

enum { MOST_BRANCHES = 24 };

enum branch_state { BRANCH_SAME, BRANCH_LATER, BRANCH_CHANGED };

struct branch {
    const char *environment, *name;
    const char *tip, *commit; /* NULL: there is none */
    enum branch_state state;
    size_t changed, removed; /* apps */
    struct text files;       /* what the tip has: `ls-tree -r -z` */
};

struct pushing {
    struct user_git *git;
    struct arena *arena;
    const struct render_set *set;
    const struct rendered_options *options;
    struct error *error;
    struct remote_tips tips;
    struct branch *branches;
    const char *metadata; /* the id of what hydrator.metadata says */
    const char **blobs;   /* the ids of what the jobs render */
    struct text words;    /* of the server */
};

/* The branches. */

static const char *fill_pattern(struct arena *arena, const char *pattern, const char *environment)
{
    static const char mark[] = "{env}";
    const char *at = strstr(pattern, mark);
    return at ? arena_format(arena, "%.*s%s%s", (int)(at - pattern), pattern, environment, at + strlen(mark)) : pattern;
}

static bool name_branches(struct pushing *pushing)
{
    const struct rendered_options *options = pushing->options;
    if (options->count > MOST_BRANCHES)
        return error_set(pushing->error, "%zu environments at once are too many: name at most %d", options->count,
                         MOST_BRANCHES);
    pushing->branches = ARENA_ARRAY(pushing->arena, options->count + 1, struct branch);
    for (size_t i = 0; i < options->count; i++) {
        struct branch *branch = &pushing->branches[i];
        branch->environment = options->environments[i];
        branch->name = fill_pattern(pushing->arena, options->pattern, branch->environment);
        if (!user_git_line(pushing->git,
                           GIT_WORDS("check-ref-format", arena_format(pushing->arena, "refs/heads/%s", branch->name))))
            return error_set(pushing->error, "'%s' cannot be the name of a branch", branch->name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(pushing->branches[k].name, branch->name) == 0)
                return error_set(pushing->error, "%s and %s would share the branch '%s': write {env} into its name",
                                 pushing->branches[k].environment, branch->environment, branch->name);
    }
    return true;
}

/* The id of a file of the tip, in records "MODE blob ID\tPATH"; NULL: it has none. */
static const char *find_file(struct arena *arena, const struct text *files, const char *path)
{
    for (size_t at = 0; at < files->size; at += strlen(files->bytes + at) + 1) {
        const char *tab = strchr(files->bytes + at, '\t'), *id = strchr(files->bytes + at, ' ');
        id = id ? strchr(id + 1, ' ') : NULL;
        if (tab && id && strcmp(tab + 1, path) == 0)
            return arena_copy(arena, id + 1, (size_t)(tab - id - 1));
    }
    return NULL;
}

/* The commit that a branch was rendered from; NULL: its metadata does not say. */
static const char *dry_commit(struct pushing *pushing, const char *id)
{
    struct tree tree = {.arena = pushing->arena, .keys = intern_new(pushing->arena), .owner = 1};
    struct text bytes = {0};
    struct error ignored = {0};
    const struct node *node = NULL;
    if (user_git_run(pushing->git, GIT_WORDS("cat-file", "blob", id), NULL, &bytes, &ignored))
        node = json_parse(&tree, METADATA, text_content(&bytes), bytes.size, &ignored);
    const char *dry = node_text(node_find(node, "drySha"));
    dry = dry ? arena_string(pushing->arena, dry) : NULL;
    error_free(&ignored);
    text_free(&bytes);
    return dry;
}

static bool is_ancestor(struct pushing *pushing, const char *old, const char *new)
{
    return user_git_line(pushing->git, GIT_WORDS("merge-base", "--is-ancestor", old, new)) != NULL;
}

/* Whether we may write to it, and whether it is of a later commit than ours. */
static bool judge_branch(struct pushing *pushing, struct branch *branch)
{
    const char *id = find_file(pushing->arena, &branch->files, METADATA), *ours = pushing->options->dry;
    const char *dry = id ? dry_commit(pushing, id) : NULL;
    if (!dry)
        return error_set(pushing->error,
                         "the branch '%s' has no " METADATA " that says what it was rendered from: it is somebody "
                         "else's; choose another name, or delete it",
                         branch->name);
    if (strcmp(dry, ours) == 0 || is_ancestor(pushing, dry, ours))
        return true;
    branch->state = BRANCH_LATER;
    return is_ancestor(pushing, ours, dry) ||
           error_set(pushing->error,
                     "'%s' was rendered from %.10s, which this clone does not know as a commit before or after %.7s: "
                     "fetch the whole history (of actions/checkout: fetch-depth: 0)",
                     branch->name, dry, ours);
}

static bool fetch_branch(struct pushing *pushing, struct branch *branch)
{
    const char *there = remote_ask(&pushing->tips, arena_format(pushing->arena, "refs/heads/%s", branch->name));
    struct remote_tip tip = {0};
    text_cut(&branch->files, 0);
    branch->state = BRANCH_SAME;
    branch->changed = branch->removed = 0;
    branch->tip = branch->commit = NULL;
    if (!there || !*there)
        return there;
    if (!remote_tip_fetch(&pushing->tips, branch->name, &tip))
        return false;
    branch->tip = tip.commit;
    return user_git_run(pushing->git, GIT_WORDS("ls-tree", "-r", "-z", branch->tip), NULL, &branch->files,
                        pushing->error) &&
           judge_branch(pushing, branch);
}

/* Commits. */

static const char *app_of(struct arena *arena, const struct render_job *job)
{
    return arena_copy(arena, job->name, strcspn(job->name, "/"));
}

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

static void add_app(struct pushing *pushing, struct branch *branch, size_t job, struct text *entries)
{
    const char *app = app_of(pushing->arena, pushing->set->jobs[job]), *id = pushing->blobs[job];
    const char *old = find_file(pushing->arena, &branch->files, arena_format(pushing->arena, "%s/" MANIFEST, app));
    if (old && strcmp(old, id) == 0)
        return;
    branch->changed++;
    add_entry(entries, id, app, MANIFEST);
    add_entry(entries, pushing->metadata, app, METADATA);
}

static bool has_app(const struct pushing *pushing, const char *environment, const char *app, size_t size)
{
    for (size_t i = 0; i < pushing->set->count; i++) {
        const struct render_job *job = pushing->set->jobs[i];
        if (is_of(job, environment) && strcspn(job->name, "/") == size && strncmp(job->name, app, size) == 0)
            return true;
    }
    return false;
}

/* Our two files of an app that is no more; what else is in its directory stays. */
static void remove_apps(struct pushing *pushing, struct branch *branch, struct text *entries)
{
    static const char *const ours[] = {MANIFEST, METADATA};
    for (size_t at = 0; at < branch->files.size; at += strlen(branch->files.bytes + at) + 1) {
        const char *tab = strchr(branch->files.bytes + at, '\t'), *slash = tab ? strchr(tab, '/') : NULL;
        if (!slash || strcmp(slash + 1, METADATA) != 0 ||
            has_app(pushing, branch->environment, tab + 1, (size_t)(slash - tab - 1)))
            continue;
        branch->removed++;
        for (size_t i = 0; i < 2; i++) {
            text_format(entries, "0 %0*d\t%.*s/%s", (int)strlen(pushing->metadata), 0, (int)(slash - tab - 1), tab + 1,
                        ours[i]);
            text_byte(entries, '\0');
        }
    }
}

static const char *commit_entries(struct pushing *pushing, const struct branch *branch, const struct text *entries)
{
    struct text message = {0};
    text_format(&message, "Render %s from %.7s\n\nRootapp-Rendered-From: %s\n", branch->environment,
                pushing->options->dry, pushing->options->dry);
    const char *tree = write_tree(pushing->git, branch->tip, entries, pushing->error);
    const char *commit = tree ? write_commit(pushing->git, tree, branch->tip, &message, pushing->error) : NULL;
    text_free(&message);
    return commit;
}

/* A branch of an earlier commit gets ours into its metadata even where no app changes: else a slower run of a commit
 * between the two would find nothing later than itself, and put back what it renders. */
static bool commit_branch(struct pushing *pushing, struct branch *branch)
{
    struct text entries = {0};
    bool good = true;
    const char *old = find_file(pushing->arena, &branch->files, METADATA);
    for (size_t i = 0; i < pushing->set->count; i++)
        if (is_of(pushing->set->jobs[i], branch->environment))
            add_app(pushing, branch, i, &entries);
    remove_apps(pushing, branch, &entries);
    if (!old || entries.size || strcmp(old, pushing->metadata) != 0) {
        add_entry(&entries, pushing->metadata, "", METADATA);
        branch->state = BRANCH_CHANGED;
        branch->commit = commit_entries(pushing, branch, &entries);
        good = branch->commit;
    }
    text_free(&entries);
    return good;
}

static bool make_commits(struct pushing *pushing, size_t *changed)
{
    *changed = 0;
    for (size_t i = 0; i < pushing->options->count; i++) {
        struct branch *branch = &pushing->branches[i];
        if (!fetch_branch(pushing, branch) || (branch->state != BRANCH_LATER && !commit_branch(pushing, branch)))
            return false;
        *changed += branch->state == BRANCH_CHANGED;
    }
    return true;
}

/* Pushing. */

static bool send(struct pushing *pushing)
{
    size_t count = 0, room = 2 * pushing->options->count + 5;
    const char **words = ARENA_ARRAY(pushing->arena, room, const char *);
    struct text out = {0};
    words[count++] = "push";
    words[count++] = "--porcelain";
    words[count++] = "--atomic";
    for (size_t i = 0; i < pushing->options->count; i++) {
        const struct branch *branch = &pushing->branches[i];
        if (branch->state == BRANCH_CHANGED)
            words[count++] = arena_format(pushing->arena, "--force-with-lease=refs/heads/%s:%s", branch->name,
                                          branch->tip ? branch->tip : "");
    }
    words[count++] = pushing->options->remote;
    for (size_t i = 0; i < pushing->options->count; i++)
        if (pushing->branches[i].state == BRANCH_CHANGED)
            words[count++] = arena_format(pushing->arena, "%s:refs/heads/%s", pushing->branches[i].commit,
                                          pushing->branches[i].name);
    text_cut(&pushing->words, 0);
    int status = user_git_remote(pushing->git, words, &out, &pushing->words, pushing->error);
    porcelain_refused(text_content(&out), &pushing->words);
    text_free(&out);
    return status == 0;
}

enum sent { SENT_LANDED, SENT_LOST, SENT_REFUSED, SENT_UNKNOWN };

/* What is true at the remote; one of the branches tells for all, since they go together. */
static enum sent ask(struct pushing *pushing)
{
    for (size_t i = 0; i < pushing->options->count; i++) {
        const struct branch *branch = &pushing->branches[i];
        if (branch->state != BRANCH_CHANGED)
            continue;
        const char *now = remote_ask(&pushing->tips, arena_format(pushing->arena, "refs/heads/%s", branch->name));
        if (!now)
            return SENT_UNKNOWN;
        if (strcmp(now, branch->commit) == 0)
            return SENT_LANDED;
        if (strcmp(now, branch->tip ? branch->tip : "") != 0)
            return SENT_LOST;
    }
    return SENT_REFUSED;
}

static bool refuse(struct pushing *pushing)
{
    return error_set(pushing->error, "%s refused the push: %s. Nothing was changed",
                     without_password(pushing->arena, pushing->options->remote),
                     server_words(pushing->arena, text_content(&pushing->words)));
}

static bool push_until_landed(struct pushing *pushing)
{
    size_t changed;
    for (unsigned attempts = 1;; attempts++) {
        if (!make_commits(pushing, &changed))
            return false;
        if (!changed || send(pushing))
            return true;
        enum sent sent = pushing->error->message ? SENT_UNKNOWN : ask(pushing);
        if (sent != SENT_LOST)
            return sent == SENT_LANDED || (sent == SENT_REFUSED && refuse(pushing));
        if (seconds_since(&pushing->tips.began) > pushing->options->seconds)
            return error_set(pushing->error,
                             "%u attempts: others have moved the branches each time; nothing was changed", attempts);
        wait_for(0.1 * (double)(attempts < 8 ? attempts : 8));
    }
}

static void tell(const struct pushing *pushing, struct text *out)
{
    for (size_t i = 0; i < pushing->options->count; i++) {
        const struct branch *branch = &pushing->branches[i];
        if (branch->state == BRANCH_LATER)
            text_format(out, "%s: superseded: it was rendered from a later commit\n", branch->name);
        else if (branch->state == BRANCH_SAME)
            text_format(out, "%s: unchanged\n", branch->name);
        else
            text_format(out, "%s: pushed %.7s: %zu changed, %zu removed\n", branch->name, branch->commit,
                        branch->changed, branch->removed);
    }
}

/* As Argo CD's hydrator writes it. */
static void describe_commit(struct pushing *pushing, struct text *out)
{
    struct json_value *map = json_map_new();
    const char *url = user_git_line(pushing->git, GIT_WORDS("remote", "get-url", pushing->options->remote));
    static const struct {
        const char *name, *format;
    } fields[] = {{"author", "--format=%an <%ae>"}, {"date", "--format=%aI"}, {"subject", "--format=%s"}};
    json_map_put_text(map, "repoURL", url ? without_password(pushing->arena, url) : NULL);
    json_map_put_text(map, "drySha", pushing->options->dry);
    for (size_t i = 0; i < 3; i++)
        json_map_put_text(map, fields[i].name,
                          user_git_line(pushing->git, GIT_WORDS("log", "-1", "--no-show-signature", fields[i].format,
                                                                pushing->options->dry)));
    json_value_write(map, out);
    json_value_free(map);
}

/* What goes into commits is the same at every attempt: it is written once. */
static bool write_contents(struct pushing *pushing)
{
    size_t count = pushing->set->count;
    const struct text **texts = ARENA_ARRAY(pushing->arena, count + 1, const struct text *);
    struct text metadata = {0};
    pushing->blobs = ARENA_ARRAY(pushing->arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        texts[i] = &pushing->set->jobs[i]->text;
    describe_commit(pushing, &metadata);
    texts[count] = &metadata;
    bool good = write_blobs(pushing->git, texts, count + 1, pushing->blobs, pushing->error);
    pushing->metadata = pushing->blobs[count];
    text_free(&metadata);
    return good;
}

bool rendered_push(struct user_git *git, const struct render_set *set, const struct rendered_options *options,
                   struct text *out, struct error *error)
{
    struct pushing pushing = {.git = git, .arena = git->history->arena, .set = set, .options = options, .error = error};
    pushing.tips =
        (struct remote_tips){.git = git, .remote = options->remote, .seconds = options->seconds, .error = error};
    bool good = name_branches(&pushing) && remote_tips_open(&pushing.tips) && write_contents(&pushing) &&
                push_until_landed(&pushing);
    if (good)
        tell(&pushing, out);
    for (size_t i = 0; pushing.branches && i < options->count; i++)
        text_free(&pushing.branches[i].files);
    remote_tips_close(&pushing.tips, NULL);
    text_free(&pushing.words);
    return good;
}
