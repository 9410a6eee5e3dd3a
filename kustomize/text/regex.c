/* regex.c: runs regular expressions of Go on PCRE2. */
#include "kustomize/text/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "kustomize/text/regex_syntax.h"
#include "yaml/tree.h"

enum {
    LONGEST_PATTERN = 64 * 1024,
    MATCH_STEPS = 1000 * 1000,
    USUAL_STEPS = 500,             /* what nearly all patterns need */
    FIRST_STEPS = 20 * 1000,       /* before the other matcher is asked, where it can answer */
    LONGEST_TEXT = 256 * 1024,     /* for the other matcher: about a second */
    MOST_STEPS = 20 * 1000 * 1000, /* on a longer one: about as long */
    MATCH_KILOBYTES = 20 * 1024,
    WORKSPACE = 4096, /* of the other matcher, in ints: states that it follows at a time */
};

/* What these searches cost, in steps of tree_count_steps. */
enum { COST_OF_FIRST_STEPS = 10 * 1000, COST_OF_BYTE = 80, COST_OF_MOST_STEPS = MOST_STEPS / 2 };

struct regex {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    size_t *cost; /* of the last search of regex_matches, beyond the usual */
};

/* All of PCRE2's memory is the arena's. */
static void *take_memory(PCRE2_SIZE size, void *arena)
{
    return arena_alloc(arena, size);
}

static void give_back(void *memory, void *arena)
{
    (void)memory;
    (void)arena;
}

static pcre2_code *compile_pattern(pcre2_general_context *memory, const struct text *translated, int *problem)
{
    PCRE2_SIZE offset;
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    return pcre2_compile((PCRE2_SPTR)text_content(translated), translated->size,
                         PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C, problem,
                         &offset, context);
}

static struct regex *refused_pattern(int problem, const char *pattern, origin at, struct error *error)
{
    unsigned char reason[256];
    pcre2_get_error_message(problem, reason, sizeof reason);
    error_at(error, at, "error parsing regexp: %s: `%s`", (const char *)reason, pattern);
    return NULL;
}

struct regex *regex_compile(struct arena *arena, const char *pattern, origin at, struct error *error)
{
    if (strlen(pattern) > LONGEST_PATTERN) {
        error_at(error, at, "error parsing regexp: expression too large: at most %d bytes are accepted",
                 LONGEST_PATTERN);
        return NULL;
    }
    struct text translated = {0};
    if (!regex_translate(pattern, &translated, at, error)) {
        text_free(&translated);
        return NULL;
    }
    int problem = 0;
    pcre2_general_context *memory = pcre2_general_context_create(take_memory, give_back, arena);
    pcre2_code *code = compile_pattern(memory, &translated, &problem);
    text_free(&translated);
    if (!code)
        return refused_pattern(problem, pattern, at, error);
    struct regex *regex = ARENA_NEW(arena, struct regex);
    regex->code = code;
    regex->cost = ARENA_NEW(arena, size_t);
    regex->data = pcre2_match_data_create_from_pattern(code, memory);
    regex->limits = pcre2_match_context_create(memory);
    pcre2_set_heap_limit(regex->limits, MATCH_KILOBYTES);
    return regex;
}

static bool gave_up(int result)
{
    return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_HEAPLIMIT || result == PCRE2_ERROR_DEPTHLIMIT;
}

static int search_text(const struct regex *regex, const char *text, size_t size, uint32_t most_steps)
{
    pcre2_set_match_limit(regex->limits, most_steps);
    return pcre2_match(regex->code, (PCRE2_SPTR)text, size, 0, 0, regex->data, regex->limits);
}

/* Follows all ways at once, so that the time does not explode; it knows no groups. */
static int search_breadth_first(const struct regex *regex, const char *text, size_t size)
{
    int workspace[WORKSPACE];
    pcre2_set_match_limit(regex->limits, MATCH_STEPS);
    return pcre2_dfa_match(regex->code, (PCRE2_SPTR)text, size, 0, PCRE2_DFA_SHORTEST, regex->data, regex->limits,
                           workspace, WORKSPACE);
}

/* With the second matcher, and on a text that is too long for that with more patience. */
static bool matches_slowly(const struct regex *regex, const char *text, size_t size)
{
    bool is_long = size > LONGEST_TEXT;
    int result = is_long ? search_text(regex, text, size, MOST_STEPS) : search_breadth_first(regex, text, size);
    *regex->cost = COST_OF_FIRST_STEPS + (is_long ? COST_OF_MOST_STEPS : COST_OF_BYTE * size);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        *regex->cost = STEPS_BEYOND_LIMITS;
    return result >= 0;
}

bool regex_matches(const struct regex *regex, const char *text, size_t size)
{
    *regex->cost = 0;
    int result = search_text(regex, text, size, USUAL_STEPS);
    if (gave_up(result)) {
        *regex->cost = COST_OF_FIRST_STEPS;
        result = search_text(regex, text, size, FIRST_STEPS);
    }
    return gave_up(result) ? matches_slowly(regex, text, size) : result >= 0;
}

size_t regex_cost(const struct regex *regex)
{
    return *regex->cost;
}

size_t regex_groups(const struct regex *regex, const char *text, size_t size, long (*spans)[2], size_t span_count)
{
    int result = search_text(regex, text, size, MATCH_STEPS);
    if (result < 0)
        return 0;
    const PCRE2_SIZE *found = pcre2_get_ovector_pointer(regex->data);
    size_t groups = pcre2_get_ovector_count(regex->data), count = groups < span_count ? groups : span_count;
    for (size_t i = 0; i < count; i++)
        for (size_t end = 0; end < 2; end++) {
            bool took_part = i < (size_t)result && found[2 * i] != PCRE2_UNSET;
            spans[i][end] = took_part ? (long)found[2 * i + end] : -1;
        }
    return count;
}

bool regex_is_literal(const char *pattern)
{
    return strpbrk(pattern, "\\.+*?()|[]{}^$") == NULL;
}
