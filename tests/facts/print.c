/* print.c: prints the engine's builtin facts as tables that can be compared with kustomize's.
 *
 *   print fieldspecs                 every field spec: table, the kind referred to, the kind that has the field, path, create
 *   print scope <KINDS               of each "API_VERSION KIND" of standard input that is known, whether it has a namespace
 *   print merge-keys <FIELDS         of each "DEFINITION FIELD" that is a list merged by key, its keys
 *   print kind-order <KINDS          of each kind that is written before or after all others, its rank: negative, positive */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kustomize/resource/kind_order.h"
#include "kustomize/schema/schema_table.h"
#include "kustomize/specs/config.h"

static void print_spec(const char *table, const struct gvk *referred, const struct field_spec *spec)
{
    printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", table, referred->group, referred->version, referred->kind,
           spec->gvk.group, spec->gvk.version, spec->gvk.kind, spec->path, spec->create ? "true" : "");
}

static void print_specs(const char *table, const struct gvk *referred, struct field_specs specs)
{
    for (size_t i = 0; i < specs.count; i++)
        print_spec(table, referred, &specs.items[i]);
}

static void print_field_specs(void)
{
    static const struct gvk none = {"", "", ""};
    const struct config *config = config_builtin();
    const struct {
        const char *name;
        struct field_specs specs;
    } tables[] = {
        {"nameprefix", config->name_prefix},
        {"namesuffix", config->name_suffix},
        {"namespace", config->namespace},
        {"commonlabels", config->common_labels},
        {"metadatalabels", config->template_labels},
        {"volumeclaimmetadatalabels", config->volume_claim_template_labels},
        {"commonannotations", config->common_annotations},
        {"images", config->images},
        {"replicas", config->replicas},
        {"varreference", config->var_references},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        print_specs(tables[i].name, &none, tables[i].specs);
    for (size_t i = 0; i < config->name_references.count; i++)
        print_specs("namereference", &config->name_references.items[i].referred,
                    config->name_references.items[i].referrers);
}

static struct gvk split_api_version(char *api_version, const char *kind)
{
    char *slash = strchr(api_version, '/');
    if (!slash)
        return (struct gvk){"", api_version, kind};
    *slash = '\0';
    return (struct gvk){api_version, slash + 1, kind};
}

static void print_scope(const char *api_version, const char *kind)
{
    char copy[256];
    snprintf(copy, sizeof copy, "%s", api_version);
    struct gvk gvk = split_api_version(copy, kind);
    bool cluster;
    if (gvk_scope_is_known(&gvk, &cluster))
        printf("%s\t%s\t%s\n", api_version, kind, cluster ? "false" : "true");
}

static void print_merge_keys(const char *definition, const char *field)
{
    const struct schema *schema = schema_field(schema_builtin_definition(definition), field);
    const char *const *keys = schema ? schema_merge_keys(schema) : NULL;
    if (!keys)
        return;
    printf("%s\t%s\t", definition, field);
    for (size_t i = 0; keys[i]; i++)
        printf("%s%s", i > 0 ? "," : "", keys[i]);
    putchar('\n');
}

static void print_rank(const char *kind, const char *unused)
{
    (void)unused;
    long rank = kind_rank(&default_kind_order, kind);
    if (rank != 0)
        printf("%ld\t%s\n", rank, kind);
}

/* Calls `print` with the words of each line of standard input. */
static void print_each(void (*print)(const char *, const char *))
{
    char first[256], second[256], line[600];
    while (fgets(line, sizeof line, stdin))
        if (sscanf(line, "%255s %255s", first, second) >= 1)
            print(first, second);
}

int main(int argc, char **argv)
{
    const char *table = argc == 2 ? argv[1] : "";
    if (strcmp(table, "fieldspecs") == 0)
        print_field_specs();
    else if (strcmp(table, "scope") == 0)
        print_each(print_scope);
    else if (strcmp(table, "merge-keys") == 0)
        print_each(print_merge_keys);
    else if (strcmp(table, "kind-order") == 0)
        print_each(print_rank);
    else
        return fputs("usage: print fieldspecs|scope|merge-keys|kind-order\n", stderr), 2;
    return 0;
}
