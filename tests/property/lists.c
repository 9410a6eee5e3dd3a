/* lists.c: merges random lists in both ways, by one look-up for each element and step by step as kyaml does.
 *
 *     lists SEED COUNT               merges COUNT resources with their patches; ends with "N passed, N failed"
 *     lists SEED COUNT DIRECTORY     writes them as one kustomization instead: tests/property/lists
 *
 * Each resource is a Pod whose lists have one key, two or none. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "kustomize/patch/strategic_merge.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

/* A list of a Pod's spec, and how its elements look: keys first. */
struct shape {
    const char *field;
    const char *keys[2];
    const char *values[6]; /* of the first key; the second one has `seconds` */
    const char *seconds[3];
    const char *others[3]; /* further fields, with a value behind the colon */
    const char *within;    /* the field of a list in each element */
    const struct shape *inner;
};

static const struct shape ports = {"ports",
                                   {"containerPort", "protocol"},
                                   {"80", "81", "443", "8080", "9090", "53"},
                                   {"TCP", "UDP", "SCTP"},
                                   {"name: web", "hostPort: 1", "hostIP: \"::\""},
                                   NULL,
                                   NULL};
static const struct shape simple_ports = {
    "ports", {"containerPort", NULL},      {"80", "81", "443", "8080", "9090", "53"},
    {NULL},  {"name: web", "hostPort: 1"}, NULL,
    NULL};
static const struct shape variables = {
    "env", {"name", NULL}, {"A", "B", "C", "D", "E", "\"true\""}, {NULL}, {"value: x", "value: \"1\""}, NULL, NULL};
static const struct shape shapes[] = {
    {"containers",
     {"name", NULL},
     {"a", "b", "c", "d", "\"1\"", "e"},
     {NULL},
     {"image: x", "image: 'y'", "tty: true"},
     "ports",
     &ports},
    {"initContainers", {"name", NULL}, {"a", "b", "c", "d", "e", "f"}, {NULL}, {"image: x"}, "env", &variables},
    {"ephemeralContainers",
     {"name", NULL},
     {"a", "b", "c", "d", "e", "f"},
     {NULL},
     {"image: x"},
     "ports",
     &simple_ports},
    {"volumes",
     {"name", NULL},
     {"a", "b", "c", "d", "e", "f"},
     {NULL},
     {"emptyDir: {}", "hostPath: {path: /x}"},
     NULL,
     NULL},
    {"hostAliases",
     {"ip", NULL},
     {"1.1.1.1", "2.2.2.2", "\"::\"", "3", "4", "5"},
     {NULL},
     {"hostnames: [a]", "hostnames: [b, c]"},
     NULL,
     NULL},
    {"topologySpreadConstraints",
     {"topologyKey", "whenUnsatisfiable"},
     {"zone", "host", "rack", "a", "b", "c"},
     {"DoNotSchedule", "ScheduleAnyway", "x"},
     {"maxSkew: 1", "maxSkew: 2"},
     NULL,
     NULL},
    {"imagePullSecrets", {"name", NULL}, {"a", "b", "c", "d", "e", "f"}, {NULL}, {NULL}, NULL, NULL},
};

struct chance {
    unsigned long long state;
};

static unsigned below(struct chance *chance, unsigned limit)
{
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(chance->state >> 33) % limit;
}

static size_t count_of(const char *const *items, size_t most)
{
    size_t count = 0;
    while (count < most && items[count])
        count++;
    return count;
}

static void write_list(struct chance *chance, const struct shape *shape, bool patch, bool odd, struct text *out);

/* The fields of an element besides its keys. */
static void write_others(struct chance *chance, const struct shape *shape, bool patch, bool odd, struct text *out)
{
    static const char *const directives[] = {"delete", "delete", "replace", "merge"};
    size_t others = count_of(shape->others, 3);
    if (others && below(chance, 3))
        text_format(out, ", %s", shape->others[below(chance, (unsigned)others)]);
    if (patch && !below(chance, 4))
        text_format(out, ", $patch: %s", directives[below(chance, 4)]);
    if (patch && !below(chance, 8))
        text_string(out, ", note: null");
    if (shape->inner && below(chance, 2)) {
        text_format(out, ", %s: ", shape->within);
        write_list(chance, shape->inner, patch, odd, out);
    }
}

/* Which of its possible elements stand in a list, in any order. */
static size_t choose(struct chance *chance, size_t most, bool odd, size_t *chosen)
{
    size_t count = below(chance, 6), all[18];
    for (size_t i = 0; i < most; i++)
        all[i] = i;
    for (size_t i = 0; i < count && i < most; i++) {
        size_t j = i + below(chance, (unsigned)(most - i)), kept = all[i];
        all[i] = all[j];
        all[j] = odd && !below(chance, 6) ? all[i] : kept;
        chosen[i] = all[i];
    }
    return count < most ? count : most;
}

static void write_element(struct chance *chance, const struct shape *shape, size_t which, bool patch, bool odd,
                          struct text *out)
{
    size_t seconds = count_of(shape->seconds, 3);
    text_format(out, "{%s: %s", shape->keys[0], shape->values[seconds ? which / seconds : which]);
    if (seconds && (!odd || below(chance, 4)))
        text_format(out, ", %s: %s", shape->keys[1], shape->seconds[which % seconds]);
    write_others(chance, shape, patch, odd, out);
    text_byte(out, '}');
}

static void write_list(struct chance *chance, const struct shape *shape, bool patch, bool odd, struct text *out)
{
    static const char *const directives[] = {"replace", "delete", "merge"};
    size_t seconds = count_of(shape->seconds, 3), chosen[18];
    size_t count = choose(chance, 6 * (seconds ? seconds : 1), odd, chosen);
    if (patch && !below(chance, 20)) {
        text_string(out, "null");
        return;
    }
    text_byte(out, '[');
    if (patch && !below(chance, 12))
        text_format(out, "{$patch: %s}%s", directives[below(chance, 3)], count ? ", " : "");
    for (size_t i = 0; i < count; i++) {
        text_string(out, i ? ", " : "");
        write_element(chance, shape, chosen[i], patch, odd, out);
    }
    text_byte(out, ']');
}

static void write_finalizers(struct chance *chance, struct text *out)
{
    size_t chosen[18], count = choose(chance, 6, false, chosen);
    text_string(out, ", finalizers: [");
    for (size_t i = 0; i < count; i++)
        text_format(out, "%sexample.com/%zu", i ? ", " : "", chosen[i]);
    text_byte(out, ']');
}

static void write_pod(struct chance *chance, unsigned number, bool patch, bool odd, struct text *out)
{
    text_format(out, "apiVersion: v1\nkind: Pod\nmetadata: {name: pod-%u", number);
    if (below(chance, 2))
        write_finalizers(chance, out);
    text_string(out, "}\nspec:\n");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (!below(chance, 3))
            continue;
        text_format(out, "  %s: ", shapes[i].field);
        write_list(chance, &shapes[i], patch, odd, out);
        text_byte(out, '\n');
    }
    text_string(out, "  restartPolicy: Always\n");
}

static struct node *parse(struct tree *tree, struct origins *origins, const struct text *text)
{
    struct error error = {0};
    struct node *node = NULL;
    const struct yaml_text input = {"pod.yaml", text_content(text), text->size, origins, 0};
    if (!parse_first(tree, &input, &node, &error)) {
        fprintf(stderr, "%s\n%s\n", error.message, text_content(text));
        exit(2);
    }
    return node;
}

/* The text of what is merged, or the error. */
static void merge_texts(const struct text *pod, const struct text *patch, bool all_odd, struct text *out)
{
    struct arena *arena = arena_new();
    struct origins *origins = origins_new();
    struct error error = {0};
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct schema_set *schemas = schema_set_new(arena);
    struct merge merge = {.tree = &tree, .schemas = schemas, .error = &error, .all_odd = all_odd};
    struct node *destination = parse(&tree, origins, pod), *from = parse(&tree, origins, patch), *result = NULL;
    tree_share(from);
    if (!merge_nodes(&merge, destination, from, schema_set_find(schemas, "v1", "Pod"), &result) ||
        (result && !emit_yaml(result, out, &error)))
        text_format(out, "error: %s\n", error.message);
    error_free(&error);
    origins_free(origins);
    arena_free(arena);
}

static bool same_both_ways(const struct text *pod, const struct text *patch)
{
    struct text regular = {0}, odd = {0};
    merge_texts(pod, patch, false, &regular);
    merge_texts(pod, patch, true, &odd);
    bool same = strcmp(text_content(&regular), text_content(&odd)) == 0;
    if (!same)
        printf("%s---\n%s--- by key:\n%s--- step by step:\n%s", text_content(pod), text_content(patch),
               text_content(&regular), text_content(&odd));
    text_free(&regular);
    text_free(&odd);
    return same;
}

static void write_file(const char *directory, const char *name, const struct text *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    if (!file || fwrite(text_content(text), 1, text->size, file) != text->size || fclose(file) != 0) {
        perror(path);
        exit(2);
    }
}

int main(int count, char **words)
{
    if (count < 3)
        return 2;
    const char *directory = count > 3 ? words[3] : NULL;
    unsigned seed = (unsigned)atoi(words[1]), cases = (unsigned)atoi(words[2]), failed = 0;
    struct text resources = {0}, kustomization = {0};
    text_string(&kustomization, "resources: [pods.yaml]\npatches:\n");
    for (unsigned i = 0; i < cases; i++) {
        struct chance chance = {(unsigned long long)seed * 1000003u + i};
        struct text pod = {0}, patch = {0};
        bool odd = directory && i % 4 == 3; /* what is odd is merged in one way only: kustomize judges it */
        write_pod(&chance, i, false, odd, &pod);
        write_pod(&chance, i, true, odd, &patch);
        if (!directory && !same_both_ways(&pod, &patch))
            failed++;
        if (directory) {
            char name[32];
            snprintf(name, sizeof name, "patch-%u.yaml", i);
            text_format(&resources, "---\n%s", text_content(&pod));
            text_format(&kustomization, "- path: %s\n", name);
            write_file(directory, name, &patch);
        }
        text_free(&pod);
        text_free(&patch);
    }
    if (directory) {
        write_file(directory, "pods.yaml", &resources);
        write_file(directory, "kustomization.yaml", &kustomization);
    } else
        printf("%u passed, %u failed\n", cases - failed, failed);
    text_free(&resources);
    text_free(&kustomization);
    return failed > 0;
}
