package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.collect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.StatementRefusedException;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.pgsync.replication.connection.PostgresSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Statements that fail whatever the row: for good, for a moment, or for a reason that passes. */
class RefusedStatementIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    /** The planner calls {@code chk}, once for each statement; it fails as often as {@code fails} says. */
    private static final String TABLES = """
            CREATE SEQUENCE calls;
            CREATE TABLE fails (times int, state text);
            INSERT INTO fails VALUES (0, '');
            CREATE FUNCTION chk(id int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
              IF nextval('public.calls') <= (SELECT times FROM public.fails) THEN
                RAISE EXCEPTION 'not now' USING ERRCODE = (SELECT state FROM public.fails); END IF;
              RETURN true; END $$;
            CREATE TABLE note (id int PRIMARY KEY, body text);
            CREATE TABLE mark (id int PRIMARY KEY, note_id int REFERENCES note);
            INSERT INTO note SELECT i, 'good' FROM generate_series(1, 300) i;
            CREATE VIEW seen AS SELECT * FROM note WHERE public.chk(1);
            CREATE MATERIALIZED VIEW told AS SELECT * FROM seen;
            CREATE PUBLICATION notes FOR TABLE note, mark WITH (publish_via_partition_root = true);
            """;

    private static final String MARKS = QueryFixture.child(
            "mark", "one_to_many", "object", ", 'foreign_key': {'child': ['note_id'], 'parent': ['id']}", "");

    private final QueryFixture notes = QueryFixture.of(
            TABLES, "{'table': 'seen', 'primary_key': ['id'], 'base_tables': ['note'], 'children': [" + MARKS + "]}");

    private final DocumentTree told =
            notes.another("{'table': 'told', 'primary_key': ['id'], 'base_tables': ['note']}");

    @AfterEach
    void close() {
        notes.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42501", "42P01", "P0001", "22012"})
    void forGoodSetTheDocumentAside(String state) {
        fails(Integer.MAX_VALUE, state);
        Kind kind = state.equals("42501") ? Kind.UNREADABLE : Kind.SCHEMA_DRIFT;

        for (Publisher<?> use : uses()) {
            assertThat(divergences(use))
                    .singleElement()
                    .satisfies(found -> assertThat(found.kind()).isEqualTo(kind))
                    .satisfies(found -> assertThat(found.what()).contains("not now"));
        }
        assertThat(collect(watch().drifts(List.of(notes.tree()))))
                .extracting(Divergence::kind)
                .containsExactly(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "25P03", "40001", "40P01", "53100", "53200", "53300", "57014", "57P01", "XX000"})
    void forAReasonThatPassesAreTriedAgainAndNothingElse(String state) {
        assertThatUsesPass(state);

        assertThatThrownBy(() -> collect(watch().drifts(List.of(notes.tree())))).satisfies(RefusedStatementIT::passes);
    }

    /** The watch leaves it out, and its next look asks again. */
    @Test
    void forALockAreTriedAgainAndNothingElse() {
        assertThatUsesPass("55P03");

        assertThat(collect(watch().drifts(List.of(notes.tree())))).isEmpty();
    }

    private void assertThatUsesPass(String state) {
        fails(Integer.MAX_VALUE, state);
        for (Publisher<?> use : uses()) {
            assertThatThrownBy(() -> Flux.from(use).blockLast(PATIENCE)).satisfies(RefusedStatementIT::passes);
        }
    }

    /** A right that is withdrawn and granted again, a table that is replaced by two statements. */
    @ParameterizedTest
    @ValueSource(strings = {"42501", "42P01"})
    void forAMomentAreAskedAgain(String state) {
        fails(2, state);
        assertThat(collect(notes.reader().read(notes.tree(), List.of(notes.root("1"), notes.root("2")))))
                .hasSize(2)
                .allMatch(Upsert.class::isInstance);

        fails(2, state);
        assertThat(collect(notes.walk("mark", Start.LINK, QueryFixture.rows("1", "2"))))
                .hasSize(2);

        fails(1, state);
        assertThat(collect(watch().drifts(List.of(notes.tree())))).isEmpty();

        fails(1, state);
        views().refresh(List.of(told)).block(PATIENCE);
    }

    /** What failed first says nothing where the proof fails for a reason that passes. */
    @Test
    void ofWhichTheProofPassesAreTriedAgain() {
        fails(Integer.MAX_VALUE, "40001");

        assertThatThrownBy(() -> RowFaults.unlessOfTheStatement(
                                notes.database().connections().query("SELECT chk(1)", row -> true), notes.tree(), "")
                        .block(PATIENCE))
                .satisfies(RefusedStatementIT::passes);
    }

    @Test
    void thatRefreshAViewConcernOnlyTheDocumentsThatShowIt() {
        fails(Integer.MAX_VALUE, "22012");

        views().refresh(List.of(notes.tree())).block(PATIENCE);
        assertThat(divergences(views().refresh(List.of(told, notes.tree()))))
                .extracting(Divergence::index)
                .containsExactly(told.index());
    }

    /** The same SQLSTATE, but nobody was asked for the table. */
    @Test
    void areNotThoseOfARoleThatMayNotConnect() {
        PostgresSettings owner = notes.database().connections().settings();
        String role = owner.database() + "_stranger";
        notes.database()
                .execute(
                        "CREATE ROLE " + role + " LOGIN PASSWORD 'stranger'",
                        "REVOKE CONNECT ON DATABASE " + owner.database() + " FROM PUBLIC");
        PostgresConnections stranger = PostgresConnections.to(
                PostgresSettings.plain(owner.host(), owner.port(), owner.database(), role, "stranger"), 1);

        assertThatThrownBy(() -> collect(new PostgresSchemaWatch(stranger, "notes").drifts(List.of(notes.tree()))))
                .satisfies(failure ->
                        assertThat(PostgresFailures.sqlState(failure)).contains("42501"))
                .satisfies(failure ->
                        assertThat(PostgresFailures.isRefusal(failure)).isFalse());

        stranger.close().block(PATIENCE);
        notes.database().execute("DROP ROLE " + role);
    }

    private List<Publisher<?>> uses() {
        return List.of(
                notes.reader().read(notes.tree(), List.of(notes.root("1"), notes.root("2"))),
                notes.reader().read(notes.tree(), ALL),
                notes.reader().ranges(notes.tree(), Optional.empty(), 100),
                notes.walk("mark", Start.LINK, QueryFixture.rows("1", "2")),
                views().refresh(List.of(told)));
    }

    private void fails(int times, String state) {
        notes.database()
                .execute(
                        "ALTER SEQUENCE calls RESTART",
                        "UPDATE fails SET times = " + times + ", state = '" + state + "'");
    }

    private MaterializedViews views() {
        return new MaterializedViews(notes.database().connections());
    }

    private PostgresSchemaWatch watch() {
        return new PostgresSchemaWatch(notes.database().connections(), "notes");
    }

    private static List<Divergence> divergences(Publisher<?> use) {
        try {
            Flux.from(use).blockLast(PATIENCE);
            return List.of();
        } catch (DivergenceException found) {
            return found.divergences();
        } catch (StatementRefusedException refused) {
            return refused.divergences();
        }
    }

    private static void passes(Throwable failure) {
        assertThat(failure).isInstanceOf(SyncException.class).isNotInstanceOf(DivergenceException.class);
        assertThat(((SyncException) failure).remedy()).as(failure.getMessage()).isEqualTo(Remedy.RETRY);
    }
}
