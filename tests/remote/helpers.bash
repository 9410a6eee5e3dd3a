# Helpers of the tests with servers, on top of those of tests/cli. `begin` gives each test a cache and a directory for
# temporary files of its own, which must be empty in the end.
# shellcheck shell=bash

begin() {
    CACHE=$LOGS/cache
    FETCH=(--cache "$CACHE")
    export TMPDIR=$LOGS/tmp HOME=$LOGS/home
    mkdir -p "$HOME"
    cp "$SERVED/home/.gitconfig" "$HOME"
    : >"$SERVED/log"
}

# An sshd for ourselves on a free port: $SSH_PORT, and an ssh configuration that git uses.
start_sshd() {
    local sshd=/usr/sbin/sshd directory=$SERVED/ssh
    [ -x "$sshd" ] && command -v ssh-keygen >/dev/null || return 1
    mkdir -p "$directory"
    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
    ssh-keygen -q -t ed25519 -N '' -f "$directory/host" && ssh-keygen -q -t ed25519 -N '' -f "$directory/user" || return 1
    cp "$directory/user.pub" "$directory/authorized"
    SSH_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    cat >"$directory/sshd_config" <<END
ListenAddress 127.0.0.1:$SSH_PORT
HostKey $directory/host
AuthorizedKeysFile $directory/authorized
PidFile $directory/pid
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
END
    cat >"$directory/config" <<END
Host 127.0.0.1 localhost
  Port $SSH_PORT
  IdentityFile $directory/user
  IdentitiesOnly yes
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  LogLevel ERROR
END
    "$sshd" -D -f "$directory/sshd_config" 2>"$directory/log" &
    sshd_pid=$!
    sleep 0.3
    kill -0 "$sshd_pid" 2>/dev/null || return 1
    export SSH_PORT
}

needs_ssh() {
    [ -n "${SSH_PORT:-}" ] || skip "no sshd is installed"
    export GIT_SSH_COMMAND="ssh -F $SERVED/ssh/config"
}

needs_helm() {
    [ -n "$HELM" ] || skip "no helm is installed (HELM names one)"
}

commit() { # DIRECTORY: everything in it
    git -C "$1" add -A && git -C "$1" commit -qm change
}

publish() { # DIRECTORY NAME: as a bare repository that the web server and sshd serve
    rm -rf "$WWW/git/$2"
    mkdir -p "$(dirname "$WWW/git/$2")"
    git clone -q --bare "$1" "$WWW/git/$2" 2>/dev/null && git -C "$WWW/git/$2" config uploadpack.allowAnySHA1InWant true
}

config_map() { # NAME [KEY=VALUE]
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %s\ndata:\n  %s: "%s"\n' "$1" "${2%%=*}" "${2#*=}"
}

# org/app: tags v1 (lightweight), v1a (annotated) and 1.0, branches main and feature/x; directories base, overlay, component.
make_repositories() {
    local source=$SERVED/source/app
    mkdir -p "$source/base" "$source/overlay" "$source/component"
    git init -q "$source"
    config_map app version=1 >"$source/base/map.yaml"
    echo 'resources: [map.yaml]' >"$source/base/kustomization.yaml"
    printf 'resources: [../base]\nnamePrefix: over-\n' >"$source/overlay/kustomization.yaml"
    printf 'resources: [overlay]\n' >"$source/kustomization.yaml"
    printf 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {component: "yes"}\n' \
        >"$source/component/kustomization.yaml"
    commit "$source" && git -C "$source" tag v1 && git -C "$source" tag -a v1a -m annotated
    config_map app version=2 >"$source/base/map.yaml"
    commit "$source" && git -C "$source" tag 1.0 && git -C "$source" branch feature/x
    publish "$source" org/app && publish "$source" org/app.git
    config_map file from=web >"$WWW/files/map.yaml"
}

requests() { # how many the web server has answered
    wc -l <"$SERVED/log"
}

# Builds `kustomization.yaml` (from standard input) in the directory app, with the words given; $status, out and err.
build() {
    put app/kustomization.yaml
    rootapp build app "${FETCH[@]}" "$@"
    no_leftovers
}

no_leftovers() {
    local left
    left=$(find "$TMPDIR" "$CACHE/tmp" -mindepth 1 2>/dev/null | head -3)
    [ -z "$left" ] || fail "$last: left $left"
}

# The same as kustomize prints for it, byte for byte; or both fail.
same_as_kustomize() { # WORDS...
    local theirs=0
    [ -n "$KUSTOMIZE" ] || return 0
    "$KUSTOMIZE" build app "$@" >"$LOGS/theirs" 2>"$LOGS/theirs.err" || theirs=$?
    if [ "$status" -eq 0 ] && [ "$theirs" -eq 0 ]; then
        cmp -s "$LOGS/out" "$LOGS/theirs" || fail "$last: differs from kustomize: $(diff "$LOGS/out" "$LOGS/theirs" | head -20)"
    elif [ "$status" -eq 0 ] || [ "$theirs" -eq 0 ]; then
        fail "$last: exit status $status ($(head -c 300 "$LOGS/err")), and of kustomize $theirs ($(head -c 300 "$LOGS/theirs.err"))"
    fi
    find "$TMPDIR" -mindepth 1 -delete
}

forget_requests() {
    : >"$SERVED/log"
}

# Builds and compares.
agree() { # WORDS...: standard input is the kustomization
    build "$@"
    same_as_kustomize "$@"
}
