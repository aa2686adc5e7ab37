package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.HeldTable;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.connection.LockWait;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.preflight.WantedTable;
import io.pgsync.replication.stream.StreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** A migration has tables for itself and does not end: whoever asks about them gets an answer all the same. */
class LockedTablesIT {
    /** Less than anybody holds a table here. */
    private static final Duration SOON = Duration.ofSeconds(25);

    private static final String EVERY_TABLE = "LOCK TABLE visit, shelf IN ACCESS EXCLUSIVE MODE";
    private static final Set<TableName> NAMES =
            Set.of(new TableName("public", "visit"), new TableName("public", "shelf"));

    private final QueryFixture shop = QueryFixture.of(
            """
            CREATE TABLE shelf (id int PRIMARY KEY);
            CREATE TABLE visit (id int PRIMARY KEY, shelf_id int REFERENCES shelf) PARTITION BY RANGE (id);
            CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM (0) TO (100);
            CREATE PUBLICATION visits FOR TABLE visit, shelf WITH (publish_via_partition_root = true)""",
            "{'table': 'visit', 'children': [" + QueryFixture.child("shelf", "one_to_one", "object", "", "") + "]}");

    private final PostgresConnections connections = shop.database().connections();
    private final List<String> notKnown = new ArrayList<>();
    private final PostgresSchemaWatch watch = new PostgresSchemaWatch(connections, "visits", Set.of(), notKnown::add);

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void aStatementThatCannotBePlannedNowNamesTheTableAndWhoHasIt() {
        var check = new StatementCheck(connections);

        HeldTable.during(shop.database(), EVERY_TABLE, () -> {
            assertThatThrownBy(() -> check.problems(List.of(shop.tree())).blockLast(SOON))
                    .isInstanceOf(TableLockedException.class)
                    .hasMessageContainingAll("table \"public.", "is locked by process", "(\"migration\")", "Try again");
            assertThatThrownBy(() -> check.condition(shop.tree(), "id > 1").block(SOON))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            failure -> assertThat(failure.remedy()).isEqualTo(Remedy.RETRY));
        });

        assertThat(QueryFixture.collect(check.problems(List.of(shop.tree())))).isEmpty();
    }

    @Test
    void aTableThatIsOnlyReadOrWrittenIsNotWaitedFor() {
        HeldTable.during(shop.database(), "INSERT INTO shelf VALUES (1); SELECT * FROM visit", () -> {
            assertThat(new StatementCheck(connections)
                            .problems(List.of(shop.tree()))
                            .collectList()
                            .block(SOON))
                    .isEmpty();
        });
    }

    @Test
    void aLookFindsNothingWhileATableIsLockedAndSaysSoOnce() {
        shop.database().execute("ALTER PUBLICATION visits DROP TABLE shelf");

        HeldTable.during(shop.database(), EVERY_TABLE, () -> {
            drifts();
            drifts();
        });

        assertThat(notKnown)
                .doesNotHaveDuplicates()
                .anySatisfy(message -> assertThat(message)
                        .contains("Not known now", "table \"public.", "is locked by process", "(\"migration\")"));
        assertThat(drifts()).extracting(Divergence::kind).contains(Kind.UNPUBLISHED);
    }

    /** Whether an attached partition came with rows is what its size says. */
    @Test
    void whatWasRedefinedIsLeftOutWhileAnAttachedPartitionIsLocked() {
        shop.database()
                .execute(
                        "CREATE TABLE visit_2 (LIKE visit INCLUDING ALL)",
                        "ALTER TABLE visit ATTACH PARTITION visit_2 FOR VALUES FROM (100) TO (200)");

        HeldTable.during(shop.database(), "LOCK TABLE ONLY visit_2 IN ACCESS EXCLUSIVE MODE", () -> {
            assertThat(watch.definitions(List.of(shop.tree())).block(SOON)).isEmpty();
        });

        assertThat(notKnown).singleElement().asString().contains("redefined", "\"public.visit_2\" is locked");
        assertThat(watch.definitions(List.of(shop.tree())).block(SOON))
                .containsOnlyKeys(shop.tree().index());
    }

    @Test
    void theCatalogAndTheSizeOfATableAreKnownWithoutALock() {
        long roots = shop.reader().estimatedRoots(shop.tree()).block(SOON);

        HeldTable.during(shop.database(), EVERY_TABLE, () -> {
            assertThat(PgCatalog.load(connections, NAMES).block(SOON).tables()).hasSize(2);
            assertThat(shop.reader().estimatedRoots(shop.tree()).block(SOON)).isEqualTo(roots);
        });
    }

    @Test
    void anExaminationSaysWhatIsNotKnownNowAndTellsTheRest() {
        List<WantedTable> tables =
                NAMES.stream().map(name -> new WantedTable(name, Set.of("id"))).toList();
        var preflight = new Preflight(connections);
        var settings = new StreamSettings("visits", "visits");

        HeldTable.during(shop.database(), EVERY_TABLE, () -> {
            List<Finding> findings =
                    preflight.examine(settings, tables, Set.of()).block(SOON);

            assertThat(findings)
                    .filteredOn(finding -> finding.severity() == Severity.WARNING)
                    .extracting(Finding::message)
                    .anySatisfy(message -> assertThat(message).contains("not known now", "is locked by process"));
            assertThat(findings).extracting(Finding::subject).contains("wal_level", "max_slot_wal_keep_size");
            assertThatThrownBy(() -> preflight.check(settings, tables, Set.of()).block(SOON))
                    .isInstanceOf(TableLockedException.class);
        });
    }

    private List<Divergence> drifts() {
        return watch.drifts(List.of(shop.tree())).collectList().block(SOON);
    }

    /** Whenever that is: else whoever gets the connection next works in a transaction that nobody ends. */
    @Test
    void aQuestionThatIsCancelledLeavesNoTransactionOpen() {
        PostgresConnections one = connections.another(1);
        LockWait question = LockWait.on(one, NAMES);
        for (int micros = 0; micros < 4_000; micros += 20) {
            Disposable asked = question.ask(
                            connection -> PostgresConnections.query(connection, "SELECT 1", row -> true))
                    .subscribe();
            LockSupport.parkNanos(micros * 1_000L);
            asked.dispose();

            assertThat(one.query("SELECT now() = statement_timestamp()", row -> row.get(0, Boolean.class))
                            .blockLast(SOON))
                    .as("cancelled after %d µs", micros)
                    .isTrue();
        }
        one.close().block(SOON);
    }
}
