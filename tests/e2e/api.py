"""A small client of the Kubernetes API: what a test needs to write objects and to look at them."""

import http.client
import json
import ssl
import threading
import urllib.parse

GROUPS = {"argoproj.io": "argoproj.io/v1alpha1", "apps": "apps/v1", "rbac": "rbac.authorization.k8s.io/v1",
          "networking": "networking.k8s.io/v1", "policy": "policy/v1", "extensions": "apiextensions.k8s.io/v1",
          "bitnami": "bitnami.com/v1alpha1"}
# Each kind: its group's version, its name in paths, whether it has a namespace.
KINDS = {
    "Namespace": ("v1", "namespaces", False),
    "ConfigMap": ("v1", "configmaps", True),
    "Secret": ("v1", "secrets", True),
    "Pod": ("v1", "pods", True),
    "Service": ("v1", "services", True),
    "ServiceAccount": ("v1", "serviceaccounts", True),
    "Event": ("v1", "events", True),
    "Deployment": (GROUPS["apps"], "deployments", True),
    "NetworkPolicy": (GROUPS["networking"], "networkpolicies", True),
    "PodDisruptionBudget": (GROUPS["policy"], "poddisruptionbudgets", True),
    "ClusterRole": (GROUPS["rbac"], "clusterroles", False),
    "ClusterRoleBinding": (GROUPS["rbac"], "clusterrolebindings", False),
    "CustomResourceDefinition": (GROUPS["extensions"], "customresourcedefinitions", False),
    "Application": (GROUPS["argoproj.io"], "applications", True),
    "AppProject": (GROUPS["argoproj.io"], "appprojects", True),
    "SealedSecret": (GROUPS["bitnami"], "sealedsecrets", True),
}


class APIError(Exception):
    def __init__(self, status, text):
        super().__init__(f"status {status}: {text[:500]}")
        self.status = status


class API:
    """One connection a thread, kept open."""

    def __init__(self, port, token):
        self.port, self.token = port, token
        self.context = ssl._create_unverified_context()  # the API server's certificate is its own, on the loopback interface
        self.local = threading.local()

    def request(self, method, path, body=None, content="application/json", accept="application/json"):
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": content, "Accept": accept}
        for attempt in (1, 2):
            connection = getattr(self.local, "connection", None)
            if not connection:
                connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=30)
                self.local.connection = connection
            try:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                text = response.read().decode()
                break
            except (http.client.HTTPException, OSError):
                connection.close()
                self.local.connection = None
                if attempt == 2:
                    raise
        if response.status >= 400:
            raise APIError(response.status, text)
        return text

    def path(self, kind, name=None, namespace=None):
        version, plural, namespaced = KINDS[kind]
        path = ("/api/" if version == "v1" else "/apis/") + version
        if namespaced and namespace:
            path += "/namespaces/" + namespace
        path += "/" + plural
        return path + "/" + urllib.parse.quote(name) if name else path

    def get(self, kind, name, namespace=None):
        """The object; None where there is none."""
        try:
            return json.loads(self.request("GET", self.path(kind, name, namespace)))
        except APIError as error:
            if error.status == 404:
                return None
            raise

    def list(self, kind, namespace=None, labels=None):
        path = self.path(kind, namespace=namespace)
        if labels:
            path += "?labelSelector=" + urllib.parse.quote(labels)
        return json.loads(self.request("GET", path))["items"]

    def apply(self, thing, namespace=None):
        """Server-side, as `kubectl apply --server-side --force-conflicts`."""
        metadata = thing["metadata"]
        path = self.path(thing["kind"], metadata["name"], metadata.get("namespace", namespace))
        answer = self.request("PATCH", path + "?fieldManager=e2e&force=true", json.dumps(thing), "application/apply-patch+yaml")
        return json.loads(answer)

    def merge(self, kind, name, namespace, change):
        """A JSON merge patch. Whether the object is there."""
        try:
            self.request("PATCH", self.path(kind, name, namespace), json.dumps(change), "application/merge-patch+json")
            return True
        except APIError as error:
            if error.status == 404:
                return False
            raise

    def delete(self, kind, name, namespace=None):
        try:
            self.request("DELETE", self.path(kind, name, namespace))
        except APIError as error:
            if error.status != 404:
                raise
