/* take_over.c: the steps after which the roots have the Applications, and nothing was deleted or synced twice. */
#include <stdarg.h>
#include <string.h>

#include "base/path.h"
#include "generator/make.h"
#include "plugin/adopt/adoption.h"

static bool is_taken(const struct existing *app)
{
    return (!app->left || app->by_hand) && app->new_name;
}

/* Whether every Application of a set is taken over: only then may the set go. */
static bool is_whole_set_taken(const struct adoption *adoption, const struct existing_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        if (!app->set || strcmp(app->set, set->name) != 0)
            continue;
        if (!is_taken(app))
            return false;
        count++;
    }
    return count > 0 && !set->partial;
}

/* An Application that applies the files of others: those that it makes would come back, or be pruned. */
static bool is_parent(const struct adoption *adoption, const struct existing *app)
{
    for (size_t i = 0; app->path && i < adoption->object_count; i++) {
        struct place place = origins_place(adoption->origins, adoption->objects[i]->origin);
        if (adoption->objects[i] != app->node && place.file && path_is_within(place.file, app->path))
            return true;
    }
    return false;
}

static void write_command(struct text *out, const char *namespace, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void write_command(struct text *out, const char *namespace, const char *format, ...)
{
    va_list arguments;
    text_format(out, "  kubectl --namespace %s ", namespace);
    va_start(arguments, format);
    text_format_list(out, format, arguments);
    va_end(arguments);
    text_byte(out, '\n');
}

static void write_backup(struct text *out)
{
    text_string(out, "Keep what is there, for the way back:\n"
                     "  kubectl get applications,appprojects --all-namespaces --output yaml >before.yaml\n"
                     "  kubectl get applicationsets --all-namespaces --output yaml >applicationsets.yaml\n");
}

/* What the controller writes while an ApplicationSet goes would give an Application its owner back, and the garbage
 * collector would delete it. So it is let finish, and then kept from writing. */
static void write_set(const struct existing_set *set, const char *namespace, struct text *out)
{
    text_format(out,
                "ApplicationSet %s. With this, an Application that is deleted after all leaves what it has deployed:\n",
                set->name);
    write_command(out, namespace,
                  "patch applicationset %s --type merge --patch '{\"spec\": {\"syncPolicy\": "
                  "{\"preserveResourcesOnDeletion\": true, \"applicationsSync\": \"create-update\"}}}'",
                  set->name);
    text_format(
        out,
        "Go on when its controller has taken the finalizers out (this prints nothing, or what the template says):\n");
    write_command(out, namespace,
                  "get applications --output jsonpath='{range .items[?(@.metadata.ownerReferences[0].name==\"%s\")]}"
                  "{.metadata.finalizers}{end}'",
                  set->name);
    text_string(out, "Now it must change none of them any more, and goes; --cascade=orphan takes the owner out of the "
                     "Applications instead of\n deleting them. Do not leave it out:\n");
    write_command(out, namespace,
                  "patch applicationset %s --type merge --patch '{\"spec\": {\"syncPolicy\": {\"applicationsSync\": "
                  "\"create-only\"}}}'",
                  set->name);
    write_command(out, namespace, "delete applicationset %s --cascade=orphan", set->name);
}

/* Applications have their ApplicationSet for an owner, so that the garbage collector deletes them with it, and their
 * finalizer then deletes what they have deployed. */
static void write_sets(const struct adoption *adoption, struct text *out)
{
    bool any = false;
    for (size_t i = 0; i < adoption->set_count; i++) {
        const struct existing_set *set = &adoption->sets[i];
        if (is_whole_set_taken(adoption, set))
            write_set(set, set->namespace ? set->namespace : adoption->argocd_namespace, out);
        any = any || is_whole_set_taken(adoption, set);
    }
    if (!any)
        return;
    text_string(out, "Nothing may have an owner now (this prints nothing):\n");
    write_command(out, adoption->argocd_namespace,
                  "get applications --output jsonpath='{range "
                  ".items[?(@.metadata.ownerReferences)]}{.metadata.name}{\"\\n\"}{end}'");
}

static void write_kept_sets(const struct adoption *adoption, struct text *out)
{
    for (size_t i = 0; i < adoption->set_count; i++)
        if (adoption->sets[i].count && !is_whole_set_taken(adoption, &adoption->sets[i]))
            text_format(out,
                        "ApplicationSet %s stays, because it makes Applications that are left as they are: take these "
                        "out of its generators first.\n",
                        adoption->sets[i].name);
}

static void write_parents(const struct adoption *adoption, struct text *out)
{
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        if (!is_parent(adoption, app))
            continue;
        text_format(
            out,
            "%s applies the files of Applications or ApplicationSets. Stop it before anything else, or it makes "
            "them again, and prunes\n them when their files go; remove it when the roots have them:\n",
            app->name);
        write_command(out, adoption->argocd_namespace,
                      "patch application %s --type merge --patch '{\"metadata\": {\"finalizers\": null}, \"spec\": "
                      "{\"syncPolicy\": {\"automated\": null}}}'",
                      app->name);
    }
}

/* Two Applications of one directory would sync over each other. */
static void write_renamed(const struct adoption *adoption, struct text *out, bool afterwards)
{
    bool any = false;
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        if (!is_taken(app) || strcmp(app->name, app->new_name) == 0)
            continue;
        if (!any)
            text_string(out, afterwards ? "Remove the Applications that have other names now. Without their finalizer "
                                          "nothing else goes with them:\n"
                                        : "These get other names. Let the old ones do nothing any more, and delete "
                                          "nothing when they go:\n");
        any = true;
        if (afterwards)
            write_command(out, adoption->argocd_namespace, "delete application %s # now %s", app->name, app->new_name);
        else
            write_command(out, adoption->argocd_namespace,
                          "patch application %s --type merge --patch '{\"metadata\": {\"finalizers\": null}, \"spec\": "
                          "{\"syncPolicy\": {\"automated\": null}}}'",
                          app->name);
    }
}

static void write_start(const struct adoption *adoption, struct text *out)
{
    text_string(out, "Look at what the roots would change (labels rootapp.dev/..., and what is listed above):\n"
                     "  rootapp render --keep-going --output rendered\n"
                     "  kubectl diff --filename rendered/root.yaml --filename rendered/root\n"
                     "Commit argo/root, take the files of the old ApplicationSets and Applications out of what "
                     "anything applies, and start the root:\n"
                     "  rootapp bootstrap --output argo/root-app.yaml\n"
                     "  git add argo && git commit --message 'Hand the Applications over to rootapp' && git push\n");
    write_command(out, adoption->argocd_namespace, "apply --filename argo/root-app.yaml");
    text_string(out, "All of them have to be as before, in Argo CD and in the cluster:\n");
    write_command(out, adoption->argocd_namespace, "get applications --selector rootapp.dev/app");
}

/* Others whose files it applies. */
static size_t count_others(const struct adoption *adoption, const struct existing *parent)
{
    size_t count = 0;
    for (size_t i = 0; i < adoption->object_count; i++) {
        const struct node *object = adoption->objects[i];
        struct place place = origins_place(adoption->origins, object->origin);
        bool taken = object == parent->node;
        for (size_t j = 0; j < adoption->count; j++)
            taken = taken || (adoption->apps[j].node == object && is_taken(&adoption->apps[j]));
        for (size_t j = 0; j < adoption->set_count; j++)
            taken = taken || (adoption->sets[j].node == object && is_whole_set_taken(adoption, &adoption->sets[j]));
        count += !taken && place.file && path_is_within(place.file, parent->path);
    }
    return count;
}

static void write_parents_end(const struct adoption *adoption, struct text *out)
{
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        size_t others = is_parent(adoption, app) ? count_others(adoption, app) : 0;
        if (!is_parent(adoption, app))
            continue;
        if (others) {
            text_format(
                out,
                "%s applies %zu others that the roots do not have. Take the files of what the roots have out of "
                "%s, and see that nothing would\n be pruned; then give it back what it had in before.yaml:\n"
                "  argocd app diff %s\n",
                app->name, others, app->path, app->name);
            continue;
        }
        text_format(out, "%s has nothing left to apply. Without its finalizer nothing goes with it:\n", app->name);
        write_command(out, adoption->argocd_namespace, "delete application %s --cascade=orphan", app->name);
    }
}

/* The root and those of environments have Argo CD's finalizer: without it they leave what they have applied. What an
 * object had of the API server, it cannot be made with again; and an owner that is gone must not come back with it. */
static void write_way_back(const struct adoption *adoption, struct text *out)
{
    const char *namespace = adoption->argocd_namespace;
    text_string(out,
                "The way back: the roots go without what they apply, and the ApplicationSets come again. They take "
                "the Applications of their names over:\n  for root in root");
    for (size_t i = 0; i < adoption->environment_count; i++)
        text_format(out, " %s-%s", adoption->other_roots ? "rootapp" : "root", adoption->environments[i].name);
    text_format(out,
                "; do\n"
                "    kubectl --namespace %s patch application $root --type merge --patch '{\"metadata\": "
                "{\"finalizers\": null}}'\n"
                "    kubectl --namespace %s delete application $root --cascade=orphan\n"
                "  done\n"
                "  sed '/^    \\(uid\\|resourceVersion\\): /d' applicationsets.yaml | kubectl apply --filename -\n",
                namespace, namespace);
}

void adoption_write_steps(const struct adoption *adoption, struct text *out)
{
    write_backup(out);
    write_parents(adoption, out);
    write_renamed(adoption, out, false);
    write_sets(adoption, out);
    write_kept_sets(adoption, out);
    write_start(adoption, out);
    write_renamed(adoption, out, true);
    write_parents_end(adoption, out);
    write_way_back(adoption, out);
}
