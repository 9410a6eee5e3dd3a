"""What `rootapp diff` says of a change before it is committed is what the API server and Argo CD do with it."""

import json
import os
import subprocess
import tempfile

import yaml

from api import APIError
from control_plane import NAMESPACE, Unmet

# Fields of the server's validation, a row each: base with one text where the bar is, head with the other one. Whether head is refused
# the server says; nothing is written down here.
LABELS = "selector: {matchLabels: {a: b}}"
POD = "spec: {containers: [{name: a, image: 'a:1'}]}"
TEMPLATE = "template: {metadata: {labels: {a: b}}, %s}" % POD
CLAIM = "{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"
VOLUME = "capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce]"
REQUEST = "{apiVersion: resource.k8s.io/v1, kind: %s, spec: {%sdevices: {requests: [{name: r, exactly: {deviceClassName: %s}}]}%s}}"


def workload(kind, fields):
    return "{apiVersion: apps/v1, kind: %s, spec: {%s}}" % (kind, fields)


def job(fields, template="template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'a:1'}]}}"):
    return "{apiVersion: batch/v1, kind: Job, spec: {%s, %s}}" % (fields, template)


def core(kind, fields):
    return "{apiVersion: v1, kind: %s, %s}" % (kind, fields)


def storage(kind, fields):
    return "{apiVersion: storage.k8s.io/v1, kind: %s, %s}" % (kind, fields)


def custom(scope, kind="Thing", extra=""):
    return ("{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {group: %%s.example.com, scope: %s, names: {kind: %s, plural: things}, "
            "versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object%s}}}]}}" % (scope, kind, extra))


PAIRS = {
    "deployment-selector": (workload("Deployment", f"{LABELS}, {TEMPLATE}"),
                            workload("Deployment", "selector: {matchLabels: {a: b, c: d}}, template: {metadata: {labels: {a: b, c: d}}, %s}" % POD)),
    "deployment-replicas": tuple(workload("Deployment", f"replicas: {n}, {LABELS}, {TEMPLATE}") for n in (0, 2)),
    "deployment-image": tuple(workload("Deployment", f"{LABELS}, {TEMPLATE.replace('a:1', image)}") for image in ("a:1", "b:2")),
    "deployment-strategy": tuple(workload("Deployment", f"{LABELS}, {TEMPLATE}, strategy: {{rollingUpdate: {{maxSurge: {n}}}}}") for n in (1, 2)),
    "deployment-progress": tuple(workload("Deployment", f"{LABELS}, {TEMPLATE}, progressDeadlineSeconds: {n}, minReadySeconds: {n - 50}, revisionHistoryLimit: {n}") for n in (60, 90)),
    "daemonset-selector": (workload("DaemonSet", f"{LABELS}, {TEMPLATE}"),
                           workload("DaemonSet", "selector: {matchLabels: {a: b, c: d}}, template: {metadata: {labels: {a: b, c: d}}, %s}" % POD)),
    "daemonset-template": tuple(workload("DaemonSet", f"{LABELS}, {TEMPLATE.replace('a:1', image)}") for image in ("a:1", "a:2")),
    "replicaset-selector": (workload("ReplicaSet", f"{LABELS}, {TEMPLATE}"),
                            workload("ReplicaSet", "selector: {matchLabels: {a: b, c: d}}, template: {metadata: {labels: {a: b, c: d}}, %s}" % POD)),
    "statefulset-claims": tuple(workload("StatefulSet", f"serviceName: a, {LABELS}, {TEMPLATE}, volumeClaimTemplates: [{CLAIM.replace('1Gi', size)}]") for size in ("1Gi", "2Gi")),
    "statefulset-service": tuple(workload("StatefulSet", f"serviceName: {name}, {LABELS}, {TEMPLATE}") for name in "ab"),
    "statefulset-management": tuple(workload("StatefulSet", f"serviceName: a, podManagementPolicy: {name}, {LABELS}, {TEMPLATE}") for name in ("OrderedReady", "Parallel")),
    "statefulset-selector": (workload("StatefulSet", f"serviceName: a, {LABELS}, {TEMPLATE}"),
                             workload("StatefulSet", "serviceName: a, selector: {matchLabels: {a: b, c: d}}, template: {metadata: {labels: {a: b, c: d}}, %s}" % POD)),
    "statefulset-others": tuple(workload("StatefulSet", f"serviceName: a, replicas: {n}, minReadySeconds: {n}, revisionHistoryLimit: {n}, ordinals: {{start: {n}}}, {LABELS}, "
                                         f"persistentVolumeClaimRetentionPolicy: {{whenDeleted: {policy}, whenScaled: Retain}}, {TEMPLATE}, updateStrategy: {{type: {update}}}")
                                for n, policy, update in ((1, "Retain", "RollingUpdate"), (2, "Delete", "OnDelete"))),
    "statefulset-template": tuple(workload("StatefulSet", f"serviceName: a, {LABELS}, {TEMPLATE.replace('a:1', image)}") for image in ("a:1", "a:2")),
    "job-mode": tuple(job(f"suspend: true, completions: 2, parallelism: 2, completionMode: {mode}") for mode in ("NonIndexed", "Indexed")),
    "job-failure-policy": tuple(job(f"suspend: true, podFailurePolicy: {{rules: [{{action: {action}, onPodConditions: [{{type: DisruptionTarget, status: 'True'}}]}}]}}") for action in ("Ignore", "Count")),
    "job-index-limit": tuple(job(f"suspend: true, completionMode: Indexed, completions: 2, backoffLimitPerIndex: {n}") for n in (1, 2)),
    "job-manager": tuple(job(f"suspend: true, managedBy: example.com/{name}") for name in "ab"),
    "job-success-policy": tuple(job(f"suspend: true, completionMode: Indexed, completions: 3, successPolicy: {{rules: [{{succeededCount: {n}}}]}}") for n in (1, 2)),
    "job-completions": tuple(job(f"completions: {n}") for n in (2, 3)),
    "job-completions-indexed": tuple(job(f"completionMode: Indexed, completions: {n}, parallelism: {n}") for n in (2, 3)),
    "job-template": tuple(job("backoffLimit: 1", "template: {spec: {restartPolicy: Never, containers: [{name: a, image: '%s'}]}}" % image) for image in ("a:1", "a:2")),
    "job-template-suspended": tuple(job("suspend: true", "template: {metadata: {labels: {a: '%s'}}, spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}" % label) for label in "ab"),
    "job-image-suspended": tuple(job("suspend: true", "template: {spec: {restartPolicy: Never, containers: [{name: a, image: '%s'}]}}" % image) for image in ("a:1", "a:2")),
    "job-limits": tuple(job(f"parallelism: {n}, backoffLimit: {n}, activeDeadlineSeconds: {n}, ttlSecondsAfterFinished: {n}") for n in (1, 2)),
    "job-resumed": tuple(job(f"suspend: {word}") for word in ("true", "false")),
    "cronjob": tuple("{apiVersion: batch/v1, kind: CronJob, spec: {schedule: '%d 1 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'a:%d'}]}}}}}}" % (n, n) for n in (1, 2)),
    "claim-class": tuple(core("PersistentVolumeClaim", f"spec: {{storageClassName: {name}, accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}") for name in "ab"),
    "claim-modes": tuple(core("PersistentVolumeClaim", f"spec: {{storageClassName: a, accessModes: [{mode}], resources: {{requests: {{storage: 1Gi}}}}}}") for mode in ("ReadWriteOnce", "ReadOnlyMany")),
    "claim-volume-once": tuple(core("PersistentVolumeClaim", f"spec: {{storageClassName: a, accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}{more}}}") for more in ("", ", volumeName: v")),
    "claim-volume-other": tuple(core("PersistentVolumeClaim", f"spec: {{storageClassName: a, accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}, volumeName: {name}}}") for name in "ab"),
    "claim-labels": tuple(core("PersistentVolumeClaim", f"metadata: {{labels: {{a: '{n}'}}}}, spec: {{storageClassName: a, accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}") for n in (1, 2)),
    "volume-source": tuple(core("PersistentVolume", f"spec: {{{VOLUME}, hostPath: {{path: /{name}}}}}") for name in "ab"),
    "volume-mode": tuple(core("PersistentVolume", f"spec: {{{VOLUME}, hostPath: {{path: /a}}, volumeMode: {mode}}}") for mode in ("Filesystem", "Block")),
    "volume-affinity": tuple(core("PersistentVolume", f"spec: {{{VOLUME}, hostPath: {{path: /a}}, nodeAffinity: {{required: {{nodeSelectorTerms: [{{matchExpressions: [{{key: a, operator: In, values: [{name}]}}]}}]}}}}}}") for name in "bc"),
    "volume-affinity-once": tuple(core("PersistentVolume", f"spec: {{{VOLUME}, hostPath: {{path: /a}}{more}}}") for more in ("", ", nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: [b]}]}]}}")),
    "volume-others": tuple(core("PersistentVolume", f"spec: {{capacity: {{storage: {n}Gi}}, accessModes: [ReadWriteOnce], hostPath: {{path: /a}}, persistentVolumeReclaimPolicy: {policy}, storageClassName: c{n}}}") for n, policy in ((1, "Retain"), (2, "Delete"))),
    "service-address": tuple(core("Service", f"spec: {{clusterIP: {address}, ports: [{{port: 80}}]}}") for address in ("10.0.0.5", "10.0.0.6")),
    "service-none": tuple(core("Service", f"spec: {{clusterIP: {address}, ports: [{{port: 80}}]}}") for address in ("None", "10.0.0.7")),
    "service-none-to-address": tuple(core("Service", f"spec: {{{more}ports: [{{port: 80}}]}}") for more in ("clusterIP: None, ", "")),
    "service-headless": tuple(core("Service", f"spec: {{{more}ports: [{{port: 80}}]}}") for more in ("", "clusterIP: None, ")),
    "service-addresses": tuple(core("Service", f"spec: {{clusterIP: {address}, clusterIPs: [{address}], ports: [{{port: 80}}]}}") for address in ("10.0.0.9", "10.0.0.10")),
    "service-to-external": (core("Service", "spec: {clusterIP: 10.0.0.8, ports: [{port: 80}]}"), core("Service", "spec: {type: ExternalName, externalName: a.example.com}")),
    "service-ports": tuple(core("Service", f"spec: {{type: {kind}, selector: {{a: '{port}'}}, sessionAffinity: {affinity}, ports: [{{port: {port}}}]}}") for kind, affinity, port in (("ClusterIP", "None", 80), ("NodePort", "ClientIP", 81))),
    "configmap-immutable": tuple(core("ConfigMap", f"immutable: true, data: {{a: '{n}'}}") for n in (1, 2)),
    "configmap-no-longer": tuple(core("ConfigMap", f"{more}data: {{a: b}}") for more in ("immutable: true, ", "")),
    "configmap-immutable-labels": tuple(core("ConfigMap", f"metadata: {{labels: {{a: '{n}'}}}}, immutable: true, data: {{a: b}}") for n in (1, 2)),
    "configmap-becomes": tuple(core("ConfigMap", f"{more}data: {{a: b}}") for more in ("", "immutable: true, ")),
    "configmap": tuple(core("ConfigMap", f"data: {{a: '{n}'}}, binaryData: {{b: {word}}}") for n, word in ((1, "YQ=="), (2, "Yg=="))),
    "secret-type": tuple(core("Secret", f"type: {kind}, data: {{a: YQ==}}") for kind in ("Opaque", "example.com/other")),
    "secret-immutable": tuple(core("Secret", f"immutable: true, data: {{a: {word}}}") for word in ("YQ==", "Yg==")),
    "secret": tuple(core("Secret", f"data: {{a: {word}}}") for word in ("YQ==", "Yg==")),
    "role-binding": tuple("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %s}, subjects: [{kind: User, name: u, apiGroup: rbac.authorization.k8s.io}]}" % name for name in "ab"),
    "role-binding-subjects": tuple("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}, subjects: [{kind: User, name: %s, apiGroup: rbac.authorization.k8s.io}]}" % name for name in "ab"),
    "cluster-role-binding": tuple("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}}" % name for name in "ab"),
    "role": tuple("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, rules: [{apiGroups: [''], resources: [%s], verbs: [get]}]}" % name for name in ("pods", "services")),
    "storage-provisioner": tuple(storage("StorageClass", f"provisioner: example.com/{name}") for name in "ab"),
    "storage-parameters": tuple(storage("StorageClass", f"provisioner: example.com/a, parameters: {{a: {name}}}") for name in "bc"),
    "storage-reclaim": tuple(storage("StorageClass", f"provisioner: example.com/a, reclaimPolicy: {name}") for name in ("Delete", "Retain")),
    "storage-binding": tuple(storage("StorageClass", f"provisioner: example.com/a, volumeBindingMode: {name}") for name in ("Immediate", "WaitForFirstConsumer")),
    "storage-expansion": tuple(storage("StorageClass", f"provisioner: example.com/a, allowVolumeExpansion: {name}") for name in ("false", "true")),
    "attributes-driver": tuple(storage("VolumeAttributesClass", f"driverName: {name}.example.com, parameters: {{a: b}}") for name in "ab"),
    "attributes-parameters": tuple(storage("VolumeAttributesClass", f"driverName: a.example.com, parameters: {{a: {name}}}") for name in "bc"),
    "csi-attach": tuple(storage("CSIDriver", f"spec: {{attachRequired: {name}}}") for name in ("true", "false")),
    "csi-modes": tuple(storage("CSIDriver", f"spec: {{volumeLifecycleModes: [{name}]}}") for name in ("Persistent", "Ephemeral")),
    "csi-capacity": tuple(storage("CSIDriver", f"spec: {{storageCapacity: {name}}}") for name in ("false", "true")),
    "priority-value": tuple("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, value: %d}" % n for n in (1, 2)),
    "priority-policy": tuple("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, value: 1, preemptionPolicy: %s}" % name for name in ("Never", "PreemptLowerPriority")),
    "priority-text": tuple("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, value: 1, description: %s}" % name for name in "ab"),
    "ingress-class": tuple("{apiVersion: networking.k8s.io/v1, kind: IngressClass, spec: {controller: example.com/%s}}" % name for name in "ab"),
    "runtime-class": tuple("{apiVersion: node.k8s.io/v1, kind: RuntimeClass, handler: %s}" % name for name in "ab"),
    "revision-data": tuple("{apiVersion: apps/v1, kind: ControllerRevision, revision: 1, data: {a: %s}}" % name for name in "bc"),
    "revision-number": tuple("{apiVersion: apps/v1, kind: ControllerRevision, revision: %d, data: {a: b}}" % n for n in (1, 2)),
    "resource-claim": tuple(REQUEST % ("ResourceClaim", "", name, "") for name in ("a.example.com", "b.example.com")),
    "resource-claim-template": tuple(REQUEST % ("ResourceClaimTemplate", "spec: {", name, "}") for name in ("a.example.com", "b.example.com")),
    "definition-scope": (custom("Namespaced"), custom("Cluster")),
    "definition-kind": (custom("Namespaced"), custom("Namespaced", "Other")),
    "definition-schema": (custom("Namespaced"), custom("Namespaced", extra=", x-kubernetes-preserve-unknown-fields: true")),
    "pod-image": tuple(core("Pod", f"spec: {{containers: [{{name: a, image: '{image}'}}]}}") for image in ("a:1", "a:2")),
    "pod-command": tuple(core("Pod", f"spec: {{containers: [{{name: a, image: a, command: [{name}]}}]}}") for name in "ab"),
    "pod-deadline": tuple(core("Pod", f"spec: {{activeDeadlineSeconds: {n}, containers: [{{name: a, image: a}}]}}") for n in (90, 60)),
    "pod-tolerations": tuple(core("Pod", f"spec: {{tolerations: [{more}], containers: [{{name: a, image: a}}]}}") for more in ("{key: a, operator: Exists, effect: NoExecute}", "{key: a, operator: Exists, effect: NoExecute}, {key: b, operator: Exists, effect: NoExecute}")),
    "pod-tolerations-fewer": tuple(core("Pod", f"spec: {{tolerations: [{more}], containers: [{{name: a, image: a}}]}}") for more in ("{key: a, operator: Exists, effect: NoExecute}", "{key: b, operator: Exists, effect: NoExecute}")),
    "pod-node": tuple(core("Pod", f"spec: {{nodeSelector: {{a: {name}}}, containers: [{{name: a, image: a}}]}}") for name in "bc"),
    "network-policy": tuple("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: {podSelector: {matchLabels: {a: %s}}, policyTypes: [Ingress]}}" % name for name in "bc"),
    "budget": tuple("{apiVersion: policy/v1, kind: PodDisruptionBudget, spec: {selector: {matchLabels: {a: %s}}, minAvailable: %d}}" % (name, n) for name, n in (("b", 1), ("c", 2))),
    "autoscaler": tuple("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: {minReplicas: %d, maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}}}" % (n, name) for name, n in (("b", 1), ("c", 2))),
    "ingress": tuple("{apiVersion: networking.k8s.io/v1, kind: Ingress, spec: {ingressClassName: %s, rules: [{host: %s.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: %s, port: {number: 80}}}}]}}]}}" % (name, name, name) for name in "bc"),
    "quota": tuple(core("ResourceQuota", f"spec: {{hard: {{pods: '{n}'}}}}") for n in (1, 2)),
    "limits": tuple(core("LimitRange", f"spec: {{limits: [{{type: Container, default: {{cpu: '{n}'}}}}]}}") for n in (1, 2)),
    "account": tuple(core("ServiceAccount", f"automountServiceAccountToken: {name}") for name in ("true", "false")),
}


def objects_of(label):
    """Both sides as objects with a name."""
    found = []
    for text in PAIRS[label]:
        thing = yaml.safe_load(text.replace("%s", label))
        name = f"things.{label}.example.com" if thing["kind"] == "CustomResourceDefinition" else label
        thing.setdefault("metadata", {})["name"] = name
        found.append(thing)
    return found


def run(*words):
    return subprocess.run(words, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def flagged(fixture, labels):
    """The rows that diff calls immutable: each row a kustomization, base committed, head in the work tree."""
    with tempfile.TemporaryDirectory() as work:
        git = ["git", "-C", work, "-c", "user.name=e2e", "-c", "user.email=e2e@example.com"]
        run(*git, "init", "-q")
        for side in (0, 1):
            for label in labels:
                os.makedirs(f"{work}/{label}", exist_ok=True)
                with open(f"{work}/{label}/kustomization.yaml", "w") as file:
                    file.write("resources: [all.yaml]\n")
                with open(f"{work}/{label}/all.yaml", "w") as file:
                    yaml.safe_dump(objects_of(label)[side], file)
            if not side:
                run(*git, "add", "-A")
                run(*git, "commit", "-qm", "base")
        ended = run(fixture.plane.rootapp, "-C", work, "diff", "-o", "json")
        report = json.loads(ended.stdout)
    assert len(report["applications"]) == len(labels) and not report["counts"]["broken"], f"not all compared: {ended.stderr} {report['counts']}"
    return {risk["application"] for risk in report["risks"] if risk["rule"] == "immutable-field"}


class Kinds:
    """Where objects of any kind are, by what the server says of itself."""

    def __init__(self, api):
        self.api, self.known = api, {}

    def path(self, thing, namespace):
        version, kind = thing["apiVersion"], thing["kind"]
        root = ("/api/" if "/" not in version else "/apis/") + version
        if version not in self.known:
            self.known[version] = {row["kind"]: row for row in json.loads(self.api.request("GET", root))["resources"] if "/" not in row["name"]}
        row = self.known[version].get(kind)
        if not row:
            return None
        return f"{root}/{f'namespaces/{namespace}/' if row['namespaced'] else ''}{row['name']}/{thing['metadata']['name']}"

    def apply(self, thing, namespace):
        path = self.path(thing, namespace) + "?fieldManager=e2e&force=true"
        self.api.request("PATCH", path, json.dumps(thing), "application/apply-patch+yaml")


def scenario_immutable_fields(fixture):
    """For each row: diff calls the change immutable if and only if the server refuses it."""
    kinds, namespace = Kinds(fixture.api), "changing"
    fixture.api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    refused, accepted, left = set(), set(), []
    try:
        for label in PAIRS:
            base, head = objects_of(label)
            if not kinds.path(base, namespace):
                left.append(label)
                continue
            kinds.apply(base, namespace)
            if base["kind"] == "CustomResourceDefinition":  # until then nobody can have an object of it
                fixture.plane.wait(lambda: fixture.plane.is_established(base["metadata"]["name"]), f"{label} is established")
            try:
                kinds.apply(head, namespace)
                accepted.add(label)
            except APIError as error:
                assert error.status == 422, f"{label}: {error}"
                refused.add(label)
    finally:
        for label in PAIRS:
            path = kinds.path(objects_of(label)[0], namespace)
            if path:
                try:
                    fixture.api.request("DELETE", path)
                except APIError:
                    pass
        fixture.api.delete("Namespace", namespace)
    said = flagged(fixture, sorted(refused | accepted))
    print(f"    {len(refused)} refused, {len(accepted)} accepted{', of no kind that is there: ' + ' '.join(left) if left else ''}", flush=True)
    assert said == refused, f"called immutable and accepted: {sorted(said - refused)}; refused and not called so: {sorted(refused - said)}"
    assert len(refused) >= 30 and len(accepted) >= 20, "too few rows"


def predicted(fixture):
    """What diff says that committing the work tree would delete: {"namespace Kind/name"}, and what else it says."""
    ended = run(fixture.plane.rootapp, "-C", fixture.repository.checkout, "diff", "-o", "json")
    report = json.loads(ended.stdout)
    gone = set()
    for application in report["applications"]:
        for resource in application["resources"]:
            if resource.get("prune") == "deleted":
                was = resource.get("from", resource["id"])
                gone.add(f"{was['namespace'] or application['namespace']} {was['kind']}/{was['name']}")
    return gone, {application["name"]: application["change"] for application in report["applications"]}, {risk["rule"] for risk in report["risks"]}


def scenario_what_is_deleted(fixture):
    """Resource by resource: what diff says is deleted is what Argo CD deletes, and nothing else."""
    fixture.set_environment("staging", deletion="keep")
    for name in ("shop", "cart", "mail", "pages"):
        fixture.add_app(name, ["dev", "staging"])
    names = [f"{app}-{environment}" for app in ("shop", "cart", "mail", "pages") for environment in ("dev", "staging")]
    fixture.commit("Add four apps")
    fixture.synced(*names)

    def living():
        namespaces = {namespace["metadata"]["name"] for namespace in fixture.api.list("Namespace")} - {NAMESPACE}
        return {f"{namespace} {label}": thing["metadata"]["uid"] for namespace in sorted(namespaces) if not namespace.startswith(("kube-", "default"))
                for label, thing in fixture.resources(namespace).items()}

    def step(label, wanted, *synced):
        """Commits what was changed, and compares."""
        gone, changes, rules = predicted(fixture)
        before = living()
        missing = gone - before.keys()
        assert not missing, f"{label}: said to be deleted, and not there: {sorted(missing)}"
        assert wanted <= rules, f"{label}: said {sorted(rules)}, expected {sorted(wanted)}"
        fixture.commit(label)
        fixture.synced(*synced)

        def done():
            now = living()
            left = [thing for thing in gone if now.get(thing) == before[thing]]
            return Unmet(f"still there: {left}") if left else True
        fixture.plane.wait(done, f"{label}: what was said is deleted")
        now = living()
        lost = {thing for thing, uid in before.items() if now.get(thing) != uid}
        assert lost == gone, f"{label}: deleted and not said: {sorted(lost - gone)}"
        print(f"    {label}: {len(gone)} deleted as said; {' '.join(sorted(f'{name} {change}' for name, change in changes.items()))}", flush=True)

    fixture.repository.remove("apps/mail/k8s/overlays/dev")
    step("an overlay is deleted", {"app-removed"}, "root-dev", "shop-dev")
    fixture.repository.remove("apps/mail/k8s/overlays/staging")
    step("an overlay is deleted where resources are kept", {"app-removed"}, "shop-staging")
    fixture.repository.edit("apps/shop/k8s/base/kustomization.yaml", "resources: [deployment.yaml, service.yaml]", "resources: [deployment.yaml]")
    step("a resource is taken out of a base", {"removed-traffic"}, "shop-dev", "shop-staging")
    fixture.repository.write("apps/shop/k8s/overlays/dev/kustomization.yaml", "resources: [../../base]\nnamePrefix: new-\n")
    step("a prefix comes", {"recreated"}, "shop-dev")
    fixture.repository.write("apps/shop/k8s/overlays/dev/kustomization.yml", "resources: []\n")
    step("a second kustomization file", {"app-broken"})
    fixture.repository.remove("apps/shop/k8s/overlays/dev/kustomization.yml")
    step("it is taken away", {"app-fixed"}, "shop-dev")
    fixture.repository.remove("apps/cart/k8s/overlays/staging")
    fixture.repository.move("apps/cart", "apps/store")
    step("an app is renamed", {"app-renamed"}, "store-dev")
    fixture.change_policy(lambda spec: spec["discover"].append({"path": "services/{app}/k8s/overlays/{env}"}))
    fixture.repository.move("apps/pages", "services/pages")
    step("a directory moves", set(), "pages-dev", "pages-staging")
    fixture.change_policy(lambda spec: spec.update(environments=[item for item in spec["environments"] if item["name"] != "dev"]))
    step("an environment is removed", {"app-removed"})
    fixture.change_policy(lambda spec: next(item for item in spec["environments"] if item["name"] == "staging")["destination"].update(namespace="{app}-{env}-x"))
    step("another namespace template", {"app-destination"}, "shop-staging", "pages-staging")
    for name in names:
        if fixture.api.get("Application", name, NAMESPACE) and name.endswith("-staging"):
            fixture.api.delete("Application", name, NAMESPACE)
