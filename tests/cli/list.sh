# shellcheck shell=bash
# rootapp list: the table, for people and for programs.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

test_plain() {
    repository
    rootapp list
    expect_status 0
    expect_no_err
    same "columns" "$(cut -f 1,2,4- "$LOGS/out")" "$(printf '%s\t' pay dev default default-dev pay-dev apps/pay/overlays/dev example/init:1,example/pay:dev)
$(printf '%s\t' shop dev default default-dev shop-dev apps/shop/overlays/dev example/init:1,example/shop:dev)
$(printf '%s\t' shop prod default default-prod shop-prod apps/shop/overlays/prod example/init:1,example/shop:prod)"
    cp "$LOGS/out" before
    cd apps/shop || return
    rootapp list -j 5
    same "elsewhere in the repository" "$(cat "$LOGS/out")" "$(cat ../../before)"
}

test_wide() {
    repository
    rootapp list -o wide
    expect_status 0
    expect_out_has "APP   ENV   CLUSTER" "PROJECT       NAMESPACE"
    same "aligned" "$(awk '{ print index($0, "apps/") }' "$LOGS/out" | sort -u | wc -l)" 2
}

# What a terminal of COLUMNS gets, with its colors as \e[..m.
on_terminal() { # COMMAND...
    script -qec "$*" /dev/null </dev/null | tr -d '\r' | sed 's/\x1b/\\e/g; s/^.*\\e\[K//' >terminal # without the progress of a slow render
}

test_matrix() {
    repository
    overlay worker prod
    echo 'nonsense: true' >>apps/worker/overlays/prod/kustomization.yaml
    sed -i '/image: example.pay/s/:dev$/@sha256:0123456789abcdef/' apps/pay/overlays/dev/deployment.yaml
    rootapp list -o table
    expect_status 0
    expect_out "APP     dev       prod
pay     @0123456  -
shop    dev       prod
worker  -         !

apps/worker/overlays/prod/kustomization.yaml:2:1: invalid Kustomization: json:
unknown field \"nonsense\""
    command -v script >/dev/null || return 0
    TERM=xterm on_terminal "$ROOTAPP list"
    grep -qxF '\e[1mAPP\e[0m     \e[1mdev\e[0m       \e[1mprod\e[0m' terminal || fail "titles on a terminal: $(cat terminal)"
    grep -qF '\e[31m!\e[0m' terminal || fail "a problem on a terminal: $(cat terminal)"
    NO_COLOR=1 on_terminal "$ROOTAPP list"
    same "without colors" "$(cat terminal)" "$(cat "$LOGS/out" "$LOGS/err")"
}

# Each cause counts once, and not where somebody permits it.
test_number_of_findings() {
    local file
    repository
    for file in apps/shop/overlays/dev apps/shop/overlays/prod; do
        printf 'patches:\n- target: {kind: Nothing}\n  patch: "{apiVersion: v1, kind: Nothing, metadata: {name: x}, data: {a: b}}"\n' >>"$file/kustomization.yaml"
    done
    rootapp list
    expect_status 0
    same "the number" "$(cat "$LOGS/err")" "rootapp: 2 warnings in 3 targets, found while rendering; 'rootapp check' shows the findings and looks for others"
    rootapp list -o name
    expect_no_err
    sed -i '/target:/s/$/ # rootapp: allow RA701 until never: for later/' apps/shop/overlays/dev/kustomization.yaml
    rootapp list shop
    same "what is permitted" "$(cat "$LOGS/err")" "rootapp: 1 warning in 2 targets; 1 excepted, found while rendering; 'rootapp check' shows the findings and looks for others"
}

# Who has just begun is told how to go on; scripts get nothing.
test_nothing_yet() {
    repository
    rm -r apps
    sed -i 's/^  discover:/  allowEmpty: true\n&/' argo/root/rootapp.yaml
    rootapp list -o table
    expect_status 0
    expect_out "There is no application yet; 'rootapp new APP' makes the first one."
    rootapp list -o plain
    expect_status 0
    same "plain" "$(wc -c <"$LOGS/out")" 0
}

# Environments that do not fit beside each other stand below each other; no line is wider than the terminal.
test_narrow() {
    local env
    repository
    for env in qa staging perf; do
        sed -i "/name: prod/i\\  - {name: $env, destination: {name: in-cluster, namespace: '{app}-{env}'}}" argo/root/rootapp.yaml
        overlay shop "$env"
        sed -i '/image: example.shop/s/:.*/: example\/shop:2.0.0-rc.1/' "apps/shop/overlays/$env/deployment.yaml"
    done
    COLUMNS=40 rootapp list -o table
    expect_out "APP   dev  qa          staging
pay   dev  -           -
shop  dev  2.0.0-rc.1  2.0.0-rc.1

APP   perf        prod
pay   -           -
shop  2.0.0-rc.1  prod"
    overlay shop elsewhere
    COLUMNS=60 rootapp list -o table
    same "wide lines" "$(awk 'length > 60' "$LOGS/out")" ""
}

test_alike() {
    local app
    repository
    for app in a b c d e; do mkdir -p apps/$app/overlays/dev; done
    rootapp list -o table
    expect_out_has "5 directories: no kustomization.yaml in it" \
        "    apps/a/overlays/dev, apps/b/overlays/dev, apps/c/overlays/dev, and 2 more"
}

test_filters() {
    repository
    mkdir -p apps/shop/overlays/qa
    filtered() { # WHAT... EXPECTED
        rootapp list "${@:1:$#-1}"
        same "list ${*:1:$#-1}" "$(cut -f 1,2 "$LOGS/out" | tr '\t\n' '/ ')" "${!#}"
    }
    filtered shop "shop/dev shop/prod shop/qa "
    filtered shop/prod "shop/prod "
    filtered 'sh*' "shop/dev shop/prod shop/qa "
    filtered '*/dev' "pay/dev shop/dev "
    filtered --env prod "shop/prod "
    filtered --team default --env dev "pay/dev shop/dev "
    filtered apps/shop "shop/dev shop/prod shop/qa "
    filtered apps/pay/overlays/dev shop/prod "pay/dev shop/prod "
    rootapp list shpo
    expect_failure 1 "no application 'shpo' (did you mean 'shop'?)"
    rootapp list --env pord
    expect_failure 1 "--env pord: no application has it (did you mean 'prod'?)"
    rootapp list --team nobody
    expect_failure 1 "--team nobody: no application has it"
    cd apps/shop || return
    filtered ./overlays/dev "shop/dev "
    filtered . "shop/dev shop/prod shop/qa "
    filtered .. "pay/dev shop/dev shop/prod shop/qa "
}

test_names() {
    repository
    rootapp list -o name
    expect_out "pay/dev
shop/dev
shop/prod"
}

test_documents() {
    repository
    command -v jq >/dev/null || skip "needs jq"
    rootapp list -o json
    expect_status 0
    same "json" "$(jq -c '.[1] | [.app, .environment, .application, .team, .project, .namespace, .path, .images, .problem]' "$LOGS/out")" \
        '["shop","dev","shop-dev","default","default-dev","shop-dev","apps/shop/overlays/dev",["example/init:1","example/shop:dev"],null]'
    rootapp list -o yaml
    expect_out_has "- app: pay" "  environment: dev" "  - example/shop:prod"
    rootapp list -o xml
    expect_failure 2 "'xml' is none of table, wide, plain, name, json, yaml"
}

test_problems() {
    repository
    overlay shop qa
    overlay UPPER dev
    echo 'nonsense: true' >>apps/pay/overlays/dev/kustomization.yaml
    rootapp list
    expect_status 0
    same "rows" "$(cut -f 1,2 "$LOGS/out" | sort | tr '\t\n' '/ ')" "UPPER/dev pay/dev shop/dev shop/prod shop/qa "
    expect_out_has "apps/pay/overlays/dev/kustomization.yaml:2:"
    rootapp list -o name
    expect_out "pay/dev
shop/dev
shop/prod"
}

test_after_patches() {
    repository
    cat >>argo/root/kustomization.yaml <<'END'
patches:
- target: {kind: Application, name: shop-dev}
  patch: |
    [{op: replace, path: /spec/destination/namespace, value: shop-dev-2}]
END
    sed -i 's/apps: \["\*"\]/apps: ["*", "*-dev-2"]/' argo/root/rootapp.yaml
    rootapp list
    if [ "$status" = 0 ]; then
        expect_out_has "shop-dev-2"
    else
        expect_failure 1 "argo/root/kustomization.yaml"
    fi
}

# What git does not have, Argo CD does not see; nothing is said where all is committed, or where there is no git.
test_uncommitted() {
    repository
    rm -r .git
    git init -q . && git config user.name list && git config user.email list@example.com || skip "needs git"
    overlay shared base
    echo 'resources: [deployment.yaml, ../../../shared/overlays/base]' >apps/pay/overlays/dev/kustomization.yaml
    sed -i 's/name: shared$/name: common/; /exclude/d' apps/shared/overlays/base/deployment.yaml
    sed -i 's|^  - path: "apps.*|&\n  - {path: "apps/shared/**", exclude: true}|' argo/root/rootapp.yaml
    rootapp list
    expect_no_err
    git add --all && git commit -q -m start
    rootapp list -o table
    expect_out "APP   dev  prod
pay   dev  -
shop  dev  prod"
    rootapp list
    expect_no_err
    overlay new dev
    echo 'to be named' >apps/shop/overlays/dev/settings.env
    git mv apps/shop/overlays/prod/deployment.yaml apps/shop/overlays/prod/other.yaml
    sed -i 's/deployment/other/' apps/shop/overlays/prod/kustomization.yaml
    echo '# more' >>apps/shared/overlays/base/deployment.yaml
    rootapp list -o table
    expect_status 0
    expect_out "APP   dev   prod
new   dev*  -
pay   dev*  -
shop  dev*  prod*

* not as committed: Argo CD does not see it"
    rootapp list
    same "a line on standard error" "$(cat "$LOGS/err")" "not as committed, so that Argo CD does not see it: new/dev, pay/dev, shop/dev, shop/prod"
    rootapp list shop
    same "only what is shown" "$(cat "$LOGS/err")" "not as committed, so that Argo CD does not see it: shop/dev, shop/prod"
    rootapp list -o json
    command -v jq >/dev/null || return 0
    same "for programs" "$(jq -r '.[] | select(.uncommitted) | .path' "$LOGS/out" | tr '\n' ' ')" \
        "apps/new/overlays/dev apps/pay/overlays/dev apps/shop/overlays/dev apps/shop/overlays/prod "
    rootapp list -o name
    expect_no_err
}
