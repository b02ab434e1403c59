# The published image: nmz and nmzc, Node, iptables, and Podman for `--engine embedded`. Built by scripts/image, from a
# checkout that was built (npm run build, scripts/build-agent). docs/image.md says how it is run.
#
# Reproducible: the layer on top of BASE depends on the checkout, on SOURCE_DATE_EPOCH, and on the Debian packages, which
# are those of DEBIAN_SNAPSHOT (20261101T000000Z) where that is given, and the mirror's of today where it is not.
ARG BASE=debian:bookworm-slim

# What Debian gives, and of it only what is new.
FROM ${BASE} AS system
ARG DEBIAN_SNAPSHOT=
ARG EMBEDDED=yes
COPY scripts/lib/image/collect-new-files scripts/lib/image/install-system /opt/image/
RUN /opt/image/install-system "${EMBEDDED}" "${DEBIAN_SNAPSHOT}"

# Node, nmzc and what it needs of npm. Nothing of npm itself, of curl or of a machine's own authorities is copied from here.
FROM system AS program
# The one that npm is configured for; scripts/image gives it.
ARG NPM_REGISTRY
ARG NODE_VERSION=22.23.3
ARG NODE_X64=sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==
ARG NODE_ARM64=sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==
ARG NPM_VERSION=10.9.4
ARG NPM_INTEGRITY=sha512-OnUG836FwboQIbqtefDNlyR0gTHzIfwRfE3DuiNewBvnMnWEpB0VEXwBlFVgqpNzIgYo/MHh3d2Hel/pszapAA==
# Authorities of the machine that builds, where its network needs them: base64 of PEM, or nothing.
ARG BUILD_CA=
COPY scripts/lib/image/install-node /opt/image/
RUN /opt/image/install-node
COPY package.json package-lock.json .npmrc /opt/build/
COPY scripts/lib/image/install-packages /opt/image/
RUN /opt/image/install-packages
COPY . /opt/checkout
COPY scripts/lib/image/install-program scripts/lib/image/write-sbom.mjs scripts/lib/image/nmzc-health /opt/image/
ARG SOURCE_DATE_EPOCH=0
# Any other word has what follows done anew.
ARG AGAIN=
RUN /opt/image/install-program "${SOURCE_DATE_EPOCH}"

FROM ${BASE}
COPY --from=program /image /
ENV NMZC_IN_IMAGE=1
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG INPUTS=unknown
ARG BASE
LABEL org.opencontainers.image.title="nmzc" \
  org.opencontainers.image.description="A Docker-like container runtime wrapper that shakes what runs inside until its hidden bugs come out" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.base.name="${BASE}" \
  nmzc.inputs="${INPUTS}"
# Podman's storage cannot lie on a container's own file system.
VOLUME /var/lib/containers
# For `nmz orchestrator`; anything else is left alone.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["nmzc-health"]
# Root: packet queues, mounts and namespaces are root's. What needs none of that takes --user: docs/image.md.
ENTRYPOINT ["nmzc"]
