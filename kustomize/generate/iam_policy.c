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

static void note_pasted(struct tree *tree, struct node *node)
{
    if (node->kind == NODE_SCALAR)
        written_computed(tree, node, "generator", 0, "the generator pastes it together");
    for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++)
        note_pasted(tree, node->kind == NODE_MAP ? node->entries[i].value : node->items[i]);
}

/* kustomize pastes the names into YAML text. */
static struct node *make_account(struct kust_target *target, const struct policy_fields *fields, origin at,
                                 struct error *error)
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
    struct yaml_text text = {"", bytes, strlen(bytes), target->render->origins, at};
    struct node *root = NULL;
    if (parse_first(target->render->tree, &text, &root, error) && root) {
        root->origin = at;
        note_pasted(target->render->tree, root);
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
    struct node *root = make_account(target, &fields, config->origin, error);
    if (!root)
        return false;
    struct resource *account = resource_new(tree->arena, root);
    annotate_generator(target, account, "IAMPolicyGenerator");
    return absorb_generated(target, account, error);
}
