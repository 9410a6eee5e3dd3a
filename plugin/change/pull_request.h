/* Asks for a pull request with the program of the server: gh for GitHub, glab for GitLab, where it is installed. */
#ifndef PLUGIN_CHANGE_PULL_REQUEST_H
#define PLUGIN_CHANGE_PULL_REQUEST_H

#include "plugin/change/user_git.h"

struct pull_request {
    const char *remote;        /* a name or a URL */
    const char *base, *branch; /* what is to be merged into `base` */
    const char *title, *body;
};

/* The program for the remote's server; NULL: there is none, or it is not installed. */
const char *pull_request_program(struct user_git *git, const char *remote);

/* The request's URL, in the arena of the history: of the one that is open already, which gets the title and the body,
 * or of a new one. NULL with an error, which has the program's words. */
const char *pull_request_make(struct user_git *git, const struct pull_request *request, struct error *error);

#endif
