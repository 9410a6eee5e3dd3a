# shellcheck shell=bash
# rootapp generate, called as argocd-cmp-server calls it.

# A repository as argocd-cmp-server unpacks it.
unpack() {
    repo=_cmp_server/0b5ab-1
    mkdir -p "$repo"
}

in_app() { # PATH VARIABLE=VALUE... -- OPTION...: calls the plugin in the application's directory
    local path=$1 variables=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do variables+=("$1"); shift; done
    [ $# -gt 0 ] && shift
    status=0 last="generate $* in $path (${variables[*]})"
    (cd "$repo/$path" && exec env ARGOCD_APP_SOURCE_PATH="$path" ARGOCD_APP_PARAMETERS=null "${variables[@]}" "$ROOTAPP" generate "$@") \
        >"$LOGS/out" 2>"$LOGS/err" </dev/null || status=$?
}

test_plain_application() {
    unpack
    small "$repo/base"
    put "$repo/apps/shop/overlays/dev/kustomization.yaml" <<<'resources: [../../../../base]'
    in_app apps/shop/overlays/dev ARGOCD_APP_NAME=shop-dev
    expect_status 0
    expect_no_err
    expect_out "$(small_output)"
}

# One object a line, and nothing that would not be printed as YAML.
test_json() {
    unpack
    small "$repo/shop"
    put "$repo/shop/more.yaml" <<<$'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {b: "yes", a: "1 < 2"}'
    put "$repo/shop/kustomization.yaml" <<<'resources: [map.yaml, more.yaml]'
    in_app shop -- -o json
    expect_status 0
    expect_no_err
    expect_out '{"apiVersion":"v1","data":{"a":"1 \u003c 2","b":"yes"},"kind":"ConfigMap","metadata":{"name":"more"}}
{"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap","metadata":{"name":"small"}}'
    put "$repo/shop/more.yaml" <<<$'apiVersion: v1\nkind: Secret\nmetadata: {name: more}\ndata: {b: YQ==}'
    in_app shop -- -o json --refuse-secrets
    expect_failure 1 "a Secret in plain text is refused"
    put "$repo/shop/more.yaml" <<<$'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {"a\\x85b": c}'
    in_app shop -- -o json
    expect_failure 1 "kustomize cannot print a key with a line break U+0085"
}

# In the log of the sidecar, few lines for each call.
test_findings() {
    local i
    unpack
    small "$repo/base"
    put "$repo/apps/shop/kustomization.yaml" <<<$'resources: [../../base]\npatches:'
    for i in 1 2 3 4 5; do printf -- '- {target: {kind: Nothing%s}, patch: "{apiVersion: v1, kind: Nothing, metadata: {name: x}, data: {a: b}}"}\n' "$i" >>"$repo/apps/shop/kustomization.yaml"; done
    in_app apps/shop ARGOCD_APP_NAME=shop
    expect_status 0
    expect_out "$(small_output)"
    same "lines" "$(wc -l <"$LOGS/err")" 5
    grep -q '^rootapp: apps/shop/kustomization.yaml:3:19: warning: .*RA701' "$LOGS/err" || fail "$(cat "$LOGS/err")"
    for i in 6 7; do printf -- '- {target: {kind: Nothing%s}, patch: "{apiVersion: v1, kind: Nothing, metadata: {name: x}, data: {a: b}}"}\n' "$i" >>"$repo/apps/shop/kustomization.yaml"; done
    in_app apps/shop ARGOCD_APP_NAME=shop
    same "more" "$(tail -n 1 "$LOGS/err")" "rootapp: 2 more like these; 'rootapp check' shows all"
    same "lines, still few" "$(wc -l <"$LOGS/err")" 6
}

# Errors name files of the repository, not of the machine: their text must not change from one attempt to the next.
test_stable_errors() {
    unpack
    put "$repo/apps/shop/kustomization.yaml" <<<'resources: [missing.yaml]'
    in_app apps/shop
    expect_failure 1 "apps/shop/kustomization.yaml:1:" "missing.yaml"
    grep -q "_cmp_server" "$LOGS/err" && fail "a path of the machine in: $(cat "$LOGS/err")"
    rm "$repo/apps/shop/kustomization.yaml"
    in_app apps/shop
    expect_failure 1 "apps/shop"
    grep -q "_cmp_server" "$LOGS/err" && fail "a path of the machine in: $(cat "$LOGS/err")"
    return 0
}

test_confined_to_the_request() {
    unpack
    small outside
    small _cmp_server/another
    put "$repo/app/kustomization.yaml" <<<'resources: [../../another]'
    in_app app
    expect_failure 1 "app/kustomization.yaml"
    put "$repo/app/kustomization.yaml" <<<'resources: [../../../outside]'
    in_app app
    expect_failure 1 "app/kustomization.yaml"
    ln -s ../../../outside/map.yaml "$repo/app/map.yaml"
    put "$repo/app/kustomization.yaml" <<<'resources: [map.yaml]'
    in_app app -- --load-restrictor LoadRestrictionsNone
    expect_failure 1 "leads out of the repository"
}

# With manifest-generate-paths Argo CD may send a part of the repository only.
test_narrowed_repository() {
    unpack
    small "$repo/base"
    put "$repo/overlays/dev/kustomization.yaml" <<<'resources: [../../base]'
    status=0 last="generate in a part"
    (cd "$repo/overlays/dev" && ARGOCD_APP_SOURCE_PATH=apps/shop/overlays/dev "$ROOTAPP" generate) >"$LOGS/out" 2>"$LOGS/err" || status=$?
    expect_status 0
    expect_out "$(small_output)"
}

# Places in messages, and paths that they name, are those of the repository all the same.
test_errors_in_a_part() {
    unpack
    small "$repo/k8s/base"
    local kustomization="$repo/k8s/overlays/dev/kustomization.yaml"
    expect_in_part() { # KUSTOMIZATION OPTION...: calls generate; the message is read from standard input
        put "$kustomization" <<<"$1"
        shift
        status=0 last="generate in a part: $(cat "$kustomization")"
        (cd "$repo/k8s/overlays/dev" && ARGOCD_APP_SOURCE_PATH=apps/shop/k8s/overlays/dev "$ROOTAPP" generate "$@") >"$LOGS/out" 2>"$LOGS/err" || status=$?
        expect_failure 1 "$(cat)"
    }
    local file=apps/shop/k8s/overlays/dev/kustomization.yaml
    expect_in_part $'resources: [../../base]\nnonsense: 1' <<<"rootapp: $file:2:1: invalid Kustomization"
    expect_in_part 'resources: [gone.yaml]' <<<"$file:1:13: accumulating resources from 'gone.yaml': apps/shop/k8s/overlays/dev/gone.yaml: no such file"
    expect_in_part '{resources: [../../base], patches: [{path: ../p.yaml}]}' <<<"apps/shop/k8s/overlays/p.yaml: no such file"
    expect_in_part 'configMapGenerator: [{name: a, files: [../../../.git/config]}]' <<<"apps/shop/.git/config: lies in .git"
    expect_in_part 'resources: [../../..]' <<<"candidate root 'apps/shop' contains visited root 'apps/shop/k8s/overlays/dev'"
    put "$repo/k8s/overlays/dev/bad.yaml" <<<$'kind: A\nspec: ['
    expect_in_part 'resources: [bad.yaml]' <<<"apps/shop/k8s/overlays/dev/bad.yaml:"
    local tool="$PWD/helm"
    printf '#!/bin/sh\necho "no chart in $*" >&2\nexit 1\n' >"$tool" && chmod +x "$tool"
    put "$repo/k8s/overlays/dev/charts/c/Chart.yaml" <<<'name: c'
    expect_in_part 'helmCharts: [{name: c}]' --enable-helm --helm-command "$tool" <<<"$file:1:14: "
    ! grep -q _cmp_server "$LOGS/err" || fail "a path of the machine in: $(cat "$LOGS/err")"
    rm "$kustomization"
    status=0
    (cd "$repo/k8s/overlays/dev" && ARGOCD_APP_SOURCE_PATH=apps/shop/k8s/overlays/dev "$ROOTAPP" generate) >"$LOGS/out" 2>"$LOGS/err" || status=$?
    expect_failure 1 "in directory 'apps/shop/k8s/overlays/dev'"
}

# A commit that begins to read something outside of the part is rendered once before Argo CD knows.
test_narrowed_repository_lacks_files() {
    unpack
    local unpacked="$repo/_cmp_server/1a2b"
    small "$unpacked/k8s/base"
    put "$unpacked/k8s/overlays/dev/kustomization.yaml" <<<'{resources: [../../base], components: [../../../../_components/probes]}'
    status=0 last="generate in a part"
    (cd "$unpacked/k8s/overlays/dev" && ARGOCD_APP_SOURCE_PATH=apps/shop/k8s/overlays/dev "$ROOTAPP" generate) >"$LOGS/out" 2>"$LOGS/err" || status=$?
    expect_failure 1 "apps/_components/probes: was not sent; Argo CD has sent 'apps/shop' only, and sends the rest as soon as"
    put "$unpacked/k8s/overlays/dev/kustomization.yaml" <<<'resources: [../../../../../../out]'
    status=0
    (cd "$unpacked/k8s/overlays/dev" && ARGOCD_APP_SOURCE_PATH=apps/shop/k8s/overlays/dev "$ROOTAPP" generate) >"$LOGS/out" 2>"$LOGS/err" || status=$?
    expect_failure 1 "../out: leads out of the repository"
    ! grep -q "has sent" "$LOGS/err" || fail "nothing will be sent from out of the repository"
    rm -r "$unpacked/k8s/overlays/dev"
    put "$unpacked/apps/shop/k8s/overlays/dev/kustomization.yaml" <<<'resources: [../../../../../../../out]'
    status=0 last="generate in the whole"
    (cd "$unpacked/apps/shop/k8s/overlays/dev" && ARGOCD_APP_SOURCE_PATH=apps/shop/k8s/overlays/dev "$ROOTAPP" generate) >"$LOGS/out" 2>"$LOGS/err" || status=$?
    expect_failure 1 "leads out of the repository"
    ! grep -q "has sent" "$LOGS/err" || fail "the whole repository is no part"
}

test_wrong_working_directory() {
    small somewhere
    status=0 last="generate elsewhere"
    (cd somewhere && ARGOCD_APP_SOURCE_PATH=apps/shop "$ROOTAPP" generate) >"$LOGS/out" 2>"$LOGS/err" || status=$?
    expect_failure 1 "does not end with ARGOCD_APP_SOURCE_PATH 'apps/shop'"
}

test_parameters() {
    unpack
    small "$repo/app"
    in_app app 'ARGOCD_APP_PARAMETERS=[{"name":"image","array":["a=b"]}]'
    expect_failure 1 "unknown parameter 'image' (did you mean 'images'?)"
    in_app app 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"dev"}]'
    expect_failure 1 "parameter 'environment' narrows a RootApp"
    in_app app 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":""}]'
    expect_failure 1 "parameter 'environment' has no value"
    in_app app 'ARGOCD_APP_PARAMETERS=[{'
    expect_failure 1 "ARGOCD_APP_PARAMETERS is no JSON"
    in_app app 'ARGOCD_APP_PARAMETERS=[]'
    expect_out "$(small_output)"
}

shop() { # a base of a workload and an overlay with fields of its own
    put "$repo/base/kustomization.yaml" <<<'resources: [deployment.yaml]'
    put "$repo/base/deployment.yaml" <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "example/shop:1.0"}, {name: proxy, image: "example/proxy:1.0"}]}
END
    put "$repo/dev/kustomization.yaml" <<'END'
resources: [../base]
namePrefix: was-
commonAnnotations: {note: was}
labels: [{pairs: {team: was}}]
images: [{name: example/shop, newName: mirror/shop, newTag: "1.5"}]
END
    put "$repo/parts/one/kustomization.yaml" <<'END'
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
commonAnnotations: {one: "1"}
END
    mkdir -p "$repo/parts/two" && sed 's/one: "1"/two: "2"/' "$repo/parts/one/kustomization.yaml" >"$repo/parts/two/kustomization.yaml"
}

with() { # JSON: generate of the shop with these parameters
    in_app dev "ARGOCD_APP_PARAMETERS=[$1]" ARGOCD_APP_NAME=argocd_shop-dev ARGOCD_APP_REVISION_SHORT=0123456
}

# The same as an Application's source.kustomize gives; tests/argocd compares both on many overlays.
test_edits() {
    unpack
    shop
    with '{"name":"namePrefix","string":"p-"},{"name":"nameSuffix","string":"-s"},{"name":"namespace","string":"other"},
        {"name":"replicas","map":{"shop":"3"}},{"name":"images","array":["example/shop=*:v$ARGOCD_APP_REVISION_SHORT","example/proxy:2"]},
        {"name":"commonLabels","map":{"team":"$ARGOCD_APP_NAME"}},{"name":"labelWithoutSelector","string":"true"},
        {"name":"forceCommonLabels","string":"true"},{"name":"commonAnnotations","map":{"price":"$5"}},
        {"name":"patches","array":["{target: {kind: Deployment}, patch: \"- {op: add, path: /spec/paused, value: true}\"}"]},
        {"name":"components","array":["../parts/one"]}'
    expect_status 0
    expect_out 'apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    note: was
    one: "1"
    price: $5
  labels:
    team: argocd_shop-dev
  name: p-shop-s
  namespace: other
spec:
  paused: true
  replicas: 3
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      annotations:
        note: was
        one: "1"
        price: $5
      labels:
        app: shop
    spec:
      containers:
      - image: mirror/shop:v0123456
        name: shop
      - image: example/proxy:2
        name: proxy'
}

test_edits_of_components() {
    unpack
    shop
    local parts='"name":"components","array":["../parts/one","../parts/none","../parts/two","../../outside"]'
    with "{$parts}"
    expect_failure 1 "components: '../parts/none' is not there"
    # Argo CD's own source would stop at the first one that it finds.
    with "{$parts},{\"name\":\"ignoreMissingComponents\",\"string\":\"true\"}"
    expect_status 0
    expect_out_has 'one: "1"'
    expect_out_has 'two: "2"'
}

test_edits_refused() {
    unpack
    shop
    with '{"name":"images","array":["example/shop"]}'
    expect_failure 1 "images: 'example/shop' is none of IMAGE:TAG"
    with '{"name":"replicas","map":{"shop":"3x"}}'
    expect_failure 1 "parameter replicas[shop]: '3x' is no whole number of 64 bits"
    with '{"name":"replicas","map":{"shop":"9999999999999999999999"}}'
    expect_failure 1 "parameter replicas[shop]: '9999999999999999999999' is no whole number of 64 bits"
    with '{"name":"replicas","string":"shop=3"}'
    expect_failure 1 "parameter 'replicas' needs a map"
    with '{"name":"commonAnnotations","map":{"note":"x"}}'
    expect_failure 1 "commonAnnotations: the kustomization file has 'note' already; set forceCommonAnnotations to replace it"
    with '{"name":"commonLabels","map":{"team":"x"}},{"name":"labelWithoutSelector","string":"true"}'
    expect_failure 1 "commonLabels: the kustomization file has 'team' already; set forceCommonLabels to replace it"
    with '{"name":"commonLabels","map":{"a":"x"}},{"name":"labelIncludeTemplates","string":"true"}'
    expect_failure 1 "labelIncludeTemplates needs labelWithoutSelector"
    with '{"name":"labelWithoutSelector","string":"yes"}'
    expect_failure 1 "parameter 'labelWithoutSelector' is a string, either true or false"
    with '{"name":"patches","array":["{target: {knd: Deployment}}"]}'
    expect_failure 1 'parameter patches[0]:1:11: invalid Kustomization: json: unknown field "knd"'
    with '{"name":"patches","array":["- x"]}'
    expect_failure 1 "parameter patches[0]:1:1: a patch is a map of target, patch, path, options"
    with '{"name":"namespace","string":"a"},{"name":"namespace","string":"b"}'
    expect_failure 1 "parameter 'namespace' is given twice"
}

application() { # PATH: a directory that renders to an Application
    put "$1/kustomization.yaml" <<<'resources: [application.yaml]'
    put "$1/application.yaml" <<'END'
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: escape, namespace: argocd}
spec: {project: default}
END
}

test_trust() {
    unpack
    application "$repo/app"
    in_app app ARGOCD_APP_PROJECT_NAME=argocd-root -- --root-project argocd-root
    expect_status 0
    expect_out_has "name: escape"
    in_app app ARGOCD_APP_PROJECT_NAME=team-a -- --root-project argocd-root
    expect_failure 1 "app/application.yaml:1:" "Application 'escape'" "argocd-root" "team-a"
    in_app app ARGOCD_APP_PROJECT_NAME=argocd-root
    expect_failure 1 "--root-project"
    in_app app -- --root-project argocd-root
    expect_failure 1 "accepted only in project 'argocd-root'"
    in_app app ARGOCD_APP_PROJECT_NAME= ARGOCD_ENV_APP_PROJECT_NAME=argocd-root -- --root-project argocd-root
    expect_failure 1 "accepted only in project 'argocd-root'"
    in_app app ARGOCD_APP_PROJECT_NAME= -- --root-project ''
    expect_failure 2 "--root-project needs a name"
}

test_allowed_kinds() {
    unpack
    application "$repo/app"
    sed -i 's/^kind: Application/kind: Rollout/' "$repo/app/application.yaml"
    in_app app ARGOCD_APP_PROJECT_NAME=team-a -- --root-project argocd-root
    expect_failure 1 "Rollout 'escape'"
    in_app app ARGOCD_APP_PROJECT_NAME=team-a -- --root-project argocd-root --allow-kinds Workflow,Rollout
    expect_status 0
    in_app app ARGOCD_APP_PROJECT_NAME=team-a -- --root-project argocd-root --allow-kinds Rollouts,Roll
    expect_failure 1 "Rollout 'escape'"
    in_app app -- --allow-kinds Rollout,AppProject
    expect_failure 2 "--allow-kinds must not name 'AppProject'"
}

# Argo CD takes everything with a list of items apart.
test_trust_of_lists() {
    unpack
    put "$repo/app/kustomization.yaml" <<<'resources: [map.yaml]'
    put "$repo/app/map.yaml" <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: innocent}
items:
- apiVersion: argoproj.io/v1alpha1
  kind: AppProject
  metadata: {name: escape}
END
    in_app app ARGOCD_APP_PROJECT_NAME=team-a -- --root-project argocd-root
    expect_failure 1 "app/map.yaml:" "AppProject 'escape'"
}

test_secrets() {
    unpack
    put "$repo/app/kustomization.yaml" <<<'{secretGenerator: [{name: s, literals: [password=hunter2]}]}'
    in_app app
    expect_status 0
    in_app app -- --refuse-secrets
    expect_failure 1 "Secret" "SealedSecret"
    grep -q hunter2 "$LOGS/err" && fail "the secret is in the message"
    return 0
}

test_unwritable_output() {
    unpack
    small "$repo/app"
    status=0 last="generate >/dev/full"
    (cd "$repo/app" && "$ROOTAPP" generate) >/dev/full 2>"$LOGS/err" || status=$?
    : >"$LOGS/out"
    expect_failure 1 "standard output: No space left on device"
}

# What is printed for one environment is the same, whether the root changes Applications or not; and a root that does not looks at no
# overlay of another environment.
test_one_environment_of_a_plain_root() {
    # shellcheck source=repository.bash
    . "$TOP/tests/cli/repository.bash"
    unpack
    (cd "$repo" && repository && rm -r .git && put apps/shop/overlays/prod/kustomization.yaml <<<'resources: [{}]')
    in_dev() {
        in_app argo/root ARGOCD_APP_NAME=root-dev ARGOCD_APP_NAMESPACE=argocd ARGOCD_APP_PROJECT_NAME=argocd-root \
            'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"dev"}]' -- --root-project argocd-root
        expect_status 0
    }
    in_dev
    expect_no_err
    cp "$LOGS/out" plain
    for field in 'patches: [{target: {kind: Application, name: shop-prod}, patch: "- {op: add, path: /metadata/labels/a, value: b}"}]' \
        'commonAnnotations: {}' 'components: []'; do
        put "$repo/argo/root/kustomization.yaml" <<<"generators: [rootapp.yaml]"$'\n'"$field"
        in_dev
        expect_err_has "apps/shop/overlays/prod"
        same "$field" "$(cat "$LOGS/out")" "$(cat plain)"
    done
}

# The root Application gets the environments' roots; an environment's root its projects and Applications.
test_root_set() {
    # shellcheck source=repository.bash
    . "$TOP/tests/cli/repository.bash"
    unpack
    (cd "$repo" && repository && rm -r .git)
    local root=(ARGOCD_APP_NAME=root ARGOCD_APP_NAMESPACE=argocd ARGOCD_APP_PROJECT_NAME=argocd-root)
    in_app argo/root "${root[@]}" -- --root-project argocd-root
    expect_status 0
    expect_no_err
    same "the root" "$(kinds "$LOGS/out" | sort | tr '\n' ' ')" "Application/root-dev Application/root-prod "
    in_app argo/root "${root[@]}" 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"dev"}]' -- --root-project argocd-root
    expect_status 0
    same "dev" "$(kinds "$LOGS/out" | sort | tr '\n' ' ')" "AppProject/default-dev Application/pay-dev Application/shop-dev "
    in_app argo/root "${root[@]}" 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"qa"}]' -- --root-project argocd-root
    expect_failure 1 "qa"
    in_app argo/root ARGOCD_APP_PROJECT_NAME=team-a -- --root-project argocd-root
    expect_failure 1 "argo/root/rootapp.yaml:1:" "RootApp" "argocd-root"
    in_app argo/root
    expect_failure 1 "RootApp"
}

# A root that was sent a part of the repository knows nothing of the rest, and Argo CD would delete what is there.
test_root_that_was_sent_a_part() {
    # shellcheck source=repository.bash
    . "$TOP/tests/cli/repository.bash"
    unpack
    (cd "$repo" && repository && mkdir -p argo/apps && mv apps/pay argo/apps && mv argo/root/* . && rm -r apps argo/root .git)
    sed -i 's|  discover:|  allowEmpty: true\n  discover:\n  - path: "argo/apps/{app}/overlays/{env}"|' "$repo/rootapp.yaml"
    local root=(ARGOCD_APP_NAME=root ARGOCD_APP_PROJECT_NAME=argocd-root) part
    in_part() { # PART: calls the plugin where only this directory of the repository is there
        status=0 last="generate in $1"
        (cd "$repo/${part#"$1"}" && env ARGOCD_APP_SOURCE_PATH=argo/root "${root[@]}" 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"dev"}]' \
            "$ROOTAPP" generate --root-project argocd-root) >"$LOGS/out" 2>"$LOGS/err" </dev/null || status=$?
    }
    part=argo/root in_part argo/root
    expect_failure 1 "discovery has to look at it: argo/apps: was not sent; Argo CD has sent 'argo/root' only"
    mkdir "$repo/root" && mv "$repo"/*.yaml "$repo/root" && mv "$repo/argo/apps" "$repo" && rm -r "$repo/argo"
    part=argo/root in_part argo
    expect_failure 1 "discovery has to look at it: apps: was not sent; Argo CD has sent 'argo' only"
}

# A root that lost its RootApp would print less than before, and Argo CD would delete the rest.
test_root_without_its_rootapp() {
    unpack
    small "$repo/argo/root"
    local root=(ARGOCD_APP_NAME=root ARGOCD_APP_PROJECT_NAME=argocd-root)
    in_app argo/root "${root[@]}" ARGOCD_ENV_ROOTAPP_VERSION=0.1.0 -- --root-project argocd-root
    expect_failure 1 "there is no RootApp in this directory" "for 'root'"
    in_app argo/root "${root[@]}" -- --root-project argocd-root
    expect_out "$(small_output)"
    in_app argo/root ARGOCD_APP_PROJECT_NAME=team-a ARGOCD_ENV_ROOTAPP_VERSION=0.1.0 -- --root-project argocd-root
    expect_out "$(small_output)"
}

# Argo CD takes an empty text for success: whoever syncs it prunes everything.
test_render_without_resources() {
    local allowed='ARGOCD_APP_PARAMETERS=[{"name":"allowEmpty","string":"true"}]' text
    unpack
    for text in 'resources: []' 'commonLabels: {a: b}' 'generators: []'; do
        put "$repo/app/kustomization.yaml" <<<"$text"
        in_app app ARGOCD_APP_NAME=shop-dev
        expect_failure 1 "there is no resource in this render" "for 'shop-dev'" "plugin parameter allowEmpty"
        in_app app ARGOCD_APP_NAME=shop-dev "$allowed"
        expect_status 0
        [ ! -s "$LOGS/out" ] || fail "printed $(cat "$LOGS/out")"
    done
    small "$repo/app"
    put "$repo/app/nothing.yaml" <<<'{apiVersion: v1, kind: ConfigMap, metadata: {name: small}, $patch: delete}'
    echo 'patches: [{path: nothing.yaml}]' >>"$repo/app/kustomization.yaml"
    in_app app
    expect_failure 1 "there is no resource in this render" "for 'this Application'"
    put "$repo/app/nothing.yaml" <<<'- {op: add, path: /items, value: []}'
    sed -i 's/path: nothing.yaml/&, target: {kind: ConfigMap}/' "$repo/app/kustomization.yaml"
    in_app app
    expect_failure 1 "there is no resource in this render"
}

# An app is sent alone only where nothing in it may lead out: Argo CD unpacks no such link.
test_parts_of_the_repository() {
    . "$TOP/tests/cli/repository.bash"
    unpack
    (cd "$repo" && repository && rm -r .git)
    mkdir "$repo/apps/pay/doc" && ln -s ../../../README.md "$repo/apps/pay/doc/README.md"
    in_app argo/root ARGOCD_APP_NAME=root ARGOCD_APP_PROJECT_NAME=argocd-root 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"dev"}]' \
        -- --root-project argocd-root
    expect_status 0
    expect_out_has "manifest-generate-paths: /apps/pay;/.whole-repository" "manifest-generate-paths: /apps/shop"
    same "parts" "$(grep -A1 ROOTAPP_PART "$LOGS/out" | tail -1)" "        value: apps/shop"
    same "number of parts" "$(grep -c ROOTAPP_PART "$LOGS/out")" 1
}

# Charts may lie anywhere in the repository.
test_charts_elsewhere() {
    . "$TOP/tests/cli/repository.bash"
    unpack
    (cd "$repo" && repository && rm -r .git)
    put "$repo/charts/web/Chart.yaml" <<<'name: web'
    echo '{helmGlobals: {chartHome: ../../../../charts}, helmCharts: [{name: web}]}' >"$repo/apps/shop/overlays/dev/kustomization.yaml"
    in_app argo/root ARGOCD_APP_NAME=root ARGOCD_APP_PROJECT_NAME=argocd-root 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"dev"}]' \
        -- --root-project argocd-root
    expect_status 0
    expect_out_has "manifest-generate-paths: /apps/shop;/charts;/.whole-repository"
}

# A tenant cannot bring a RootApp of its own.
test_rootapp_of_a_tenant() {
    . "$TOP/tests/cli/repository.bash"
    unpack
    (cd "$repo" && repository && cp argo/root/rootapp.yaml apps/shop/overlays/dev && echo 'generators: [rootapp.yaml]' >>apps/shop/overlays/dev/kustomization.yaml)
    in_app apps/shop/overlays/dev ARGOCD_APP_PROJECT_NAME=default-dev -- --root-project argocd-root
    expect_failure 1 "apps/shop/overlays/dev/rootapp.yaml:1:" "RootApp"
}

# What cannot be a target is skipped and told; everything else goes on.
test_skipped_directories() {
    . "$TOP/tests/cli/repository.bash"
    unpack
    (cd "$repo" && repository && overlay shop qa)
    in_app argo/root ARGOCD_APP_PROJECT_NAME=argocd-root -- --root-project argocd-root
    expect_status 0
    expect_err_has "rootapp: apps/shop/overlays/qa: skipped: environment 'qa' is not listed"
    expect_out_has "name: root-dev"
    (cd "$repo" && echo 'nonsense: true' >>apps/shop/overlays/dev/kustomization.yaml)
    in_app argo/root ARGOCD_APP_PROJECT_NAME=argocd-root 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"dev"}]' -- --root-project argocd-root
    expect_status 0
    expect_err_has "rootapp: apps/shop/overlays/dev: apps/shop/overlays/dev/kustomization.yaml:2:1: "
    expect_out_has "name: shop-dev" "name: pay-dev"
}

# A tenant with many directories does not fill the sidecar's log.
test_many_skipped_directories() {
    . "$TOP/tests/cli/repository.bash"
    unpack
    (cd "$repo" && repository && mkdir -p apps/shop/overlays/e{1..300})
    in_app argo/root ARGOCD_APP_PROJECT_NAME=argocd-root -- --root-project argocd-root
    expect_status 0
    expect_err_has "rootapp: 100 more like these; 'rootapp list' shows all"
    same "lines of notes" "$(wc -l <"$LOGS/err")" 201
}

# What a render may use. Each limit is named in the message.
test_limits() {
    unpack
    small "$repo/app"
    in_app app -- --memory-limit 64 --time-limit 5 --processor-limit 5 --input-limit 1 --output-limit 1
    expect_status 0
    printf 'configMapGenerator:\n- name: big\n  files: [data]\n' >"$repo/app/kustomization.yaml"
    head -c 1100000 /dev/zero | tr '\0' a >"$repo/app/data"
    in_app app -- --input-limit 1
    expect_failure 1 "app/data: is too large: all files that are read in one render may have 1000000 bytes (generate --input-limit)"
    in_app app -- --output-limit 1
    expect_failure 1 "the output is larger than the 1 MB that it may have (generate --output-limit; Argo CD takes 100 MB)"
    put "$repo/app/kustomization.yaml" <<END
resources: [many.yaml]
patches:
$(for _ in $(seq 40); do echo "- {target: {name: '((a|a|a)+)+[bc]'}, patch: '[{\"op\": \"remove\", \"path\": \"/data/none\"}]'}"; done)
END
    name=$(head -c 200 /dev/zero | tr '\0' a)
    for i in $(seq 2000); do printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s%d}\n---\n' "$name" "$i"; done >"$repo/app/many.yaml"
    in_app app
    expect_failure 1 "app/kustomization.yaml:3:3: the render takes more than 20 million steps"
    # The root project may take more of them.
    in_app app ARGOCD_APP_PROJECT_NAME=argocd-root -- --root-project argocd-root --processor-limit 1
    expect_failure 1 "the render computes longer than it may (--processor-limit)"
    in_app app ARGOCD_APP_PROJECT_NAME=argocd-root -- --root-project argocd-root --time-limit 1
    expect_failure 1 "the render takes longer than it may (--time-limit)"
    in_app app -- --time-limit 0
    expect_failure 2 "--time-limit"
}

# A warning is for the log of a render that succeeds; with an error, Argo CD would show it to users.
test_error_without_warnings() {
    unpack
    small "$repo/base"
    put "$repo/app/kustomization.yaml" <<<$'bases: [../base]\nresources: [missing.yaml]'
    in_app app
    expect_failure 1 "missing.yaml"
    put "$repo/app/kustomization.yaml" <<<'bases: [../base]'
    in_app app
    expect_status 0
    expect_err_has "deprecated"
}

# What a render is ended for early leaves no program running and no temporary file.
stuck_git() {
    unpack
    mkdir tmp
    bin=$(mktemp -d) && trap 'rm -r "$bin"' EXIT # a test's directory has a colon in its path
    cat >"$bin/git" <<'END'
#!/bin/sh
case "$*" in *fetch*) ;; *) exit 0 ;; esac
sleep 100 &
echo $! $$ >"$TMPDIR/programs"
mkdir -p objects/aa && echo x >objects/aa/b
sleep 100
END
    chmod +x "$bin/git"
    put "$repo/app/kustomization.yaml" <<<'resources: ["https://git.example.com/base.git?ref=v1"]'
}

is_running() { # PROCESS
    grep -qs '^State:.[RSD]' "/proc/$1/status"
}

expect_nothing_left() {
    read -r one other <tmp/programs || { fail "git was not run: $(cat "$LOGS/err")"; return; }
    for _ in $(seq 100); do is_running "$one" || is_running "$other" || break; sleep 0.1; done
    is_running "$one" && fail "what git had started is still running"
    is_running "$other" && fail "git is still running"
    same "temporary files" "$(ls -A tmp)" programs
}

test_time_limit_leaves_nothing() {
    stuck_git
    in_app app PATH="$bin:$PATH" TMPDIR="$PWD/tmp" -- --allow-host git.example.com --time-limit 1
    expect_failure 1 "the render takes longer than it may (--time-limit)"
    expect_nothing_left
}

test_signal_leaves_nothing() {
    stuck_git
    PATH="$bin:$PATH" TMPDIR="$PWD/tmp" "$ROOTAPP" build "$repo/app" >"$LOGS/out" 2>"$LOGS/err" &
    for _ in $(seq 100); do [ -s tmp/programs ] && break; sleep 0.1; done
    kill -TERM $!
    wait $!
    same "exit status" $? 143
    expect_no_out
    expect_nothing_left
}

test_memory_limit() {
    grep -q __asan_init "$ROOTAPP" && skip "sanitizers need more memory, so there is no limit with them"
    unpack
    put "$repo/app/kustomization.yaml" <<<'resources: [many.yaml]'
    for i in $(seq 5000); do printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m%d}\n---\n' "$i"; done >"$repo/app/many.yaml"
    in_app app -- --memory-limit 4
    expect_failure 1 "out of memory: the render takes more than the 4 MB that it may (generate --memory-limit)"
}

# Takes all places of large renders, as renders do that wait for nothing, until its input ends.
hold_places() {
    coproc HOLDER { python3 -c '
import fcntl, struct, sys
file = open(sys.argv[1], "a+b")
fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1 << 40, 0))  # F_OFD_SETLK
print("held", flush=True)
sys.stdin.read()' "$TMPDIR/rootapp-renders-$(id -u)"; }
    read -r _ <&"${HOLDER[0]}"
}

release_places() {
    exec {HOLDER[1]}>&-
    wait "$HOLDER_PID"
}

test_large_renders() {
    grep -q __asan_init "$ROOTAPP" && skip "with sanitizers each block is small, so no render is large"
    export TMPDIR=$PWD/tmp
    mkdir tmp
    unpack
    small "$repo/small"
    put "$repo/large/kustomization.yaml" <<<'resources: [maps.yaml]'
    for i in $(seq 12000); do printf -- '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m%s}\ndata: {a: b, c: d, e: f}\n' "$i"; done >"$repo/large/maps.yaml"
    in_app large -- --large-renders 1
    expect_status 0
    cp "$LOGS/out" large
    hold_places
    in_app small -- --large-renders 1 --time-limit 2
    expect_status 0
    in_app large
    expect_status 0
    for project in tenants argocd-root; do
        in_app large ARGOCD_APP_PROJECT_NAME=$project -- --large-renders 1 --time-limit 2 --root-project argocd-root
        expect_failure 1 "the render needs much memory and waited too long for others that do (--large-renders, --time-limit)"
    done
    in_app large -- --large-renders 1 &
    release_places
    wait $!
    cmp "$LOGS/out" large || fail "it waited, and printed something else"
    ln -sf "$repo/large/maps.yaml" "$TMPDIR/rootapp-renders-$(id -u)"
    in_app large -- --large-renders 1
    expect_failure 1 "--large-renders: cannot open"
}
