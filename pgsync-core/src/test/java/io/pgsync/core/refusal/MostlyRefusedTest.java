package io.pgsync.core.refusal;

import static io.pgsync.core.refusal.SettledWrites.keys;
import static io.pgsync.core.refusal.SettledWrites.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.sink.WriteOutcome.Refused;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** When so many documents of an index are refused that it is set aside, and what does not count. */
class MostlyRefusedTest {
    @AutoClose
    private final SettledWrites writes = new SettledWrites();

    @Test
    void mostlyRefusedSetsTheIndexAsideWithItsRecordsWritten() {
        List<String> all = keys("a", 500);

        StepVerifier.create(writes.refusing(all))
                .verifyErrorSatisfies(
                        failure -> assertThat(((DivergenceException) failure).divergences())
                                .containsExactly(
                                        new Divergence(
                                                Kind.MOSTLY_REFUSED,
                                                "shop",
                                                "500 of its last 500 documents were refused, more than 50 percent; the last one for bad")));

        assertThat(writes.deadLetters).hasSize(500);
        assertThat(writes.recorded()).hasSize(500);
    }

    @Test
    void theStopDoesNotWaitForRecordsThatCannotBeWritten() {
        writes.store.isAway = true;

        StepVerifier.create(writes.refusing(keys("a", 500))).verifyError(DivergenceException.class);
    }

    @Test
    void oneBadRowThatChangesAThousandTimesIsOneBadRow() {
        for (int i = 0; i < 1_000; i++) {
            writes.refuse("7");
        }

        assertThat(writes.refused.count("shop")).isEqualTo(1);
    }

    @Test
    void rowsWithoutAKeyAreNeitherCountedNorDescribed() {
        for (int i = 0; i < 1_000; i++) {
            Upsert none = new Upsert(RootKey.none("shop"), "null", Optional.empty(), new byte[0]);
            writes.settle(List.of(none), List.of(new Refused(none, 0, "no_key", "null")))
                    .block();
        }
        writes.writeRest();

        assertThat(writes.store.written).isEmpty();
        assertThat(writes.deadLetters).hasSize(1_000);
    }

    /** Nothing is said of a mapping by documents that are gone. */
    @Test
    void deletesDoNotCount() {
        List<DocumentChange> deletes = IntStream.range(0, 1_000)
                .<DocumentChange>mapToObj(i -> new Delete(root("d" + i), "d" + i))
                .toList();
        writes.refuse(keys("a", 499));
        writes.settle(deletes, List.of()).block();

        StepVerifier.create(writes.refusing(List.of("b"))).verifyError(DivergenceException.class);
    }
}
