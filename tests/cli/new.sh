# shellcheck shell=bash
# rootapp new: an app of the template, judged by the policy before a file is written.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

# A repository with the policy of this one and a small template, whose tests leave build/ behind.
with_template() {
    mkdir -p .git
    mkdir -p argo
    put argo/root/kustomization.yaml <<<'generators: [rootapp.yaml]'
    policy '{app}-{env}' 'apps/{app}/k8s/overlays/{env}' '"*"'
    put apps/_template/k8s/base/kustomization.yaml <<<'resources: [map.yaml, deployment.yaml]'
    put apps/_template/k8s/base/map.yaml <<<'{apiVersion: v1, kind: ConfigMap, metadata: {name: "{APP_NAME}"}, data: {of: "{GITHUB_REPO}"}}'
    put apps/_template/k8s/base/deployment.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{APP_NAME}"}
spec: {template: {spec: {containers: [{name: app, image: "{REGISTRY_IMAGE}"}]}}}
END
    local environment
    for environment in dev staging prod; do
        put "apps/_template/k8s/overlays/$environment/kustomization.yaml" <<END
namespace: "{NAMESPACE}-$environment"
resources: [../../base]
images: [{name: "{REGISTRY_IMAGE}", newTag: "1"}]
END
    done
    put apps/_template/README.md <<<'{APP_NAME} of {GITHUB_REPO}; {OTHER} and {APP_NAME'
    put apps/_template/.gitignore <<<$'/build/\n__pycache__/'
    put apps/_template/build/venv/file <<<'left behind'
    put apps/_template/src/__pycache__/server.pyc <<<'left behind'
    put apps/_template/src/build/kept <<<'{NAMESPACE}'
    chmod +x apps/_template/README.md
}

policy() { # NAMESPACE PATH APPS [ENVIRONMENT...]
    local namespace=$1 path=$2 apps=$3 environment
    shift 3
    [ $# -gt 0 ] || set -- dev staging prod
    {
        cat <<END
apiVersion: rootapp.dev/v1alpha1
kind: RootApp
metadata: {name: apps}
spec:
  source: {repoURL: "https://github.com/example/gitops.git", targetRevision: main}
  discover:
  - path: "$path"
  teams:
  - {name: default, apps: [$apps]}
  environments:
END
        for environment; do echo "  - {name: $environment, destination: {name: in-cluster, namespace: \"$namespace\"}}"; done
    } >argo/root/rootapp.yaml
}

tree() { (cd "${1:-.}" && find . -path ./.git -prune -o -print | sort); }

test_is_what_cp_and_sed_give() {
    with_template
    rootapp new shop --image docker.io/acme/shop --repo acme/gitops
    expect_status 0
    expect_no_err
    expect_out_has "apps/shop: 9 files from apps/_template" "shop/dev      shop-dev      default-dev      shop-dev      1"
    cp -r apps/_template apps/copy
    rm -r apps/copy/build apps/copy/src/__pycache__
    find apps/copy -type f -exec sed -i 's|{APP_NAME}|shop|g; s|{REGISTRY_IMAGE}|docker.io/acme/shop|g; s|{NAMESPACE}|shop|g; s|{GITHUB_REPO}|acme/gitops|g' {} +
    diff -r apps/copy apps/shop || fail "they differ"
    same "modes" "$(cd apps/shop && find . -printf '%m %p\n' | sort)" "$(cd apps/copy && find . -printf '%m %p\n' | sort)"
    rootapp build apps/shop/k8s/overlays/prod
    expect_out_has "namespace: shop-prod" "image: docker.io/acme/shop:1" "of: acme/gitops"
}

# C-1: what YAML takes for something else than a text, short and long names.
test_names() {
    cp -r "$TOP/apps" "$TOP/argo" . && mkdir .git && rm -rf apps/*/build
    [ -d apps/_template ] || skip "this repository has no apps/_template"
    local name kustomize=$(kustomize_program) environment
    for name in a on no null y x-1 "$(printf 'a%.0s' {1..55})"; do
        rootapp new "$name" --image "docker.io/acme/$name" --repo acme/gitops
        expect_status 0
        grep -rlE '\{(APP_NAME|REGISTRY_IMAGE|NAMESPACE|GITHUB_REPO)\}' "apps/$name" && fail "$name: placeholders are left"
        for environment in dev staging prod; do
            rootapp build "apps/$name/k8s/overlays/$environment"
            expect_status 0
            [ -z "$kustomize" ] || "$kustomize" build "apps/$name/k8s/overlays/$environment" | cmp - "$LOGS/out" || fail "$name: kustomize differs"
        done
        rootapp render "$name"
        expect_status 0
    done
    expect_out_has "kind: Deployment"
    for name in 1e3 my_shop Shop -a a- .a '' "$(printf 'a%.0s' {1..56})" a/b; do
        tree >before
        rootapp new --image x --repo a/b -- "$name"
        expect_failure 2 "has at most 55 characters here ('-staging' comes behind it)"
        tree | grep -vx ./before | diff <(grep -vx ./before before) - || fail "something was written for '$name'"
    done
}

# C-5: refused before a file is written.
test_refusals() {
    with_template
    overlay() { put "apps/$1/k8s/overlays/$2/kustomization.yaml" <<<'resources: []'; }
    overlay shop dev
    overlay SHOUT dev
    mkdir apps/empty
    put apps/file <<<''
    refused() { # STATUS TEXT ARGUMENTS...
        local expected=$1 text=$2
        shift 2
        rootapp new --image docker.io/acme/x --repo acme/gitops "$@"
        expect_failure "$expected" "$text"
        same "what is there after $*" "$(tree; ls -A .git)" "$before"
    }
    before=$(tree; ls -A .git)
    refused 1 "apps/shop is there already" shop
    refused 1 "apps/SHOUT is there already" shout
    refused 1 "apps/empty is there already" empty
    refused 1 "apps/file is there already" file
    refused 2 "'acme/x:1' is no name of an image" till --image acme/x:1
    refused 2 "'gitops' is no OWNER/NAME of a repository" till --repo gitops
    refused 1 "renders into namespace 'other-dev', its Application deploys to 'till-dev'" till --namespace other
    refused 2 "'Other' is no name of a namespace" till --namespace Other
    refused 1 "nowhere: No such file or directory" till --from nowhere
    refused 1 "no such directory; name the directory of the RootApp with --root DIR" till --root elsewhere
    policy '{app}-{env}' 'apps/{app}/k8s/overlays/{env}' 'shop'
    refused 1 "no team in spec.teams has app 'till'" till
    policy 'all-{env}' 'apps/{app}/k8s/overlays/{env}' '"*"'
    refused 1 "namespace 'all-dev' of till/dev is that of shop/dev already" till
    policy '{env}-{app}' 'apps/{app}/k8s/overlays/{env}' '"*"'
    refused 1 "renders into namespace 'till-dev', its Application deploys to 'dev-till'" till --namespace till
    policy '{app}-{env}' 'apps/{app}-x/k8s/overlays/{env}' '"*"'
    refused 1 "argo/root/rootapp.yaml" till
    policy '{app}-{env}' 'overlays/{env}/{app}' '"*"'
    refused 1 "argo/root/rootapp.yaml:7:3: no path gives an app a directory of its own" till
    policy '{app}-{env}' 'apps/{app}/k8s/overlays/{env}' '"*"'
    sed -i 's/^  teams:/  reservedNames: ["till-*"]\n  reservedNamespaces: ["desk-*"]\n&/' argo/root/rootapp.yaml
    refused 1 "apps/till/k8s/overlays/dev: the name 'till-dev' is reserved" till
    refused 1 "apps/desk/k8s/overlays/dev: namespace 'desk-dev' is reserved" desk
    policy '{app}-{env}' 'apps/{app}/k8s/overlays/{env}' '"*"'
    echo 'nonsense: 1' >>apps/_template/k8s/base/kustomization.yaml
    refused 1 "apps/till/k8s/base/kustomization.yaml:2" till
}

# Environments and namespaces that the template does not have: the whole template, as teams that have others get it.
test_other_environments() {
    cp -r "$TOP/apps" "$TOP/argo" . && mkdir .git && rm -rf apps/*/build apps/example-app apps/test-app
    [ -d apps/_template ] || skip "this repository has no apps/_template"
    policy '{app}' 'services/{app}/deploy/envs/{env}' '"*"' qa canary live
    sed -i 's/{name: \(qa\|canary\|live\), destination: {name: in-cluster/{name: \1, destination: {name: \1/' argo/root/rootapp.yaml
    mkdir services && mv apps/_template services/ && rm -r apps
    rootapp new shop --image acme/shop --repo acme/gitops
    expect_status 0
    expect_out_has "deploy/envs/qa: made of the template's dev" "deploy/envs/canary: made of the template's staging" "deploy/envs/live: made of the template's prod" \
        "shop/live" "34 files"
    grep without "$LOGS/out" && fail "nothing was left out"
    same "overlays" "$(ls services/shop/deploy/envs | tr '\n' ' ')" "canary live qa "
    local environment
    for environment in qa canary live; do
        rootapp build services/shop/deploy/envs/$environment
        expect_status 0
        same "namespaces of $environment" "$(sed -n 's/^  namespace: //p' "$LOGS/out" | sort -u)" shop
        expect_out_has "APP_ENV: $environment"
    done
    expect_out_has "replicas: 3"
    same "what make deploys to" "$(sed -n 's/^ENVIRONMENT := //p' services/shop/Makefile)" qa
    grep -rnE '\b(staging|prod)\b|(/|-|APP_ENV=|ENVIRONMENT := )dev\b' services/shop --include='*.yaml' --include='*.env' --include=Makefile | grep -vE 'requirements-dev|/dev/' && fail "a name of the template is left"
    rootapp check shop
    expect_status 0
    policy '{env}-{app}' 'services/{app}/deploy/envs/{env}' '"*"' dev prod
    rootapp new till --image acme/till --repo acme/gitops
    expect_status 0
    expect_out_has "without deploy/envs/staging: the policy has no environment 'staging'"
    rootapp build services/till/deploy/envs/prod
    expect_out_has "namespace: prod-till"
}

test_usage() {
    with_template
    rootapp new --image x
    expect_failure 2 "name the app: rootapp new APP"
    rootapp new --template shop
    expect_failure 2 "--template takes no APP"
    rootapp new shop --repo acme/gitops
    expect_failure 2 "the other apps have no registry in common: name the image with --image"
}

test_defaults() {
    with_template
    rm -r .git
    git init -q . || skip "needs git"
    rootapp new shop --image docker.io/acme/shop
    same "the policy's repository" "$(cat apps/shop/README.md)" 'shop of example/gitops; {OTHER} and {APP_NAME'
    git remote add origin git@github.com:acme/gitops.git
    rootapp new till
    expect_status 0
    grep -q 'name: "docker.io/acme/till"' apps/till/k8s/overlays/dev/kustomization.yaml || fail "the shared registry is not used"
    same "origin" "$(cat apps/till/README.md)" 'till of acme/gitops; {OTHER} and {APP_NAME'
    rootapp new desk --image ghcr.io/other/desk
    rootapp new pay
    expect_failure 2 "no registry in common"
}

test_dry_run() {
    with_template
    local before
    before=$(tree)
    rootapp new shop --image acme/shop --repo acme/gitops --dry-run
    expect_status 0
    expect_out_has "apps/shop: 9 files from apps/_template (dry run: nothing is written)" "  k8s/overlays/prod/kustomization.yaml" "shop/prod"
    same "what is there" "$(tree)" "$before"
}

# Other environments, and other places for overlays, than the template's.
test_other_layouts() {
    with_template
    policy '{app}-{env}' 'services/{app}/envs/{env}' '"*"' dev prod
    rootapp new shop --image acme/shop --repo acme/gitops --from apps/_template
    expect_status 0
    expect_out_has "without envs/staging: the policy has no environment 'staging'"
    same "files" "$(cd services/shop && find . -name '*.yaml' | sort | tr '\n' ' ')" \
        "./base/deployment.yaml ./base/kustomization.yaml ./base/map.yaml ./envs/dev/kustomization.yaml ./envs/prod/kustomization.yaml "
    rootapp list -o name
    expect_out "shop/dev
shop/prod"
}

test_the_template_itself() {
    with_template
    mv apps/_template elsewhere
    rootapp new --template --from elsewhere
    expect_status 0
    expect_out_has "apps/_template: 9 files from elsewhere"
    rm -r elsewhere/build elsewhere/src/__pycache__
    diff -r elsewhere apps/_template || fail "they differ"
    rootapp new --template --from elsewhere
    expect_failure 1 "apps/_template is there already"
}

# Whenever it is killed, the app is there as a whole or not at all, and git sees nothing else.
test_killed() {
    with_template
    local i pid moment
    rootapp new whole --image acme/whole --repo acme/gitops
    for i in $(seq 50); do
        "$ROOTAPP" new shop --image acme/shop --repo acme/gitops >/dev/null 2>&1 &
        pid=$!
        moment=$(printf '0.0%03d' $((i * 4 % 200)))
        sleep "$moment"
        kill -9 "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        if [ -e apps/shop ]; then
            same "files" "$(cd apps/shop && find . | sort)" "$(cd apps/whole && find . | sort)"
            rm -r apps/shop
        fi
        same "apps" "$(ls -A apps | tr '\n' ' ')" "_template whole "
    done
}

# apps/test-app is what the template gives.
test_test_app() {
    [ -d "$TOP/apps/test-app" ] && [ -d "$TOP/apps/_template" ] || skip "this repository has no apps/test-app"
    mkdir -p .git apps
    cp -r "$TOP/argo" .
    rootapp new test-app --from "$TOP/apps/_template" --image example/test-app --repo example/gitops
    expect_status 0
    diff -r --exclude build --exclude __pycache__ "$TOP/apps/test-app" apps/test-app || fail "apps/test-app is not what the template gives"
}

# Without a template in the repository: the one that is installed beside the program.
test_installed_template() {
    [ -d "$TOP/apps/_template" ] || skip "this repository has no apps/_template"
    "$TOP/tools/install" "$PWD/a place" "$ROOTAPP" || fail "tools/install fails"
    for file in man/man1/rootapp.1 man/man1/rootapp-set-image.1 bash-completion/completions/rootapp \
        zsh/site-functions/_rootapp fish/vendor_completions.d/rootapp.fish; do
        [ -s "a place/share/$file" ] || fail "share/$file is not installed"
    done
    mkdir repository && cd repository || return
    with_template
    rm -r apps/_template
    rootapp new shop --image acme/shop --repo acme/gitops
    [ -d /usr/share/rootapp/template ] || expect_failure 1 "template: no such directory, nor /usr/share/rootapp/template; 'make install' puts it there"
    ROOTAPP="$LOGS/work/a place/bin/rootapp" rootapp new shop --image acme/shop --repo acme/gitops
    expect_status 0
    rootapp render shop
    expect_out_has "image: acme/shop:0.1.0"
    ROOTAPP="$LOGS/work/a place/bin/rootapp" rootapp new --template
    diff -r --exclude build --exclude __pycache__ "$TOP/apps/_template" apps/_template || fail "the template differs"
}

test_an_empty_repository_is_no_longer_allowed() {
    with_template
    sed -i 's/^  discover:/  allowEmpty: true\n&/' argo/root/rootapp.yaml
    rootapp new shop --image acme/shop
    expect_out_has "the policy still allows a repository without apps"
    eval "$(grep '^  sed ' "$LOGS/out")"
    rootapp new pay --image acme/pay
    expect_status 0
    grep -q "without apps" "$LOGS/out" && fail "what it says to do does not help"
    rm -r apps/shop apps/pay
    rootapp list
    expect_status 1
}
