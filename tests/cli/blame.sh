# shellcheck shell=bash
# rootapp blame: the lines and commits that gave rendered fields their values.

. "$TOP/tests/cli/repository.bash"

# A base and an overlay in one commit each; the author dates are fixed.
blame_repository() {
    put base/kustomization.yaml <<'END'
resources: [deployment.yaml]
configMapGenerator:
- name: web
  envs: [settings.env]
secretGenerator:
- name: token
  literals: [key=CANARY]
END
    put base/settings.env <<'END'
# levels
LOG_LEVEL=info
END
    put base/deployment.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: app
        image: example/web:1.2.0
        envFrom: [{configMapRef: {name: web}}]
      - name: sidecar
        image: example/agent:2
END
    commit 'first version' 2026-03-14
    put overlays/prod/kustomization.yaml <<'END'
resources: [../../base]
namespace: prod
images:
- name: example/web
  newTag: 1.3.0
END
    commit 'promote 1.3.0' 2026-11-02
}

commit() { # MESSAGE DATE
    [ -d .git ] || git init -q
    git add -A
    GIT_AUTHOR_DATE="$2T12:00:00Z" GIT_COMMITTER_DATE="$2T12:00:00Z" git -c user.name='Ann Lee' -c user.email=ann@example.com \
        -c commit.gpgSign=false commit -qm "$1"
}

id_of() { git log -1 --format=%h --abbrev=7 --grep="$1"; }

test_an_image_in_two_parts() {
    blame_repository
    rootapp blame overlays/prod deployment/web 'spec.template.spec.containers.[name=app].image'
    expect_status 0
    expect_out "example/web:1.3.0
  example/web  base/deployment.yaml:11:16             spec.template.spec.containers[0].image  $(id_of first) 2026-03-14 Ann Lee  first version
  1.3.0        overlays/prod/kustomization.yaml:5:11  images[0].newTag                        $(id_of promote) 2026-11-02 Ann Lee  promote 1.3.0
  instead of example/web:1.2.0, which base/deployment.yaml:11:16 says"
    rootapp blame --no-git overlays/prod Deployment/web 'containers[1].image'
    expect_out "example/agent:2
  example/agent:2  base/deployment.yaml:14:16  spec.template.spec.containers[1].image"
}

test_a_pin_is_the_overlays() {
    blame_repository
    sed -i 's/1.3.0/1.2.0/' overlays/prod/kustomization.yaml
    rootapp blame --no-git overlays/prod deployment/web 'containers[0].image'
    expect_out_has '1.2.0        overlays/prod/kustomization.yaml:5:11'
}

test_of_two_entries_the_second() {
    blame_repository
    printf -- '- name: example/web\n  newTag: 1.3.0\n' >>overlays/prod/kustomization.yaml
    rootapp blame --no-git overlays/prod deployment/web 'containers[0].image'
    expect_out_has '1.3.0        overlays/prod/kustomization.yaml:7:11  images[1].newTag'
}

test_renamed_and_renamed_again() {
    blame_repository
    put overlays/prod/kustomization.yaml <<'END'
resources: [../../base]
images:
- {name: example/web, newName: example/one}
- {name: example/one, newName: example/two, digest: "sha256:0000000000000000000000000000000000000000000000000000000000000001"}
END
    rootapp blame --no-git --chain overlays/prod deployment/web 'containers[0].image'
    expect_out_has 'example/two              ' 'overlays/prod/kustomization.yaml:4:32' 'images[1].newName' 'images[1].digest' \
        'instead of example/one:1.2.0, which base/deployment.yaml:11:28 says' 'instead of example/web:1.2.0, which base/deployment.yaml:11:16 says'
}

test_generated_names_and_data() {
    blame_repository
    rootapp blame --no-git base configmap/web LOG_LEVEL
    expect_out "info
  info  base/settings.env:2:11  generator"
    rootapp blame --no-git base deployment/web configMapRef.name
    expect_out_has 'base/kustomization.yaml:3:9  configMapGenerator[0].name' 'computed: the content of ConfigMap web (base/settings.env)' \
        'instead of web, which base/deployment.yaml:12:41 says'
}

test_secrets_stay_hidden() {
    blame_repository
    for format in text json porcelain; do
        rootapp blame -o $format base secret/token
        expect_status 0
        ! grep -qF -e CANARY -e "$(printf CANARY | base64)" "$LOGS/out" || fail "$format shows the secret"
        rootapp blame --chain -o $format base secret/token data.key
        expect_out_has 'base/kustomization.yaml'
        ! grep -qF -e CANARY -e "$(printf CANARY | base64)" "$LOGS/out" || fail "$format shows the secret"
    done
}

test_a_resource_line_by_line() {
    blame_repository
    sed -i 's/replicas: 1/replicas: 5/' base/deployment.yaml
    rootapp blame overlays/prod deployment/web
    expect_status 0
    expect_out_has " $(id_of first) base/deployment.yaml:1                            apiVersion: apps/v1" \
        " $(id_of promote) overlays/prod/kustomization.yaml:2                  namespace: prod" \
        " 0000000 base/deployment.yaml:6                              replicas: 5"
    same "the lines" "$(cut -c 60- "$LOGS/out")" "$("$ROOTAPP" build overlays/prod | sed -n '/kind: Deployment/,$p' | sed '1i apiVersion: apps/v1')"
}

test_in_another_commit() {
    blame_repository
    sed -i 's/1.3.0/1.4.0/' overlays/prod/kustomization.yaml
    commit 'promote 1.4.0' 2026-11-03
    rootapp blame --rev HEAD~1 overlays/prod deployment/web 'containers[0].image'
    expect_status 0
    expect_out_has 'example/web:1.3.0' "$(id_of 'promote 1.3.0') 2026-11-02"
    rootapp blame overlays/prod deployment/web 'containers[0].image'
    expect_out_has 'example/web:1.4.0' "$(id_of 'promote 1.4.0') 2026-11-03"
}

test_by_app_and_environment() {
    repository
    rootapp blame --no-git shop/prod deployment/shop containers.0.image
    expect_status 0
    expect_out_has 'example/shop:prod  apps/shop/overlays/prod/deployment.yaml:10:16'
    rootapp blame shop/test deployment/shop
    expect_failure 1 "the app of 'shop/test' has no such environment"
    rootapp blame nothing/dev deployment/shop
    expect_failure 1 "'nothing/dev' is no target"
}

test_for_programs() {
    blame_repository
    rootapp blame -o porcelain overlays/prod deployment/web 'containers[0].image'
    expect_out "$(printf 'Deployment/web\tspec.template.spec.containers.[name=app].image\t0\t11\tbase/deployment.yaml\t11\t16\t11\t27\texact\t-\t%s\t-
Deployment/web\tspec.template.spec.containers.[name=app].image\t12\t5\toverlays/prod/kustomization.yaml\t5\t11\t5\t16\texact\timages\t%s\t-' \
        "$(git rev-parse HEAD~1)" "$(git rev-parse HEAD)")"
    rootapp blame -o json --no-git overlays/prod deployment/web replicas
    expect_out '{"fields":[{"before":[],"kind":"Deployment","name":"web","namespace":"prod","parts":[{"column":13,"endColumn":14,"endLine":6,"exact":true,"field":"spec.replicas","file":"base/deployment.yaml","line":6,"text":"1"}],"path":"spec.replicas","value":"1"}],"target":"overlays/prod"}'
}

test_what_is_not_there() {
    blame_repository
    rootapp blame
    expect_failure 2 'APP/ENV or DIR, KIND/NAME'
    rootapp blame base deployment/wbe
    expect_failure 1 "base has no deployment/wbe (did you mean 'deployment/web'?)"
    rootapp blame base deployment
    expect_failure 2 "'deployment' is no KIND/NAME"
    rootapp blame base deployment/web imgae
    expect_failure 1 "no field 'imgae' in the resource (did you mean 'image'?)"
    rootapp blame base deployment/web image
    expect_failure 1 "'image' may mean several fields: spec.template.spec.containers.[name=app].image, spec.template.spec.containers.[name=sidecar].image"
}

# Commit, author, file and line of every part are git's own for that line: through a file that got another name, of what is not
# committed, and at the boundary of a shallow clone.
as_git_says() { # DIRECTORY
    rootapp -C "$1" blame -o json overlays/prod deployment/web
    expect_status 0
    python3 - "$1" "$LOGS/out" "$2" <<'END' || fail "$1: not as git blame says"
import json, os, subprocess, sys
directory, report, wanted = sys.argv[1], json.load(open(sys.argv[2])), set(sys.argv[3].split())
shallow = os.path.join(directory, ".git/shallow")
ends = open(shallow).read().split() if os.path.exists(shallow) else []
seen = set()
for field in report["fields"]:
    for part in field["parts"]:
        commit = part.get("commit")
        if not commit:
            continue
        lines = subprocess.run(["git", "-C", directory, "blame", "--porcelain", f"-L{part['line']},{part['line']}", "--", part["file"]],
                               stdout=subprocess.PIPE, text=True, check=True).stdout.split("\n")
        said = dict(line.partition(" ")[::2] for line in lines[1:-2])
        identifier, line = lines[0].split()[:2]
        assert commit["committed"] == (set(identifier) != {"0"}), (field["path"], commit)
        assert not commit["committed"] or (commit["id"], commit["author"]) == (identifier, said["author"]), (field["path"], commit, said)
        assert not commit["committed"] or (commit["line"], commit["file"]) == (int(line), said["filename"]), (field["path"], commit, said, line)
        assert commit["boundary"] == (identifier in ends), (field["path"], commit, ends)
        seen |= {"boundary"} if commit["boundary"] else set()
        seen |= set() if commit["committed"] else {"uncommitted"}
        seen |= {"renamed"} if commit["file"] != part["file"] else set()
assert wanted <= seen, (wanted, seen)
END
}

test_as_git_blame_says() {
    blame_repository
    git mv base/deployment.yaml base/web.yaml
    sed -i 's/deployment.yaml/web.yaml/' base/kustomization.yaml
    commit 'another name' 2026-11-04
    as_git_says . renamed
    sed -i 's/replicas: 1/replicas: 5/' base/web.yaml
    as_git_says . "renamed uncommitted"
    git clone -q --depth 1 "file://$PWD" "$LOGS/shallow"
    as_git_says "$LOGS/shallow" boundary
}
