# shellcheck shell=bash
# The command line itself: what is asked wrongly is answered in one line, with exit status 2.

test_usage() {
    rootapp
    expect_status 2
    expect_no_out
    expect_err_has "usage: rootapp" "version"
    rootapp help
    expect_status 0
    expect_out_has "usage: rootapp" "version"
}

test_unknown() {
    rootapp hlep
    expect_failure 2 "unknown command 'hlep' (did you mean 'help'?)"
    rootapp help hlep
    expect_failure 2 "unknown command 'hlep'"
    rootapp help --markdwon
    expect_failure 2 "unknown option '--markdwon' (did you mean '--markdown'?)"
    rootapp help a b
    expect_failure 2 "unexpected operand 'b'"
    rootapp "$(printf 'evil\n\033[31mname')"
    expect_failure 2 'evil\n\x1b[31mname'
}

test_version() {
    rootapp version
    expect_status 0
    expect_out_has "rootapp " "(renders as kustomize v5.8.3)"
    cp "$LOGS/out" before
    rootapp --version
    same "--version" "$(cat "$LOGS/out")" "$(cat before)"
    rootapp version -o json
    expect_status 0
    command -v jq >/dev/null || return 0
    same "json" "$(jq -r '[.version, .kustomize] | join(" ")' "$LOGS/out")" "$(sed "s,^rootapp ,,; s,(renders as kustomize ,,; s,)\$,," before)"
}

# The commands that people call come first, those of Argo CD last; no line is wider than the terminal.
test_overview() {
    local width
    rootapp help
    same "first line" "$(sed -n '1s/ .*//p' "$LOGS/out")" "rootapp"
    same "order" "$(sed -n 's/^  \(list\|new\|build\|generate\) .*/\1/p' "$LOGS/out" | tr '\n' ' ')" "list new build generate "
    command -v script >/dev/null || return 0
    for width in 60 80; do
        COLUMNS=$width script -qec "$ROOTAPP help; $ROOTAPP help build; $ROOTAPP help list" /dev/null </dev/null | tr -d '\r' >screen
        same "lines beyond $width" "$(grep -v '^rootapp\|^usage' screen | awk -v width=$width 'length > width')" ""
    done
}

test_no_repository() {
    mkdir outside
    (cd / && [ ! -e .git ]) || skip "/ is a repository"
    rootapp -C outside list
    expect_failure 1 "not in a git repository" "argo/root"
    rootapp -C outside render
    expect_failure 1 "not in a git repository"
}

test_directory() {
    rootapp -C no-such-directory help
    expect_failure 1 "-C no-such-directory: No such file or directory"
    rootapp -C
    expect_failure 2 "-C needs a value"
}

test_help_of_every_command() {
    local command
    for command in $("$ROOTAPP" help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
        rootapp help "$command"
        expect_status 0
        expect_out_has "usage: rootapp $command"
        cp "$LOGS/out" before
        rootapp "$command" --help
        same "$command --help" "$(cat "$LOGS/out")" "$(cat before)"
        awk 'length > 120' before >long
        [ ! -s long ] || fail "$command: long lines in help: $(cat long)"
    done
}

# docs/commands is made by `rootapp help --markdown`.
test_pages() {
    local command
    for command in $("$ROOTAPP" help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
        rootapp help --markdown "$command"
        diff -u "$TOP/docs/commands/$command.md" "$LOGS/out" || fail "docs/commands/$command.md is not what help --markdown prints"
    done
    for page in "$TOP"/docs/commands/*.md; do
        "$ROOTAPP" help "$(basename "$page" .md)" >/dev/null || fail "$page: no such command"
    done
}

# Manual pages come of the same tables: each command has one, which names its options as help does and which readers take.
test_manual() {
    local command
    "$TOP/tools/man" "$ROOTAPP" "$PWD/pages" || fail "tools/man fails"
    for command in $("$ROOTAPP" help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
        grep -q "^\.BR rootapp.-$(sed 's/-/.-/g' <<<"$command") (1)" pages/rootapp.1 || fail "rootapp.1 does not name $command"
        same "options of $command" \
            "$(sed -n 's/^\(\\fB\\-.\\fR, \)*\\fB\\-\\-\([a-z0-9\\-]*\)\\fR.*/\2/p' "pages/rootapp-$command.1" | tr -d '\\')" \
            "$("$ROOTAPP" help "$command" | sed -n 's/^  \(-.,\|   \) --\([a-z0-9-]*\).*/\2/p')"
    done
    ! command -v mandoc >/dev/null || same "mandoc -Tlint" "$(mandoc -Tlint -W warning pages/*.1)" ""
    ! command -v man >/dev/null || same "man" "$(MANWIDTH=80 man --warnings=w -l pages/*.1 2>&1 >/dev/null)" ""
    command -v mandoc >/dev/null || return 0
    same "what is shown" "$(mandoc -Tascii pages/rootapp-list.1 | col -b | sed -n "s/^ *\(rootapp list -o json.*\)/\1/p")" \
        "$("$ROOTAPP" help list | sed -n 's/^\(rootapp list -o json.*\)/\1/p')"
}

test_unwritable_output() {
    [ -c /dev/full ] || skip "no /dev/full"
    status=0 last="help >/dev/full"
    "$ROOTAPP" help >/dev/full 2>"$LOGS/err" || status=$?
    : >"$LOGS/out"
    expect_failure 1 "standard output: No space left on device"
    status=0 last="help >&-"
    "$ROOTAPP" help >&- 2>"$LOGS/err" || status=$?
    expect_failure 1 "standard output: is closed"
    status=0 last="help into a closed pipe"
    { sleep 0.2; "$ROOTAPP" help 2>"$LOGS/err" || echo $? >"$LOGS/status"; } | :
    status=$(cat "$LOGS/status")
    expect_status 141
    expect_no_err
}

test_all_streams_closed() {
    status=0
    "$ROOTAPP" help <&- >&- 2>&- || status=$?
    same "exit status" "$status" 1
}
