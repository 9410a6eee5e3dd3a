# shellcheck shell=bash
# Files by their URL, wherever a kustomization names a file.

test_resources_and_other_files() {
    config_map patched from=web >"$WWW/files/base.yaml"
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: patched}\ndata: {more: "1"}\n' >"$WWW/files/patch.yaml"
    printf '[{"op": "add", "path": "/data/json", "value": "2"}]' >"$WWW/files/patch.json"
    printf 'A=1\nB=2\n' >"$WWW/files/values.env"
    printf -- '- source: {kind: ConfigMap, name: patched, fieldPath: data.more}\n  targets:\n  - select: {kind: ConfigMap, name: made}\n    fieldPaths: [data.A]\n' >"$WWW/files/replacements.yaml"
    printf 'namePrefix:\n- path: metadata/name\n' >"$WWW/files/config.yaml"
    printf 'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: p}\nprefix: p-\nfieldSpecs: [{path: metadata/name}]\n' >"$WWW/files/prefix.yaml"
    agree <<END
resources: ["$URL/files/base.yaml"]
patches:
- path: $URL/files/patch.yaml
- path: $URL/files/patch.json
  target: {kind: ConfigMap}
configMapGenerator:
- name: made
  envs: ["$URL/files/values.env"]
  files: ["$URL/files/values.env", "key=$URL/files/patch.json"]
replacements: [{path: "$URL/files/replacements.yaml"}]
configurations: ["$URL/files/config.yaml"]
transformers: ["$URL/files/prefix.yaml"]
END
    expect_status 0
    agree <<END
resources: ["$URL/files/base.yaml"]
patchesStrategicMerge: ["$URL/files/patch.yaml"]
patchesJson6902: [{path: "$URL/files/patch.json", target: {version: v1, kind: ConfigMap, name: patched}}]
END
    expect_status 0
}

test_answers() {
    agree <<<"resources: [\"$URL/none.yaml\"]"
    expect_failure 1 "$URL/none.yaml" "status code 404 (Not Found)"
    agree <<<"resources: [\"$URL/files/none.yaml\"]"
    expect_failure 1 "$URL/files/none.yaml" "404"
    agree <<<"resources: [\"$URL/status/500/a/b.yaml\"]"
    expect_failure 1 "500"
    agree <<<"patches: [{path: \"$URL/files/none.yaml\"}]
resources: [\"$URL/files/map.yaml\"]"
    expect_failure 1 "$URL/files/none.yaml" "404"
    agree <<<'resources: ["http://127.0.0.1:1/a/b.yaml"]'
    expect_failure 1 "127.0.0.1" "connect"
    printf 'a: b: c' >"$WWW/files/broken.yaml"
    agree <<<"resources: [\"$URL/files/broken.yaml\"]"
    expect_failure 1 "$URL/files/broken.yaml"
    printf '<html><body>hello</body></html>' >"$WWW/files/page"
    agree <<<"resources: [\"$URL/files/page\"]"
    expect_status 1
}

test_redirects() {
    local code
    for code in 301 302 303 307 308; do
        agree <<<"resources: [\"$URL/redirect/$code/files/map.yaml\"]"
        expect_status 0
    done
    agree <<<"resources: [\"$URL/loop\"]"
    expect_failure 1 "stopped after 10 redirects"
    FETCH=(--cache "$CACHE/listed" --allow-host 127.0.0.1)
    build <<<"resources: [\"$URL/redirect/302/http:/localhost:$PORT/files/map.yaml\"]"
    expect_failure 1 "--allow-host does not list 'localhost'"
}

test_too_large() {
    build <<<"resources: [\"$URL/large\"]"
    expect_failure 1 "larger than 64 MiB"
}

test_passwords_are_not_shown() {
    agree <<<"resources: [\"http://user:secret@127.0.0.1:$PORT/private/map.yaml\"]"
    expect_out_has 'name: file'
    agree <<<"resources: [\"http://user:secret@127.0.0.1:$PORT/private-git/org/app//base\"]"
    expect_out_has 'name: app'
    build <<<"resources: [\"http://user:S3cret@127.0.0.1:$PORT/private/map.yaml?token=T0ken&ref=main\"]"
    expect_failure 1 "http://***@127.0.0.1:$PORT" "token=***" "ref=main"
    ! grep -qE 'S3cret|T0ken' "$LOGS/err" || fail "a secret is shown: $(cat "$LOGS/err")"
    build <<<"resources: [\"http://user:S3cret@127.0.0.1:$PORT/private-git/org/app//base\"]"
    expect_failure 1 "Authentication failed"
    ! grep -q S3cret "$LOGS/err" || fail "a secret is shown: $(cat "$LOGS/err")"
}

# git asks a terminal or a helper for a password, and we have none.
test_no_prompts() {
    local started=$SECONDS
    build <<<"resources: [\"$URL/private-git/org/app//base\"]"
    expect_failure 1 "could not read Username"
    [ $((SECONDS - started)) -lt 10 ] || fail "it waited for somebody"
    git config --global credential.helper '!f() { echo username=user; echo password=secret; }; f'
    build <<<"resources: [\"$URL/private-git/org/app//base\"]"
    expect_status 0
    git config --global --unset credential.helper
}
