# shellcheck shell=bash
# rootapp check: what depends on git and on the plugin. What the rules find is in tests/check.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

commit() { # MESSAGE
    git add -A
    git -c user.name=t -c user.email=t@example.com commit -qm "$1"
}

# Ten annotations are all that GitHub shows: those of the pull request's files come first.
test_files_of_the_change_first() {
    local i
    repository
    rmdir .git && git init -q -b main .
    for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
        overlay "app-$i" dev
        printf 'namespace: app-%s-dev\n' "$i" >>"apps/app-$i/overlays/dev/kustomization.yaml"
    done
    commit base
    git checkout -qb change
    sed -i 's/{app}-{env}/{env}-{app}/' argo/root/rootapp.yaml
    echo '# seen' >>apps/app-12/overlays/dev/kustomization.yaml
    commit "other namespaces"
    rootapp check --rule RA106 --since main -o github
    expect_status 1
    same "ten of twelve" "$(grep -c '^::error' "$LOGS/out")" 10
    grep -m 1 '^::error' "$LOGS/out" | grep -q 'file=apps/app-12/' || fail "not first: $(head -n 3 "$LOGS/out")"
}

# The policy's repository and git's origin: however the address is written.
test_another_repository() {
    repository
    rmdir .git && git init -q -b main .
    git remote add origin git@github.com:Example/gitops.git
    rootapp check --rule RA120
    expect_status 0
    expect_no_out
    git remote set-url origin https://token@github.com/acme/deploy
    rootapp check --rule RA120
    same "told" "$(cat "$LOGS/out")" "argo/root/rootapp.yaml:5:21: warning: Argo CD would read 'https://github.com/example/gitops.git', and this clone is of 'https://github.com/acme/deploy' [RA120 not-your-repository]"
    git remote set-url origin /srv/mirror.git
    rootapp check --rule RA120
    expect_no_out
}

# A directory is rendered by the rules of the plugin, too.
test_directory_as_the_plugin() {
    repository
    put apps/shop/shared.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: shared}
END
    put apps/shop/overlays/dev/kustomization.yaml <<<'resources: [../../shared.yaml]'
    rootapp check apps/shop/overlays/dev
    expect_status 1
    expect_out_has "RA001"
    put argo/install/plugin.yaml <<'END'
apiVersion: argoproj.io/v1alpha1
kind: ConfigManagementPlugin
metadata: {name: rootapp}
spec:
  generate:
    command: [rootapp, generate, --load-restrictor, LoadRestrictionsNone]
END
    rootapp check apps/shop/overlays/dev
    expect_status 0
    grep -q RA001 "$LOGS/out" && fail "still does not render: $(cat "$LOGS/out")"
    return 0
}

# On a terminal sentences are broken at blanks; a source line is shown as it is.
test_lines_fit() {
    repository
    COLUMNS=60 NO_COLOR=1 PAGER=cat script -qec "$ROOTAPP check" /dev/null </dev/null 2>/dev/null | tr -d '\r' >"$LOGS/narrow"
    grep -qx "apps/pay/overlays/dev/deployment.yaml:6:3: error: Deployment" "$LOGS/narrow" || fail "not broken: $(cat "$LOGS/narrow")"
    same "no line that could be broken is wider" "$(awk 'length($0) > 60 && !/│/ { sub(/^ */, ""); if ($0 ~ / /) print }' "$LOGS/narrow")" ""
}
