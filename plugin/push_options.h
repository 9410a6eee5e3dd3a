/* The options that say how a command pushes: the same for set-image and promote.
 *
 *     struct promote_options { struct carry_options carry; };
 *     static const struct option options[] = {PUSH_OPTIONS(struct promote_options, carry), OPTION_END};
 */
#ifndef PLUGIN_PUSH_OPTIONS_H
#define PLUGIN_PUSH_OPTIONS_H

#include "plugin/change/carry_out.h"
#include "plugin/options.h"

#define PUSH_OPTIONS(type, member)                                                                       \
    OPTION_TEXT(type, member.repo, 0, "repo", "URL",                                                     \
                "push to this repository, which is cloned for a moment; no clone is needed here"),       \
        OPTION_TEXT(type, member.remote, 0, "remote", "NAME", "the remote to push to (default origin)"), \
        OPTION_TEXT(type, member.token_variable, 0, "token-env", "NAME",                                 \
                    "the environment variable that holds a token for the remote"),                       \
        OPTION_SWITCH(type, member.signoff, 0, "signoff", "add a Signed-off-by trailer"),                \
        OPTION_SWITCH(type, member.no_verify, 0, "no-verify", "run no hooks of git"),                    \
        OPTION_NUMBER(type, member.seconds, 0, "timeout", "S",                                           \
                      "give up after so many seconds of lost races (default 120)")

#endif
