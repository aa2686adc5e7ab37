package io.pgsync.cli.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pgsync.cli.status.RunFigures;
import io.pgsync.cli.status.RunFigures.IndexFigures;
import io.pgsync.cli.status.WalStatus;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The figures of all databases for Prometheus. Their names are an interface, listed in docs/guide/operations.md. */
final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer waits = Timer.builder("pgsync.wait")
            .description("Time that requests to /wait took")
            .register(registry);

    Metrics(Collection<FollowedDatabase> databases) {
        new JvmMemoryMetrics().bindTo(registry);
        databases.forEach(this::bind);
    }

    Timer waits() {
        return waits;
    }

    String scrape() {
        return registry.scrape();
    }

    private void bind(FollowedDatabase database) {
        RunFigures now = database.figures();
        Tags tags = Tags.of("database", now.database());
        count(database, "pgsync.changes", tags, RunFigures::changes);
        count(database, "pgsync.retries", tags, RunFigures::retries);
        gauge(database, "pgsync.following", tags, figures -> figures.following() ? 1 : 0);
        gauge(database, "pgsync.stored.lsn", tags, figures -> figures.stored().value());
        gauge(database, "pgsync.lag.bytes", tags, RunFigures::behindBytes);
        gauge(database, "pgsync.lag.seconds", tags, figures -> figures.behind().toMillis() / 1e3);
        gauge(database, "pgsync.waiting.roots", tags, RunFigures::waitingRoots);
        gauge(database, "pgsync.wal.retained.bytes", tags, wal(WalStatus::retained));
        gauge(
                database,
                "pgsync.wal.budget.bytes",
                tags,
                wal(status -> status.budget().bytes()));
        now.indexes().keySet().forEach(index -> bind(database, index, tags.and("index", index)));
    }

    private void bind(FollowedDatabase database, String index, Tags tags) {
        count(database, "pgsync.documents", tags.and("outcome", "stored"), of(index, IndexFigures::stored));
        count(database, "pgsync.documents", tags.and("outcome", "superseded"), of(index, IndexFigures::superseded));
        count(database, "pgsync.documents", tags.and("outcome", "refused"), of(index, IndexFigures::refused));
        gauge(database, "pgsync.loaded", tags, of(index, figures -> figures.isLoaded() ? 1 : 0));
        gauge(
                database,
                "pgsync.schema.drift",
                tags,
                of(
                        index,
                        figures -> figures.divergence()
                                        .filter(Kind.SCHEMA_DRIFT::equals)
                                        .isPresent()
                                ? 1
                                : 0));
        for (Kind kind : Kind.values()) {
            gauge(
                    database,
                    "pgsync.diverged",
                    tags.and("kind", kind.word()),
                    of(
                            index,
                            figures -> figures.divergence().filter(kind::equals).isPresent() ? 1 : 0));
        }
        gauge(database, "pgsync.load.documents", tags, of(index, IndexFigures::loadedDocuments));
        gauge(database, "pgsync.load.expected.documents", tags, of(index, IndexFigures::expected));
    }

    private static ToDoubleFunction<RunFigures> of(String index, ToDoubleFunction<IndexFigures> part) {
        return figures -> {
            IndexFigures found = figures.indexes().get(index);
            return found == null ? 0 : part.applyAsDouble(found);
        };
    }

    private static ToDoubleFunction<RunFigures> wal(ToDoubleFunction<WalStatus> part) {
        return figures -> figures.wal().map(part::applyAsDouble).orElse(Double.NaN);
    }

    private void count(FollowedDatabase database, String name, Tags tags, ToDoubleFunction<RunFigures> value) {
        FunctionCounter.builder(name, database, followed -> value.applyAsDouble(followed.figures()))
                .tags(tags)
                .register(registry);
    }

    private void gauge(FollowedDatabase database, String name, Tags tags, ToDoubleFunction<RunFigures> value) {
        Gauge.builder(name, database, followed -> value.applyAsDouble(followed.figures()))
                .tags(tags)
                // The registry would else hold what it measures by a weak reference.
                .strongReference(true)
                .register(registry);
    }
}
