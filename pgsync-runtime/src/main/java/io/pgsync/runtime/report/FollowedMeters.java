package io.pgsync.runtime.report;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.handover.Backlog;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.util.function.ToDoubleFunction;

/** The figures of one database for Micrometer. Their names are an interface, listed in docs/guide/operations.md. */
public final class FollowedMeters implements MeterBinder {
    private final FollowedDatabase database;

    /** {@code database} is asked whenever a meter is read. */
    public FollowedMeters(FollowedDatabase database) {
        this.database = database;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        RunFigures now = database.figures();
        Tags tags = Tags.of("database", now.database());
        new OfDatabase(registry, tags).bind();
        now.indexes().keySet().forEach(index -> new OfIndex(registry, index, tags.and("index", index)).bind());
    }

    private final class OfDatabase {
        private final MeterRegistry registry;
        private final Tags tags;

        OfDatabase(MeterRegistry registry, Tags tags) {
            this.registry = registry;
            this.tags = tags;
        }

        void bind() {
            count(registry, "pgsync.changes", tags, RunFigures::changes);
            count(registry, "pgsync.retries", tags, RunFigures::retries);
            read("primary", DocumentReads::primary);
            read("replica", DocumentReads::replicas);
            gauge("pgsync.following", figures -> figures.following() ? 1 : 0);
            gauge("pgsync.stored.lsn", figures -> figures.stored().value());
            gauge("pgsync.lag.bytes", RunFigures::behindBytes);
            gauge("pgsync.lag.seconds", figures -> figures.behind().toMillis() / 1e3);
            gauge("pgsync.waiting.roots", RunFigures::waitingRoots);
            waiting("few", Backlog::roots);
            waiting("many", Backlog::many);
            waiting("searches", Backlog::searches);
            gauge("pgsync.wal.retained.bytes", wal(WalStatus::retained));
            gauge("pgsync.wal.budget.bytes", wal(status -> status.budget().bytes()));
        }

        /** In the log of work; 0 without one. */
        private void waiting(String lane, ToDoubleFunction<Backlog> part) {
            FollowedMeters.this.gauge(
                    registry,
                    "pgsync.log.waiting",
                    tags.and("lane", lane),
                    figures -> figures.log().map(part::applyAsDouble).orElse(0.0));
        }

        private void read(String from, ToDoubleFunction<DocumentReads> part) {
            count(
                    registry,
                    "pgsync.documents.read",
                    tags.and("from", from),
                    figures -> part.applyAsDouble(figures.reads()));
        }

        private void gauge(String name, ToDoubleFunction<RunFigures> value) {
            FollowedMeters.this.gauge(registry, name, tags, value);
        }
    }

    private final class OfIndex {
        private final MeterRegistry registry;
        private final String index;
        private final Tags tags;

        OfIndex(MeterRegistry registry, String index, Tags tags) {
            this.registry = registry;
            this.index = index;
            this.tags = tags;
        }

        void bind() {
            count("stored", IndexFigures::stored);
            count("superseded", IndexFigures::superseded);
            count("refused", IndexFigures::refused);
            gauge("pgsync.loaded", tags, figures -> figures.isLoaded() ? 1 : 0);
            gauge("pgsync.schema.drift", tags, is(Kind.SCHEMA_DRIFT));
            for (Kind kind : Kind.values()) {
                gauge("pgsync.diverged", tags.and("kind", kind.word()), is(kind));
            }
            audit("compared", Counts::compared);
            audit("differing", Counts::differing);
            audit("repaired", Counts::repaired);
            audit("undecided", Counts::undecided);
            gauge(
                    "pgsync.audit.round.documents",
                    tags,
                    round(audit -> audit.round().compared()));
            gauge(
                    "pgsync.audit.round.differing.documents",
                    tags,
                    round(audit -> audit.round().differing()));
            gauge("pgsync.audit.lsn", tags, round(audit -> audit.position().value()));
            gauge("pgsync.load.documents", tags, IndexFigures::loadedDocuments);
            gauge("pgsync.load.expected.documents", tags, IndexFigures::expected);
        }

        private ToDoubleFunction<IndexFigures> is(Kind kind) {
            return figures -> figures.divergence().filter(kind::equals).isPresent() ? 1 : 0;
        }

        private void count(String outcome, ToDoubleFunction<IndexFigures> part) {
            FollowedMeters.this.count(registry, "pgsync.documents", tags.and("outcome", outcome), mine(part));
        }

        private void audit(String outcome, ToDoubleFunction<Counts> part) {
            FollowedMeters.this.count(
                    registry,
                    "pgsync.audit.documents",
                    tags.and("outcome", outcome),
                    mine(figures -> part.applyAsDouble(figures.audited())));
        }

        /** 0 as long as nothing is known. */
        private ToDoubleFunction<IndexFigures> round(ToDoubleFunction<AuditStatus> part) {
            return figures -> figures.audit().map(part::applyAsDouble).orElse(0.0);
        }

        private void gauge(String name, Tags all, ToDoubleFunction<IndexFigures> part) {
            FollowedMeters.this.gauge(registry, name, all, mine(part));
        }

        private ToDoubleFunction<RunFigures> mine(ToDoubleFunction<IndexFigures> part) {
            return figures -> {
                IndexFigures found = figures.indexes().get(index);
                return found == null ? 0 : part.applyAsDouble(found);
            };
        }
    }

    private static ToDoubleFunction<RunFigures> wal(ToDoubleFunction<WalStatus> part) {
        return figures -> figures.wal().map(part::applyAsDouble).orElse(Double.NaN);
    }

    private void count(MeterRegistry registry, String name, Tags tags, ToDoubleFunction<RunFigures> value) {
        FunctionCounter.builder(name, database, followed -> value.applyAsDouble(followed.figures()))
                .tags(tags)
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, Tags tags, ToDoubleFunction<RunFigures> value) {
        Gauge.builder(name, database, followed -> value.applyAsDouble(followed.figures()))
                .tags(tags)
                // Without this the registry would hold what it measures by a weak reference only.
                .strongReference(true)
                .register(registry);
    }
}
