# shellcheck shell=bash
# list, render and check judge as the plugin will: by its command line, and by where Argo CD runs.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

secret() { # APP ENV
    echo 'secretGenerator: [{name: key, literals: [a=b]}]' >>"apps/$1/overlays/$2/kustomization.yaml"
}

rollout() { # APP ENV
    echo 'resources: [rollout.yaml]' >"apps/$1/overlays/$2/kustomization.yaml"
    printf 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: %s\n' "$1" >"apps/$1/overlays/$2/rollout.yaml"
}

plugin() { # FILE WORDS...
    local file=$1
    shift
    { printf 'apiVersion: argoproj.io/v1alpha1\nkind: ConfigManagementPlugin\nspec:\n  generate:\n    command:\n    - rootapp\n    - generate\n'
      [ $# = 0 ] || printf -- '    - "%s"\n' "$@"; } | put "$file"
}

problems() { # EXPECTED
    rootapp list "${@:2}"
    expect_status 0
    same "$last: problems" "$(awk -F '\t' '$9 { print $1 "/" $2 }' "$LOGS/out" | tr '\n' ' ')" "$1"
}

test_secrets() {
    repository
    secret pay dev
    problems "pay/dev "
    expect_out_has "a Secret in plain text is refused (--refuse-secrets)"
    rootapp render pay/dev
    expect_status 1
    expect_no_out
    plugin argo/install/plugin.yaml --root-project argocd-root
    problems ""
    plugin argo/install/plugin.yaml --refuse-secrets
    problems "pay/dev "
    plugin elsewhere.yaml
    problems "" --plugin elsewhere.yaml
    rootapp render --plugin elsewhere.yaml pay/dev
    expect_status 0
    expect_out_has "kind: Secret"
}

test_kinds() {
    repository
    rollout shop prod
    problems "shop/prod "
    plugin argo/install/plugin.yaml --allow-kinds=Rollout --refuse-secrets
    problems ""
    rootapp check shop/prod --fail-on error --skip RA4
    grep -q 'accepted only in' "$LOGS/out" && fail "check refuses a kind that the plugin allows"
    plugin argo/install/plugin.yaml
    rootapp check shop/prod
    expect_status 1
    expect_out_has "accepted only in"
}

test_load_restrictor() {
    repository
    put shared.yaml <"apps/pay/overlays/dev/deployment.yaml"
    echo 'resources: [../../../../shared.yaml]' >apps/pay/overlays/dev/kustomization.yaml
    problems "pay/dev "
    plugin argo/install/plugin.yaml --load-restrictor LoadRestrictionsNone
    problems ""
}

# In Argo CD's own namespace nobody may deploy.
test_namespace() {
    repository
    put argo/argocd/kustomization.yaml <<<'namespace: pay-dev'
    problems "pay/dev "
    problems "" --argocd-namespace argocd
    problems "shop/prod " --argocd-namespace shop-prod
}

test_bad_plugin() {
    repository
    plugin argo/install/plugin.yaml --refuse-secret
    rootapp list
    expect_failure 1 "argo/install/plugin.yaml: spec.generate.command: unknown option '--refuse-secret' (did you mean '--refuse-secrets'?)"
    rootapp render --plugin argo/root/rootapp.yaml
    expect_failure 1 "argo/root/rootapp.yaml: spec.generate.command does not call 'rootapp generate'"
    rootapp list --plugin nowhere.yaml
    expect_failure 1 "--plugin nowhere.yaml: no such file in the repository"
    echo '"' >argo/install/plugin.yaml
    rootapp list
    expect_failure 1 "argo/install/plugin.yaml:"
}

test_keep_going() {
    repository
    secret pay dev
    rootapp render -o out
    expect_status 1
    expect_err_has "1 of 6 cannot be rendered; nothing was written"
    no_file out
    rootapp render -o out --keep-going
    expect_status 1
    expect_err_has "rootapp: pay/dev: " "1 of 6 cannot be rendered; the others were written"
    same "files" "$(cd out && find . -name '*.yaml' | sort | tr '\n' ' ')" \
        "./apps/shop/dev.yaml ./apps/shop/prod.yaml ./root.yaml ./root/dev.yaml ./root/prod.yaml "
    rootapp render -k '*/dev'
    expect_status 1
    same "standard output" "$(grep '^# ' "$LOGS/out")" "# shop/dev: apps/shop/overlays/dev"
    mkdir own && echo mine >own/mine
    rootapp render -o own -k
    expect_status 1
    grep -q "were written" "$LOGS/err" && fail "claims to have written: $(cat "$LOGS/err")"
}
