/* The options of `generate`: what the plugin's command line says. For commands that judge as the plugin would, too. */
#ifndef PLUGIN_GENERATE_OPTIONS_H
#define PLUGIN_GENERATE_OPTIONS_H

#include "plugin/helm_options.h"
#include "plugin/remote_options.h"

struct generate_options {
    struct fetch_options fetch;
    struct chart_options charts;
    const char *root_project, *allow_kinds;
    bool refuse_secrets, require_confinement;
    const char *load_restrictor;
    const char *mirror, *format;
    long memory_limit, time_limit, processor_limit, input_limit, output_limit, large_renders;
};

#endif
