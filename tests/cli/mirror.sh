# shellcheck shell=bash
# rootapp mirror, and rootapp generate --mirror, called as argocd-cmp-server calls it.

url=file://$PWD/remote
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@example.com GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@example.com

# A remote with an app that shares a component, and what Argo CD has unpacked of it: the app's directory alone.
remote() {
    git init -q -b main remote
    git -C remote config receive.denyCurrentBranch ignore
    small remote/shared shared
    small remote/app own
    put remote/app/kustomization.yaml <<<'resources: [../shared, map.yaml]'
    commit first
    unpacked=_cmp_server/0b5ab-1
    mkdir -p "$unpacked"
    cp -r remote/app/. "$unpacked"
}

commit() { # MESSAGE: commits everything in the remote; its id in $id
    git -C remote add -A -f && git -C remote commit -q --allow-empty -m "$1"
    id=$(git -C remote rev-parse HEAD)
}

# Starts a mirror of the remote, and waits until it serves. Its log comes from the descriptor $log.
mirror() { # OPTION...
    exec {log}< <(exec "$ROOTAPP" mirror --dir m --repo "$url" --interval 1000 --listen 127.0.0.1:0 "$@" 2>"$LOGS/mirror-err")
    mirror=$!
    trap 'kill -9 "$mirror" 2>/dev/null' EXIT
    await serving && address=$(sed 's/.*"listen":"\([^"]*\)".*/\1/' <<<"$line")
}

await() { # MESSAGE: the next line of the log that says this, in $line
    while read -r -t 20 line <&"$log"; do
        [[ $line != *"\"message\":\"$1\""* ]] || return 0
    done
    fail "the mirror's log ends without '$1': $(cat "$LOGS/mirror-err")"
    return 1
}

stop_mirror() {
    kill -9 "$mirror" 2>/dev/null
    while read -r -t 20 line <&"$log"; do :; done # until nobody writes to it
    exec {log}<&-
}

in_app() { # VARIABLE=VALUE... -- OPTION...: renders the app at commit $id from the mirror
    local variables=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do variables+=("$1"); shift; done
    [ $# -gt 0 ] && shift
    status=0 last="generate --mirror at ${id:-} (${variables[*]})"
    (cd "$unpacked" && exec env ARGOCD_APP_SOURCE_PATH=app ARGOCD_APP_PARAMETERS=null ARGOCD_APP_REVISION="${id:-}" \
        ARGOCD_APP_SOURCE_REPO_URL="$url" "${variables[@]}" "$ROOTAPP" generate --mirror "$OLDPWD/m" "$@") >"$LOGS/out" 2>"$LOGS/err" </dev/null || status=$?
}

get() { # PATH: status and body of the mirror's HTTP
    exec {http}<>"/dev/tcp/${address%:*}/${address##*:}"
    printf 'GET %s HTTP/1.1\r\nHost: x\r\n\r\n' "$1" >&"$http"
    cat <&"$http"
    exec {http}>&-
}

ask() { # LINE: what the mirror answers on its socket
    python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect("m/socket"); s.sendall(sys.argv[1].encode()); print(s.makefile().readline(), end="")' "$1"
}

both() { # what the first commit renders to
    printf '%s\n---\n%s' "$(small_output own)" "$(small_output shared)"
}

expect_both() {
    expect_status 0
    same "$last" "$(grep -c '^kind: ConfigMap' "$LOGS/out")" 2
}

test_commit_is_read() {
    remote
    mirror
    in_app
    expect_both
    expect_no_err
    expect_out_has 'name: own' 'name: shared'
    sed -i 's/a: "1"/a: "2"/' remote/shared/map.yaml
    first=$id
    commit second
    in_app
    expect_both
    expect_out_has 'a: "2"'
    id=$first in_app
    expect_both
    ! grep -q 'a: "2"' "$LOGS/out" || fail "another commit than the one that was asked for"
}

# Whatever was sent, but for what git changes in a checkout.
test_what_was_sent_is_not_read() {
    remote
    mirror
    put "$unpacked/map.yaml" <<<'not: what was committed'
    in_app
    expect_both
    put "$unpacked/more.yaml" <<<'{}'
    put remote/app/kustomization.yaml <<<'resources: [more.yaml]'
    commit second
    in_app
    expect_failure 1 "app/more.yaml: no such file"
}

test_unlisted_repository() {
    remote
    mirror
    in_app ARGOCD_APP_SOURCE_REPO_URL=https://git.example.com/other.git
    expect_failure 1 "shared: was not sent; from the mirror it cannot be read: this repository is none of its --repo (docs/mirror.md); Argo CD has sent 'app' only"
    small "$unpacked" own
    in_app ARGOCD_APP_SOURCE_REPO_URL=https://git.example.com/other.git
    expect_out "$(small_output own)"
    expect_no_err
    in_app ARGOCD_APP_SOURCE_REPO_URL="$url/"
    expect_both
    in_app ARGOCD_APP_SOURCE_REPO_URL="$url.git"
    expect_both
    get /metrics | grep -qF 'rootapp_mirror_requests_total{answer="unlisted"} 2' || fail "not counted: $(get /metrics)"
}

# A tenant cannot choose a repository, and another repository's commit is no commit of this one.
test_tenants_cannot_ask() {
    remote
    mirror
    await fetched
    local name=0000000000000000000000000000000000000000000000000000000000000000
    same "another repository" "$(ask "want $name $id"$'\n')" unlisted
    same "a URL" "$(ask "want $url $id"$'\n')" ""
    same "a branch" "$(ask "want $(mirror_name) main"$'\n')" ""
    same "an option" "$(ask "want $(mirror_name) --upload-pack=touch"$'\n')" ""
    same "a long line" "$(ask "want $(printf '%0600d' 0)"$'\n')" ""
    same "a report without a render" "$(ask $'rendered mirror 1\n')" ""
    same "other words" "$(ask $'\n')" ""
    in_app ARGOCD_ENV_ARGOCD_APP_REVISION=1 ARGOCD_APP_REVISION=main
    expect_failure 1 "Argo CD named no commit (ARGOCD_APP_REVISION)"
    same "fetches" "$(get /metrics | grep -F 'rootapp_mirror_fetches_total' | grep -v '^#' | grep -o '[0-9]*$' | tr '\n' ' ')" "1 0 "
    [ "$(stat -c %a m/socket)" = 600 ] || fail "others may connect: $(stat -c %a m/socket)"
}

mirror_name() { printf %s "$url" | sha256sum | cut -d' ' -f1; }

# Not an older one instead, and no Application without an error.
test_missing_commit() {
    remote
    mirror
    in_app ARGOCD_APP_REVISION=1234567890123456789012345678901234567890
    expect_failure 1 "shared: was not sent; from the mirror it cannot be read: the repository does not have it"
    small "$unpacked" own
    in_app ARGOCD_APP_REVISION=1234567890123456789012345678901234567890
    expect_out "$(small_output own)"
    expect_err_has "warning: what Argo CD has sent is rendered, without the mirror: the repository does not have it"
    get /metrics | grep -qF 'rootapp_render_duration_seconds_count{outcome="sent"} 1' || fail "not counted: $(get /metrics)"
    get /metrics | grep -qF 'rootapp_render_duration_seconds_count{outcome="failed"} 1' || fail "not counted: $(get /metrics)"
}

test_commit_of_no_branch() {
    remote
    git -C remote config uploadpack.allowAnySHA1InWant true
    mirror
    git -C remote checkout -q --detach
    put remote/app/more.txt <<<more
    commit detached
    git -C remote update-ref refs/pull/1/head "$id"
    git -C remote checkout -q main
    in_app
    expect_both
}

# Without a mirror that answers, its copy still has what it has.
test_stopped_mirror() {
    remote
    mirror
    in_app
    stop_mirror
    in_app
    expect_both
    expect_no_err
    commit second
    in_app
    expect_failure 1 "shared: was not sent; from the mirror it cannot be read: it does not answer: Connection refused"
    mirror
    in_app
    expect_both
    rm -r m
    in_app
    expect_failure 1 "it does not answer: No such file or directory"
}

# A mirror with a copy, and a remote that has one commit more and gives it once somebody has written to `gate`.
held_remote() {
    remote
    mirror
    await fetched
    mkfifo gate
    printf '#!/bin/sh\ncat gate\nexec git-upload-pack "$@"\n' >slow && chmod +x slow
    git --git-dir "m/repositories/$(mirror_name)" config remote.origin.uploadpack "$PWD/slow"
    commit second
}

# A remote that answers later than a render can wait.
test_slow_mirror() {
    held_remote
    in_app -- --time-limit 2
    expect_failure 1 "it did not get it within 1 s"
    id=$(git -C remote rev-parse HEAD~1) in_app
    expect_both
    : >gate
    await fetched
    in_app
    expect_both
}

test_failing_remote() {
    remote
    mirror
    in_app
    mv remote elsewhere
    in_app
    expect_both
    in_app ARGOCD_APP_REVISION=1234567890123456789012345678901234567890
    expect_failure 1 "from the mirror it cannot be read: git fetch: "
    await "cannot fetch"
    get /ready | grep -q '200 OK' || fail "a remote that is away stops all renders"
    get /metrics | grep -qF "rootapp_mirror_fetches_total{repository=\"$url\",outcome=\"failed\"} 1" || fail "not counted: $(get /metrics)"
    mv elsewhere remote
    commit second
    in_app
    expect_both
}

test_remote_that_was_never_there() {
    remote
    mv remote elsewhere
    mirror
    await "cannot fetch"
    in_app
    expect_failure 1 "from the mirror it cannot be read: git ls-remote: "
    mv elsewhere remote
    in_app
    expect_both
}

# Old tips stay, whatever git would tidy up, and leave in their time.
test_forced_push() {
    remote
    commit old
    old=$id
    git -C remote branch gone
    mirror
    in_app
    expect_both
    git -C remote reset -q --hard HEAD~1
    git -C remote branch -q -D gone
    git -C remote reflog expire --expire=now --all && git -C remote gc -q --prune=now
    commit new
    in_app
    expect_both
    git --git-dir "m/repositories/$(mirror_name)" gc -q --prune=now
    id=$old in_app
    expect_both
    local kept
    kept=$(git --git-dir "m/repositories/$(mirror_name)" for-each-ref --format='%(refname)' refs/keep)
    same "kept" "$(sed 's|.*/||' <<<"$kept")" "$old"
    git --git-dir "m/repositories/$(mirror_name)" update-ref "refs/keep/1/$old" "$old"
    git --git-dir "m/repositories/$(mirror_name)" update-ref -d "$kept"
    commit newer
    in_app
    same "expired" "$(git --git-dir "m/repositories/$(mirror_name)" for-each-ref refs/keep)" ""
}

# The reader takes no object for what it is not.
test_corrupt_objects() {
    remote
    mirror
    await fetched
    local copy
    copy=m/repositories/$(mirror_name)
    cat "$copy"/objects/pack/*.pack >pack && rm -f "$copy"/objects/pack/* && git --git-dir "$copy" unpack-objects -q <pack
    local tree blob
    tree=$(git -C remote rev-parse "$id^{tree}") blob=$(git -C remote rev-parse "$id:shared/map.yaml")
    chmod -R u+w "$copy/objects"
    local other
    other=$(git -C remote rev-parse "$id:app/map.yaml")
    cp "$copy/objects/${other:0:2}/${other:2}" "$copy/objects/${blob:0:2}/${blob:2}"
    in_app
    expect_failure 1 "shared/map.yaml: object $blob cannot be read: "
    rm "$copy/objects/${tree:0:2}/${tree:2}"
    in_app
    expect_failure 1 "object $tree cannot be read: "
    rm "$copy/objects/${id:0:2}/${id:2}"
    in_app
    expect_failure 1 "shared: was not sent; from the mirror it cannot be read: object $id cannot be read: "
}

# What a checkout changes comes from what git itself has checked out.
test_attributes() {
    remote
    printf '*.txt filter=lfs\n/app/dos.yaml eol=crlf\n' >remote/.gitattributes
    put remote/app/large.txt <<<'version https://git-lfs.github.com/spec/v1'
    put remote/app/kustomization.yaml <<<'{resources: [../shared], configMapGenerator: [{name: a, files: [large.txt]}]}'
    commit attributes
    mirror
    in_app
    expect_failure 1 "app/large.txt: a .gitattributes may change it in a checkout, and Argo CD did not send it: take it out of that line"
    put "$unpacked/large.txt" <<<'what was large'
    in_app
    expect_both
    expect_out_has 'what was large' 'name: shared'
    put remote/.gitattributes <<<'[attr]secret filter=crypt'
    commit macros
    rm -r "${unpacked:?}"/*
    in_app
    expect_failure 1 "app/kustomization.yaml: a .gitattributes may change it"
    put remote/.gitattributes <<<$'*.sh text eol=lf\n*.png -filter\n# *.yaml filter=x\n*.yaml text=auto diff'
    commit harmless
    in_app
    expect_both
}

test_submodules() {
    remote
    git -C remote update-index --add --cacheinfo "160000,$id,app/module"
    put remote/app/kustomization.yaml <<<'resources: [module, ../shared]'
    git -C remote add app/kustomization.yaml && git -C remote commit -q -m module
    id=$(git -C remote rev-parse HEAD)
    mirror
    in_app
    expect_failure 1 "app/module"
    small "$unpacked/module" own
    in_app
    expect_both
}

# A root reads all of the repository, and is sent its own directory.
test_root() {
    # shellcheck source=repository.bash
    . "$TOP/tests/cli/repository.bash"
    unpacked=_cmp_server/0b5ab-1
    mkdir -p "$(dirname "$unpacked")" remote && (cd remote && repository && rm -r .git)
    git init -q -b main remote
    commit first
    cp -r remote/argo/root "$unpacked"
    local root=(ARGOCD_APP_NAME=root ARGOCD_APP_NAMESPACE=argocd ARGOCD_APP_PROJECT_NAME=argocd-root 'ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"dev"}]')
    in_root() {
        status=0 last="generate of a root"
        (cd "$unpacked" && exec env ARGOCD_APP_SOURCE_PATH=argo/root ARGOCD_APP_REVISION="$id" ARGOCD_APP_SOURCE_REPO_URL="$url" "${root[@]}" \
            "$ROOTAPP" generate --mirror "$OLDPWD/m" --root-project argocd-root) >"$LOGS/out" 2>"$LOGS/err" </dev/null || status=$?
    }
    in_root
    expect_failure 1 "apps: was not sent; from the mirror it cannot be read: it does not answer"
    mirror
    in_root
    expect_status 0
    same "dev" "$(kinds "$LOGS/out" | sort | tr '\n' ' ')" "AppProject/default-dev Application/pay-dev Application/shop-dev "
    expect_no_err
}

test_confined() {
    remote
    mirror
    in_app -- --require-confinement
    [ "$status" = 0 ] || grep -q "this kernel does not confine" "$LOGS/err" || fail "$(cat "$LOGS/err")"
}

test_metrics_and_log() {
    remote
    mirror
    await fetched
    python3 -c 'import json, sys; assert json.loads(sys.argv[1]).keys() == {"time", "level", "message", "repository", "milliseconds"}' "$line" || fail "$line"
    in_app
    get /metrics | grep -qF 'rootapp_render_duration_seconds_count{outcome="mirror"} 1' || fail "not counted: $(get /metrics)"
    get /metrics | grep -qE 'rootapp_mirror_repository_age_seconds\{repository="[^"]*"\} [0-9]' || fail "no age: $(get /metrics)"
    get /ready | grep -q '200 OK' || fail "not ready"
    get /other | grep -q '404 Not Found' || fail "found something"
}

test_no_passwords() {
    rootapp mirror --dir m --repo https://user:secret@127.0.0.1:1/x.git --listen nowhere
    expect_failure 1 "--listen nowhere: is no ADDRESS:PORT"
    url=http://user:secret@127.0.0.1:1/x.git
    mirror
    await "cannot fetch"
    [[ $line == *'http://***@127.0.0.1:1/x.git'* ]] || fail "$line"
    ! grep -q secret <<<"$line$(get /metrics)" || fail "a password: $line $(get /metrics)"
}

# libgit2 cannot read it, and git must not: what was sent is rendered, and what was not is an error.
test_sha256() {
    sed 's/init -q -b main/init -q -b main --object-format=sha256/' <<<"$(declare -f remote)" >functions && . ./functions
    remote
    [ ${#id} -eq 64 ] || fail "no SHA-256: $id"
    mirror
    in_app
    expect_failure 1 "shared: was not sent; from the mirror it cannot be read: git's objects cannot be read: libgit2 reads none that are named by SHA-256"
    small "$unpacked" own
    in_app
    expect_out "$(small_output own)"
}

# Whoever writes the copy chooses its configuration, which can name commands, and what a pack's objects are called: git, which obeys the
# one and believes the other, is not run by a render.
test_git_reads_nothing_in_a_render() {
    remote
    mirror
    await fetched
    local copy pack programs
    copy=m/repositories/$(mirror_name)
    programs=$(mktemp -d) # the name of this directory has a colon, which divides PATH
    for pack in "$copy"/objects/pack/*.pack; do : >"${pack%.pack}.promisor"; done
    put "$programs/git" <<<$'#!/bin/sh\n: >'"$PWD"$'/ran\nexit 1'
    chmod +x "$programs/git"
    in_app PATH="$programs:$PATH"
    expect_both
    rm "$copy"/objects/pack/*
    in_app PATH="$programs:$PATH"
    expect_failure 1 "object $id cannot be read: "
    rm -r "$programs"
    [ ! -e ran ] || fail "git was run"
}

test_usage() {
    rootapp mirror
    expect_failure 2 "mirror needs --dir and at least one --repo"
    rootapp mirror --dir m --repo --upload-pack=x
    expect_failure 2 "is no URL"
    remote
    mirror
    rootapp mirror --dir m --repo "$url"
    expect_failure 1 "m: another mirror serves it"
}

# A render that is killed while it waits, or after its answer, is counted, and nobody else notices.
test_killed_render() {
    held_remote
    (cd "$unpacked" && exec env ARGOCD_APP_SOURCE_PATH=app ARGOCD_APP_REVISION="$id" ARGOCD_APP_SOURCE_REPO_URL="$url" \
        "$ROOTAPP" generate --mirror "$OLDPWD/m") >"$LOGS/killed" 2>&1 </dev/null &
    local render=$!
    exec {held}>gate # once the fetch has begun
    kill -9 "$render"
    wait "$render" 2>/dev/null
    exec {held}>&-
    await fetched
    in_app
    expect_both
    same "an answer to nobody" "$(ask "want $(mirror_name) $id"$'\n')" have
    get /metrics | grep -qF 'rootapp_render_duration_seconds_count{outcome="ended"} ' || fail "not counted: $(get /metrics)"
    ! get /metrics | grep -qF 'rootapp_render_duration_seconds_count{outcome="ended"} 0' || fail "not counted: $(get /metrics)"
    in_app
    expect_both
}

# Killed at any moment, it goes on afterwards, and no render gets anything but its commit or an error.
test_killed_mirror() {
    remote
    local round
    for round in 1 2 3 4 5 6; do
        put remote/app/more.txt <<<"$round"
        commit "$round"
        mirror
        [ "$round" -lt 4 ] || await fetched
        in_app & # asks while it dies
        kill -9 "$mirror"
        wait $!
        stop_mirror
    done
    local copy
    copy=m/repositories/$(mirror_name)
    mkdir -p "$copy/refs/heads" "$copy/objects/pack" && touch "$copy/packed-refs.lock" "$copy/refs/heads/main.lock" "$copy/objects/pack/tmp_pack_x"
    mirror
    in_app
    expect_both
    [ ! -e "$copy/objects/pack/tmp_pack_x" ] || fail "what was left behind stays"
    git --git-dir "$copy" fsck --strict >"$LOGS/fsck" 2>&1 || fail "$(cat "$LOGS/fsck")"
}
