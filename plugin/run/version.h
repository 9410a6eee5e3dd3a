/* What this program calls itself. */
#ifndef PLUGIN_VERSION_H
#define PLUGIN_VERSION_H

#define ROOTAPP_VERSION "0.1.0"

#endif
