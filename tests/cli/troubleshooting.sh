# shellcheck shell=bash
# Each message in the table of ONBOARDING.md is provoked: here, where rootapp and make say it; by tests/docs/onboarding, where the service
# does; by tests/e2e and tests/docs/first_hour, where the cluster does.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

page=$TOP/ONBOARDING.md

# The messages of the table, a line each.
rows() { sed -n '/^| It says/,/^$/s/^| `\(.*\)` | .* | .* |$/\1/p' "$page"; }

# What was run last says so, and the table has a row for it.
row() { # MESSAGE
    rows | grep -qxF -e "$1" || fail "ONBOARDING.md has no row for '$1'"
    cat "$LOGS/out" "$LOGS/err" | grep -qF -e "$1" || fail "$last does not say '$1': $(head -c 1000 "$LOGS/err" "$LOGS/out")"
}

run() { # COMMAND...
    last=$* status=0
    "$@" >"$LOGS/out" 2>"$LOGS/err" </dev/null || status=$?
}

template() {
    [ -d "$TOP/apps/_template" ] || skip "this repository has no apps/_template"
    mkdir -p .git apps
    cp -r "$TOP/argo" . && cp -r "$TOP/apps/_template" apps/ && rm -rf apps/_template/build
}

new() { rootapp new "$@" --repo acme/gitops; }

test_names_and_places() {
    template
    new shop --image acme/shop
    expect_status 0
    new my_shop --image acme/shop
    row "'my_shop': a name has lower-case letters, digits and '-'"
    new shop --image acme/shop
    row "apps/shop is there already"
    new till --image acme/till --namespace shp
    expect_failure 1 "renders into namespace 'shp-dev'"
    rm -r apps/shop
    new shop --image acme/shop --namespace shp
    row "renders into namespace 'shp-dev', its Application deploys to 'shop-dev'"
    new shop
    row "the other apps have no registry in common"
    new shop --image acme/shop:1
    row "'acme/shop:1' is no name of an image"
    new pay --image acme/pay
    sed -i 's/namespace: "{app}-{env}"/namespace: "all-{env}"/' argo/root/rootapp.yaml
    new shop --image acme/shop
    row "namespace 'all-dev' of shop/dev is that of pay/dev already"
    sed -i 's/namespace: "all-{env}"/namespace: "{app}-{env}"/; s/apps: \["\*"\]/apps: [pay]/' argo/root/rootapp.yaml
    new shop --image acme/shop
    row "no team in spec.teams has app 'shop'"
}

test_files_of_an_app() {
    template
    cp -r apps/_template apps/shop
    rootapp check
    row "the placeholder '{APP_NAME}' is still there"
    rm -r apps/shop
    new shop --image acme/shop
    mkdir apps/shop/k8s/overlays/production && cp apps/shop/k8s/overlays/prod/* apps/shop/k8s/overlays/production/
    rootapp list
    row "environment 'production' is not listed in spec.environments"
    rootapp render shop/production
    row "no application 'shop/production'"
    rm apps/shop/k8s/overlays/prod/kustomization.yaml
    rootapp list
    row "no kustomization.yaml in it"
    sed -i 's/- deployment.yaml/- absent.yaml/' apps/shop/k8s/base/kustomization.yaml
    rootapp build apps/shop/k8s/overlays/dev
    row "no such file or directory"
    sed -i 's/- absent.yaml/- deployment.yaml/' apps/shop/k8s/base/kustomization.yaml
    sed -i 's|name: "acme/shop"|name: "acme/shpo"|' apps/shop/k8s/overlays/dev/kustomization.yaml
    rootapp check shop/dev
    row "no container uses 'acme/shpo' (did you mean 'acme/shop'?)"
}

# As Argo CD's sidecar runs it, in a directory.
generate() { (cd "$1" && rootapp generate --root-project argocd-root --refuse-secrets && exit "$status"); }

test_what_argocd_says() {
    repository
    printf 'secretGenerator:\n- {name: shop, literals: [key=plain]}\n' >>apps/shop/overlays/dev/kustomization.yaml
    ARGOCD_APP_PROJECT_NAME=default-dev generate apps/shop/overlays/dev
    row "a Secret in plain text is refused"
    cp argo/root/*.yaml apps/pay/overlays/dev/
    ARGOCD_APP_PROJECT_NAME=default-dev generate apps/pay/overlays/dev
    row "accepted only in project"
    local unpacked=$PWD/_cmp_server/1a2b
    mkdir -p "$unpacked/.git-of-nobody"
    rmdir "$unpacked/.git-of-nobody"
    small "$unpacked/k8s/base"
    put "$unpacked/k8s/overlays/dev/kustomization.yaml" <<<'{resources: [../../base], components: [../../../../_components/probes]}'
    rmdir .git
    (cd "$unpacked/k8s/overlays/dev" && ARGOCD_APP_SOURCE_PATH=apps/shop/k8s/overlays/dev rootapp generate)
    row "was not sent; Argo CD has sent 'apps/shop' only"
}

test_certificates() {
    template
    new shop --image acme/shop
    rootapp seal shop/dev signing-key
    row "argo/certs/dev.pem: cannot be read"
    mkdir argo/certs && cp "$TOP/tests/seal/certificates/expired.pem" argo/certs/dev.pem
    rootapp seal shop/dev signing-key
    row "the certificate has expired"
}

test_make() {
    template
    new shop --image acme/shop
    local bin
    bin=$(mktemp -d) && ln -s "$(command -v make)" "$(command -v cat)" "$(command -v sh)" "$bin/"
    run env PATH="$bin" make -C apps/shop build
    row "make build needs docker, buildah or podman"
    run env PATH="$bin" make -C apps/shop deploy
    row "make deploy needs rootapp"
    rm -r "$bin"
}

# The table of docs/install.md, a line each.
install_rows() { sed -n '/^| it says/,/^$/s/^| `\(.*\)` | .* |$/\1/p' "$TOP/docs/install.md"; }

# What the sidecar's own says is provoked above, or where it is run; what Argo CD says of it, in tests/e2e.
test_every_row_of_install_is_provoked() {
    local message count=0
    while read -r message; do
        count=$((count + 1))
        grep -qrF -e "${message%% \'*}" "$TOP/tests/cli" "$TOP/tests/e2e/scenarios" || fail "no test provokes '$message'"
    done < <(install_rows)
    [ "$count" -ge 4 ] || fail "only $count rows"
}

# Every row is in some test: here, in the page's own run, or in a scenario of tests/e2e.
test_every_row_is_provoked() {
    local message count=0
    while read -r message; do
        count=$((count + 1))
        grep -qF -e "row \"$message\"" "$TOP/tests/cli/troubleshooting.sh" ||
            grep -qrF -e "$message" "$TOP/tests/docs/onboarding" "$TOP/tests/docs/first_hour" "$TOP/tests/e2e/scenarios" || fail "no test provokes '$message'"
    done < <(rows)
    [ "$count" -ge 15 ] || fail "only $count rows"
}
