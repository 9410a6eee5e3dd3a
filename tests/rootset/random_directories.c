/* random_directories.c: whatever one tenant's directory holds, the root set of the others stays as it is.
 *
 *     build/tests/rootset/random_directories COUNT [SEED]
 *
 * Makes COUNT random directories of a tenant, in memory, in a layout of apps and in one of groups, and generates the root
 * set as the plugin does; before that, groups that together have more than a root may. Each time it has to succeed within two seconds of processor, what is printed has to be read
 * anew, and every byte that is not of the tenant's Applications has to be as without the tenant. Prints what breaks that
 * with its number, and "N passed, N failed". */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plugin/run/session.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

enum { MOST_FILES = 12, LONGEST_CONTENT = 4000 };

/* A layout: its policy, where the tenant may write, and who else is there. */
struct layout {
    const char *discover, *teams, *own;
    const char *others[4];
};

static const struct layout layouts[] = {
    {"apps/{app}/k8s/overlays/{env}",
     "[{name: payments, apps: [checkout, ledger-*]}, {name: default, apps: ['*']}]",
     "apps/evil",
     {"apps/checkout/k8s/overlays/dev", "apps/shop/k8s/overlays/dev", "apps/shop/k8s/overlays/prod", NULL}},
    {"teams/*/{app}/k8s/overlays/{env}",
     "[{name: payments, apps: [checkout, ledger-*], paths: [teams/payments]}, {name: shop, apps: [shop], paths: "
     "[teams/shop]}, {name: default, apps: ['*']}]",
     "teams/evil",
     {"teams/payments/checkout/k8s/overlays/dev", "teams/shop/shop/k8s/overlays/dev",
      "teams/shop/shop/k8s/overlays/prod", NULL}},
};

/* Chance: xorshift64. */
static uint64_t state;

static uint64_t chance(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

#define PICK(array) ((array)[chance(sizeof(array) / sizeof *(array))])

static const char *const names[] = {"k8s",     "overlays",      "dev",          "prod",    "base",   "app.yaml",
                                    "checkout", "shop",         "monitoring",   "evil",    "root",   "argocd",
                                    "\xff\xfe", "\xc0\xae\xc0\xae", "a\x01" "b", "a;b",     " x ",    "\xe2\x80\xae" "x",
                                    "\xc2\x9f", "\xef\xbf\xbe", "kustomization.yaml", "Kustomization", "kustomization.yml",
                                    "kustomisation.yaml", "ledger-x", "UPPER", "_hidden", "x\ny", "{app}", "**"};

static void add_bytes(struct text *out, size_t most)
{
    for (size_t size = chance(most); size; size--)
        text_byte(out, (char)chance(256));
}

static void add_path(struct text *out)
{
    for (size_t count = chance(20) ? 1 + chance(8) : 2000; count; count--)
        text_format(out, "%s%s", chance(3) ? "../" : PICK(names), count > 1 ? "/" : "");
}

/* A double-quoted scalar: the name's bytes, some of them escaped. */
static void add_quoted(struct text *out, const char *bytes, size_t size)
{
    text_byte(out, '"');
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)bytes[i] < 0x20 || bytes[i] == '"' || bytes[i] == '\\' || chance(4) == 0)
            text_format(out, "\\x%02x", (unsigned char)bytes[i]);
        else
            text_byte(out, bytes[i]);
    text_byte(out, '"');
}

static void add_list_of_paths(struct text *out, const char *field, size_t count)
{
    text_format(out, "%s: [", field);
    for (; count; count--) {
        struct text path = {0};
        add_path(&path);
        add_quoted(out, text_content(&path), path.size);
        text_string(out, count > 1 ? ", " : "");
        text_free(&path);
    }
    text_string(out, "]\n");
}

static void add_kustomization(struct text *out)
{
    static const char *const fields[] = {"resources", "bases", "components", "crds", "configurations", "transformers"};
    switch (chance(8)) {
    case 0:
        text_string(out, "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nresources: *c\n");
        return;
    case 1:
        for (size_t count = chance(3000); count; count--)
            text_string(out, "[");
        return;
    case 2:
        add_bytes(out, 300);
        return;
    default:
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (chance(3) == 0)
                add_list_of_paths(out, fields[i], 1 + chance(6));
    }
}

static void add_app_file(struct text *out)
{
    static const char *const parts[] = {"description: \"\\x9f\"\n",
                                        "description: \"\\u202ex\"\n",
                                        "description: ok\n",
                                        "links: {a: 'https://example.com/\xff'}\n",
                                        "links: {\"a\\x00b\": 'https://example.com'}\n",
                                        "notifications: [{trigger: t, service: s, recipients: [\"\\uFFFE\"]}]\n",
                                        "apiVersion: v1\nkind: ConfigMap\n",
                                        "links: &a [*a]\n",
                                        "notifications: [{service: s, recipients: [a, b]}]\n"};
    if (chance(4) == 0)
        add_bytes(out, 300);
    else
        for (size_t count = 1 + chance(3); count; count--)
            text_string(out, PICK(parts));
    if (chance(30) == 0)
        for (size_t i = 0; i < 70000; i++)
            text_byte(out, '#');
}

/* Of the tenant: a likely overlay, or anything anywhere. */
static void add_tenant_file(struct source *source, const char *own)
{
    struct text path = {0}, content = {0};
    text_format(&path, "%s", own);
    if (chance(2)) {
        static const char *const apps[] = {"evil", "checkout", "monitoring", "shop", "other"};
        bool group = strncmp(own, "teams", 5) == 0;
        const char *app = chance(3) ? PICK(apps) : PICK(names);
        const char *environment = chance(5) ? (chance(2) ? "dev" : "prod") : PICK(names);
        text_format(&path, "%s%s/k8s/overlays/%s/%s", group ? "/" : "", group ? app : "", environment,
                    chance(8) ? "kustomization.yaml" : PICK(names));
    } else
        for (size_t count = 1 + chance(6); count; count--)
            text_format(&path, "/%s", PICK(names));
    if (strstr(path.bytes, "app.yaml"))
        add_app_file(&content);
    else
        add_kustomization(&content);
    source_memory_add(source, text_content(&path), text_content(&content), content.size);
    text_free(&path);
    text_free(&content);
}

static void add_text(struct source *source, const char *path, const char *text)
{
    source_memory_add(source, path, text, strlen(text));
}

static struct source *repository_of(const struct layout *layout)
{
    struct source *source = source_memory();
    struct text policy = {0}, path = {0};
    text_format(&policy,
                "apiVersion: rootapp.dev/v1alpha1\nkind: RootApp\nmetadata: {name: apps}\nspec:\n"
                "  source: {repoURL: https://git.example.com/gitops.git}\n  discover: [{path: '%s'}]\n"
                "  environments: [{name: dev, destination: {name: in-cluster}}, {name: prod, destination: {name: "
                "in-cluster}}]\n  teams: %s\n",
                layout->discover, layout->teams);
    add_text(source, "argo/root/rootapp.yaml", text_content(&policy));
    add_text(source, "argo/root/kustomization.yaml", "generators: [rootapp.yaml]\nresources: [monitoring.yaml]\n");
    add_text(source, "argo/root/monitoring.yaml",
             "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: monitoring-dev}\nspec:\n"
             "  project: default-dev\n  source: {repoURL: https://git.example.com/gitops.git, path: monitoring}\n"
             "  destination: {name: in-cluster, namespace: monitoring-dev}\n");
    for (size_t i = 0; layout->others[i]; i++) {
        text_cut(&path, 0);
        text_format(&path, "%s/kustomization.yaml", layout->others[i]);
        add_text(source, text_content(&path), "resources: [../../base]\n");
    }
    text_free(&policy);
    text_free(&path);
    return source;
}

static bool is_own(const struct node *resource, const char *own)
{
    const char *path = node_text(node_find(node_find(node_find(resource, "spec"), "source"), "path"));
    size_t size = strlen(own);
    return path && strncmp(path, own, size) == 0 && (path[size] == '/' || path[size] == '-');
}

/* What is printed can be read, by whoever reads UTF-8 and YAML. */
static bool is_readable(const struct text *text, struct error *error)
{
    struct arena *arena = arena_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct origins *origins = origins_new();
    struct node_array documents = {0};
    struct yaml_text yaml = {.file = "output", .bytes = text_content(text), .size = text->size, .origins = origins};
    bool good = parse_documents(&tree, &yaml, &documents, error);
    origins_free(origins);
    arena_free(arena);
    return good;
}

/* The others' part of the root set in `out`. */
static bool generate(struct source *source, const struct layout *layout, struct text *out, struct error *error)
{
    struct repository repository = {.source = source, .root = "/repository", .directory = "argo/root", .has_git = true};
    struct request request = {.app_name = "root", .namespace = "argocd", .target_revision = "main"};
    struct trust trust = {.root_project = "argocd-root", .project = "argocd-root"};
    struct session session;
    struct rendered rendered = {0};
    struct text text = {0}, notes = {0};
    session_open(&session, &(struct session_options){
                               .repository = &repository, .request = &request, .trust = &trust, .everything = true});
    bool good = session_build(&session, "argo/root", &rendered, error) &&
                session_write(&session, &rendered, &text, error) && is_readable(&text, error);
    for (size_t i = 0; good && i < rendered.count; i++)
        good = is_own(rendered.items[i], layout->own) || emit_yaml(rendered.items[i], out, error);
    session_notes(&session, false, &notes);
    text_free(&notes);
    text_free(&text);
    rendered_free(&rendered);
    session_close(&session);
    return good;
}

/* Groups beside the tenant's that together have more than a root may: more targets, longer paths, larger app.yaml. */
static void add_groups(struct source *source, const struct layout *layout, size_t groups, size_t apps, size_t links)
{
    bool group = strncmp(layout->own, "teams", 5) == 0;
    struct text path = {0}, content = {0};
    for (size_t i = 0; i < groups * apps; i++) {
        text_cut(&path, 0);
        text_format(&path, "%s-%zu%sa%zu/", layout->own, i % groups, group ? "/" : "-", i);
        size_t start = path.size;
        text_string(&path, "k8s/overlays/prod/kustomization.yaml");
        add_text(source, text_content(&path), "resources: [../../base]\n");
        text_cut(&path, start);
        text_string(&path, "app.yaml");
        text_cut(&content, 0);
        text_string(&content, "links:\n");
        for (size_t link = 0; link < links; link++)
            text_format(&content, "  l%zu: 'https://example.com/%01900d'\n", link, 0);
        if (links)
            add_text(source, text_content(&path), text_content(&content));
    }
    text_free(&path);
    text_free(&content);
}

static bool try_source(const struct layout *layout, struct source *source, const struct text *expected, uint64_t number,
                       double most)
{
    struct text others = {0};
    struct error error = {0};
    clock_t before = clock();
    bool good = generate(source, layout, &others, &error);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    bool same = good && others.size == expected->size && memcmp(others.bytes, expected->bytes, others.size) == 0;
    if (!good || !same || seconds > most)
        printf("FAIL %" PRIu64 " (%s): %s, %.2f s\n", number, layout->own,
               !good ? error.message
               : !same ? "the others' bytes changed"
                       : "too slow",
               seconds);
    error_free(&error);
    text_free(&others);
    source_free(source);
    return good && same && seconds <= most;
}

static bool try_once(const struct layout *layout, const struct text *expected, uint64_t number)
{
    struct source *source = repository_of(layout);
    for (size_t count = 1 + chance(MOST_FILES); count; count--)
        add_tenant_file(source, layout->own);
    return try_source(layout, source, expected, number, 2);
}

/* 25,000 targets of five groups, and 4,800 with 38 KB of annotations each, of forty. In a layout of apps nothing tells
 * whose a new one is: who may make any can use up what its team may have. */
static bool try_groups(const struct layout *layout, const struct text *expected, bool of_text)
{
    if (layout == layouts && !of_text)
        return true;
    struct source *source = repository_of(layout);
    add_groups(source, layout, of_text ? 40 : 5, of_text ? 120 : 5000, of_text ? 20 : 0);
    return try_source(layout, source, expected, of_text, 10);
}

int main(int count, char **arguments)
{
    uint64_t runs = count > 1 ? strtoull(arguments[1], NULL, 10) : 2000;
    uint64_t seed = count > 2 ? strtoull(arguments[2], NULL, 10) : 1, passed = 0, failed = 0;
    struct text expected[sizeof layouts / sizeof *layouts] = {{0}};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        struct source *source = repository_of(&layouts[i]);
        struct error error = {0};
        if (!generate(source, &layouts[i], &expected[i], &error))
            printf("FAIL without a tenant: %s\n", error.message);
        failed += error.message != NULL;
        error_free(&error);
        source_free(source);
    }
    for (size_t i = 0; i < 2 * sizeof layouts / sizeof *layouts; i++) {
        bool good = try_groups(&layouts[i / 2], &expected[i / 2], i % 2);
        passed += good;
        failed += !good;
    }
    for (uint64_t i = 0; i < runs; i++) {
        size_t which = i % (sizeof layouts / sizeof *layouts);
        state = (seed + i + 1) * 0x9e3779b97f4a7c15u | 1;
        bool good = try_once(&layouts[which], &expected[which], seed + i);
        passed += good;
        failed += !good;
    }
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        text_free(&expected[i]);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", passed, failed);
    return failed != 0;
}
