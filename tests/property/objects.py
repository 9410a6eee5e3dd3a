"""Kubernetes objects of many kinds, referring to each other by names from the same small pool."""

from fields import Fields
from replacements import IN_TEXTS
from yamltext import Merge, Verbatim


class Objects:
    """Makes objects. Everything that could be a reference uses the world's names, so that many of them resolve."""

    def __init__(self, world):
        self.world, self.chance = world, world.chance
        self.shared = {}

    def make(self, kind=None):
        kind = kind or self.chance.weighted(WEIGHTS)
        api_versions, builder = KINDS[kind]
        body = {"apiVersion": self.chance.pick(api_versions), "kind": kind, "metadata": self.metadata(kind)}
        body.update(builder(self) if builder else {})
        if self.world.on("fields", 0.4):
            Fields(self.world).fill(body)
        if self.world.on("odd", 0.1):
            body[self.chance.pick(["status", "extra", "data", "spec"])] = self.world.value()
        if self.world.on("odd", 0.15):
            body = {key: body[key] for key in self.chance.sample(list(body), len(body))}
        return body

    def metadata(self, kind):
        world, chance = self.world, self.chance
        metadata = {"name": world.name()}
        if world.on("namespaces", 0.4) and kind not in ("Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"):
            metadata["namespace"] = chance.pick(world.namespaces)
        if chance.maybe(0.4):
            metadata["labels"] = world.pairs(texts=not world.on("odd", 0.3))
        if chance.maybe(0.3):
            metadata["annotations"] = world.pairs(texts=not world.on("odd", 0.5))
        if world.on("odd", 0.05):
            metadata[chance.pick(["labels", "annotations"])] = chance.pick([None, {}, Verbatim("")])
        if world.on("odd", 0.05):
            metadata["annotations"] = {chance.pick(["config.kubernetes.io/local-config", "config.kubernetes.io/index", "kustomize.config.k8s.io/behavior", "kustomize.config.k8s.io/needs-hash", "config.kubernetes.io/path"]): chance.pick(["true", "false", "merge", "1"])}
        if chance.maybe(0.05):
            metadata[chance.pick(["finalizers", "generateName", "ownerReferences", "creationTimestamp"])] = chance.pick(
                [["a/b", "c"], "web-", None, [{"apiVersion": "v1", "kind": "ConfigMap", "name": world.name(), "uid": "1"}]])
        return metadata

    def share(self, key, make):
        """The same object again at times, for anchors."""
        if key in self.shared and self.chance.maybe(0.4):
            return self.shared[key]
        self.shared[key] = made = make()
        return made

    def labels(self):
        return self.share("labels", lambda: {"app": self.world.name()} if self.chance.maybe(0.7) else self.world.pairs())

    def selector(self):
        labels = {"matchLabels": self.labels()}
        if self.chance.maybe(0.2):
            labels["matchExpressions"] = [{"key": self.world.key(), "operator": self.chance.pick(["In", "Exists"]), "values": ["a"]}]
        return labels if self.chance.maybe(0.9) else self.chance.pick([{}, None])

    def resources(self):
        return self.share("resources", lambda: {"limits": {"cpu": self.chance.pick(["100m", 1, "1", 0.5]), "memory": "128Mi"},
                                                "requests": {"cpu": self.chance.pick(["50m", "1"])}})

    def ports(self):
        chance = self.chance
        ports = []
        for number in chance.some([80, 443, 8080, 9090, 53], 1, 3):
            port = {"containerPort": number}
            if chance.maybe(0.5):
                port["name"] = chance.pick(["http", "https", "metrics", "dns"])
            if chance.maybe(0.4):
                port["protocol"] = chance.pick(["TCP", "UDP"])
            ports.append(port)
        return ports

    def env(self):
        world, chance = self.world, self.chance
        items = []
        for name in chance.some(["A", "LOG_LEVEL", "URL", "PASSWORD", "B_1", "NAME"], 1, 4):
            source = chance.weighted({"value": 6, "map": 2, "secret": 2, "field": 1, "none": 0.3})
            item = {"name": name}
            if source == "value":
                item["value"] = world.text() if not world.on("odd", 0.2) else world.scalar()
            elif source == "map":
                item["valueFrom"] = {"configMapKeyRef": {"name": world.name(), "key": world.key()}}
            elif source == "secret":
                item["valueFrom"] = {"secretKeyRef": {"name": world.name(), "key": world.key(), "optional": chance.maybe(0.5)}}
            elif source == "field":
                item["valueFrom"] = {"fieldRef": {"fieldPath": "metadata.name"}}
            items.append(item)
        return items

    def container(self, name):
        world, chance = self.world, self.chance
        container = {"name": name, "image": world.image()}
        options = {
            "ports": self.ports, "env": self.env, "resources": self.resources,
            "args": lambda: [world.text() for _ in range(chance.randint(1, 3))],
            "command": lambda: ["/bin/sh", "-c", world.text()],
            "envFrom": lambda: [chance.pick([{"configMapRef": {"name": world.name()}}, {"secretRef": {"name": world.name()}}, {"prefix": "P_", "configMapRef": {"name": world.name()}}])],
            "volumeMounts": lambda: [{"name": chance.pick(["data", "config"]), "mountPath": chance.pick(["/data", "/etc/x", "/$(NAME)"])} for _ in range(chance.randint(1, 2))],
            "livenessProbe": lambda: {"httpGet": {"path": "/healthz", "port": chance.pick([80, "http"])}, "periodSeconds": 5},
            "securityContext": lambda: {"runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}},
            "imagePullPolicy": lambda: "Always", "volumeDevices": lambda: [{"name": "data", "devicePath": "/dev/x"}],
        }
        for key in chance.some(options, 0, 4):
            container[key] = options[key]()
        return container

    def volume(self, name):
        world, chance = self.world, self.chance
        return {"name": name, **chance.pick([
            {"emptyDir": {}}, {"configMap": {"name": world.name()}}, {"secret": {"secretName": world.name()}},
            {"persistentVolumeClaim": {"claimName": world.name()}}, {"image": {"reference": world.image()}},
            {"configMap": {"name": world.name(), "items": [{"key": world.key(), "path": "p"}]}},
            {"projected": {"sources": [{"configMap": {"name": world.name()}}, {"secret": {"name": world.name()}}]}},
            {"nfs": {"server": world.text(), "path": "/"}}])}

    def pod_spec(self):
        world, chance = self.world, self.chance
        spec = {"containers": [self.container(name) for name in chance.some(["app", "sidecar", "nginx"], 1, 3)]}
        term = lambda: {"labelSelector": {"matchLabels": self.labels()}, "topologyKey": chance.pick(["zone", "kubernetes.io/hostname"])}
        options = {
            "initContainers": lambda: [self.container(name) for name in chance.some(["init", "wait"], 1, 2)],
            "volumes": lambda: [self.volume(name) for name in chance.some(["data", "config", "tmp"], 1, 3)],
            "serviceAccountName": world.name, "serviceAccount": world.name, "priorityClassName": world.name,
            "imagePullSecrets": lambda: [{"name": world.name()} for _ in range(chance.randint(1, 2))],
            "affinity": lambda: {chance.pick(["podAffinity", "podAntiAffinity"]): chance.pick([
                {"requiredDuringSchedulingIgnoredDuringExecution": [term()]},
                {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "podAffinityTerm": term()}]}])},
            "topologySpreadConstraints": lambda: [{"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule", **term()}],
            "tolerations": lambda: [{"key": "a", "operator": "Exists", "effect": "NoSchedule"}],
            "nodeSelector": lambda: world.pairs(), "hostNetwork": lambda: chance.maybe(0.5), "terminationGracePeriodSeconds": lambda: 30,
            "hostAliases": lambda: [{"ip": "127.0.0.1", "hostnames": ["a", "b"]}], "securityContext": lambda: {"fsGroup": 1},
            "ephemeralContainers": lambda: [self.container("debug")],
        }
        for key in chance.some(options, 0, 4):
            spec[key] = options[key]()
        return spec

    def template(self, labels=None):
        template = {"metadata": {"labels": labels if labels is not None else self.labels()}, "spec": self.pod_spec()}
        if self.chance.maybe(0.2):
            template["metadata"]["annotations"] = self.world.pairs(texts=not self.world.on("odd", 0.3))
        if self.chance.maybe(0.05):
            template.pop("metadata")
        return template

    def workload(self):
        selector = self.selector()
        labels = (selector or {}).get("matchLabels")
        spec = {"selector": selector, "template": self.template(labels)}
        if self.chance.maybe(0.6):
            spec["replicas"] = self.chance.pick([1, 2, 3, 0]) if not self.world.on("odd", 0.1) else self.world.scalar()
        if self.chance.maybe(0.2):
            spec["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": self.chance.pick([1, "25%"])}}
        return {"spec": spec} if self.chance.maybe(0.97) else self.chance.pick([{}, {"spec": {}}, {"spec": None}])

    def stateful_set(self):
        body = self.workload()
        if body.get("spec"):
            body["spec"]["serviceName"] = self.world.name()
            if self.chance.maybe(0.4):
                body["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": {"storageClassName": self.world.name(), "accessModes": ["ReadWriteOnce"]}}]
        return body

    def controller(self):
        return {"spec": {"replicas": 1, "selector": self.labels(), "template": self.template()}}

    def pod(self):
        return {"spec": self.pod_spec()}

    def job(self):
        return {"spec": {"template": self.template(), "backoffLimit": 1}}

    def cron_job(self):
        return {"spec": {"schedule": self.chance.pick(["*/5 * * * *", "@daily"]), "jobTemplate": {"spec": {"template": self.template()}}}}

    def pod_template(self):
        return {"template": self.template()}

    def service(self):
        chance = self.chance
        ports = [{"port": number} for number in chance.some([80, 443, 53], 1, 3)]
        for port in ports:
            port.update(chance.some(list({"name": chance.pick(["http", "dns"]), "protocol": chance.pick(["TCP", "UDP"]), "targetPort": chance.pick([80, "http"])}.items()), 0, 3))
        body = {"spec": {"ports": ports, "selector": self.labels()}}
        if chance.maybe(0.2):
            body["spec"].update({"type": "ClusterIP", "clusterIP": "None"})
        return body if chance.maybe(0.93) else chance.pick([{}, {"spec": {}}, {"spec": {"ports": ports}}])

    def config_map(self):
        world, chance = self.world, self.chance
        body = {"data": {key: (world.text() if not world.on("odd", 0.4) else world.scalar()) for key in chance.some(world.keys, 0, 4)}}
        if chance.maybe(0.1):
            body["binaryData"] = {"bin": "AAEC"}
        if chance.maybe(0.05):
            body["immutable"] = True
        return body if chance.maybe(0.95) else chance.pick([{}, {"data": None}])

    def secret(self):
        world, chance = self.world, self.chance
        body = {"type": chance.pick(["Opaque", "kubernetes.io/tls"])} if chance.maybe(0.6) else {}
        if chance.maybe(0.7):
            body["data"] = {key: chance.pick(["YQ==", "aGVsbG8gd29ybGQ=", "YWJj" * 30]) for key in chance.some(world.keys, 0, 3)}
        if chance.maybe(0.3):
            body["stringData"] = {key: world.text() for key in chance.some(world.keys, 0, 2)}
        return body

    def service_account(self):
        return {"imagePullSecrets": [{"name": self.world.name()}], "secrets": [{"name": self.world.name()}]} if self.chance.maybe(0.4) else {}

    def role(self):
        rule = {"apiGroups": [""], "resources": ["configmaps", "secrets"], "verbs": ["get", "*"]}
        if self.chance.maybe(0.5):
            rule["resourceNames"] = [self.world.name() for _ in range(self.chance.randint(1, 3))]
        return {"rules": [rule]}

    def binding(self):
        world, chance = self.world, self.chance
        subjects = []
        for _ in range(chance.randint(1, 3)):
            subject = {"kind": chance.pick(["ServiceAccount", "ServiceAccount", "User", "Group"]), "name": chance.pick([world.name(), world.name(), "default"])}
            if chance.maybe(0.6):
                subject["namespace"] = chance.pick(world.namespaces)
            subjects.append(subject)
        body = {"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": chance.pick(["Role", "ClusterRole"]), "name": world.name()}}
        if chance.maybe(0.9):
            body["subjects"] = subjects
        return body

    def ingress(self):
        world, chance = self.world, self.chance
        old = chance.maybe(0.3)
        backend = lambda: ({"serviceName": world.name(), "servicePort": 80} if old else {"service": {"name": world.name(), "port": {"number": 80}}})
        spec = {"rules": [{"host": world.text(), "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend()}]}} for _ in range(chance.randint(1, 2))]}
        if chance.maybe(0.5):
            spec["tls"] = [{"hosts": ["x.example", world.text()], "secretName": world.name()}]
        if chance.maybe(0.3):
            spec["ingressClassName"] = world.name()
        if chance.maybe(0.3):
            spec["backend" if old else "defaultBackend"] = backend()
        return {"spec": spec}

    def autoscaler(self):
        return {"spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": self.chance.pick(["Deployment", "StatefulSet", "ReplicaSet"]), "name": self.world.name()},
                         "minReplicas": 1, "maxReplicas": 3, "metrics": [{"type": "Resource", "resource": {"name": "cpu"}}]}}

    def budget(self):
        return {"spec": {"minAvailable": self.chance.pick([1, "50%"]), "selector": self.selector()}}

    def network_policy(self):
        peer = lambda: [{"podSelector": {"matchLabels": self.labels()}}, {"namespaceSelector": {}}]
        return {"spec": {"podSelector": self.selector() or {}, "ingress": [{"from": peer(), "ports": [{"port": 80}]}], "egress": [{"to": peer()}]}}

    def claim(self):
        return {"spec": {"volumeName": self.world.name(), "storageClassName": self.world.name(), "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}

    def volume_object(self):
        return {"spec": {"storageClassName": self.world.name(), "capacity": {"storage": "1Gi"}, **self.chance.pick([{"nfs": {"server": self.world.text()}}, {"azureFile": {"secretName": self.world.name()}}, {}])}}

    def storage_class(self):
        return {"provisioner": "x", "parameters": {self.chance.pick(["secretName", "adminSecretName", "secretRef"]): self.world.name()}}

    def webhook(self):
        service = {"name": self.world.name(), "path": "/x"}
        if self.chance.maybe(0.7):
            service["namespace"] = self.chance.pick(self.world.namespaces)
        return {"webhooks": [{"name": name + ".example.com", "clientConfig": {"service": service, "caBundle": "Cg=="}, "rules": [{"operations": ["CREATE"], "resources": ["pods"]}]}
                             for name in self.chance.some(["a", "b"], 1, 2)]}

    def api_service(self):
        return {"spec": {"service": {"name": self.world.name(), "namespace": self.chance.pick(self.world.namespaces)}, "group": "g", "version": "v1"}}

    def definition(self):
        body = {"spec": {"group": "example.com", "names": {"kind": "Widget", "plural": "widgets"}, "scope": self.chance.pick(["Namespaced", "Cluster"]),
                         "versions": [{"name": "v1", "served": True, "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}}}]}}
        if self.chance.maybe(0.4):
            body["spec"]["conversion"] = {"strategy": "Webhook", "webhook": {"clientConfig": {"service": {"name": self.world.name(), "namespace": "x"}}}}
        return body

    def custom(self):
        world, chance = self.world, self.chance
        spec = {"configRef": {"name": world.name()}, "image": world.image(), "replicas": 1, "value": world.value(3), "list": [{"name": n, "value": world.scalar()} for n in chance.some("abc", 0, 3)]}
        spec = dict(chance.some(list(spec.items()), 1, 5))
        if chance.maybe(0.3):
            spec["template"] = self.template()
        if chance.maybe(0.2):
            spec["containers"] = [self.container("app")]
        if chance.maybe(0.2):
            spec["config"] = chance.pick(list(IN_TEXTS))
        return {"spec": spec}

    def node(self):
        return {"spec": {"configSource": {"configMap": {"name": self.world.name()}}}}

    def policy(self):
        return {"spec": {"policyName": self.world.name(), "validationActions": ["Deny"]}}

    def limits(self):
        return {"spec": {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}}


APPS = ["apps/v1"]
RBAC = ["rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1beta1"]
ADMISSION = ["admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1beta1"]
KINDS = {
    "Deployment": (["apps/v1", "apps/v1", "apps/v1", "extensions/v1beta1", "apps/v1beta2"], Objects.workload), "StatefulSet": (APPS, Objects.stateful_set),
    "DaemonSet": (APPS, Objects.workload), "ReplicaSet": (APPS, Objects.workload), "ReplicationController": (["v1"], Objects.controller),
    "Pod": (["v1"], Objects.pod), "Job": (["batch/v1"], Objects.job), "CronJob": (["batch/v1", "batch/v1beta1"], Objects.cron_job),
    "PodTemplate": (["v1"], Objects.pod_template), "Service": (["v1", "v1", "v1", "v1", "serving.knative.dev/v1"], Objects.service), "ConfigMap": (["v1"], Objects.config_map),
    "Secret": (["v1"], Objects.secret), "ServiceAccount": (["v1"], Objects.service_account), "Role": (RBAC, Objects.role),
    "ClusterRole": (RBAC, Objects.role), "RoleBinding": (RBAC, Objects.binding), "ClusterRoleBinding": (RBAC, Objects.binding),
    "Ingress": (["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"], Objects.ingress),
    "IngressClass": (["networking.k8s.io/v1"], None), "HorizontalPodAutoscaler": (["autoscaling/v2", "autoscaling/v1"], Objects.autoscaler),
    "PodDisruptionBudget": (["policy/v1", "policy/v1beta1"], Objects.budget), "NetworkPolicy": (["networking.k8s.io/v1"], Objects.network_policy),
    "PersistentVolumeClaim": (["v1"], Objects.claim), "PersistentVolume": (["v1"], Objects.volume_object), "StorageClass": (["storage.k8s.io/v1"], Objects.storage_class),
    "PriorityClass": (["scheduling.k8s.io/v1"], None), "Namespace": (["v1"], None), "LimitRange": (["v1"], Objects.limits),
    "ValidatingWebhookConfiguration": (ADMISSION, Objects.webhook), "MutatingWebhookConfiguration": (ADMISSION, Objects.webhook),
    "APIService": (["apiregistration.k8s.io/v1"], Objects.api_service), "CustomResourceDefinition": (["apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1"], Objects.definition),
    "Widget": (["example.com/v1", "example.com/v1", "example.com/v2"], Objects.custom), "Gadget": (["gadgets.example.com/v1alpha1", "v1"], Objects.custom),
    "Application": (["argoproj.io/v1alpha1"], Objects.custom), "Certificate": (["cert-manager.io/v1"], Objects.custom), "Node": (["v1"], Objects.node),
    "ValidatingAdmissionPolicy": (["admissionregistration.k8s.io/v1"], None), "ValidatingAdmissionPolicyBinding": (["admissionregistration.k8s.io/v1"], Objects.policy),
}
WEIGHTS = {kind: 1 for kind in KINDS} | {"Deployment": 8, "Service": 6, "ConfigMap": 7, "Secret": 4, "StatefulSet": 3, "Widget": 4, "ServiceAccount": 2,
                                          "RoleBinding": 2, "Ingress": 2, "CronJob": 2, "Role": 2}
CLUSTER_SCOPED = {"Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "PersistentVolume", "StorageClass", "PriorityClass",
                  "IngressClass", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService", "Node", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"}


def add_merge_keys(chance, value):
    """Lets the second item of some lists of maps take keys from the first."""
    if isinstance(value, dict):
        for child in value.values():
            add_merge_keys(chance, child)
    elif isinstance(value, list):
        if len(value) > 1 and all(isinstance(v, dict) and v for v in value[:2]) and chance.maybe(0.5):
            merge = Merge(chance.some(list(value[1].items()), 1))
            merge.base = value[0]
            value[1] = merge
        for child in value:
            add_merge_keys(chance, child)
