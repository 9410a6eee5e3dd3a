# shellcheck shell=bash
# Long text on a terminal goes to the user's pager, and to nobody else.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

# Runs a command on a terminal of ten lines; what the terminal got goes to the file `terminal`, and its exit status to $status.
terminal() { # COMMAND
    command -v script >/dev/null || skip "needs script"
    status=0
    TERM=xterm script -qec "stty rows 10 cols 80; $1" /dev/null </dev/null >raw || status=$?
    tr -d '\r' <raw | sed 's/^.*\x1b\[K//' >terminal
    last=$1
}

pager() { # a pager that says that it was there, and how much it got
    put bin/pager <<'END'
#!/bin/sh
echo "pager: $(wc -l) lines"
END
    chmod +x bin/pager
}

test_what_does_not_fit() {
    pager
    terminal "PAGER=$PWD/bin/pager $ROOTAPP help"
    same "status" "$status" 0
    same "a long text" "$(cat terminal)" "pager: $("$ROOTAPP" help | wc -l) lines"
    terminal "PAGER=$PWD/bin/pager $ROOTAPP version"
    same "a short one" "$(cat terminal)" "$("$ROOTAPP" version)"
    terminal "PAGER=false ROOTAPP_PAGER='tr a-z A-Z' $ROOTAPP help"
    grep -q 'USAGE: ROOTAPP' terminal || fail "ROOTAPP_PAGER comes before PAGER: $(head -3 terminal)"
}

test_no_pager() {
    local way
    pager
    for way in PAGER= PAGER=cat "PAGER=$PWD/bin/pager ROOTAPP_PAGER=" PAGER=/no/such/pager "PAGER=$PWD/bin/pager TERM=dumb"; do
        terminal "$way $ROOTAPP help 2>/dev/null"
        same "$way" "$(grep -c 'usage: rootapp' terminal)" 1
    done
    terminal "PAGER=$PWD/bin/pager $ROOTAPP help | cat"
    same "not to a terminal" "$(grep -c 'usage: rootapp' terminal)" 1
    terminal "PAGER=$PWD/bin/pager $ROOTAPP help >file"
    same "to a file" "$(cat terminal)" ""
}

# Who leaves a pager early has seen enough, as has who closes a pipe.
test_enough() {
    repository
    for number in $(seq 40); do overlay "app-$number" dev; done
    terminal "PAGER='head -n 1' $ROOTAPP list -o wide"
    same "status of a pager that ends" "$status" 0
    grep -q '^APP .*ENV' terminal || fail "the first line: $(cat terminal)"
    same "nothing more" "$(wc -l <terminal)" 1
    "$ROOTAPP" list -o wide 2>pipe | head -n 0
    same "a broken pipe is silent" "$(cat pipe)" ""
}

test_diff() {
    git init -q -b main . && git config user.name pager && git config user.email pager@example.com || skip "needs git"
    rm -rf .git/hooks
    repository
    pager
    git add --all && git commit -q -m start
    sed -i 's/example/other/' apps/*/overlays/*/deployment.yaml
    for app in a b c d e f; do overlay "$app" dev; done
    git add --all && git commit -q -m change
    terminal "PAGER=$PWD/bin/pager $ROOTAPP diff HEAD~1"
    grep -q '^pager: [0-9]* lines' terminal || fail "a confined diff has a pager, too: $(head -5 terminal)"
    terminal "PAGER=cat $ROOTAPP diff HEAD~1"
    grep -q 'other/shop' terminal || fail "without one: $(head -5 terminal)"
}
