/* test_diff.c: which changes are found between two lists of resources, which of them are risks, and how long a comment
 * is. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "diff/judge.h"
#include "yaml/parse.h"

static struct tree tree;
static struct error error;
static struct origins *origins;

static void setup(void)
{
    tree = (struct tree){.arena = arena_new(), .owner = UINT32_MAX};
    tree.keys = intern_new(tree.arena);
    origins = origins_new();
    error = (struct error){0};
}

static void teardown(void)
{
    error_free(&error);
    origins_free(origins);
    arena_free(tree.arena);
}

TestSuite(diff, .init = setup, .fini = teardown);

/* Documents, with a table of keys of their own, as each engine has one. */
static struct diff_side side_of(const char *text)
{
    struct tree *own = ARENA_NEW(tree.arena, struct tree);
    struct node_array nodes = {0};
    *own = (struct tree){.arena = tree.arena, .keys = intern_new(tree.arena), .owner = 1};
    const struct yaml_text given = {.file = "a.yaml", .bytes = text, .size = strlen(text), .origins = origins};
    cr_assert(parse_documents(own, &given, &nodes, &error), "%s: %s", text, error.message);
    return (struct diff_side){
        .origins = origins, .items = (const struct node *const *)nodes.items, .count = nodes.count};
}

/* A report of one Application. */
static struct report *compare(const char *base, const char *head)
{
    struct report *report = ARENA_NEW(tree.arena, struct report);
    struct application *application = ARENA_NEW(tree.arena, struct application);
    static const char *const environments[] = {"dev", "prod", NULL};
    *report = (struct report){.arena = tree.arena,
                              .tree = &tree,
                              .base = {"main", NULL, NULL},
                              .head = {"HEAD", NULL, NULL},
                              .applications = application,
                              .count = 1,
                              .total = 1,
                              .last_environments = environments};
    *application = (struct application){.name = "shop-prod",
                                        .app = "shop",
                                        .environment = "prod",
                                        .path = "apps/shop",
                                        .deletion = "auto",
                                        .state = APPLICATION_CHANGED,
                                        .base = side_of(base),
                                        .head = side_of(head)};
    const struct diff diff = {.arena = tree.arena, .tree = &tree};
    find_changes(&diff, &application->base, &application->head, &application->resources);
    judge_changes(report);
    return report;
}

static const char *risks_of(const struct report *report)
{
    struct text out = {0};
    for (size_t i = 0; i < report->risk_count; i++)
        text_format(&out, "%s%s %s", i ? ", " : "", risk_levels[report->risks[i].level], report->risks[i].rule->name);
    const char *copy = arena_string(tree.arena, text_content(&out));
    text_free(&out);
    return copy;
}

#define DEPLOYMENT "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n"
#define STATEFUL_SET "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n"
#define SELECTS "selector: {matchLabels: {a: b}}}\n"
#define POD_OF_A DEPLOYMENT "  template: {metadata: {labels: {a: b}}}\n"
#define SERVICE_TO OF("v1", "Service") "spec: {selector: {a: b}, ports: [{port: 80, targetPort: "
#define POD_OF_A_WITH_PORT(name)                                                                                     \
    DEPLOYMENT "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, ports: [{containerPort: 80, " \
               "name: " name "}]}]}}"
#define CONTAINER "  template: {spec: {containers: [{name: a, "
#define OF(version, kind) "apiVersion: " version "\nkind: " kind "\nmetadata: {name: a}\n"
#define OTHER "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n"

#define SCALER                                      \
    OF("autoscaling/v2", "HorizontalPodAutoscaler") \
    "spec: {maxReplicas: 5, scaleTargetRef: {kind: Deployment, name: a}}\n"
#define DEFINITION(scope, required, served)                                    \
    OF("apiextensions.k8s.io/v1", "CustomResourceDefinition")                  \
    "spec: {scope: " scope ", versions: [{name: v1, storage: "                 \
    "true, served: " served ", schema: {openAPIV3Schema: {properties: {spec: " \
    "{properties: {list: {items: {required: " required "}}}}}}}}]}"
#define ANNOTATED(annotation) "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {" annotation "}}"
#define NUMBERED(name) "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " name "}\n"
#define FOUR_MORE OF("v1", "ConfigMap") "---\n" NUMBERED("b") "---\n" NUMBERED("c") "---\n" NUMBERED("d")

static const struct {
    const char *risks, *base, *head;
} judged[] = {
    /* Fields that cannot be changed, and beside them some that can. */
    {"danger immutable-field", DEPLOYMENT "  selector: {matchLabels: {a: b}}",
     DEPLOYMENT "  selector: {matchLabels: {a: c}}"},
    {"", DEPLOYMENT "  revisionHistoryLimit: 1", DEPLOYMENT "  revisionHistoryLimit: 2"},
    {"danger immutable-field", STATEFUL_SET "  serviceName: a", STATEFUL_SET "  serviceName: b"},
    {"danger immutable-field", STATEFUL_SET "  volumeClaimTemplates: [{metadata: {name: a}}]",
     STATEFUL_SET "  volumeClaimTemplates: [{metadata: {name: b}}]"},
    {"", STATEFUL_SET "  minReadySeconds: 1", STATEFUL_SET "  minReadySeconds: 2"},
    {"danger immutable-field", OF("batch/v1", "Job") "spec: {completionMode: Indexed}",
     OF("batch/v1", "Job") "spec: {completionMode: NonIndexed}"},
    {"danger immutable-field", OF("batch/v1", "Job") "spec: {template: {a: 1}}",
     OF("batch/v1", "Job") "spec: {template: {a: 2}}"},
    {"", OF("batch/v1", "Job") "spec: {suspend: true, template: {spec: {nodeSelector: {a: b}}}}",
     OF("batch/v1", "Job") "spec: {suspend: true, template: {spec: {nodeSelector: {a: c}}}}"},
    {"danger immutable-field",
     OF("batch/v1", "Job") "spec: {suspend: true, template: {spec: {containers: [{name: a, args: [b]}]}}}",
     OF("batch/v1", "Job") "spec: {suspend: true, template: {spec: {containers: [{name: a, args: [c]}]}}}"},
    {"", OF("batch/v1", "Job") "spec: {backoffLimit: 1}", OF("batch/v1", "Job") "spec: {backoffLimit: 2}"},
    {"danger immutable-field", OF("v1", "PersistentVolumeClaim") "spec: {storageClassName: a}",
     OF("v1", "PersistentVolumeClaim") "spec: {storageClassName: b}"},
    {"danger pvc-shrink", OF("v1", "PersistentVolumeClaim") "spec: {resources: {requests: {storage: 2Gi}}}",
     OF("v1", "PersistentVolumeClaim") "spec: {resources: {requests: {storage: 1025Mi}}}"},
    {"", OF("v1", "PersistentVolumeClaim") "spec: {resources: {requests: {storage: 1Gi}}}",
     OF("v1", "PersistentVolumeClaim") "spec: {resources: {requests: {storage: 1025Mi}}}"},
    {"", OF("v1", "PersistentVolumeClaim") "spec: {resources: {requests: {storage: 1Gi}}}",
     OF("v1", "PersistentVolumeClaim") "spec: {resources: {requests: {storage: 1Gi}}, volumeName: a}"},
    {"danger immutable-field", OF("v1", "Service") "spec: {clusterIP: 10.0.0.1}",
     OF("v1", "Service") "spec: {clusterIP: 10.0.0.2}"},
    {"", OF("v1", "Service") "spec: {sessionAffinity: None}", OF("v1", "Service") "spec: {sessionAffinity: ClientIP}"},
    {"danger immutable-field", OF("v1", "ConfigMap") "immutable: true\ndata: {a: b}",
     OF("v1", "ConfigMap") "immutable: true\ndata: {a: c}"},
    {"", OF("v1", "ConfigMap") "data: {a: b}", OF("v1", "ConfigMap") "data: {a: c}"},
    {"danger immutable-field", OF("v1", "Secret") "type: a", OF("v1", "Secret") "type: b"},
    {"danger immutable-field", OF("rbac.authorization.k8s.io/v1", "RoleBinding") "roleRef: {name: a}",
     OF("rbac.authorization.k8s.io/v1", "RoleBinding") "roleRef: {name: b}"},
    {"danger immutable-field", OF("storage.k8s.io/v1", "StorageClass") "provisioner: a",
     OF("storage.k8s.io/v1", "StorageClass") "provisioner: b"},
    {"", OF("storage.k8s.io/v1", "StorageClass") "allowVolumeExpansion: true",
     OF("storage.k8s.io/v1", "StorageClass") "allowVolumeExpansion: false"},
    {"", OF("example.com/v1", "Service") "spec: {clusterIP: a}",
     OF("example.com/v1", "Service") "spec: {clusterIP: b}"},
    {"note immutable-field",
     "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-options: "
     "'Force=true,Replace=true'}}\nspec: {template: 1}",
     "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-options: "
     "'Force=true,Replace=true'}}\nspec: {template: 2}"},
    /* What is deleted. */
    {"danger removed-data", OF("v1", "PersistentVolumeClaim") OTHER, OTHER},
    {"note removed-data",
     "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-options: "
     "Prune=false}}\n" OTHER,
     OTHER},
    {"warning removed-traffic", OF("v1", "Service") OTHER, OTHER},
    {"danger removed-traffic", OF("v1", "Service") "spec: {type: LoadBalancer}\n" OTHER, OTHER},
    {"", OF("v1", "ServiceAccount") OTHER, OTHER},
    {"danger removed-used",
     OF("v1", "ConfigMap") "---\n" DEPLOYMENT CONTAINER "envFrom: [{configMapRef: {name: a}}]}]}}",
     DEPLOYMENT CONTAINER "envFrom: [{configMapRef: {name: a}}]}]}}"},
    {"", OF("v1", "Secret") "---\n" DEPLOYMENT CONTAINER "envFrom: [{secretRef: {name: a}}]}]}}",
     OF("bitnami.com/v1alpha1", "SealedSecret") "---\n" DEPLOYMENT CONTAINER "envFrom: [{secretRef: {name: a}}]}]}}"},
    {"danger recreated", STATEFUL_SET "  replicas: 1", OF("apps/v1", "DaemonSet")},
    {"danger app-shrunk", OF("v1", "ConfigMap"), ""},
    /* What runs. */
    {"danger replicas-zero", DEPLOYMENT "  replicas: 3", DEPLOYMENT "  replicas: 0"},
    {"warning replicas-drop", DEPLOYMENT "  replicas: 5", DEPLOYMENT "  replicas: 2"},
    {"", DEPLOYMENT "  replicas: 5", DEPLOYMENT "  replicas: 3"},
    {"warning downtime", DEPLOYMENT "  strategy: {type: RollingUpdate}", DEPLOYMENT "  strategy: {type: Recreate}"},
    {"warning image-downgrade", DEPLOYMENT CONTAINER "image: 'a:1.4.0'}]}}",
     DEPLOYMENT CONTAINER "image: 'a:1.3.9'}]}}"},
    {"", DEPLOYMENT CONTAINER "image: 'a:1.9.0'}]}}", DEPLOYMENT CONTAINER "image: 'a:1.10.0'}]}}"},
    {"note image-major", DEPLOYMENT CONTAINER "image: 'a:1.9.0'}]}}", DEPLOYMENT CONTAINER "image: 'a:2.0.0'}]}}"},
    {"warning image-mutable", DEPLOYMENT CONTAINER "image: 'a:1'}]}}", DEPLOYMENT CONTAINER "image: 'a:latest'}]}}"},
    {"warning image-mutable", DEPLOYMENT CONTAINER "image: 'a:1@sha256:00'}]}}",
     DEPLOYMENT CONTAINER "image: 'a:1'}]}}"},
    {"warning image-repository", DEPLOYMENT CONTAINER "image: 'host:5000/a:1'}]}}",
     DEPLOYMENT CONTAINER "image: 'other/a:1'}]}}"},
    {"warning probe-removed", DEPLOYMENT CONTAINER "readinessProbe: {a: b}}]}}", DEPLOYMENT CONTAINER "}]}}"},
    {"warning limits-removed", DEPLOYMENT CONTAINER "resources: {limits: {cpu: 1}}}]}}",
     DEPLOYMENT CONTAINER "resources: {limits: {}}}]}}"},
    {"warning privilege", DEPLOYMENT CONTAINER "}]}}", DEPLOYMENT CONTAINER "securityContext: {privileged: true}}]}}"},
    {"warning privilege", DEPLOYMENT "  template: {spec: {a: b}}",
     DEPLOYMENT "  template: {spec: {a: b, hostNetwork: true}}"},
    {"", DEPLOYMENT CONTAINER "}]}}", DEPLOYMENT CONTAINER "securityContext: {privileged: false}}]}}"},
    {"danger selector-nothing",
     OF("v1", "Service") "spec: {selector: {a: b}}\n---\n" DEPLOYMENT "  template: {metadata: {labels: {a: b}}}",
     OF("v1", "Service") "spec: {selector: {a: b}}\n---\n" DEPLOYMENT "  template: {metadata: {labels: {a: c}}}"},
    {"warning pdb-blocks", OF("policy/v1", "PodDisruptionBudget") "spec: {maxUnavailable: 1}",
     OF("policy/v1", "PodDisruptionBudget") "spec: {maxUnavailable: 0}"},
    {"warning pdb-blocks",
     OF("policy/v1", "PodDisruptionBudget") "spec: {minAvailable: 1, " SELECTS "---\n" POD_OF_A "  replicas: 2",
     OF("policy/v1", "PodDisruptionBudget") "spec: {minAvailable: 2, " SELECTS "---\n" POD_OF_A "  replicas: 2"},
    {"", OF("policy/v1", "PodDisruptionBudget") "spec: {minAvailable: 1, " SELECTS "---\n" POD_OF_A "  replicas: 2",
     OF("policy/v1", "PodDisruptionBudget") "spec: {minAvailable: 1, maxUnavailable: 1, " SELECTS "---\n" POD_OF_A
                                            "  replicas: 2"},
    {"warning selector-nothing", SERVICE_TO "http}]}\n---\n" POD_OF_A_WITH_PORT("http"),
     SERVICE_TO "http}]}\n---\n" POD_OF_A_WITH_PORT("web")},
    {"", SERVICE_TO "80}]}\n---\n" POD_OF_A_WITH_PORT("http"), SERVICE_TO "80}]}\n---\n" POD_OF_A_WITH_PORT("web")},
    {"warning removed-traffic",
     OF("networking.k8s.io/v1", "Ingress") "spec: {rules: [{host: a.example.com}, {host: b.example.com}]}",
     OF("networking.k8s.io/v1", "Ingress") "spec: {rules: [{host: b.example.com}]}"},
    {"", OF("networking.k8s.io/v1", "Ingress") "spec: {rules: [{host: a.example.com}]}",
     OF("networking.k8s.io/v1", "Ingress") "spec: {rules: [{host: a.example.com}, {host: b.example.com}]}"},
    {"warning dangling", OF("v1", "ConfigMap") "---\n" DEPLOYMENT CONTAINER "envFrom: [{configMapRef: {name: a}}]}]}}",
     OF("v1", "ConfigMap") "---\n" DEPLOYMENT CONTAINER "envFrom: [{configMapRef: {name: b}}]}]}}"},
    {"", OF("v1", "ConfigMap") "---\n" DEPLOYMENT CONTAINER "envFrom: [{configMapRef: {name: elsewhere}}]}]}}",
     OF("v1", "ConfigMap") "---\n" DEPLOYMENT CONTAINER "envFrom: [{configMapRef: {name: elsewhere-2}}]}]}}"},
    /* Budgets and autoscalers that did fit; what was so before is not told again. */
    {"warning replicas-drop, warning pdb-blocks",
     OF("policy/v1", "PodDisruptionBudget") "spec: {minAvailable: 1, " SELECTS "---\n" POD_OF_A "  replicas: 2",
     OF("policy/v1", "PodDisruptionBudget") "spec: {minAvailable: 1, " SELECTS "---\n" POD_OF_A "  replicas: 1"},
    {"", OF("policy/v1", "PodDisruptionBudget") "spec: {maxUnavailable: 0}",
     OF("policy/v1", "PodDisruptionBudget") "spec: {maxUnavailable: 0, a: b}"},
    {"warning hpa-replicas", SCALER "---\n" DEPLOYMENT "  a: b", SCALER "---\n" DEPLOYMENT "  replicas: 2"},
    {"", SCALER "---\n" DEPLOYMENT "  replicas: 2", SCALER "---\n" DEPLOYMENT "  replicas: 3"},
    {"warning hpa-replicas", SCALER "---\n" DEPLOYMENT "  replicas: 2", SCALER "---\n" DEPLOYMENT "  replicas: 9"},
    {"warning hpa-replicas", OTHER, OTHER "---\n" SCALER},
    {"danger selector-nothing",
     OF("policy/v1",
        "PodDisruptionBudget") "spec: {selector: {matchExpressions: [{key: a, operator: Exists}]}}\n---\n" POD_OF_A,
     OF("policy/v1",
        "PodDisruptionBudget") "spec: {selector: {matchExpressions: [{key: b, operator: Exists}]}}\n---\n" POD_OF_A},
    /* Definitions. */
    {"danger immutable-field, danger crd-version", DEFINITION("Namespaced", "[a]", "true"),
     DEFINITION("Cluster", "[a]", "true")},
    {"warning crd-version", DEFINITION("Cluster", "[a]", "true"), DEFINITION("Cluster", "[a, b]", "true")},
    {"", DEFINITION("Cluster", "[a, b]", "true"), DEFINITION("Cluster", "[b]", "true")},
    {"danger crd-version", DEFINITION("Cluster", "[a]", "true"), DEFINITION("Cluster", "[a]", "false")},
    /* How Argo CD applies it. */
    {"warning sync-weaker", ANNOTATED("a: b"), ANNOTATED("argocd.argoproj.io/sync-wave: '1'")},
    {"warning sync-weaker", ANNOTATED("a: b"),
     ANNOTATED("argocd.argoproj.io/sync-options: 'Prune=false,Replace=true'")},
    {"", ANNOTATED("a: b"), ANNOTATED("argocd.argoproj.io/sync-options: Prune=false")},
    /* Pointers of Git LFS. */
    {"warning lfs-pointer", OF("v1", "ConfigMap") "data: {a: b}",
     OF("v1", "ConfigMap") "data: {a: \"version https://git-lfs.github.com/spec/v1\\noid sha256:0\\n\"}"},
    {"", OF("v1", "ConfigMap") "data: {a: b}", OF("v1", "ConfigMap") "data: {a: see https://git-lfs.github.com/spec/}"},
    {"danger removed-data", STATEFUL_SET "  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}\n" OTHER,
     OTHER},
    {"danger app-shrunk", OTHER "---\n" FOUR_MORE, OTHER "---\n" OF("v1", "ConfigMap")},
    {"danger plain-secret", OTHER, OTHER "---\n" OF("v1", "Secret") "data: {a: b}"},
    {"danger rbac-widened",
     OF("rbac.authorization.k8s.io/v1", "Role") "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]",
     OF("rbac.authorization.k8s.io/v1", "Role") "rules: [{apiGroups: [''], resources: [pods], verbs: ['*']}]"},
    {"", OF("rbac.authorization.k8s.io/v1", "Role") "rules: [{apiGroups: [''], resources: [pods], verbs: [get, list]}]",
     OF("rbac.authorization.k8s.io/v1", "Role") "rules: [{apiGroups: [''], resources: [pods], verbs: [list]}]"},
};

Test(diff, risks)
{
    for (size_t i = 0; i < sizeof judged / sizeof *judged; i++) {
        const char *got = risks_of(compare(judged[i].base, judged[i].head));
        cr_expect_str_eq(got, judged[i].risks, "'%s', expected '%s', of:\n%s\n---- and\n%s", got, judged[i].risks,
                         judged[i].base, judged[i].head);
    }
}

Test(diff, a_comment_permits_a_risk)
{
    const struct report *report =
        compare(DEPLOYMENT "  replicas: 3\n", DEPLOYMENT "  replicas: 0 # rootapp:allow replicas-zero moved away\n");
    cr_assert_eq(report->risk_count, 1);
    cr_assert_str_eq(report->risks[0].allowed, "moved away");
    cr_assert_eq(count_risks(report, RISK_DANGER), 0);
    report = compare(DEPLOYMENT "  replicas: 3\n", DEPLOYMENT "  replicas: 0 # rootapp:allow other-rule\n");
    cr_assert_null(report->risks[0].allowed);
}

static const struct {
    const char *fields, *base, *head; /* path and operation: +, -, ~, o */
} compared[] = {
    {"spec.template.spec.containers.[name=a].image ~", DEPLOYMENT CONTAINER "image: 'x:1'}, {name: b}]}}",
     DEPLOYMENT CONTAINER "image: 'x:2'}, {name: b}]}}"},
    {"spec.template.spec.containers.[name=a].env o", DEPLOYMENT CONTAINER "env: [{name: x}, {name: y}]}]}}",
     DEPLOYMENT CONTAINER "env: [{name: y}, {name: x}]}]}}"},
    {"spec.template.spec.containers.[name=a].args.[1] +", DEPLOYMENT CONTAINER "args: [a, c]}]}}",
     DEPLOYMENT CONTAINER "args: [a, b, c]}]}}"},
    {"spec.template.spec.containers.[name=a].args.[0] ~", DEPLOYMENT CONTAINER "args: [a, c]}]}}",
     DEPLOYMENT CONTAINER "args: [b, c]}]}}"},
    {"", OF("v1", "Service") "spec: {ports: [{port: 1}, {port: 2}]}",
     OF("v1", "Service") "spec: {ports: [{port: 2}, {port: 1}]}"},
    {"spec.ports.[port=1,protocol=UDP] +", OF("v1", "Service") "spec: {ports: [{port: 1}]}",
     OF("v1", "Service") "spec: {ports: [{port: 1}, {port: 1, protocol: UDP}]}"},
    {"metadata.annotations.a\\.b/c +", "apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: {x: y}}",
     "apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: {x: y, a.b/c: d}}"},
    {"data.a ~", OF("v1", "ConfigMap") "data: {a: '1'}", OF("v1", "ConfigMap") "data: {a: 1}"},
    {"", OF("v1", "ConfigMap") "data: {a: 0x10, b: 'c', d: e}", OF("v1", "ConfigMap") "data: {d: e, b: c, a: 16}"},
    {"spec.a.[0] -, spec.a.[1] ~", OF("v1", "A") "spec: {a: [1, 2, {b: c}]}", OF("v1", "A") "spec: {a: [2, {b: d}]}"},
};

Test(diff, fields)
{
    static const char signs[] = {[FIELD_ADD] = '+', [FIELD_REMOVE] = '-', [FIELD_REPLACE] = '~', [FIELD_ORDER] = 'o'};
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
        const struct resource_changes *changes =
            &compare(compared[i].base, compared[i].head)->applications[0].resources;
        struct text out = {0};
        for (size_t j = 0; changes->count && j < changes->items[0].count; j++) {
            const struct field_change *field = &changes->items[0].fields[j];
            bool whole = strstr(field->path, "].b") != NULL;
            text_format(&out, "%s%.*s %c", j ? ", " : "", (int)(strlen(field->path) - (whole ? 2 : 0)), field->path,
                        signs[field->op]);
        }
        cr_expect_str_eq(text_content(&out), compared[i].fields);
        text_free(&out);
    }
}

static const struct {
    enum change change;
    enum matched matched;
    const char *base, *head;
} matched[] = {
    {CHANGE_CHANGED, MATCHED_ID, OF("apps/v1beta1", "Deployment") "a: 1", OF("apps/v1", "Deployment") "a: 2"},
    {CHANGE_CHANGED, MATCHED_HASH, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a-2456789bcd}",
     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a-fghkmt2456}"},
    {CHANGE_ADDED, MATCHED_NOT, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a-2456789bcd}",
     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b-fghkmt2456}"},
    {CHANGE_RENAMED, MATCHED_AFFIX, "apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: b}",
     "apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: c}"},
    {CHANGE_REPLACED, MATCHED_KIND, OF("apps/v1", "Deployment"), OF("apps/v1", "DaemonSet")},
    {CHANGE_ADDED, MATCHED_NOT, OF("v1", "Service"), OF("v1", "ConfigMap")},
};

Test(diff, matching)
{
    for (size_t i = 0; i < sizeof matched / sizeof *matched; i++) {
        const struct resource_changes *changes = &compare(matched[i].base, matched[i].head)->applications[0].resources;
        cr_expect_eq(changes->items[0].change, matched[i].change, "%zu: %d", i, changes->items[0].change);
        cr_expect_eq(changes->items[0].matched, matched[i].matched, "%zu: %d", i, changes->items[0].matched);
    }
}

/* UTF-16 units, as GitHub counts. */
static size_t units(const struct text *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->size; i++)
        if (((unsigned char)text->bytes[i] & 0xC0) != 0x80)
            count += (unsigned char)text->bytes[i] >= 0xF0 ? 2 : 1;
    return count;
}

/* Reads a comment as markdown does: how many <details> stand outside of code, less those that are closed; 1000 where a
 * fence stays open, or where somebody is called. */
static size_t open_details(const char *text)
{
    size_t fence = 0, open = 0;
    for (size_t size; *text; text += size + (text[size] == '\n')) {
        size = strcspn(text, "\n");
        size_t run = strspn(text, "`");
        if (fence) {
            fence = run >= fence && run == size ? 0 : fence;
            continue;
        }
        fence = run >= 3 ? run : 0;
        const char *line = arena_copy(tree.arena, text, size);
        open += strncmp(line, "<details>", 9) == 0;
        open -= strcmp(line, "</details>") == 0;
        if (strchr(line, '@'))
            return 1000;
    }
    return fence ? 1000 : open;
}

/* Values of fences, tags, mentions and long characters, in no order that repeats soon. */
static const char *any_value(unsigned *seed)
{
    static const char *const parts[] = {"```", "`", "</details>", "@team", "\xF0\x9F\x98\x80", "<!--", "\\n", "x",
                                        "~~~", " ", "|",          "ä"};
    struct text out = {0};
    for (size_t left = *seed % 40; left; left--) {
        *seed = *seed * 1103515245u + 12345u;
        text_string(&out, parts[(*seed >> 16) % (sizeof parts / sizeof *parts)]);
    }
    const char *copy = arena_string(tree.arena, text_content(&out));
    text_free(&out);
    return copy;
}

static struct report *many(unsigned seed, size_t count)
{
    struct report *report = compare(OTHER, OTHER);
    struct application *all = ARENA_ARRAY(tree.arena, count, struct application);
    for (size_t i = 0; i < count; i++) {
        const char *old = arena_format(tree.arena, OF("v1", "ConfigMap") "data: {a: \"%s\"}", any_value(&seed));
        seed += (unsigned)i;
        const char *new = arena_format(tree.arena, OF("v1", "ConfigMap") "data: {a: \"%sy\"}", any_value(&seed));
        all[i] = compare(old, new)->applications[0];
        all[i].name = arena_format(tree.arena, "app-%zu", i);
    }
    report->applications = all;
    report->count = report->total = count;
    judge_changes(report);
    return report;
}

/* Whatever is in it, a comment is no longer than it may be, closes what it opens, and calls nobody. */
Test(diff, comments)
{
    for (unsigned seed = 1; seed < 60; seed++) {
        struct report *report = many(seed, 1 + seed % 30);
        size_t limits[] = {0, 1500, 4000, 65000};
        for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
            struct text out = {0};
            diff_write_markdown(report, limits[i], &out);
            cr_expect(!limits[i] || units(&out) <= limits[i], "%zu units of %zu", units(&out), limits[i]);
            cr_expect_eq(open_details(out.bytes), 0, "%s", out.bytes);
            cr_expect(strncmp(out.bytes, "<!-- rootapp diff -->\n", 22) == 0);
            cr_expect(strcmp(out.bytes + out.size - 7, "</sub>\n") == 0);
            text_free(&out);
        }
    }
}
