/* installed_files.c: reads what is installed with the program, and makes it that of a repository. */
#include "plugin/run/installed_files.h"

#include <string.h>

#include "base/path.h"
#include "plugin/run/app_template.h"
#include "plugin/run/git_remote.h"
#include "plugin/run/share.h"

const char observability_rule[] = "    - path: \"argo/{app}/overlays/{env}\" # Prometheus and Grafana\n";
const char observability_team[] = "    - name: platform\n"
                                  "      apps: [observability]\n"
                                  "      clusterResources: # Prometheus looks at all pods\n"
                                  "        - group: rbac.authorization.k8s.io\n"
                                  "          kind: ClusterRole\n"
                                  "        - group: rbac.authorization.k8s.io\n"
                                  "          kind: ClusterRoleBinding\n";

bool installed_files_read(struct arena *arena, const char *name, const char *directory, struct installed_files *out,
                          struct error *error)
{
    struct app_template template;
    const char *from = share_directory(arena, name, error);
    if (!from || !template_read(arena, from, &template, error))
        return false;
    *out =
        (struct installed_files){directory, ARENA_ARRAY(arena, template.count + 1, struct fresh_file), template.count};
    for (size_t i = 0; i < template.count; i++)
        out->files[i] = (struct fresh_file){.path = template.files[i].path,
                                            .bytes = template.files[i].content.bytes,
                                            .size = template.files[i].content.size,
                                            .program = template.files[i].program};
    return true;
}

static struct fresh_file replace_name(struct arena *arena, const struct fresh_file *file, const char *old,
                                      const char *new)
{
    struct file_bytes content =
        template_replace(arena, (struct file_bytes){.bytes = file->bytes, .size = file->size}, old, new);
    struct fresh_file copy = *file;
    copy.bytes = content.bytes;
    copy.size = content.size;
    return copy;
}

/* The environment of a file in overlays/ENV; NULL: it is in none. */
static const char *overlay_of(struct arena *arena, const char *path)
{
    static const char above[] = "overlays/";
    size_t size = strlen(above);
    return strncmp(path, above, size) == 0 ? arena_copy(arena, path + size, strcspn(path + size, "/")) : NULL;
}

static const char *first_overlay(struct arena *arena, const struct installed_files *installed)
{
    const char *environment = NULL;
    for (size_t i = 0; i < installed->count && !environment; i++)
        environment = overlay_of(arena, installed->files[i].path);
    return environment;
}

/* "https://github.com/acme/gitops/blob/main/argo/observability/README.md"; NULL: the address is of no such host. */
static const char *page_address(struct arena *arena, const char *url, const char *branch, const char *directory)
{
    const char *web = url ? repository_web_address(arena, url) : NULL;
    return web ? arena_format(arena, "%s/blob/%s/%s/README.md", web, branch, directory) : NULL;
}

void installed_for_repository(struct arena *arena, struct installed_files *installed,
                              const struct name_list *environments, const char *url, const char *branch)
{
    static const char our_page[] = "https://github.com/example/gitops/blob/main/OBSERVABILITY.md";
    const char *pattern = first_overlay(arena, installed),
               *page = page_address(arena, url, branch, installed->directory);
    struct fresh_file *files = ARENA_ARRAY(arena, installed->count * (environments->count + 1), struct fresh_file);
    size_t count = 0;
    for (size_t i = 0; i < installed->count; i++) {
        const struct fresh_file *file = &installed->files[i];
        const char *environment = overlay_of(arena, file->path);
        if (!environment)
            files[count++] = page ? replace_name(arena, file, our_page, page) : *file;
        for (size_t k = 0; environment && strcmp(environment, pattern) == 0 && k < environments->count; k++) {
            files[count] = replace_name(arena, file, pattern, environments->names[k]);
            files[count++].path = arena_format(arena, "overlays/%s/%s", environments->names[k], path_base(file->path));
        }
    }
    installed->files = files;
    installed->count = count;
}

bool installed_files_write(struct arena *arena, const char *root, const struct installed_files *installed,
                           struct error *error)
{
    return fresh_directory_write(arena, root, installed->directory, installed->files, installed->count, error);
}
