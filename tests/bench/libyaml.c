/* libyaml.c: the work that libyaml would do for a render: each document of a file, parsed to events and emitted again.
 *
 * The yardstick of `tests/bench/run libyaml`. No part of the program. */
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

static int write_out(void *unused, unsigned char *bytes, size_t size)
{
    (void)unused;
    return fwrite(bytes, 1, size, stdout) == size;
}

int main(int count, char **arguments)
{
    FILE *in = count == 2 ? fopen(arguments[1], "rb") : NULL;
    yaml_parser_t parser;
    yaml_emitter_t emitter;
    if (!in || !yaml_parser_initialize(&parser) || !yaml_emitter_initialize(&emitter))
        return 1;
    yaml_parser_set_input_file(&parser, in);
    yaml_emitter_set_output(&emitter, write_out, NULL);
    yaml_emitter_set_width(&emitter, 80);
    yaml_emitter_set_unicode(&emitter, 1);
    for (int done = 0; !done;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event))
            return 1;
        done = event.type == YAML_STREAM_END_EVENT;
        if (!yaml_emitter_emit(&emitter, &event))
            return 1;
    }
    yaml_emitter_delete(&emitter);
    yaml_parser_delete(&parser);
    return fclose(in) == 0 && fflush(stdout) == 0 ? 0 : 1;
}
