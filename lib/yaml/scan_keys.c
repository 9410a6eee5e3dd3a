/* scan_keys.c: keys without `?`, which only the `:` behind them tells. */
#include "base/memory.h"
#include "yaml/scan_parts.h"

/* Characters between such a key and its `:`, as in go-yaml. */
enum { LONGEST_KEY = 1024 };

bool fail_possible_key(struct scanner *scanner, const struct possible_key *key)
{
    return scan_fail_in(scanner, "while scanning a simple key", key->start, "could not find expected ':'");
}

bool is_too_far_back(const struct scanner *scanner, const struct possible_key *key)
{
    if (key->line < scanner->line)
        return true;
    size_t characters = 0;
    const char *at = scanner->bytes + key->start;
    if (scanner->at - at <= LONGEST_KEY)
        return false;
    for (; at < scanner->at; at++)
        characters += ((unsigned char)*at & 0xC0) != 0x80;
    return characters > LONGEST_KEY;
}

struct possible_key *possible_key_here(const struct scanner *scanner)
{
    if (scanner->key_count == scanner->first_key)
        return NULL;
    struct possible_key *last = &scanner->keys[scanner->key_count - 1];
    return last->flow == scanner->flow ? last : NULL;
}

/* What follows makes a key impossible at this level. */
bool forget_possible_key(struct scanner *scanner)
{
    const struct possible_key *key = possible_key_here(scanner);
    if (!key)
        return true;
    if (key->required)
        return fail_possible_key(scanner, key);
    scanner->key_count--;
    return true;
}

bool begin_possible_key(struct scanner *scanner, struct possible_key *key)
{
    int column = scan_column(scanner);
    *key = (struct possible_key){
        .token = next_token_number(scanner),
        .start = scan_offset(scanner, scanner->at),
        .line = scanner->line,
        .column = (uint32_t)column,
        .flow = scanner->flow,
        .required = !scanner->flow && scanner->indent == column,
    };
    return forget_possible_key(scanner);
}

void add_possible_key(struct scanner *scanner, const struct possible_key *key)
{
    if (scanner->first_key == scanner->key_count)
        scanner->first_key = scanner->key_count = 0;
    if (scanner->key_count == scanner->key_room) {
        scanner->key_room = scanner->key_room ? scanner->key_room * 2 : 64;
        scanner->keys = memory_resize(scanner->keys, memory_product(scanner->key_room, sizeof *scanner->keys));
    }
    scanner->keys[scanner->key_count++] = *key;
}

bool note_possible_key(struct scanner *scanner)
{
    struct possible_key key;
    if (!scanner->key_allowed)
        return true;
    if (!begin_possible_key(scanner, &key))
        return false;
    add_possible_key(scanner, &key);
    return true;
}

bool first_must_wait(struct scanner *scanner, bool *wait)
{
    *wait = scanner->first_key < scanner->key_count && scanner->keys[scanner->first_key].token == scanner->taken;
    if (!*wait || !is_too_far_back(scanner, &scanner->keys[scanner->first_key]))
        return true;
    if (scanner->keys[scanner->first_key].required)
        return fail_possible_key(scanner, &scanner->keys[scanner->first_key]);
    scanner->first_key++;
    *wait = false;
    return true;
}
