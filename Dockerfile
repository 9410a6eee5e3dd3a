# The sidecar image: rootapp and what it needs to render.   docker build --tag example/rootapp:0.1.0 .
# The server that calls it is no part of it: argo/install mounts argocd-cmp-server from the repo-server beside it.
FROM debian:bookworm-slim AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev libcurl4-openssl-dev libjansson-dev \
    libmbedtls-dev libpcre2-dev make pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The sources by name: a build directory of another system must not come along.
COPY Makefile ./
COPY generator generator
COPY kustomize kustomize
COPY lib lib
COPY plugin plugin
RUN make -j"$(nproc)" && strip build/rootapp

FROM debian:bookworm-slim
# git fetches remote bases, libcurl remote files; both need the certificates. The other libraries are linked in.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git libcurl4 \
 && rm -rf /var/lib/apt/lists/*
# The user of Argo CD's own containers, with whom the plugin's socket is shared.
RUN groupadd --system --gid 999 argocd && useradd --system --uid 999 --gid argocd --create-home argocd
COPY --from=build /src/build/rootapp /usr/local/bin/rootapp
# Fails the build, and not a cluster, if a library is missing.
RUN ["rootapp", "version"]
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="rootapp" \
      org.opencontainers.image.description="Argo CD config management plugin and root application generator" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
USER 999:999
ENTRYPOINT ["/var/run/argocd/argocd-cmp-server"]
