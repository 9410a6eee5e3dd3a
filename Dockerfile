# The sidecar image.   docker build --tag example/rootapp:0.1.0 .
# With --target remote it has git, ssh and libcurl, for a plugin that fetches (--allow-host, see docs/remote.md) and for a mirror
# (docs/mirror.md). With --target cli it
# is for people and pipelines: rootapp as the command, with git, a shell and what `rootapp new` and `init` write (docs/get.md).
# The server that calls rootapp is no part of it: argo/install mounts argocd-cmp-server from the repo-server beside it.
# The base is named by its digest, so that nobody can exchange it; another one is given as --build-arg DEBIAN=debian@sha256:...
# An image is as good as the day that it was built, so each build takes Debian's fixes of that day: build it anew each week
# (docs/security.md).
ARG DEBIAN=debian:bookworm-slim@sha256:96e378d7e6531ac9a15ad505478fcc2e69f371b10f5cdf87857c4b8188404716
FROM ${DEBIAN} AS build
RUN apt-get update \
 && apt-get upgrade --yes \
 && apt-get install --yes --no-install-recommends gcc libc6-dev libcurl4-openssl-dev libgit2-dev libjansson-dev \
    libpcre2-dev make pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The sources by name: a build directory of another system must not come along.
COPY Makefile LICENSE ./
COPY check check
COPY diff diff
COPY generator generator
COPY kubernetes kubernetes
COPY kustomize kustomize
COPY lib lib
COPY plugin plugin
COPY tools/sbom tools/sbom
# Hardened, because it reads what tenants write: that costs 3 % more instructions. Without debugging information, which names
# directories: the same sources give the same bytes. libgit2 is a part of it, without its network: what Debian's package loads with it
# would take longer than a render.
RUN make -j"$(nproc)" LIBGIT2=static LDFLAGS='-s -Wl,-z,relro,-z,now' \
    CFLAGS='-O2 -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2'
# All that the image holds: the program, the libraries that it is linked to, `test` for the startup probe, and the licenses. The
# user is that of Argo CD's own containers, with whom the plugin's socket is shared. It must run, or the build fails.
ARG SOURCE_DATE_EPOCH=0
RUN mkdir -p /image/etc /image/home/argocd /image/usr/bin /image/usr/share/doc/rootapp \
 && cp build/rootapp /usr/bin/test /image/usr/bin \
 && cp LICENSE /image/usr/share/doc/rootapp/copyright \
 && cp --parents -L $(ldd build/rootapp /usr/bin/test | grep -o '/[^ :]*\.so[^ ]*' | sort -u) /image \
 && cd / && cp --parents usr/share/doc/libc6/copyright usr/share/doc/coreutils/copyright \
    usr/share/doc/libgit2-dev/copyright usr/share/doc/libjansson4/copyright usr/share/doc/libpcre2-8-0/copyright \
    usr/share/doc/zlib1g/copyright /image \
 && echo 'argocd:x:999:999::/home/argocd:/usr/sbin/nologin' >/image/etc/passwd \
 && echo 'argocd:x:999:' >/image/etc/group \
 && cp /etc/os-release /image/etc \
 && chroot /image rootapp version \
 && LIBGIT2=static /src/tools/sbom build/rootapp /usr/bin/test >/image/usr/share/doc/rootapp/rootapp.spdx.json \
 && find /image -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

FROM ${DEBIAN} AS remote
# git fetches remote bases, by ssh too, and libcurl remote files; all need the certificates. Nothing gives other rights.
RUN apt-get update \
 && apt-get upgrade --yes \
 && apt-get install --yes --no-install-recommends ca-certificates git libcurl4 openssh-client \
 && rm -rf /var/lib/apt/lists/* \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
 && groupadd --system --gid 999 argocd && useradd --system --uid 999 --gid argocd --create-home argocd
COPY --from=build /image/usr/bin/rootapp /usr/bin/
COPY --from=build /image/usr/share/doc/rootapp /usr/share/doc/rootapp
ARG DEBIAN
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="rootapp, with git and ssh" \
      org.opencontainers.image.description="Argo CD config management plugin and root application generator" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name=$DEBIAN \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
USER 999:999
ENTRYPOINT ["/var/run/argocd/argocd-cmp-server"]

FROM build AS installed
COPY apps/_template apps/_template
COPY argo/install argo/install
COPY share share
COPY tools tools
RUN tools/install /installed build/rootapp

FROM remote AS cli
USER 0:0
# The repository is mounted and belongs to another user, whom git would not trust: whoever mounts it does.
RUN git config --system --add safe.directory '*'
COPY --from=installed /installed/share /usr/share
ARG DEBIAN
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="rootapp, the command" \
      org.opencontainers.image.description="rootapp for people and pipelines, with git" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name=$DEBIAN \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
USER 999:999
WORKDIR /work
ENTRYPOINT ["rootapp"]

# Nothing else that a tenant could make use of: no shell, no package manager. `kubectl debug` brings its own.
FROM scratch AS plain
COPY --from=build /image /
ENV PATH=/usr/bin
ARG DEBIAN
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="rootapp" \
      org.opencontainers.image.description="Argo CD config management plugin and root application generator" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name=$DEBIAN \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
USER 999:999
ENTRYPOINT ["/var/run/argocd/argocd-cmp-server"]
