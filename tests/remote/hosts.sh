# shellcheck shell=bash
# Who may be asked: --allow-host, and what `generate` refuses.

generate() { # WORDS...: in app
    cd app || return
    rootapp generate "$@"
    cd ..
}

test_listed_hosts() {
    FETCH=(--allow-host 127.0.0.1)
    build <<<"resources: [\"$URL/git/org/app//base\", \"$URL/files/map.yaml\"]"
    expect_status 0
    forget_requests
    FETCH=(--allow-host example.com --allow-host '*.example.org')
    build <<<"resources: [\"$URL/git/org/app//base\"]"
    expect_failure 1 "'$URL/git/org/app' is refused: --allow-host does not list '127.0.0.1'"
    build <<<"resources: [\"$URL/files/map.yaml\"]"
    expect_failure 1 "--allow-host does not list '127.0.0.1'"
    build <<<"resources: [\"file://$SERVED/source/app//base\"]"
    expect_failure 1 "only https, http and ssh are allowed"
    same "requests" "$(requests)" 0
}

# No two programs read these alike, so they are refused where hosts are listed.
test_tricky_hosts() {
    local url
    FETCH=(--allow-host good.example)
    for url in "http://good.example@127.0.0.1:$PORT/git/org/app.git" "http://good.example:x@127.0.0.1:$PORT/git/org/app.git" \
        "http://a@good.example@127.0.0.1:$PORT/git/org/app.git" "http://127.0.0.1:$PORT#@good.example/git/org/app.git" \
        "http://127.0.0.1:$PORT\\\\@good.example/git/org/app.git" "http://127.0.0.1%00.good.example:$PORT/git/org/app.git" \
        "http://good.example.127.0.0.1.nip.invalid/git/org/app.git" "git@good.example/$SERVED/source/app" \
        "http://[::ffff:127.0.0.1]:$PORT/git/org/app.git" "http://2130706433:$PORT/git/org/app.git"; do
        build <<<"resources: [\"$url\"]"
        expect_failure 1 "refused"
    done
    same "requests" "$(requests)" 0
}

# A pattern does not open the machine itself; its exact name does.
test_patterns_and_local_addresses() {
    local host
    for host in 127.0.0.1 localhost '[::1]' 0.0.0.0 127.1 2130706433 0x7f.1; do
        FETCH=(--allow-host '*')
        build <<<"resources: [\"http://$host:$PORT/git/org/app.git\"]"
        expect_failure 1 "is refused" "address of this machine"
        build <<<"patches: [{path: \"http://$host:$PORT/files/map.yaml\"}]
configMapGenerator: [{name: a}]"
        expect_failure 1 "address of this machine"
    done
    same "requests" "$(requests)" 0
    FETCH=(--allow-host '*' --allow-host localhost)
    build <<<"resources: [\"http://localhost:$PORT/files/map.yaml\"]"
    expect_status 0
}

test_generate_refuses() {
    local url
    for url in "$URL/git/org/app//base" "$URL/files/map.yaml" "file://$SERVED/source/app//base" "git@127.0.0.1:org/app.git"; do
        put app/kustomization.yaml <<<"resources: [\"$url\"]"
        generate
        expect_failure 1 "is remote, and nothing remote is fetched here unless --allow-host names its host"
    done
    same "requests" "$(requests)" 0
    no_file "$HOME/.cache/rootapp"
}

test_generate_with_a_list() {
    put app/kustomization.yaml <<<"resources: [\"$URL/git/org/app//base\", \"$URL/files/map.yaml\"]"
    generate --allow-host 127.0.0.1
    expect_out_has 'name: app' 'name: file'
    no_file "$HOME/.cache/rootapp"
    no_leftovers
    generate --allow-host 127.0.0.1 --cache "$CACHE"
    expect_status 0
    [ -d "$CACHE/commits" ] || fail "nothing was kept"
    put app/kustomization.yaml <<<"resources: [\"file://$SERVED/source/app//base\"]"
    generate --allow-host '*'
    expect_failure 1 "only https, http and ssh are allowed"
    put app/kustomization.yaml <<<"resources: [\"$URL/git/org/app//base\"]"
    generate --allow-host '*'
    expect_failure 1 "address of this machine"
}

# Programs are for those who run rootapp themselves.
test_generate_runs_no_programs() {
    put app/kustomization.yaml <<<'transformers: [fn.yaml]'
    put app/fn.yaml <<'END'
apiVersion: example.com/v1
kind: Fn
metadata: {name: fn, annotations: {config.kubernetes.io/function: "exec: {path: ./fn.sh}"}}
END
    generate
    expect_failure 1 "external plugins disabled"
    generate --enable-exec
    expect_failure 2 "unknown option '--enable-exec'"
}
