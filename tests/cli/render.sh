# shellcheck shell=bash
# rootapp render: the render set into a directory, whole or not at all.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

test_number_of_findings() {
    repository
    printf 'patches:\n- target: {kind: Nothing}\n  patch: "{apiVersion: v1, kind: Nothing, metadata: {name: x}, data: {a: b}}"\n' >>apps/shop/overlays/dev/kustomization.yaml
    rootapp render -o out
    expect_status 0
    same "the number" "$(cat "$LOGS/err")" "rootapp: 1 warning in 3 targets, found while rendering; 'rootapp check' shows the findings and looks for others"
    rootapp render shop/dev
    expect_status 0
    same "of one" "$(cat "$LOGS/err")" "rootapp: 1 warning in 1 target, found while rendering; 'rootapp check' shows the findings and looks for others"
}

# Of the root set, what an operand names, alone or beside targets.
test_roots_by_name() {
    repository
    rootapp render -o all
    rootapp render root/dev
    expect_status 0
    same "root/dev" "$(sed 1d "$LOGS/out")" "$(cat all/root/dev.yaml)"
    rootapp render root shop/dev
    same "root and a target" "$(grep '^# ' "$LOGS/out")" "# root: argo/root
# shop/dev: apps/shop/overlays/dev"
    rootapp render 'root/*' -o some
    same "a pattern, into a directory" "$(cd some && find . -type f ! -name .rootapp-render | sort)" "./root/dev.yaml
./root/prod.yaml"
    rootapp render root/qa
    expect_failure 1 "no root 'root/qa': there is 'root', and 'root/ENV' for each environment of the policy"
    rm -r some
    rootapp render root/qa -o some
    expect_failure 1 "no root 'root/qa'"
    no_file some
}

test_into_a_directory() {
    repository
    rootapp render -o out
    expect_status 0
    expect_no_out
    expect_no_err
    same "files" "$(cd out && find . -type f ! -name .rootapp-render | sort)" "./apps/pay/dev.yaml
./apps/shop/dev.yaml
./apps/shop/prod.yaml
./root.yaml
./root/dev.yaml
./root/prod.yaml"
    same "shop/dev" "$(cat out/apps/shop/dev.yaml)" "$("$ROOTAPP" build apps/shop/overlays/dev)"
    same "root/dev" "$(kinds out/root/dev.yaml | sort)" "AppProject/default-dev
Application/pay-dev
Application/shop-dev"
    cp -r out before
    rootapp render -o out -j 7
    expect_status 0
    diff -r before out || fail "not the same again"
    same "nothing is left behind" "$(ls)" "apps
argo
before
out"
}

# Bases are rendered once and shared; components change only who names them.
test_shared_bases() {
    local env
    repository
    small components/settings settings
    put components/settings/kustomization.yaml <<'END'
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [map.yaml]
END
    put apps/shop/base/kustomization.yaml <<'END'
resources: [map.yaml]
components: [../../../components/settings]
END
    small_output >apps/shop/base/map.yaml
    for env in dev prod; do
        put apps/shop/overlays/$env/kustomization.yaml <<END
resources: [../../base]
namePrefix: $env-
END
    done
    rootapp render -o out -j 1
    expect_status 0
    for env in dev prod; do
        same "shop/$env" "$(cat out/apps/shop/$env.yaml)" "$("$ROOTAPP" build apps/shop/overlays/$env)"
    done
    same "kinds" "$(kinds out/apps/shop/prod.yaml)" "ConfigMap/prod-settings
ConfigMap/prod-small"
}

test_what_is_gone_goes() {
    repository
    rootapp render -o out
    rm -r apps/pay
    rootapp render -o out
    expect_status 0
    no_file out/apps/pay
}

test_to_standard_output() {
    repository
    rootapp render shop/dev
    expect_status 0
    expect_out "# shop/dev: apps/shop/overlays/dev
$("$ROOTAPP" build apps/shop/overlays/dev)"
    rootapp render shop
    expect_out_has "# shop/dev:" "# shop/prod:"
    rootapp render
    expect_out_has "# root: argo/root" "# root/dev: argo/root" "# pay/dev:" "# shop/prod:"
    rootapp render shpo
    expect_failure 1 "no application 'shpo' (did you mean 'shop'?)"
    rootapp render shop/production
    expect_failure 1 "no application 'shop/production'"
    rootapp render '*/prod'
    same "a pattern" "$(grep '^# ' "$LOGS/out")" "# shop/prod: apps/shop/overlays/prod"
    rootapp render apps/shop/overlays/dev apps/pay
    same "directories" "$(grep -c '^# ' "$LOGS/out")" 2
    mkdir -p apps/shop/overlays/qa
    rootapp render shop/qa
    expect_failure 1 "no application 'shop/qa': apps/shop/overlays/qa: " "'qa'"
}

test_broken_targets() {
    repository
    rootapp render -o out
    cp -r out before
    echo 'nonsense: true' >>apps/shop/overlays/dev/kustomization.yaml
    echo '  - broken: [' >>apps/shop/overlays/prod/deployment.yaml
    rootapp render -o out
    expect_status 1
    expect_no_out
    expect_err_has "rootapp: shop/dev: apps/shop/overlays/dev/kustomization.yaml:" "rootapp: shop/prod: apps/shop/overlays/prod/deployment.yaml:" \
        "rootapp: 2 of 6 cannot be rendered; nothing was written"
    same "the first line" "$(head -c 18 "$LOGS/err")" "rootapp: shop/dev:"
    diff -r before out || fail "the old directory changed"
    rootapp render pay -o out
    expect_status 0
}

test_foreign_directories() {
    repository
    mkdir mine
    touch mine/notes
    rootapp render -o mine
    expect_failure 1 "mine holds 'notes', which rootapp did not write"
    rootapp render -o .
    expect_failure 1 "which rootapp did not write"
    touch file
    rootapp render -o file
    expect_failure 1 "file: Not a directory"
    same "mine" "$(ls -A mine)" notes
}

# The plugin would refuse these in production, so the dry run does too.
test_trust() {
    repository
    cat >apps/shop/overlays/dev/deployment.yaml <<'END'
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: escape, namespace: argocd}
END
    rootapp render
    expect_status 1
    expect_no_out
    expect_err_has "rootapp: shop/dev: apps/shop/overlays/dev/deployment.yaml:1:" "accepted only in project 'argocd-root'"
}

test_unwritable_output() {
    repository
    status=0 last="render >/dev/full"
    "$ROOTAPP" render >/dev/full 2>"$LOGS/err" || status=$?
    : >"$LOGS/out"
    expect_failure 1 "standard output: No space left on device"
}

test_full_disk() {
    repository
    mkdir disk
    mount -t tmpfs -o size=24k tmpfs disk 2>/dev/null || skip "needs the right to mount a small file system"
    rootapp render -o disk/out
    expect_failure 1 "No space left on device"
    same "files" "$(ls -A disk)" ""
    umount disk
}

test_killed() {
    local signal i
    repository
    for i in $(seq 40); do overlay "app$i" dev; done
    rootapp render -o out
    cp -r out before
    for signal in TERM INT KILL; do
        for i in 0.001 0.005 0.01 0.02 0.04; do
            "$ROOTAPP" render -o out 2>/dev/null &
            sleep $i
            kill -$signal $! 2>/dev/null
            wait $! 2>/dev/null
            diff -r before out >/dev/null || fail "half-written at $signal after $i"
            [ $signal = KILL ] || same "left behind by $signal" "$(ls -d out.* 2>/dev/null)" ""
        done
    done
    mkdir out.rootapp-killed out.backup
    rootapp render -o out
    same "left behind by SIGKILL, after another render" "$(echo out*)" "out out.backup"
}

test_a_format_is_no_directory() {
    repository
    rootapp render -o json
    expect_failure 2 "-o names a directory here, not a format" "-o ./json"
    no_file json
    rootapp render -o ./json
    expect_status 0
    [ -f json/root.yaml ] || fail "./json is no directory"
}

test_no_root() {
    mkdir .git
    rootapp render
    expect_failure 1 "argo/root: no such directory; 'rootapp init' writes it, and --root DIR names another one"
    small argo/root
    rootapp render
    expect_failure 1 "argo/root: has no RootApp"
    rootapp render --root ..
    expect_failure 1 "--root ..: lies outside of the repository"
}
