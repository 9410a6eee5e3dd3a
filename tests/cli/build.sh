# shellcheck shell=bash
# rootapp build: what goes in, where it goes out, and what is refused.

test_to_standard_output() {
    small app
    rootapp build app
    expect_status 0
    expect_no_err
    expect_out "$(small_output)"
    rootapp -C app build
    expect_out "$(small_output)"
    rootapp build ./app/
    expect_out "$(small_output)"
    cd app || return
    rootapp build
    expect_out "$(small_output)"
}

test_bases_above_the_directory() {
    small base
    put overlays/dev/kustomization.yaml <<<'resources: [../../base]'
    rootapp build overlays/dev
    expect_status 0
    expect_out "$(small_output)"
    cd overlays/dev || return
    rootapp build .
    expect_out "$(small_output)"
}

test_to_a_file() {
    small app
    rootapp build app -o result.yaml
    expect_status 0
    expect_no_out
    same "result.yaml" "$(cat result.yaml)" "$(small_output)"
    chmod 600 result.yaml
    ln -s result.yaml link
    small app changed
    rootapp build -o link app
    expect_status 0
    same "result.yaml" "$(cat result.yaml)" "$(small_output changed)"
    same "mode" "$(stat -c %a result.yaml)" 600
    [ -L link ] || fail "the link was replaced"
    same "files" "$(ls)" "$(printf 'app\nlink\nresult.yaml')"
}

test_to_what_is_no_file() {
    small app
    mkfifo pipe
    cat pipe >got &
    rootapp build app -o pipe
    wait
    same "through a FIFO" "$(cat got)" "$(small_output)"
    rootapp build app --output=/dev/stdout
    expect_out "$(small_output)"
    rootapp build app -o no/such/place
    expect_failure 1 "no/such/place" "No such file or directory"
}

# kustomize's standard output is the text of a text, which changes folded ones; its files are not.
test_folded_texts_in_files() {
    put app/kustomization.yaml <<<'resources: [map.yaml]'
    put app/map.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: folded}
data:
  text: >-
    one
      deeper
    three
END
    mkdir files
    rootapp build app -o files
    expect_status 0
    same "the text" "$(sed -n '/text:/,/three/p' files/v1_configmap_folded.yaml)" $'  text: |-\n    one\n      deeper\n    three'
    rootapp build app
    expect_out_has $'one\n\n      deeper'
    local kustomize
    kustomize=$(kustomize_program) || return 0
    mkdir theirs
    "$kustomize" build app -o theirs && diff -r theirs files || fail "kustomize writes another file"
}

test_to_a_directory() {
    put app/kustomization.yaml <<<'resources: [all.yaml]'
    put app/all.yaml <<'END'
apiVersion: v1
kind: Namespace
metadata: {name: Shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: Shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "system:map"}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
END
    mkdir out
    rootapp build app -o out
    expect_status 0
    expect_no_out
    same "files" "$(ls out)" "default_example.com_v1_widget_w.yaml
default_v1_configmap_system:map.yaml
shop_apps_v1_deployment_web.yaml
v1_namespace_shop.yaml"
    same "a file" "$(cat out/v1_namespace_shop.yaml)" "apiVersion: v1
kind: Namespace
metadata:
  name: Shop"
    if kustomize=$(kustomize_program); then
        mkdir theirs
        "$kustomize" build app -o theirs
        diff -r theirs out || fail "kustomize writes other files"
    fi
}

test_to_a_directory_refused() {
    put app/kustomization.yaml <<<'resources: [all.yaml]'
    put app/all.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: ok}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ../escape}
END
    mkdir out
    rootapp build app -o out
    expect_failure 1 "v1_configmap_../escape.yaml"
    same "files" "$(ls -A out)" ""
    sed -i 's,\.\./escape,OK,' app/all.yaml
    rootapp build app -o out
    expect_failure 1 "two resources would be written to 'v1_configmap_ok.yaml'"
    same "files" "$(ls -A out)" ""
}

test_missing_directories() {
    rootapp build nowhere
    expect_failure 1 "nowhere: No such file or directory"
    touch file
    rootapp build file
    expect_failure 1 "file: Not a directory"
    mkdir empty
    rootapp build empty
    expect_failure 1 "kustomization"
    rootapp build --offline --cache cache https://github.com/example/repo
    expect_failure 1 "'https://github.com/example/repo' is not in the cache"
    rootapp build "$(printf 'new\nline')"
    expect_failure 1 'new\nline'
    put app/kustomization.yaml <<<'resources: [missing.yaml]'
    rootapp build app
    expect_failure 1 "app/kustomization.yaml:1:" "missing.yaml"
    mkdir gone
    cd gone || return
    rmdir ../gone
    rootapp build
    expect_failure 1 "No such file or directory"
}

test_places_of_errors() {
    put app/kustomization.yaml <<<'resource: []'
    mkdir elsewhere
    rootapp build app
    expect_failure 1 "rootapp: app/kustomization.yaml:1:1: "
    rootapp -C app build
    expect_failure 1 "rootapp: kustomization.yaml:1:1: "
    cd elsewhere || return
    rootapp build ../app
    expect_failure 1 "rootapp: $(realpath ..)/app/kustomization.yaml:1:1: "
}

test_options_of_kustomize() {
    small app
    rootapp build app --load-restrictor LoadRestrictionsNone
    expect_out "$(small_output)"
    rootapp build app --load-restrictor=Bogus
    expect_failure 2 "'Bogus' is none of LoadRestrictionsRootOnly, LoadRestrictionsNone"
    rootapp build app --enable-helm
    expect_out "$(small_output)"
    rootapp build app --mount x
    expect_failure 2 "--mount: "
    rootapp build app --outptu x
    expect_failure 2 "unknown option '--outptu' (did you mean '--output'?)"
    rootapp build app other
    expect_failure 2 "unexpected operand 'other'"
    rootapp build app -o
    expect_failure 2 "-o needs a value"
}

test_unreadable_files() {
    small app
    chmod 755 . app
    chmod 0 app/map.yaml
    if [ "$(id -u)" = 0 ]; then
        command -v setpriv >/dev/null || skip "needs setpriv to run as another user"
        chmod 755 "$LOGS"
        "$ROOTAPP" version >/dev/null
        as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
        "${as_nobody[@]}" test -x "$ROOTAPP" || { cp "$ROOTAPP" "$LOGS/rootapp"; ROOTAPP=$LOGS/rootapp; chmod 755 "$ROOTAPP"; }
        "${as_nobody[@]}" test -x "$ROOTAPP" || skip "another user cannot run the program here"
        status=0 last="build app, unreadable"
        "${as_nobody[@]}" "$ROOTAPP" build app >"$LOGS/out" 2>"$LOGS/err" || status=$?
    else
        rootapp build app
    fi
    expect_failure 1 "map.yaml" "permission denied"
    chmod 644 app/map.yaml
}

test_confined_to_the_repository() {
    small outside
    mkdir repo
    mkdir repo/.git
    put repo/.git/config <<<'{apiVersion: v1, kind: ConfigMap, metadata: {name: git}}'
    put repo/app/kustomization.yaml <<<'resources: [../../outside]'
    rootapp build repo/app
    expect_failure 1 "app/kustomization.yaml" "outside"
    put repo/app/kustomization.yaml <<<'resources: [map.yaml]'
    ln -s ../../outside/map.yaml repo/app/map.yaml
    rootapp build --load-restrictor LoadRestrictionsNone repo/app
    expect_failure 1 "leads out of the repository"
    ln -sfn /etc/hostname repo/app/map.yaml
    rootapp build --load-restrictor LoadRestrictionsNone repo/app
    expect_failure 1 "leads out of the repository"
    ln -sfn ../.git/config repo/app/map.yaml
    rootapp build --load-restrictor LoadRestrictionsNone repo/app
    expect_failure 1 ".git"
    ln -sfn map.yaml repo/app/map.yaml
    rootapp build repo/app
    expect_failure 1 "too many symbolic links"
    put repo/app/kustomization.yaml <<<'{configMapGenerator: [{name: leak, files: [/etc/hostname]}]}'
    rootapp build --load-restrictor LoadRestrictionsNone repo/app
    expect_failure 1 "/etc/hostname"
    rm repo/app/map.yaml
    mkfifo repo/app/map.yaml
    put repo/app/kustomization.yaml <<<'resources: [map.yaml]'
    rootapp build repo/app
    expect_failure 1 "map.yaml"
}

test_links_within_the_repository() {
    mkdir .git
    small real
    mkdir app
    ln -s ../real/map.yaml app/map.yaml
    put app/kustomization.yaml <<<'resources: [map.yaml]'
    rootapp build --load-restrictor LoadRestrictionsNone app
    expect_status 0
    expect_out "$(small_output)"
    ln -s real link
    rootapp build link
    expect_out "$(small_output)"
}

test_cycles() {
    put a/kustomization.yaml <<<'resources: [../b]'
    put b/kustomization.yaml <<<'resources: [../a]'
    rootapp build a
    expect_failure 1 "cycle"
    put self/kustomization.yaml <<<'resources: [.]'
    rootapp build self
    expect_failure 1
    put c/kustomization.yaml <<<'components: [../c]'
    rootapp build c
    expect_failure 1
}

test_yaml_bombs() {
    local i
    put bomb/kustomization.yaml <<<'resources: [bomb.yaml]'
    {
        echo 'apiVersion: v1'
        echo 'kind: ConfigMap'
        echo 'metadata: {name: bomb}'
        echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
        for i in 1 2 3 4 5 6 7 8 9; do
            echo "a$i: &a$i [*a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1))]"
        done
    } >bomb/bomb.yaml
    (
        (ulimit -v 4000000; "$ROOTAPP" version >/dev/null 2>&1) && ulimit -v 4000000 # sanitizers need more
        rootapp build bomb
        expect_failure 1 "bomb.yaml"
        exit "$failures"
    ) || failures=1
    { printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\na: '; head -c 200000 /dev/zero | tr '\0' '['; } >bomb/bomb.yaml
    rootapp build bomb
    expect_failure 1 "bomb.yaml"
    { printf 'a: &a [*a]\n'; } >bomb/bomb.yaml
    rootapp build bomb
    expect_failure 1 "bomb.yaml"
    head -c 1000000 /dev/urandom >bomb/bomb.yaml
    rootapp build bomb
    expect_failure 1 "bomb.yaml"
    truncate -s 100M bomb/bomb.yaml
    rootapp build bomb
    expect_failure 1 "bomb.yaml" "larger than 64 MiB"
}

test_unwritable_output() {
    small app
    status=0 last="build >/dev/full"
    "$ROOTAPP" build app >/dev/full 2>"$LOGS/err" || status=$?
    : >"$LOGS/out"
    expect_failure 1 "standard output: No space left on device"
    status=0 last="build >&-"
    "$ROOTAPP" build app >&- 2>"$LOGS/err" || status=$?
    expect_failure 1 "standard output: is closed"
    rootapp build app -o /dev/full
    expect_failure 1 "/dev/full: No space left on device"
    status=0 last="build into a closed pipe"
    { sleep 0.2; "$ROOTAPP" build app 2>"$LOGS/err" || echo $? >"$LOGS/status"; } | :
    status=$(cat "$LOGS/status")
    expect_status 141
    expect_no_err
}

# A full disk leaves the old file as it was. Small file systems need root.
test_full_disk() {
    small app
    mkdir disk
    mount -t tmpfs -o size=8k tmpfs disk 2>/dev/null || skip "needs the right to mount a small file system"
    echo old >disk/result.yaml
    { cat app/map.yaml; head -c 20000 /dev/zero | tr '\0' x | sed 's/^/  b: /'; } >app/large.yaml
    mv app/large.yaml app/map.yaml
    rootapp build app -o disk/result.yaml
    expect_failure 1 "disk/result.yaml: No space left on device"
    same "the old file" "$(cat disk/result.yaml)" old
    same "files" "$(ls -A disk)" result.yaml
    umount disk
}

# Whoever ends the program while it works finds nothing half-written.
test_killed() {
    local signal i
    put app/kustomization.yaml <<<'resources: [all.yaml]'
    for i in $(seq 3000); do
        printf -- '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: map-%d}\ndata: {a: "%d"}\n' "$i" "$i"
    done >app/all.yaml
    echo old >result.yaml
    for signal in TERM INT KILL; do
        for i in 0.001 0.005 0.02; do
            "$ROOTAPP" build app -o result.yaml 2>/dev/null &
            sleep $i
            kill -$signal $! 2>/dev/null
            wait $! 2>/dev/null
            [ "$(cat result.yaml)" = old ] || [ "$(grep -c '^kind:' result.yaml)" = 3000 ] || fail "half-written at $signal after $i"
        done
    done
}

# What a person has meant, where that can be seen: each of these is one line of the message, and it may have lines of the file.
test_hints() {
    small base
    put k/kustomization.yaml <<<$'resources: [../base]\nnamespace: {NAMESPACE}'
    rootapp build k
    expect_failure 1 "2:12: " "{NAMESPACE} looks like a placeholder, and is a map to YAML"
    put k/kustomization.yaml <<<$'resources: [../base]\nnamespace: 3'
    rootapp build k
    grep -q placeholder "$LOGS/err" && fail "a number is no placeholder: $(cat "$LOGS/err")"
    put k/overlays/dev/kustomization.yaml <<<'resources: [../base]'
    put k/base/kustomization.yaml <<<'resources: [../../base]'
    rootapp build k/overlays/dev
    expect_failure 1 "1:13: " "(did you mean '../../base'?)"
    put k/overlays/dev/kustomization.yaml <<<'resources: [../nowhere]'
    rootapp build k/overlays/dev
    grep -q "did you mean" "$LOGS/err" && fail "nothing is near: $(cat "$LOGS/err")"
    put k/kustomization.yaml <<<$'images:\n- name: x\n\tnewTag: y'
    rootapp build k
    same "a tab" "$(tail -n 4 "$LOGS/err" | sed '1s/.*line a collection.*: //; 1s/.*: line/line/')" "line 3 is indented with a tab; YAML takes spaces only
     2 | - name: x
     3 |  newTag: y
         ^"
    put k/kustomization.yaml <<<$'images:\n- name: x\n    newTag: y'
    rootapp build k
    same "too deep" "$(tail -n 4 "$LOGS/err" | sed "1s/.*: 'newTag/'newTag/")" "'newTag' in line 3 is deeper than 'name' above it, which has a value
     2 | - name: x
     3 |     newTag: y
             ^"
    rm k/kustomization.yaml
    put k/base/kustomization.yaml <<<'resources: [../../base]'
    rootapp build k
    expect_failure 1 "unable to find one of 'kustomization.yaml'" "; below are k/base, k/overlays/dev"
    rm -r k/base k/overlays
    rootapp build k
    grep -q "below are" "$LOGS/err" && fail "there is nothing below: $(cat "$LOGS/err")"
    return 0
}

# Of each slip: the place that is to be changed, and what is to be done about it.
slip() { # TEXT PLACE REMEDY
    put k/kustomization.yaml <<<"$1"
    rootapp build k
    expect_status 1
    head -n 1 "$LOGS/err" | grep -qF -- "kustomization.yaml:$2: " || fail "$1: not at $2: $(cat "$LOGS/err")"
    head -n 1 "$LOGS/err" | grep -qF -- "$3" || fail "$1: does not say '$3': $(cat "$LOGS/err")"
}

test_hints_of_slips() {
    slip $'images\n- name: x\n  newTag: "1"' 1:1 "in line 1 ':' is missing behind 'images'"
    slip $'images:\n- name: x\n  newTag "1"\n' 3:3 "in line 3 ':' is missing behind 'newTag'"
    slip $'images:\n- name: x\n  newTag:"1"\n' 3:3 "in line 3 a blank is missing behind 'newTag:'"
    slip $'images:\n- name: x\n  newTag: "1\n' 3:11 "the quote in line 3 is not closed"
    slip $'images:\n- name: x\n newTag: "1"' 3:2 "line 3 is indented by 1, and what stands above it by 0 or 2"
    slip $'images:\n- name: x\n  newTag: @1' 3:11 "a value that begins with '@' needs quotes"
    slip $'images:\n- name: x\n  newTag: *one' 3:11 "a value that begins with '*' needs quotes"
    slip $'namePrefix: a: b' 1:14 "the value of 'namePrefix' has ': ' in it, and needs quotes"
    slip $'# f\xfcr\nnamespace: a' 1:4 "the file is not UTF-8; save it as UTF-8"
    slip $'images:\n- name: x\n\xc2\xa0 newTag: "1"' 3:1 "there is a no-break space in the line; write a plain one"
    slip $'patches:\n- p.yaml' 2:3 "write 'path: p.yaml'"
    slip $'configMapGenerator:\n- name: a\n  literals:\n  - b: c' 4:5 "write KEY=VALUE"
    slip $'commonLabels:\n- team: shop' 2:1 "leave the dash out"
    slip $'resources:\n  base: ../base' 2:3 "put each item behind a dash"
    slip $'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: ./x}' 3:1 "this is Flux's Kustomization"
    put base/kustomization.yaml <<<'namePrefix: a-'
    put k/kustomization.yaml <<<'components: [../base]'
    rootapp build k
    expect_err_has "list it under resources, or give it kind: Component"
    put base/pod.yaml <<<$'kind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: {{ .Values.image }}'
    put base/kustomization.yaml <<<$'resources: [pod.yaml]\nimages: [{name: a, newTag: b}]'
    rootapp build base
    expect_err_has "{{ .Values.image }} is a template, as Helm has them"
}

test_slips_are_shown() {
    put k/kustomization.yaml <<<$'images:\n- name: x\n  newTag "1"\n'
    rootapp build k
    same "the line" "$(tail -n 3 "$LOGS/err")" "     2 | - name: x
     3 |   newTag \"1\"
           ^"
    put k/kustomization.yaml <<<$'images:\n- name: x\n  newTags: "1"'
    rootapp build k
    grep -q "no-break" "$LOGS/err" && fail "there is none: $(cat "$LOGS/err")"
    return 0
}

# What is printed keeps the quotes of the text whose place a number took; kustomize's files, which it makes of decoded
# values, do not.
test_a_number_in_quotes_is_a_number_in_a_file() {
    mkdir files
    put kustomization.yaml <<'END'
resources: [web.yaml]
replicas: [{name: web, count: 3}]
END
    put web.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: {one: "1", yes: 'true'}
spec:
  replicas: "1"
END
    rootapp build
    expect_out_has 'replicas: "3"' 'one: "1"'
    rootapp build -o files
    expect_status 0
    same "the file" "$(cat files/apps_v1_deployment_web.yaml)" 'apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    one: "1"
    "yes": "true"
  name: web
spec:
  replicas: 3'
}
