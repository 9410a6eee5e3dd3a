# shellcheck shell=bash
# The cache, offline builds, and many builds at once.

test_commit_is_fetched_once() {
    local commit
    commit=$(git -C "$WWW/git/org/app" rev-parse v1)
    build <<<"resources: [\"$URL/git/org/app//base?ref=$commit\"]"
    expect_out_has 'version: "1"'
    forget_requests
    build <<<"resources: [\"$URL/git/org/app//overlay?ref=$commit\"]"
    expect_out_has 'name: over-app'
    same "requests" "$(requests)" 0
}

test_branch_is_asked_for_each_time() {
    local source=$SERVED/source/moving
    mkdir -p "$source"
    git init -q "$source"
    config_map moving at=1 >"$source/map.yaml"
    echo 'resources: [map.yaml]' >"$source/kustomization.yaml"
    commit "$source" && publish "$source" org/moving
    build <<<"resources: [\"$URL/git/org/moving//\"]"
    expect_out_has 'at: "1"'
    forget_requests
    build <<<"resources: [\"$URL/git/org/moving//\"]"
    expect_out_has 'at: "1"'
    grep -q 'git-upload-pack' "$SERVED/log" || fail "the server was not asked"
    config_map moving at=2 >"$source/map.yaml"
    commit "$source" && publish "$source" org/moving
    build --offline <<<"resources: [\"$URL/git/org/moving//\"]"
    expect_out_has 'at: "1"'
    build <<<"resources: [\"$URL/git/org/moving//\"]"
    expect_out_has 'at: "2"'
    build --offline <<<"resources: [\"$URL/git/org/moving//\"]"
    expect_out_has 'at: "2"'
}

test_offline() {
    build --offline <<<"resources: [\"$URL/git/org/app//base\"]"
    expect_failure 1 "'$URL/git/org/app' is not in the cache"
    build --offline <<<"resources: [\"$URL/files/map.yaml\"]"
    expect_failure 1 "$URL/files/map.yaml" "is not in the cache"
    same "requests" "$(requests)" 0
    build <<<"resources: [\"$URL/git/org/app//base?ref=v1a\", \"$URL/files/map.yaml\"]"
    forget_requests
    build --offline <<<"resources: [\"$URL/git/org/app//base?ref=v1a\", \"$URL/files/map.yaml\"]"
    expect_out_has 'name: app' 'name: file'
    same "requests" "$(requests)" 0
}

test_within_one_build() {
    put app/a/kustomization.yaml <<<"resources: [\"$URL/git/org/app//base\", \"$URL/files/map.yaml\"]
namePrefix: a-"
    put app/b/kustomization.yaml <<<"resources: [\"$URL/git/org/app//base\", \"$URL/files/map.yaml\"]
namePrefix: b-"
    FETCH=()
    HOME=$WWW/files/map.yaml build <<<'resources: [a, b]'
    expect_out_has 'name: a-app' 'name: b-file'
    same "fetches" "$(grep -c 'POST.*git-upload-pack' "$SERVED/log")" 2
    same "gets" "$(grep -c 'GET /files/map.yaml' "$SERVED/log")" 1
}

test_entity_tags() {
    config_map tagged at=1 >"$WWW/files/tagged.yaml"
    build <<<"resources: [\"$URL/etag/tagged.yaml\"]"
    expect_out_has 'at: "1"'
    build <<<"resources: [\"$URL/etag/tagged.yaml\"]"
    expect_out_has 'at: "1"'
    same "answers" "$(cut -d' ' -f3 "$SERVED/log" | paste -sd' ')" "200 304"
    config_map tagged at=2 >"$WWW/files/tagged.yaml"
    build <<<"resources: [\"$URL/etag/tagged.yaml\"]"
    expect_out_has 'at: "2"'
}

# Many processes with one empty cache: all print the same, and nothing half-made stays.
test_many_at_once() {
    local i
    put app/kustomization.yaml <<<"resources: [\"$URL/git/org/app//overlay?ref=v1\", \"$URL/files/map.yaml\"]"
    for i in 1 2 3 4 5 6 7 8; do
        "$ROOTAPP" build app "${FETCH[@]}" >"$LOGS/out.$i" 2>"$LOGS/err.$i" &
    done
    wait
    for i in 1 2 3 4 5 6 7 8; do
        cmp "$LOGS/out.1" "$LOGS/out.$i" || fail "$(cat "$LOGS/err.$i")"
        [ ! -s "$LOGS/err.$i" ] || fail "$(cat "$LOGS/err.$i")"
    done
    grep -q 'name: over-app' "$LOGS/out.1" || fail "nothing was built"
    same "checkouts" "$(find "$CACHE/commits" -mindepth 1 -maxdepth 1 | wc -l)" 1
    last="eight builds"
    no_leftovers
}

test_places_of_the_cache() {
    put app/kustomization.yaml <<<"resources: [\"$URL/git/org/app//base?ref=v1\"]"
    HOME=$PWD/home rootapp build app
    expect_status 0
    [ -d home/.cache/rootapp/commits ] || fail "nothing is in ~/.cache/rootapp"
    same "mode" "$(stat -c %a home/.cache/rootapp)" 700
    XDG_CACHE_HOME=$PWD/xdg rootapp build app
    [ -d xdg/rootapp/commits ] || fail "nothing is in XDG_CACHE_HOME"
    mkdir -p readonly && touch readonly/.cache
    HOME=$PWD/readonly rootapp build app
    expect_status 0
    touch file
    rootapp build app --cache file/x
    expect_failure 1 "--cache" "file/x"
    no_leftovers
}

# A build that is killed leaves a temporary directory, which nobody holds; the next one removes it.
test_leftovers_of_others() {
    local holder
    mkdir -p "$TMPDIR/rootapp-tmp-killed/x" "$TMPDIR/rootapp-tmp-living" "$TMPDIR/other"
    exec {holder}<"$TMPDIR/rootapp-tmp-living"
    flock "$holder"
    HOME=$WWW/files/map.yaml rootapp build "$URL/git/org/app//base"
    expect_status 0
    same "directories" "$(ls "$TMPDIR" | paste -sd' ')" "other rootapp-tmp-living"
    exec {holder}<&-
    rm -rf "${TMPDIR:?}"/*
}
