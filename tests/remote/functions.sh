# shellcheck shell=bash
# KRM functions and exec plugins: what they are given, and what becomes of what they give back.
ON=(--enable-alpha-plugins --enable-exec)

# app/fn.sh copies its input to $LOGS/input and passes it on through `sed "$EDIT"`; app/fn.yaml configures it.
make_function() {
    put app/fn.sh <<'END'
#!/bin/sh
{ pwd; echo "$@"; env | grep ^FN_ | sort; } >>"$LOGS/call"
tee -a "$LOGS/input" | sed "${EDIT:-s/x/x/}"
END
    chmod +x app/fn.sh
    put app/fn.yaml <<'END'
apiVersion: example.com/v1
kind: Fn
metadata:
  name: fn
  annotations:
    config.kubernetes.io/function: |
      exec:
        path: ./fn.sh
        args: [a, "b c"]
        envs: [FN_A=1, FN_B=x=y, FN_C=3]
spec: {b: 1, a: 0x10}
END
    put app/all.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: a, annotations: {x: "1", y: 2, z: "on"}}
data: {k: 'v', n: "5", m: "two\nlines\n", s: "  x"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, namespace: ns}
spec: {replicas: 010, f: 1.50, t: 2020-01-01, template: {spec: {containers: [{name: c, image: i, args: [~, "", []]}]}}}
END
    export LOGS
}

# Builds and compares, also what the programs were given.
agree_on_input() {
    rm -f "$LOGS/input" "$LOGS/call"
    build "$@"
    touch "$LOGS/input" "$LOGS/call"
    mv "$LOGS/input" "$LOGS/our.input" && mv "$LOGS/call" "$LOGS/our.call"
    [ -n "$KUSTOMIZE" ] || return 0
    same_as_kustomize "$@"
    touch "$LOGS/input" "$LOGS/call"
    same "input" "$(cat "$LOGS/our.input")" "$(cat "$LOGS/input")"
    same "call" "$(cat "$LOGS/our.call")" "$(cat "$LOGS/call")"
}

test_as_transformer() {
    make_function
    agree_on_input "${ON[@]}" <<'END'
resources: [all.yaml]
namePrefix: p-
configMapGenerator: [{name: g, literals: [a=1]}]
transformers: [fn.yaml]
END
    expect_status 0
    grep -q 'kind: ResourceList' "$LOGS/our.input" || fail "the function got no list"
    agree_on_input "${ON[@]}" --env FN_A=2 -e FN_D=4 <<<$'resources: [all.yaml]\ntransformers: [fn.yaml, fn.yaml]' 2>/dev/null
}

test_as_generator() {
    make_function
    agree_on_input "${ON[@]}" <<<$'generators: [fn.yaml]\nresources: [all.yaml]\nbuildMetadata: [originAnnotations, transformerAnnotations]\nnameSuffix: -s'
    put app/fn.sh <<'END'
#!/bin/sh
cat >/dev/null
cat <<X
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: made, annotations: {kustomize.config.k8s.io/needs-hash: "true"}}, data: {a: b}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {kustomize.config.k8s.io/behavior: merge}}, data: {a: b}}
X
END
    agree "${ON[@]}" <<<$'generators: [fn.yaml]\nresources: [all.yaml]\nbuildMetadata: [originAnnotations]'
    expect_out_has 'name: made-' 'a: b'
}

test_as_validator() {
    make_function
    sed -i 's/, y: 2//' app/all.yaml
    agree "${ON[@]}" <<<$'resources: [all.yaml]\nvalidators: [fn.yaml]'
    export EDIT='s/replicas: 8/replicas: 9/'
    agree "${ON[@]}" <<<$'resources: [all.yaml]\nvalidators: [fn.yaml]'
    expect_failure 1 "validator shouldn't modify the resource map"
}

test_what_comes_back() {
    make_function
    for EDIT in 's/replicas: 8/replicas: 9/' 's/name: d$/name: dd/' '/^items/,$d' 's/^kind: ResourceList/kind: Foo/' d 's/^/ : :/' \
        '/annotations:/,/name: [ad]$/{/name: [ad]$/!d}' 's/name: d$/name: a/;s/kind: Deployment/kind: ConfigMap/;s#apiVersion: apps/v1#apiVersion: v1#;s/ns$/default/' \
        's/^- apiVersion: apps.v1/- apiVersion: v1/;s/kind: Deployment/kind: ConfigMapList/'; do
        export EDIT
        agree "${ON[@]}" <<<$'resources: [all.yaml]\ntransformers: [fn.yaml]\nnamePrefix: q-\nnameSuffix: -z'
    done
}

test_ends() {
    make_function
    put app/fn.sh <<<$'#!/bin/sh\ncat\necho said >&2\nexit 3'
    agree "${ON[@]}" <<<$'resources: [all.yaml]\ntransformers: [fn.yaml]'
    expect_status 1
    expect_err_has "said" "app/fn.yaml:1:1: " "failed with exit status 3"
    put app/fn.sh <<<$'#!/bin/sh\ncat\necho said >&2'
    agree "${ON[@]}" <<<$'resources: [all.yaml]\ntransformers: [fn.yaml]'
    expect_status 0
    expect_err_has "said"
    rm app/fn.sh
    agree "${ON[@]}" <<<$'resources: [all.yaml]\ntransformers: [fn.yaml]'
    expect_failure 1 "./fn.sh: cannot be run: No such file or directory"
}

test_configurations() {
    local function
    make_function
    for function in 'exec: {path: ./fn.sh, bogus: 1}' '{}' 'exec: {args: [x]}' 'exec: {path: fn.sh}' '[]' 'exec: {path: 1}'; do
        agree "${ON[@]}" <<END
resources: [all.yaml]
transformers:
- |-
  apiVersion: x/v1
  kind: Inline
  metadata: {name: i, annotations: {config.kubernetes.io/function: '$function'}}
END
    done
    agree "${ON[@]}" <<<$'resources: [all.yaml]\ntransformers:\n- |-\n  {apiVersion: x/v1, kind: Inline, metadata: {name: i, configFn: {exec: {path: ./fn.sh}}}}'
    expect_status 0
    build "${ON[@]}" <<<$'transformers:\n- |-\n  {apiVersion: x/v1, kind: Inline, metadata: {name: i, annotations: {config.kubernetes.io/function: "container: {image: x}"}}}'
    expect_failure 1 "containers are not run"
}

test_without_permission() {
    make_function
    agree_on_input --enable-alpha-plugins <<<$'resources: [all.yaml]\ntransformers: [fn.yaml]\ngenerators: [fn.yaml]'
    expect_status 0
    no_file "$LOGS/input.none"
    agree --enable-exec <<<$'resources: [all.yaml]\ntransformers: [fn.yaml]'
    expect_failure 1 "external plugins disabled; unable to load external plugin 'Fn'"
    agree <<<$'resources: [all.yaml]\ngenerators: [fn.yaml]'
    expect_failure 1 "external plugins disabled"
}

test_exec_plugins() {
    make_function
    export KUSTOMIZE_PLUGIN_HOME=$PWD/app/plugins
    put app/plugins/example.com/v1/plug/Plug <<'END'
#!/bin/sh
{ echo "$#"; shift; echo "$*"; echo "$KUSTOMIZE_PLUGIN_CONFIG_ROOT"; echo "$KUSTOMIZE_PLUGIN_CONFIG_STRING"; } >>"$LOGS/call"
if [ -n "${GENERATES:-}" ]; then printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plugged}\n'; else tee -a "$LOGS/input"; fi
END
    chmod +x app/plugins/example.com/v1/plug/Plug
    put app/plug.yaml <<'END'
apiVersion: example.com/v1
kind: Plug
metadata: {name: plug}
argsOneLiner: a 'b c' "d \" e" f\ g # no
argsFromFile: args.txt
END
    printf '  one\ntwo three\n\n' >app/args.txt
    agree_on_input "${ON[@]}" <<<$'resources: [all.yaml]\ntransformers: [plug.yaml]'
    expect_status 0
    export GENERATES=yes
    agree_on_input "${ON[@]}" <<<$'generators: [plug.yaml]'
    expect_out_has 'name: plugged'
    chmod -x app/plugins/example.com/v1/plug/Plug
    agree "${ON[@]}" <<<$'generators: [plug.yaml]'
    expect_failure 1 "unexecutable plugin"
    rm app/plugins/example.com/v1/plug/Plug
    agree "${ON[@]}" <<<$'generators: [plug.yaml]'
    expect_failure 1 "Plug"
}
