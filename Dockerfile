# docker build -t suhbat . && docker run -it --rm suhbat
# docker run -d -p 8080:8080 -v suhbat:/data -e TELEGRAM_BOT_TOKEN=… suhbat serve
#
# The base images are pinned by tag. Where builds have to be the same for ever, pin
# them by digest too, as in
#   docker buildx imagetools inspect gcr.io/distroless/static-debian13:nonroot
#   FROM gcr.io/distroless/static-debian13:nonroot@sha256:…
# and let a bot such as Dependabot raise the digests: a base that nobody renews
# keeps its old certificates.

FROM golang:1.26-trixie AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/suhbat ./cmd/suhbat
RUN mkdir /out/data

# Nothing but certificates and a user without rights: no shell, no libc. Facts,
# language packs and time zones are inside the binary.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/suhbat /suhbat
COPY LICENSE /LICENSE
# What serve keeps. A volume that is new takes over its owner.
COPY --from=build --chown=65532:65532 /out/data /data
ENV SUHBAT_DATABASE_URL=sqlite:/data/suhbat.db
VOLUME /data
EXPOSE 8080
USER 65532:65532
HEALTHCHECK --interval=60s --timeout=5s --start-period=5s CMD ["/suhbat", "health"]
ENTRYPOINT ["/suhbat"]
