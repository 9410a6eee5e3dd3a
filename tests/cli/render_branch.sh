# shellcheck shell=bash
# rootapp render --branch: what HEAD renders, on a branch of each environment.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

GIT_ME=(-c user.name=Ann -c user.email=ann@example.com -c commit.gpgSign=false)
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.com GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.com

commit_all() { git add -A && git "${GIT_ME[@]}" commit -qm "${1:-a change}"; }

branches() {
    git init -q --bare ../remote.git
    repository
    rmdir .git && git init -q -b main . && git remote add origin "$PWD/../remote.git"
    commit_all first
}

push_rendered() { rootapp render --branch 'rendered/{env}' "$@"; }
remote() { git -C ../remote.git "$@"; }
tips() { remote for-each-ref --format='%(refname) %(objectname)'; }

test_branches_have_what_renders_give() {
    branches
    push_rendered
    expect_status 0
    expect_out_has "rendered/dev: pushed" "2 changed, 0 removed" "rendered/prod: pushed"
    same "files" "$(remote ls-tree -r --name-only rendered/dev)" "hydrator.metadata
pay/hydrator.metadata
pay/manifest.yaml
shop/hydrator.metadata
shop/manifest.yaml"
    rootapp render -o ../plain
    same "bytes" "$(remote show rendered/dev:shop/manifest.yaml)" "$(cat ../plain/apps/shop/dev.yaml)"
    same "metadata" "$(remote show rendered/dev:hydrator.metadata | grep -c "\"drySha\": \"$(git rev-parse HEAD)\"")" 1
    before=$(tips)
    push_rendered
    expect_status 0
    expect_out_has "rendered/dev: unchanged" "rendered/prod: unchanged"
    same "tips" "$(tips)" "$before"
    same "references left" "$(git for-each-ref refs/rootapp)" ""
}

test_changes_what_changed_and_keeps_a_readme() {
    branches
    push_rendered
    git clone -qb rendered/dev ../remote.git ../hand && (cd ../hand && echo hi >README.md && echo hi >pay/README.md &&
        git add -A && git "${GIT_ME[@]}" commit -qm readme && git push -q)
    sed -i 's/:dev/:2/' apps/shop/overlays/dev/deployment.yaml && commit_all
    push_rendered dev
    expect_status 0
    same "paths" "$(remote diff --name-only rendered/dev~ rendered/dev)" "hydrator.metadata
shop/hydrator.metadata
shop/manifest.yaml"
    git rm -rq apps/pay && commit_all
    push_rendered
    expect_status 0
    same "paths" "$(remote ls-tree -r --name-only rendered/dev)" "README.md
hydrator.metadata
pay/README.md
shop/hydrator.metadata
shop/manifest.yaml"
}

note() { remote notes --ref=hydrator.metadata show "$1"; } # COMMIT

test_a_commit_that_changes_no_manifest_is_noted() {
    branches
    push_rendered
    same "note" "$(note rendered/dev)" "{\"drySha\":\"$(git rev-parse HEAD)\"}"
    before=$(remote for-each-ref refs/heads)
    echo hi >README.md && commit_all docs
    push_rendered
    expect_out "rendered/dev: unchanged
rendered/prod: unchanged"
    same "branches" "$(remote for-each-ref refs/heads)" "$before"
    same "note" "$(note rendered/prod)" "{\"drySha\":\"$(git rev-parse HEAD)\"}"
    before=$(tips)
    push_rendered
    same "tips" "$(tips)" "$before"
}

test_the_usual_pattern_and_what_would_be_pushed() {
    branches
    rootapp render --branch -n
    expect_out "rendered/dev: would be pushed: 2 changed, 0 removed
  new pay
  new shop
rendered/prod: would be pushed: 1 changed, 0 removed
  new shop"
    same "tips" "$(tips)" ""
    rootapp render --branch dev
    expect_out_has "rendered/dev: pushed"
    same "branches" "$(remote for-each-ref --format='%(refname:short)' refs/heads)" rendered/dev
    rootapp render -n
    expect_failure 2 "--next and --dry-run go with --branch"
}

test_what_is_proposed_is_built_on_what_is_there() {
    branches
    rootapp render --branch dev
    sed -i 's/:dev/:2/' apps/shop/overlays/dev/deployment.yaml && commit_all
    rootapp render --branch=rendered/{env} --next
    expect_out_has "rendered/dev-next: pushed" "rendered/prod-next: pushed"
    same "history" "$(remote rev-parse rendered/dev)" "$(remote rev-parse rendered/dev-next~)"
    same "note" "$(note rendered/dev-next)" "{\"drySha\":\"$(git rev-parse HEAD)\"}"
    same "dev itself" "$(remote show rendered/dev:shop/manifest.yaml | grep -c example/shop:dev)" 1
}

test_metadata_is_what_argo_cd_writes() {
    branches
    echo hi >README.md && git add -A && git "${GIT_ME[@]}" commit -qF - <<'END'
shop/dev: example/shop 1 -> 2

Because of reasons.

Argocd-reference-commit-sha: 0123456789abcdef0123456789abcdef01234567
Argocd-reference-commit-author: Bo Chen <bo@example.com>
Argocd-reference-commit-body: "why\nnot"
Argocd-reference-commit-repourl: https://example.com/shop.git
Signed-off-by: Ann <ann@example.com>
END
    push_rendered dev
    expect_status 0
    command -v jq >/dev/null || skip "needs jq"
    same "metadata" "$(remote show rendered/dev:hydrator.metadata | jq -cS 'del(.date, .drySha, .repoURL)')" \
        '{"author":"Ann <ann@example.com>","body":"Because of reasons.\n\nSigned-off-by: Ann <ann@example.com>\n","references":[{"commit":{"author":"Bo Chen <bo@example.com>","body":"why\nnot","repoUrl":"https://example.com/shop.git","sha":"0123456789abcdef0123456789abcdef01234567"}}],"subject":"shop/dev: example/shop 1 -> 2"}'
}

test_many_environments_and_one_with_two_clusters() {
    branches
    for i in $(seq 40); do
        sed -i "s/^  teams:/  - {name: e$i, destinations: [{name: eu, namespace: shop-e$i}, {name: us, namespace: shop-e$i}]}\n&/" argo/root/rootapp.yaml
        overlay shop "e$i"
    done
    sed -i 's/^  teams:/  application: {name: "{app}-{env}-{cluster}"}\n&/' argo/root/rootapp.yaml && commit_all
    push_rendered
    expect_status 0
    same "branches" "$(remote for-each-ref refs/heads | wc -l)" 42
}

test_a_repository_that_libgit2_cannot_read() {
    git init -q --bare --object-format=sha256 ../remote.git
    repository
    rmdir .git && git init -q -b main --object-format=sha256 . && git remote add origin "$PWD/../remote.git"
    commit_all first
    push_rendered
    expect_out_has "rendered/dev: pushed"
    before=$(tips)
    push_rendered
    expect_out_has "rendered/dev: unchanged"
    same "tips" "$(tips)" "$before"
}

test_an_environment_that_follows_another_branch_is_left_to_that() {
    branches
    sed -i 's/{name: prod,/{name: prod, targetRevision: release,/' argo/root/rootapp.yaml && commit_all
    push_rendered
    expect_out_has "prod: follows release: name it in a checkout of that" "rendered/dev: pushed"
    same "branches" "$(remote for-each-ref --format='%(refname:short)' refs/heads)" rendered/dev
    push_rendered prod
    expect_out_has "rendered/prod: pushed"
}

# As git does it in repositories whose references lie in one file or table.
test_no_reference_is_left_where_they_are_packed() {
    branches
    push_rendered
    put .git/hooks/reference-transaction <<'END'
#!/bin/sh
[ "$1" != committed ] || [ -e .git/packing ] || { touch .git/packing; git pack-refs --all 2>/dev/null; rm .git/packing; }
END
    chmod +x .git/hooks/reference-transaction
    git update-ref refs/rootapp/rootapp-killed/heads/main HEAD && git pack-refs --all && rm -rf .git/refs/rootapp/rootapp-killed
    sed -i 's/:dev/:2/' apps/shop/overlays/dev/deployment.yaml && commit_all
    push_rendered
    expect_status 0
    same "references left" "$(git for-each-ref refs/rootapp)" ""
}

test_an_earlier_commit_replaces_nothing() {
    branches
    sed -i 's/:dev/:2/' apps/shop/overlays/dev/deployment.yaml && commit_all
    git revert --no-edit HEAD >/dev/null
    git checkout -q HEAD~2 && push_rendered
    expect_status 0
    git checkout -q main && push_rendered
    expect_status 0
    before=$(tips)
    git checkout -q main~1 && push_rendered
    expect_status 0
    expect_out_has "rendered/dev: superseded: it was rendered from $(git rev-parse --short=7 main), a later commit"
    same "tips" "$(tips)" "$before"
}

test_refuses_without_a_change() {
    branches
    git push -q origin main:rendered/prod
    before=$(tips)
    push_rendered
    expect_status 1
    expect_err_has "'rendered/prod' has no hydrator.metadata" "somebody else's"
    same "tips" "$(tips)" "$before"
    rootapp render --branch=all
    expect_status 1
    expect_err_has "would share the branch 'all'"
    push_rendered stage
    expect_status 1
    expect_err_has "'stage' is no environment"
    rootapp render --branch x --output y
    expect_status 2
    echo 'resources: [gone.yaml]' >apps/shop/overlays/dev/kustomization.yaml && commit_all
    push_rendered
    expect_status 1
    expect_err_has "1 of 3 cannot be rendered; nothing was pushed"
    same "tips" "$(tips)" "$before"
}

test_all_branches_or_none() {
    branches
    cat >../remote.git/hooks/update <<'END'
#!/bin/sh
case $1 in */prod) echo "prod is frozen" >&2; exit 1 ;; esac
END
    chmod +x ../remote.git/hooks/update
    push_rendered
    expect_status 1
    expect_err_has "refused the push" "prod is frozen" "Nothing was changed"
    same "tips" "$(tips)" ""
}

test_no_commit_no_remote_no_secret() {
    branches
    cat >>apps/shop/overlays/dev/deployment.yaml <<'END'
---
apiVersion: v1
kind: Secret
metadata: {name: plain}
stringData: {a: b}
END
    commit_all
    push_rendered
    expect_status 1
    expect_err_has "Secret" "nothing was pushed"
    same "tips" "$(tips)" ""
    push_rendered --remote nowhere
    expect_failure 1 "has no remote 'nowhere'"
    git checkout -q --orphan unborn
    push_rendered
    expect_status 1
    expect_err_has "'HEAD' is no revision"
}

test_racing_writers_leave_the_last_commit() {
    branches
    for i in 1 2 3; do
        git clone -q . "../clone$i" && (cd "../clone$i" && git remote set-url origin "$PWD/../remote.git")
        sed -i "s/image: example.shop:.*/image: example\/shop:$i/" apps/shop/overlays/dev/deployment.yaml && commit_all "$i"
    done
    git clone -q . ../clone4 && (cd ../clone4 && git remote set-url origin "$PWD/../remote.git")
    for i in 2 3 4; do (cd "../clone$i" && "$ROOTAPP" render --branch 'rendered/{env}' >"../log$i" 2>&1) & done
    wait
    same "image" "$(remote show rendered/dev:shop/manifest.yaml | grep -c example/shop:3)" 1
    same "fsck" "$(remote fsck 2>&1 | grep -Ev 'dangling|^notice')" ""
}

test_applications_of_the_policy_point_to_the_branches() {
    branches
    sed -i 's/^  teams:/  partition: none\n  application: {renderer: rendered}\n&/' argo/root/rootapp.yaml && commit_all
    push_rendered
    expect_status 0
    rootapp build argo/root
    expect_status 0
    same "sources" "$(grep -c '^    path: shop$' "$LOGS/out")" 2
    expect_out_has "targetRevision: rendered/dev" "targetRevision: rendered/prod" "manifest-generate-paths: ."
    rootapp render --token-env NOTHING_THERE
    expect_status 2
}
