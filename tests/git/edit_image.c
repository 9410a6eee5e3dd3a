/* edit_image.c: the edit of set-image alone, without a render.   edit_image FILE IMAGE...   prints the new text. */
#include <stdio.h>

#include "base/files.h"
#include "plugin/change/image_edit.h"

int main(int count, char **arguments)
{
    struct arena *arena = arena_new();
    struct text bytes = {0}, line = {0};
    struct error error = {0};
    bool good = count > 2 && file_read(arguments[1], &bytes);
    for (int i = 2; good && i < count; i++) {
        struct image_wish wish;
        struct image_edit edit;
        good = image_wish_read(arena, arguments[i], &wish, &error) &&
               image_edit(arena, arguments[1], &wish, &(struct edit_options){.overrules = true}, &bytes, &edit, &error);
    }
    if (good)
        fwrite(bytes.bytes, 1, bytes.size, stdout);
    error_write(&error, &line);
    if (!good)
        fprintf(stderr, "%s\n", text_content(&line));
    text_free(&line);
    text_free(&bytes);
    error_free(&error);
    arena_free(arena);
    return !good;
}
