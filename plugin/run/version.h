/* What this program calls itself. */
#ifndef PLUGIN_VERSION_H
#define PLUGIN_VERSION_H

#define ROOTAPP_VERSION "0.1.0"
#define ROOTAPP_DATE "2026-11-29" /* of this version, as manual pages show it */

#endif
