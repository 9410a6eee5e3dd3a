# shellcheck shell=bash
# rootapp promote: exactly what was tested goes to the next environment.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

DIGEST=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

# dev runs 1.4.0 with a digest, prod 1.3.0 from a registry of its own.
environments() {
    repository
    cat >>apps/shop/overlays/dev/kustomization.yaml <<END
images:
- name: example/shop
  newName: dev.example/shop
  newTag: 1.4.0
  digest: $DIGEST
END
    cat >>apps/shop/overlays/prod/kustomization.yaml <<'END'
images:
  - name: example/shop   # of prod
    newName: "prod.example/shop"
    newTag: "1.3.0"
END
}

prod() { cat apps/shop/overlays/prod/kustomization.yaml; }

# A refusal that changes no byte.
refused() { # WORDS... -- TEXT...
    local words=() before
    before=$(find . -type f -exec cksum {} + | sort)
    while [ "$1" != -- ]; do words+=("$1"); shift; done
    shift
    rootapp promote "${words[@]}"
    expect_status 1
    expect_err_has "$@"
    same "files after a refusal" "$(find . -type f -exec cksum {} + | sort)" "$before"
}

test_copies_tag_and_digest() {
    environments
    rootapp promote shop dev prod
    expect_status 0
    expect_out_has "newTag: 1.3.0 -> 1.4.0" "prod.example/shop:1.3.0 -> prod.example/shop:1.4.0@$DIGEST"
    expect_err_has "shop/dev: example/init:1 is set by no entry of apps/shop/overlays/dev: nothing to promote"
    same "prod" "$(prod)" "resources: [deployment.yaml]
images:
  - name: example/shop   # of prod
    newName: \"prod.example/shop\"
    newTag: \"1.4.0\"
    digest: \"$DIGEST\""
    rootapp promote shop dev prod
    expect_out "shop/prod: example/shop is 1.4.0@$DIGEST already"
}

test_shows_versions_and_what_rolls_out() {
    environments
    printf -- '- {name: example/init, newTag: "1"}\n' >>apps/shop/overlays/dev/kustomization.yaml
    printf -- '  - {name: example/init, newTag: "1"}\n' >>apps/shop/overlays/prod/kustomization.yaml
    rootapp promote shop dev prod
    same "the table" "$(head -3 "$LOGS/out")" "shop/prod  example/shop  1.3.0 -> 1.4.0@sha256:0123456789ab…
           Deployment shop rolls out
shop/prod  example/init  1  the same"
}

# Since when FROM has its version: by the newer one of the two lines, and nothing where it is not committed.
test_says_since_when() {
    local before
    environments
    rootapp promote --dry-run shop dev prod
    rm -rf .git
    git init -q -b main .
    git add --all
    before=$(date -u -d '3 days ago' +%Y-%m-%dT00:00:00Z)
    GIT_AUTHOR_DATE=2001-02-03T04:05:06Z git -c user.name=a -c user.email=a@example.com commit -qm one
    sed -i 's/newTag: 1.4.0/newTag: 1.5.0/' apps/shop/overlays/dev/kustomization.yaml
    GIT_AUTHOR_DATE=$before git -c user.name=a -c user.email=a@example.com commit -qam two
    rootapp promote shop dev prod
    expect_out_has "(dev since ${before%T*}, 3 days)"
    git checkout -q .
    sed -i 's/newTag: 1.5.0/newTag: 1.6.0/' apps/shop/overlays/dev/kustomization.yaml
    rootapp promote shop dev prod
    grep -q since "$LOGS/out" && fail "a version that is not committed has a date"
    return 0
}

test_all_apps() {
    environments
    rootapp promote --all dev prod
    expect_out_has "shop/prod: Deployment shop"
}

test_what_is_refused() {
    environments
    refused shop prod dev -- "dev does not come after prod in spec.environments; --skip"
    refused shop dev qa -- "'qa' is no environment of the policy"
    refused --image example/init shop dev prod -- "shop/dev: no entry of images sets 'example/init'"
    sed -i 's/"1.3.0"/"1.5.0" # rootapp:hold a holiday/' apps/shop/overlays/prod/kustomization.yaml
    refused shop dev prod -- "example/shop is held: a holiday"
    sed -i 's/ # rootapp:hold.*//' apps/shop/overlays/prod/kustomization.yaml
    refused shop dev prod -- "example/shop is 1.5.0, which is newer than 1.4.0" "--rollback"
    rootapp promote --rollback --dry-run shop dev prod
    expect_out_has '+    newTag: "1.4.0"'
    sed -i '/digest/d' apps/shop/overlays/dev/kustomization.yaml
    sed -i 's/"1.5.0"/"1.3.0"/' apps/shop/overlays/prod/kustomization.yaml
    refused --require-digest shop dev prod -- "a digest is required in prod"
    sed -i 's/{name: prod,/{name: prod, digest: required,/' argo/root/rootapp.yaml
    refused shop dev prod -- "a digest is required in prod"
    echo 'nonsense: 1' >>apps/shop/overlays/dev/kustomization.yaml
    refused shop dev prod -- "shop/dev does not render"
}

test_usage() {
    environments
    rootapp promote dev prod
    expect_failure 2 "name apps and two environments: APP... FROM TO"
    sed -i 's/{name: prod,/{name: prod, changes: maybe,/' argo/root/rootapp.yaml
    rootapp promote shop dev prod
    expect_failure 1 "changes: 'maybe' is none of direct, pullRequest"
}

# Jobs are not changed: they are made anew, or refused.
test_jobs() {
    environments
    for kind in plain 'argocd.argoproj.io/sync-options: "Replace=true,Force=true"' 'argocd.argoproj.io/hook: PreSync'; do
        printf -- '---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: %s, annotations: {%s}}\nspec: {template: {spec: {containers: [{name: a, image: example/shop}]}}}\n' \
            "$(sed 's/.*Replace.*/forced/; s/.*hook:.*/hook/' <<<"$kind")" "$(sed '/^plain/d' <<<"$kind")" >>apps/shop/overlays/prod/deployment.yaml
    done
    rootapp promote shop dev prod
    expect_out_has "Deployment shop rolls out" "Job plain cannot be changed: the API server refuses it" "Job forced is created again (Replace=true)" "Job hook runs again (hook)"
}
