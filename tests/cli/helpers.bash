# Helpers of the command line tests. A test calls `rootapp ...` and says what it expects; every failed expectation is
# reported, and the test goes on.
# shellcheck shell=bash
failures=0

fail() { # MESSAGE...
    echo "$*"
    failures=1
}

skip() { # WHY
    echo "$*"
    exit 77
}

# A misspelt expectation expects nothing: the test fails, wherever that was called.
command_not_found_handle() {
    echo "$1: command not found" | tee -a "$LOGS/unknown" >&2
    return 127
}

# Runs the program: output in the file `out`, messages in `err`, exit status in $status.
rootapp() {
    status=0
    "$ROOTAPP" "$@" >"$LOGS/out" 2>"$LOGS/err" </dev/null || status=$?
    last="rootapp $*"
}
LOGS=$(dirname "$PWD")

expect_status() { # STATUS
    [ "$status" = "$1" ] || fail "$last: exit status $status, expected $1; $(head -c 500 "$LOGS/err")"
}

expect_out() { # TEXT: standard output is exactly this, and a line break
    [ "$(cat "$LOGS/out"; echo .)" = "$1
." ] || fail "$last: printed '$(head -c 2000 "$LOGS/out")', expected '$1'"
}

expect_out_has() { # TEXT...
    local text
    for text in "$@"; do
        grep -qF -e "$text" "$LOGS/out" || fail "$last: '$text' is not in '$(head -c 2000 "$LOGS/out")'"
    done
}

expect_err_has() { # TEXT...
    local text
    for text in "$@"; do
        grep -qF -e "$text" "$LOGS/err" || fail "$last: '$text' is not in '$(head -c 2000 "$LOGS/err")'"
    done
}

expect_no_out() {
    [ ! -s "$LOGS/out" ] || fail "$last: printed '$(head -c 500 "$LOGS/out")', expected nothing"
}

expect_no_err() {
    [ ! -s "$LOGS/err" ] || fail "$last: complained '$(head -c 500 "$LOGS/err")', expected nothing"
}

# A clean failure: this exit status, one line on standard error that holds each TEXT, nothing on standard output.
expect_failure() { # STATUS TEXT...
    expect_status "$1"
    shift
    expect_no_out
    [ "$(wc -l <"$LOGS/err")" = 1 ] || fail "$last: not one line of error: '$(head -c 2000 "$LOGS/err")'"
    expect_err_has "rootapp: " "$@"
}

same() { # WHAT GOT EXPECTED
    [ "$2" = "$3" ] || fail "$1: '$2', expected '$3'"
}

no_file() { # PATH...
    local path
    for path in "$@"; do
        [ ! -e "$path" ] && [ ! -L "$path" ] || fail "$path exists"
    done
}

put() { # PATH: writes standard input there
    mkdir -p "$(dirname "$1")"
    cat >"$1"
}

# The smallest kustomization: one ConfigMap called NAME.
small() { # DIRECTORY [NAME]
    put "$1/kustomization.yaml" <<END
resources:
- map.yaml
END
    put "$1/map.yaml" <<END
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${2:-small}
data:
  a: "1"
END
}

small_output() { # [NAME]: what it renders to
    printf 'apiVersion: v1\ndata:\n  a: "1"\nkind: ConfigMap\nmetadata:\n  name: %s' "${1:-small}"
}

kustomize_program() {
    command -v kustomize || { [ -x "$HOME/.cache/rootapp-e2e/bin/kustomize" ] && echo "$HOME/.cache/rootapp-e2e/bin/kustomize"; }
}
