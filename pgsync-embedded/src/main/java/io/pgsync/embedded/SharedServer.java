package io.pgsync.embedded;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One server for all tests of a JVM, started when the first test asks for it and stopped when the JVM exits.
 * Environment variables, or system properties of the same names, choose the kind of server: a URL in
 * {@code urlVariable} names a running one, {@code PGSYNC_TEST_SERVERS=testcontainers} asks for a container, and
 * otherwise it is embedded. Safe from any thread.
 */
public final class SharedServer<S> {

    private static final String KIND_VARIABLE = "PGSYNC_TEST_SERVERS";

    private final String urlVariable;
    private final Function<URI, S> given;
    private final Supplier<S> container;
    private final Supplier<S> embedded;
    private @Nullable S server;

    /** Starts nothing yet; the one of the three that is chosen makes the server. */
    public SharedServer(String urlVariable, Function<URI, S> given, Supplier<S> container, Supplier<S> embedded) {
        this.urlVariable = urlVariable;
        this.given = given;
        this.container = container;
        this.embedded = embedded;
    }

    /** Starts the server at the first call, and tries again if that failed. Blocks. */
    public synchronized S get() {
        var running = server;
        if (running == null) {
            running = provide();
            server = running;
        }
        return running;
    }

    private S provide() {
        var url = variable(urlVariable);
        if (url.isPresent()) {
            return given.apply(URI.create(url.get()));
        }
        var kind = variable(KIND_VARIABLE).orElse("embedded");
        return switch (kind) {
            case "embedded" -> embedded.get();
            case "testcontainers" -> container.get();
            default ->
                throw new EmbeddedServerException(
                        "%s=%s is unknown. Use embedded or testcontainers, or name a running server in %s"
                                .formatted(KIND_VARIABLE, kind, urlVariable));
        };
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getProperty(name, System.getenv(name)))
                .filter(value -> !value.isBlank());
    }
}
