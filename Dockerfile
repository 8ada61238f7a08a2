# syntax=docker/dockerfile:1
# nexus alone: about 30 MB on top of Debian's slim image.

FROM node:24-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY config config
COPY crates crates
COPY --from=web /src/web/dist web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p nexus-server --bin nexus \
    && cp target/release/nexus /usr/local/bin/nexus

FROM debian:bookworm-slim
# For databases that are reached by TLS with a public certificate.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/nexus --shell /usr/sbin/nologin nexus \
    && install -d -m 700 -o nexus -g nexus /var/lib/nexus /var/lib/nexus/keys
COPY --from=build /usr/local/bin/nexus /usr/local/bin/nexus

ENV NEXUS__DATA_DIR=/var/lib/nexus NEXUS__LOG__FORMAT=json
WORKDIR /var/lib/nexus
USER nexus
VOLUME /var/lib/nexus
EXPOSE 8080
# The port of /readyz: `server.listen` of nodes; workers have theirs at `metrics.listen`.
ENV NEXUS_HEALTH_PORT=8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/$NEXUS_HEALTH_PORT && printf 'GET /readyz HTTP/1.1\\r\\nhost: localhost\\r\\nconnection: close\\r\\n\\r\\n' >&3 && read -r -t 4 _ status _ <&3 && [ \"$status\" = 200 ]"]
# It handles SIGTERM itself, starts no processes, and so needs no init.
ENTRYPOINT ["nexus"]
