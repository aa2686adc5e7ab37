package io.pgsync.core.refusal;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.core.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class RefusalRecorderTest {
    private static final DocumentIds IDS =
            DocumentIds.of(Trees.nodes("{'table': 'book'}", table("book", "id int4 pk")));
    private static final Instant START = Instant.EPOCH;

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final RefusalsInMemory store = new RefusalsInMemory();
    private final RefusedRoots refused = new RefusedRoots();
    private final List<Refused> deadLetters = new ArrayList<>();
    private RefusalRecorder recorder = recorder();
    private long version;

    @AfterEach
    void close() {
        clock.dispose();
    }

    @Test
    void whatIsRefusedIsRememberedRecordedAndDescribed() {
        refuse("7");
        recorder.write().block();

        assertThat(refused.of("shop")).containsExactly(root("7"));
        assertThat(deadLetters).hasSize(1);
        assertThat(store.recorded("shop"))
                .containsExactly(new Refusal("7", 400, "bad", "no", Optional.empty(), START, START, 1));
    }

    @Test
    void aDocumentThatIsStoredAtLastLosesItsRecord() {
        refuse("7", "8");
        recorder.write().block();

        settle(List.of("7"), List.of()).block();
        recorder.writeRest().block();

        assertThat(store.written).containsExactly("records shop [7, 8]", "records shop [8]");
    }

    @Test
    void nothingIsWrittenWhereNothingChanged() {
        refuse("7");
        recorder.write().block();
        settle(List.of("9"), List.of()).block();
        pass(10);
        recorder.write().block();

        assertThat(store.written).hasSize(1);
    }

    @Test
    void aNextRunGoesOnWithTheRecordsOfTheLast() {
        refuse("7");
        recorder.write().block();
        pass(5);
        recorder = recorder();
        refuse("7");
        recorder.writeRest().block();

        assertThat(store.recorded("shop")).singleElement().satisfies(record -> {
            assertThat(record.since()).isEqualTo(START);
            assertThat(record.last()).isEqualTo(START.plusSeconds(5));
            assertThat(record.times()).isEqualTo(2);
        });
    }

    @Test
    void theRecordOfADocumentThatIsNotRefusedAnyMoreIsRemovedByTheNextRun() {
        store.put("shop", List.of(new Refusal("7", 400, "bad", "no", Optional.empty(), START, START, 1)));
        recorder = recorder();

        recorder.write().block();

        assertThat(store.recorded("shop")).isEmpty();
    }

    @Test
    void whatSomebodyForgetsStaysForgottenUntilItIsRefusedAgain() {
        refuse("7", "8");
        recorder.write().block();
        store.put("shop", store.recorded("shop").subList(1, 2));

        refuse("9");
        recorder.writeRest().block();
        assertThat(store.recorded("shop")).extracting(Refusal::id).containsExactly("8", "9");
        assertThat(refused.of("shop")).hasSize(3);

        refuse("7");
        recorder.writeRest().block();
        assertThat(store.recorded("shop")).extracting(Refusal::id).containsExactly("8", "9", "7");
    }

    @Test
    void aRecordThatIsNotStoredYetIsNotTakenForForgotten() {
        refuse("7");
        recorder.write().block();
        store.put("shop", List.of());

        refuse("7");
        recorder.writeRest().block();

        assertThat(store.recorded("shop")).extracting(Refusal::id).containsExactly("7");
    }

    @Test
    void whatThisProcessKnowsIsNewerThanWhatAnotherHasStored() {
        refuse("7");
        recorder.write().block();
        store.put("shop", store.recorded("shop"));

        refuse("7");
        recorder.writeRest().block();

        assertThat(store.recorded("shop")).extracting(Refusal::times).containsExactly(2L);
    }

    @Test
    void thereIsRoomForAThousandAndTheOldestStay() {
        settle(List.of(), IntStream.range(0, 400).mapToObj(i -> "a" + i).toList())
                .block();
        settle(IntStream.range(0, 2_000).mapToObj(i -> "g" + i).toList(), List.of())
                .block();
        settle(List.of(), IntStream.range(0, 499).mapToObj(i -> "b" + i).toList())
                .block();
        settle(IntStream.range(0, 2_000).mapToObj(i -> "g" + i).toList(), List.of())
                .block();
        settle(List.of(), IntStream.range(0, 300).mapToObj(i -> "c" + i).toList())
                .block();
        recorder.writeRest().block();

        assertThat(store.recorded("shop"))
                .hasSize(1_000)
                .extracting(Refusal::id)
                .contains("a0", "b498", "c100")
                .doesNotContain("c101");
        assertThat(refused.count("shop")).isEqualTo(1_199);
    }

    @Test
    void longReasonsTakeTheRoomOfOthers() {
        refuse("x".repeat(490), IntStream.range(0, 499).mapToObj(i -> "a" + i).toList());
        recorder.writeRest().block();

        assertThat(store.recorded("shop").stream().mapToLong(Refusal::size).sum())
                .isBetween(255L << 10, 256L << 10);
    }

    /** Sixty-four characters in a millisecond. */
    @Test
    void theMoreIsWrittenTheLongerIsTheNextPause() {
        refuse("x".repeat(490), IntStream.range(0, 100).mapToObj(i -> "a" + i).toList());
        recorder.write().block();
        refuse("7");

        recorder.write().block();
        assertThat(store.written).hasSize(1);

        pass(2);
        recorder.write().block();
        assertThat(store.written).hasSize(2);
    }

    @Test
    void mostlyRefusedSetsTheIndexAsideWithItsRecordsWritten() {
        List<String> all = IntStream.range(0, 500).mapToObj(i -> "a" + i).toList();

        StepVerifier.create(settle(List.of(), all))
                .verifyErrorSatisfies(
                        failure -> assertThat(((DivergenceException) failure).divergences())
                                .containsExactly(
                                        new Divergence(
                                                Kind.MOSTLY_REFUSED,
                                                "shop",
                                                "500 of its last 500 documents were refused, more than 50 percent; the last one for bad")));

        assertThat(deadLetters).hasSize(500);
        assertThat(store.recorded("shop")).hasSize(500);
    }

    @Test
    void theStopDoesNotWaitForRecordsThatCannotBeWritten() {
        store.isAway = true;

        StepVerifier.create(settle(
                        List.of(),
                        IntStream.range(0, 500).mapToObj(i -> "a" + i).toList()))
                .verifyError(DivergenceException.class);
    }

    @Test
    void oneBadRowThatChangesAThousandTimesIsOneBadRow() {
        for (int i = 0; i < 1_000; i++) {
            refuse("7");
        }

        assertThat(refused.count("shop")).isEqualTo(1);
    }

    @Test
    void rowsWithoutAKeyAreNeitherCountedNorDescribed() {
        for (int i = 0; i < 1_000; i++) {
            Upsert none = new Upsert(RootKey.none("shop"), "null", Optional.empty(), new byte[0]);
            recorder.settle("shop", ++version, List.of(none), outcome(List.of(new Refused(none, 0, "no_key", "null"))))
                    .block();
        }
        recorder.writeRest().block();

        assertThat(store.written).isEmpty();
        assertThat(deadLetters).hasSize(1_000);
    }

    /** Nothing is said of a mapping by documents that are gone. */
    @Test
    void deletesDoNotCount() {
        List<DocumentChange> deletes = IntStream.range(0, 1_000)
                .<DocumentChange>mapToObj(i -> new Delete(root("d" + i), "d" + i))
                .toList();
        settle(List.of(), IntStream.range(0, 499).mapToObj(i -> "a" + i).toList())
                .block();
        recorder.settle("shop", ++version, deletes, outcome(List.of())).block();

        StepVerifier.create(settle(List.of(), List.of("b"))).verifyError(DivergenceException.class);
    }

    private RefusalRecorder recorder() {
        var made = new RefusalRecorder(
                (index, read, given) -> Mono.fromRunnable(() -> deadLetters.addAll(given)),
                store,
                refused,
                RefusedLimit.STANDARD,
                Map.of("shop", IDS),
                clock);
        made.begin().block();
        return made;
    }

    private void refuse(String... keys) {
        settle(List.of(), List.of(keys)).block();
    }

    private void refuse(String reason, List<String> keys) {
        settle(List.of(), keys, reason).block();
    }

    private Mono<Void> settle(List<String> stored, List<String> notTaken) {
        return settle(stored, notTaken, "no");
    }

    private Mono<Void> settle(List<String> stored, List<String> notTaken, String reason) {
        List<DocumentChange> changes = new ArrayList<>();
        stored.forEach(key -> changes.add(document(key)));
        List<Refused> refusals = notTaken.stream()
                .map(key -> new Refused(document(key), 400, "bad", reason))
                .toList();
        refusals.forEach(refusal -> changes.add(refusal.change()));
        return recorder.settle("shop", ++version, changes, outcome(refusals));
    }

    private static WriteOutcome outcome(List<Refused> refusals) {
        return new WriteOutcome(0, 0, refusals);
    }

    private static Upsert document(String key) {
        return new Upsert(root(key), key, Optional.empty(), new byte[0]);
    }

    private static RootKey root(String key) {
        return new RootKey("shop", List.of(key));
    }

    private void pass(int seconds) {
        clock.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
