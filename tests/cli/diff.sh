# shellcheck shell=bash
# rootapp diff: what is compared, what is said of it, and what is never shown.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com
unset GIT_DIR GIT_INDEX_FILE GITHUB_BASE_REF CI_MERGE_REQUEST_TARGET_BRANCH_NAME NO_COLOR

commit() { # MESSAGE
    git add --all && git commit -qm "$1"
}

# The repository of the other commands, committed on main, with a branch `feature` checked out.
history() {
    repository
    rmdir .git
    git init -q -b main .
    commit one
    git switch -qc feature
}

image() { # APP ENV TAG
    sed -i "s|example/$1:.*|example/$1:$3|" "apps/$1/overlays/$2/deployment.yaml"
}

test_forms_agree() {
    local before
    export TMPDIR=$LOGS/temporary
    mkdir "$TMPDIR"
    history
    image shop dev 2
    overlay new dev
    git rm -rqf apps/pay/overlays/dev
    before=$(ls "${TMPDIR:-/tmp}" | grep -c "rootapp-tmp")
    rootapp diff
    expect_status 0
    cp "$LOGS/out" "$LOGS/work_tree"
    git add --all
    cp .git/index "$LOGS/index"
    rootapp diff --staged
    same "--staged" "$(cat "$LOGS/out")" "$(cat "$LOGS/work_tree")"
    cmp .git/index "$LOGS/index" || fail "the index was written to"
    commit two
    rootapp diff HEAD~1..HEAD
    same "two commits" "$(cat "$LOGS/out")" "$(cat "$LOGS/work_tree")"
    rootapp diff main
    same "a merge" "$(cat "$LOGS/out")" "$(cat "$LOGS/work_tree")"
    rootapp diff main...feature
    same "three points" "$(cat "$LOGS/out")" "$(cat "$LOGS/work_tree")"
    same "nothing is left" "$(git status --porcelain; ls "${TMPDIR:-/tmp}" | grep -c "rootapp-tmp")" "$before"
}

test_what_is_said() {
    history
    image shop dev 2
    overlay new dev
    git rm -rqf apps/pay/overlays/dev
    rootapp diff
    expect_out_has "1 added, 1 removed, 1 changed of 4 Applications" "app-removed  pay-dev: is removed" \
        " + new-dev  new: 1 resource in namespace new-dev, project default-dev" " ~ shop-dev  +0 ~1 -0" "rolls out" \
        "spec.template.spec.containers.[name=shop].image: example/shop:dev -> example/shop:2" \
        "apps/shop/overlays/dev/deployment.yaml:10"
    rootapp diff --name-only
    expect_out "new-dev
pay-dev
shop-dev"
    rootapp diff --summary
    same "one line" "$(wc -l <"$LOGS/out")" 1
    rootapp diff -- 'shop/*'
    expect_out_has "1 changed of 4"
    rootapp diff -- shop pay/nowhere
    expect_status 1
    expect_err_has "no application 'pay/nowhere'"
    rootapp diff -- pay/dev
    expect_out_has "1 removed"
    rootapp diff --stat
    grep -q rolls "$LOGS/out" && fail "--stat shows resources"
}

# Base has moved on: a merge brings only what the branch did; two points show the other's work as undone.
test_merge() {
    history
    image shop dev 2
    commit two
    git switch -q main
    image pay dev 3
    commit three
    git switch -q feature
    rootapp diff --name-only main
    expect_out shop-dev
    rootapp diff --name-only main..feature
    expect_out "pay-dev
shop-dev"
    image pay dev 4
    commit four
    rootapp diff main
    expect_status 1
    expect_no_out
    expect_err_has "merging HEAD into main conflicts in apps/pay/overlays/dev/deployment.yaml"
    rootapp diff --exit-code main
    expect_status 2
}

test_another_branch() {
    history
    sed -i 's/{name: prod,/{name: prod, targetRevision: release,/' argo/root/rootapp.yaml
    commit policy
    git branch -f main
    image shop dev 2
    image shop prod 2
    commit two
    rootapp diff --name-only main
    expect_out shop-dev
    rootapp diff --summary main
    expect_out_has "prod follows release: not affected"
    rootapp diff --name-only --into release main
    expect_out shop-prod
    GITHUB_BASE_REF=release rootapp diff --name-only "$(git rev-parse main)"
    expect_out shop-prod
}

# What follows another branch is not even read: of its overlay no object is opened.
test_what_follows_another_branch_is_not_read() {
    local object
    command -v strace >/dev/null || return 0
    history
    sed -i 's/{name: prod,/{name: prod, targetRevision: release,/' argo/root/rootapp.yaml
    image shop prod unread
    commit policy
    git branch -f main
    image shop dev 2
    commit two
    for environment in prod dev; do
        object=$(git rev-parse "HEAD:apps/shop/overlays/$environment/deployment.yaml")
        strace -f -o "$LOGS/calls" -e trace=open,openat "$ROOTAPP" diff main >"$LOGS/out" 2>"$LOGS/err"
        status=$?
        last=strace
        same "whether $environment is read" "$(grep -q "${object:2}" "$LOGS/calls"; echo $?)" "$([ $environment = prod ] && echo 1 || echo 0)"
    done
}

test_statuses() {
    history
    rootapp diff --exit-code
    expect_status 0
    expect_out "nothing changes"
    put other/file <<<x
    rootapp diff --exit-code
    expect_status 0
    expect_out "nothing changes in 3 Applications"
    image shop dev 2
    rootapp diff --exit-code
    expect_status 1
    rootapp diff --fail-on danger
    expect_status 0
    echo 'resources: [twice.yaml]' >apps/pay/overlays/dev/kustomization.yaml
    put apps/pay/overlays/dev/twice.yaml <<<$'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b, a: c}'
    rootapp diff
    expect_status 1
    expect_out_has " ! pay-dev  cannot be rendered: apps/pay/overlays/dev/twice.yaml:4:14: mapping key \"a\" already defined at line 4"
    rm apps/pay/overlays/dev/twice.yaml
    echo 'resources: [nothing.yaml]' >apps/pay/overlays/dev/kustomization.yaml
    rootapp diff
    expect_status 1
    expect_out_has " ! pay-dev  cannot be rendered: apps/pay/overlays/dev/kustomization.yaml:1:13" "shop-dev"
    rootapp diff --exit-code
    expect_status 2
    rootapp diff --fail-on app-broken
    expect_status 1
    rootapp diff --fail-on nonsense
    expect_status 2
    expect_err_has "'nonsense' is no level and no rule"
    rootapp diff main other
    expect_status 2
    rootapp diff main....HEAD
    expect_status 1
}

test_revisions_that_are_not_there() {
    history
    rootapp diff nothing
    expect_status 1
    expect_err_has "'nothing' is no revision of this repository"
    git update-ref refs/remotes/origin/other HEAD
    rootapp diff other
    expect_err_has "did you mean 'origin/other'?"
    image shop dev 2
    commit two
    cd ..
    git clone -q --depth 1 --branch feature "file://$PWD/work" shallow
    cd shallow || return
    rootapp diff main
    expect_status 1
    expect_err_has "'main' is not in this clone, which is shallow: 'git fetch --depth=50 origin main'"
    cd .. && mkdir plain && cd plain || return
    GIT_CEILING_DIRECTORIES=$(dirname "$PWD") rootapp diff
    expect_status 1
    expect_err_has "not a git repository"
}

test_first_commit() {
    repository
    rmdir .git
    git init -q -b main .
    rootapp diff --name-only
    expect_status 0
    expect_out "pay-dev
shop-dev
shop-prod"
}

test_places() {
    history
    image shop dev 2
    commit two
    rootapp diff main
    cp "$LOGS/out" "$LOGS/expected"
    git worktree add -q --detach "$LOGS/worktree" feature
    git clone -q --bare . "$LOGS/bare"
    cd "$LOGS/worktree/apps" || return
    rootapp diff main
    same "a worktree" "$(cat "$LOGS/out")" "$(cat "$LOGS/expected")"
    rootapp -C "$LOGS/bare" diff main...feature
    same "bare" "$(cat "$LOGS/out")" "$(cat "$LOGS/expected")"
    git clone -q --shared --bare "$LOGS/bare" "$LOGS/borrowing"
    rootapp -C "$LOGS/borrowing" diff main...feature
    same "alternates" "$(cat "$LOGS/out")" "$(cat "$LOGS/expected")"
    rootapp -C "$LOGS/bare" diff
    expect_status 1
    expect_err_has "the repository is bare"
}

generated() { # ENVFILE CONTENT
    put apps/shop/overlays/dev/kustomization.yaml <<END
resources: [deployment.yaml]
configMapGenerator: [{name: shop, envs: [settings.env]}]
patches:
- target: {kind: Deployment}
  patch: |
    - op: add
      path: /spec/template/spec/containers/0/envFrom
      value: [{configMapRef: {name: shop}}]
END
    put apps/shop/overlays/dev/settings.env <<<"$1"
}

# What Argo CD reads beside a kustomization, and this comparison does not, is said; elsewhere such a file means nothing.
test_what_is_not_compared() {
    history
    put apps/shop/overlays/dev/.argocd-source.yaml <<<'kustomize: {images: [a]}'
    put elsewhere/.argocd-source.yaml <<<'kustomize: {images: [a]}'
    git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),module"
    rootapp diff --staged
    expect_status 0
    grep -q "argocd-source" "$LOGS/out" && fail "nothing was staged yet"
    expect_out_has "module: a submodule has moved; its files are not rendered"
    git add --all apps elsewhere
    rootapp diff --staged
    expect_out_has "apps/shop/overlays/dev/.argocd-source.yaml: Argo CD merges this file"
    grep -q "elsewhere" "$LOGS/out" && fail "a file that Argo CD does not read"
}

test_generated_names() {
    history
    generated LEVEL=info
    commit two
    generated LEVEL=debug
    rootapp diff
    expect_out_has " ~ shop-dev  +0 ~2 -0" "content changed, 1 reference follows" "data.LEVEL: info -> debug" "rolls out"
    grep -q "removed\|added" "$LOGS/out" && fail "a new hash is no other resource: $(cat "$LOGS/out")"
}

secrets() { # VALUE NUMBER
    put apps/shop/overlays/dev/kustomization.yaml <<END
resources: [all.yaml]
secretGenerator:
- {name: literals, literals: [a=CANARY$1]}
- {name: environment, envs: [secret.env]}
- {name: files, files: [key.pem]}
END
    put apps/shop/overlays/dev/secret.env <<<"b=CANARY$1"
    put apps/shop/overlays/dev/key.pem <<<"CANARY$1"
    put apps/shop/overlays/dev/all.yaml <<END
apiVersion: v1
kind: Secret
metadata: {name: plain}
data: {a: $(printf 'CANARY%s' "$1" | base64)}
stringData: {b: CANARY$1}
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  metadata: {name: nested}
  stringData: {c: CANARY$1}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: configuration
data:
  password: CANARY$1
  key: |
    -----BEGIN RSA PRIVATE KEY-----
    CANARY$1
    -----END RSA PRIVATE KEY-----
  settings.env: |
    level=$1
    api_token = CANARY$1
  one.json: '{"name": "a", "password": "CANARY$1", "n": $2}'
  nested.yaml: |
    db:
      password:
        value: CANARY$1
      credentials:
      - CANARY$1
      n: $2
  block.yaml: |
    n: $2
    secret: |
      CANARY$1
      CANARY$1
  url: postgres://me:CANARY$1@db/a?n=$2
  broken.yaml: |
    a: [b
    token: CANARY$1 $2
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
      - name: shop
        args: [--db-password=CANARY$1, --n=$2]
        env: [{name: DB_PASSWORD, value: CANARY$1}, {name: OPTIONS, value: "n=$2 password=CANARY$1"}]
END
}

test_secrets() {
    local format
    history
    secrets one 1
    rootapp diff -o patch
    grep -q "CANARY\|$(printf CANARYone | base64)" "$LOGS/out" && fail "new secrets are shown"
    commit two
    secrets others 2
    for format in text markdown json github patch; do
        rootapp diff -o $format --full "$LOGS/full"
        expect_status 0
        cat "$LOGS/out" "$LOGS/err" "$LOGS/full" >"$LOGS/all"
        grep "CANARY\|$(printf CANARYothers | base64)\|$(printf CANARYone | base64)" "$LOGS/all" && fail "$format shows a secret"
    done
    rootapp diff
    expect_out_has "data.password: (9 bytes, hidden) -> (12 bytes, hidden)" "all.yaml:20" "data.settings\\.env:" "level: one -> others" "api_token: (9 bytes, hidden) -> (12 bytes, hidden)" "db.password.value: (9 bytes, hidden)" "n: 1 -> 2" "-token: (11 bytes, hidden)"
}

# A pull request of a stranger: what it would have executed, fetched or read elsewhere is broken, and the rest is shown.
test_strangers() {
    history
    image shop dev 2
    put apps/exec/overlays/dev/kustomization.yaml <<<'generators: [exec.yaml]'
    put apps/exec/overlays/dev/exec.yaml <<END
apiVersion: example.com/v1
kind: Anything
metadata:
  name: exec
  annotations: {config.kubernetes.io/function: "exec: {path: ./run.sh}"}
END
    printf '#!/bin/sh\ntouch %s/executed\n' "$LOGS" >apps/exec/overlays/dev/run.sh
    chmod +x apps/exec/overlays/dev/run.sh
    put apps/remote/overlays/dev/kustomization.yaml <<<'resources: ["https://localhost:1/a/b?ref=main"]'
    put apps/chart/overlays/dev/kustomization.yaml <<<'helmCharts: [{name: a, repo: "https://localhost:1"}]'
    mkdir -p apps/link/overlays/dev
    ln -s /etc/passwd apps/link/overlays/dev/passwd
    put apps/link/overlays/dev/kustomization.yaml <<<'configMapGenerator: [{name: a, files: [passwd]}]'
    commit stranger
    if command -v strace >/dev/null; then
        strace -f -o "$LOGS/calls" -e trace=socket,execve "$ROOTAPP" diff main >"$LOGS/out" 2>"$LOGS/err"
        status=$?
        last=strace
        grep -v "ENOENT" "$LOGS/calls" | grep "socket(\|run.sh\|helm" && fail "something was executed or opened"
    else
        rootapp diff main
    fi
    expect_status 1
    expect_out_has "4 broken" " ! chart-dev" " ! exec-dev" " ! link-dev" " ! remote-dev" "shop-dev" "leads out of the repository"
    [ ! -e "$LOGS/executed" ] || fail "a program of the pull request was executed"
}

test_comment() {
    history
    put apps/shop/overlays/dev/deployment.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: "shop"}
data:
  text: "```\n</details>\n@team #1 <img src=x> ``````\n"
END
    rootapp diff -o markdown
    expect_status 0
    same "the marker comes first" "$(head -1 "$LOGS/out")" "<!-- rootapp diff -->"
    python3 - "$LOGS/out" <<'END' || fail "a fence is closed early: $(cat "$LOGS/out")"
import re, sys
fence = None
outside = []
for line in open(sys.argv[1], encoding="utf-8"):
    marks = re.match(r"`{3,}", line)
    if fence:
        fence = None if line.strip() == fence else fence
    elif marks:
        fence = marks.group()
    else:
        outside.append(line)
text = "".join(outside)
assert fence is None and text.count("<details>") == text.count("</details>") == 1 and "@team" not in text and "<img" not in text
END
    rootapp diff -o markdown --max-size 500 --title 'A [title](x) @all'
    [ "$(wc -m <"$LOGS/out")" -le 500 ] || fail "longer than 500 characters: $(wc -m <"$LOGS/out")"
    grep -q "@all\|\[title\]" "$LOGS/out" && fail "the title is not escaped"
    rootapp diff -o json
    python3 -c 'import json, sys; report = json.load(open(sys.argv[1])); assert report["version"] == 1 and report["counts"]["changed"] == 1' "$LOGS/out" ||
        fail "the JSON is not what it should be"
}

test_without_a_rootapp() {
    mkdir work_tree && cd work_tree || return
    git init -q -b main .
    put base/kustomization.yaml <<<'resources: [map.yaml]'
    put base/map.yaml <<<'{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}}'
    put one/kustomization.yaml <<<'resources: [../base]'
    put two/kustomization.yaml <<<'{resources: [../base], namePrefix: two-}'
    commit one
    sed -i 's/a: b/a: c/' base/map.yaml
    rootapp diff
    expect_out_has "2 changed of 2 Applications" " ~ one" " ~ two" "ConfigMap two-a" "data.a: b -> c"
    rootapp diff -- one
    expect_out_has "1 changed"
}

test_same_bytes() {
    history
    image shop dev 2
    image shop prod 2
    rootapp diff -j 1
    cp "$LOGS/out" "$LOGS/first"
    for jobs in 1 8; do
        for _ in {1..25}; do
            "$ROOTAPP" diff -j "$jobs" >"$LOGS/again" || fail "it fails"
            cmp "$LOGS/again" "$LOGS/first" || fail "other bytes with -j $jobs"
        done
    done
    "$ROOTAPP" diff | head -1 >/dev/null
    "$ROOTAPP" diff >&- 2>"$LOGS/err" && fail "a closed output is no error"
    script -qec "$ROOTAPP diff" /dev/null </dev/null 2>/dev/null | grep -q $'\033' || fail "no colors on a terminal"
    NO_COLOR=1 script -qec "$ROOTAPP diff" /dev/null </dev/null 2>/dev/null | grep -q $'\033' && fail "colors with NO_COLOR"
}

# An environment that gets a newer image than the one before it has; and what Argo CD merges into a source.
test_what_is_ahead_of_the_environment_before() {
    history
    image shop dev 1.4.0
    image shop prod 1.4.0
    commit both
    image shop prod 1.5.0
    put apps/shop/overlays/prod/.argocd-source.yaml <<<'kustomize: {images: [example/shop:9]}'
    git add --all
    rootapp diff
    expect_out_has "environment-skew" "example/shop: 1.5.0 is newer than 1.4.0, which dev has" "argocd-source-file" \
        "apps/shop/overlays/prod/.argocd-source.yaml: Argo CD merges this file into the source"
    image shop dev 1.5.0
    rm apps/shop/overlays/prod/.argocd-source.yaml
    git add --all
    rootapp diff
    ! grep -E "environment-skew|argocd-source-file" "$LOGS/out" || fail "they are told where they are not"
}

# What files say and no render does: bases that move without a commit, and an image that has two entries.
test_what_files_say() {
    history
    put apps/shop/overlays/dev/kustomization.yaml <<END
resources:
- deployment.yaml
- https://github.com/example/base?ref=main
helmCharts:
- {name: chart, repo: https://charts.example.com}
images:
- {name: example/shop, newTag: "1"}
- {name: other, newTag: "1"}
- {name: example/shop, newTag: "2"}
END
    rootapp diff
    expect_status 1
    expect_out_has "note     unpinned-remote  shop-dev: 'https://github.com/example/base?ref=main' has the ref 'main', which moves (apps/shop/overlays/dev/kustomization.yaml:3)" \
        "the chart 'chart' has no version" \
        "note     duplicate-image-entry  shop-dev: 'example/shop' has two entries under \`images\`, and the last one counts (apps/shop/overlays/dev/kustomization.yaml:9)"
    rootapp diff -o json
    python3 -c 'import json, sys; rules = [risk["rule"] for risk in json.load(open(sys.argv[1]))["risks"]]; assert rules == ["app-broken", "unpinned-remote", "unpinned-remote", "duplicate-image-entry"], rules' "$LOGS/out" ||
        fail "other risks"
}

# An annotation, or an Application that does not prune by itself, keeps what is taken out; and that is no danger.
test_what_is_pruned() {
    history
    for annotation in 'a: b' 'argocd.argoproj.io/sync-options: Prune=false'; do
        put apps/shop/overlays/dev/claim.yaml <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, annotations: {$annotation}}
END
        echo 'resources: [deployment.yaml, claim.yaml]' >apps/shop/overlays/dev/kustomization.yaml
        commit claim
        git rm -q apps/shop/overlays/dev/claim.yaml
        echo 'resources: [deployment.yaml]' >apps/shop/overlays/dev/kustomization.yaml
        rootapp diff
        cp "$LOGS/out" "$LOGS/text"
        rootapp diff -o json
        cat "$LOGS/text" >>"$LOGS/out"
        case $annotation in
        a:*) expect_out_has "danger   removed-data  shop-dev: PersistentVolumeClaim data is removed: its data may go with it" '"prune":"deleted"' ;;
        *) expect_out_has "note     removed-data" "Argo CD keeps it, since it says so" '"prune":"kept"' ;;
        esac
        git add --all
        git commit -qm removed
    done
}

# With the options that a build needs for it, what needs a chart or another repository is compared as all the rest.
test_charts_and_remotes() {
    history
    export XDG_CACHE_HOME=$LOGS/cache
    put apps/shop/overlays/dev/charts/web/Chart.yaml <<<'{apiVersion: v2, name: web, version: 1.0.0}'
    put apps/shop/overlays/dev/charts/web/values.yaml <<<'count: 0'
    put apps/shop/overlays/dev/charts/web/templates/map.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {count: "{{ .Values.count }}"}
END
    put apps/shop/overlays/dev/kustomization.yaml <<<'{resources: [deployment.yaml], helmCharts: [{name: web, valuesInline: {count: 1}}]}'
    commit chart
    git branch -f main
    put apps/shop/overlays/dev/kustomization.yaml <<<'{resources: [deployment.yaml], helmCharts: [{name: web, valuesInline: {count: 2}}]}'
    commit count
    rootapp diff main
    expect_status 1
    expect_out_has "shop-dev: cannot be rendered" "--enable-helm"
    rootapp diff --allow-host localhost main
    expect_status 1
    command -v helm >/dev/null || return 0
    export TMPDIR=$LOGS/temporary
    mkdir -p "$TMPDIR"
    cp .git/index "$LOGS/index"
    rootapp diff --enable-helm main
    expect_status 0
    expect_out_has "ConfigMap web" "data.count: \"1\" -> \"2\""
    cmp .git/index "$LOGS/index" || fail "the index was written to"
    same "nothing is left" "$(git status --porcelain; ls "$TMPDIR")" ""
    git clone -q --bare . "$LOGS/bare.git"
    rootapp -C "$LOGS/bare.git" diff --enable-helm main...feature
    expect_out_has "data.count: \"1\" -> \"2\""
}

# An edit in the second of the commit, which leaves the file's size and time as they were: git's own index knows, and so has our copy to.
test_an_edit_in_the_same_second() {
    history
    put apps/shop/overlays/dev/one.yaml <<<'{apiVersion: v1, kind: ConfigMap, metadata: {name: one}, data: {a: b}}'
    echo 'resources: [deployment.yaml, one.yaml]' >apps/shop/overlays/dev/kustomization.yaml
    touch -d '2001-02-03 04:05:06' apps/shop/overlays/dev/one.yaml
    commit one
    touch -d '2001-02-03 04:05:06' .git/index
    put apps/shop/overlays/dev/one.yaml <<<'{apiVersion: v1, kind: ConfigMap, metadata: {name: one}, data: {a: c}}'
    touch -d '2001-02-03 04:05:06' apps/shop/overlays/dev/one.yaml
    rootapp diff
    expect_out_has "data.a: b -> c"
}

# An app under another name in another directory: all of it goes and comes, and both are named.
test_an_app_gets_another_name() {
    history
    git mv apps/pay apps/bank
    sed -i 's/example\/pay/example\/bank/' apps/bank/overlays/dev/deployment.yaml
    rootapp diff
    expect_out_has "danger   app-renamed  pay-dev: is renamed to bank-dev: its 1 resources are deleted and created again" "it was pay-dev"
}

# Also where it goes from another environment at once.
test_an_app_gets_another_name_and_leaves() {
    history
    overlay pay prod
    commit prod
    git rm -rqf apps/pay/overlays/prod
    git mv apps/pay apps/bank
    rootapp diff
    expect_out_has "app-renamed  pay-dev: is renamed to bank-dev" "app-removed  pay-prod"
}

# Two apps that look alike are not one that gets another name, where the one goes from one environment only.
test_apps_of_one_template() {
    history
    overlay pay staging && overlay pay prod
    commit pay
    git rm -rqf apps/pay/overlays/dev
    cp -r apps/pay apps/bank && cp -r apps/bank/overlays/staging apps/bank/overlays/dev
    sed -i 's/example\/pay/example\/bank/' apps/bank/overlays/*/deployment.yaml
    rootapp diff
    expect_out_has "danger   app-removed  pay-dev" " + bank-dev  new: 1 resource in namespace bank-dev, project default-dev"
}

# Where the policy alone changes, no file of an Application does; and what it has deployed stays behind all the same.
test_the_policy_moves_an_application() {
    history
    sed -i 's/namespace: "{app}-{env}"/namespace: "{env}-{app}"/' argo/root/rootapp.yaml
    rootapp diff
    expect_out_has "danger   app-destination" "shop-dev: spec.destination.namespace changes: what is in the old place stays behind"
}

# A danger's place is a link to the line, at the commit that has it, where the clone's origin is a server that is known; one of a file
# that the merge makes otherwise than any commit has it is none.
test_links() {
    local base head
    history
    put "apps/shop/overlays/dev/a b#1.yaml" <<<'{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {resources: {requests: {storage: 2Gi}}}}'
    printf 'resources: [deployment.yaml, "a b#1.yaml"]\n' >apps/shop/overlays/dev/kustomization.yaml
    commit volume
    git branch -f main
    sed -i 's/2Gi/1Gi/' "apps/shop/overlays/dev/a b#1.yaml"
    sed -i 's/$/ # other/' apps/pay/overlays/dev/kustomization.yaml
    git rm -rqf apps/shop/overlays/prod
    commit smaller
    head=$(git rev-parse HEAD) base=$(git rev-parse main)
    rootapp diff -o markdown main
    grep -q "](" "$LOGS/out" && fail "links without a remote: $(cat "$LOGS/out")"
    git remote add origin git@github.com:example/gitops.git
    rootapp diff -o markdown main
    expect_out_has "[apps/shop/overlays/dev/a b&#35;⁠1.yaml:1](https://github.com/example/gitops/blob/$head/apps/shop/overlays/dev/a%20b%231.yaml#L1)"
    git remote set-url origin https://user:token@gitlab.example.com/group/gitops.git
    rootapp diff -o markdown main
    expect_out_has "](https://gitlab.example.com/group/gitops/-/blob/$head/apps/shop/overlays/dev/a%20b%231.yaml#L1)"
    grep -q "token" "$LOGS/out" && fail "the URL's password is in the comment"
    git rm -qf "apps/shop/overlays/dev/a b#1.yaml"
    printf 'resources: [deployment.yaml]\n' >apps/shop/overlays/dev/kustomization.yaml
    commit gone
    rootapp diff -o markdown main
    expect_out_has "](https://gitlab.example.com/group/gitops/-/blob/$base/apps/shop/overlays/dev/a%20b%231.yaml#L1)"
    rootapp diff -o markdown --max-size 900 main
    grep -q "](" "$LOGS/out" && fail "links in a comment that has no room for them: $(cat "$LOGS/out")"
    git remote set-url origin https://git.example.com/gitops.git
    rootapp diff -o markdown main
    grep -q "](" "$LOGS/out" && fail "links to a server that nobody knows"
    return 0
}

# The merge's file has lines that no commit has.
test_links_of_a_merged_file() {
    history
    for i in 1 2 3 4 5 6 7 8 9; do echo "# $i"; done >>apps/shop/overlays/dev/deployment.yaml
    commit comments
    git branch -f main
    sed -i 's/^kind: Deployment/kind: Deployment # one\n# two/' apps/shop/overlays/dev/deployment.yaml
    git switch -q main
    sed -i 's/# 9/# nine/' apps/shop/overlays/dev/deployment.yaml
    commit base
    git switch -q feature
    sed -i 's/^spec:/spec:\n  replicas: 0/' apps/*/overlays/*/deployment.yaml
    commit none
    git remote add origin https://github.com/example/gitops.git
    rootapp diff -o markdown main
    expect_out_has "blob/$(git rev-parse HEAD)/apps/pay/overlays/dev/deployment.yaml#L"
    grep -q "blob/[0-9a-f]*/apps/shop/overlays/dev/deployment.yaml" "$LOGS/out" && fail "a link to lines that the commit does not have"
    return 0
}

# On a terminal no line is wider than it is, unless one word is; and what is rendered and equal says why it was.
test_lines_fit() {
    local widest
    history
    image shop dev 2
    sed -i '1i # only a comment' apps/pay/overlays/dev/deployment.yaml
    put apps/shop/overlays/dev/notes.yaml <<<'{apiVersion: v1, kind: ConfigMap, metadata: {name: notes}, data: {text: "many words of a sentence that is much longer than a narrow terminal has room for in one of its lines"}}'
    echo 'resources: [deployment.yaml, notes.yaml]' >apps/shop/overlays/dev/kustomization.yaml
    rootapp diff
    expect_out_has " = pay-dev  the same resources (apps/pay/overlays/dev/deployment.yaml changed)"
    git rm -qrf --cached apps/shop/overlays/prod && rm -r apps/shop/overlays/prod
    COLUMNS=60 NO_COLOR=1 PAGER=cat script -qec "$ROOTAPP diff" /dev/null </dev/null 2>/dev/null | tr -d '\r' >"$LOGS/narrow"
    widest=$(awk 'length($0) > 60 && NF > 1 { sub(/^ */, ""); if ($0 ~ / /) print }' "$LOGS/narrow")
    same "no line that could be broken is wider" "$widest" ""
    same "the same words" "$(tr -s ' \n' '\n\n' <"$LOGS/narrow" | sort)" "$("$ROOTAPP" diff | tr -s ' \n' '\n\n' | sort)"
}

# What git writes otherwise than it stores it is compared as it is stored, and that is said.
test_converted_files() {
    history
    printf '*.yaml eol=crlf\napps/pay/** eol=lf\n' >.gitattributes
    commit attributes
    image pay dev 2
    rootapp diff
    grep -q gitattributes "$LOGS/out" && fail "a note about a file that git leaves as it is"
    image shop dev 2
    rootapp diff -C apps
    expect_out_has "apps/shop/overlays/dev/deployment.yaml: .gitattributes lets git write it otherwise than it is stored (eol)"
}

# A job that is a hook goes before the next one comes, so nobody refuses another one; unless its policy keeps it.
test_hooks() {
    local hook
    history
    job() { # NAME ANNOTATIONS IMAGE
        printf -- '---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: %s, annotations: {%s}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "example/job:%s"}]}}}\n' "$1" "$2" "$3"
    }
    jobs() { # IMAGE
        job plain "" "$1"
        job hook "argocd.argoproj.io/hook: PreSync" "$1"
        job helm "helm.sh/hook: pre-upgrade" "$1"
        job kept "argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookFailed" "$1"
    }
    cp apps/shop/overlays/dev/deployment.yaml "$LOGS/deployment.yaml"
    jobs 1.0.0 >>apps/shop/overlays/dev/deployment.yaml
    commit jobs
    { cat "$LOGS/deployment.yaml"; jobs 2.0.0; } >apps/shop/overlays/dev/deployment.yaml
    rootapp diff
    expect_out_has "immutable-field  shop-dev: Job plain" "immutable-field  shop-dev: Job kept" "image-major  shop-dev: example/job: 1.0.0 -> 2.0.0 ("
    for hook in hook helm; do
        grep -q "immutable-field.*Job $hook:" "$LOGS/out" && fail "a hook is said to be refused: $(cat "$LOGS/out")"
    done
    return 0
}
