/* engine.c: an engine and its renders. */
#include "kustomize/engine.h"

#include <stdlib.h>
#include <string.h>

#include "kustomize/accumulate.h"
#include "kustomize/helm/helm.h"
#include "kustomize/kustomization/kind_table.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/shared_base.h"
#include "kustomize/text/url.h"
#include "yaml/emit.h"
#include "yaml/keep.h"

enum { MEGABYTE = 1000 * 1000, DEFAULT_NODE_LIMIT = 10 * MEGABYTE, DEFAULT_OUTPUT_LIMIT = 1000 * MEGABYTE };

struct engine {
    struct engine_options options;
    struct arena *arena; /* lives as long as the engine: keys, texts, configuration */
    struct intern *keys;
    struct schema_comments schema_comments;
    struct origins *origins;
    struct base_cache *bases;
    struct kind_tables *kind_tables;
    struct scan_notes *scans;
    struct remote *remote;
    struct helm *helm;
    uint32_t renders;           /* each render's tree owns its nodes by a number of its own */
    struct origins_mark before; /* the last render */
    struct arena *spare;        /* for the next one; NULL: none yet */
};

struct engine *engine_new(const struct engine_options *options)
{
    struct engine *engine = memory_new(sizeof *engine);
    engine->options = *options;
    if (!engine->options.node_limit)
        engine->options.node_limit = DEFAULT_NODE_LIMIT;
    if (!engine->options.output_limit)
        engine->options.output_limit = DEFAULT_OUTPUT_LIMIT;
    engine->arena = arena_new();
    engine->keys = intern_new(engine->arena);
    engine->schema_comments.arena = engine->arena;
    engine->origins = origins_new();
    if (engine->options.record_writers)
        origins_record_writers(engine->origins);
    engine->scans = scan_notes_new(engine->arena);
    engine->bases = base_cache_new(engine->arena, engine->keys);
    engine->kind_tables = kind_tables_new(engine->arena);
    engine->remote = remote_new(&engine->options.remote);
    engine->helm = helm_new(&engine->options.helm, engine->remote);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    helm_free(engine->helm);
    remote_free(engine->remote);
    origins_free(engine->origins);
    arena_free(engine->spare);
    arena_free(engine->arena);
    free(engine);
}

const struct origins *engine_origins(const struct engine *engine)
{
    return engine->origins;
}

static struct tree new_tree(struct engine *engine, struct arena *arena)
{
    return (struct tree){
        .arena = arena,
        .keys = engine->keys,
        .schema_comments = &engine->schema_comments,
        .origins = engine->origins,
        .writers = engine->options.record_writers ? engine->origins : NULL,
        .owner = ++engine->renders,
        .node_limit = engine->options.node_limit,
        .step_limit = engine->options.step_limit,
    };
}

static struct render new_render(struct engine *engine, struct tree *tree, struct text *warnings)
{
    return (struct render){
        .engine = engine,
        .options = &engine->options,
        .remote = engine->remote,
        .helm = engine->helm,
        .arena = tree->arena,
        .tree = tree,
        .origins = engine->origins,
        .warnings = warnings,
        .bases = engine->bases,
        .kind_tables = engine->kind_tables,
        .schemas = schema_set_new(tree->arena),
    };
}

static bool build_target(struct engine *engine, struct tree *tree, const char *directory, struct rendered *out,
                         struct error *error)
{
    struct render render = new_render(engine, tree, &out->warnings);
    out->findings = engine->options.warn ? notices_new(out->arena) : NULL;
    render.findings = out->findings;
    struct kust_target root = kust_target_root(&render);
    if (!enter_root(&root, directory, error) || !kust_target_load(&root, error))
        return false;
    render.track_origins = root.kustomization->build_metadata.count > 0;
    if (!accumulate_target(&root, error) || !run_root_steps(&root, error))
        return false;
    const struct resources *resources = kust_target_resources(&root);
    const struct node **items = ARENA_ARRAY(out->arena, resources->count, const struct node *);
    for (size_t i = 0; i < resources->count; i++)
        items[i] = resources->items[i]->root;
    out->items = items;
    out->count = resources->count;
    return true;
}

/* An error quotes URLs as they were written, and a person's terminal or Argo CD's conditions are no place for
 * passwords. */
static void hide_secrets(struct arena *arena, struct error *error)
{
    if (!error->message || !strstr(error->message, "://"))
        return;
    const char *safe = url_without_secrets(arena, error->message);
    free(error->message);
    error->message = memory_string(safe);
}

bool engine_render(struct engine *engine, const char *directory, struct rendered *out, struct error *error)
{
    *out = (struct rendered){.arena = engine->spare ? engine->spare : arena_new(), .origins = engine->origins};
    engine->spare = NULL;
    engine->before = origins_now(engine->origins);
    struct tree tree = new_tree(engine, out->arena);
    if (build_target(engine, &tree, directory, out, error))
        return true;
    error_resolve(error, engine->origins);
    hide_secrets(out->arena, error);
    out->items = NULL;
    out->count = 0;
    return false;
}

void rendered_free(struct rendered *rendered)
{
    text_free(&rendered->warnings);
    if (!rendered->is_guest)
        arena_free(rendered->arena);
    *rendered = (struct rendered){0};
}

static struct findings *keep_findings(const struct findings *findings, struct arena *arena)
{
    struct findings *kept = notices_new(arena);
    findings_add_all(kept, findings, NULL);
    return kept;
}

void engine_keep(struct engine *engine, struct rendered *rendered, struct arena *arena)
{
    const struct arena_extents given_up = arena_find_extents(rendered->arena, rendered->arena);
    const struct node **items = ARENA_ARRAY(arena, rendered->count, const struct node *);
    for (size_t i = 0; i < rendered->count; i++)
        items[i] = node_keep((struct node *)(uintptr_t)rendered->items[i], &given_up, arena);
    origins_keep(engine->origins, engine->before, &given_up, arena);
    if (rendered->findings)
        rendered->findings = rendered->findings->count ? keep_findings(rendered->findings, arena) : NULL;
    arena_clear(rendered->arena);
    engine->spare = rendered->arena;
    rendered->items = items;
    rendered->arena = arena;
    rendered->is_guest = true;
}

typedef bool emitter(const struct node *const *nodes, size_t count, struct text *out, struct error *error);

static bool write_rendered(const struct rendered *rendered, emitter *emit, struct text *out, struct error *error)
{
    if (!out->limit)
        out->limit = DEFAULT_OUTPUT_LIMIT;
    if (!emit(rendered->items, rendered->count, out, error))
        return error_resolve(error, rendered->origins);
    return !out->failed ||
           error_set(error, "the output is larger than the %zu MB that it may have", out->limit / MEGABYTE);
}

bool rendered_write(const struct rendered *rendered, struct text *out, struct error *error)
{
    return write_rendered(rendered, emit_yaml_documents, out, error);
}

bool rendered_write_json(const struct rendered *rendered, struct text *out, struct error *error)
{
    return write_rendered(rendered, emit_json_lines, out, error);
}

bool engine_scan(struct engine *engine, struct arena *arena, const char *directory, struct reference_set *out,
                 struct error *error)
{
    struct arena *scratch = arena_new();
    struct tree tree = new_tree(engine, scratch);
    struct text warnings = {0};
    struct render render = new_render(engine, &tree, &warnings);
    bool good = scan_references(&render, engine->scans, arena, directory, out, error);
    error_resolve(error, engine->origins);
    text_free(&warnings);
    arena_free(scratch);
    return good;
}
