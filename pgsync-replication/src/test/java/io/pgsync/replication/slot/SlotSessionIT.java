package io.pgsync.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.stream.ReplicationStream;
import io.pgsync.replication.stream.SlotInUseException;
import io.pgsync.replication.stream.StreamSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class SlotSessionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PUBLICATION = "pgsync_test";

    private TestDatabase database;
    private PostgresConnections connections;
    private ReplicationSlots slots;
    private String slot;
    private SlotSession session;

    @BeforeEach
    void createSlot() {
        database = TestDatabase.on(PostgresServers.shared());
        connections = database.connections();
        slots = new ReplicationSlots(connections);
        slot = connections.settings().database() + "_slot";
        session = new SlotSession(connections, slot);
        new Publications(connections).ensure(PUBLICATION, List.of()).block(PATIENCE);
        slots.create(slot).block(PATIENCE);
    }

    @AfterEach
    void dropSlot() {
        await().atMost(PATIENCE)
                .until(() -> !slots.describe(slot).block(PATIENCE).isActive());
        slots.drop(slot).block(PATIENCE);
        database.close();
    }

    private ReplicationStream open() {
        return ReplicationStream.open(connections, new StreamSettings(slot, PUBLICATION))
                .block(PATIENCE);
    }

    @Test
    void isThatOfTheStreamThatIsOpen() {
        assertThat(session.name().blockOptional(PATIENCE)).isEmpty();

        ReplicationStream stream = open();
        assertThat(session.name().block(PATIENCE)).isEqualTo(stream.session());
        StepVerifier.create(ReplicationStream.open(connections, new StreamSettings(slot, PUBLICATION)))
                .expectError(SlotInUseException.class)
                .verify(PATIENCE);

        stream.close().block(PATIENCE);
        await().atMost(PATIENCE)
                .until(() -> session.name().blockOptional(PATIENCE).isEmpty());
    }

    @Test
    void onlyTheOneThatIsNamedIsEnded() {
        ReplicationStream stream = open();
        session.end("another").block(PATIENCE);
        assertThat(session.name().block(PATIENCE)).isEqualTo(stream.session());

        session.end(stream.session()).block(PATIENCE);
        await().atMost(PATIENCE)
                .until(() -> session.name().blockOptional(PATIENCE).isEmpty());
        stream.close().block(PATIENCE);
    }
}
