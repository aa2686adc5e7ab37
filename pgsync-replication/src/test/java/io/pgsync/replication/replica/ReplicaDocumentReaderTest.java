package io.pgsync.replication.replica;

import static io.pgsync.replication.replica.ServerInMemory.ONE;
import static io.pgsync.replication.replica.ServerInMemory.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class ReplicaDocumentReaderTest {
    private static final SourceIdentity SOURCE = new SourceIdentity("1", 1, "shop", "pgsync");
    private static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    private final DocumentTree tree = Trees.nodes("{'table': 't'}", Tables.table("t", "id int4 pk"));
    private final ServerInMemory primary = new ServerInMemory("primary");
    private final ServerInMemory standby = new ServerInMemory("standby");
    private final DocumentReader reader = ReplicaDocumentReader.following(
            primary,
            new Replicas(List.of(standby.replica), Duration.ofSeconds(10), VirtualTimeScheduler.create()),
            Mono.just(new RequiredPosition("1", 1, new Lsn(150))));

    @BeforeEach
    void theStandbyShowsAll() {
        reader.require(SOURCE, new Lsn(100));
        standby.replays(100);
    }

    private List<String> read(Flux<DocumentChange> changes) {
        return changes.map(change -> change.id() + " of " + origin(change))
                .collectList()
                .block();
    }

    private static String origin(DocumentChange change) {
        return change instanceof Upsert upsert
                ? new String(upsert.source(), StandardCharsets.UTF_8).replaceAll(".*:\"|\"}", "")
                : change.getClass().getSimpleName();
    }

    private static Flux<DocumentChange> conflict() {
        return Flux.error(new SyncException(Remedy.RETRY, "canceling statement due to conflict with recovery"));
    }

    @Test
    void documentsComeFromAReplicaThatShowsThem() {
        assertThat(read(reader.read(tree, List.of(ONE, TWO)))).containsExactly("1 of standby", "2 of standby");
        assertThat(read(reader.read(tree, ALL))).containsExactly("1 of standby", "2 of standby");
        assertThat(primary.reads).isEmpty();
    }

    @Test
    void withoutARequiredPositionNobodyKnowsWhatAReplicaMustShow() {
        var untold = ReplicaDocumentReader.following(
                primary,
                new Replicas(List.of(standby.replica), Duration.ZERO, VirtualTimeScheduler.create()),
                Mono.never());

        assertThat(read(untold.read(tree, List.of(ONE)))).containsExactly("1 of primary");
    }

    @Test
    void theRequiredPositionNeverGoesBackButForAnotherTimeline() {
        reader.require(SOURCE, new Lsn(50));
        standby.replays(99);
        StepVerifier.create(reader.read(tree, List.of(ONE)))
                .expectSubscription()
                .thenCancel()
                .verify();
        assertThat(standby.reads).isEmpty();

        reader.require(new SourceIdentity("1", 2, "shop", "pgsync"), new Lsn(50));
        standby.state = new ReplicaState(true, "1", 2, new Lsn(60));
        assertThat(read(reader.read(tree, List.of(ONE)))).containsExactly("1 of standby");
    }

    @Test
    void whatIsNotInTheStreamIsRequiredByThePresent() {
        reader.requirePresent().block();
        standby.replays(149);
        StepVerifier.create(reader.read(tree, List.of(ONE)))
                .expectSubscription()
                .thenCancel()
                .verify();
        assertThat(standby.reads).isEmpty();

        standby.replays(150);
        assertThat(read(reader.read(tree, List.of(ONE)))).containsExactly("1 of standby");
    }

    @Test
    void aReadThatWasInTheWayOfTheReplayIsTriedAgainForWhatIsLeft() {
        standby.answer = read -> read == 0
                ? Flux.just(standby.document(ONE)).concatWith(conflict())
                : standby.documents(standby.reads.get(read));

        assertThat(read(reader.read(tree, List.of(ONE, TWO)))).containsExactly("1 of standby", "2 of standby");
        assertThat(standby.reads).containsExactly(List.of(ONE, TWO), List.of(TWO));
        assertThat(primary.reads).isEmpty();
    }

    @Test
    void whatAReplicaDoesNotBringToItsEndComesFromThePrimary() {
        standby.answer = read -> standby.documents(
                        standby.reads.get(read).stream().filter(ONE::equals).toList())
                .concatWith(conflict());
        assertThat(read(reader.read(tree, List.of(ONE, TWO)))).containsExactly("1 of standby", "2 of primary");
        assertThat(read(reader.read(tree, ALL))).containsExactly("1 of standby", "2 of primary");

        standby.answer = read -> Flux.error(new SyncException(Remedy.STOP, "a column is missing"));
        assertThat(read(reader.read(tree, List.of(ONE)))).containsExactly("1 of primary");
    }

    @Test
    void aRowThatAReplicaFailsOnIsReadFromThePrimary() {
        standby.answer = read ->
                Flux.just(new Failed(ONE, "1", new byte[0], "source_failure", "a reason"), standby.document(TWO));

        assertThat(read(reader.read(tree, List.of(ONE, TWO)))).containsExactly("2 of standby", "1 of primary");
        assertThat(read(reader.read(tree, ALL))).containsExactly("2 of standby", "1 of primary");
    }

    @Test
    void whatWasReadFromAServerThatWasPromotedMeanwhileIsReadAgain() {
        standby.answer = read -> {
            standby.state = new ReplicaState(false, "1", 2, new Lsn(200));
            return standby.documents(standby.reads.get(read));
        };

        StepVerifier.create(reader.read(tree, List.of(ONE)))
                .expectNextCount(1)
                .verifyErrorSatisfies(failure ->
                        assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.RETRY));
        assertThat(read(reader.read(tree, List.of(ONE)))).containsExactly("1 of primary");
    }
}
