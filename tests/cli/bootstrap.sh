# shellcheck shell=bash
# rootapp bootstrap: the root Application and its project.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

test_default() {
    repository
    rootapp bootstrap
    expect_status 0
    expect_no_err
    same "kinds" "$(kinds "$LOGS/out")" "AppProject/argocd-root
Application/root"
    expect_out_has "path: argo/root" "repoURL: https://github.com/example/gitops.git" "targetRevision: main" \
        "name: rootapp" "namespace: argocd" "- https://github.com/example/gitops.git"
    grep -q "manifest-generate-paths\|finalizers" "$LOGS/out" && fail "the root has none of these"
    return 0
}

test_without_apps() {
    repository
    rm -r apps
    rootapp bootstrap
    expect_status 0
}

test_options() {
    repository
    rootapp bootstrap --name main --namespace gitops --project roots --plugin renderer --repo-url https://example.com/x.git --revision v1 -o root-app.yaml
    expect_status 0
    expect_no_out
    same "kinds" "$(kinds root-app.yaml)" "AppProject/roots
Application/main"
    grep -q "namespace: gitops" root-app.yaml || fail "namespace"
    grep -q "repoURL: https://example.com/x.git" root-app.yaml || fail "repoURL"
    grep -q "targetRevision: v1" root-app.yaml || fail "revision"
    mkdir -p other/root
    mv argo/root/* other/root
    rootapp bootstrap --root other/root
    expect_out_has "path: other/root"
    cd other || return
    rootapp bootstrap --root root
    expect_out_has "path: other/root"
}

test_bad_options() {
    repository
    local option
    for option in name project namespace plugin; do
        rootapp bootstrap "--$option" 'A B' -o root-app.yaml
        expect_failure 2 "'A B' is no name that Kubernetes accepts"
    done
    rootapp bootstrap --repo-url nonsense -o root-app.yaml
    expect_failure 2 "--repo-url nonsense: is no address"
    no_file root-app.yaml
}

test_bad_policy() {
    repository
    echo '  nonsense: true' >>argo/root/rootapp.yaml
    rootapp bootstrap -o root-app.yaml
    expect_failure 1 "argo/root/rootapp.yaml:" "nonsense"
    no_file root-app.yaml
    rm argo/root/rootapp.yaml
    rootapp bootstrap
    expect_failure 1 "rootapp.yaml"
}

# The file in this repository is what bootstrap writes.
test_this_repository() {
    [ -e "$TOP/argo/root-app.yaml" ] || skip "there is no argo/root-app.yaml yet"
    rootapp -C "$TOP" bootstrap
    diff "$TOP/argo/root-app.yaml" "$LOGS/out" || fail "argo/root-app.yaml is not what bootstrap writes"
}
