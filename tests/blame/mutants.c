/* mutants.c: makes the changes of bytes that tests/blame/oracle.c tries. */
#include "mutants.h"

#include <string.h>

/* Letters of which no boolean, null or number is made. */
static const char letters[] = "kmqwxzjvghr";

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Another character of the same kind, so that the value stays what it is; 0: there is none. Places of one file get
 * different ones, so that none is taken for the other. */
static char other(char byte, size_t seed)
{
    if (is_digit(byte))
        return (char)('1' + (byte - '1' + 1 + (int)(seed % 8) + 9) % 9);
    if (!is_letter(byte))
        return 0;
    char chosen = letters[seed % (sizeof letters - 1)];
    bool upper = byte <= 'Z';
    if ((byte | ' ') == chosen)
        chosen = letters[(seed + 1) % (sizeof letters - 1)];
    return upper ? (char)(chosen - 'a' + 'A') : chosen;
}

static size_t hash_bytes(const char *text, size_t size, size_t seed)
{
    size_t hash = 14695981039346656037u ^ seed;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash >> 7;
}

static struct tree_file *file_named(struct tree_files *files, const char *name)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->items[i].name, name) == 0)
            return &files->items[i];
    return NULL;
}

static void add_edit(struct arena *arena, struct mutant *mutant, struct edit edit)
{
    for (size_t i = 0; i < mutant->count; i++)
        if (mutant->edits[i].file == edit.file && mutant->edits[i].byte == edit.byte)
            return;
    mutant->edits = arena_grow(arena, mutant->edits, mutant->count, &mutant->room, sizeof *mutant->edits);
    mutant->edits[mutant->count++] = edit;
}

struct maker {
    struct arena *arena;
    struct tree_file *file;
    const struct written_part *part;
    struct mutant *out;
    size_t count;
};

static void add_mutant(struct maker *maker, size_t byte, size_t size, const char *text, enum expectation expectation)
{
    if (maker->count == MOST_CHANGES)
        return;
    const struct written_part *part = maker->part;
    struct mutant *mutant = &maker->out[maker->count++];
    *mutant = (struct mutant){.expectation = part->exact ? expectation : EXPECT_ANOTHER, .byte = *text};
    if (expectation == EXPECT_FLIPPED || expectation == EXPECT_ANOTHER)
        mutant->expectation = expectation;
    mutant->at = part->start + (byte - part->byte);
    add_edit(maker->arena, mutant, (struct edit){maker->file, byte, size, text});
}

static void add_replacement(struct maker *maker, size_t byte)
{
    const char *text = maker->part->text;
    char chosen = other(text[byte], hash_bytes(maker->file->name, strlen(maker->file->name), byte));
    if (chosen)
        add_mutant(maker, byte, 1, arena_copy(maker->arena, &chosen, 1), EXPECT_REPLACED);
}

static bool is_escaped(const struct written_part *part, size_t byte)
{
    return !part->exact && byte > part->byte && part->text[byte - 1] == '\\';
}

/* The bytes of a part without its quotes, and without the header of a block scalar. */
struct inner {
    size_t start, end;
};

static struct inner inner_of(const struct written_part *part)
{
    struct inner inner = {part->byte, part->byte + part->byte_count};
    const char *text = part->text;
    if (part->exact || inner.start == inner.end)
        return inner;
    if (part->byte_count > 1 && strchr("\"'", text[inner.start]) && text[inner.end - 1] == text[inner.start])
        return (struct inner){inner.start + 1, inner.end - 1};
    if (strchr("|>", text[inner.start]))
        while (inner.start < inner.end && text[inner.start] != '\n')
            inner.start++;
    return inner;
}

/* The last character that can be another one, the first, and some between. */
static void add_replacements(struct maker *maker, struct inner inner)
{
    size_t found[256], count = 0;
    for (size_t i = inner.start; i < inner.end && count < 256; i++)
        if (other(maker->part->text[i], 0) && !is_escaped(maker->part, i))
            found[count++] = i;
    for (size_t i = inner.end; count == 256 && i > inner.start; i--)
        if (other(maker->part->text[i - 1], 0) && !is_escaped(maker->part, i - 1)) {
            found[count - 1] = i - 1;
            break;
        }
    if (count)
        add_replacement(maker, found[count - 1]);
    if (count > 1)
        add_replacement(maker, found[0]);
    for (size_t i = 1; i + 1 < count && i < 4; i++)
        add_replacement(maker, found[i * (count - 1) / 4 ? i * (count - 1) / 4 : i]);
}

/* Words that decide what is made, each with another one that is as good in its place. What a generator makes becomes
 * something else, or is there no longer. */
static const struct {
    const char *word, *other, *becomes; /* the kind, where that is the value */
} deciding[] = {
    {"configMapGenerator", "secretGenerator", "Secret"}, {"secretGenerator", "configMapGenerator", "ConfigMap"},
    {"ConfigMapGenerator", "SecretGenerator", "Secret"}, {"SecretGenerator", "ConfigMapGenerator", "ConfigMap"},
    {"managedByLabel", "originAnnotations", NULL},       {"originAnnotations", "managedByLabel", NULL},
    {"transformerAnnotations", "managedByLabel", NULL},
};

static void add_other_words(struct maker *maker)
{
    const struct written_part *part = maker->part;
    const char *bytes = part->text + part->byte;
    for (size_t i = 0; part->computed && i < sizeof deciding / sizeof *deciding; i++) {
        size_t size = strlen(deciding[i].word);
        if (part->byte_count != size || memcmp(bytes, deciding[i].word, size) != 0)
            continue;
        add_mutant(maker, part->byte, size, deciding[i].other, EXPECT_FLIPPED);
        maker->out[maker->count - 1].word = deciding[i].word;
        maker->out[maker->count - 1].becomes = deciding[i].becomes;
    }
}

size_t part_mutants(struct arena *arena, struct tree_files *files, const struct written_part *part,
                    struct mutant out[MOST_CHANGES])
{
    struct maker maker = {arena, file_named(files, part->place.file), part, out, 0};
    if (!maker.file || maker.file->size != part->text_size)
        return 0;
    const char *bytes = part->text + part->byte;
    if (part->byte_count == 4 && memcmp(bytes, "true", 4) == 0)
        add_mutant(&maker, part->byte, 4, "false", EXPECT_FLIPPED);
    if (part->byte_count == 5 && memcmp(bytes, "false", 5) == 0)
        add_mutant(&maker, part->byte, 5, "true", EXPECT_FLIPPED);
    add_other_words(&maker);
    struct inner inner = inner_of(part);
    add_replacements(&maker, inner);
    bool spaced = inner.end > inner.start && part->text[inner.end - 1] == '\n';
    add_mutant(&maker, inner.end - spaced, 0, "k", EXPECT_INSERTED);
    if (inner.start == inner.end) { /* a value may begin behind a colon, a tag or an equals sign */
        add_mutant(&maker, inner.end, 0, " k", EXPECT_ANOTHER);
        add_mutant(&maker, inner.end, 0, ": k", EXPECT_ANOTHER);
        add_mutant(&maker, inner.end, 0, "=k", EXPECT_ANOTHER);
    }
    if (!part->exact || !part->byte_count)
        add_mutant(&maker, part->byte, part->byte_count, "\"kq\"", EXPECT_ANOTHER);
    if (inner.start < inner.end)
        add_mutant(&maker, inner.start, inner.end - inner.start, "k", EXPECT_ANOTHER);
    if (inner.start == part->byte)
        add_mutant(&maker, inner.start, inner.end - inner.start, "7", EXPECT_ANOTHER);
    return maker.count;
}

/* Wider ones. */

struct word {
    const char *text;
    size_t size, within; /* which of its characters is replaced */
};

static const char *find(const char *text, size_t size, const struct word *word)
{
    for (size_t i = 0; word->size && i + word->size <= size; i++)
        if (memcmp(text + i, word->text, word->size) == 0)
            return text + i;
    return NULL;
}

static bool continues_word(char byte)
{
    return is_letter(byte) || is_digit(byte) || byte == '.';
}

/* Whole words: `source` is not part of `resources`. */
static void edit_words(struct arena *arena, struct tree_file *file, const struct word *word, const char *text,
                       struct mutant *mutant)
{
    const char *at = file->text, *end = file->text + file->size;
    for (const char *found; (found = find(at, (size_t)(end - at), word)); at = found + word->size)
        if ((found == file->text || !continues_word(found[-1])) &&
            (found + word->size == end || (!continues_word(found[word->size]) && found[word->size] != ':')))
            add_edit(arena, mutant, (struct edit){file, (size_t)(found - file->text) + word->within, 1, text});
}

/* The same character of the value that this one took the place of. */
static bool edit_reference(struct arena *arena, struct tree_files *files, const struct word *word,
                           const struct written *old, const char *text, struct mutant *mutant)
{
    bool any = false;
    for (size_t i = 0; i < old->count; i++) {
        const struct written_part *part = &old->parts[i];
        struct tree_file *file = part->text ? file_named(files, part->place.file) : NULL;
        const char *same = file && part->exact ? find(part->text + part->byte, part->byte_count, word) : NULL;
        if (!same)
            continue;
        add_edit(arena, mutant, (struct edit){file, (size_t)(same - part->text) + word->within, 1, text});
        any = true;
    }
    return any;
}

static void edit_names(struct arena *arena, struct tree_files *files, const struct written_part *part,
                       const char *value, size_t value_size, size_t at, const char *text, struct mutant *mutant)
{
    const size_t starts[] = {0, part->start}, ends[] = {value_size, part->start + part->size};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            struct word word = {value + starts[i], ends[j] - starts[i], at - starts[i]};
            for (size_t k = 0; word.size > part->size && k < files->count; k++)
                edit_words(arena, &files->items[k], &word, text, mutant);
        }
}

static void exchange_word(struct arena *arena, struct tree_files *files, const char *text, const char *other,
                          struct mutant *mutant)
{
    const struct word word = {text, strlen(text), 0};
    for (size_t i = 0; i < files->count; i++) {
        struct tree_file *file = &files->items[i];
        const char *at = file->text, *end = file->text + file->size;
        for (const char *found; (found = find(at, (size_t)(end - at), &word)); at = found + word.size)
            if ((found == file->text || !continues_word(found[-1])) &&
                (found + word.size == end || !continues_word(found[word.size])))
                add_edit(arena, mutant, (struct edit){file, (size_t)(found - file->text), word.size, other});
    }
}

/* The same generator in the other files, and the kind that it makes wherever somebody asks for it. */
static bool widen_generator(struct arena *arena, struct tree_files *files, enum scope scope, struct mutant *mutant)
{
    const char *was = strcmp(mutant->becomes, "Secret") == 0 ? "ConfigMap" : "Secret";
    if (scope == SCOPE_TREE || scope == SCOPE_NAMES)
        exchange_word(arena, files, mutant->word, mutant->edits[0].text, mutant);
    if (scope == SCOPE_NAMES || scope == SCOPE_ONLY_NAMES)
        exchange_word(arena, files, was, mutant->becomes, mutant);
    return mutant->count > 1;
}

bool widen_mutant(struct arena *arena, struct tree_files *files, const struct written_part *part, const char *value,
                  size_t value_size, const struct written *old, enum scope scope, struct mutant *mutant)
{
    struct edit *first = &mutant->edits[0];
    if (mutant->becomes)
        return widen_generator(arena, files, scope, mutant);
    if (mutant->expectation != EXPECT_REPLACED)
        return false;
    struct word word = {part->text + part->byte, part->byte_count, first->byte - part->byte};
    char chosen = other(word.text[word.within], hash_bytes(word.text, word.size, word.within));
    const char *text = first->text = arena_copy(arena, &chosen, 1);
    mutant->byte = chosen;
    bool reference = scope == SCOPE_REFERENCE || scope == SCOPE_FILE_AND_REFERENCE;
    if (reference && !edit_reference(arena, files, &word, old, text, mutant))
        return false;
    if (scope == SCOPE_FILE || scope == SCOPE_FILE_AND_REFERENCE)
        edit_words(arena, first->file, &word, text, mutant);
    for (size_t i = 0; (scope == SCOPE_TREE || scope == SCOPE_NAMES) && i < files->count; i++)
        edit_words(arena, &files->items[i], &word, text, mutant);
    if (scope == SCOPE_NAMES || scope == SCOPE_ONLY_NAMES)
        edit_names(arena, files, part, value, value_size, mutant->at, text, mutant);
    return mutant->count > 1;
}
