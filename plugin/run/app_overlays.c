/* app_overlays.c: copies a template's overlays for the environments of a policy, and replaces names in them. */
#include "plugin/run/app_overlays.h"

#include <string.h>

#include "base/path.h"
#include "generator/name.h"
#include "plugin/run/repository_layout.h"

static const char overlays[] = "k8s/overlays/";

struct fitting {
    struct arena *arena;
    const struct app_place *place;
    const char *app;
    bool namespace_given;
    struct app_template *template;
    struct name_list names; /* the template's environments, sorted */
    struct template_file *files;
    size_t count;
};

/* The environment of a file in an overlay; NULL: it is in none. */
static const char *overlay_of(struct arena *arena, const char *path)
{
    size_t size = strlen(overlays);
    return strncmp(path, overlays, size) == 0 ? arena_copy(arena, path + size, strcspn(path + size, "/")) : NULL;
}

static void find_names(struct fitting *fitting)
{
    const struct app_template *template = fitting->template;
    fitting->names.names = ARENA_ARRAY(fitting->arena, template->count + 1, const char *);
    for (size_t i = 0; i < template->count; i++) {
        const char *name = overlay_of(fitting->arena, template->files[i].path);
        if (name && !name_list_has(&fitting->names, name))
            fitting->names.names[fitting->names.count++] = name;
    }
}

/* The template's environment that an environment of the policy is made like. NULL: the template has none. */
static const char *like_of(const struct fitting *fitting, size_t number)
{
    size_t count = fitting->place->policy->spec.environments.count;
    const char *name = policy_environments(fitting->place->policy)[number].name, *found = NULL;
    bool production = is_production(name) || (number + 1 == count && count > 1);
    if (name_list_has(&fitting->names, name))
        return name;
    for (size_t i = 0; i < fitting->names.count; i++) {
        bool same = is_production(fitting->names.names[i]) == production;
        found = same && (number || !found) ? fitting->names.names[i] : found;
    }
    return found || !fitting->names.count ? found : fitting->names.names[0];
}

static const char *namespace_of(const struct fitting *fitting, const struct environment *environment)
{
    const struct team *team = policy_team(fitting->place->policy, fitting->app, NULL);
    const struct destination *destination = environment_destinations(environment);
    return namespace_pattern(fitting->arena, environment, destination, destination->namespace, team ? team->name : "",
                             fitting->app);
}

static bool is_usual(const struct fitting *fitting, const char *namespace, const char *environment)
{
    const char *stem = app_place_namespace(fitting->arena, fitting->place, fitting->app);
    stem = stem ? stem : fitting->app;
    return strcmp(namespace, arena_format(fitting->arena, "%s-%s", stem, environment)) == 0;
}

/* A file of an overlay, for another environment, or for another namespace. */
static void add_overlay_file(struct fitting *fitting, const struct template_file *file,
                             const struct environment *environment, const char *like)
{
    struct arena *arena = fitting->arena;
    const char *namespace = namespace_of(fitting, environment);
    struct template_file copy = *file;
    if (!fitting->namespace_given && is_label(namespace) && !is_usual(fitting, namespace, environment->name))
        copy.content = template_replace(arena, copy.content, arena_format(arena, "{NAMESPACE}-%s", like), namespace);
    if (strcmp(environment->name, like) != 0) {
        copy.content = template_replace(arena, copy.content, like, environment->name);
        copy.path =
            arena_format(arena, "%s%s%s", overlays, environment->name, file->path + strlen(overlays) + strlen(like));
    }
    fitting->files[fitting->count++] = copy;
}

/* A file of no overlay, which may name environments behind one of these texts. */
static void add_other_file(struct fitting *fitting, const struct template_file *file)
{
    static const char *const before[] = {"ENVIRONMENT := ", "{APP_NAME}/", "the overlay ", "{NAMESPACE}-"};
    struct template_file copy = *file;
    for (size_t i = 0; i < fitting->names.count; i++) {
        const char *name = fitting->names.names[i];
        if (policy_environment(fitting->place->policy, name))
            continue;
        for (size_t k = 0; k < sizeof before / sizeof *before; k++)
            copy.content = template_replace(
                fitting->arena, copy.content, arena_format(fitting->arena, "%s%s", before[k], name),
                arena_format(fitting->arena, "%s%s", before[k], policy_environments(fitting->place->policy)->name));
    }
    fitting->files[fitting->count++] = copy;
}

/* Files of environments that the policy does not have stay, so that it is said that they are left out. */
static void add_file(struct fitting *fitting, const struct template_file *file, const struct made_overlays *made)
{
    const struct policy *policy = fitting->place->policy;
    const char *name = overlay_of(fitting->arena, file->path);
    const struct environment *same = name ? policy_environment(policy, name) : NULL;
    if (!name)
        add_other_file(fitting, file);
    else if (same)
        add_overlay_file(fitting, file, same, name);
    else
        fitting->files[fitting->count++] = *file;
    for (size_t i = 0; name && i < made->count; i++)
        if (strcmp(made->items[i].like, name) == 0)
            add_overlay_file(fitting, file, policy_environment(policy, made->items[i].environment), name);
}

void app_overlays_fit(struct arena *arena, const struct app_place *place, const char *app, bool namespace_given,
                      struct app_template *template, struct made_overlays *made)
{
    struct fitting fitting = {arena, place, app, namespace_given, template, {0}, NULL, 0};
    size_t count = place->policy->spec.environments.count;
    find_names(&fitting);
    *made = (struct made_overlays){ARENA_ARRAY(arena, count + 1, struct made_overlay), 0};
    for (size_t i = 0; i < count; i++) {
        const char *name = policy_environments(place->policy)[i].name, *like = like_of(&fitting, i);
        if (like && strcmp(like, name) != 0)
            made->items[made->count++] = (struct made_overlay){name, like};
    }
    fitting.files = ARENA_ARRAY(arena, template->count * (made->count + 2), struct template_file);
    for (size_t i = 0; i < template->count; i++)
        add_file(&fitting, &template->files[i], made);
    template->files = fitting.files;
    template->room = 0;
    template->count = fitting.count;
}
