/* fuzz_build.c: a whole tree of kustomizations (see memory_tree.h), built from its root or from `top`. */
#include "fuzz.h"
#include "memory_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source *source = memory_tree(data, size);
    render_twice(source, source_kind(source, "top") == FILE_DIRECTORY ? "top" : ".");
    source_free(source);
    return 0;
}
