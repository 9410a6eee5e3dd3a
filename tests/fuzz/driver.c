/* driver.c: replays inputs, files or directories of them, through one fuzz target. Slow ones are failures.
 *
 * With --mutants N, each input is followed by N that are made of it. They depend on nothing but its bytes: every run
 * and every machine has the same, and a new input adds its own only. What one fails on is left in ./mutant. */
#define _GNU_SOURCE
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
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

/* Mutants. */

enum { MOST_STEPS = 6, LARGEST_MUTANT = 1 << 20 };

static unsigned long mutants;

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? (size_t)(next_random(state) % limit) : 0;
}

/* Puts bytes in place of others. */
static size_t replace(uint8_t *bytes, size_t size, size_t at, size_t old, const void *new, size_t count)
{
    if (size - old + count > LARGEST_MUTANT)
        return size;
    memmove(bytes + at + count, bytes + at + old, size - at - old);
    memcpy(bytes + at, new, count);
    return size - old + count;
}

/* Changes, removes, repeats or moves a stretch, or puts a word of YAML there. */
static size_t mutate(uint8_t *bytes, size_t size, uint64_t *state)
{
    static const char *const words[] = {
        "\n",   ": ", "- ",  "\n---\n", "|-\n", ">+\n", "&a ", "*a", "<<: ", "!!str ",   "{}",
        "[]",   "''", "\"",  "# ",      "? ",   ",",    "\r",  "\t", "~",    "\xC2\x85", "\xE2\x80\xA8",
        "\xFF", "0",  "1e3", "null",    "{",    "}",    "[",   "]",  " ",    "../"};
    uint8_t stretch[64];
    size_t at = below(state, size + 1), most = size - at, count = below(state, (most < 64 ? most : 64) + 1);
    const char *word = words[below(state, sizeof words / sizeof *words)];
    memcpy(stretch, bytes + at, count);
    uint8_t byte = (uint8_t)next_random(state);
    switch (below(state, 6)) {
    case 0:
        return replace(bytes, size, at, count, "", 0);
    case 1:
        return replace(bytes, size, below(state, size + 1), 0, stretch, count);
    case 2:
        return replace(bytes, size, at, most ? 1 : 0, &byte, 1);
    case 3:
        return replace(bytes, size, at, count, word, strlen(word));
    default:
        return replace(bytes, size, at, 0, word, strlen(word));
    }
}

static uint64_t seed_of(const uint8_t *bytes, size_t size)
{
    uint64_t seed = 14695981039346656037U; /* FNV-1a */
    for (size_t i = 0; i < size; i++)
        seed = (seed ^ bytes[i]) * 1099511628211U;
    return seed ? seed : 1;
}

/* The last input is kept in a file: it is there when a crash ends the process. */
static void run_mutant(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    FILE *file = fopen("mutant", "wb");
    if (file) {
        fwrite(bytes, 1, size, file);
        fclose(file);
    }
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void run_mutants(const uint8_t *bytes, size_t size)
{
    static uint8_t mutant[LARGEST_MUTANT];
    uint64_t state = seed_of(bytes, size);
    for (unsigned long i = 0; i < mutants; i++) {
        size_t now = size;
        memcpy(mutant, bytes, size);
        for (size_t steps = 1 + below(&state, MOST_STEPS); steps; steps--)
            now = mutate(mutant, now, &state);
        run_mutant(mutant, now);
    }
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
    run_mutants(bytes, size);
    if (now() - start > LONGEST * (double)(1 + mutants)) {
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
        char inner[PATH_MAX];
        int size = snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && size > 0 && (size_t)size < sizeof inner)
            replay(inner);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int count, char **paths)
{
    bool mutates = count > 2 && strcmp(paths[1], "--mutants") == 0;
    mutants = mutates ? strtoul(paths[2], NULL, 10) : 0;
    for (int i = mutates ? 3 : 1; i < count; i++)
        replay(paths[i]);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed ? 1 : 0;
}
