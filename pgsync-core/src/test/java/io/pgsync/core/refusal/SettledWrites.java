package io.pgsync.core.refusal;

import static io.pgsync.core.tree.Tables.table;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.core.tree.Trees;
import io.pgsync.core.version.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Writes of the index "shop" that are settled with a recorder, in virtual time. */
final class SettledWrites implements AutoCloseable {
    private static final DocumentIds IDS =
            DocumentIds.of(Trees.nodes("{'table': 'book'}", table("book", "id int4 pk")));

    final RefusalsInMemory store = new RefusalsInMemory();
    final RefusedRoots refused = new RefusedRoots();
    final List<Refused> deadLetters = new ArrayList<>();
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private RefusalRecorder recorder;
    private long version;

    SettledWrites() {
        nextRun();
    }

    /** Its recorder begins with what the store has. */
    void nextRun() {
        recorder = new RefusalRecorder(
                (index, read, given) -> Mono.fromRunnable(() -> deadLetters.addAll(given)),
                store,
                refused,
                RefusedLimit.STANDARD,
                Map.of("shop", IDS),
                clock);
        recorder.begin().block();
    }

    static List<String> keys(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    void store(List<String> keys) {
        settle(keys.stream().map(SettledWrites::document).toList(), List.of()).block();
    }

    void refuse(String... keys) {
        refuse(List.of(keys));
    }

    void refuse(List<String> keys) {
        refusing(keys).block();
    }

    void refuse(List<String> keys, String reason) {
        refusing(keys, reason).block();
    }

    Mono<Void> refusing(List<String> keys) {
        return refusing(keys, "no");
    }

    private Mono<Void> refusing(List<String> keys, String reason) {
        List<Refused> refusals = keys.stream()
                .map(key -> new Refused(document(key), 400, "bad", reason))
                .toList();
        return settle(refusals.stream().map(Refused::change).toList(), refusals);
    }

    Mono<Void> settle(List<? extends DocumentChange> changes, List<Refused> refusals) {
        return recorder.settle(
                "shop", Versions.same(++version), List.copyOf(changes), new WriteOutcome(0, 0, refusals));
    }

    private static DocumentChange document(String key) {
        return new Upsert(root(key), key, Optional.empty(), new byte[0]);
    }

    static RootKey root(String key) {
        return new RootKey("shop", List.of(key));
    }

    /** Writes records if the pause is over. */
    void write() {
        recorder.write().block();
    }

    void writeRest() {
        recorder.writeRest().block();
    }

    List<Refusal> recorded() {
        return store.recorded("shop");
    }

    void pass(int seconds) {
        clock.advanceTimeBy(Duration.ofSeconds(seconds));
    }

    @Override
    public void close() {
        clock.dispose();
    }
}
