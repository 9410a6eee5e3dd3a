/* applications.c: what Argo CD passes over, or refuses only later, in the generated Applications as the patches of the
 * root leave them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "check/check.h"

struct application_check {
    struct check_input *input;
    const struct check_target *target;
};

static struct finding *tell(const struct application_check *check, enum rule_id id, origin at, const char *message)
{
    struct span place = span_at(check->target->root_origins, origins_last_written(check->target->root_origins, at));
    if (!place.file)
        place = check_directory_place(check->input, check->target->directory);
    return check_report_in(check->input, check->target, id, place, NULL, "%s", message);
}

static const struct node *at_path(const struct node *node, const char *first, const char *second)
{
    return node_find(node_find(node, first), second);
}

/* Sources: of each one kind. Source: argo-cd pkg/apis/application/v1alpha1/types.go ExplicitType */
static void check_source(const struct application_check *check, const struct node *source)
{
    static const char *const kinds[] = {"kustomize", "helm", "directory"};
    for (size_t i = 0; node_find(source, "plugin") && i < sizeof kinds / sizeof *kinds; i++) {
        const struct node *other = node_find(source, kinds[i]);
        if (other && !node_is_null(other))
            tell(check, RA126, other->origin,
                 arena_format(
                     check->input->arena,
                     "the source has `%s` beside `plugin`: Argo CD refuses the Application, because it knows one "
                     "way to render it only",
                     kinds[i]))
                ->field = "spec.source";
    }
}

static void check_sources(const struct application_check *check, const struct node *spec)
{
    const struct node *sources = node_find(spec, "sources");
    check_source(check, node_find(spec, "source"));
    for (uint32_t i = 0; node_is_list(sources) && i < sources->count; i++)
        check_source(check, sources->items[i]);
}

/* Words that Argo CD knows. Source: argo-cd docs/user-guide/sync-options.md; common/common.go */
static const char *const options[] = {"Validate=false",
                                      "Validate=true",
                                      "CreateNamespace=true",
                                      "CreateNamespace=false",
                                      "PrunePropagationPolicy=foreground",
                                      "PrunePropagationPolicy=background",
                                      "PrunePropagationPolicy=orphan",
                                      "PruneLast=true",
                                      "PruneLast=false",
                                      "Prune=false",
                                      "Prune=true",
                                      "Prune=confirm",
                                      "Delete=false",
                                      "Delete=true",
                                      "Delete=confirm",
                                      "Replace=true",
                                      "Replace=false",
                                      "Force=true",
                                      "Force=false",
                                      "ServerSideApply=true",
                                      "ServerSideApply=false",
                                      "ApplyOutOfSyncOnly=true",
                                      "ApplyOutOfSyncOnly=false",
                                      "RespectIgnoreDifferences=true",
                                      "RespectIgnoreDifferences=false",
                                      "FailOnSharedResource=true",
                                      "FailOnSharedResource=false",
                                      "SkipDryRunOnMissingResource=true",
                                      "SkipDryRunOnMissingResource=false",
                                      "ClientSideApplyMigration=true",
                                      "ClientSideApplyMigration=false",
                                      "DisableClientSideApplyMigration=true",
                                      "ServerSideDiff=true",
                                      NULL};
static const char *const finalizers[] = {"resources-finalizer.argocd.argoproj.io",
                                         "resources-finalizer.argocd.argoproj.io/foreground",
                                         "resources-finalizer.argocd.argoproj.io/background",
                                         "foreground-finalizer.argocd.argoproj.io",
                                         "background-finalizer.argocd.argoproj.io",
                                         "post-delete-finalizer.argocd.argoproj.io",
                                         "post-delete-finalizer.argocd.argoproj.io/cleanup",
                                         "pre-delete-finalizer.argocd.argoproj.io",
                                         "pre-delete-finalizer.argocd.argoproj.io/cleanup",
                                         NULL};

static bool is_word(const char *const *words, const char *text)
{
    while (*words && strcmp(*words, text) != 0)
        words++;
    return *words;
}

static void check_options(const struct application_check *check, const struct node *list)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *text = node_text(list->items[i]);
        if (!text || is_word(options, text) || strncmp(text, "ManagedNamespaceMetadata", 24) == 0)
            continue;
        const char *near = nearest_name(text, options);
        struct finding *finding =
            tell(check, RA116, list->items[i]->origin,
                 arena_format(check->input->arena, "Argo CD does not know the sync option '%s'" DID_YOU_MEAN, text,
                              MEANT(near)));
        finding->field = "spec.syncPolicy.syncOptions";
        if (!near)
            finding->severity = SEVERITY_WARNING;
    }
}

/* Nobody takes an unknown one away, and the Application is never deleted. Those of others have another domain. */
static void check_finalizers(const struct application_check *check, const struct node *list)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *text = node_text(list->items[i]);
        if (!text || is_word(finalizers, text) || !strstr(text, "argo"))
            continue;
        const char *near = nearest_name(text, finalizers);
        tell(check, RA116, list->items[i]->origin,
             arena_format(check->input->arena,
                          "Argo CD does not know the finalizer '%s': the Application can never be deleted" DID_YOU_MEAN,
                          text, MEANT(near)))
            ->field = "metadata.finalizers";
    }
}

static void check_wave(const struct application_check *check, const struct node *wave)
{
    const char *text = node_text(wave);
    char *end = NULL;
    if (text)
        strtol(text, &end, 10);
    if (text && (end == text || *end))
        tell(check, RA116, wave->origin,
             arena_format(check->input->arena, "the sync wave '%s' is no whole number", text))
            ->field = "metadata.annotations";
}

/* Differences that are to be ignored. */

/* An object that is nearly of the kind that an entry names: other letters, or another group. */
static const struct check_object *find_near(const struct application_check *check, const char *group, const char *kind)
{
    const struct check_object *near = NULL;
    for (size_t i = 0; i < check->target->object_count; i++) {
        const struct check_object *object = &check->target->objects[i];
        if (strcasecmp(object->kind, kind) != 0)
            continue;
        if (strcmp(object->kind, kind) == 0 && strcmp(object->group, group) == 0)
            return NULL;
        near = object;
    }
    return near;
}

static void check_difference(const struct application_check *check, const struct node *entry)
{
    const struct node *kind = node_find(entry, "kind"), *pointers = node_find(entry, "jsonPointers");
    const char *group = node_text(node_find(entry, "group")), *text = node_text(kind);
    const struct check_object *near = text && !strchr(text, '*') && !(group && strchr(group, '*'))
                                          ? find_near(check, group ? group : "", text)
                                          : NULL;
    if (near)
        tell(check, RA127, kind->origin,
             arena_format(check->input->arena, "nothing is ignored: %s '%s' is in the group '%s' (kind: %s)",
                          near->kind, near->name, near->group, near->kind))
            ->field = "spec.ignoreDifferences";
    for (uint32_t i = 0; node_is_list(pointers) && i < pointers->count; i++) {
        const char *pointer = node_text(pointers->items[i]);
        if (pointer && *pointer && *pointer != '/')
            tell(check, RA127, pointers->items[i]->origin,
                 arena_format(check->input->arena, "'%s' is no JSON pointer: write /spec/replicas", pointer))
                ->field = "spec.ignoreDifferences";
    }
}

static void check_differences(const struct application_check *check, const struct node *spec)
{
    const struct node *list = node_find(spec, "ignoreDifferences"),
                      *automated = at_path(spec, "syncPolicy", "automated");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        check_difference(check, list->items[i]);
    if (!node_is_list(list) || !list->count || !automated ||
        node_list_has(at_path(spec, "syncPolicy", "syncOptions"), "RespectIgnoreDifferences=true"))
        return;
    tell(check, RA127, list->origin,
         "what is ignored when Argo CD compares is overwritten when it syncs: add the sync option "
         "RespectIgnoreDifferences=true")
        ->severity = SEVERITY_NOTE;
}

/* A patch of the root may take an Application away, and with it all that it has made. */
static void check_removed(const struct application_check *check)
{
    check_report_in(check->input, check->target, RA003, check_directory_place(check->input, check->target->directory),
                    NULL, "a patch of the RootApp's directory removes the Application '%s'",
                    check->target->found->name);
}

static void check_applications(struct check_input *input)
{
    static const char wave[] = "argocd.argoproj.io/sync-wave";
    for (size_t i = 0; i < input->target_count; i++) {
        const struct application_check check = {input, &input->targets[i]};
        const struct node *application = check.target->application, *metadata = node_find(application, "metadata"),
                          *spec = node_find(application, "spec");
        if (!application) {
            if (check.target->found && check.target->found->name && !check.target->found->problem)
                check_removed(&check);
            continue;
        }
        check_sources(&check, spec);
        check_options(&check, at_path(spec, "syncPolicy", "syncOptions"));
        check_finalizers(&check, node_find(metadata, "finalizers"));
        check_wave(&check, node_find(node_find(metadata, "annotations"), wave));
        check_differences(&check, spec);
    }
}

static const enum rule_id ids[] = {RA003, RA116, RA126, RA127, RULE_COUNT};
const struct check applications_check = {"applications", ids, check_applications};
