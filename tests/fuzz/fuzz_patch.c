/* fuzz_patch.c: one patch on some resources. A line "=== " separates the patch, which comes first, from the resources;
 * the first byte chooses the field that the patch stands in. */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz.h"
#include "memory_tree.h"

#define RESOURCES "resources: [resources.yaml]\n"

static const char *const kustomizations[] = {
    RESOURCES "patches:\n- path: patch.yaml\n",
    RESOURCES "patches:\n- path: patch.yaml\n  target: {kind: .*}\n",
    RESOURCES
    "patches:\n- path: patch.yaml\n  target: {name: a.*}\n  options: {allowNameChange: true, allowKindChange: true}\n",
    RESOURCES "patchesStrategicMerge: [patch.yaml]\nnamePrefix: p-\ncommonLabels: {app: x}\n",
    RESOURCES "patchesJson6902:\n- path: patch.yaml\n  target: {version: v1, kind: ConfigMap, name: a}\n",
    RESOURCES "namePrefix: p-\npatches:\n- path: patch.yaml\n- path: patch.yaml\n  target: {labelSelector: app=x}\n",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char separator[] = "\n=== ";
    if (!size)
        return 0;
    const char *kustomization = kustomizations[data[0] % (sizeof kustomizations / sizeof *kustomizations)];
    const char *patch = (const char *)data + 1, *end = (const char *)data + size;
    const char *middle = memmem(patch, size - 1, separator, sizeof separator - 1);
    const char *resources = middle ? middle + sizeof separator - 1 : end;
    struct source *source = source_memory();
    source_memory_add(source, "kustomization.yaml", kustomization, strlen(kustomization));
    source_memory_add(source, "patch.yaml", patch, (size_t)((middle ? middle : end) - patch));
    source_memory_add(source, "resources.yaml", resources, (size_t)(end - resources));
    render_twice(source, ".");
    source_free(source);
    return 0;
}
