package io.pgsync.replication.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.slot.ReplicationSlots;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlotWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestDatabase database;
    private String slot;
    private SlotWatch watch;

    @BeforeEach
    void open() {
        database = TestDatabase.on(PostgresServers.shared());
        slot = database.connections().settings().database() + "_slot";
        watch = new SlotWatch(database.connections(), slot);
        database.execute("CREATE TABLE author (id int PRIMARY KEY, name text)");
    }

    @AfterEach
    void close() {
        new ReplicationSlots(database.connections()).drop(slot).block(PATIENCE);
        database.close();
    }

    @Test
    void sizesAreThoseOfTheServer() {
        database.publishAll(slot, "publish = 'insert'");
        database.execute("INSERT INTO author SELECT n, repeat('x', 200) FROM generate_series(1, 20000) n");

        Retention look = watch.look().block(PATIENCE);

        double retained = Double.parseDouble(database.ask("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)"
                + " FROM pg_replication_slots WHERE slot_name = '" + slot + "'"));
        assertThat((double) look.bytes()).isGreaterThan(1e6).isCloseTo(retained, within(retained / 20));
        assertThat(look.unconfirmed()).isBetween(1_000_000L, look.bytes());
        assertThat(look.isRead()).isFalse();
        assertThat(look.allowed()).isEmpty();
    }

    @Test
    void thereMayBeNoSlot() {
        Retention look = watch.look().block(PATIENCE);

        assertThat(look.slot()).isEmpty();
        assertThat(look.bytes()).isZero();
    }

    @Test
    void findsATransactionThatHasWritten() {
        PostgresqlConnection session = database.connections().dedicated().block(PATIENCE);
        try {
            run(session, "BEGIN");
            run(session, "INSERT INTO author VALUES (1, 'open')");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(watch.look().block(PATIENCE).oldest())
                            .hasValueSatisfying(open -> {
                                assertThat(open.who()).startsWith("session ");
                                assertThat(open.age()).isPositive();
                            }));
        } finally {
            session.close().block(PATIENCE);
        }
    }

    private static void run(PostgresqlConnection session, String sql) {
        session.createStatement(sql)
                .execute()
                .flatMap(result -> result.getRowsUpdated())
                .blockLast(PATIENCE);
    }
}
