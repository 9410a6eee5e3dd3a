/* test_application.c: what an Application and an environment's root say. */
#include "generator_fixture.h"

static void setup(void)
{
    fixture_setup();
    add_overlay("apps/a/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/prod");
    add_overlay("apps/b/k8s/overlays/prod");
}

TestSuite(application, .init = setup, .fini = fixture_teardown);

static const char *with_spec(const char *lines)
{
    return with(base_policy, "spec:\n", arena_format(fixture.tree.arena, "spec:\n%s", lines));
}

Test(application, the_whole_of_one)
{
    generate(base_policy);
    cr_expect_str_eq(yaml_of(find("Application", "a-prod")), "apiVersion: argoproj.io/v1alpha1\n"
                                                             "kind: Application\n"
                                                             "metadata:\n"
                                                             "  finalizers:\n"
                                                             "  - resources-finalizer.argocd.argoproj.io\n"
                                                             "  labels:\n"
                                                             "    rootapp.dev/app: a\n"
                                                             "    rootapp.dev/cluster: in-cluster\n"
                                                             "    rootapp.dev/environment: prod\n"
                                                             "    rootapp.dev/team: default\n"
                                                             "  name: a-prod\n"
                                                             "  namespace: argocd\n"
                                                             "spec:\n"
                                                             "  destination:\n"
                                                             "    name: in-cluster\n"
                                                             "    namespace: a-prod\n"
                                                             "  project: default-prod\n"
                                                             "  source:\n"
                                                             "    path: apps/a/k8s/overlays/prod\n"
                                                             "    plugin:\n"
                                                             "      env:\n"
                                                             "      - name: ROOTAPP_VERSION\n"
                                                             "        value: 1.2.3\n"
                                                             "      name: rootapp\n"
                                                             "    repoURL: https://example.com/gitops.git\n"
                                                             "    targetRevision: main\n"
                                                             "  syncPolicy:\n"
                                                             "    automated:\n"
                                                             "      prune: true\n"
                                                             "      selfHeal: true\n"
                                                             "    retry:\n"
                                                             "      backoff:\n"
                                                             "        duration: 10s\n"
                                                             "        factor: 2\n"
                                                             "        maxDuration: 3m\n"
                                                             "      limit: 5\n"
                                                             "    syncOptions:\n"
                                                             "    - CreateNamespace=true\n");
}

Test(application, the_whole_of_an_environment_root)
{
    generate(base_policy);
    cr_expect_str_eq(yaml_of(find("Application", "root-prod")), "apiVersion: argoproj.io/v1alpha1\n"
                                                                "kind: Application\n"
                                                                "metadata:\n"
                                                                "  finalizers:\n"
                                                                "  - resources-finalizer.argocd.argoproj.io\n"
                                                                "  labels:\n"
                                                                "    rootapp.dev/environment: prod\n"
                                                                "  name: root-prod\n"
                                                                "  namespace: argocd\n"
                                                                "spec:\n"
                                                                "  destination:\n"
                                                                "    namespace: argocd\n"
                                                                "    server: https://kubernetes.default.svc\n"
                                                                "  project: argocd-root\n"
                                                                "  source:\n"
                                                                "    path: argo/root\n"
                                                                "    plugin:\n"
                                                                "      env:\n"
                                                                "      - name: ROOTAPP_VERSION\n"
                                                                "        value: 1.2.3\n"
                                                                "      name: rootapp\n"
                                                                "      parameters:\n"
                                                                "      - name: environment\n"
                                                                "        string: prod\n"
                                                                "    repoURL: https://example.com/gitops.git\n"
                                                                "    targetRevision: main\n"
                                                                "  syncPolicy:\n"
                                                                "    automated:\n"
                                                                "      prune: true\n"
                                                                "      selfHeal: true\n"
                                                                "    retry:\n"
                                                                "      backoff:\n"
                                                                "        duration: 10s\n"
                                                                "        factor: 2\n"
                                                                "        maxDuration: 3m\n"
                                                                "      limit: 5\n");
}

Test(application, partitions)
{
    generate(base_policy);
    cr_expect_not_null(find("Application", "root-prod"));
    cr_expect_not(root_set_selects(&fixture.set, NULL, find("Application", "a-prod")),
                  "the environments' roots apply the Applications");
    cr_expect_eq(fixture.set.application_count, 3, "but the table has them all");
    generate(with_spec("  partition: none\n"));
    cr_expect_null(find("Application", "root-prod"));
    cr_expect(root_set_selects(&fixture.set, NULL, find("Application", "a-prod")));
    cr_expect(root_set_selects(&fixture.set, NULL, find("AppProject", "default-prod")));
}

Test(application, environments_may_follow_another_revision)
{
    generate(with(base_policy, "{name: prod,", "{name: prod, targetRevision: release,"));
    cr_expect(says("Application", "a-prod", "targetRevision: release"));
    cr_expect(says("Application", "root-prod", "targetRevision: release"), "what is found is what is rendered");
    cr_expect(says("Application", "a-dev", "targetRevision: main"));
}

static void expect_finalizers(const char *template, const char *expected)
{
    generate(with_spec(
        arena_format(fixture.tree.arena, "  application: {template: {metadata: {finalizers: %s}}}\n", template)));
    cr_expect(says("Application", "a-dev", expected), "%s", template);
}

Test(application, finalizers_of_a_template)
{
    add_overlay("apps/a/k8s/overlays/dev");
    expect_finalizers("[x.example.com/y]",
                      "finalizers:\n  - resources-finalizer.argocd.argoproj.io\n  - x.example.com/y\n");
    expect_finalizers("[resources-finalizer.argocd.argoproj.io/background]",
                      "metadata:\n  finalizers:\n  - resources-finalizer.argocd.argoproj.io/background\n  labels:");
    expect_finalizers("[]", "finalizers:\n  - resources-finalizer.argocd.argoproj.io\n");
    expect_finalizers("null", "metadata:\n  labels:");
}

Test(application, deletion)
{
    generate(with(base_policy, "{name: prod,", "{name: prod, deletion: keep,"));
    cr_expect(says("Application", "a-prod", "sync-options: Prune=false,Delete=false"));
    cr_expect_not(says("Application", "a-prod", "finalizers"));
    cr_expect(says("Application", "root-prod", "sync-options: Prune=false,Delete=false"));
    cr_expect(says("Application", "a-dev", "finalizers:\n  - resources-finalizer.argocd.argoproj.io\n"));
    cr_expect_not(says("Application", "a-dev", "sync-options"));
    generate(with(base_policy, "{name: prod,", "{name: prod, deletion: confirm,"));
    cr_expect(says("Application", "a-prod", "sync-options: Prune=confirm,Delete=confirm"));
    cr_expect(says("Application", "a-prod", "finalizers"));
}

Test(application, a_template_cannot_undo_a_deletion_policy)
{
    const char *policy = with_spec("  application: {template: {metadata: {finalizers: [x.example.com/y], annotations: "
                                   "{argocd.argoproj.io/sync-options: ServerSideApply=true}}}}\n");
    generate(with(policy, "{name: prod,", "{name: prod, deletion: keep,"));
    cr_expect(says("Application", "a-prod", "sync-options: ServerSideApply=true,Prune=false,Delete=false"));
    cr_expect(says("Application", "a-prod", "finalizers:\n  - x.example.com/y\n"));
    cr_expect(
        says("Application", "a-dev", "finalizers:\n  - resources-finalizer.argocd.argoproj.io\n  - x.example.com/y\n"));
}

Test(application, the_template_merges_as_a_tree)
{
    generate(with_spec(
        "  application:\n"
        "    template:\n"
        "      metadata: {labels: {owner: '{team}'}, annotations: {where: '{path} in {namespace} of {cluster}'}}\n"
        "      spec:\n"
        "        revisionHistoryLimit: 3\n"
        "        syncPolicy: {automated: {selfHeal: false}, syncOptions: [ServerSideApply=true, "
        "CreateNamespace=false], retry: null}\n"
        "        ignoreDifferences: [{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}]\n"
        "        source: {plugin: {env: [{name: X, value: '{app}'}]}}\n"));
    cr_expect(says("Application", "a-prod", "owner: default"));
    cr_expect(says("Application", "a-prod", "where: apps/a/k8s/overlays/prod in a-prod of in-cluster"));
    cr_expect(says("Application", "a-prod", "selfHeal: false"), "booleans survive");
    cr_expect(says("Application", "a-prod", "prune: true"));
    cr_expect(says("Application", "a-prod", "syncOptions:\n    - CreateNamespace=false\n    - ServerSideApply=true\n"));
    cr_expect(says("Application", "a-prod", "revisionHistoryLimit: 3\n"));
    cr_expect(says("Application", "a-prod",
                   "- name: ROOTAPP_VERSION\n        value: 1.2.3\n      - name: X\n        value: a\n"));
    cr_expect_not(says("Application", "a-prod", "retry"));
    cr_expect(says("Application", "a-prod", "jsonPointers:\n    - /spec/replicas\n"));
}

Test(application, kustomize_renders_without_a_plugin)
{
    generate(with_spec("  application: {renderer: kustomize}\n"));
    cr_expect_not(says("Application", "a-prod", "plugin"));
    cr_expect(says("Application", "root-prod", "plugin"), "a root always needs it");
}

Test(application, break_glass)
{
    generate(base_policy);
    cr_expect_not(says("Application", "root-prod", "ignoreDifferences"));
    generate(with_spec("  breakGlass: true\n"));
    cr_expect(says("Application", "root-prod",
                   "ignoreDifferences:\n  - group: argoproj.io\n    jsonPointers:\n"
                   "    - /spec/syncPolicy/automated\n    kind: Application\n"));
    cr_expect(says("Application", "root-prod", "- RespectIgnoreDifferences=true"));
    cr_expect_not(says("Application", "a-prod", "ignoreDifferences"));
}

/* manifest-generate-paths. */

static bool scan(void *context, const char *overlay, struct arena *arena, struct name_list *out, size_t *cost,
                 struct error *error)
{
    *cost = 100;
    const char *const *paths = context;
    if (strstr(overlay, "apps/b/"))
        return error_set(error, "%s/kustomization.yaml: no such file: ../gone", overlay);
    size_t count = 0;
    while (paths[count])
        count++;
    out->names = ARENA_ARRAY(arena, count + 1, const char *);
    memcpy(out->names, paths, count * sizeof *paths);
    out->count = count;
    return true;
}

static void expect_paths(const char *const *scanned, const char *expected)
{
    fixture.input.scan = scan;
    fixture.input.scan_context = (void *)scanned;
    generate(base_policy);
    cr_expect(
        says("Application", "a-prod", arena_format(fixture.tree.arena, "manifest-generate-paths: %s\n", expected)),
        "%s", fixture.text.bytes);
}

Test(application, refresh_paths)
{
    add_file("components/probes/kustomization.yaml", "");
    add_file("components/probes/sub/x.yaml", "");
    add_file("components-2/kustomization.yaml", "");
    add_file("shared/values.yaml", "");
    expect_paths((const char *[]){"apps/a/k8s/base", NULL}, "/apps/a/k8s");
    expect_paths((const char *[]){"components/probes/sub", "components/probes", "components-2", "shared/values.yaml",
                                  "apps/a/k8s/base", "components/probes", NULL},
                 "/apps/a/k8s;/components/probes;/components-2;/shared;/.whole-repository");
    expect_paths((const char *[]){"shared/gone", "apps/a/k8s/gone", NULL},
                 "/apps/a/k8s;/shared/gone;/.whole-repository");
    expect_paths((const char *[]){"apps/a/common", NULL}, "/apps/a/k8s;/apps/a/common");
    expect_paths((const char *[]){"components", "apps", NULL}, "/apps;/components;/.whole-repository");
    expect_paths((const char *[]){"components", ".", NULL}, "/");
}

static void expect_part(const char *const *scanned, const char *paths, const char *part)
{
    expect_paths(scanned, paths);
    if (part)
        cr_expect(says("Application", "a-prod",
                       arena_format(fixture.tree.arena, "- name: ROOTAPP_PART\n        value: %s\n", part)),
                  "%s", fixture.text.bytes);
    else
        cr_expect_not(says("Application", "a-prod", "ROOTAPP_PART"));
}

/* The source has to change when what Argo CD sends does. */
Test(application, the_source_names_a_part_that_is_enough)
{
    expect_part((const char *[]){"apps/a/k8s/base", NULL}, "/apps/a/k8s", "apps/a/k8s");
    expect_part((const char *[]){"apps/a/common", NULL}, "/apps/a/k8s;/apps/a/common", "apps/a");
    expect_part((const char *[]){"shared/gone", NULL}, "/apps/a/k8s;/shared/gone;/.whole-repository", NULL);
    cr_expect_not(says("Application", "b-prod", "ROOTAPP_PART"), "what it needs is not known");
}

/* Above an app, a directory of a group of apps, with few files, all of one team. */
static const char groups[] = "apps/*/{app}/k8s/overlays/{env}";
static const char *const shares[] = {"apps/search/_components", NULL};
static const char shared[] = "/apps/search/a/k8s;/apps/search/_components";
static const char everything[] = "/apps/search/a/k8s;/apps/search/_components;/.whole-repository";

static void add_group(void)
{
    add_overlay("apps/search/a/k8s/overlays/prod");
    add_file("apps/search/_components/kustomization.yaml", "");
}

static void expect_sent(const char *policy, const char *paths, const char *part)
{
    struct arena *arena = fixture.tree.arena;
    fixture.input.scan = scan;
    fixture.input.scan_context = (void *)shares;
    generate(with(policy, "apps/{app}/k8s/overlays/{env}", groups));
    cr_expect(says("Application", "a-prod", arena_format(arena, "manifest-generate-paths: %s\n", paths)), "%s",
              fixture.text.bytes);
    if (part)
        cr_expect(
            says("Application", "a-prod", arena_format(arena, "- name: ROOTAPP_PART\n        value: %s\n", part)));
    else
        cr_expect_not(says("Application", "a-prod", "ROOTAPP_PART"));
}

Test(application, apps_that_share_a_directory_of_their_group_are_sent_it)
{
    add_group();
    expect_sent(base_policy, shared, "apps/search");
    add_overlay("apps/payments/checkout/k8s/overlays/prod"); /* of the team payments */
    expect_sent(base_policy, shared, "apps/search");
    add_overlay("apps/search/ledger-1/k8s/overlays/prod");
    expect_sent(base_policy, everything, NULL);
}

Test(application, what_all_apps_share_is_everybodys)
{
    static const char *const all[] = {"apps/_components", NULL};
    expect_part(all, "/apps/a/k8s;/apps/_components;/.whole-repository", NULL);
}

static void add_many(const char *directory, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_file(arena_format(fixture.tree.arena, "%s/%zu", directory, i), "");
}

Test(application, a_group_with_many_files_is_too_much)
{
    add_group();
    add_many("apps/search/_components", 300);
    expect_sent(base_policy, shared, "apps/search");
    add_many("apps/search/b", 100);
    expect_sent(base_policy, everything, NULL);
}

/* renderer: auto */

static void generate_auto(const char *const *scanned)
{
    fixture.input.scan = scan;
    fixture.input.scan_context = (void *)scanned;
    generate(with_spec("  application: {renderer: auto}\n"));
}

Test(application, auto_is_the_plugin_where_few_files_are_sent)
{
    add_many("elsewhere", 501);
    generate_auto((const char *[]){"apps/a/k8s/base", NULL});
    cr_expect(says("Application", "a-prod", "value: apps/a/k8s\n"));
    add_group();
    expect_sent(with_spec("  application: {renderer: auto}\n"), shared, "apps/search");
    cr_expect(says("Application", "a-prod", "plugin"));
}

Test(application, auto_is_the_plugin_in_a_small_repository)
{
    generate_auto((const char *[]){"components", NULL});
    cr_expect(says("Application", "a-prod", "plugin"));
    cr_expect(says("Application", "a-prod", "/.whole-repository"));
}

Test(application, auto_is_argo_cds_kustomize_where_many_files_are_sent)
{
    add_many("components", 501);
    generate_auto((const char *[]){"components", NULL});
    cr_expect_not(says("Application", "a-prod", "plugin"));
    cr_expect(says("Application", "a-prod", "manifest-generate-paths: /apps/a/k8s;/components\n"));
    cr_expect(says("Application", "b-prod", "plugin"), "what cannot be followed keeps the better messages");
    cr_expect(says("Application", "root-prod", "plugin"), "a root always needs it");
    add_many("apps/a/k8s", 501);
    generate_auto((const char *[]){NULL});
    cr_expect_not(says("Application", "a-prod", "plugin"), "an app of its own with many files");
}

Test(application, roots_have_no_refresh_paths)
{
    expect_paths((const char *[]){NULL}, "/apps/a/k8s");
    cr_expect_not(says("Application", "root-prod", "ROOTAPP_PART"));
    cr_expect_not(says("Application", "root-prod", "manifest-generate-paths"));
}

Test(application, a_path_that_cannot_be_said_refreshes_always)
{
    add_file("odd;name/kustomization.yaml", "");
    fixture.input.scan = scan;
    fixture.input.scan_context = (void *)(const char *[]){"odd;name", NULL};
    generate(base_policy);
    cr_expect_not(says("Application", "a-prod", "manifest-generate-paths"));
}

Test(application, a_broken_overlay_keeps_its_application)
{
    fixture.input.scan = scan;
    fixture.input.scan_context = (void *)(const char *[]){NULL};
    generate(base_policy);
    cr_expect_not_null(find("Application", "b-prod"));
    cr_expect_not(says("Application", "b-prod", "manifest-generate-paths"), "what it needs is not known");
    cr_expect(has_problem("apps/b/k8s/overlays/prod", "no such file: ../gone"));
    cr_expect(says("Application", "a-prod", "manifest-generate-paths"));
}

/* app.yaml. */

Test(application, an_app_may_describe_itself)
{
    add_file("apps/a/app.yaml", "description: The shop\nlinks: {dashboard: https://grafana.example.com/d/1}\n"
                                "notifications:\n- {trigger: on-sync-failed, service: slack, recipients: [shop, ops]}\n"
                                "- {service: email, recipients: [a@example.com]}\n");
    generate(base_policy);
    cr_expect(says("Application", "a-prod", "link.argocd.argoproj.io/dashboard: https://grafana.example.com/d/1\n"));
    cr_expect(says("Application", "a-prod", "notifications.argoproj.io/subscribe.on-sync-failed.slack: shop;ops\n"));
    cr_expect(says("Application", "a-prod", "notifications.argoproj.io/subscribe.email: a@example.com\n"));
    cr_expect(says("Application", "a-prod", "info:\n  - name: description\n    value: The shop\n"));
    cr_expect_not(says("Application", "b-prod", "info"));
    cr_expect_null(target_at("apps/a/k8s/overlays/prod")->problem);
}

Test(application, a_hostile_app_file_hurts_only_itself)
{
    static const char *const bad[] = {
        "project: default\nlinks: {}\n",
        "descripton: x\n",
        "description: [x]\n",
        "description: \"a\\nb\"\n",
        "links: {x: 'javascript:alert(1)'}\n",
        "links: {x: 'https://a b'}\n",
        "links: {'a/b': https://x}\n",
        "notifications: [{service: s, recipients: []}]\n",
        "notifications: [{service: S, recipients: [a]}]\n",
        "notifications: [{service: s, recipients: ['a;b']}]\n",
        "notifications: [{trigger: this-is-a-very-long-trigger-indeed-it-is, service: and-a-long-service, recipients: "
        "[a]}]\n",
        "{",
        "\t",
        "%YAML 9\n---\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        source_free(fixture.source);
        fixture.source = source_memory();
        fixture.input.source = fixture.source;
        add_overlay("apps/a/k8s/overlays/prod");
        add_file("apps/a/app.yaml", bad[i]);
        generate(base_policy);
        cr_expect(has_problem("apps/a/k8s/overlays/prod", "apps/a/app.yaml"), "%s", bad[i]);
        cr_expect(has_problem("apps/a/k8s/overlays/prod", "the file is ignored"), "%s", bad[i]);
        cr_expect_not(says("Application", "a-prod", "link.argocd"), "%s", bad[i]);
        cr_expect_not(says("Application", "a-prod", "info"), "%s", bad[i]);
    }
}

Test(application, a_file_of_others_is_no_problem)
{
    static const char *const others[] = {
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n",
        "a: &a [x, x]\nb: &b [*a, *a]\n",
        "annotations: {argocd.argoproj.io/sync-options: Prune=false}\n",
        "- 1\n",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        source_free(fixture.source);
        fixture.input.source = fixture.source = source_memory();
        add_overlay("apps/a/k8s/overlays/prod");
        add_file("apps/a/app.yaml", others[i]);
        add_file("apps/a/about.yaml", "description: The shop\n");
        generate(base_policy);
        cr_expect_null(target_at("apps/a/k8s/overlays/prod")->problem, "%s", others[i]);
        cr_expect_not(says("Application", "a-prod", "sync-options"));
        generate(with_spec("  appFile: about.yaml\n"));
        cr_expect(says("Application", "a-prod", "value: The shop"));
    }
    expect_refusal(with_spec("  appFile: ../x\n"), "'../x' is no name of a file");
}

Test(application, a_huge_app_file_hurts_only_itself)
{
    struct text text = {0};
    text_string(&text, "links: {");
    for (size_t i = 0; i < 3000; i++)
        text_format(&text, "a%zu: x, ", i);
    text_string(&text, "}\n");
    add_file("apps/a/app.yaml", text.bytes);
    text_repeat(&text, '#', 70000);
    add_file("apps/b/app.yaml", text.bytes);
    generate(base_policy);
    cr_expect(has_problem("apps/a/k8s/overlays/prod", "ignored"));
    cr_expect(has_problem("apps/b/k8s/overlays/prod", "larger than 64 KiB"));
    text_free(&text);
}

Test(application, the_policy_wins_over_an_app_file)
{
    add_file("apps/a/app.yaml", "links: {x: https://tenant.example.com}\n");
    generate(with_spec(
        "  application: {template: {metadata: {annotations: {link.argocd.argoproj.io/x: https://admin}}}}\n"));
    cr_expect(says("Application", "a-prod", "link.argocd.argoproj.io/x: https://admin\n"));
}
