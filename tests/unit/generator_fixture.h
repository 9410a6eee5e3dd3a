/* What the tests of the generator share: a repository in memory, a policy as text, the root set as YAML. */
#ifndef TESTS_GENERATOR_FIXTURE_H
#define TESTS_GENERATOR_FIXTURE_H

#include <criterion/criterion.h>
#include <string.h>

#include "generator/generator.h"
#include "generator/make.h"
#include "generator/permit.h"
#include "generator/validate.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

struct fixture {
    struct tree tree;
    struct origins *origins;
    struct error error;
    struct source *source;
    struct generate_input input;
    struct root_set set;
    struct text text;
};

static struct fixture fixture;

/* The policy that most tests begin with; they replace a line of it. */
static const char base_policy[] = "apiVersion: rootapp.dev/v1alpha1\n"
                                  "kind: RootApp\n"
                                  "metadata: {name: apps}\n"
                                  "spec:\n"
                                  "  source: {repoURL: https://example.com/gitops.git, targetRevision: main}\n"
                                  "  discover:\n"
                                  "  - {path: 'apps/{app}/k8s/overlays/{env}'}\n"
                                  "  environments:\n"
                                  "  - {name: dev, destination: {name: in-cluster}}\n"
                                  "  - {name: prod, destination: {name: in-cluster}}\n"
                                  "  teams:\n"
                                  "  - {name: payments, apps: [checkout, ledger-*], groups: ['example:payments']}\n"
                                  "  - {name: default, apps: ['*']}\n";

static inline void fixture_setup(void)
{
    fixture.tree = (struct tree){.arena = arena_new(), .owner = 1};
    fixture.tree.keys = intern_new(fixture.tree.arena);
    fixture.origins = origins_new();
    fixture.error = (struct error){0};
    fixture.source = source_memory();
    fixture.input = (struct generate_input){
        .source = fixture.source, .tree = &fixture.tree, .root_path = "argo/root", .engine_version = "1.2.3"};
}

static inline void fixture_teardown(void)
{
    text_free(&fixture.text);
    error_free(&fixture.error);
    origins_free(fixture.origins);
    source_free(fixture.source);
    arena_free(fixture.tree.arena);
}

static inline void add_file(const char *path, const char *content)
{
    source_memory_add(fixture.source, path, content, strlen(content));
}

static inline void add_overlay(const char *directory)
{
    add_file(arena_format(fixture.tree.arena, "%s/kustomization.yaml", directory), "resources: []\n");
}

/* A text with one part of it replaced. */
static inline const char *with(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    cr_assert(at, "'%s' is not in the text", old);
    return arena_format(fixture.tree.arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static inline struct node *parse(const char *file, const char *text)
{
    struct yaml_text yaml = {file, text, strlen(text), fixture.origins, 0};
    struct node *node = NULL;
    cr_assert(parse_first(&fixture.tree, &yaml, &node, &fixture.error), "%s", fixture.error.message);
    return node;
}

static inline bool try_generate(const char *policy)
{
    error_free(&fixture.error);
    fixture.input.rootapp = parse("argo/root/rootapp.yaml", policy);
    return generate_root_set(&fixture.input, &fixture.set, &fixture.error) ||
           error_resolve(&fixture.error, fixture.origins);
}

static inline void generate(const char *policy)
{
    cr_assert(try_generate(policy), "%s:%u: %s", fixture.error.file ? fixture.error.file : "", fixture.error.line,
              fixture.error.message);
}

/* The message with its place. */
static inline const char *message(void)
{
    text_cut(&fixture.text, 0);
    error_write(&fixture.error, &fixture.text);
    return fixture.text.bytes;
}

static inline void expect_refusal(const char *policy, const char *expected)
{
    cr_assert_not(try_generate(policy), "expected a refusal: %s", expected);
    cr_expect(strstr(message(), expected), "got '%s', expected '%s'", message(), expected);
}

static inline struct node *find(const char *kind, const char *name)
{
    for (size_t i = 0; i < fixture.set.count; i++)
        if (node_equals(node_get(fixture.set.nodes[i], &key_kind), kind) &&
            node_equals(node_get(node_get(fixture.set.nodes[i], &key_metadata), &key_name), name))
            return fixture.set.nodes[i];
    return NULL;
}

static inline const char *yaml_of(const struct node *node)
{
    text_cut(&fixture.text, 0);
    cr_assert(node, "no such resource");
    cr_assert(emit_yaml(node, &fixture.text, &fixture.error), "%s", fixture.error.message);
    return fixture.text.bytes;
}

/* Whether a resource's YAML holds a piece of text. */
static inline bool says(const char *kind, const char *name, const char *piece)
{
    return strstr(yaml_of(find(kind, name)), piece) != NULL;
}

static inline const struct target *target_at(const char *path)
{
    for (size_t i = 0; i < fixture.set.target_count; i++)
        if (strcmp(fixture.set.targets[i].path, path) == 0)
            return &fixture.set.targets[i];
    return NULL;
}

static inline bool has_problem(const char *path, const char *problem)
{
    const struct target *target = target_at(path);
    return target && target->problem && strstr(target->problem, problem);
}

#endif
