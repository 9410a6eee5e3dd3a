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
    expect_out_has "rendered/dev: superseded"
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
    rootapp render --branch all
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
    expect_status 1
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
