package io.pgsync.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.stream.ReplicationStream;
import io.pgsync.replication.stream.StreamSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class ReplicationSlotsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PUBLICATION = "pgsync_test";

    private TestDatabase database;
    private PostgresConnections connections;
    private ReplicationSlots slots;
    private String slot;

    @BeforeEach
    void createTable() {
        database = TestDatabase.on(PostgresServers.shared());
        connections = database.connections();
        slots = new ReplicationSlots(connections);
        slot = connections.settings().database() + "_slot";
        database.execute("CREATE TABLE author (id int PRIMARY KEY)");
    }

    @AfterEach
    void dropSlot() {
        slots.drop(slot).block(PATIENCE);
        database.close();
    }

    @Test
    void aNewSlotStreamsWhatIsWrittenAfterItsCreation() {
        new Publications(connections)
                .ensure(PUBLICATION, List.of(new TableName("public", "author")))
                .block(PATIENCE);
        database.execute("INSERT INTO author VALUES (1)");

        Lsn start = slots.create(slot).block(PATIENCE);
        database.execute("INSERT INTO author VALUES (2)");

        ReplicationStream stream = ReplicationStream.open(connections, new StreamSettings(slot, PUBLICATION))
                .block(PATIENCE);
        assertThat(stream.position().confirmed()).isEqualTo(start);
        StepVerifier.create(stream.changes()
                        .map(event -> event.getClass().getSimpleName())
                        .take(4))
                .expectNext("Begin", "RelationDescribed", "RowInserted", "Commit")
                .expectComplete()
                .verify(PATIENCE);
        stream.close().block(PATIENCE);
    }

    @Test
    void describesASlot() {
        assertThat(slots.describe(slot).blockOptional(PATIENCE)).isEmpty();

        Lsn start = slots.create(slot).block(PATIENCE);

        SlotStatus status = slots.describe(slot).block(PATIENCE);
        assertThat(status.plugin()).isEqualTo("pgoutput");
        assertThat(status.database()).isEqualTo(connections.settings().database());
        assertThat(status.confirmedFlushLsn()).contains(start);
        assertThat(status.isActive()).isFalse();
        assertThat(status.isLost()).isFalse();
        assertThat(status.twoPhase()).isFalse();
    }

    @Test
    void refusesASecondSlotOfTheSameName() {
        slots.create(slot).block(PATIENCE);

        StepVerifier.create(slots.create(slot))
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).hasMessageContainingAll("'" + slot + "'", "exists already");
                    assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
                })
                .verify(PATIENCE);
    }

    /** It may keep changes of somebody else. */
    @Test
    void aSlotThatWasThereStaysWhenAFailoverSlotOfItsNameIsRefused() {
        Lsn start = slots.create(slot).block(PATIENCE);

        StepVerifier.create(slots.createForFailover(slot))
                .expectError(SyncException.class)
                .verify(PATIENCE);

        assertThat(slots.describe(slot).block(PATIENCE).confirmedFlushLsn()).contains(start);
    }

    @Test
    void droppingIsRepeatable() {
        slots.create(slot).block(PATIENCE);

        slots.drop(slot).block(PATIENCE);
        slots.drop(slot).block(PATIENCE);

        assertThat(slots.describe(slot).blockOptional(PATIENCE)).isEmpty();
    }
}
