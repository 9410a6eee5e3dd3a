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

test_table() {
    repository
    rootapp list -o table
    expect_status 0
    expect_out_has "APP   ENV   CLUSTER" "PROJECT       NAMESPACE"
    same "aligned" "$(awk '{ print index($0, "apps/") }' "$LOGS/out" | sort -u | wc -l)" 2
    command -v script >/dev/null || return 0
    script -qec "$ROOTAPP list" /dev/null </dev/null | tr -d '\r' >terminal
    grep -q "^APP   ENV" terminal || fail "no titles on a terminal: $(cat terminal)"
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
    expect_failure 2 "'xml' is none of table, plain, name, json, yaml"
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
