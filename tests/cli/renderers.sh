# shellcheck shell=bash
# What the commands make of directories that Argo CD renders without this program, and of one directory in two environments.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com
unset GIT_DIR GIT_INDEX_FILE GITHUB_BASE_REF CI_MERGE_REQUEST_TARGET_BRANCH_NAME

# Beside shop and pay: a chart in two environments, and a kustomization that both share.
charts() {
    repository
    rmdir .git && git init -q -b main .
    sed -i '/path: "apps/a\  - {path: "charts/{app}", envs: [dev, prod], renderer: helm, name: "{app}-{env}"}\n  - {path: "both/{app}", envs: [dev, prod], name: "{app}-{env}"}' argo/root/rootapp.yaml
    put charts/web/Chart.yaml <<<'{apiVersion: v2, name: web, version: 1.0.0}'
    put charts/web/templates/web.yaml <<<'{{ not yaml'
    overlay tool dev
    mkdir both && mv apps/tool/overlays/dev both/tool && rm -r apps/tool
}

test_list() {
    charts
    rootapp list -o table
    expect_status 0
    expect_out "APP   dev   prod
pay   dev   -
shop  dev   prod
tool  dev   dev
web   helm  helm"
    rootapp list -o plain web
    same "the images' column" "$(cut -f 8,9 "$LOGS/out")" "$(printf '(helm)\t\n(helm)\t')"
}

test_render() {
    charts
    rootapp render -o out
    expect_status 0
    same "the note" "$(cat "$LOGS/err")" "rootapp: Argo CD renders these itself: web/dev (helm), web/prod (helm)"
    same "files" "$(cd out && find apps -type f | sort)" "apps/pay/dev.yaml
apps/shop/dev.yaml
apps/shop/prod.yaml
apps/tool/dev.yaml
apps/tool/prod.yaml"
    rootapp render web
    expect_status 1
    expect_err_has "web/dev (helm)" "nothing is left to render"
}

test_check() {
    charts
    rootapp check --rule RA0
    expect_status 0
    same "notes" "$(cat "$LOGS/err")" "rootapp: Argo CD renders these itself: web/dev (helm), web/prod (helm)
nothing found in 5 targets"
}

test_diff() {
    charts
    git add --all && git commit -qm "all of it"
    put charts/web/values.yaml <<<'replicas: 2'
    rootapp diff
    expect_status 0
    expect_out_has "web-dev: files in charts/web differ; Argo CD renders them itself (renderer helm), and what comes of them is not compared"
    rootapp diff -o json
    same "Applications that are compared" "$(jq '.applications | length' "$LOGS/out")" 0
    git add --all && git commit -qm "values"
    git mv charts/web charts/front
    rootapp diff
    expect_status 0
    expect_out_has "front-dev" "web-prod"
}

test_set_image() {
    charts
    rootapp set-image tool/dev example/tool:2
    expect_failure 1 "tool/dev: its directory 'both/tool' is tool/prod's, too, so that a change would be for both"
    rootapp set-image 'tool/*' example/tool:2
    expect_status 0
    rootapp set-image web/dev example/web:2
    expect_failure 1 "no target 'web/dev'"
}

test_blame_and_seal() {
    charts
    rootapp blame web/dev Deployment/web
    expect_failure 1 "'web/dev': Argo CD renders it itself (renderer helm)"
}
