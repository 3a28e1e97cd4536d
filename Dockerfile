# The image of `jwks`: the program, the C library that it stands on, and the certificate authorities.
#
#   docker build --tag jwks .
#   docker run --rm --volume "$PWD:/work:ro" jwks inspect --published jwks.json
#
# It has no shell. Where pipelines run their scripts inside the image, as GitLab's do, it is
#
#   docker build --target pipeline --tag jwks:pipeline .

FROM rust:1.95-slim-bookworm AS build
# What OpenSSL is built with, besides the compiler, and licences are gathered by.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends make perl python3 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Cargo.toml Cargo.lock ./
COPY benches benches
COPY src src
RUN cargo build --release --locked
COPY packaging packaging
RUN packaging/licences.py "$(rustc --print host-tuple)" target/packaging/THIRD-PARTY-LICENSES

FROM debian:bookworm-slim AS pipeline
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 65532 --create-home nonroot
LABEL org.opencontainers.image.title="jwks" \
      org.opencontainers.image.description="One tool for the whole life of a JSON Web Key Set, with a shell" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/jwks/
COPY --from=build /source/target/packaging/THIRD-PARTY-LICENSES /usr/share/doc/jwks/
COPY --from=build /source/target/release/jwks /usr/bin/jwks
WORKDIR /work
USER 65532:65532

FROM gcr.io/distroless/cc-debian12:nonroot
LABEL org.opencontainers.image.title="jwks" \
      org.opencontainers.image.description="One tool for the whole life of a JSON Web Key Set" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/jwks/
COPY --from=build /source/target/packaging/THIRD-PARTY-LICENSES /usr/share/doc/jwks/
COPY --from=build /source/target/release/jwks /usr/bin/jwks
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["jwks"]
