package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.config.AuditRate;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.source.Databases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class AuditsTest {
    /** Of these, one document a minute is due. */
    private static final int BOOKS = 60;

    private static final AuditRate WHOLE_IN_AN_HOUR = new AuditRate(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final SidesInMemory sides = new SidesInMemory();
    private final AuditsInMemory run = new AuditsInMemory();
    private final Sinks.Empty<Void> stop = Sinks.empty();

    @BeforeEach
    void books() {
        sides.books(BOOKS);
    }

    @AfterEach
    void close() {
        timer.dispose();
    }

    private CompletableFuture<Void> audit(AuditRate rate) {
        DocumentTree tree = Databases.tree("books");
        var log = new AuditLog("books", new RepairCommand("schema.json", false));
        var audits = new Audits(rate, run, timer);
        audits.add(tree, sides, new Audit(tree, sides, run, run, log, () -> Instant.EPOCH), log);
        return audits.run(stop.asMono()).toFuture();
    }

    @Test
    void aPartIsComparedAfterTheOther() {
        audit(WHOLE_IN_AN_HOUR);
        pass(Duration.ZERO);
        assertThat(sides.rows.reads).containsExactly(List.of(1));

        pass(MINUTE);
        pass(MINUTE);

        assertThat(sides.rows.reads).containsExactly(List.of(1), List.of(2), List.of(3));
    }

    @Test
    void withoutARateThereIsNothingToWaitFor() {
        assertThat(audit(AuditRate.OFF)).isCompleted();
        assertThat(sides.looks).isEmpty();
    }

    @Test
    void anIndexThatIsNotSoundIsLeftAloneUntilItIs() {
        run.isSound = false;
        audit(WHOLE_IN_AN_HOUR);
        pass(MINUTE);
        assertThat(sides.looks).isEmpty();

        run.isSound = true;
        pass(Audits.REST);

        assertThat(sides.rows.reads).containsExactly(List.of(1));
    }

    @Test
    void aFailureEndsNothingAndIsTriedAgain() {
        sides.before.put("comparable", () -> {
            throw new IllegalStateException("away");
        });
        CompletableFuture<Void> end = audit(WHOLE_IN_AN_HOUR);
        pass(MINUTE);
        sides.before.clear();
        assertThat(sides.rows.reads).isEmpty();

        pass(Audits.BREAK);

        assertThat(sides.rows.reads).containsExactly(List.of(1));
        assertThat(end).isNotDone();
    }

    /** For a repair the run starts over, which is to happen once a minute at most. */
    @Test
    void afterARepairTheNextPartWaits() {
        sides.copies.write("3", "{}");
        audit(new AuditRate(3_600));
        assertThat(sides.repairs).containsExactly(List.of("3"));
        sides.looks.clear();

        pass(Audits.BREAK.minusSeconds(1));
        assertThat(sides.looks).isEmpty();

        pass(Duration.ofSeconds(1));
        assertThat(sides.looks).isNotEmpty();
    }

    @Test
    void aStopEndsItAlsoInAPause() {
        CompletableFuture<Void> end = audit(WHOLE_IN_AN_HOUR);
        pass(Duration.ofSeconds(30));

        stop.tryEmitEmpty();

        assertThat(end).isCompleted();
        pass(MINUTE.multipliedBy(5));
        assertThat(sides.rows.reads).hasSize(1);
    }

    private void pass(Duration time) {
        timer.advanceTimeBy(time);
    }
}
