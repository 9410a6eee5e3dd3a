/* policy_text.c: writes a first policy. */
#include "plugin/run/policy_text.h"

#include <string.h>

#include "generator/template.h"

const char policy_kustomization[] =
    "# What Argo CD applies for the root Application and for each environment's root: the output of this directory's "
    "build.\n"
    "# Change what is generated with patches, labels and components here, as with any other kustomization.\n"
    "apiVersion: kustomize.config.k8s.io/v1beta1\n"
    "kind: Kustomization\n"
    "generators:\n"
    "  - rootapp.yaml\n";

static const struct namespace_scheme schemes[] = {
    {"{app}-{env}", false}, {"{env}-{app}", false}, {"{app}", true}, {"{env}", false}};

static size_t count_like(struct arena *arena, const struct repository_layout *layout, const char *const *namespaces,
                         const char *template)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const struct binding values[] = {
            {"app", layout->placed[i].app}, {"env", layout->placed[i].environment}, {NULL, NULL}};
        count += namespaces[i] && strcmp(namespaces[i], expand_text(arena, template, values)) == 0;
    }
    return count;
}

struct namespace_scheme namespace_scheme_find(struct arena *arena, const struct repository_layout *layout,
                                              const char *const *namespaces)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t count = count_like(arena, layout, namespaces, schemes[i].template);
        best = count > most ? i : best;
        most = count > most ? count : most;
    }
    return schemes[best];
}

static void write_source(const char *url, const char *branch, struct text *out)
{
    text_format(
        out,
        "# The policy: which directories become Applications, where they may go, and who may see them. Written by "
        "'rootapp init' from what\n# was there; from now on it is yours. Let the platform team own this file: "
        "projects, destinations and permissions come from here\n# and from nowhere else.\n"
        "apiVersion: rootapp.dev/v1alpha1\n"
        "kind: RootApp\n"
        "metadata:\n"
        "  name: apps\n"
        "spec:\n"
        "  source:\n"
        "    repoURL: \"%s\"\n"
        "    targetRevision: \"%s\"\n",
        url, branch);
}

static void write_rules(const struct repository_layout *layout, struct text *out)
{
    text_string(out, "  discover:\n");
    if (!layout->rule_count)
        text_string(out, "    - path: \"apps/{app}/k8s/overlays/{env}\"\n");
    for (size_t i = 0; i < layout->rule_count; i++) {
        text_format(out, "    - path: \"%s\"\n", layout->rules[i].pattern);
        if (layout->rules[i].fixed_app)
            text_format(out, "      app: \"%s\"\n", layout->rules[i].fixed_app);
    }
}

static void write_environment(const char *name, const struct namespace_scheme *scheme, struct text *out)
{
    text_format(out, "    - name: \"%s\"\n", name);
    if (is_production(name))
        text_string(out, "      deletion: confirm # what is removed from git waits here until somebody confirms\n");
    text_format(out,
                "      destination:\n"
                "        name: \"%s\"\n"
                "        namespace: \"%s\"\n",
                scheme->cluster_per_environment ? name : "in-cluster", scheme->template);
}

struct name_list policy_environment_names(const struct repository_layout *layout)
{
    static const char *usual[] = {"dev", "staging", "prod"};
    if (layout->environments.count)
        return layout->environments;
    return (struct name_list){.names = usual, .count = sizeof usual / sizeof *usual};
}

void policy_text_write(const struct policy_facts *facts, struct text *out)
{
    struct name_list environments = policy_environment_names(facts->layout);
    write_source(facts->url, facts->branch, out);
    write_rules(facts->layout, out);
    text_string(out, facts->rule ? facts->rule : "");
    if (!facts->layout->count && !facts->rule)
        text_string(out, "  allowEmpty: true # until there is an app: afterwards nothing found is an error, because it "
                         "would prune everything\n");
    text_string(out, "  # In the order in which changes are promoted.\n  environments:\n");
    for (size_t i = 0; i < environments.count; i++)
        write_environment(environments.names[i], &facts->scheme, out);
    text_string(out, "  teams:\n");
    text_string(out, facts->team ? facts->team : "");
    text_string(out, "    - name: default\n"
                     "      apps: [\"*\"]\n"
                     "  projects:\n"
                     "    name: \"{team}-{env}\"\n"
                     "  application:\n"
                     "    name: \"{app}-{env}\"\n");
}
