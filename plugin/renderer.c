/* renderer.c: makes engines that know RootApp resources. */
#include "plugin/renderer.h"

#include <string.h>

const char *const load_restrictors[] = {"LoadRestrictionsRootOnly", "LoadRestrictionsNone", NULL};

void renderer_open(struct renderer *renderer, const struct renderer_options *options)
{
    *renderer = (struct renderer){0};
    renderer->engine = engine_new(&(struct engine_options){
        .source = options->repository->source,
        .load_restrictions_none =
            options->load_restrictor && strcmp(options->load_restrictor, "LoadRestrictionsNone") == 0,
        .share_bases = options->share_bases,
    });
}

void renderer_close(struct renderer *renderer)
{
    engine_free(renderer->engine);
    *renderer = (struct renderer){0};
}
