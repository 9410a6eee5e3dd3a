/* Names as the API server's own validation takes them. Source: k8s.io/apimachinery pkg/util/validation */
#ifndef CHECK_API_NAMES_H
#define CHECK_API_NAMES_H

#include <stdbool.h>
#include <stddef.h>

bool is_label_name(const char *text, size_t size); /* small letters, digits and '-', which is at no end; at most 63 */
bool is_subdomain_name(const char *text);          /* the same with points between them, at most 253 */
bool is_port_name(const char *text);               /* as IANA names services: at most 15, with a letter */

#endif
