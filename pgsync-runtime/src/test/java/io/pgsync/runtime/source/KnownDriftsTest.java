package io.pgsync.runtime.source;

import static io.pgsync.core.tree.Tables.catalog;
import static io.pgsync.core.tree.Tables.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.core.tree.TreeBuilder.Built;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.StepVerifier;

class KnownDriftsTest {
    private final StatesInMemory states = StatesInMemory.of("books", "authors");
    private final KnownDrifts drifts = new KnownDrifts(states);

    @Test
    void whatIsSetAsideIsRefusedWithWhatIsToBeDone() {
        diverged(Kind.SCHEMA_DRIFT);

        StepVerifier.create(drifts.refuse("books")).verifyErrorSatisfies(failure -> {
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
            assertThat(failure).hasMessageContaining("books").hasMessageContaining("column title is gone");
        });
        StepVerifier.create(drifts.refuse("authors")).verifyComplete();
        StepVerifier.create(drifts.refuse("unknown")).verifyComplete();
    }

    @ParameterizedTest
    @EnumSource(names = {"GAP", "INDEX_REPLACED", "SUPERSEDED", "DEFINITION_CHANGED", "LOAD_REFUSED"})
    void whatEndsARunOrIsFollowedIsNotSetAside(Kind kind) {
        diverged(kind);

        StepVerifier.create(drifts.contains("books")).expectNext(false).verifyComplete();
    }

    @Test
    void ofTheDocumentsThatDoNotFitThoseThatWereSetAsideAreKnown() {
        diverged(Kind.SCHEMA_DRIFT);

        StepVerifier.create(drifts.among(unfit("books", "authors")).flatMapIterable(found -> found))
                .expectNextMatches(document -> document.index().equals("books"))
                .verifyComplete();
    }

    @Test
    void aDocumentThatFitsIsNotAmongThemWhateverItsStateSays() {
        diverged(Kind.SCHEMA_DRIFT);

        StepVerifier.create(drifts.among(unfit("authors")).flatMapIterable(found -> found))
                .verifyComplete();
    }

    private void diverged(Kind kind) {
        states.put(states.get("books").withDiverged(Diverged.at(new Lsn(10), kind, "column title is gone")));
    }

    /** Of the documents books and authors these show a column that is not there. */
    private static Built unfit(String... indexes) {
        String file = """
                [{"database": "shop", "index": "books", "nodes": {"table": "t", "columns": ["id"]}},
                 {"database": "shop", "index": "authors", "nodes": {"table": "t", "columns": ["id"]}}]""";
        for (String index : indexes) {
            file = file.replaceFirst("(\"" + index + "\".*)\\[\"id\"]", "$1[\"title\"]");
        }
        Built built = TreeBuilder.buildEach(
                SchemaReader.read("schema.json", file.getBytes(UTF_8), Map.of()),
                Map.of("shop", catalog(table("t", "id int4 pk"))));
        assertThat(built.unfit().keySet()).extracting(SchemaDocument::index).containsExactly(indexes);
        return built;
    }
}
