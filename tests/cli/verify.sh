# shellcheck shell=bash
# rootapp verify, with a kustomize of our own making whose answers are known.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

# A kustomize that prints DIR/theirs, or fails with what is in DIR/theirs-error. With --output it writes what is in
# DIR/theirs-files instead. Its arguments are noted; with --reorder or a label it prints another text, if it has one.
fake_kustomize() {
    put fake-kustomize <<'END'
#!/bin/sh
[ "$1" = version ] && { echo v5.8.3; exit; }
[ -e "$2/slow" ] && sleep 30
[ -e "$2/theirs-error" ] && { echo "# Warning: old" >&2; echo "Error: $(sed "s|HERE|$2|" "$2/theirs-error")" >&2; exit 1; }
build=$2 output= theirs=theirs
echo "$*" >>arguments
while [ $# -gt 0 ]; do
    case $1 in
        --output) output=$2 ;;
        --reorder | --enable-managedby-label) [ ! -e "$build/theirs$1" ] || theirs=theirs$1 ;;
    esac
    shift
done
if [ -n "$output" ]; then cp "$build"/theirs-files/* "$output"; else cat "$build/$theirs"; fi
END
    chmod +x fake-kustomize
}

agree() { # DIRECTORY [NAME]
    small "$1" "${2:-small}"
    small_output "${2:-small}" >"$1/theirs"
    echo >>"$1/theirs"
}

mixture() {
    mkdir .git
    fake_kustomize
    agree a/same
    agree b/different
    sed -i 's/name: small/name: other/' b/different/theirs
    agree c/we-refuse
    echo 'nonsense: true' >>c/we-refuse/kustomization.yaml
    small d/they-refuse
    echo "no way in 'HERE/x'" >d/they-refuse/theirs-error
    put e/both/kustomization.yaml <<<'nonsense: true'
    echo 'invalid' >e/both/theirs-error
}

test_text() {
    mixture
    rootapp verify --kustomize ./fake-kustomize
    expect_status 1
    expect_no_err
    expect_out_has "different               b/different" "line 6: rootapp has '  name: small', kustomize '  name: other'" \
        "only-rootapp-refuses    c/we-refuse" "only-kustomize-refuses  d/they-refuse" \
        "kustomize: no way in 'd/they-refuse/x'" \
        "5 kustomizations with kustomize v5.8.3: 1 the same, 1 different, 1 only rootapp refuses, 1 only kustomize refuses, 1 both refuse"
    grep -q "e/both\|a/same" "$LOGS/out" && fail "lists agreement without -v"
    cp "$LOGS/out" before
    rootapp verify --kustomize ./fake-kustomize -j 7
    same "with more threads" "$(cat "$LOGS/out")" "$(cat before)"
    rootapp verify --kustomize ./fake-kustomize -v
    expect_out_has "same                    a/same" "both-refuse             e/both"
}

test_diff() {
    mixture
    rootapp verify --diff --kustomize ./fake-kustomize b
    expect_status 1
    expect_out_has "--- kustomize" "+++ rootapp" "-  name: other" "+  name: small"
}

test_json() {
    mixture
    command -v jq >/dev/null || skip "needs jq"
    rootapp verify -o json --kustomize ./fake-kustomize
    expect_status 1
    same "results" "$(jq -r '.kustomizations[] | .directory + " " + .result' "$LOGS/out")" "a/same same
b/different different
c/we-refuse only-rootapp-refuses
d/they-refuse only-kustomize-refuses
e/both both-refuse"
    same "counts" "$(jq -c '.counts' "$LOGS/out")" \
        '{"both-refuse":1,"different":1,"not-compared":0,"only-kustomize-refuses":1,"only-rootapp-refuses":1,"same":1}'
    same "line" "$(jq '.kustomizations[1].line' "$LOGS/out")" 6
}

test_agreement() {
    mkdir .git
    fake_kustomize
    agree a
    agree "b c"
    rootapp verify --kustomize ./fake-kustomize
    expect_status 0
    expect_out "2 kustomizations with kustomize v5.8.3: 2 the same, 0 different"
}

test_flags_are_for_both() {
    mkdir .git
    fake_kustomize
    agree a
    put a/kustomization.yaml <<<'resources: [map.yaml, ../outside.yaml]'
    put outside.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata:
  name: outside
END
    rootapp build --load-restrictor LoadRestrictionsNone --reorder none --enable-managedby-label a
    cp "$LOGS/out" a/theirs
    rootapp verify --kustomize ./fake-kustomize --load-restrictor LoadRestrictionsNone --reorder none --enable-managedby-label -v
    expect_status 0
    expect_out "same                    a --load-restrictor LoadRestrictionsNone --reorder none --enable-managedby-label
1 kustomization with kustomize v5.8.3: 1 the same, 0 different"
    same "kustomize's arguments" "$(cat arguments)" \
        "build $PWD/a --load-restrictor LoadRestrictionsNone --reorder none --enable-managedby-label"
    rootapp verify --kustomize ./fake-kustomize --load-restrictor LoadRestrictionsNone
    expect_status 1
    expect_out_has "different               a --load-restrictor LoadRestrictionsNone"
}

# What earlier renders have left to be shared is rendered anew where the result would be another: where origins are asked for, and where
# the base leads to a directory that holds the one that is rendered.
test_shared_bases_change_nothing() {
    mkdir .git
    fake_kustomize
    small base
    put first/kustomization.yaml <<<'resources: [../base]'
    put second/kustomization.yaml <<'END'
resources: [../base]
buildMetadata: [originAnnotations]
END
    put third/kustomization.yaml <<<'resources: [../base]'
    small holder
    put before/kustomization.yaml <<<'resources: [../circle]'
    put circle/kustomization.yaml <<<'resources: [../holder]'
    put holder/within/kustomization.yaml <<<'resources: [../../circle]'
    for directory in base first second third before circle holder; do
        rootapp build $directory
        cp "$LOGS/out" $directory/theirs
    done
    grep -q 'config.kubernetes.io/origin' second/theirs || fail "no origins"
    echo 'cycle' >holder/within/theirs-error
    rootapp verify -j 1 --kustomize ./fake-kustomize -v
    expect_status 0
    expect_out_has "same                    second" "both-refuse             holder/within" "cycle detected" "7 the same, 0 different, 1 both refuse"
}

# Sharing does change something here: this kustomize writes to the base when it has built `first`, and what was kept of the base then
# is older than the file.
test_a_difference_by_sharing_is_told() {
    mkdir .git
    fake_kustomize
    small base
    for directory in base first second third; do
        [ $directory = base ] || put $directory/kustomization.yaml <<<'resources: [../base]'
        rootapp build $directory
        cp "$LOGS/out" $directory/theirs
    done
    sed -i '2a case $2 in *second) sed -i s/small/changed/ base/map.yaml; esac' fake-kustomize
    rootapp verify -j 1 --kustomize ./fake-kustomize
    expect_status 1
    expect_out_has "only-rootapp-refuses    third" "sharing bases changes the result, which is a mistake in rootapp"
}

two_files() {
    mkdir -p .git a/theirs-files
    fake_kustomize
    put a/kustomization.yaml <<<'resources: [one.yaml, two.yaml]'
    for name in one two; do
        put "a/$name.yaml" <<END
apiVersion: v1
data:
  key: value
kind: ConfigMap
metadata:
  name: $name
END
    done
    rootapp build a
    cp "$LOGS/out" a/theirs
    rootapp build -o a/theirs-files a
    same "the files" "$(ls a/theirs-files)" "v1_configmap_one.yaml
v1_configmap_two.yaml"
}

test_files() {
    two_files
    rootapp verify --kustomize ./fake-kustomize --files -v
    expect_status 0
    expect_out "same                    a -o DIRECTORY
1 kustomization with kustomize v5.8.3: 1 the same, 0 different"
    grep -q "^build $PWD/a --output /" arguments || fail "kustomize was asked for something else: $(cat arguments)"
    [ ! -e "$(sed 's/.* //' arguments)" ] || fail "kustomize's files are still there"
    sed -i 's/key: value/key: other/' a/theirs-files/v1_configmap_two.yaml
    rootapp verify --kustomize ./fake-kustomize
    expect_status 0
    rootapp verify --kustomize ./fake-kustomize --files --diff
    expect_status 1
    expect_out_has "different               a -o DIRECTORY" \
        "v1_configmap_two.yaml: line 3: rootapp has '  key: value', kustomize '  key: other'" "-  key: other"
    rm a/theirs-files/v1_configmap_one.yaml
    rootapp verify --kustomize ./fake-kustomize --files
    expect_status 1
    expect_out_has "v1_configmap_one.yaml: line 0: rootapp has '# file: v1_configmap_one.yaml', kustomize '# file: v1_configmap_two.yaml'"
    echo 'invalid' >a/theirs-error
    rootapp verify --kustomize ./fake-kustomize --files
    expect_status 1
    expect_out_has "only-kustomize-refuses  a -o DIRECTORY" "kustomize: invalid"
}

# Each of these is wrong in one build of five.
test_thorough() {
    local wrong
    two_files
    rootapp build --enable-managedby-label a
    cp "$LOGS/out" a/theirs--enable-managedby-label
    rootapp verify --kustomize ./fake-kustomize --thorough
    expect_status 0
    expect_out "1 kustomization, 5 builds with kustomize v5.8.3: 5 the same, 0 different"
    for wrong in "theirs--enable-managedby-label --enable-managedby-label" "theirs--reorder --reorder none" \
        "theirs-files/v1_configmap_one.yaml -o DIRECTORY"; do
        cp -r a "$LOGS/a.good"
        sed 's/value/other/' a/theirs >"a/${wrong%% *}"
        rootapp verify --kustomize ./fake-kustomize --thorough
        expect_status 1
        expect_out_has "different               a ${wrong#* }" "4 the same, 1 different"
        rm -r a
        mv "$LOGS/a.good" a
    done
    rootapp verify --kustomize ./fake-kustomize --thorough --reorder none -v
    expect_status 0
    expect_out_has "a --reorder none --enable-managedby-label" "a --load-restrictor LoadRestrictionsNone --reorder none" "4 builds"
    command -v jq >/dev/null || skip "needs jq"
    rootapp verify --kustomize ./fake-kustomize --thorough -o json
    same "flags" "$(jq -r '.kustomizations[] | .flags // "none"' "$LOGS/out")" "none
--load-restrictor LoadRestrictionsNone
--reorder none
--enable-managedby-label
-o DIRECTORY"
}

test_slow_kustomize() {
    mkdir .git
    fake_kustomize
    agree a
    touch a/slow
    rootapp verify --kustomize ./fake-kustomize --timeout 1
    expect_status 1
    expect_out_has "kustomize: takes too long (--timeout)"
}

test_failures() {
    mkdir .git empty
    rootapp verify --kustomize true empty
    expect_failure 1 "empty: no kustomization file here or below"
    small a
    rootapp verify --kustomize ./no-such-program
    expect_failure 1 "verify needs kustomize v5.8.3 (https://github.com/kubernetes-sigs/kustomize/releases/" "go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.3" "./no-such-program: cannot be run: No such file or directory"
    rootapp verify --kustomize false
    expect_failure 1 "'false version' failed"
    rootapp verify nowhere
    expect_failure 1 "nowhere: No such file or directory"
    rootapp verify --timeout 0
    expect_failure 2 "--timeout: '0' is no number from 1 to 1024"
    rootapp verify -o xml
    expect_failure 2 "'xml' is none of text, json"
}

test_links_are_not_followed() {
    mkdir .git
    fake_kustomize
    agree a
    ln -s . a/loop
    ln -s a b
    rootapp verify --kustomize ./fake-kustomize
    expect_status 0
    expect_out_has "1 kustomization with"
}

test_the_real_kustomize() {
    local kustomize
    kustomize=$(kustomize_program) || skip "no kustomize here"
    mkdir .git
    small base
    put components/settings/kustomization.yaml <<'END'
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
configMapGenerator:
- name: settings
  literals: [a=b]
END
    put overlay/kustomization.yaml <<'END'
resources: [../base]
components: [../components/settings]
END
    put broken/kustomization.yaml <<<'resources: [missing.yaml]'
    rootapp verify --kustomize "$kustomize" -v
    expect_status 0
    expect_out_has "4 kustomizations with kustomize v5.8.3: 3 the same, 0 different, 1 both refuse"
    rootapp verify --kustomize "$kustomize" --thorough
    expect_status 0
    expect_out "4 kustomizations, 20 builds with kustomize v5.8.3: 15 the same, 0 different, 5 both refuse"
}

# Where a RootApp says what is deployed, examples and tests that nobody deploys are left alone.
test_what_is_deployed() {
    repository
    fake_kustomize
    rm -r apps
    agree apps/shop/overlays/dev
    agree apps/shop/base
    echo 'resources: [../../base]' >apps/shop/overlays/dev/kustomization.yaml
    mixture_of_others
    rootapp verify --kustomize ./fake-kustomize -v
    expect_status 0
    expect_no_err
    expect_out "same                    apps/shop/base
same                    apps/shop/overlays/dev
not-compared            argo/root
    kustomize: no kind RootApp
3 kustomizations with kustomize v5.8.3: 2 the same, 0 different, 1 with a RootApp not compared
note: 1 that no Application reads was not compared; --all does it"
    rootapp verify --kustomize ./fake-kustomize --all
    expect_status 1
    expect_out_has "different               examples/odd" "4 kustomizations"
    rootapp verify --kustomize ./fake-kustomize examples
    expect_status 1
    expect_out_has "1 kustomization with"
    cd apps/shop || return
    rootapp verify --kustomize ../../fake-kustomize
    expect_status 0
    expect_out "2 kustomizations with kustomize v5.8.3: 2 the same, 0 different"
    cd ../..
    echo 'nonsense: true' >>argo/root/rootapp.yaml
    rootapp verify --kustomize ./fake-kustomize
    expect_failure 1 "the RootApp does not say what to compare (--all compares everything)" "argo/root/rootapp.yaml:"
}

mixture_of_others() {
    agree examples/odd
    sed -i 's/name: small/name: other/' examples/odd/theirs
    echo 'no kind RootApp' >argo/root/theirs-error
}
