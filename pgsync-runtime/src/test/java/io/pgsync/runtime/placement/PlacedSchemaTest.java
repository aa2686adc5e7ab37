package io.pgsync.runtime.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.runtime.config.SchemaText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacedSchemaTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String OTHER = "{'database': 'shop', 'index': 'readers', 'nodes': {'table': 'reader'}}";

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String entry(String index, String column) {
        return "{'database': 'shop', 'index': '%s', 'nodes': {'table': 'book', 'columns': ['%s']}}"
                .formatted(index, column);
    }

    private static JsonNode definition(String column) {
        return json("{'nodes': {'table': 'book', 'columns': ['%s']}}".formatted(column));
    }

    private static PlacedSchema placed(String book, Placement... placements) {
        var text = new SchemaText("schema.json", false, ("[" + book + "," + OTHER + "]").replace('\'', '"'));
        return PlacedSchema.of(text, Map.of("INDEX", "books"), List.of(placements));
    }

    private static Placement reindex(Phase phase) {
        return Placement.of("books", "books-1")
                .with(
                        new Reindex(
                                "books-2",
                                phase,
                                "me",
                                Instant.EPOCH,
                                Duration.ofHours(1),
                                Optional.empty(),
                                Optional.empty()),
                        Map.of("books-1", definition("old"), "books-2", definition("new")));
    }

    private static void follows(PlacedSchema placed, String... entries) {
        assertThat(json(placed.text().text())).isEqualTo(json("[" + String.join(",", entries) + "]"));
    }

    @Test
    void aFileWithoutPlacementsIsLeftAsItIs() {
        PlacedSchema placed = placed(entry("books", "id"));

        follows(placed, entry("books", "id"), OTHER);
        assertThat(placed.nameOf("books")).isEqualTo("books");
        assertThat(placed.isBehindAlias("books")).isFalse();
    }

    @Test
    void aNameIsReplacedByItsIndexAlsoWhereAVariableHasIt() {
        PlacedSchema placed = placed(entry("$INDEX", "id"), Placement.of("books", "books-3"));

        follows(placed, entry("books-3", "id"), OTHER);
        assertThat(placed.nameOf("books-3")).isEqualTo("books");
        assertThat(placed.indexesOf(List.of("books", "readers"))).containsExactly("books-3", "readers");
    }

    @Test
    void duringAReindexBothIndexesAreFollowedEachWithItsDefinition() {
        for (String file : List.of("old", "new")) {
            PlacedSchema placed = placed(entry("books", file), reindex(Phase.LOADING));

            follows(placed, entry("books-1", "old"), OTHER, entry("books-2", "new"));
            assertThat(placed.warnings()).isEmpty();
            assertThat(placed.servingIndexOf("books")).isEqualTo("books-1");
        }
    }

    @Test
    void anIndexThatIsBeingPreparedIsNotFollowedYet() {
        follows(placed(entry("books", "new"), reindex(Phase.PREPARING)), entry("books-1", "old"), OTHER);
    }

    @Test
    void aFileThatIsNeitherIsWarnedOfAndTheReindexGoesOn() {
        PlacedSchema placed = placed(entry("books", "third"), reindex(Phase.LOADING));

        follows(placed, entry("books-1", "old"), OTHER, entry("books-2", "new"));
        assertThat(placed.warnings()).hasSize(1);
    }

    @Test
    void afterAReindexTheFileFromBeforeIsOutOfDate() {
        Placement ended = reindex(Phase.LOADING)
                .swapped(Phase.REPLACED, Optional.of(Instant.EPOCH))
                .ended();

        PlacedSchema old = placed(entry("books", "old"), ended);
        follows(old, entry("books-2", "new"), OTHER);
        assertThat(old.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("from before the last reindex"));

        PlacedSchema now = placed(entry("books", "new"), ended);
        follows(now, entry("books-2", "new"), OTHER);
        assertThat(now.warnings()).isEmpty();

        follows(placed(entry("books", "third"), ended), entry("books-2", "third"), OTHER);
    }

    @Test
    void afterAnAbortedReindexTheFileCounts() {
        Placement aborted = reindex(Phase.LOADING).ended();

        follows(placed(entry("books", "old"), aborted), entry("books-1", "old"), OTHER);
        assertThat(aborted.obsolete()).containsExactly("books-2");
        assertThat(aborted.former()).isEmpty();
    }
}
