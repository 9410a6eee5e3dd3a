/* git_library.c: reads git's objects with libgit2, which is loaded here, because most commands need none of it. Where
 * it is a part of the program (make LIBGIT2=static), nothing is to be loaded.
 *
 * Only the database of objects is opened, not the repository: whether the repository may be used is git's decision,
 * which knows safe.directory and all extensions. */
#include <dlfcn.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>

#include "source/git_reader.h"

/* What stays open and mapped: a confined process may have few open files. */
enum { MOST_OPEN_PACKS = 24, MOST_MAPPED = 256 * 1024 * 1024, WINDOW = 32 * 1024 * 1024 };

/* The functions of libgit2 that are used. */
struct library {
    int (*init)(void);
    int (*shutdown)(void);
    int (*options)(int, ...);
    int (*open)(git_odb **, const char *);
    int (*add_alternate)(git_odb *, const char *);
    int (*read_header)(size_t *, git_object_t *, git_odb *, const git_oid *);
    int (*hash)(git_oid *, const void *, size_t, git_object_t);
    int (*read)(git_odb_object **, git_odb *, const git_oid *);
    const void *(*data)(git_odb_object *);
    size_t (*size)(git_odb_object *);
    void (*free_object)(git_odb_object *);
    void (*free)(git_odb *);
    const git_error *(*last_error)(void);
};

struct library_reader {
    struct git_reader reader;
    struct library library;
    git_odb *database;
};

#ifdef LIBGIT2_STATIC
static bool load_library(struct library *library)
{
    *library = (struct library){
        .init = git_libgit2_init,
        .shutdown = git_libgit2_shutdown,
        .options = git_libgit2_opts,
        .open = git_odb_open,
        .add_alternate = git_odb_add_disk_alternate,
        .read_header = git_odb_read_header,
        .hash = git_odb_hash,
        .read = git_odb_read,
        .data = git_odb_object_data,
        .size = git_odb_object_size,
        .free_object = git_odb_object_free,
        .free = git_odb_free,
        .last_error = git_error_last,
    };
    return true;
}
#else
/* Its interface differs from one version to the next, so no other than that of the header is taken. It stays loaded. */
static bool load_library(struct library *library)
{
    const struct {
        const char *name;
        void *slot;
    } symbols[] = {{"git_libgit2_init", &library->init},
                   {"git_libgit2_shutdown", &library->shutdown},
                   {"git_libgit2_opts", &library->options},
                   {"git_odb_open", &library->open},
                   {"git_odb_add_disk_alternate", &library->add_alternate},
                   {"git_odb_read_header", &library->read_header},
                   {"git_odb_hash", &library->hash},
                   {"git_odb_read", &library->read},
                   {"git_odb_object_data", &library->data},
                   {"git_odb_object_size", &library->size},
                   {"git_odb_object_free", &library->free_object},
                   {"git_odb_free", &library->free},
                   {"git_error_last", &library->last_error}};
    void *handle = dlopen("libgit2.so." LIBGIT2_SOVERSION, RTLD_LAZY);
    for (size_t i = 0; handle && i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(handle, symbols[i].name);
        if (!symbol)
            return false;
        memcpy(symbols[i].slot, &symbol, sizeof symbol);
    }
    return handle != NULL;
}
#endif

static bool refuse_object(const struct library *library, const unsigned char *id, struct error *error)
{
    char text[2 * GIT_LARGEST_ID + 1];
    const git_error *last = library->last_error();
    git_id_text(id, GIT_OID_RAWSZ, text);
    return error_set(error, "object %s cannot be read: %s; " GIT_FSCK, text,
                     last ? last->message : "libgit2 does not say why");
}

static enum git_kind kind_of(git_object_t type)
{
    return type == GIT_OBJECT_TREE     ? GIT_TREE
           : type == GIT_OBJECT_BLOB   ? GIT_BLOB
           : type == GIT_OBJECT_COMMIT ? GIT_COMMIT
           : type == GIT_OBJECT_TAG    ? GIT_TAG
                                       : GIT_OTHER;
}

static bool library_read(struct git_reader *reader, struct arena *arena, const unsigned char *id, size_t limit,
                         struct git_object *out, struct error *error)
{
    struct library_reader *own = (struct library_reader *)reader;
    const struct library *library = &own->library;
    git_object_t type;
    git_oid oid;
    memcpy(oid.id, id, sizeof oid.id);
    *out = (struct git_object){0};
    if (library->read_header(&out->size, &type, own->database, &oid) != 0)
        return refuse_object(library, id, error);
    out->kind = kind_of(type);
    if (out->size > limit)
        return true;
    git_odb_object *object;
    if (library->read(&object, own->database, &oid) != 0)
        return refuse_object(library, id, error);
    out->size = library->size(object);
    out->bytes = arena_copy(arena, library->data(object), out->size);
    library->free_object(object);
    return true;
}

static bool library_blob_id(struct git_reader *reader, const void *bytes, size_t size, unsigned char *id)
{
    git_oid oid;
    if (((struct library_reader *)reader)->library.hash(&oid, bytes, size, GIT_OBJECT_BLOB) != 0)
        return false;
    memcpy(id, oid.id, sizeof oid.id);
    return true;
}

static void library_release(struct git_reader *reader)
{
    struct library_reader *own = (struct library_reader *)reader;
    own->library.free(own->database);
    own->library.shutdown();
    free(own);
}

static void limit_mapping(const struct library *library)
{
    library->options(GIT_OPT_SET_MWINDOW_SIZE, (size_t)WINDOW);
    library->options(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)MOST_MAPPED);
    library->options(GIT_OPT_SET_MWINDOW_FILE_LIMIT, (size_t)MOST_OPEN_PACKS);
}

static git_odb *open_database(const struct library *library, const struct git_place *place)
{
    git_odb *database;
    if (library->open(&database, place->objects) != 0)
        return NULL;
    if (!place->more || library->add_alternate(database, place->more) == 0)
        return database;
    library->free(database);
    return NULL;
}

bool git_library_load(void)
{
    struct library library;
    return load_library(&library);
}

/* Where the system's certificates can be read, starting the library reads all of them: 5 ms, which a process that is
 * confined before does not take. */
struct git_reader *git_library_open(const struct git_place *place)
{
    struct library library;
    if (!load_library(&library) || library.init() < 0)
        return NULL;
    limit_mapping(&library);
    git_odb *database = open_database(&library, place);
    if (!database) {
        library.shutdown();
        return NULL;
    }
    struct library_reader *own = memory_new(sizeof *own);
    own->reader = (struct git_reader){
        .id_size = GIT_OID_RAWSZ, .read = library_read, .blob_id = library_blob_id, .release = library_release};
    own->library = library;
    own->database = database;
    return &own->reader;
}
