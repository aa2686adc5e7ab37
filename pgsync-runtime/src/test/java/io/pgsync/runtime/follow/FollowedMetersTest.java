package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.handover.Backlog;
import io.pgsync.runtime.report.AuditStatus;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentReads;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.FollowedMeters;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.report.WalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class FollowedMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private RunFigures figures = figures(Map.of("books", index(Optional.of(Kind.SCHEMA_DRIFT))), Optional.empty());

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void showWhatIsSoWhenSomebodyLooks() {
        bind();
        assertThat(gauge("pgsync.lag.seconds")).isEqualTo(1.5);
        assertThat(registry.get("pgsync.changes").functionCounter().count()).isEqualTo(7);

        figures = figures(Map.of(), Optional.of(Slots.full(1_000)));

        assertThat(gauge("pgsync.wal.retained.bytes")).isEqualTo(1_000);
        assertThat(gauge("pgsync.wal.budget.bytes")).isEqualTo(1_000);
    }

    @Test
    void whatWaitsInALogOfWorkIsSeenLaneByLane() {
        bind();
        assertThat(waiting("few")).isZero();

        figures = figures(Map.of(), Optional.empty(), Optional.of(new Backlog(5, 6, 7, Optional.empty())));

        assertThat(List.of(waiting("few"), waiting("many"), waiting("searches")))
                .containsExactly(5.0, 6.0, 7.0);
    }

    private double waiting(String lane) {
        return registry.get("pgsync.log.waiting").tag("lane", lane).gauge().value();
    }

    @Test
    void documentsAreCountedByTheServerThatTheyWereReadFrom() {
        bind();

        assertThat(registry.get("pgsync.documents.read")
                        .tag("from", "primary")
                        .functionCounter()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get("pgsync.documents.read")
                        .tag("from", "replica")
                        .functionCounter()
                        .count())
                .isEqualTo(40);
    }

    @Test
    void whatNobodyLookedAtYetIsNoFigure() {
        bind();

        assertThat(gauge("pgsync.wal.retained.bytes")).isNaN();
    }

    @Test
    void oneKindOfDivergenceIsSetAndNoOther() {
        bind();

        assertThat(gauge("pgsync.schema.drift")).isEqualTo(1);
        assertThat(diverged(Kind.SCHEMA_DRIFT)).isEqualTo(1);
        assertThat(diverged(Kind.GAP)).isZero();
    }

    @Test
    void whatTheAuditFoundIsCountedByItsOutcome() {
        bind();
        assertThat(gauge("pgsync.audit.lsn")).isZero();
        var round = new AuditStatus.Round(Instant.EPOCH, Instant.EPOCH, 50, 6, 5, 4);

        figures = figures(
                Map.of(
                        "books",
                        new IndexFigures(
                                3,
                                2,
                                1,
                                0,
                                0,
                                true,
                                Optional.empty(),
                                new Counts(10, 1, 2, 3, 0, 4, 5),
                                Optional.of(new AuditStatus(100, new Lsn(77), round, Optional.empty())))),
                Optional.empty());

        assertThat(audited("compared")).isEqualTo(10);
        assertThat(audited("differing")).isEqualTo(6);
        assertThat(audited("repaired")).isEqualTo(5);
        assertThat(audited("undecided")).isEqualTo(4);
        assertThat(gauge("pgsync.audit.round.documents")).isEqualTo(50);
        assertThat(gauge("pgsync.audit.round.differing.documents")).isEqualTo(6);
        assertThat(gauge("pgsync.audit.lsn")).isEqualTo(77);
    }

    private double audited(String outcome) {
        return registry.get("pgsync.audit.documents")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    @Test
    void anIndexThatIsNotFollowedAnyMoreCountsNothing() {
        bind();
        assertThat(stored()).isEqualTo(3);

        figures = figures(Map.of(), Optional.empty());

        assertThat(stored()).isZero();
    }

    private double stored() {
        return registry.get("pgsync.documents")
                .tags("database", "shop", "index", "books", "outcome", "stored")
                .functionCounter()
                .count();
    }

    private double diverged(Kind kind) {
        return registry.get("pgsync.diverged").tag("kind", kind.word()).gauge().value();
    }

    private double gauge(String name) {
        return registry.get(name).tag("database", "shop").gauge().value();
    }

    private void bind() {
        new FollowedMeters(new Followed()).bindTo(registry);
    }

    private static IndexFigures index(Optional<Kind> divergence) {
        return new IndexFigures(3, 2, 1, 0, 0, true, divergence);
    }

    private static RunFigures figures(Map<String, IndexFigures> indexes, Optional<WalStatus> wal) {
        return figures(indexes, wal, Optional.empty());
    }

    private static RunFigures figures(
            Map<String, IndexFigures> indexes, Optional<WalStatus> wal, Optional<Backlog> log) {
        return new RunFigures(
                "shop",
                true,
                7,
                0,
                new Lsn(10),
                Duration.ofMillis(1_500),
                0,
                0,
                new DocumentReads(3, 40),
                indexes,
                wal,
                log);
    }

    private final class Followed implements FollowedDatabase {
        @Override
        public RunFigures figures() {
            return figures;
        }

        @Override
        public Optional<LoadProgress> load() {
            return Optional.empty();
        }

        @Override
        public Mono<DatabaseStatus> status() {
            return Mono.never();
        }

        @Override
        public Mono<Lsn> await(Lsn target) {
            return Mono.never();
        }

        @Override
        public Mono<Void> refresh(String index) {
            return Mono.never();
        }
    }
}
