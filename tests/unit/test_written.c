/* test_written.c: who wrote each value of a render, and the bytes in files that say so. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "kustomize/engine.h"
#include "yaml/written.h"

static struct source *source;
static struct engine *engine;
static struct rendered rendered;
static struct error error;

static void set_up(void)
{
    source = source_memory();
}

static void tear_down(void)
{
    rendered_free(&rendered);
    engine_free(engine);
    source_free(source);
    error_free(&error);
}

TestSuite(written, .init = set_up, .fini = tear_down);

static void put(const char *path, const char *text)
{
    source_memory_add(source, path, text, strlen(text));
}

static void render(const char *directory)
{
    engine = engine_new(&(struct engine_options){.source = source, .record_writers = true});
    cr_assert(engine_render(engine, directory, &rendered, &error), "%s", error.message);
}

static const struct node *find(size_t index, const char *const *path)
{
    const struct node *node = rendered.items[index];
    for (; *path; path++)
        node = **path >= '0' && **path <= '9' ? node->items[**path - '0'] : node_find(node, *path);
    cr_assert(node_is_scalar(node));
    return node;
}

/* "part@file:line:column step", parts separated by blanks; "!" where the place holds something else, "part(reason)". */
static void describe(const struct written *written, const char *value, struct text *out)
{
    for (size_t i = 0; i < written->count; i++) {
        const struct written_part *part = &written->parts[i];
        text_format(out, "%s%.*s", i ? " " : "", (int)part->size, value + part->start);
        if (part->computed)
            text_format(out, "(%s)", part->computed);
        else
            text_format(out, "%s%s:%u:%u", part->exact ? "@" : "!", part->place.file, part->place.line,
                        part->place.column);
        text_format(out, " %s", part->step ? part->step : "-");
    }
}

static void expect_at(origin at, const char *value, size_t size, const char *expected)
{
    struct text text = {0};
    struct arena *arena = arena_new();
    struct written written = written_at(engine_origins(engine), arena, at, value, size);
    describe(&written, value, &text);
    cr_expect_str_eq(text_content(&text), expected, "%s", text_content(&text));
    text_free(&text);
    arena_free(arena);
}

#define PATH(...) ((const char *const[]){__VA_ARGS__, NULL})

static void expect(size_t index, const char *const *path, const char *expected)
{
    const struct node *node = find(index, path);
    expect_at(node->origin, node->text, node->count, expected);
}

static const char deployment[] = "apiVersion: apps/v1\n"
                                 "kind: Deployment\n"
                                 "metadata:\n"
                                 "  name: web\n"
                                 "spec:\n"
                                 "  replicas: 1\n"
                                 "  template:\n"
                                 "    spec:\n"
                                 "      containers:\n"
                                 "      - name: app\n"
                                 "        image: \"example/web:1.2.0\"\n";

#define IMAGE PATH("spec", "template", "spec", "containers", "0", "image")

Test(written, what_no_step_changed_stands_where_it_was_read)
{
    put("base/kustomization.yaml", "resources: [web.yaml]\n");
    put("base/web.yaml", deployment);
    render("base");
    expect(0, PATH("spec", "replicas"), "1@base/web.yaml:6:13 -");
    expect(0, IMAGE, "example/web:1.2.0@base/web.yaml:11:17 -");
}

Test(written, an_image_has_its_parts_from_several_places)
{
    put("base/kustomization.yaml", "resources: [web.yaml]\nimages:\n- name: example/web\n  newTag: 1.3.0\n");
    put("base/web.yaml", deployment);
    put("dev/kustomization.yaml", "resources: [../base]\nimages:\n- name: example/web\n  newTag: 1.4.0\n");
    render("dev");
    expect(0, IMAGE, "example/web@base/web.yaml:11:17 - 1.4.0@dev/kustomization.yaml:4:11 images");
}

Test(written, an_entry_that_changes_nothing_is_the_writer_all_the_same)
{
    put("base/kustomization.yaml", "resources: [web.yaml]\nreplicas:\n- {name: web, count: 1}\nimages:\n"
                                   "- {name: example/web, newTag: 1.2.0}\n");
    put("base/web.yaml", deployment);
    render("base");
    expect(0, PATH("spec", "replicas"), "1@base/kustomization.yaml:3:22 replicas");
    expect(0, IMAGE, "example/web@base/web.yaml:11:17 - 1.2.0@base/kustomization.yaml:5:31 images");
}

Test(written, the_value_before_is_kept)
{
    put("base/kustomization.yaml", "resources: [web.yaml]\nreplicas:\n- {name: web, count: 2}\n");
    put("base/web.yaml", deployment);
    put("dev/kustomization.yaml", "resources: [../base]\npatches:\n- path: patch.yaml\n");
    put("dev/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n");
    render("dev");
    const struct node *count = find(0, PATH("spec", "replicas"));
    expect(0, PATH("spec", "replicas"), "3@dev/patch.yaml:4:18 patches");
    struct arena *arena = arena_new();
    struct written now = written_value(engine_origins(engine), arena, count);
    expect_at(now.before, now.old, now.old_size, "2@base/kustomization.yaml:3:22 replicas");
    struct written old = written_at(engine_origins(engine), arena, now.before, now.old, now.old_size);
    expect_at(old.before, old.old, old.old_size, "1@base/web.yaml:6:13 -");
    arena_free(arena);
    expect(0, PATH("metadata", "name"), "web@base/web.yaml:4:9 -");
}

Test(written, names_references_and_hashes)
{
    put("app/kustomization.yaml", "resources: [pod.yaml]\nnamePrefix: x-\nnamespace: team\nconfigMapGenerator:\n"
                                  "- name: web\n  envs: [web.env]\n  literals: [A=b]\n");
    put("app/web.env", "# levels\nLOG_LEVEL=debug\n");
    put("app/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  containers:\n  - name: app\n"
                        "    envFrom: [{configMapRef: {name: web}}]\n");
    render("app");
    expect(0, PATH("data", "LOG_LEVEL"), "debug@app/web.env:2:11 generator");
    expect(0, PATH("data", "A"), "b@app/kustomization.yaml:7:16 generator");
    const char *hash = node_text(find(0, PATH("metadata", "name"))) + strlen("x-web");
    char expected[200];
    snprintf(expected, sizeof expected,
             "x-@app/kustomization.yaml:2:13 namePrefix web@app/kustomization.yaml:5:9 generator "
             "%s(it is the hash of the content) hash",
             hash);
    expect(0, PATH("metadata", "name"), expected);
    expect(1, PATH("spec", "containers", "0", "envFrom", "0", "configMapRef", "name"), expected);
    expect(1, PATH("metadata", "namespace"), "team@app/kustomization.yaml:3:12 namespace");
}

Test(written, a_patch_within_the_kustomization)
{
    put("base/web.yaml", deployment);
    put("base/kustomization.yaml", "resources: [web.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |\n"
                                   "    - {op: add, path: /metadata/labels, value: {a: b}}\n"
                                   "    - {op: replace, path: /spec/replicas, value: 7}\n");
    render("base");
    expect(0, PATH("metadata", "labels", "a"), "b@base/kustomization.yaml:5:52 patches");
    expect(0, PATH("spec", "replicas"), "7@base/kustomization.yaml:6:50 patches");
}

Test(written, replacements_with_a_delimiter)
{
    put("base/web.yaml", deployment);
    put("base/kustomization.yaml",
        "resources: [web.yaml]\nreplacements:\n- sourceValue: 2.0.0\n  targets:\n  - select: {kind: Deployment}\n"
        "    fieldPaths: [spec.template.spec.containers.0.image]\n    options: {delimiter: ':', index: 1}\n");
    render("base");
    expect(0, IMAGE, "example/web:@base/web.yaml:11:17 - 2.0.0@base/kustomization.yaml:3:16 replacements");
}
