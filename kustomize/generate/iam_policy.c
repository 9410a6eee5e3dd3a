/* iam_policy.c: generates the ServiceAccount that stands for a cloud provider's account (IAMPolicyGenerator).
 *
 * Source: api/filters/iampolicygenerator, api/types/iampolicygenerator.go */
#include <string.h>

#include "base/text.h"
#include "kustomize/kustomization/provenance.h"
#include "kustomize/kustomization/transformers.h"
#include "yaml/written.h"

struct account_fields {
    const char *name, *namespace, *project;
};

struct policy_fields {
    const char *cloud;
    struct account_fields service, account;
};

static const struct field service_fields[] = {
    FIELD_STRING(struct account_fields, name, "name"),
    FIELD_STRING(struct account_fields, namespace, "namespace"),
    FIELD_END,
};
static const struct struct_type service_type = {"KubernetesService", sizeof(struct account_fields), service_fields, -1};

static const struct field account_table[] = {
    FIELD_STRING(struct account_fields, name, "name"),
    FIELD_STRING(struct account_fields, project, "projectId"),
    FIELD_END,
};
static const struct struct_type account_type = {"ServiceAccount", sizeof(struct account_fields), account_table, -1};

static const struct field policy_table[] = {
    FIELD_STRING(struct policy_fields, cloud, "cloud"),
    FIELD_STRUCT(struct policy_fields, service, "kubernetesService", &service_type),
    FIELD_STRUCT(struct policy_fields, account, "serviceAccount", &account_type),
    FIELD_END,
};
static const struct struct_type policy_type = {"IAMPolicyGeneratorPlugin", sizeof(struct policy_fields), policy_table,
                                               -1};

static origin argument_origin(const struct node *config, const char *field, const char *inner)
{
    const struct node *arguments = node_find(config, field);
    return node_find(arguments, inner) ? field_origin(arguments, inner) : 0;
}

static void note_whole(struct tree *tree, struct node *value, origin from)
{
    if (value && from)
        written_from(tree, value, "generator", from);
    else if (value)
        written_computed(tree, value, "generator", 0, "the generator makes it so");
}

/* NAME@PROJECT.iam.gserviceaccount.com */
static void note_address(struct tree *tree, struct node *value, const struct node *config,
                         const struct account_fields *account)
{
    size_t name = strlen(string_or_empty(account->name)), project = strlen(string_or_empty(account->project));
    static const char reason[] = "the generator makes it so";
    if (!value || value->count < name + 1 + project)
        return;
    const struct writer_part parts[] = {
        {.size = name, .from = argument_origin(config, "serviceAccount", "name"), .from_size = name},
        {.start = name, .size = 1, .computed = reason},
        {.start = name + 1,
         .size = project,
         .from = argument_origin(config, "serviceAccount", "projectId"),
         .from_size = project},
        {.start = name + 1 + project, .size = value->count - name - 1 - project, .computed = reason},
    };
    written_parts(tree, value, "generator", parts, 4);
}

/* Says of what was pasted together where the names in it were taken from. */
static void note_pasted(struct tree *tree, struct node *root, const struct node *config,
                        const struct policy_fields *fields)
{
    struct node *metadata = node_get(root, &key_metadata), *annotations = node_get(metadata, &key_annotations);
    note_whole(tree, node_get(root, &key_apiVersion), 0);
    note_whole(tree, node_get(root, &key_kind), 0);
    note_whole(tree, node_get(metadata, &key_name), argument_origin(config, "kubernetesService", "name"));
    note_whole(tree, node_get(metadata, &key_namespace), argument_origin(config, "kubernetesService", "namespace"));
    note_address(tree, node_find(annotations, "iam.gke.io/gcp-service-account"), config, &fields->account);
}

/* kustomize pastes the names into YAML text. */
static struct node *make_account(struct kust_target *target, const struct policy_fields *fields,
                                 const struct node *config, struct error *error)
{
    struct arena *arena = target->render->arena;
    const char *namespace = string_or_empty(fields->service.namespace);
    const char *bytes =
        arena_format(arena,
                     "\n"
                     "apiVersion: v1\n"
                     "kind: ServiceAccount\n"
                     "metadata:\n"
                     "  annotations:\n"
                     "    iam.gke.io/gcp-service-account: %s@%s.iam.gserviceaccount.com\n"
                     "  name: %s\n"
                     "%s%s",
                     string_or_empty(fields->account.name), string_or_empty(fields->account.project),
                     string_or_empty(fields->service.name), *namespace ? "\n  namespace: " : "", namespace);
    struct yaml_text text = {"", bytes, strlen(bytes), target->render->origins, config->origin};
    struct node *root = NULL;
    if (parse_first(target->render->tree, &text, &root, error) && root) {
        root->origin = config->origin;
        if (target->render->tree->writers)
            note_pasted(target->render->tree, root, config, fields);
    }
    return root;
}

bool iam_policy_generator(struct kust_target *target, const struct node *config, struct error *error)
{
    struct policy_fields fields = {0};
    struct tree *tree = target->render->tree;
    if (!decode(tree, config, &policy_type, DECODE_AS_GO_LENIENT, &fields, error))
        return false;
    if (!fields.cloud || strcmp(fields.cloud, "gke") != 0)
        return error_at(error, field_origin(config, "cloud"), "cloud provider %s not supported yet",
                        string_or_empty(fields.cloud));
    struct node *root = make_account(target, &fields, config, error);
    if (!root)
        return false;
    struct resource *account = resource_new(tree->arena, root);
    annotate_generator(target, account, "IAMPolicyGenerator");
    return absorb_generated(target, account, error);
}
