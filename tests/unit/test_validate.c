/* test_validate.c: the root set after patches. */
#include <stdio.h>

#include "generator_fixture.h"

static void setup(void)
{
    fixture_setup();
    add_overlay("apps/a/k8s/overlays/dev");
    add_overlay("apps/checkout/k8s/overlays/dev");
    generate(base_policy);
}

TestSuite(validate, .init = setup, .fini = fixture_teardown);

static bool is_valid(void)
{
    error_free(&fixture.error);
    return validate_root_set(&fixture.set, (const struct node *const *)fixture.set.nodes, fixture.set.count,
                             &fixture.error);
}

/* A patch of the user: merged into one resource. */
static void patch(const char *kind, const char *name, const char *text)
{
    struct node *node = find(kind, name);
    cr_assert(node, "%s %s", kind, name);
    merge_tree(&fixture.tree, node, parse("patch.yaml", text));
}

static void add(const char *text)
{
    fixture.set.nodes = arena_grow(fixture.tree.arena, fixture.set.nodes, fixture.set.count,
                                   &(size_t){fixture.set.count}, sizeof *fixture.set.nodes);
    fixture.set.nodes[fixture.set.count++] = parse("extra.yaml", text);
}

static void expect_invalid(const char *expected)
{
    cr_expect_not(is_valid(), "expected: %s", expected);
    cr_expect(fixture.error.message && strstr(message(), expected), "got '%s', expected '%s'", message(), expected);
}

Test(validate, what_is_generated_is_valid)
{
    cr_expect(is_valid(), "%s", fixture.error.message);
}

Test(validate, harmless_patches_are_allowed)
{
    patch("Application", "a-dev",
          "{metadata: {labels: {x: y}}, spec: {syncPolicy: {automated: null}, revisionHistoryLimit: 2}}");
    patch("Application", "a-dev", "{spec: {destination: {namespace: other-dev}, source: {targetRevision: v2}}}");
    patch("AppProject", "default-dev",
          "{spec: {description: x, namespaceResourceBlacklist: [{group: '', kind: Secret}]}}");
    patch("Application", "root-dev", "{spec: {syncPolicy: {automated: null}}}");
    cr_expect(is_valid(), "%s", fixture.error.message);
}

Test(validate, roots_keep_their_source)
{
    patch("Application", "root-dev", "{spec: {sources: [{repoURL: https://example.com/other.git, path: argo/root}]}}");
    expect_invalid("Application 'root-dev': the source of an environment's root cannot be changed");
    patch("Application", "root-dev", "{spec: {sources: null, source: {path: apps/a}}}");
    expect_invalid("Application 'root-dev': the source of an environment's root cannot be changed");
    patch("Application", "root-dev", "{spec: {source: {path: argo/root}, sourceHydrator: {drySource: {path: x}}}}");
    expect_invalid("Application 'root-dev': ");
}

Test(validate, paths_stay_in_the_repository)
{
    static const char *const outside[] = {"/apps", "..", "../apps", "apps/../../other"};
    char text[80];
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        snprintf(text, sizeof text, "{spec: {source: {path: %s}}}", outside[i]);
        patch("Application", "a-dev", text);
        snprintf(text, sizeof text, "Application 'a-dev': the path '%s' leads out of the repository", outside[i]);
        expect_invalid(text);
    }
    patch("Application", "a-dev", "{spec: {source: {path: apps/..a/b..}}}");
    cr_expect(is_valid(), "%s", message());
}

Test(validate, projects_of_applications)
{
    patch("Application", "a-dev", "{spec: {project: payments-dev}}");
    expect_invalid("Application 'a-dev': its project is 'default-dev' by the policy");
}

Test(validate, project_default_is_refused)
{
    patch("Application", "a-dev", "{spec: {project: default}}");
    expect_invalid("project 'default' is none of the policy's");
}

Test(validate, no_project_is_refused)
{
    patch("Application", "a-dev", "{spec: {project: null}}");
    expect_invalid("Application 'a-dev': spec.project: it is required");
}

Test(validate, fields_are_those_of_argo_cd)
{
    static const struct {
        const char *kind, *name, *patch, *expected;
    } wrong[] = {
        {"Application", "a-dev", "{spec: {syncPolicy: {retry: {limt: 3}}}}",
         "spec.syncPolicy.retry.limt: Argo CD has no such field (did you mean 'limit'?)"},
        {"Application", "a-dev", "{spec: {revisionHistoryLimit: '3'}}",
         "spec.revisionHistoryLimit: must be a whole number"},
        {"Application", "a-dev", "{spec: {syncPolicy: {automated: true}}}", "spec.syncPolicy.automated: must be a map"},
        {"Application", "a-dev", "{spec: {ignoreDifferences: [{group: apps}]}}",
         "spec.ignoreDifferences[0].kind: it is required"},
        {"Application", "a-dev", "{spec: {syncPolicy: {syncOptions: [1]}}}",
         "spec.syncPolicy.syncOptions[1]: must be a list of texts"},
        {"Application", "a-dev", "{status: {}}", "status: it cannot be set here"},
        {"Application", "a-dev", "{metadata: {uid: x}}", "metadata.uid: Argo CD has no such field"},
        {"Application", "a-dev", "{metadata: {labels: {a/b/c: x}}}",
         "metadata.labels.a/b/c: this is no name of a label"},
        {"Application", "a-dev", "{metadata: {labels: {a: b c}}}", "a label's value is at most 63 letters"},
        {"Application", "a-dev", "{metadata: {annotations: {a: 1}}}", "metadata.annotations.a: must be a map of texts"},
        {"Application", "a-dev", "{metadata: {finalizers: ['a b']}}", "this is no name of a finalizer"},
        {"Application", "a-dev", "{spec: {syncPolicy: {retry: {backoff: {maxDuration: 1d}}}}}", "'1d' is no duration"},
        {"Application", "a-dev", "{spec: {source: {path: ''}}}", "a source needs a path"},
        {"Application", "root-dev", "{spec: {destination: {name: in-cluster}}}",
         "the destination of an environment's root cannot be changed"},
        {"AppProject", "default-dev", "{spec: {orphanedResources: {warn: 'yes'}}}",
         "spec.orphanedResources.warn: must be true or false"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fixture_teardown();
        setup();
        patch(wrong[i].kind, wrong[i].name, wrong[i].patch);
        expect_invalid(wrong[i].expected);
    }
}

/* Argo CD compares repositories without case and ".git", and clusters without slashes at the end. */
Test(validate, addresses_are_compared_as_argo_cd_does)
{
    patch("Application", "a-dev", "{spec: {source: {repoURL: 'HTTPS://example.com/GitOps'}}}");
    patch("Application", "a-dev", "{spec: {destination: {name: null, server: 'https://kubernetes.default.svc/'}}}");
    cr_expect(is_valid(), "%s", fixture.error.message);
    patch("AppProject", "default-dev", "{spec: {sourceRepos: ['!https://Example.com/gitops.git']}}");
    expect_invalid("its project 'default-dev' does not permit the repository");
}

Test(validate, the_root_project_is_for_roots)
{
    patch("Application", "a-dev", "{spec: {project: argocd-root}}");
    expect_invalid("only the roots of environments may be in project 'argocd-root'");
}

Test(validate, destinations)
{
    patch("Application", "a-dev", "{spec: {destination: {namespace: checkout-dev}}}");
    expect_invalid("its project 'default-dev' does not permit namespace 'checkout-dev' on cluster 'in-cluster'");
}

Test(validate, argocd_namespace)
{
    patch("Application", "a-dev", "{spec: {destination: {namespace: argocd}}}");
    expect_invalid("namespace 'argocd' is reserved");
}

Test(validate, other_clusters)
{
    patch("Application", "a-dev", "{spec: {destination: {name: other}}}");
    expect_invalid("does not permit namespace 'a-dev' on cluster 'other'");
}

Test(validate, sources)
{
    patch("Application", "a-dev", "{spec: {source: {repoURL: https://evil.example.com}}}");
    expect_invalid("does not permit the repository 'https://evil.example.com'");
}

Test(validate, more_sources)
{
    patch("Application", "a-dev",
          "{spec: {source: null, sources: [{repoURL: https://example.com/gitops.git, path: a}, "
          "{repoURL: x}]}}");
    expect_invalid("does not permit the repository 'x'");
}

Test(validate, paths_that_leave)
{
    patch("Application", "a-dev", "{spec: {source: {path: ../x}}}");
    expect_invalid("leads out of the repository");
}

Test(validate, roots_are_as_they_were_made)
{
    patch("Application", "root-dev", "{spec: {source: {path: apps/a}}}");
    expect_invalid("the source of an environment's root cannot be changed");
}

Test(validate, roots_have_no_refresh_paths)
{
    patch("Application", "root-dev", "{metadata: {annotations: {argocd.argoproj.io/manifest-generate-paths: .}}}");
    expect_invalid("a root has no manifest-generate-paths");
}

Test(validate, roots_go_to_argocd)
{
    patch("Application", "root-dev", "{spec: {destination: {server: https://other}}}");
    expect_invalid("the destination of an environment's root cannot be changed");
}

Test(validate, a_root_in_another_project)
{
    patch("Application", "root-dev", "{spec: {project: default-dev}}");
    expect_invalid("this name belongs to a root");
}

Test(validate, names)
{
    patch("Application", "a-dev", "{metadata: {name: checkout-dev}}");
    expect_invalid("two resources have this name");
}

Test(validate, bad_names)
{
    patch("Application", "a-dev", "{metadata: {name: A}}");
    expect_invalid("a name is lower-case letters");
}

Test(validate, other_namespaces)
{
    patch("Application", "a-dev", "{metadata: {namespace: elsewhere}}");
    expect_invalid("namespace 'elsewhere': it has to be Argo CD's own");
}

Test(validate, other_kinds)
{
    add("{apiVersion: v1, kind: Secret, metadata: {name: x}}\n");
    expect_invalid("Secret 'x': a root set holds only Applications and AppProjects");
}

Test(validate, application_sets)
{
    add("{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: x}}\n");
    expect_invalid("a root set holds only");
}

Test(validate, an_application_of_the_admin_follows_the_same_rules)
{
    add("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: extra, namespace: argocd}, spec: "
        "{project: "
        "payments-dev, source: {repoURL: https://example.com/gitops.git, path: x}, destination: {server: "
        "https://kubernetes.default.svc, namespace: ledger-x-dev}}}\n");
    cr_expect(is_valid(), "%s", fixture.error.message);
    patch("Application", "extra", "{spec: {destination: {namespace: other-dev}}}");
    expect_invalid("does not permit namespace 'other-dev'");
}

Test(validate, the_name_of_the_root_is_taken)
{
    add("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: root}, spec: {project: "
        "default-dev, destination: {}}}\n");
    expect_invalid("this name belongs to a root");
}

Test(validate, projects_are_checked_as_argo_cd_would)
{
    patch("AppProject", "default-dev", "{spec: {roles: [{name: r, policies: [p]}]}}");
    expect_invalid("AppProject 'default-dev': policy 'p' must be");
}

Test(validate, a_project_must_not_reach_argo_cd)
{
    patch("AppProject", "default-dev", "{spec: {destinations: [{server: '*', namespace: '*'}]}}");
    expect_invalid("AppProject 'default-dev': it permits the namespace 'argocd'");
}

Test(validate, a_negated_namespace_is_found_out)
{
    patch("AppProject", "default-dev", "{spec: {destinations: [{server: '*', namespace: '!x'}]}}");
    expect_invalid("it permits the namespace 'argocd'");
}

Test(validate, projects_that_the_policy_does_not_have)
{
    add("{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: mine}, spec: {}}\n");
    expect_invalid("AppProject 'mine': the policy has no such project");
}

Test(validate, the_default_project)
{
    add("{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: default}, spec: {}}\n");
    expect_invalid("not the root set's to change");
}

Test(validate, the_root_project)
{
    add("{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: argocd-root}, spec: {}}\n");
    expect_invalid("not the root set's to change");
}

Test(validate, patches_must_not_remove_all)
{
    size_t kept = 0;
    for (size_t i = 0; i < fixture.set.count; i++)
        if (!node_find(node_get(node_get(fixture.set.nodes[i], &key_metadata), &key_labels), LABEL_APP))
            kept++;
    error_free(&fixture.error);
    cr_expect_not(validate_root_set(&fixture.set, (const struct node *const *)fixture.set.nodes, kept, &fixture.error));
    cr_expect(strstr(message(), "the patches leave none of 2 Applications"), "%s", message());
}

Test(validate, selection_after_patches)
{
    const struct node *child = find("Application", "a-dev"), *root = find("Application", "root-dev");
    cr_expect(root_set_selects(&fixture.set, "dev", child));
    cr_expect_not(root_set_selects(&fixture.set, "prod", child));
    cr_expect_not(root_set_selects(&fixture.set, NULL, child));
    cr_expect(root_set_selects(&fixture.set, NULL, root));
    cr_expect_not(root_set_selects(&fixture.set, "dev", root));
    cr_expect(root_set_selects(&fixture.set, "dev", find("AppProject", "default-dev")));
    cr_expect_not(root_set_selects(&fixture.set, "prod", find("AppProject", "default-dev")));
    cr_expect_not(root_set_selects(&fixture.set, NULL, find("AppProject", "default-dev")));
}

Test(validate, labels_that_narrowing_needs)
{
    patch("Application", "a-dev", "{metadata: {labels: {rootapp.dev/environment: prod}}}");
    expect_invalid("the labels rootapp.dev/app and rootapp.dev/environment cannot be changed");
    patch("AppProject", "default-dev", "{metadata: {labels: {rootapp.dev/environment: prod}}}");
    expect_invalid("the label rootapp.dev/environment cannot be changed");
}

Test(validate, everything_is_generated_even_when_narrowed)
{
    fixture.input.environment = "dev";
    generate(base_policy);
    cr_expect_not_null(find("AppProject", "default-prod"));
    cr_expect_not_null(find("Application", "root-prod"));
    cr_expect_not_null(find("Application", "a-dev"));
    cr_expect(is_valid(), "%s", message());
}
