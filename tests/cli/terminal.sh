# shellcheck shell=bash
# What a terminal gets: colours where it has them, lines that fit.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

# What a terminal of 80 columns gets.
terminal() { # COMMAND
    command -v script >/dev/null || skip "needs script"
    TERM=xterm script -qec "stty rows 40 cols 80; $1" /dev/null </dev/null | tr -d '\r' >terminal
}

escapes() { grep -c $'\x1b\\[[0-9;]*m' terminal; }

widest() { awk '{ if (length($0) > most) most = length($0) } END { print most + 0 }' terminal; }

test_colors() {
    repository
    terminal "PAGER=cat $ROOTAPP list"
    [ "$(escapes)" -gt 0 ] || fail "a terminal gets colours"
    terminal "PAGER=cat NO_COLOR=1 $ROOTAPP list"
    same "NO_COLOR" "$(escapes)" 0
    terminal "PAGER=cat NO_COLOR= $ROOTAPP list"
    [ "$(escapes)" -gt 0 ] || fail "an empty NO_COLOR asks for nothing"
    terminal "TERM=dumb $ROOTAPP list"
    same "a dumb terminal" "$(escapes)" 0
    terminal "$ROOTAPP list | cat"
    same "a pipe" "$(escapes)" 0
}

test_help_fits() {
    terminal "PAGER=cat $ROOTAPP help list"
    [ "$(widest)" -le 80 ] || fail "help on a terminal: $(widest)"
    terminal "$ROOTAPP help list | cat"
    [ "$(widest)" -le 80 ] || fail "help behind a pipe: $(widest)"
    terminal "$ROOTAPP help list 2>/dev/null | cat"
    [ "$(widest)" -gt 80 ] || fail "without a terminal, lines have 100 columns: $(widest)"
}

# A row for each column where they do not fit beside each other.
test_blame_fits() {
    repository
    local long=apps/shop/overlays/an-environment-with-a-name-that-is-long/kustomization.yaml
    put "$long" <<<'resources: [deployment.yaml]'
    put "$(dirname "$long")/deployment.yaml" <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec: {template: {spec: {containers: [{name: app, image: "example/shop:1"}]}}}
END
    terminal "PAGER=cat $ROOTAPP blame $(dirname "$long") deployment/shop image"
    grep -qx "      $(dirname "$long")/deployment.yaml:4:59" terminal || fail "the place has no row of its own: $(cat terminal)"
    terminal "$ROOTAPP blame $(dirname "$long") deployment/shop image | cat"
    grep -q "^  example/shop:1  $(dirname "$long")/deployment.yaml:4:59  " terminal || fail "a pipe gets columns: $(cat terminal)"
}
