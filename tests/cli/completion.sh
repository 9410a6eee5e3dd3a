# shellcheck shell=bash
# rootapp completion: what a shell offers at the end of a line.
# shellcheck source=repository.bash
. "$TOP/tests/cli/repository.bash"

# What bash offers for the last of these words.
offered() { # WORD...
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _rootapp
    echo "${COMPREPLY[*]}"
}

test_bash() {
    repository
    rootapp completion bash
    expect_status 0
    cp "$LOGS/out" script
    # shellcheck source=/dev/null
    . ./script
    same "commands" "$(offered rootapp re)" "render report"
    same "options" "$(offered rootapp list --te)" "--team"
    same "options of all" "$(offered rootapp -C . list --he)" "--help"
    same "values" "$(offered rootapp list -o wi)" "wide"
    rootapp() { "$ROOTAPP" "$@"; }
    same "targets" "$(offered rootapp render shop/)" "shop/dev shop/prod"
    same "apps" "$(offered rootapp promote sh)" "shop"
    same "environments" "$(offered rootapp promote shop d)" "dev"
    same "commands" "$(offered rootapp help re)" "render report"
    same "shells" "$(offered rootapp completion z)" "zsh"
}

test_shells() {
    local shell
    for shell in bash zsh fish; do
        "$ROOTAPP" completion "$shell" >script || fail "completion $shell"
        command -v "$shell" >/dev/null || continue
        "$shell" -n script || fail "$shell does not read it"
    done
    rootapp completion csh
    expect_failure 2 "bash, zsh or fish"
    rootapp completion
    expect_failure 2 "bash, zsh or fish"
}
