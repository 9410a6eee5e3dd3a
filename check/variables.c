/* variables.c: $(NAME) that nothing replaces: neither kustomize, where a var was meant, nor the kubelet. */
#include <string.h>

#include "base/text.h"
#include "check/text_walk.h"
#include "check/workloads.h"
#include "kubernetes/api.h"

static size_t name_size(const char *text)
{
    size_t size = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return size > 1 && text[size] == ')' && (*text < '0' || *text > '9') ? size : 0;
}

/* The next $(NAME) in a text, of which $$(NAME) is the escape; NULL: there is none. A text of several lines is a
 * script. */
static const char *next_variable(const char *text, size_t *size)
{
    for (const char *at = text; (at = strstr(at, "$(")); at += 2)
        if ((at == text || at[-1] != '$') && (*size = name_size(at + 2)))
            return at + 2;
    return NULL;
}

static void report_variable(struct check_input *input, const struct check_target *target,
                            const struct check_object *object, const struct node *node, const char *name, size_t size,
                            const char *why)
{
    check_report(input, target, RA108, node->origin, object, "the variable '$(%.*s)' is still there: %s", (int)size,
                 name, why)
        ->severity = SEVERITY_WARNING;
}

/* What the kubelet replaces: command, args and env of containers. */

/* Of Services that were there before the pod: SHOP_SERVICE_HOST, SHOP_PORT. */
static bool is_service_variable(const char *name, size_t size)
{
    static const char *const parts[] = {"_SERVICE_HOST", "_SERVICE_PORT", "_PORT"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *at = strstr(name, parts[i]);
        if (at && at < name + size)
            return true;
    }
    return false;
}

static bool is_defined(const struct node *container, const char *name, size_t size)
{
    const struct node *env = node_find(container, "env");
    for (uint32_t i = 0; node_is_list(env) && i < env->count; i++) {
        const char *text = node_text(node_find(env->items[i], "name"));
        if (text && strlen(text) == size && strncmp(text, name, size) == 0)
            return true;
    }
    return is_service_variable(name, size);
}

/* sh -c 'echo $(DATE)' */
static bool is_script(const struct node *list)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *word = node_text(list->items[i]);
        if (word && *word == '-' && word[1] != '-' && strchr(word, 'c'))
            return true;
    }
    return false;
}

static void check_text(struct check_input *input, const struct workload *workload, const struct container *container,
                       const struct node *node)
{
    size_t size;
    const char *text = node_text(node), *name = text && !strchr(text, '\n') ? next_variable(text, &size) : NULL;
    for (; name; name = next_variable(name, &size))
        if (!is_defined(container->node, name, size))
            report_variable(input, workload->target, workload->object, node, name, size,
                            "the container has no variable with this name");
}

static bool same_file(const struct origins *origins, origin one, origin other)
{
    const char *file = origins_place(origins, one).file, *second = origins_place(origins, other).file;
    return file && second && strcmp(file, second) == 0;
}

/* The value of a variable sees only those that stand above it. What a patch has put in another order is RA707. */
static void check_order(struct check_input *input, const struct workload *workload, const struct node *env, uint32_t at)
{
    size_t size;
    const struct node *value = node_find(env->items[at], "value");
    const char *text = node_text(value), *name = text && !strchr(text, '\n') ? next_variable(text, &size) : NULL;
    for (; name; name = next_variable(name, &size))
        for (uint32_t i = at; i < env->count; i++) {
            const struct node *below = node_find(env->items[i], "name");
            bool is_it = node_text(below) && below->count == size && strncmp(below->text, name, size) == 0;
            if (is_it && same_file(workload->target->origins, below->origin, value->origin))
                report_variable(input, workload->target, workload->object, value, name, size,
                                i == at ? "a variable does not see itself"
                                        : "it is set below, and a value sees only what is set above it");
        }
}

static void check_container(struct check_input *input, const struct workload *workload,
                            const struct container *container)
{
    const struct node *const lists[] = {node_find(container->node, "command"), node_find(container->node, "args")};
    const struct node *env = node_find(container->node, "env");
    for (uint32_t i = 0; node_is_list(env) && i < env->count; i++)
        check_order(input, workload, env, i);
    if (node_find(container->node, "envFrom"))
        return;
    for (size_t i = 0; i < 2; i++)
        for (uint32_t k = 0;
             !is_script(lists[0]) && !is_script(lists[1]) && node_is_list(lists[i]) && k < lists[i]->count; k++)
            check_text(input, workload, container, lists[i]->items[k]);
    for (uint32_t i = 0; node_is_list(env) && i < env->count; i++)
        check_text(input, workload, container, node_find(env->items[i], "value"));
}

/* Everything else: only kustomize would have. */

static bool is_passed_over(const char *key)
{
    static const char *const keys[] = {"command", "args", "env", "exec", "data", "stringData", "annotations", NULL};
    return strchr("caeds", *key) && string_in(keys, key);
}

/* ${DOMAIN}, as other tools than Argo CD replace it. */
static const char *foreign_variable(const char *text, size_t *size)
{
    for (const char *at = text; (at = strstr(at, "${")); at += 2) {
        *size = strspn(at + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        if (*size > 1 && at[2 + *size] == '}')
            return at + 2;
    }
    return NULL;
}

static bool check_other_text(const struct text_walk *walk, const struct node *node)
{
    size_t size;
    bool may_have = node->count > 3 && strchr(node->text, '$') && !strchr(node->text, '\n');
    const char *name = may_have ? next_variable(node->text, &size) : NULL;
    if (name)
        report_variable(walk->input, walk->target, walk->object, node, name, size,
                        "no var and no replacement writes it");
    const char *foreign = may_have && !name && walk->target->found ? foreign_variable(node->text, &size) : NULL;
    if (foreign)
        check_report(walk->input, walk->target, RA108, node->origin, walk->object,
                     "the variable '${%.*s}' is still there: neither kustomize nor Argo CD replaces it", (int)size,
                     foreign)
            ->severity = SEVERITY_WARNING;
    return name || foreign;
}

static void check_variables(struct check_input *input)
{
    struct pointer_set without = {.arena = input->arena};
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            struct workload workload;
            size_t count = 0;
            if (!api_is_builtin(object->api_version) || strcmp(object->kind, "CustomResourceDefinition") == 0)
                continue;
            struct container *containers = workload_of(&input->targets[i], object, &workload)
                                               ? find_containers(input->arena, workload.pod, &count)
                                               : NULL;
            for (size_t k = 0; k < count; k++)
                check_container(input, &workload, &containers[k]);
            text_walk_run(&(struct text_walk){.input = input,
                                              .target = &input->targets[i],
                                              .object = object,
                                              .without = &without,
                                              .check_text = check_other_text,
                                              .passes_over = is_passed_over});
        }
}

static const enum rule_id ids[] = {RA108, RULE_COUNT};
const struct check variables_check = {"variables", ids, check_variables};
