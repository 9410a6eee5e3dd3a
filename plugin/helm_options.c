/* helm_options.c: turns the options about Helm charts into the engine's. */
#include "plugin/helm_options.h"

#include <string.h>

static struct option_list split_words(struct arena *arena, const char *text)
{
    struct option_list list = {0};
    while (text && *text) {
        size_t size = strcspn(text, ",");
        list.items = arena_grow(arena, list.items, list.count, &list.room, sizeof *list.items);
        list.items[list.count++] = arena_copy(arena, text, size);
        text += size + (text[size] == ',');
    }
    return list;
}

struct helm_options helm_options_read(const struct chart_options *given, struct arena *arena,
                                      const struct request *request)
{
    struct option_list api_versions = given->api_versions;
    const char *kube_version = given->kube_version;
    if (request && !api_versions.count && request->api_versions.count)
        api_versions = (struct option_list){.items = request->api_versions.items, .count = request->api_versions.count};
    else if (request && !api_versions.count)
        api_versions = split_words(arena, request->kube_api_versions);
    if (request && !kube_version)
        kube_version = request->kube_version;
    return (struct helm_options){
        .enabled = given->enabled,
        .debug = given->debug,
        .command = given->command,
        .kube_version = kube_version,
        .api_versions = api_versions.items,
        .api_version_count = api_versions.count,
    };
}
