# shellcheck shell=bash
# rootapp set-image: edits that keep every other byte, and refusals that leave everything as it is.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

DIGEST=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

# The overlay shop/dev with these lines behind its resources.
images() {
    { echo 'resources: [deployment.yaml]'; cat; } | put apps/shop/overlays/dev/kustomization.yaml
}

shop() { cat apps/shop/overlays/dev/kustomization.yaml; }

# A refusal that changes no byte.
refused() { # IMAGE TEXT...
    local image=$1 before
    before=$(find . -type f -exec cksum {} + | sort)
    shift
    rootapp set-image shop/dev "$image"
    expect_failure 1 "$@"
    same "files after a refusal" "$(find . -type f -exec cksum {} + | sort)" "$before"
}

test_replaces_a_tag() {
    repository
    images <<'END'

images:
  # set by the pipeline
  - name: example/shop # ours
    newTag: 1.3.0      # the tag
  - name: example/init
    newTag: "2"
END
    shop >before
    rootapp set-image shop/dev example/shop:1.4.0
    expect_out "apps/shop/overlays/dev/kustomization.yaml:6: newTag: 1.3.0 -> 1.4.0
shop/dev: Deployment shop: containers.[name=shop].image: example/shop:1.3.0 -> example/shop:1.4.0"
    same "the file" "$(shop)" "$(sed 's/1\.3\.0/1.4.0/' before)"
    rootapp set-image shop/dev example/shop:1.4.0
    expect_out "shop/dev: example/shop is 1.4.0 already"
    rootapp set-image shop/dev example/shop:1.3.0
    expect_status 0
    same "set back" "$(shop)" "$(cat before)"
}

test_text_that_is_no_string_is_quoted() {
    repository
    images <<<'images: [{name: example/shop, newTag: v1}]'
    rootapp set-image shop/dev example/shop:null
    expect_out_has 'newTag: v1 -> null' 'example/shop:v1 -> example/shop:null'
    same "the file" "$(shop | tail -1)" 'images: [{name: example/shop, newTag: "null"}]'
    rootapp build apps/shop/overlays/dev
    expect_out_has "image: example/shop:null"
}

test_tag_and_digest_are_a_pair() {
    repository
    images <<END
images:
- name: example/shop
  newTag: v1
  digest: $DIGEST
END
    rootapp set-image shop/dev example/shop:v2
    expect_out_has "newTag: v1 -> v2" "digest: $DIGEST goes" "example/shop:v1@$DIGEST -> example/shop:v2"
    same "no digest" "$(shop | tail -2)" "- name: example/shop
  newTag: v2"
    rootapp set-image shop/dev "example/shop@$DIGEST"
    expect_out_has "newTag: v2 -> digest: $DIGEST"
    same "digest in its place" "$(shop | tail -1)" "  digest: $DIGEST"
    rootapp set-image shop/dev "example/shop:v3@$DIGEST"
    same "both" "$(shop | tail -2)" "  digest: $DIGEST
  newTag: v3"
    rootapp set-image shop/dev 'example/shop=mirror/shop:*'
    expect_out_has "newName: mirror/shop (new)" "mirror/shop:v3@$DIGEST"
}

test_new_entries() {
    repository
    rootapp set-image 'shop/*' example/shop:1.0
    expect_status 0
    expect_out_has "images: example/shop is new here: newTag 1.0" "shop/prod: Deployment shop" "example/shop:prod -> example/shop:1.0"
    same "appended" "$(shop)" 'resources: [deployment.yaml]
images:
- name: example/shop
  newTag: "1.0"'
    printf '{"resources":["deployment.yaml"]}' >apps/shop/overlays/dev/kustomization.yaml
    rootapp set-image shop/dev example/shop:1.0
    same "JSON" "$(shop)" '{"resources":["deployment.yaml"], "images":[{"name":"example/shop", "newTag":"1.0"}]}'
}

test_the_rendered_name() {
    repository
    images <<'END'
images:
- {name: example/shop, newName: mirror/shop, newTag: v1}
END
    rootapp set-image shop/dev mirror/shop:v2
    expect_out_has "mirror/shop:v1 -> mirror/shop:v2"
    same "newName stays" "$(shop | tail -1)" "- {name: example/shop, newName: mirror/shop, newTag: v2}"
}

test_dry_run() {
    repository
    rootapp set-image -n shop/dev example/shop:v2
    expect_out_has "--- a/apps/shop/overlays/dev/kustomization.yaml" "+  newTag: v2"
    same "nothing is written" "$(shop)" "resources: [deployment.yaml]"
}

test_from_a_file() {
    repository
    printf '# a comment\nshop/dev example/shop:v2 example/init:v3\n\npay/dev example/pay:v4 # why\n' >list
    rootapp set-image --file list
    expect_status 0
    expect_out_has "example/shop:dev -> example/shop:v2" "example/init:1 -> example/init:v3" "example/pay:dev -> example/pay:v4"
    echo 'shop/dev' >list
    rootapp set-image --file list
    expect_failure 2 "list:1:1: not of the form APP/ENV IMAGE..."
}

test_outside_of_a_repository() {
    small plain
    put plain/kustomization.yaml <<<'resources: [pod.yaml]'
    put plain/pod.yaml <<<'{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: "web:1"}]}}'
    rootapp set-image --directory plain web:2
    expect_status 0
    expect_out_has "plain/kustomization.yaml:3: images: web is new here" "Pod a: containers.[name=a].image: web:1 -> web:2"
    same "edited" "$(tail -1 plain/kustomization.yaml)" '  newTag: "2"'
}

test_json() {
    repository
    command -v jq >/dev/null || skip "needs jq"
    rootapp set-image -o json shop/dev example/shop:v2
    same "json" "$(jq -c '[.result, .changes[0].app, .changes[0].env, .changes[0].line, .changes[0].to.tag, .changes[0].resources[0].to]' "$LOGS/out")" \
        '["edited","shop","dev",3,"v2","example/shop:v2"]'
    rootapp set-image -o json shop/dev example/shop:v2
    same "again" "$(jq -r '.result' "$LOGS/out")" unchanged
}

test_holds() {
    repository
    images <<'END'
images:
- name: example/shop
  newTag: v1 # rootapp:hold waits for QA
END
    rootapp set-image shop/dev example/shop:v2
    expect_out "shop/dev: example/shop is held: waits for QA"
    rootapp set-image --replace shop/dev example/shop:v2
    expect_out_has "newTag: v1 -> v2"
}

test_usage() {
    repository
    rootapp set-image shop/dev 0.2.0
    expect_failure 2 "'0.2.0' is neither a target, APP/ENV, nor an image, NAME:TAG"
    rootapp set-image shop example/shop:v2
    expect_failure 2 "'shop': name the environment: shop/ENV, or 'shop/*' for all"
    rootapp set-image --branch mine shop/dev example/shop:v2
    expect_failure 2 "'mine': name the environment" "a branch's name stands behind '=': --branch=NAME"
    rootapp set-image shop/dev
    expect_failure 2 "which image?"
    rootapp set-image shop/dev example/shop@sha256:12
    expect_failure 2 "'sha256:12' is no digest"
    rootapp set-image shop/dev example/shop=
    expect_failure 2 "give the image a tag or a digest"
    rootapp set-image shop/dve example/shop:v2
    expect_failure 1 "no target 'shop/dve' (did you mean 'shop/dev'?)"
    rootapp set-image --require-digest shop/dev example/shop:v2
    expect_failure 1 "shop/dev: example/shop: a digest is required in dev"
}

test_what_is_refused() {
    repository
    refused example/shpo:v2 "shop/dev: no container runs 'example/shpo' (did you mean 'example/shop'?)"
    refused shop:v2 "shop/dev: no container runs 'shop' (did you mean 'example/shop'?)"
    rootapp set-image shop/dev example/shop=v1.3
    expect_failure 2 "'v1.3' looks like a tag" "write example/shop:v1.3"
    images <<'END'
images: [{name: example/shop, newTag: v1}, {name: example/shop, newTag: v2}]
END
    refused example/shop:v3 "apps/shop/overlays/dev/kustomization.yaml:2:44: images has 'example/shop' here and in line 2: keep one"
    images <<'END'
images: [{name: example/shop, newTag: &tag v1}, {name: example/init, newTag: *tag}]
END
    refused example/init:v3 "is an alias"
    refused example/shop:v3 "more than the image would change: Deployment shop: initContainers.[name=init].image (example/init:v1 -> example/init:v3)"
    images <<'END'
images: [{name: example/.*, newTag: v1}]
END
    refused example/shop:v3 "the name of this image is a regular expression, which also matches others" "example/init:v1 -> example/init:v3"
    images <<'END'
images:
- name: example/shop
  newTag: |
    v1
END
    refused example/shop:v3 "kustomization.yaml:4:11: is a block of text"
}

# shop/dev and shop/prod over one base, whose component sets the image; prod sets it again.
shared() {
    repository
    put apps/shop/base/kustomization.yaml <<<'resources: [deployment.yaml]'
    mv apps/shop/overlays/dev/deployment.yaml apps/shop/base/
    put apps/shop/component/kustomization.yaml <<'END'
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
images:
- name: example/shop
  newTag: v1 # for all
END
    images <<<'components: [../../component]'
    sed -i '1s|.*|resources: [../../base]|' apps/shop/overlays/dev/kustomization.yaml
    printf 'resources: [../../base]\ncomponents: [../../component]\n' >apps/shop/overlays/prod/kustomization.yaml
}

test_a_shared_file() {
    shared
    cd apps || return
    rootapp set-image --in shop/component/kustomization.yaml example/shop:v2
    expect_out "apps/shop/component/kustomization.yaml:5: newTag: v1 -> v2
shop/dev: Deployment shop: containers.[name=shop].image: example/shop:v1 -> example/shop:v2
shop/prod: Deployment shop: containers.[name=shop].image: example/shop:v1 -> example/shop:v2"
    cd ..
    same "the file" "$(tail -1 apps/shop/component/kustomization.yaml)" "  newTag: v2 # for all"
    echo 'images: [{name: example/shop, newTag: of-prod}]' >>apps/shop/overlays/prod/kustomization.yaml
    rootapp set-image --in apps/shop/component/kustomization.yaml example/shop:v3
    expect_out_has "shop/dev: Deployment shop"
    ! grep -q shop/prod "$LOGS/out" || fail "prod has its own"
    rootapp set-image --in apps/shop/component/kustomization.yaml example/shop:v3
    expect_out "apps/shop/component: example/shop is v3 already"
    rootapp set-image --in apps/shop/component/kustomization.yaml example/pay:v3
    expect_failure 1 "apps/shop/component/kustomization.yaml: no target changes: none runs 'example/pay'"
    put other/kustomization.yaml <<<'resources: []'
    rootapp set-image --in other/kustomization.yaml example/shop:v3
    expect_failure 1 "other: no target reads a kustomization there"
    rootapp set-image --in other example/shop:v3
    expect_failure 1 "other: is no file: name the kustomization file to edit"
    rootapp set-image --in other/kustomization.yaml shop/dev example/shop:v3
    expect_failure 2 "'shop/dev' is no image"
}

test_all_entries() {
    repository
    images <<'END'
images:
- {name: example/shop, newTag: v1}
- {name: example/init, newTag: v1}
- {name: example/shop, newTag: v2}
END
    rootapp set-image --all-entries shop/dev example/shop:v3
    expect_out_has "kustomization.yaml:3: newTag: v1 -> v3" "kustomization.yaml:5: newTag: v2 -> v3" "example/shop:v2 -> example/shop:v3"
    same "the file" "$(shop | tail -3)" "- {name: example/shop, newTag: v3}
- {name: example/init, newTag: v1}
- {name: example/shop, newTag: v3}"
    sed -i 's/newTag: v1}/&  # rootapp:hold waits/; 3s/v3}/& # rootapp:hold a holiday/' apps/shop/overlays/dev/kustomization.yaml
    rootapp set-image --all-entries shop/dev example/shop:v4
    expect_out "shop/dev: example/shop is held: a holiday"
    images <<'END'
images: [{name: example/shop, newTag: v1}, {name: other, newName: example/shop, newTag: v2}]
END
    refused example/shop:v3 "is the name of one image, and what another one is called by newName"
    rootapp set-image --all-entries shop/dev example/shop:v3
    expect_failure 1 "is the name of one image, and what another one is called by newName"
}

# The tag goes into a name by a replacement, so that another object would come, and the old one go.
test_a_rename_is_a_side_effect() {
    repository
    images <<'END'
configMapGenerator: [{name: settings, literals: ["a=b"]}]
images: [{name: example/shop, newTag: v1}]
replacements:
- source: {kind: Deployment, name: shop, fieldPath: spec.template.spec.containers.0.image, options: {delimiter: ":", index: 1}}
  targets: [{select: {kind: ConfigMap}, fieldPaths: [metadata.name]}]
END
    refused example/shop:v2 "more than the image would change: ConfigMap v" "(it comes, goes or gets another name)"
}

# What is the image itself, in another field, may follow it.
test_a_field_that_holds_the_image_follows() {
    repository
    images <<'END'
generatorOptions: {disableNameSuffixHash: true}
configMapGenerator: [{name: settings, literals: ["image=none"]}]
images: [{name: example/shop, newTag: v1}]
replacements:
- source: {kind: Deployment, name: shop, fieldPath: spec.template.spec.containers.0.image}
  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.image]}]
END
    rootapp set-image shop/dev example/shop:v2
    expect_out_has "ConfigMap settings: data.image: example/shop:v1 -> example/shop:v2"
}

test_side_effects_hide_secrets() {
    repository
    images <<'END'
images: [{name: example/shop, newTag: v1}]
replacements:
- source: {kind: Deployment, name: shop, fieldPath: spec.template.spec.containers.0.image}
  targets: [{select: {kind: Secret}, fieldPaths: [stringData.token]}]
resources: [deployment.yaml, secret.yaml]
END
    sed -i 1d apps/shop/overlays/dev/kustomization.yaml
    put apps/shop/overlays/dev/secret.yaml <<<'{apiVersion: v1, kind: Secret, metadata: {name: token}, stringData: {token: hunter2}}'
    refused example/shop:v2 "more than the image would change: Secret token: stringData.token"
    ! grep -q "example/shop:v" "$LOGS/err" || fail "the value is shown: $(cat "$LOGS/err")"
}

test_images_that_images_does_not_reach() {
    repository
    images <<'END'
configMapGenerator: [{name: agent, literals: ["AGENT=example/agent:1"]}]
replacements:
- source: {kind: ConfigMap, name: agent, fieldPath: data.AGENT}
  targets: [{select: {kind: Deployment}, fieldPaths: ["spec.template.spec.containers.[name=shop].image"]}]
END
    sed -i 's|example/shop:dev|example/agent:1|' apps/shop/overlays/dev/deployment.yaml
    refused example/agent:2 "shop/dev: Deployment shop: containers.[name=shop].image stays 'example/agent:1'" "kustomization.yaml:3: replacements"
    sed -i '/^replacements/,$d' apps/shop/overlays/dev/kustomization.yaml
    sed -i 's|example/agent:1|example/shop:1|' apps/shop/overlays/dev/deployment.yaml
    refused example/agent:2 "shop/dev: 'example/agent' is only text in ConfigMap agent-" "images does not reach it, use replacements"
}

test_custom_resources() {
    repository
    images </dev/null
    sed -i 's/^resources: .*/resources: [deployment.yaml, rollout.yaml]/' apps/shop/overlays/dev/kustomization.yaml
    put apps/shop/overlays/dev/rollout.yaml <<<'{apiVersion: example.com/v1, kind: Rollout, metadata: {name: roll}, spec: {theImage: "example/roll:1"}}'
    refused example/roll:2 "shop/dev: 'example/roll' is only text in Rollout roll (apps/shop/overlays/dev/rollout.yaml:1): images does not reach it"
    put apps/shop/overlays/dev/fields.yaml <<<'images: [{path: spec/theImage, kind: Rollout}]'
    echo 'configurations: [fields.yaml]' >>apps/shop/overlays/dev/kustomization.yaml
    rootapp set-image shop/dev example/roll:2
    expect_out_has "shop/dev: Rollout roll: spec.theImage: example/roll:1 -> example/roll:2"
}

test_all_containers_but_ephemeral_ones() {
    repository
    images <<<'patches: [{path: patch.yaml}]'
    put apps/shop/overlays/dev/patch.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers: [{name: second, image: "example/shop:dev"}]
      initContainers: [{name: first, image: "example/shop:dev"}]
      ephemeralContainers: [{name: debug, image: "example/debug:1"}]
END
    rootapp set-image shop/dev example/shop:v2
    expect_out_has "containers.[name=shop].image: example/shop:dev -> example/shop:v2" "containers.[name=second].image" "initContainers.[name=first].image"
    refused example/debug:2 "shop/dev: 'example/debug' is only text in Deployment shop (apps/shop/overlays/dev/patch.yaml:9): images does not reach it"
}

test_an_overlay_of_two_clusters() {
    repository
    sed -i 's/- {name: dev, .*/- {name: dev, destinations: [{name: eu, namespace: "{app}"}, {name: us, namespace: "{app}"}]}/; s/^  teams:/  application: {name: "{app}-{env}-{cluster}"}\n&/' argo/root/rootapp.yaml
    rootapp set-image shop/dev example/shop:v2
    expect_status 0
    same "one edit" "$(grep -c 'newTag v2' "$LOGS/out")" 1
    same "the file" "$(shop | grep -c newTag)" 1
}

test_an_overlay_that_does_not_render() {
    repository
    echo 'nonsense: 1' >>apps/shop/overlays/dev/kustomization.yaml
    refused example/shop:v2 "apps/shop/overlays/dev does not render as it is, so that nothing can be verified" "nonsense"
}

test_a_component_keeps_its_own_entry() {
    repository
    put component/kustomization.yaml <<'END'
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
images: [{name: example/shop, newTag: v1}]
END
    images <<<'components: [../../../../component]'
    rootapp set-image shop/dev example/shop:v2
    expect_out_has "images: example/shop is new here" "example/shop:v1 -> example/shop:v2"
    same "the component" "$(tail -1 component/kustomization.yaml)" "images: [{name: example/shop, newTag: v1}]"
}

test_a_file_that_cannot_be_written() {
    repository
    [ "$(id -u)" != 0 ] || skip "root may write everywhere"
    chmod a-w apps/shop/overlays/dev
    refused example/shop:v2 "cannot write" "nothing was changed"
    chmod u+w apps/shop/overlays/dev
}
