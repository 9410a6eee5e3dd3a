/* Texts of remotes: URLs for people, and what servers say. Nothing is decided by the words of a message. */
#ifndef PLUGIN_CHANGE_REMOTE_TEXT_H
#define PLUGIN_CHANGE_REMOTE_TEXT_H

#include "plugin/change/user_git.h"

/* Whether a name is one of the repository's remotes, or is a URL or path; an error says what to do. */
bool remote_demand(struct user_git *git, const char *remote, struct error *error);

/* Whether a branch may have this name. */
bool is_branch_name(struct user_git *git, const char *name);

/* The remote that a token is for: its URL without the user and password in it, which git would take instead, as
 * GitLab's runners write them there; else the name itself. */
const char *remote_for_token(struct user_git *git, const char *remote);

/* A name or a URL without the password in it. */
const char *without_password(struct arena *arena, const char *remote);

/* Where a commit, or the changes of a branch, are shown; NULL: the server is none that we know (GitHub, GitLab,
 * Bitbucket, Gitea). */
const char *commit_url(struct user_git *git, const char *remote, const char *commit);
const char *compare_url(struct user_git *git, const char *remote, const char *base, const char *branch);

/* What stands before the path of a file in the address of one of its lines at a commit, and what stands before the
 * number of the line. Nothing where the server is none that we know. */
void file_url(struct user_git *git, const char *remote, const char *commit, const char **before, const char **between);

/* The kind of the remote's server: "github", "gitlab", ...; by its host's name, or by what the variables of CI say of
 * the host. NULL: another one. */
const char *server_kind(struct user_git *git, const char *remote);

/* https://HOST/PATH of a remote: of the URL that git uses for it, or of the one that is written where the other one
 * (insteadOf) names no server that we know. NULL: it has no host. */
const char *remote_address(struct user_git *git, const char *remote);

/* What `git push --porcelain` printed: whether the reference was updated, or is up to date; and whether the server (or
 * our own git) refused it, with the reason added to `words`. */
bool porcelain_landed(const char *output);
bool porcelain_refused(const char *output, struct text *words);

/* Whether it tells what became of any reference. */
bool porcelain_has_line(const char *output);

/* What git says of a push, without that it has failed. */
const char *git_words(struct arena *arena, const char *said);

/* What the server itself says in git's messages ("remote: ..."), else all of them. */
const char *server_words(struct arena *arena, const char *said);

#endif
