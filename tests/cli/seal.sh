# shellcheck shell=bash
# rootapp seal: values for the Secret that is rendered, by way of kubeseal, and every other byte of the file kept.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

# A kubeseal that notes how it is called, and gives something of the form of a sealed value.
fake_kubeseal() {
    cat >"$LOGS/kubeseal" <<END
#!/usr/bin/env bash
printf '%s\n' "\$*" >>'$LOGS/arguments'
[[ " \$* " != *" --fetch-cert "* ]] || { cat '$LOGS/given.pem'; exit; }
[[ " \$* " != *" --re-encrypt "* ]] || { sed 's/"AgAA"/"AgNew"/'; exit; }
env >>'$LOGS/environment'
cat >>'$LOGS/values'
{ printf '\001\000'; head -c 280 /dev/urandom; } | base64 -w0
END
    chmod +x "$LOGS/kubeseal"
    export KUBESEAL=$LOGS/kubeseal
    cp "$TOP/tests/seal/certificates/good.pem" "$LOGS/given.pem"
    put argo/certs/dev.pem <"$LOGS/given.pem"
}

seal_from() { # TEXT OPERAND...: the text comes from a pipe
    status=0
    printf '%s' "$1" | "$ROOTAPP" seal "${@:2}" >"$LOGS/out" 2>"$LOGS/err" || status=$?
    last="rootapp seal ${*:2}"
}

test_new_secret() {
    repository
    fake_kubeseal
    seal_from $'hunter2\n' shop/dev password
    expect_status 0
    expect_err_has "one newline at the end was taken off"
    expect_out_has "apps/shop/overlays/dev/sealed-secret.yaml:10: password sealed for Secret shop-dev/shop (strict), certificate argo/certs/dev.pem, valid until 2126-11-05" "kustomization.yaml:1: names it under resources"
    same "arguments" "$(cat "$LOGS/arguments")" "--raw --scope strict --cert argo/certs/dev.pem --name shop --namespace shop-dev --from-file=/dev/stdin"
    same "value" "$(cat "$LOGS/values")" hunter2
    ! grep -q hunter2 -r "$LOGS/environment" "$LOGS/arguments" . || fail "the value is to be seen"
    grep -q 'rootapp.dev/sealed: "password=.*@shop-dev/shop"' apps/shop/overlays/dev/sealed-secret.yaml || fail "no record"
    same "kustomization" "$(cat apps/shop/overlays/dev/kustomization.yaml)" "resources: [deployment.yaml, sealed-secret.yaml]"
    rootapp check --rule RA5 --skip RA519 shop/dev
    expect_status 0
}

# The prefix of the overlay is in the name that the value is sealed for; comments, quotes and the other keys stay.
test_for_what_is_rendered() {
    repository
    fake_kubeseal
    put apps/shop/overlays/dev/kustomization.yaml <<<$'namePrefix: blue-\nnamespace: till\nresources: [deployment.yaml, secret.yaml]'
    put apps/shop/overlays/dev/secret.yaml <<'END'
# The till's.
kind: SealedSecret
apiVersion: bitnami.com/v1alpha1
metadata: {name: 'shop'}
spec:
    encryptedData:
        "a": AgAA # first
        b: 'AgBB'
END
    cp apps/shop/overlays/dev/secret.yaml before
    printf '        # checksum %s\n' "$(sha256sum <before | cut -c1-64)" >>apps/shop/overlays/dev/deployment.yaml
    seal_from x shop/dev c
    expect_status 0
    expect_out_has "c sealed for Secret till/blue-shop (strict)" "deployment.yaml:14: the checksum, so that new pods start"
    grep -qF -e "--name blue-shop --namespace till" "$LOGS/arguments" || fail "sealed for $(cat "$LOGS/arguments")"
    grep -q "checksum $(sha256sum <apps/shop/overlays/dev/secret.yaml | cut -c1-64)" apps/shop/overlays/dev/deployment.yaml || fail "an old checksum"
    rootapp seal --remove c shop/dev
    expect_status 0
    same "other bytes" "$(grep -v '^metadata' apps/shop/overlays/dev/secret.yaml)" "$(grep -v '^metadata' before)"
}

test_nobody_is_asked_in_vain() {
    repository
    fake_kubeseal
    mkfifo never-written
    for target in shop/prod nowhere/dev; do
        timeout 60 "$ROOTAPP" seal $target password <>never-written >"$LOGS/out" 2>"$LOGS/err" && fail "$target: it is sealed"
        grep -q "argo/certs/prod.pem: cannot be read\|no application 'nowhere/dev'" "$LOGS/err" || fail "$target: it waits for a value"
    done
}

test_refusals() {
    repository
    fake_kubeseal
    rootapp seal shop/dev password=hunter2
    expect_status 2
    expect_err_has "--from-file KEY=PATH"
    rootapp seal --generate a=16 shop/prod
    expect_status 1
    expect_err_has "argo/certs/prod.pem: cannot be read" "kubeseal --fetch-cert"
    put argo/certs/prod.pem <<<'-----BEGIN PRIVATE KEY-----'
    rootapp seal --generate a=16 shop/prod
    expect_err_has "holds a private key"
    rootapp seal --generate a=16 shop/test
    expect_status 1
    for certificate in expired short other-key; do
        cp "$TOP/tests/seal/certificates/$certificate.pem" argo/certs/prod.pem
        rootapp seal --generate a=16 shop/prod
        expect_status 1
        expect_err_has "argo/certs/prod.pem: "
        cat "$LOGS/err" >>"$LOGS/refused"
    done
    same "certificates" "$(cut -d' ' -f3- "$LOGS/refused")" "the certificate has expired, on 2021-02-03; fetch the new one: rootapp seal --fetch-cert prod
has an RSA key of 1024 bits, which can be broken: 2048 is the least
is for a key of another kind than RSA, which sealed-secrets does not have"
    rootapp seal --generate a=16 --cert http://example.com/cert.pem shop/dev
    expect_status 1
    expect_err_has "use https"
    no_file "$LOGS/arguments"
    rootapp seal --re-seal --generate a=16 shop/dev
    expect_status 2
    rootapp seal --fetch-cert shop/dev key
    expect_status 2
    KUBESEAL=/nowhere/kubeseal rootapp seal --generate a=16 shop/dev
    expect_status 1
    expect_err_has "kubeseal is needed" "KUBESEAL"
    put apps/base/kustomization.yaml <<<'resources: [secret.yaml]'
    put apps/base/secret.yaml <<<'{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: base}}'
    put apps/pay/overlays/dev/kustomization.yaml <<<'resources: [deployment.yaml, ../../../base]'
    rootapp seal --generate a=16 --secret base pay/dev
    expect_status 1
    expect_err_has "each overlay needs its own"
    [ ! -e apps/shop/overlays/dev/sealed-secret.yaml ] || fail "something was written"
}

test_dry_run_and_sources() {
    repository
    fake_kubeseal
    put keys.env <<<$'# two\nuser=till\nempty='
    printf '\0\1' >binary
    rootapp seal -n --from-env-file keys.env --from-file bin=binary --generate token=4 shop/dev
    expect_status 0
    expect_out_has "nothing was changed"
    [ ! -e apps/shop/overlays/dev/sealed-secret.yaml ] || fail "it was written"
    grep -qa till "$LOGS/values" || fail "the env file was not read"
    same "calls" "$(wc -l <"$LOGS/arguments")" 4
    expect_out_has "--- /dev/null" "+++ b/apps/shop/overlays/dev/sealed-secret.yaml" "+resources: [deployment.yaml, sealed-secret.yaml]" "+    token: AQ"
    ! grep -q '[A-Za-z0-9+/]\{200\}' "$LOGS/out" || fail "a sealed value in full"
}

# A Secret's manifest: stringData wins, and what is in it stands nowhere afterwards.
test_from_secret() {
    repository
    fake_kubeseal
    printf '{"kind":"Secret","data":{"a":"YQBi","b":"YQ=="},"stringData":{"b":"bee"}}' >"$LOGS/secret.json"
    rootapp seal --from-secret "$LOGS/secret.json" shop/dev
    expect_status 0
    expect_out_has ": a sealed for" ": b sealed for"
    same "values" "$(od -An -c "$LOGS/values" | tr -d ' \n')" 'a\0bbee'
    seal_from $'kind: Secret\nstringData:\n  c: |\n    two\n    lines\n' --from-secret - shop/dev
    expect_status 0
    expect_out_has ": c sealed for"
    for text in 'kind: ConfigMap' $'kind: Secret\ndata: {a: "hunter2!"}' $'kind: Secret\ndata: {a: {hunter2: b}}' 'kind: Secret' $'kind: Secret\nstringData: {a: hunter2' ''; do
        seal_from "$text" --from-secret - shop/dev
        expect_status 1
        ! grep -q hunter2 "$LOGS/err" || fail "a value in the message: $(cat "$LOGS/err")"
    done
    seal_from 'kind: Secret' --from-secret - shop/dev key
    expect_err_has "standard input is the Secret"
}

test_plain_secret_beside() {
    repository
    fake_kubeseal
    git init -q .
    put apps/shop/overlays/dev/plain.yaml <<<$'apiVersion: v1\nkind: Secret\nmetadata: {name: shop}\nstringData: {a: b}'
    rootapp seal --generate a=16 shop/dev
    expect_failure 1 "apps/shop/overlays/dev/plain.yaml:2:7: the Secret 'shop' stands here in plain text: move it out of the repository"
    git add apps
    rm apps/shop/overlays/dev/plain.yaml
    rootapp seal --generate a=16 shop/dev
    expect_failure 1 "plain.yaml:2:7: " "in what is staged"
    git rm -q --cached apps/shop/overlays/dev/plain.yaml
    rootapp seal --generate a=16 shop/dev
    expect_status 0
}

# kubeseal fetches; the earlier certificates stay behind the new one, and nothing is written that nobody could seal with.
test_fetch_certificate() {
    repository
    fake_kubeseal
    rm -r argo/certs
    rootapp seal --fetch-cert --context dev-cluster dev
    expect_status 0
    expect_out_has "argo/certs/dev.pem: certificate f99f82bf9fc7, valid until 2126-11-05, fetched by 'kubeseal --fetch-cert --context dev-cluster'" "git add argo/certs/dev.pem"
    cmp argo/certs/dev.pem "$LOGS/given.pem" || fail "another file"
    rootapp seal --fetch-cert shop/dev
    expect_out_has "still the one that is given"
    old=$(sed 2d "$TOP/tests/seal/certificates/short.pem")
    cp "$TOP/tests/seal/certificates/short.pem" argo/certs/dev.pem
    rootapp seal -n --fetch-cert --cert https://example.com/v1/cert.pem dev
    expect_status 0
    expect_out_has "nothing was changed"
    cmp -s argo/certs/dev.pem "$TOP/tests/seal/certificates/short.pem" || fail "it was written"
    rootapp seal --fetch-cert --cert https://example.com/v1/cert.pem dev
    same "both" "$(cat argo/certs/dev.pem)" "$(cat "$LOGS/given.pem" "$TOP/tests/seal/certificates/short.pem")"
    same "arguments" "$(tail -1 "$LOGS/arguments")" "--fetch-cert --cert https://example.com/v1/cert.pem"
    cp "$TOP/tests/seal/certificates/expired.pem" "$LOGS/given.pem"
    rootapp seal --fetch-cert prod
    expect_failure 1 "has expired"
    rootapp seal --fetch-cert nowhere
    expect_failure 1 "'nowhere' is no environment of a target: dev, prod"
    no_file argo/certs/prod.pem argo/certs/nowhere.pem
}

test_re_seal() {
    repository
    fake_kubeseal
    put apps/shop/overlays/dev/kustomization.yaml <<<'resources: [deployment.yaml, secret.yaml]'
    put apps/shop/overlays/dev/secret.yaml <<'END'
kind: SealedSecret
apiVersion: bitnami.com/v1alpha1
metadata: {name: shop}
spec: {encryptedData: {a: AgAA, b: "AgBB"}} # both
END
    rootapp seal --re-seal --context here shop/dev a
    expect_status 0
    grep -qF 'spec: {encryptedData: {a: AgNew, b: "AgBB"}} # both' apps/shop/overlays/dev/secret.yaml || fail "$(cat apps/shop/overlays/dev/secret.yaml)"
    same "calls" "$(cat "$LOGS/arguments")" "--fetch-cert --context here
--re-encrypt --context here"
    cp "$TOP/tests/seal/certificates/expired.pem" "$LOGS/given.pem"
    rootapp seal --re-seal shop/dev
    expect_status 1
    rootapp seal --re-seal pay/dev
    expect_failure 1 "has no SealedSecret to seal again"
}

# Two SealedSecrets in a file that a prefix renames: the right one gets the value.
test_two_in_a_file() {
    repository
    fake_kubeseal
    put apps/shop/overlays/dev/kustomization.yaml <<<$'namePrefix: blue-\nresources: [deployment.yaml, secret.yaml]'
    put apps/shop/overlays/dev/secret.yaml <<'END'
kind: SealedSecret
apiVersion: bitnami.com/v1alpha1
metadata: {name: first}
spec: {encryptedData: {a: AgAA}}
---
kind: SealedSecret
apiVersion: bitnami.com/v1alpha1
metadata: {name: second}
spec: {encryptedData: {b: AgBB}}
END
    rootapp seal --generate c=4 shop/dev
    expect_failure 1 "has 2 SealedSecrets: name one with --secret"
    rootapp seal --generate c=4 --secret blue-second shop/dev
    expect_status 0
    expect_out_has "secret.yaml:9: c sealed for Secret shop-dev/blue-second"
    grep -qF 'spec: {encryptedData: {a: AgAA}}' apps/shop/overlays/dev/secret.yaml || fail "the other one changed"
}

# What the real one gives is opened by its own key, and for this name only.
test_real_kubeseal() {
    KUBESEAL=${KUBESEAL:-$(command -v kubeseal || echo "$HOME/.cache/rootapp-e2e/bin/kubeseal")}
    [ -x "$KUBESEAL" ] && command -v openssl >/dev/null || skip "no kubeseal or openssl here"
    export KUBESEAL
    repository
    mkdir -p argo/certs
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$LOGS/key.pem" -out argo/certs/dev.pem -days 30 -subj /CN=sealed 2>/dev/null
    seal_from 'a b' shop/dev password
    expect_status 0
    sed -i 's/^  name: shop$/&\n  namespace: shop-dev/' apps/shop/overlays/dev/sealed-secret.yaml
    opened=$("$KUBESEAL" --recovery-unseal --recovery-private-key "$LOGS/key.pem" <apps/shop/overlays/dev/sealed-secret.yaml)
    [[ $opened == *'"password": "YSBi"'* ]] || fail "opened: $opened"
    sed -i 's/shop-dev$/shop-prod/' apps/shop/overlays/dev/sealed-secret.yaml
    ! "$KUBESEAL" --recovery-unseal --recovery-private-key "$LOGS/key.pem" <apps/shop/overlays/dev/sealed-secret.yaml >/dev/null 2>&1 || fail "opened elsewhere"
}

# B-4: the value is in no argument and no variable of any process, and in no file.
test_value_is_seen_nowhere() {
    command -v strace >/dev/null || skip "no strace here"
    grep -q __asan_init "$ROOTAPP" && skip "the search for leaks does not work beside strace"
    repository
    fake_kubeseal
    printf %s hunter2hunter2 | strace -f -v -s 4096 -e trace=execve,openat -o "$LOGS/trace" "$ROOTAPP" seal shop/dev password >/dev/null 2>&1 || fail "status $?"
    ! grep -q hunter2 "$LOGS/trace" || fail "$(grep hunter2 "$LOGS/trace" | head -c 500)"
    ! grep -rq hunter2 . || fail "in a file: $(grep -rl hunter2 .)"
}
