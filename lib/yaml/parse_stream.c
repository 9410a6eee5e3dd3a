/* parse_stream.c: reads a document with libyaml. The only file that knows libyaml. */
#include "yaml/parse_stream.h"

#include <stdlib.h>
#include <yaml.h>

#include "yaml/parse_builder.h"
#include "yaml/parse_comments.h"
#include "yaml/parse_quirks.h"

struct loader {
    yaml_parser_t yaml;
    enum dialect dialect;
    struct tree *tree;
    struct builder *builder;
    bool repaired; /* the text was rewritten: begin again */
    const struct origins *origins;
    struct source source;
    struct comments comments;
};

struct loader *loader_new(struct tree *tree, const struct yaml_text *text, enum dialect dialect)
{
    struct loader *loader = memory_new(sizeof *loader);
    loader->dialect = dialect;
    loader->tree = tree;
    loader->origins = text->origins;
    loader->builder = builder_new(tree, text->origins, dialect);
    return loader;
}

void loader_free(struct loader *loader)
{
    builder_free(loader->builder);
    comments_free(&loader->comments);
    free(loader);
}

static bool fail_at(const struct loader *loader, size_t character, const char *problem, struct error *error)
{
    struct place place = origins_place(loader->origins, source_origin(&loader->source, character));
    return error_in(error, place, "malformed YAML: %s", problem);
}

static bool fail_in_libyaml(struct loader *loader, struct error *error)
{
    const yaml_parser_t *yaml = &loader->yaml;
    struct source *source = &loader->source;
    if (yaml->error == YAML_MEMORY_ERROR)
        memory_exhausted();
    if (yaml->error == YAML_READER_ERROR)
        return fail_at(loader, count_characters(source->bytes, yaml->problem_offset), yaml->problem, error);
    loader->repaired =
        source_repair(source, loader->tree->arena, loader->dialect, yaml->problem, yaml->problem_mark.index);
    if (loader->repaired)
        return false;
    struct place context = origins_place(loader->origins, source_origin(source, yaml->context_mark.index));
    if (!yaml->context || !context.line)
        return fail_at(loader, yaml->problem_mark.index, yaml->problem, error);
    struct place place = origins_place(loader->origins, source_origin(source, yaml->problem_mark.index));
    return error_in(error, place, "malformed YAML: %s, %s that begins in line %u", yaml->problem, yaml->context,
                    context.line);
}

static bool on_scalar(struct loader *loader, const yaml_event_t *event, struct error *error)
{
    static const enum node_style styles[] = {
        [YAML_PLAIN_SCALAR_STYLE] = STYLE_PLAIN,
        [YAML_SINGLE_QUOTED_SCALAR_STYLE] = STYLE_SINGLE_QUOTED,
        [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = STYLE_DOUBLE_QUOTED,
        [YAML_LITERAL_SCALAR_STYLE] = STYLE_LITERAL,
        [YAML_FOLDED_SCALAR_STYLE] = STYLE_FOLDED,
    };
    struct raw_scalar raw = {
        .text = (const char *)event->data.scalar.value,
        .size = event->data.scalar.length,
        .style = styles[event->data.scalar.style],
        .tag = (const char *)event->data.scalar.tag,
        .implicit = event->data.scalar.plain_implicit,
    };
    size_t start = event->start_mark.index;
    bool flow = builder_in_flow(loader->builder);
    const char *problem = scalar_quirk(&loader->source, &raw, flow, start, event->end_mark.index);
    if (!problem && raw.tag && flow)
        problem = tag_quirk(&loader->source, start);
    if (problem)
        return fail_at(loader, start, problem, error);
    scalar_restore(&loader->source, loader->tree->arena, &raw);
    return builder_scalar(loader->builder, &raw, (const char *)event->data.scalar.anchor,
                          source_origin(&loader->source, start), error);
}

static bool on_opening(struct loader *loader, const yaml_event_t *event, struct error *error)
{
    struct opening opening = {.at = source_origin(&loader->source, event->start_mark.index)};
    if (event->type == YAML_MAPPING_START_EVENT) {
        opening.kind = NODE_MAP;
        opening.tag = (const char *)event->data.mapping_start.tag;
        opening.anchor = (const char *)event->data.mapping_start.anchor;
        opening.flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    } else {
        opening.kind = NODE_LIST;
        opening.tag = (const char *)event->data.sequence_start.tag;
        opening.anchor = (const char *)event->data.sequence_start.anchor;
        opening.flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    }
    return builder_open(loader->builder, &opening, error);
}

/* go-yaml knows YAML 1.1 only, libyaml 1.2 as well. */
static bool on_document(struct loader *loader, const yaml_event_t *event, struct error *error)
{
    const yaml_version_directive_t *version = event->data.document_start.version_directive;
    if (version && version->minor != 1)
        return fail_at(loader, event->start_mark.index,
                       "found incompatible YAML document: write '%YAML 1.1' or nothing", error);
    return true;
}

static bool on_event(struct loader *loader, const yaml_event_t *event, struct error *error)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return on_document(loader, event, error);
    case YAML_SCALAR_EVENT:
        return on_scalar(loader, event, error);
    case YAML_ALIAS_EVENT:
        return builder_alias(loader->builder, (const char *)event->data.alias.anchor,
                             source_origin(&loader->source, event->start_mark.index), error);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return on_opening(loader, event, error);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        return builder_close(loader->builder, error);
    default:
        return true;
    }
}

static struct stretch stretch_of(const yaml_event_t *event, bool in_flow)
{
    bool scalar = event->type == YAML_SCALAR_EVENT;
    bool end = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
    yaml_scalar_style_t style = scalar ? event->data.scalar.style : YAML_ANY_SCALAR_STYLE;
    return (struct stretch){
        .start = event->start_mark.index,
        .start_line = event->start_mark.line,
        .end = event->end_mark.index,
        .end_line = event->end_mark.line,
        .value = scalar || event->type == YAML_ALIAS_EVENT || (end && in_flow),
        .scalar = scalar,
        .block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE,
    };
}

/* An event between the comments that stand around it. */
static bool on_event_with_comments(struct loader *loader, const yaml_event_t *event, struct error *error)
{
    struct stretch stretch = stretch_of(event, builder_in_flow(loader->builder));
    comments_before(&loader->comments, &stretch, loader->tree, loader->builder);
    bool good = on_event(loader, event, error);
    comments_after(&loader->comments, &stretch, loader->tree, loader->builder);
    return good;
}

/* go-yaml v3 has scanned two tokens more than libyaml when a document ends, and fails on what it finds there. */
static bool scan_beyond(struct loader *loader, bool explicit_end, struct error *error)
{
    for (int tokens = explicit_end ? 2 : 3; tokens > 0; tokens--) {
        yaml_token_t token;
        if (!yaml_parser_scan(&loader->yaml, &token))
            return fail_in_libyaml(loader, error);
        yaml_token_delete(&token);
    }
    return true;
}

static bool read_events(struct loader *loader, struct error *error)
{
    yaml_event_type_t type = YAML_NO_EVENT;
    bool explicit_end = false;
    while (type != YAML_DOCUMENT_END_EVENT && type != YAML_STREAM_END_EVENT) {
        yaml_event_t event;
        if (!yaml_parser_parse(&loader->yaml, &event))
            return fail_in_libyaml(loader, error);
        type = event.type;
        explicit_end = type == YAML_DOCUMENT_END_EVENT && !event.data.document_end.implicit;
        bool good =
            loader->comments.count ? on_event_with_comments(loader, &event, error) : on_event(loader, &event, error);
        yaml_event_delete(&event);
        if (!good)
            return false;
    }
    return loader->dialect == DIALECT_YAML11 || type == YAML_STREAM_END_EVENT ||
           scan_beyond(loader, explicit_end, error);
}

static bool read_document(struct loader *loader, struct error *error)
{
    loader->repaired = false;
    builder_start(loader->builder);
    if (loader->tree->schema_comments)
        comments_find(&loader->comments, &loader->source);
    if (!yaml_parser_initialize(&loader->yaml))
        memory_exhausted();
    yaml_parser_set_input_string(&loader->yaml, (const unsigned char *)loader->source.bytes, loader->source.size);
    bool good = read_events(loader, error);
    yaml_parser_delete(&loader->yaml);
    return good;
}

bool load_document(struct loader *loader, const struct part *part, struct node **out, struct error *error)
{
    *out = NULL;
    if (!source_of(part, loader->origins, &loader->source, error))
        return false;
    size_t nodes = loader->tree->nodes;
    while (!read_document(loader, error)) {
        if (!loader->repaired)
            return false;
        loader->tree->nodes = nodes;
    }
    *out = builder_root(loader->builder);
    return true;
}
