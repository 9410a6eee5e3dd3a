/* test_discover.c: which directories become targets, and that what is wrong with one leaves the others alone. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator_fixture.h"

TestSuite(discover, .init = fixture_setup, .fini = fixture_teardown);

static const char *policy_with_rules(const char *rules)
{
    return with(base_policy, "  - {path: 'apps/{app}/k8s/overlays/{env}'}\n", rules);
}

Test(discover, a_name_is_exactly_one_segment)
{
    add_overlay("apps/a/k8s/overlays/dev");
    add_overlay("apps/group/b/k8s/overlays/dev");
    generate(base_policy);
    cr_expect_eq(fixture.set.application_count, 1);
    cr_expect_not_null(find("Application", "a-dev"));
}

Test(discover, wildcards_stay_within_a_segment)
{
    add_overlay("apps/one-x/a/dev");
    add_overlay("apps/two-x/b/dev");
    add_overlay("apps/one-x/deep/c/dev");
    add_overlay("apps/q-1/d/dev");
    generate(policy_with_rules("  - {path: 'apps/[o-p]ne-*/{app}/{env}'}\n  - {path: 'apps/?-1/{app}/{env}'}\n"));
    cr_expect_eq(fixture.set.application_count, 2);
    cr_expect_not_null(find("Application", "a-dev"));
    cr_expect_not_null(find("Application", "d-dev"));
}

Test(discover, exclusions_take_away_from_the_paths_above)
{
    add_overlay("apps/legacy-a/k8s/overlays/dev");
    add_overlay("apps/legacy-keep/k8s/overlays/dev");
    add_overlay("apps/b/k8s/overlays/dev");
    generate(policy_with_rules("  - {path: 'apps/{app}/k8s/overlays/{env}'}\n"
                               "  - {path: 'apps/legacy-*/**', exclude: true}\n"
                               "  - {path: 'apps/legacy-keep/k8s/overlays/{env}', app: legacy-keep}\n"));
    cr_expect_eq(fixture.set.application_count, 2);
    cr_expect_not_null(find("Application", "b-dev"));
    cr_expect_not_null(find("Application", "legacy-keep-dev"));
    cr_expect_null(target_at("apps/legacy-a/k8s/overlays/dev"), "an excluded directory is no problem");
}

Test(discover, any_depth)
{
    add_overlay("teams/x/y/z/a/overlays/dev");
    add_overlay("teams/b/overlays/prod");
    add_overlay("other/c/overlays/prod");
    generate(policy_with_rules("  - {path: 'teams/**/{app}/overlays/{env}'}\n"));
    cr_expect_eq(fixture.set.application_count, 2);
    cr_expect_str_eq(target_at("teams/x/y/z/a/overlays/dev")->app, "a");
}

Test(discover, fixed_names_beside_the_path)
{
    add_overlay("argo/observability/overlays/prod");
    add_overlay("infra/dns");
    generate(policy_with_rules("  - {path: 'argo/observability/overlays/{env}', app: observability}\n"
                               "  - {path: infra/dns, app: dns, env: dev}\n"));
    cr_expect_not_null(find("Application", "observability-prod"));
    cr_expect_not_null(find("Application", "dns-dev"));
}

Test(discover, hidden_directories_are_skipped)
{
    add_overlay("apps/_template/k8s/overlays/dev");
    add_overlay("apps/.old/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/_shared");
    generate(base_policy);
    cr_expect_eq(fixture.set.target_count, 1);
}

Test(discover, a_directory_that_cannot_be_a_target_is_skipped_and_reported)
{
    add_overlay("apps/a/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/qa");
    add_overlay("apps/Upper/k8s/overlays/dev");
    add_file("apps/empty/k8s/overlays/dev/readme", "");
    add_overlay("apps/this-name-is-so-long-that-nothing-can-come-behind-it-in-63-byte/k8s/overlays/dev");
    generate(base_policy);
    cr_expect_eq(fixture.set.application_count, 1);
    cr_expect_eq(fixture.set.target_count, 5);
    cr_expect(has_problem("apps/a/k8s/overlays/qa", "'qa' is not listed"));
    cr_expect(has_problem("apps/Upper/k8s/overlays/dev", "no name of an app"));
    cr_expect(has_problem("apps/empty/k8s/overlays/dev", "no kustomization.yaml"));
    cr_expect(has_problem("apps/this-name-is-so-long-that-nothing-can-come-behind-it-in-63-byte/k8s/overlays/dev",
                          "at most 63"));
}

/* Pruning a running app because somebody added a second file would be worse than showing the error in Argo CD. */
Test(discover, two_kustomization_files_keep_the_application)
{
    add_overlay("apps/a/k8s/overlays/dev");
    add_file("apps/a/k8s/overlays/dev/Kustomization", "");
    generate(base_policy);
    cr_expect_not_null(find("Application", "a-dev"));
    cr_expect(has_problem("apps/a/k8s/overlays/dev", "more than one kustomization file"));
}

Test(discover, every_name_of_a_kustomization_file_counts)
{
    add_file("apps/a/k8s/overlays/dev/kustomization.yml", "");
    add_file("apps/b/k8s/overlays/dev/Kustomization", "");
    generate(base_policy);
    cr_expect_eq(fixture.set.application_count, 2);
}

Test(discover, no_target_is_an_error_unless_allowed)
{
    add_file("apps/readme", "");
    expect_refusal(base_policy, "spec.discover finds no target; if none is what you want, set allowEmpty: true");
    generate(with(base_policy, "  source:", "  allowEmpty: true\n  source:"));
    cr_expect_eq(fixture.set.application_count, 0);
}

Test(discover, an_error_about_no_target_names_the_first_problem)
{
    add_overlay("apps/a/k8s/overlays/qa");
    expect_refusal(base_policy, "finds no target: apps/a/k8s/overlays/qa: environment 'qa' is not listed");
}

Test(discover, an_environment_without_targets_is_an_error_when_narrowed)
{
    add_overlay("apps/a/k8s/overlays/dev");
    fixture.input.environment = "prod";
    expect_refusal(base_policy, "finds no target for environment prod");
    generate(with(base_policy, "{name: prod,", "{name: prod, allowEmpty: true,"));
    expect_refusal(with(with(base_policy, "  source:", "  allowEmpty: true\n  source:"), "{name: prod,",
                        "{name: prod, allowEmpty: false,"),
                   "finds no target for environment prod");
    expect_refusal(with(base_policy, "  source:", "  allowEmpty: false\n  source:"), "no target");
    fixture.input.environment = NULL;
    generate(base_policy);
}

Test(discover, an_unknown_environment_is_an_error)
{
    add_overlay("apps/a/k8s/overlays/dev");
    fixture.input.environment = "qa";
    expect_refusal(base_policy, "environment 'qa' is not listed in spec.environments");
}

Test(discover, a_narrowed_call_has_the_whole_set)
{
    add_overlay("apps/a/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/prod");
    fixture.input.environment = "prod";
    generate(base_policy);
    cr_expect(root_set_selects(&fixture.set, "prod", find("Application", "a-prod")));
    cr_expect_not(root_set_selects(&fixture.set, "prod", find("Application", "a-dev")), "patches may name it");
}

Test(discover, the_order_of_files_does_not_matter)
{
    static const char *const paths[] = {"apps/b/k8s/overlays/dev", "apps/a/k8s/overlays/prod", "apps/c/k8s/overlays/qa",
                                        "apps/a/k8s/overlays/dev"};
    struct text first = {0};
    for (size_t i = 0; i < 4; i++)
        add_overlay(paths[i]);
    generate(base_policy);
    for (size_t i = 0; i < fixture.set.count; i++)
        cr_assert(emit_yaml(fixture.set.nodes[i], &first, &fixture.error));
    struct source *other = source_memory();
    for (size_t i = 4; i-- > 0;)
        source_memory_add(other, arena_format(fixture.tree.arena, "%s/kustomization.yaml", paths[i]), "", 0);
    fixture.input.source = other;
    generate(base_policy);
    struct text second = {0};
    for (size_t i = 0; i < fixture.set.count; i++)
        cr_assert(emit_yaml(fixture.set.nodes[i], &second, &fixture.error));
    cr_expect_str_eq(first.bytes, second.bytes);
    cr_expect_str_eq(fixture.set.targets[0].path, "apps/a/k8s/overlays/dev");
    cr_expect_str_eq(fixture.set.targets[1].path, "apps/a/k8s/overlays/prod");
    text_free(&first);
    text_free(&second);
    source_free(other);
}

Test(discover, the_first_path_of_a_name_wins_and_the_other_is_reported)
{
    add_overlay("platform/ingress/dev");
    add_overlay("apps/ingress/k8s/overlays/dev");
    generate(policy_with_rules("  - {path: 'platform/{app}/{env}'}\n  - {path: 'apps/{app}/k8s/overlays/{env}'}\n"));
    cr_expect(says("Application", "ingress-dev", "path: platform/ingress/dev"));
    cr_expect(has_problem("apps/ingress/k8s/overlays/dev", "taken by platform/ingress/dev"));
}

Test(discover, where_nothing_decides_between_two_directories_the_application_stays_as_it_is)
{
    add_overlay("teams/payments/checkout/dev");
    add_overlay("teams/aaa/checkout/dev");
    add_overlay("teams/aaa/other/dev");
    generate(policy_with_rules("  - {path: 'teams/*/{app}/{env}'}\n"));
    cr_expect(says("Application", "checkout-dev", "argocd.argoproj.io/hook: Skip"));
    cr_expect(has_problem("teams/aaa/checkout/dev", "teams/payments/checkout/dev has the same name"));
    cr_expect(
        has_problem("teams/payments/checkout/dev", "the name 'checkout-dev' is claimed by teams/aaa/checkout/dev"));
    cr_expect_not(says("Application", "other-dev", "hook"));
}

Test(discover, a_team_with_paths_owns_these_directories)
{
    add_overlay("teams/payments/checkout/dev");
    add_overlay("teams/aaa/checkout/dev");
    add_overlay("teams/payments/other/dev");
    add_overlay("teams/aaa/other/dev");
    generate(with(policy_with_rules("  - {path: 'teams/*/{app}/{env}'}\n"), "apps: [checkout, ledger-*],",
                  "apps: [checkout, ledger-*], paths: [teams/pay*],"));
    cr_expect(says("Application", "checkout-dev", "path: teams/payments/checkout/dev"));
    cr_expect_not(says("Application", "checkout-dev", "hook"));
    cr_expect(has_problem("teams/aaa/checkout/dev",
                          "app 'checkout' is team 'payments''s, which has its apps in other directories"));
    cr_expect(has_problem("teams/payments/other/dev",
                          "the directory is team 'payments''s, whose apps do not include 'other'"));
    cr_expect(says("Application", "other-dev", "path: teams/aaa/other/dev"));
    cr_expect_not(says("Application", "other-dev", "hook"));
}

Test(discover, a_path_of_a_team_is_a_pattern_without_names)
{
    expect_refusal(
        with(base_policy, "apps: [checkout, ledger-*],", "apps: [checkout, ledger-*], paths: ['teams/{x}'],"),
        "a path of a team has no {x}: write * instead");
    expect_refusal(with(base_policy, "apps: [checkout, ledger-*],", "apps: [checkout, ledger-*], paths: [],"),
                   "paths is empty");
    expect_refusal(with(base_policy, "apps: [checkout, ledger-*],", "apps: [checkout, ledger-*], paths: [../x],"),
                   "paths lead neither out of the repository");
}

Test(discover, a_slip_keeps_its_application)
{
    static const char *const names[] = {"kustomisation.yaml", "kustomization.yaml.txt", "Kustomization.yml",
                                        "deployment.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        source_free(fixture.source);
        fixture.input.source = fixture.source = source_memory();
        add_file(arena_format(fixture.tree.arena, "apps/a/k8s/overlays/dev/%s", names[i]), "resources: []\n");
        generate(base_policy);
        cr_expect(says("Application", "a-dev", "path: apps/a/k8s/overlays/dev"), "%s", names[i]);
        cr_expect(has_problem("apps/a/k8s/overlays/dev", "no kustomization.yaml in it, but"), "%s", names[i]);
    }
}

Test(discover, a_directory_without_yaml_has_no_application)
{
    add_overlay("apps/b/k8s/overlays/dev");
    add_file("apps/a/k8s/overlays/dev/README.md", "");
    generate(base_policy);
    cr_expect(has_problem("apps/a/k8s/overlays/dev", "no kustomization.yaml in it"));
    cr_expect_eq(fixture.set.application_count, 1);
}

Test(discover, names_that_are_nearly_right_are_told)
{
    add_overlay("apps/a/k8s/overlays/prd");
    add_overlay("apps/b/k8s/overlay/dev");
    add_overlay("apps/c/k8s/overlays/dev");
    generate(base_policy);
    cr_expect(has_problem("apps/a/k8s/overlays/prd", "did you mean 'prod'?"));
    cr_expect(has_problem("apps/b/k8s/overlay", "has 'overlays' here: did you mean that?"));
    expect_refusal(with(base_policy, "apps/{app}", "app/{app}"), "apps: 'app/{app}/k8s/overlays/{env}' has 'app' here");
    expect_refusal(with(base_policy, "apps/{app}", "elsewhere/{app}"), "there is no directory 'elsewhere'");
}

Test(discover, an_entry_that_finds_what_is_taken_says_so)
{
    add_overlay("apps/a/base");
    const char *policy = policy_with_rules("  - {path: 'apps/{app}/base', env: dev}\n"
                                           "  - {path: 'apps/{app}/base', env: prod}\n");
    generate(policy);
    cr_expect(says("Application", "a-dev", "path: apps/a/base"));
    cr_expect(has_problem("apps/a/base", "finds only directories that entries above it have"));
    fixture.input.environment = "prod";
    expect_refusal(policy, "for environment prod: apps/a/base: 'apps/{app}/base' finds only directories");
}

Test(discover, names_that_are_made_by_hand_are_taken)
{
    static const char *names[] = {"monitoring-dev"};
    add_overlay("apps/monitoring/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/dev");
    fixture.input.handmade = (struct name_list){.names = names, .count = 1};
    generate(base_policy);
    cr_expect(has_problem("apps/monitoring/k8s/overlays/dev", "taken by an Application in argo/root"));
    cr_expect_eq(fixture.set.application_count, 1);
}

Test(discover, an_app_cannot_take_the_name_of_a_root)
{
    add_overlay("apps/root/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/dev");
    add_overlay("apps/argocd/k8s/overlays/dev");
    const char *plain = with(base_policy, "  - {name: prod, destination: {name: in-cluster}}\n", "");
    generate(with(plain, "spec:\n", "spec:\n  application: {name: '{app}'}\n"));
    cr_expect(has_problem("apps/root/k8s/overlays/dev", "the name 'root' is reserved"));
    cr_expect(has_problem("apps/argocd/k8s/overlays/dev", "the name 'argocd' is reserved"));
    generate(with(plain, "spec:\n", "spec:\n  reservedNames: [a-*]\n"));
    cr_expect(has_problem("apps/a/k8s/overlays/dev", "the name 'a-dev' is reserved"));
    generate(base_policy);
    cr_expect(has_problem("apps/root/k8s/overlays/dev", "taken by the root of an environment"));
    cr_expect(says("Application", "root-dev", "project: argocd-root"));
}

Test(discover, an_app_without_a_team_is_reported)
{
    add_overlay("apps/checkout/k8s/overlays/dev");
    add_overlay("apps/a/k8s/overlays/dev");
    generate(with(base_policy, "  - {name: default, apps: ['*']}\n", ""));
    cr_expect(has_problem("apps/a/k8s/overlays/dev", "no team in spec.teams has app 'a'"));
    cr_expect_eq(fixture.set.application_count, 1);
}

/* In a real directory: links, and what may not be read. */

static char directory[] = "/tmp/rootapp-discover-XXXXXX";

static void make_file(const char *path)
{
    char *full = arena_format(fixture.tree.arena, "%s/%s", directory, path);
    for (char *slash = full + strlen(directory) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(full, 0755);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    cr_assert(file);
    fclose(file);
}

static void link_to(const char *target, const char *path)
{
    cr_assert_eq(symlink(target, arena_format(fixture.tree.arena, "%s/%s", directory, path)), 0);
}

static void use_directory(void)
{
    fixture_setup();
    cr_assert(mkdtemp(directory));
    make_file("apps/a/k8s/overlays/dev/kustomization.yaml");
    source_free(fixture.source);
    fixture.source = source_directory(directory, &fixture.error);
    cr_assert(fixture.source);
    fixture.input.source = fixture.source;
}

static void remove_directory(void)
{
    fixture_teardown();
    char command[128];
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -r %s", directory, directory);
    cr_expect_eq(system(command), 0);
}

TestSuite(discover_files, .init = use_directory, .fini = remove_directory);

Test(discover_files, a_link_out_of_the_repository_hurts_only_itself)
{
    link_to("/etc", "apps/evil");
    mkdir(arena_format(fixture.tree.arena, "%s/apps/b", directory), 0755);
    link_to("../../../../etc", "apps/b/k8s");
    generate(base_policy);
    cr_expect_eq(fixture.set.application_count, 1);
    cr_expect(has_problem("apps/evil", "leads out of the repository"));
}

Test(discover_files, a_link_within_the_repository_is_followed)
{
    link_to("dev", "apps/a/k8s/overlays/prod");
    generate(base_policy);
    cr_expect(says("Application", "a-prod", "path: apps/a/k8s/overlays/prod"));
}

Test(discover_files, a_link_in_a_circle_ends)
{
    link_to("..", "apps/a/k8s/loop");
    generate(policy_with_rules("  - {path: 'apps/{app}/**/{env}'}\n"));
    cr_expect_eq(fixture.set.application_count, 1);
    link_to("self", "apps/self");
    generate(base_policy);
    cr_expect(has_problem("apps/self", "in a circle"));
}

Test(discover_files, what_cannot_be_read_is_an_error_and_never_fewer_targets)
{
    make_file("apps/b/k8s/overlays/dev/kustomization.yaml");
    cr_assert_eq(chmod(arena_format(fixture.tree.arena, "%s/apps/b/k8s/overlays", directory), 0), 0);
    cr_assert_eq(chmod(directory, 0755), 0);
    bool is_root = geteuid() == 0;
    if (is_root)
        cr_assert_eq(seteuid(65534), 0, "root reads everything");
    bool done = try_generate(base_policy);
    if (is_root)
        cr_assert_eq(seteuid(0), 0);
    cr_expect_not(done);
    cr_expect(strstr(message(), "discovery has to"), "%s", message());
}

Test(discover_files, an_app_file_outside_is_not_read)
{
    link_to("/etc/hostname", "apps/a/app.yaml");
    generate(base_policy);
    cr_expect_not_null(find("Application", "a-dev"));
    cr_expect(has_problem("apps/a/k8s/overlays/dev", "leads out of the repository"));
}
