/* The options that say what a render may fetch: the same for all commands that render.
 *
 *     struct build_options { struct fetch_options fetch; };
 *     static const struct option options[] = {FETCH_OPTIONS(struct build_options, fetch), OPTION_END};
 */
#ifndef PLUGIN_REMOTE_OPTIONS_H
#define PLUGIN_REMOTE_OPTIONS_H

#include "kustomize/engine.h"
#include "plugin/options.h"

struct fetch_options {
    struct option_list hosts;
    bool offline;
    const char *cache;
};

#define FETCH_OPTIONS(type, member)                                                                                  \
    OPTION_LIST(type, member.hosts, 0, "allow-host", "HOST",                                                         \
                "fetch remote bases, files and charts from this host only; *.example.com stands for all below; may " \
                "be given several times"),                                                                           \
        OPTION_SWITCH(type, member.offline, 0, "offline", "fetch nothing: use what the cache holds"),                \
        OPTION_TEXT(type, member.cache, 0, "cache", "DIR", "keep what is fetched in this directory")

/* Whose run it is: a user's own, who may fetch from anywhere and has a cache (in $XDG_CACHE_HOME or ~/.cache), or one
 * for others, where only listed hosts are fetched from and nothing is kept unless --cache says where. */
enum fetch_trust { FETCH_FOR_USER, FETCH_FOR_OTHERS };

/* False: the directory of --cache cannot be made. */
bool fetch_options_read(const struct fetch_options *given, enum fetch_trust trust, struct arena *arena,
                        struct remote_options *out, struct error *error);

#endif
