/* An engine as commands use it: over a repository, with the RootApp kind. One for each thread. */
#ifndef PLUGIN_RENDERER_H
#define PLUGIN_RENDERER_H

#include "kustomize/engine.h"
#include "plugin/repository.h"
#include "plugin/request.h"
#include "plugin/trust.h"

struct renderer_options {
    const struct repository *repository;
    const char *load_restrictor; /* one of load_restrictors; NULL: the default */
    bool share_bases;
    const struct request *request; /* NULL: we are not called by Argo CD */
    const struct trust *trust;     /* NULL: whoever calls us may do everything */
};

struct renderer {
    struct engine *engine;
    bool made_rootapp; /* a RootApp resource was met since this was last cleared */
};

extern const char *const load_restrictors[]; /* the choices of --load-restrictor */

void renderer_open(struct renderer *renderer, const struct renderer_options *options);
void renderer_close(struct renderer *renderer);

#endif
