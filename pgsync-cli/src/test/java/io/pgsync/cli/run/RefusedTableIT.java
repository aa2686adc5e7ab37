package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.runtime.config.BackfillOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A role that owns nothing follows two documents, and the server refuses to let it read what one of them shows. That one alone is set aside.
 */
class RefusedTableIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String CHANGE = "UPDATE own.note SET body = body || '!'";

    @TempDir
    private Path directory;

    private Shop shop;
    private String role;
    private String notes;
    private Sinks.Empty<Void> stop = Sinks.empty();
    private CompletableFuture<ExitCode> daemon = CompletableFuture.completedFuture(ExitCode.OK);

    /** What is done, and what takes it back; ROLE stands for the one that follows. */
    private enum Refusal {
        REVOKED_TABLE(
                "REVOKE SELECT ON own.note FROM ROLE; " + CHANGE,
                "GRANT SELECT ON own.note TO ROLE",
                Kind.UNREADABLE,
                "permission denied for table note"),
        REVOKED_CHILD_OF_ROWS_THAT_STAY(
                "REVOKE SELECT ON own.mark FROM ROLE",
                "GRANT SELECT ON own.mark TO ROLE",
                Kind.UNREADABLE,
                "permission denied for table mark"),
        REVOKED_SCHEMA(
                "REVOKE USAGE ON SCHEMA own FROM ROLE; " + CHANGE,
                "GRANT USAGE ON SCHEMA own TO ROLE",
                Kind.UNREADABLE,
                "permission denied for schema own"),
        RIGHT_OF_THE_OWNER_OF_A_VIEW(
                "ALTER VIEW own.seen OWNER TO ROLE; REVOKE SELECT ON own.base FROM ROLE; " + CHANGE,
                "ALTER VIEW own.seen OWNER TO CURRENT_USER; GRANT SELECT ON own.base, own.seen TO ROLE",
                Kind.UNREADABLE,
                "permission denied for table base"),
        SECURED_ROWS(
                "ALTER TABLE own.mark ENABLE ROW LEVEL SECURITY; UPDATE own.mark SET word = 'secret'",
                "ALTER TABLE own.mark DISABLE ROW LEVEL SECURITY",
                Kind.ROWS_HIDDEN,
                "own.mark"),
        SECURED_ROWS_UNDER_A_VIEW(
                "ALTER TABLE own.base ENABLE ROW LEVEL SECURITY; ALTER VIEW own.seen OWNER TO ROLE; " + CHANGE,
                "ALTER TABLE own.base DISABLE ROW LEVEL SECURITY; ALTER VIEW own.seen OWNER TO CURRENT_USER;"
                        + " GRANT SELECT ON own.seen TO ROLE",
                Kind.ROWS_HIDDEN,
                "own.base"),
        FAILING_MATERIALIZED_VIEW(
                "UPDATE own.base SET n = 0", "UPDATE own.base SET n = 1", Kind.SCHEMA_DRIFT, "division by zero"),
        FOREIGN_MATERIALIZED_VIEW(
                "ALTER MATERIALIZED VIEW own.tally OWNER TO CURRENT_USER; GRANT SELECT ON own.tally TO ROLE; " + CHANGE,
                "ALTER MATERIALIZED VIEW own.tally OWNER TO ROLE",
                Kind.UNREADABLE,
                "tally"),
        /** The planner calls an immutable function of constants. */
        VIEW_WHOSE_CONDITION_MISSES_A_TABLE(
                "ALTER TABLE own.word RENAME TO other; " + CHANGE,
                "ALTER TABLE own.other RENAME TO word",
                Kind.SCHEMA_DRIFT,
                "own.word"),
        VIEW_WHOSE_CONDITION_FAILS(
                "UPDATE own.word SET t = 'raise'; " + CHANGE,
                "UPDATE own.word SET t = 'w'",
                Kind.SCHEMA_DRIFT,
                "no such word");

        private final String sql;
        private final String undone;
        private final Kind kind;
        private final String words;

        Refusal(String sql, String undone, Kind kind, String words) {
            this.sql = sql;
            this.undone = undone;
            this.kind = kind;
            this.words = words;
        }
    }

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        role = shop.slot() + "_reader";
        execute("""
                CREATE ROLE ROLE LOGIN REPLICATION PASSWORD 'reader';
                CREATE SCHEMA own;
                CREATE TABLE own.note (id int PRIMARY KEY, body text);
                CREATE TABLE own.mark (id int PRIMARY KEY, note_id int REFERENCES own.note, word text);
                CREATE TABLE own.base (id int PRIMARY KEY, note_id int REFERENCES own.note, n int);
                CREATE TABLE own.word (t text);
                INSERT INTO own.word VALUES ('w');
                CREATE FUNCTION own.fits(n int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
                  IF EXISTS (SELECT FROM own.word WHERE t = 'raise') THEN RAISE EXCEPTION 'no such word'; END IF;
                  RETURN true; END $$;
                CREATE VIEW own.seen AS SELECT id, note_id, n FROM own.base WHERE own.fits(1);
                CREATE MATERIALIZED VIEW own.tally AS SELECT id, note_id, 1 / n AS part FROM own.base;
                INSERT INTO own.note VALUES (1, 'one'), (2, 'two');
                INSERT INTO own.mark VALUES (1, 1, 'm');
                INSERT INTO own.base VALUES (1, 1, 1);
                GRANT USAGE, CREATE ON SCHEMA own TO ROLE;
                GRANT SELECT ON ALL TABLES IN SCHEMA public, own TO ROLE;
                ALTER MATERIALIZED VIEW own.tally OWNER TO ROLE;
                """);
        notes = shop.addDocument("""
                {"schema": "own", "table": "note", "children": [
                  {"schema": "own", "table": "mark", "columns": ["word"],
                   "relationship": {"variant": "object", "type": "one_to_many"}},
                  {"schema": "own", "table": "seen", "columns": ["n"], "primary_key": ["id"], "base_tables": ["base"],
                   "relationship": {"variant": "object", "type": "one_to_many",
                                    "foreign_key": {"child": ["note_id"], "parent": ["id"]}}},
                  {"schema": "own", "table": "tally", "columns": ["part"], "primary_key": ["id"], "base_tables": ["base"],
                   "relationship": {"variant": "object", "type": "one_to_many",
                                    "foreign_key": {"child": ["note_id"], "parent": ["id"]}}}]}""");
    }

    @AfterEach
    void closeTheShop() throws Exception {
        stop.tryEmitEmpty();
        await().atMost(PATIENCE).until(daemon::isDone);
        shop.close();
        try (var gone = shop.connect();
                var statement = gone.createStatement()) {
            statement.execute("DROP SCHEMA own CASCADE; DROP OWNED BY " + role + "; DROP ROLE " + role);
        }
    }

    @ParameterizedTest
    @EnumSource
    void setsAsideTheDocumentThatNeedsItAlone(Refusal refusal) throws Exception {
        shop.sync(Map.of()).bootstrap();
        follow();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(shop.get("/" + notes + "/_doc/2")).contains("\"found\":true");
            assertThat(state(notes)).contains("\"phase\":\"DONE\"");
        });

        execute(refusal.sql);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(state(notes)).contains(refusal.kind.name(), refusal.words));
        theOtherGoesOn("while it is set aside");
        assertThat(stopped()).isEqualTo(ExitCode.OK);

        follow();
        theOtherGoesOn("after a restart");
        assertThat(stopped()).isEqualTo(ExitCode.OK);
        assertThat(sync().catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);

        execute(refusal.undone);
        shop.sync(Map.of()).bootstrap();
        follow();
        shop.execute(CHANGE);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(daemon).isNotDone();
            assertThat(shop.get("/" + notes + "/_doc/2")).contains(shop.ask("SELECT body FROM own.note WHERE id = 2"));
            assertThat(state(notes)).doesNotContain("\"gap\"");
        });
        theOtherGoesOn("in the end");
    }

    @Test
    void aDocumentThatIsRefusedWhenTheProcessStartsHoldsUpNoOther() throws Exception {
        loaded();
        execute("REVOKE SELECT ON own.mark FROM ROLE");

        follow();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(state(notes)).contains("UNREADABLE", "permission denied for table mark"));
        theOtherGoesOn("from the start");
        assertThat(stopped()).isEqualTo(ExitCode.OK);
        assertThat(sync().catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(sync().backfill(new BackfillOrder(List.of(shop.index()), Optional.empty()), Mono.never()))
                .isEqualTo(ExitCode.OK);
        assertThat(state(notes)).contains("UNREADABLE");
    }

    /** That is said of a role, not of documents: none of them has to be loaded again. */
    @Test
    void whereAllAreRefusedTheProcessDoesNotStart() throws Exception {
        loaded();
        execute("REVOKE SELECT ON ALL TABLES IN SCHEMA public, own FROM ROLE");

        assertThatThrownBy(() -> sync().follow(Mono.never()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("/0/nodes", "/1/nodes", "permission denied");

        assertThat(state(notes) + state(shop.index())).doesNotContain("\"gap\"");
    }

    @Test
    void aSchemaFileThatWasChangedIsRefusedAsAWhole() throws Exception {
        loaded();
        ((ObjectNode) shop.schema().at("/1/nodes")).put("where", "boddy <> ''");

        assertThatThrownBy(() -> sync().follow(Mono.never()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("/1/nodes/where", "boddy");

        assertThat(state(notes)).doesNotContain("\"gap\"");
        ((ObjectNode) shop.schema().at("/1/nodes")).remove("where");
    }

    private void loaded() throws Exception {
        shop.sync(Map.of()).bootstrap();
        assertThat(sync().catchUp(Mono.never())).isEqualTo(ExitCode.OK);
    }

    private void follow() throws Exception {
        stop = Sinks.empty();
        Commands sync = sync();
        daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
    }

    private Commands sync() throws Exception {
        return shop.sync(Map.of("PG_URL", shop.url(role, "reader")));
    }

    private ExitCode stopped() throws Exception {
        stop.tryEmitEmpty();
        return daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void theOtherGoesOn(String title) throws Exception {
        shop.execute("UPDATE book SET title = '" + title + "' WHERE id = 1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences(shop.index())).isEmpty());
        assertThat(daemon).isNotDone();
    }

    private void execute(String sql) throws Exception {
        shop.execute(sql.replace("ROLE ROLE", "ROLE " + role).replaceAll("\\b(TO|FROM) ROLE\\b", "$1 " + role));
    }

    private String state(String index) throws Exception {
        return shop.get("/pgsync_state/_doc/" + index);
    }
}
