# pgsync as a container: docker build -t pgsync .
FROM eclipse-temurin:25-jdk AS build
WORKDIR /source
COPY . .
RUN ./mvnw -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl pgsync-cli -am package \
    && mkdir /opt/pgsync \
    && tar -xzf pgsync-cli/target/pgsync-*.tar.gz -C /opt/pgsync --strip-components=1

FROM eclipse-temurin:25-jre
COPY --from=build /opt/pgsync /opt/pgsync
# For quicker starts; it has to be done by the Java that starts.
RUN /opt/pgsync/bin/pgsync archive-classes
RUN useradd --system --create-home --home-dir /var/lib/pgsync --shell /usr/sbin/nologin pgsync
USER pgsync
# Refused documents are recorded here.
WORKDIR /var/lib/pgsync
VOLUME /var/lib/pgsync
ENV PGSYNC_HTTP_PORT=9100
# The script ends as java itself, which so gets the signals of the container.
ENTRYPOINT ["/opt/pgsync/bin/pgsync"]
CMD ["--daemon"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PGSYNC_HTTP_PORT && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3"]
