# shellcheck shell=bash
# Remote bases: what is fetched, and how URLs are read.

test_forms_of_http_urls() {
    local url
    for url in "$URL/git/org/app//base" "$URL/git/org/app.git/base" "$URL/git/org/app.git" "$URL/git/org/app//" \
        "$URL/git/org/app//base/" "$URL/git/org/app//./overlay" "git::$URL/git/org/app.git//base" \
        "HTTP://127.0.0.1:$PORT/git/org/app//base" "$URL/git/org/app//base?ref=" "$URL/git/org/app//base?submodules=0"; do
        agree <<<"resources: [\"$url\"]"
        expect_status 0
    done
}

test_refs() {
    local ref commit
    commit=$(git -C "$WWW/git/org/app" rev-parse v1)
    for ref in v1 v1a 1.0 main feature/x refs/tags/v1 refs/heads/main tags/v1 heads/main "$commit"; do
        agree <<<"resources: [\"$URL/git/org/app//overlay?ref=$ref\"]"
        expect_status 0
    done
    agree <<<"resources: [\"$URL/git/org/app//overlay?version=v1\"]"
    expect_out_has 'version: "1"'
    agree <<<"resources: [\"$URL/git/org/app//overlay?version=main&ref=v1\"]"
    expect_out_has 'version: "1"'
}

test_refs_that_are_not_there() {
    agree <<<"resources: [\"$URL/git/org/app//base?ref=nope\"]"
    expect_failure 1 "app/kustomization.yaml:1:13" "$URL/git/org/app" "couldn't find remote ref nope"
    agree <<<"resources: [\"$URL/git/org/none//base\"]"
    expect_failure 1 "$URL/git/org/none" "not found"
    agree <<<"resources: [\"$URL/git/org/app//none\"]"
    expect_failure 1 "none: no such file or directory"
    agree <<<"resources: [\"$URL/git/org/app//base/map.yaml\"]"
    expect_failure 1 "refers to a file"
    agree <<<"resources: [\"$URL/git/org/app//component\"]"
    expect_failure 1 "Component" "list it under components"
}

# A ref that looks like an option must not become one.
test_refs_like_options() {
    local ref
    for ref in --upload-pack=/bin/false -u --exec=x; do
        build <<<"resources: [\"$URL/git/org/app//base?ref=$ref\"]"
        expect_failure 1 "begins with a dash"
    done
    for url in 'ssh://-oProxyCommand=touch$IFS@x/a/b' 'u@-oProxyCommand=x:a/b'; do
        build <<<"resources: ['$url']"
        expect_status 1
    done
    no_file app/x x
}

test_components_and_nested_bases() {
    local source=$SERVED/source/nested
    mkdir -p "$source"
    git init -q "$source"
    printf 'resources: ["%s"]\nnameSuffix: -nested\n' "$URL/git/org/app//base?ref=v1" >"$source/kustomization.yaml"
    commit "$source" && publish "$source" org/nested
    agree <<END
resources: ["$URL/git/org/nested//"]
components: ["$URL/git/org/app//component"]
END
    expect_out_has 'name: app-nested' 'component: "yes"'
}

test_origins() {
    agree <<END
resources: ["$URL/git/org/app//overlay?ref=1.0", "$URL/git/org/app.git?ref=feature/x", "$URL/files/map.yaml"]
namePrefix: x-
nameSuffix: -y
buildMetadata: [originAnnotations, transformerAnnotations]
END
    agree <<END
resources: ["$URL/git/org/app//overlay?ref=1.0", "$URL/files/map.yaml"]
components: ["$URL/git/org/app//component?ref=v1"]
configMapGenerator: [{name: own, literals: [a=1]}]
buildMetadata: [originAnnotations, transformerAnnotations]
END
    expect_out_has 'repo: ' "ref: \"1.0\"" 'path: base/map.yaml'
}

test_root_of_the_build() {
    rootapp build "$URL/git/org/app//overlay?ref=v1" "${FETCH[@]}"
    expect_status 0
    cp "$LOGS/out" ours
    [ -z "$KUSTOMIZE" ] || same "as kustomize" "$(cat ours)" "$("$KUSTOMIZE" build "$URL/git/org/app//overlay?ref=v1")"
    rootapp build "$URL/git/org/none//overlay" "${FETCH[@]}"
    expect_failure 1 "$URL/git/org/none"
    no_leftovers
}

test_submodules() {
    local part=$SERVED/source/part source=$SERVED/source/whole inner=$SERVED/source/inner
    mkdir -p "$part" "$source" "$inner"
    git init -q "$inner"
    config_map inner a=1 >"$inner/map.yaml"
    echo 'resources: [map.yaml]' >"$inner/kustomization.yaml"
    commit "$inner" && publish "$inner" org/inner
    git init -q "$part"
    echo 'resources: [inner]' >"$part/kustomization.yaml"
    git -C "$part" submodule --quiet add "$URL/git/org/inner" inner
    commit "$part" && publish "$part" org/part
    git init -q "$source"
    git -C "$source" remote add origin "$URL/git/org/whole"
    git -C "$source" submodule --quiet add "$URL/git/org/part" part
    git config -f "$source/.gitmodules" submodule.part.url ../part
    echo 'resources: [part]' >"$source/kustomization.yaml"
    commit "$source" && publish "$source" org/whole
    agree <<<"resources: [\"$URL/git/org/whole//\"]"
    expect_out_has 'name: inner'
    agree <<<"resources: [\"$URL/git/org/whole//?submodules=false\"]"
    expect_status 1
    FETCH=(--cache "$CACHE/listed" --allow-host 127.0.0.1)
    build <<<"resources: [\"$URL/git/org/whole//\"]"
    expect_out_has 'name: inner'
    git config -f "$part/.gitmodules" submodule.inner.url "http://localhost:$PORT/git/org/inner"
    commit "$part" && publish "$part" org/part
    git -C "$source/part" fetch -q && git -C "$source/part" checkout -q FETCH_HEAD
    commit "$source" && publish "$source" org/whole
    FETCH=(--cache "$CACHE/other" --allow-host 127.0.0.1)
    build <<<"resources: [\"$URL/git/org/whole//\"]"
    expect_failure 1 "--allow-host does not list 'localhost'"
}

# kustomizations of a clone stay in the clone, and their files in their own directory.
test_confinement() {
    local source=$SERVED/source/escapes
    mkdir -p "$source/app/deep" "$source/other"
    git init -q "$source"
    config_map other a=1 >"$source/other/map.yaml"
    echo "secret" >"$SERVED/outside.txt"
    ln -s "$SERVED" "$source/out"
    touch "$source/app/deep/README"
    ln -s ../other/map.yaml "$source/app/link.yaml"
    try() { # KUSTOMIZATION MESSAGE...
        cat >"$source/app/kustomization.yaml" <<<"$1"
        commit "$source" && publish "$source" org/escapes
        agree --load-restrictor LoadRestrictionsNone <<<"resources: [\"$URL/git/org/escapes//app\"]"
        shift
        expect_failure 1 "$@"
    }
    try 'resources: [../../outside]' "leads out of the repository"
    try 'resources: [../out]' "leads out of the repository"
    try 'resources: [../other/map.yaml]' "security"
    try 'resources: [link.yaml]' "security"
    try 'configMapGenerator: [{name: a, files: [../../outside.txt]}]' "outside.txt"
    try 'configMapGenerator: [{name: a, files: [../out/outside.txt]}]' "outside.txt"
    try "configMapGenerator: [{name: a, files: [$SERVED/outside.txt]}]" "security"
    try 'resources: [..]' "cycle"
    try 'resources: [deep]' "unable to find one of 'kustomization.yaml'"
    agree <<<"resources: [\"$URL/git/org/escapes//out\"]"
    expect_failure 1 "leads out of the repository"
}

test_cycles() {
    local source=$SERVED/source/cycle
    mkdir -p "$source/sub"
    git init -q "$source"
    printf 'resources: ["%s"]\n' "$URL/git/org/cycle//" >"$source/kustomization.yaml"
    printf 'resources: ["%s"]\n' "$URL/git/org/cycle//sub" >"$source/sub/kustomization.yaml"
    commit "$source" && publish "$source" org/cycle
    agree <<<"resources: [\"$URL/git/org/cycle//\"]"
    expect_failure 1 "cycle detected: URI"
    agree <<<"resources: [\"$URL/git/org/cycle//sub\"]"
    expect_failure 1 "cycle detected: URI"
}

# Errors name the repository's file, with line and column.
test_errors_in_a_clone() {
    local source=$SERVED/source/broken
    mkdir -p "$source/base"
    git init -q "$source"
    printf 'resources:\n- map.yaml\n\nnameprefx: a-\n' >"$source/base/kustomization.yaml"
    commit "$source" && publish "$source" org/broken
    agree <<<"resources: [\"$URL/git/org/broken//base?ref=main\"]"
    expect_failure 1 "$URL/git/org/broken//base/kustomization.yaml:4:1: " 'unknown field "nameprefx"'
}

test_timeout() {
    local started=$SECONDS
    build <<<"resources: [\"$URL/hang/org/app.git?timeout=1\"]"
    expect_failure 1 "hit 1s timeout"
    [ $((SECONDS - started)) -lt 15 ] || fail "it took $((SECONDS - started)) s"
}

test_file_urls() {
    local url
    for url in "file://$SERVED/source/app//overlay?ref=v1" "file://$SERVED/source/app" "file://$WWW/git/org/app.git/base"; do
        agree <<<"resources: [\"$url\"]"
        expect_status 0
    done
}

test_ssh() {
    local url user
    needs_ssh
    user=$(id -un)
    for url in "ssh://$user@127.0.0.1:$SSH_PORT$WWW/git/org/app.git//overlay?ref=v1" \
        "ssh://$user@127.0.0.1$WWW/git/org/app.git/base" "$user@127.0.0.1:$WWW/git/org/app.git//base" \
        "git::$user@127.0.0.1:$WWW/git/org/app.git"; do
        agree <<<"resources: [\"$url\"]"
        expect_status 0
    done
    agree <<<"resources: [\"$user@127.0.0.1:$WWW/git/org/none.git//base\"]"
    expect_failure 1 "none.git"
    FETCH=(--cache "$CACHE/listed" --allow-host 127.0.0.1)
    build <<<"resources: [\"$user@127.0.0.1:$WWW/git/org/app.git//base\"]"
    expect_status 0
}

# What is named like a repository is one, even where a directory has that name; a file wins.
test_local_things_with_remote_names() {
    small app/github.com/org/repo
    small app/user@host
    build --offline <<<'resources: [github.com/org/repo]'
    expect_failure 1 "https://github.com/org/repo"
    config_map local a=1 | put "app/git@example.com:x/y.yaml"
    agree <<<'resources: ["git@example.com:x/y.yaml"]'
    expect_out_has 'name: local'
}
