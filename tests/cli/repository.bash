# A repository with a RootApp, as the tests of generate, list, render and bootstrap use it.
# shellcheck shell=bash

# Two apps: shop in dev and prod, pay in dev.
repository() {
    mkdir -p .git
    put argo/root/kustomization.yaml <<<'generators: [rootapp.yaml]'
    put argo/root/rootapp.yaml <<'END'
apiVersion: rootapp.dev/v1alpha1
kind: RootApp
metadata: {name: apps}
spec:
  source: {repoURL: "https://github.com/example/gitops.git", targetRevision: main}
  discover:
  - path: "apps/{app}/overlays/{env}"
  environments:
  - {name: dev, destination: {name: in-cluster, namespace: "{app}-{env}"}}
  - {name: prod, destination: {name: in-cluster, namespace: "{app}-{env}"}}
  teams:
  - {name: default, apps: ["*"]}
END
    overlay shop dev
    overlay shop prod
    overlay pay dev
}

overlay() { # APP ENV
    put "apps/$1/overlays/$2/kustomization.yaml" <<<'resources: [deployment.yaml]'
    put "apps/$1/overlays/$2/deployment.yaml" <<END
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $1
spec:
  template:
    spec:
      containers:
      - name: $1
        image: example/$1:$2
      initContainers:
      - name: init
        image: example/init:1
END
}

kinds() { # FILE: kind and name of each resource
    awk '/^kind:/ { kind = $2 } /^  name:/ && kind { print kind "/" $2; kind = "" }' "$1"
}
