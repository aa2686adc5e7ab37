package io.pgsync.runtime.verify;

import static io.pgsync.runtime.verify.VerifiedSides.ALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** What a verification repairs. */
class RepairingVerificationTest {
    private static final VerifyOrder REPAIR =
            new VerifyOrder(List.of(), Optional.empty(), 1, OptionalInt.empty(), true);

    private final VerifiedSides verified = new VerifiedSides();
    private final SidesInMemory sides = verified.sides;

    @Test
    void exactlyWhatDiffersIsRepairedAndLookedAtAgain() {
        sides.books(2_500);
        sides.copies.write("7", "{'n': 8}");
        sides.copies.delete("2500");
        sides.copies.write("2501", "{}");
        sides.copies.write("no key", "{}");

        VerifiedIndex found = verified.run(REPAIR);

        assertThat(sides.repairs).hasSize(1);
        assertThat(sides.repairs.get(0)).containsExactlyInAnyOrder("7", "2500", "2501", "no key");
        assertThat(found.counts()).isEqualTo(new Counts(2_500, 1, 1, 2, 0, 0, 4));
        assertThat(found.counts().remaining()).isZero();
        assertThat(verified.run(ALL).differences()).isEmpty();
    }

    @Test
    void whatIsWrongAfterItsRepairIsNotRepaired() {
        sides.books(3);
        sides.copies.write("1", "{}");
        sides.copies.write("2", "{}");
        sides.copies.write("3", "{}");
        sides.unrepairable.addAll(List.of("1", "2"));
        sides.refusedLater.add("2");

        assertThat(verified.run(REPAIR).counts().repaired()).isEqualTo(1);
    }

    @Test
    void withoutAnOrderToRepairNothingIs() {
        sides.books(3);
        sides.copies.write("1", "{}");

        verified.run(ALL);

        assertThat(sides.repairs).isEmpty();
    }

    @Test
    void aStopLeavesWhatDiffersAsItIs() {
        sides.books(2_500);
        sides.copies.write("1", "{}");
        Sinks.Empty<Void> stop = Sinks.empty();
        sides.before.put("read", () -> {
            if (sides.rows.reads.size() == 1) {
                stop.tryEmitEmpty();
            }
        });

        VerifiedIndex found = verified.run(REPAIR, stop.asMono());

        assertThat(found.isComplete()).isFalse();
        assertThat(found.differences()).extracting(Difference::id).containsExactly("1");
        assertThat(sides.repairs).isEmpty();
    }

    @Test
    void noMoreIsRepairedThanALoadWouldCost() {
        sides.differentBooks(10_300);

        VerifiedIndex found = verified.run(REPAIR);

        assertThat(found.counts().repaired()).isEqualTo(Tally.MOST_REPAIRED);
        assertThat(found.counts().remaining()).isEqualTo(300);
        assertThat(sides.repairs).hasSize(10);
    }
}
