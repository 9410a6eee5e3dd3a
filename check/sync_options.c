/* sync_options.c: annotations by which Argo CD is told how to sync an object, and that it passes over if they are
 * misspelt. */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "check/check.h"

/* Source: gitops-engine pkg/sync/common/types.go, argo-cd common/common.go */
static const char *const sync_options[] = {"Prune=false",
                                           "Prune=confirm",
                                           "Delete=false",
                                           "Delete=confirm",
                                           "Validate=false",
                                           "Validate=true",
                                           "Replace=true",
                                           "Replace=false",
                                           "Force=true",
                                           "Force=false",
                                           "ServerSideApply=true",
                                           "ServerSideApply=false",
                                           "PruneLast=true",
                                           "PruneLast=false",
                                           "Prune=true",
                                           "Delete=true",
                                           "SkipDryRunOnMissingResource=true",
                                           "SkipDryRunOnMissingResource=false",
                                           "ApplyOutOfSyncOnly=true",
                                           "ClientSideApplyMigration=false",
                                           "ClientSideApplyMigration=true",
                                           NULL};
static const char *const compare_options[] = {
    "IgnoreExtraneous",     "IgnoreResourceUpdates=true",  "ServerSideDiff=true",
    "ServerSideDiff=false", "IncludeMutationWebhook=true", NULL};
static const char *const hooks[] = {"PreSync", "Sync", "PostSync", "SyncFail", "PostDelete", "PreDelete", "Skip", NULL};
static const char *const hook_policies[] = {"HookSucceeded", "HookFailed", "BeforeHookCreation", NULL};

/* Helm's own, of which Argo CD runs those that have a phase of its own.
 * Source: argo-cd docs/user-guide/helm.md, Helm Hooks */
static const char *const helm_hooks[] = {"pre-install",  "post-install", "pre-upgrade", "post-upgrade",
                                         "post-delete",  "pre-delete",   "crd-install", "test",
                                         "test-success", "test-failure", NULL};

/* Each annotation and the words that it may have, between commas; NULL: a whole number. */
static const struct {
    const char *annotation;
    const char *const *words;
} annotations[] = {
    {"argocd.argoproj.io/sync-options", sync_options},
    {"argocd.argoproj.io/compare-options", compare_options},
    {"argocd.argoproj.io/hook", hooks},
    {"argocd.argoproj.io/hook-delete-policy", hook_policies},
    {"argocd.argoproj.io/sync-wave", NULL},
    {"helm.sh/hook", helm_hooks},
};

/* Annotations of Argo CD that objects have, so that a misspelt one is told. */
static const char *const known[] = {"argocd.argoproj.io/sync-options",
                                    "argocd.argoproj.io/compare-options",
                                    "argocd.argoproj.io/hook",
                                    "argocd.argoproj.io/hook-delete-policy",
                                    "argocd.argoproj.io/sync-wave",
                                    "argocd.argoproj.io/tracking-id",
                                    "argocd.argoproj.io/installation-id",
                                    "argocd.argoproj.io/refresh",
                                    "argocd.argoproj.io/manifest-generate-paths",
                                    "argocd.argoproj.io/skip-reconcile",
                                    "argocd.argoproj.io/managed-by",
                                    "argocd.argoproj.io/ignore-healthcheck",
                                    "argocd.argoproj.io/ignore-resource-updates",
                                    "argocd.argoproj.io/application-set-refresh",
                                    "argocd.argoproj.io/deletion-approved",
                                    NULL};

struct annotation_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
    const struct entry *entry;
};

static void tell_unknown(const struct annotation_check *check, origin at, const char *word, const char *near)
{
    struct finding *finding =
        check_report(check->input, check->target, RA116, at, check->object,
                     "Argo CD does not know '%s' in %s" DID_YOU_MEAN, word, check->entry->key->text, MEANT(near));
    finding->fix = near;
    finding->field = "metadata.annotations";
}

static const char *trimmed_word(struct arena *arena, const char *start, size_t size)
{
    while (size && *start == ' ')
        start++, size--;
    while (size && start[size - 1] == ' ')
        size--;
    return arena_copy(arena, start, size);
}

static void check_words(const struct annotation_check *check, const char *const *words)
{
    const struct node *value = check->entry->value;
    for (const char *at = value->text;; at++) {
        size_t size = strcspn(at, ",");
        const char *word = trimmed_word(check->input->arena, at, size);
        if (*word && !string_in(words, word))
            tell_unknown(check, value->origin, word, nearest_name(word, words));
        at += size;
        if (!*at)
            return;
    }
}

static void check_wave(const struct annotation_check *check)
{
    const char *text = check->entry->value->text;
    char *end;
    strtol(text, &end, 10);
    if (end == text || *end)
        tell_unknown(check, check->entry->value->origin, text, NULL);
}

static void check_annotation(const struct annotation_check *check)
{
    static const char prefix[] = "argocd.argoproj.io/";
    const char *name = check->entry->key->text;
    bool is_own = strncmp(name, prefix, sizeof prefix - 1) == 0;
    if ((!is_own && strcmp(name, "helm.sh/hook") != 0) || !node_is_scalar(check->entry->value))
        return;
    for (size_t i = 0; i < sizeof annotations / sizeof *annotations; i++) {
        if (strcmp(annotations[i].annotation, name) != 0)
            continue;
        if (annotations[i].words)
            check_words(check, annotations[i].words);
        else
            check_wave(check);
        return;
    }
    const char *near = string_in(known, name) ? NULL : nearest_name(name, known);
    if (near)
        tell_unknown(check, check->entry->origin, name, near);
}

static void check_sync_options(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            const struct node *map = node_find(node_find(object->root, "metadata"), "annotations");
            for (uint32_t k = 0; node_is_map(map) && k < map->count; k++)
                check_annotation(&(struct annotation_check){input, &input->targets[i], object, &map->entries[k]});
        }
}

static const enum rule_id ids[] = {RA116, RULE_COUNT};
const struct check sync_options_check = {"sync_options", ids, check_sync_options};
