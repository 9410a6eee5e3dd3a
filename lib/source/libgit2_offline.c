/* libgit2_offline.c: stands for the parts of a static libgit2 that reach the network, so that neither they nor the
 * libraries that they need are linked: TLS, ssh, Kerberos and HTTP come with fourteen libraries, and to load them takes
 * longer than a render. Whoever calls one of these gets an error.
 *
 * The names are libgit2's own (src/libgit2/libgit2.c, transport.c, settings.c; src/util/hash.h). Where another version
 * has other ones, the program cannot be linked. */
#include <stdbool.h>

/* Called at the start, with nothing to do. */
#define NOTHING_TO_DO(name) \
    int name(void);         \
    int name(void)          \
    {                       \
        return 0;           \
    }

#define REFUSED(name) \
    int name(void);   \
    int name(void)    \
    {                 \
        return -1;    \
    }

NOTHING_TO_DO(git_mbedtls_stream_global_init)
NOTHING_TO_DO(git_transport_ssh_global_init)
REFUSED(git_mbedtls__set_cert_location)
REFUSED(git_smart_subtransport_http)
REFUSED(git_smart_subtransport_ssh)
REFUSED(git_transport_ssh_with_paths)
REFUSED(http_parser_parse_url)

/* SHA-256 comes from the TLS library. libgit2 1.5 names no object by it. */
NOTHING_TO_DO(git_hash_sha256_global_init)
NOTHING_TO_DO(git_hash_sha256_ctx_cleanup)
REFUSED(git_hash_sha256_ctx_init)
REFUSED(git_hash_sha256_init)
REFUSED(git_hash_sha256_update)
REFUSED(git_hash_sha256_final)

extern bool git_http__expect_continue; /* an option of HTTP */
bool git_http__expect_continue;
