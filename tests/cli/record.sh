# shellcheck shell=bash
# The terminal that README.md shows is what the program prints today.

test_recording() {
    [ -d "$TOP/apps/example-app" ] && [ -d "$TOP/apps/test-app" ] && [ -d "$TOP/apps/_template" ] || skip "this repository has no examples"
    command -v python3 >/dev/null || skip "needs python3"
    "$TOP/tools/record" terminal.svg || fail "tools/record fails"
    cmp -s terminal.svg "$TOP/docs/pictures/terminal.svg" ||
        fail "docs/pictures/terminal.svg is out of date: run tools/record. $(diff "$TOP/docs/pictures/terminal.svg" terminal.svg | head -10)"
    "$TOP/tools/record" again.svg
    cmp -s terminal.svg again.svg || fail "two recordings differ"
    grep -q '<script\|href=' terminal.svg && fail "the picture runs or loads something"
    python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' terminal.svg || fail "it is no XML"
    grep -q '(docs/pictures/terminal.svg)' "$TOP/README.md" || fail "README.md does not show it"
}
