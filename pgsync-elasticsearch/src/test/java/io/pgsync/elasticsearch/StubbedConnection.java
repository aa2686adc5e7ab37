package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A stub engine and a connection to it; sends nothing before a test does. */
public final class StubbedConnection implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StubEngine engine = new StubEngine();
    private final Scheduler scheduler = Schedulers.newParallel("engine", 2);
    private final ElasticsearchConnection connection;

    private StubbedConnection(Function<StubbedConnection, ElasticsearchConnection> opening) {
        this.connection = opening.apply(this);
    }

    public static StubbedConnection open() {
        return with(settings -> settings);
    }

    public static StubbedConnection with(Function<ElasticsearchSettings, ElasticsearchSettings> choice) {
        return new StubbedConnection(stubbed -> ElasticsearchConnection.open(
                choice.apply(ElasticsearchSettings.of(stubbed.engine.url())), stubbed.scheduler));
    }

    /** Over a client of somebody else, who closes it. */
    static StubbedConnection over(Function<URI, Rest5Client> client) {
        return new StubbedConnection(stubbed ->
                ElasticsearchConnection.over(client.apply(URI.create(stubbed.engine.url())), stubbed.scheduler));
    }

    public StubEngine engine() {
        return engine;
    }

    public ElasticsearchConnection connection() {
        return connection;
    }

    @Override
    public void close() {
        connection.close();
        scheduler.dispose();
        engine.close();
    }
}
