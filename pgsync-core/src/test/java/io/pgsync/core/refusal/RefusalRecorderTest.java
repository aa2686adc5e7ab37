package io.pgsync.core.refusal;

import static io.pgsync.core.refusal.SettledWrites.keys;
import static io.pgsync.core.refusal.SettledWrites.root;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is remembered, recorded and described of refused documents. */
class RefusalRecorderTest {
    private static final Instant START = Instant.EPOCH;

    @AutoClose
    private final SettledWrites writes = new SettledWrites();

    @Test
    void whatIsRefusedIsRememberedRecordedAndDescribed() {
        writes.refuse("7");
        writes.write();

        assertThat(writes.refused.of("shop")).containsExactly(root("7"));
        assertThat(writes.deadLetters).hasSize(1);
        assertThat(writes.recorded())
                .containsExactly(new Refusal("7", 400, "bad", "no", Optional.empty(), START, START, 1));
    }

    @Test
    void aDocumentThatIsStoredAtLastLosesItsRecord() {
        writes.refuse("7", "8");
        writes.write();

        writes.store(List.of("7"));
        writes.writeRest();

        assertThat(writes.store.written).containsExactly("records shop [7, 8]", "records shop [8]");
    }

    @Test
    void nothingIsWrittenWhereNothingChanged() {
        writes.refuse("7");
        writes.write();
        writes.store(List.of("9"));
        writes.pass(10);
        writes.write();

        assertThat(writes.store.written).hasSize(1);
    }

    @Test
    void aNextRunGoesOnWithTheRecordsOfTheLast() {
        writes.refuse("7");
        writes.write();
        writes.pass(5);
        writes.nextRun();
        writes.refuse("7");
        writes.writeRest();

        assertThat(writes.recorded()).singleElement().satisfies(record -> {
            assertThat(record.since()).isEqualTo(START);
            assertThat(record.last()).isEqualTo(START.plusSeconds(5));
            assertThat(record.times()).isEqualTo(2);
        });
    }

    @Test
    void theRecordOfADocumentThatIsNotRefusedAnyMoreIsRemovedByTheNextRun() {
        writes.store.put("shop", List.of(new Refusal("7", 400, "bad", "no", Optional.empty(), START, START, 1)));
        writes.nextRun();

        writes.write();

        assertThat(writes.recorded()).isEmpty();
    }

    @Test
    void whatSomebodyForgetsStaysForgottenUntilItIsRefusedAgain() {
        writes.refuse("7", "8");
        writes.write();
        writes.store.put("shop", writes.recorded().subList(1, 2));

        writes.refuse("9");
        writes.writeRest();
        assertThat(writes.recorded()).extracting(Refusal::id).containsExactly("8", "9");
        assertThat(writes.refused.of("shop")).hasSize(3);

        writes.refuse("7");
        writes.writeRest();
        assertThat(writes.recorded()).extracting(Refusal::id).containsExactly("8", "9", "7");
    }

    @Test
    void aRecordThatIsNotStoredYetIsNotTakenForForgotten() {
        writes.refuse("7");
        writes.write();
        writes.store.put("shop", List.of());

        writes.refuse("7");
        writes.writeRest();

        assertThat(writes.recorded()).extracting(Refusal::id).containsExactly("7");
    }

    @Test
    void whatThisProcessKnowsIsNewerThanWhatAnotherHasStored() {
        writes.refuse("7");
        writes.write();
        writes.store.put("shop", writes.recorded());

        writes.refuse("7");
        writes.writeRest();

        assertThat(writes.recorded()).extracting(Refusal::times).containsExactly(2L);
    }

    @Test
    void thereIsRoomForAThousandAndTheOldestStay() {
        writes.refuse(keys("a", 400));
        writes.store(keys("g", 2_000));
        writes.refuse(keys("b", 499));
        writes.store(keys("g", 2_000));
        writes.refuse(keys("c", 300));
        writes.writeRest();

        assertThat(writes.recorded())
                .hasSize(1_000)
                .extracting(Refusal::id)
                .contains("a0", "b498", "c100")
                .doesNotContain("c101");
        assertThat(writes.refused.count("shop")).isEqualTo(1_199);
    }

    @Test
    void longReasonsTakeTheRoomOfOthers() {
        writes.refuse(keys("a", 499), "x".repeat(490));
        writes.writeRest();

        assertThat(writes.recorded().stream().mapToLong(Refusal::size).sum()).isBetween(255L << 10, 256L << 10);
    }

    /** Sixty-four characters in a millisecond. */
    @Test
    void theMoreIsWrittenTheLongerIsTheNextPause() {
        writes.refuse(keys("a", 100), "x".repeat(490));
        writes.write();
        writes.refuse("7");

        writes.write();
        assertThat(writes.store.written).hasSize(1);

        writes.pass(2);
        writes.write();
        assertThat(writes.store.written).hasSize(2);
    }
}
