package io.pgsync.cli.http;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.FollowedMeters;
import java.util.Collection;

/** The figures of all databases for Prometheus. */
final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer waits = Timer.builder("pgsync.wait")
            .description("Time that requests to /wait took")
            .register(registry);

    Metrics(Collection<FollowedDatabase> databases) {
        new JvmMemoryMetrics().bindTo(registry);
        databases.forEach(database -> new FollowedMeters(database).bindTo(registry));
    }

    Timer waits() {
        return waits;
    }

    String scrape() {
        return registry.scrape();
    }
}
