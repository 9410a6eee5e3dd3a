/* parse_scalar.c: tags of scalars (go-yaml v3, decode.go), and values of YAML 1.1 as sigs.k8s.io/yaml hands them on to
 * JSON. */
#include "yaml/parse_scalar.h"

#include <math.h>
#include <string.h>

#include "yaml/resolve.h"
#include "yaml/scalar.h"

enum node_tag plain_tag(enum dialect dialect, const char *text, size_t size)
{
    return dialect == DIALECT_YAML11 ? resolve_yaml11(text, size) : node_resolve(text, size);
}

enum node_tag explicit_tag(struct tree *tree, const char *tag, const char **text)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    static const struct {
        const char *name;
        enum node_tag tag;
    } known[] = {
        {"str", TAG_STRING},  {"int", TAG_INT},  {"float", TAG_FLOAT},         {"bool", TAG_BOOL},
        {"null", TAG_NULL},   {"map", TAG_MAP},  {"timestamp", TAG_TIMESTAMP}, {"binary", TAG_BINARY},
        {"merge", TAG_MERGE}, {"seq", TAG_LIST},
    };
    bool standard = strncmp(tag, prefix, sizeof prefix - 1) == 0;
    const char *name = standard ? tag + sizeof prefix - 1 : strncmp(tag, "!!", 2) == 0 ? tag + 2 : "";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].tag;
    *text = standard ? arena_format(tree->arena, "!!%s", name) : arena_string(tree->arena, tag);
    return TAG_OTHER;
}

static void set_text(struct tree *tree, struct scalar *scalar, const char *text, size_t size)
{
    scalar->text = arena_copy(tree->arena, text, size);
    scalar->size = size;
}

static bool means_true(const char *text)
{
    return strchr("yYtT", text[0]) || (strchr("oO", text[0]) && strchr("nN", text[1]));
}

static const char *beyond_json(struct scalar *out, const char *problem)
{
    out->beyond_json = true;
    return problem;
}

static const char *read_float(struct tree *tree, double number, bool is_key, struct scalar *out)
{
    char text[NUMBER_SIZE];
    if (!isfinite(number) && !is_key)
        return beyond_json(out, "JSON has no such number: put it in quotes");
    if (!isfinite(number)) {
        const char *name = isnan(number) ? ".nan" : number < 0 ? "-.inf" : ".inf";
        set_text(tree, out, name, strlen(name));
        return NULL;
    }
    size_t size = is_key ? scalar_yaml_float(number, text) : scalar_json_float(number, text);
    set_text(tree, out, text, size);
    return NULL;
}

static const char *read_integer(struct tree *tree, enum node_tag wanted, bool is_key, struct scalar *out)
{
    struct integer value;
    char text[NUMBER_SIZE];
    resolve_integer(out->text, out->size, &value);
    bool wide = !value.negative && value.magnitude > INT64_MAX;
    if (wide && (is_key || wanted == TAG_FLOAT))
        return "this integer is too large here: put it in quotes";
    if (wanted == TAG_FLOAT) {
        out->tag = TAG_FLOAT;
        return read_float(tree, value.negative ? -(double)value.magnitude : (double)value.magnitude, is_key, out);
    }
    set_text(tree, out, text, scalar_integer(&value, text));
    return NULL;
}

static const char *read_binary(struct tree *tree, struct scalar *out)
{
    struct text decoded = {0};
    bool good = scalar_base64(out->text, out->size, &decoded);
    set_text(tree, out, text_content(&decoded), decoded.size);
    text_free(&decoded);
    return good ? NULL : "!!binary value contains invalid base64 data";
}

/* Gives `out`, whose text means `tag`, the text of its JSON form. */
static const char *to_json(struct tree *tree, enum node_tag tag, enum node_tag wanted, bool is_key, struct scalar *out)
{
    double number = 0;
    out->tag = tag;
    switch (tag) {
    case TAG_NULL:
        set_text(tree, out, "null", 4);
        return is_key ? beyond_json(out, "unsupported map key: null") : NULL;
    case TAG_BOOL:
        set_text(tree, out, means_true(out->text) ? "true" : "false", means_true(out->text) ? 4 : 5);
        return NULL;
    case TAG_INT:
        return read_integer(tree, wanted, is_key, out);
    case TAG_FLOAT:
        resolve_float(out->text, out->size, &number);
        return read_float(tree, number, is_key, out);
    default:
        out->tag = TAG_STRING;
        return NULL;
    }
}

/* Source: go-yaml v2, resolve.go and decode.go (scalar, isMerge). Unknown tags say nothing: the value is a string. */
static const char *read_yaml11(struct tree *tree, const struct raw_scalar *raw, bool is_key, struct scalar *out)
{
    const char *ignored;
    enum node_tag wanted = raw->tag ? explicit_tag(tree, raw->tag, &ignored) : TAG_NONE;
    bool merge = is_key && raw->size == 2 && memcmp(raw->text, "<<", 2) == 0;
    out->tag = merge && (raw->implicit || wanted == TAG_MERGE) ? TAG_MERGE : TAG_STRING;
    if (wanted == TAG_BINARY)
        return read_binary(tree, out);
    bool resolves = wanted == TAG_NONE ? raw->implicit : wanted >= TAG_INT && wanted <= TAG_TIMESTAMP;
    if (out->tag == TAG_MERGE || !resolves)
        return NULL;
    enum node_tag tag = resolve_yaml11(raw->text, raw->size);
    if (wanted != TAG_NONE && tag != wanted && !(wanted == TAG_FLOAT && tag == TAG_INT))
        return "the value does not fit its tag";
    return to_json(tree, tag, wanted, is_key, out);
}

const char *read_scalar(struct tree *tree, enum dialect dialect, const struct raw_scalar *raw, bool is_key,
                        struct scalar *out)
{
    *out = (struct scalar){.text = raw->text, .size = raw->size, .tag = TAG_STRING, .style = raw->style};
    if (dialect == DIALECT_YAML11)
        return read_yaml11(tree, raw, is_key, out);
    out->tagged = raw->tag && strcmp(raw->tag, "!") != 0;
    if (out->tagged)
        out->tag = explicit_tag(tree, raw->tag, &out->tag_text);
    else if (raw->style == STYLE_PLAIN)
        out->tag = plain_tag(dialect, raw->text, raw->size);
    return NULL;
}

const char *read_as_yaml11(struct tree *tree, const char *text, size_t size, bool is_key)
{
    struct scalar made;
    const struct raw_scalar raw = {.text = text, .size = size, .style = STYLE_PLAIN, .implicit = true};
    return read_scalar(tree, DIALECT_YAML11, &raw, is_key, &made) ? NULL : made.text;
}
