# shellcheck shell=bash
# Helm charts: a real helm, and one that writes down what it is asked.

# The chart `web` in DIRECTORY/web: prints the values, the release and what it was told of the cluster.
make_chart() { # DIRECTORY
    put "$1/web/Chart.yaml" <<<$'apiVersion: v2\nname: web\nversion: 1.2.3'
    put "$1/web/values.yaml" <<'END'
replicas: 1
image: {name: nginx, tag: "1.0"}
list: [a, b]
nested: {x: 1, y: {z: true}}
big: 12345678
port: 8080
END
    put "$1/web/templates/all.yaml" <<'END'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-web
  namespace: {{ .Release.Namespace }}
spec:
  replicas: {{ .Values.replicas }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-values
  labels: {kube: {{ .Capabilities.KubeVersion.Version | quote }}, has: {{ .Capabilities.APIVersions.Has "foo/v1" | quote }}}
data:
  values: |
    {{- .Values | toYaml | nindent 4 }}
  release: "{{ .Release.Service }} {{ .Chart.Version }}"
END
    put "$1/web/templates/hook.yaml" <<<$'apiVersion: v1\nkind: Pod\nmetadata:\n  name: hook\n  annotations: {"helm.sh/hook": pre-install}'
    put "$1/web/templates/tests/test.yaml" <<<$'apiVersion: v1\nkind: Pod\nmetadata:\n  name: test\n  annotations: {"helm.sh/hook": test}'
    put "$1/web/crds/crd.yaml" <<<$'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: foos.example.com}\nspec: {group: example.com, names: {kind: Foo}}'
}

with_helm() { # WORDS...: builds with the real helm and compares
    agree --enable-helm --helm-command "$HELM" "$@"
}

# A repository of charts on the web server.
serve_charts() {
    [ -d "$WWW/files/charts" ] && return
    make_chart "$SERVED/charts"
    "$HELM" package "$SERVED/charts/web" -d "$WWW/files/charts" >/dev/null
    "$HELM" repo index "$WWW/files/charts" --url "$URL/files/charts"
}

test_charts_of_the_repository() {
    local more
    needs_helm
    make_chart app/charts
    put app/values.yaml <<<$'replicas: 5\nlist: [x]'
    put app/more.yaml <<<'port: 9'
    for more in '' ', releaseName: rel, namespace: own' ', releaseName: rel, includeCRDs: true, skipHooks: true' \
        ', releaseName: rel, skipTests: true' ', releaseName: rel, valuesFile: values.yaml, additionalValuesFiles: [more.yaml]' \
        ', releaseName: rel, kubeVersion: 1.29.0, apiVersions: [foo/v1]' ', nameTemplate: "t-{{ 1 }}"'; do
        with_helm <<<"helmCharts: [{name: web$more}]
namespace: outer
namePrefix: p-"
        expect_status 0
    done
    with_helm --helm-kube-version 1.30.1 --helm-api-versions foo/v1 --helm-api-versions bar/v1 <<<"helmCharts: [{name: web}]"
    expect_out_has 'kube: v1.30.1' 'has: "true"'
    with_helm --helm-kube-version 1.30.1 <<<"helmCharts: [{name: web, kubeVersion: 1.29.0}]"
    expect_out_has 'kube: v1.29.0'
}

test_inline_values() {
    local merge
    needs_helm
    make_chart app/charts
    put app/values.yaml <<<$'replicas: 5\nlist: [x]\nonly: file'
    for merge in merge override replace; do
        with_helm <<END
helmCharts:
- name: web
  releaseName: rel
  valuesFile: values.yaml
  valuesMerge: $merge
  valuesInline: {replicas: 7, list: [q], port: null, nested: {y: {w: yes}}, big: 12345678901234567890, f: 1.50, d: 2020-01-01, o: 0777, 5: five}
END
        expect_status 0
    done
    with_helm <<<'helmCharts: [{name: web, valuesMerge: bogus, valuesInline: {a: 1}}]'
    expect_failure 1 "app/kustomization.yaml:1:39: " "valuesMerge must be one of [merge override replace]"
    with_helm <<<'helmCharts: [{name: web, valuesInline: [a]}]'
    expect_failure 1 "valuesInline: expected a map"
}

# helm puts its resources into the namespace, and the namespace transformer leaves them there.
test_namespaces() {
    needs_helm
    make_chart app/base/charts
    put app/base/kustomization.yaml <<<'helmCharts: [{name: web, releaseName: rel}]'
    with_helm <<'END'
resources: [base]
namespace: above
patches:
- target: {kind: ConfigMap}
  patch: '{kind: ConfigMap, apiVersion: v1, metadata: {name: x, annotations: {a: b}}}'
END
    expect_out_has 'namespace: above'
    put app/middle/kustomization.yaml <<<$'resources: [../base]\nnamespace: middle'
    with_helm <<<$'resources: [middle]\nnamespace: above'
    expect_out_has 'namespace: middle'
}

test_other_forms() {
    needs_helm
    make_chart app/charts
    put app/generator.yaml <<'END'
apiVersion: builtin
kind: HelmChartInflationGenerator
metadata: {name: ignored}
name: web
releaseName: plugged
includeCRDs: true
valuesInline: {replicas: 4}
END
    with_helm <<<$'generators: [generator.yaml]\nnamespace: other\nbuildMetadata: [originAnnotations, transformerAnnotations]'
    expect_out_has 'kind: HelmChartInflationGenerator' 'replicas: 4'
    with_helm <<<'helmChartInflationGenerator: [{chartName: web, releaseName: old, valuesLocal: {replicas: 9}}]'
    expect_out_has 'replicas: 9'
    mkdir app/elsewhere && mv app/charts/web app/elsewhere/web
    with_helm <<<$'helmGlobals: {chartHome: elsewhere}\nhelmCharts: [{name: web, releaseName: a}, {name: web, releaseName: b, skipTests: true, skipHooks: true}]'
    expect_status 0
    with_helm <<<'helmCharts: [{name: web}]'
    expect_failure 1 "no repo specified for pull, no chart found at 'app/charts/web'"
}

test_pulled_charts() {
    local chart
    needs_helm
    serve_charts
    for chart in 'version: 1.2.3' 'releaseName: rel' 'version: ">=1.0.0"' 'devel: true' \
        'version: 1.2.3, valuesFile: charts/web-1.2.3/web/values.yaml'; do
        rm -rf app/charts
        build --enable-helm --helm-command "$HELM" <<<"helmCharts: [{name: web, repo: $URL/files/charts, $chart}]"
        expect_status 0
        no_file app/charts
        same_as_kustomize --enable-helm --helm-command "$HELM"
    done
    rm -rf app/charts
    forget_requests
    build --enable-helm --helm-command "$HELM" --offline <<<"helmCharts: [{name: web, repo: $URL/files/charts, version: 1.2.3}]"
    expect_status 0
    build --enable-helm --helm-command "$HELM" --offline <<<"helmCharts: [{name: web, repo: $URL/files/charts}]"
    expect_failure 1 "is not in the cache"
    same "requests" "$(requests)" 0
    build --enable-helm --helm-command "$HELM" <<<"helmCharts: [{name: web, repo: $URL/files/charts, version: 9.9.9}]"
    expect_failure 1 "helm pull of chart 'web' from '$URL/files/charts'" 'version "9.9.9" not found'
    FETCH=(--allow-host example.com)
    build --enable-helm --helm-command "$HELM" <<<"helmCharts: [{name: web, repo: $URL/files/charts}]"
    expect_failure 1 "--allow-host does not list '127.0.0.1'"
}

test_charts_of_remote_bases() {
    local source=$SERVED/source/charted
    needs_helm
    make_chart "$source/charts"
    git init -q "$source"
    echo 'helmCharts: [{name: web, releaseName: rel}]' >"$source/kustomization.yaml"
    commit "$source" && publish "$source" org/charted
    with_helm <<<"resources: [\"$URL/git/org/charted//\"]
namespace: here"
    expect_out_has 'namespace: here'
}

test_failing_charts() {
    needs_helm
    make_chart app/charts
    put app/charts/web/templates/broken.yaml <<<'{{ fail "no way" }}'
    with_helm <<<'helmCharts: [{name: web}]'
    expect_failure 1 "app/kustomization.yaml:1:14: " "helm template of chart 'web'" "no way"
    printf 'a: b: c' >app/charts/web/templates/broken.yaml
    with_helm <<<'helmCharts: [{name: web}]'
    expect_status 1
    make_chart app/charts
    rm -r app/charts/web/templates app/charts/web/values.yaml
    with_helm <<<'helmCharts: [{name: web}]'
    expect_failure 1 "values.yaml"
}

# A chart's links must not lead out of the repository, whatever helm would read through them.
test_charts_with_links() {
    mkdir app && git init -q app
    make_chart app/charts
    fake_helm
    ln -s ../../values app/charts/web/files
    build "${FAKE[@]}" <<<'helmCharts: [{name: web}]'
    expect_status 0
    for link in /etc/passwd ../../../../outside; do
        ln -sfn "$link" app/charts/web/templates/link.yaml
        build "${FAKE[@]}" <<<'helmCharts: [{name: web}]'
        expect_failure 1 "charts/web/templates/link.yaml: leads out of the repository"
    done
    rm app/charts/web/templates/link.yaml
    for home in /etc ../..; do
        build "${FAKE[@]}" <<<$"helmGlobals: {chartHome: $home}
helmCharts: [{name: web}]"
        expect_status 1
    done
}

# A helm that logs its words and the values that it was given, and prints $PWD/output.yaml.
fake_helm() {
    put "$PWD/helm" <<'END'
#!/bin/sh
here=$(dirname "$0")
{ printf helm; for word; do printf ' [%s]' "$word"; done; echo; } >>"$here/log"
case $1 in
version) echo "${FAKE_VERSION:-v3.1.0}" ;;
pull) mkdir -p "$4/web" && echo 'a: 1' >"$4/web/values.yaml" ;;
template)
    cat "$here/output.yaml" 2>/dev/null
    while [ $# -gt 0 ]; do [ "$1" = -f ] && { echo "values:"; cat "$2"; } >>"$here/log"; shift; done ;;
esac
END
    chmod +x helm
    FAKE=(--enable-helm --helm-command "$PWD/helm")
}

test_words_for_helm() {
    fake_helm
    build "${FAKE[@]}" --helm-debug <<'END'
helmCharts:
- {name: web, repo: oci://registry.example/x/, version: 1.0.0, devel: true}
- {name: web, repo: https://charts.example/x, version: 2.0.0, releaseName: rel, namespace: ns, includeCRDs: true, skipTests: true, skipHooks: true, apiVersions: [a, b], kubeVersion: "1.29", nameTemplate: tpl}
END
    expect_status 0
    sed -E "s#\[[^]]*(/tmp/rootapp-tmp-|/directories/|/values-)[^]]*\]#[PATH]#g" log >words
    same "words" "$(cat words)" "helm [version] [--short]
helm [pull] [--untar] [--untardir] [PATH] [oci://registry.example/x/web] [--version] [1.0.0] [--devel]
helm [template] [--generate-name] [PATH] [-f] [PATH] [--debug] [--devel]
values:
a: 1
helm [pull] [--untar] [--untardir] [PATH] [--repo] [https://charts.example/x] [web] [--version] [2.0.0]
helm [template] [rel] [PATH] [--namespace] [ns] [--name-template] [tpl] [-f] [PATH] [--api-versions] [a] [--api-versions] [b] [--kube-version] [1.29] [--include-crds] [--skip-tests] [--no-hooks] [--debug]
values:
a: 1"
}

test_what_helm_prints() {
    local output
    fake_helm
    put app/charts/web/values.yaml <<<'a: 1'
    for output in $'a: b: c' $'note: this\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}' '' '# nothing' \
        $'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}' \
        $'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {config.kubernetes.io/local-config: "true"}}' \
        $'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a, annotations: {x: 1}}\n  data: {x: [~]}'; do
        printf '%s\n' "$output" >output.yaml
        agree "${FAKE[@]}" <<<$'helmCharts: [{name: web}]\nnamespace: n\ncommonAnnotations: {k: v}'
    done
    for FAKE_VERSION in v2.16.0 v4.0.1 4.1 nonsense; do
        export FAKE_VERSION
        agree "${FAKE[@]}" <<<$'helmCharts: [{name: web}]'
    done
}

test_names_like_options() {
    local chart
    fake_helm
    for chart in 'name: --post-renderer=x' 'name: web, releaseName: --post-renderer=x' 'name: web, repo: -x' 'name: /etc' \
        'name: "https://x/y.tgz"' 'name: ../../../etc'; do
        build "${FAKE[@]}" <<<"helmCharts: [{$chart}]"
        expect_status 1
    done
    no_file log.template
    ! grep -q template log || fail "helm was asked: $(cat log)"
}

test_without_permission() {
    make_chart app/charts
    agree <<<'helmCharts: [{name: web}]'
    expect_failure 1 "must specify --enable-helm"
    agree --enable-helm --helm-command /nonexistent/helm <<<'helmCharts: [{name: web}]'
    expect_failure 1 "/nonexistent/helm"
}

# For others, helm gets no home of their making: it would run their plugins.
test_generate() {
    needs_helm
    make_chart app/charts
    put app/kustomization.yaml <<<'helmCharts: [{name: web, releaseName: rel}]'
    cd app || return
    rootapp generate
    expect_failure 1 "must specify --enable-helm"
    KUBE_VERSION=1.31.2 KUBE_API_VERSIONS=v1,foo/v1 rootapp generate --enable-helm --helm-command "$HELM"
    expect_out_has 'kube: v1.31.2' 'has: "true"'
    put kustomization.yaml <<<$'helmGlobals: {configHome: plugins}\nhelmCharts: [{name: web}]'
    rootapp generate --enable-helm --helm-command "$HELM"
    expect_failure 1 "configHome 'plugins' is refused here"
    put kustomization.yaml <<<"helmCharts: [{name: web, repo: $URL/files/charts, version: 1.0.0}]"
    rootapp generate --enable-helm --helm-command "$HELM"
    expect_failure 1 "is remote, and nothing remote is fetched here"
}
