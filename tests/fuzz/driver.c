/* driver.c: replays inputs, files or directories of them, through one fuzz target. Slow ones are failures. */
#define _GNU_SOURCE
#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "fuzz.h"

/* Seconds of processor time that one input may take; sanitizers make it ten times slower. */
enum { LONGEST = 10 };

static size_t passed, failed;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    static uint8_t bytes[1 << 20];
    if (!file) {
        perror(path);
        failed++;
        return;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1); /* so that reading behind the end is noticed */
    memcpy(exact, bytes, size);
    fprintf(stderr, "%s\n", path); /* the last line names the input of a crash */
    double start = now();
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    if (now() - start > LONGEST) {
        printf("%s: %.1f seconds\n", path, now() - start);
        failed++;
    } else {
        passed++;
    }
}

static void replay(const char *path)
{
    struct dirent **entries;
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        replay_file(path);
        return;
    }
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char below[PATH_MAX];
        int size = snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && size > 0 && (size_t)size < sizeof below)
            replay(below);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int count, char **paths)
{
    for (int i = 1; i < count; i++)
        replay(paths[i]);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed ? 1 : 0;
}
