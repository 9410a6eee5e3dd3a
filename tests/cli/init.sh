# shellcheck shell=bash
# rootapp init: a first policy for a repository that exists.

# A kustomization that renders into a namespace.
into() { # DIRECTORY NAMESPACE
    small "$1"
    echo "namespace: $2" >>"$1/kustomization.yaml"
}

started() { # URL
    git init -q . && git remote add origin "${1:-https://github.com/acme/gitops.git}" || skip "needs git"
}

rules() { sed -n '/^  discover:/,/^  [#a]/p' argo/root/rootapp.yaml | sed -n 's/^ *\(- path\|app\): *//p' | tr '\n' ' '; }
namespaces() { sed -n 's/^ *namespace: *//p' argo/root/rootapp.yaml | sort -u | tr '\n' ' '; }
environments() { sed -n '/^  environments:/,/^  teams:/s/^    - name: "\(.*\)"/\1/p' argo/root/rootapp.yaml | tr '\n' ' '; }

# Lays out the directories, lets init look at them, and says what it has to find.
layout() { # RULES NAMESPACE TARGETS DIRECTORY=NAMESPACE...
    local wanted=$1 namespace=$2 targets=$3 pair
    shift 3
    rm -rf ./* .git
    started
    for pair; do into "${pair%=*}" "${pair#*=}"; done
    rootapp init
    expect_status 0
    expect_no_err
    same "rules for $*" "$(rules)" "$wanted "
    same "namespace for $*" "$(namespaces)" "$namespace "
    rootapp list -o name
    same "targets of $*" "$(tr '\n' ' ' <"$LOGS/out")" "$targets "
    rootapp list
    same "problems of $*" "$(cut -f 9 "$LOGS/out" | tr -d '\n')" ""
}

test_layouts() {
    layout '"apps/{app}/k8s/overlays/{env}"' '"{app}-{env}"' 'pay/dev shop/dev shop/prod' \
        apps/shop/k8s/overlays/dev=shop-dev apps/shop/k8s/overlays/prod=shop-prod apps/pay/k8s/overlays/dev=pay-dev
    layout '"apps/{app}/overlays/{env}"' '"{env}-{app}"' 'shop/qa' apps/shop/overlays/qa=qa-shop
    layout '"{app}/overlays/{env}"' '"{app}"' 'pay/staging shop/dev' shop/overlays/dev=shop pay/overlays/staging=pay
    layout '"apps/{app}/envs/{env}"' '"{app}-{env}"' 'shop/eu-live' apps/shop/envs/eu-live=shop-eu-live
    layout '"overlays/{env}/{app}"' '"{app}-{env}"' 'pay/prod shop/dev' overlays/dev/shop=shop-dev overlays/prod/pay=pay-prod
    layout '"kubernetes/apps/{app}/{env}"' '"{app}-{env}"' 'shop/production' kubernetes/apps/shop/production=shop-production
    layout '"kubernetes/apps/*/{app}/overlays/{env}"' '"{app}-{env}"' 'find/dev shop/dev' \
        kubernetes/apps/payments/shop/overlays/dev=shop-dev kubernetes/apps/search/find/overlays/dev=find-dev
    layout '"clusters/{env}/apps/{app}"' '"{app}-{env}"' 'shop/dev shop/prod-eu' \
        clusters/dev/apps/shop=shop-dev clusters/prod-eu/apps/shop=shop-prod-eu
    layout '"k8s/overlays/{env}" "web"' '"{app}-{env}"' 'web/dev web/prod' k8s/overlays/dev=web-dev k8s/overlays/prod=web-prod
    layout '"k8s/overlays/{env}" "web"' '"{app}"' 'web/dev web/prod' k8s/overlays/dev=web k8s/overlays/prod=web
    layout '"k8s/overlays/{env}" "gitops"' '"{app}-{env}"' 'gitops/dev gitops/prod' k8s/overlays/dev=gitops-dev k8s/overlays/prod=gitops-prod
    layout '"apps/{app}/overlays/{env}" "infra/{app}/overlays/{env}"' '"{app}-{env}"' 'dns/dev shop/dev' \
        apps/shop/overlays/dev=shop-dev infra/dns/overlays/dev=dns-dev
}

test_environments_in_the_order_of_promotion() {
    started
    for name in prod dev staging live-eu load-test weird; do into "apps/shop/overlays/$name" "shop-$name"; done
    rootapp init
    same "environments" "$(environments)" "dev load-test staging weird live-eu prod "
    same "confirmed" "$(grep -c 'deletion: confirm' argo/root/rootapp.yaml)" 2
}

# Beside site-test and site-prod, site-edu is one, too; lib is not.
test_environments_that_no_list_has() {
    started
    for name in site-test/pay site-prod/pay site-edu/shop site-two/till/deep lib/pay; do into "clusters/$name" "${name//\//-}"; done
    rootapp init
    same "environments" "$(environments)" "site-test site-edu site-prod "
    rm -rf ./* .git && started
    for name in site-test/pay site-edu/shop; do into "clusters/$name" "${name//\//-}"; done
    rootapp init
    same "environments: one known name is no rule" "$(environments)" "site-test "
}

# In prod an app eu-shop could be called like shop in eu-prod.
test_environments_that_could_be_confused() {
    started
    into apps/shop/overlays/prod shop-prod
    into apps/shop/overlays/eu-prod shop-eu-prod
    rootapp init
    expect_failure 1 "the policy for what is here would not do" "'prod'" "'eu-prod'"
    no_file argo
}

test_what_it_could_not_place() {
    started
    into apps/shop/overlays/dev shop-dev
    small apps/shop/base
    echo 'resources: [../../base]' >apps/shop/overlays/dev/kustomization.yaml
    into apps/pay/overlays/dev elsewhere
    into monitoring monitoring
    into apps/base common
    put apps/broken/overlays/dev/kustomization.yaml <<<'resources: [absent.yaml]'
    rootapp init
    expect_status 0
    expect_out_has "It finds 3 Applications:" "renders into namespace 'elsewhere'" "absent.yaml" "It could not place" "  apps/base" "  monitoring"
    grep -q '^  apps/shop/base' "$LOGS/out" && fail "what an overlay reads is placed"
    expect_out_has "rootapp render" "rootapp bootstrap -o argo/root-app.yaml" "git add argo"
    same "commands" "$(sed -n '/^next:/,$p' "$LOGS/out" | grep -c '^  ')" 3
}

test_empty_repository() {
    started https://user:secret@github.com/acme/gitops.git
    git symbolic-ref HEAD refs/heads/trunk
    rootapp init
    expect_status 0
    expect_out_has "It finds 0 Applications." "rootapp new APP --image REGISTRY/APP"
    grep -q 'repoURL: "https://github.com/acme/gitops.git"' argo/root/rootapp.yaml || fail "$(grep repoURL argo/root/rootapp.yaml)"
    grep -q 'targetRevision: "trunk"' argo/root/rootapp.yaml || fail "$(grep targetRevision argo/root/rootapp.yaml)"
    [ -d "$TOP/apps/_template" ] || return 0
    rootapp new shop --image acme/shop --from "$TOP/apps/_template"
    expect_status 0
    rootapp list -o name
    expect_out "shop/dev
shop/staging
shop/prod"
    rootapp bootstrap
    expect_out_has "repoURL: https://github.com/acme/gitops.git"
}

test_nothing_is_written_over() {
    started
    put argo/root/README.md <<<'mine'
    rootapp init
    expect_failure 1 "argo/root is there already, and nothing is written over it"
    same "files" "$(ls argo/root)" "README.md"
    rm -r argo
    mkdir -p argo/install
    rootapp init --install
    expect_failure 1 "argo/install is there already"
    same "files" "$(ls argo)" "install"
}

test_dry_run() {
    started
    into apps/shop/overlays/dev shop-dev
    rootapp init --dry-run
    expect_status 0
    expect_out_has 'kind: RootApp' '    - path: "apps/{app}/overlays/{env}"' "shop/dev"
    no_file argo
}

test_without_an_origin() {
    git init -q . || skip "needs git"
    rootapp init
    expect_failure 2 "git has no remote 'origin': give the repository's address with --repo-url URL"
    rootapp init --repo-url 'https://a b'
    expect_failure 1 "'https://a b' is no address of a repository"
    rootapp init --repo-url https://github.com/acme/gitops --revision release
    expect_status 0
    grep -q 'targetRevision: "release"' argo/root/rootapp.yaml || fail "another revision"
}

# What is in the repository may be called as it likes.
test_hostile_names() {
    started
    into 'apps/a b/overlays/dev' x
    into 'apps/UPPER/overlays/pre prod' x
    into 'apps/{app}/overlays/dev' x
    into $'apps/line\nbreak/overlays/dev' x
    into 'apps/"quoted"/overlays/dev' x
    into apps/good/overlays/dev good-dev
    rootapp init
    [ "$status" = 0 ] || [ "$(wc -l <"$LOGS/err")" = 1 ] || fail "neither a policy nor one line: $(cat "$LOGS/err")"
    [ "$status" != 0 ] || rootapp list
    [ "$status" != 0 ] || expect_out_has "good"
}

# Prometheus and Grafana for the environments that the policy has, with alerts that lead to the page in this repository.
test_observability() {
    [ -d "$TOP/argo/observability" ] || skip "this repository has no argo/observability"
    "$TOP/tools/install" "$PWD/place" "$ROOTAPP" || fail "tools/install fails"
    ROOTAPP=$LOGS/work/place/bin/rootapp
    mkdir new && cd new || fail "mkdir"
    started git@github.com:acme/gitops.git
    rootapp init --observability --revision main
    expect_status 0
    expect_out_has "argo/observability: " "It finds 3 Applications" "observability/staging  platform-staging"
    rootapp list -o name
    same "targets" "$(tr '\n' ' ' <"$LOGS/out")" "observability/dev observability/staging observability/prod "
    diff -r --exclude alerts.yml --exclude README.md "$TOP/argo/observability" argo/observability || fail "argo/observability differs"
    rootapp check
    expect_status 0
    local page anchor
    for page in $(sed -n 's/^ *runbook_url: //p' argo/observability/base/rules/alerts.yml); do
        anchor=${page#https://github.com/acme/gitops/blob/main/argo/observability/README.md#}
        grep -qix "### $anchor" argo/observability/README.md || fail "$page leads nowhere"
    done
    grep -n '](docs/' argo/observability/README.md && fail "the page leads to pages that are not in this repository"
    grep -q allowEmpty argo/root/rootapp.yaml && fail "there are Applications: nothing found is an error"
    rm -rf ./* .git && started
    into apps/shop/overlays/test shop-test && into apps/shop/overlays/production shop-production
    rootapp init
    rootapp init --observability --install
    expect_status 0
    expect_out_has "argo/root stays as it is." "- path: \"argo/{app}/overlays/{env}\"" "apps: [observability]"
    same "overlays" "$(ls argo/observability/overlays)" "production
test"
    sed -n '/^next/,$p' "$LOGS/out" >added
    sed -i -e "/^  discover:/r $(sed -n '/discover:/,/teams:/p' added | sed '1d;$d' >rule; echo rule)" -e "/^  teams:/r $(sed '1,/teams:/d' added >team; echo team)" argo/root/rootapp.yaml
    rm added rule team
    rootapp list -o name
    same "targets, as it was told" "$(tr '\n' ' ' <"$LOGS/out")" "observability/test observability/production shop/test shop/production "
    rootapp check observability
    expect_status 0
    rootapp build argo/observability/overlays/test
    expect_out_has "environment: test" "regex: .+-test" "namespace: observability-test"
    grep -q 'dev\b' "$LOGS/out" && fail "dev is left: $(grep 'dev\b' "$LOGS/out")"
    rootapp init --observability --revision main
    expect_failure 1 "argo/observability is there already"
    rootapp init
    expect_failure 1 "argo/root is there already"
}

test_installed_files() {
    [ -d "$TOP/argo/install" ] || skip "this repository has no argo/install"
    "$TOP/tools/install" "$PWD/place" "$ROOTAPP" || fail "tools/install fails"
    mkdir repository && cd repository || return
    started
    ROOTAPP=$LOGS/work/place/bin/rootapp rootapp init --install
    expect_status 0
    diff -r --exclude README.md "$TOP/argo/install" argo/install || fail "argo/install differs"
    no_file argo/install/README.md # it leads to pages and tests that are not in this repository
    rootapp list
    expect_status 0
}

# What Argo CD is told already is named with its place and what it deploys.
test_what_is_there_already() {
    started
    into apps/shop/overlays/dev shop-dev
    put argo/apps/set.yaml <<'END'
# All apps.
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: everything}
spec:
  generators:
  - matrix:
      generators:
      - git: {directories: [{path: "apps/*/overlays/*"}]}
      - clusters: {}
END
    put argo/apps/more.yml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop-dev}
spec:
  sources: [{path: apps/shop/overlays/dev}, {chart: redis}]
---
apiVersion: app.k8s.io/v1beta1
kind: Application
metadata: {name: argoproj.io-is-not-its-group}
END
    put chart/templates/app.yaml <<<'{{ if }} kind: Application apiVersion: argoproj.io/v1alpha1'
    put .github/app.yaml <argo/apps/set.yaml
    rootapp init
    expect_status 0
    same "what is told" "$(sed -n '/told of apps/,/^What/p' "$LOGS/out")" "Argo CD is told of apps here already, which stays as it is:
  Application 'shop-dev', argo/apps/more.yml:5: apps/shop/overlays/dev (the policy makes one of this name)
  ApplicationSet 'everything', argo/apps/set.yaml:2: apps/*/overlays/*
What two of them deploy is applied twice: before the root Application is synced, take each app out of these. An ApplicationSet needs"
    expect_out_has "preserveResourcesOnDeletion: true"
}
