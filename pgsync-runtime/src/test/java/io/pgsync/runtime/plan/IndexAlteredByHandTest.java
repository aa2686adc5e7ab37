package io.pgsync.runtime.plan;

import static io.pgsync.runtime.plan.BooksFile.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.runtime.report.PlannedChange;
import io.pgsync.runtime.report.PlannedChange.Measure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the plan says was changed in the index by somebody, and what was not. */
class IndexAlteredByHandTest {
    @Test
    void whatSomebodyHasChangedInTheIndexIsNamed() {
        BooksIndex index = BooksIndex.loadedFrom(SHOP);
        ObjectNode mappings = index.engine.mappings("books");
        mappings.withObject("/properties/title/fields/keyword").put("ignore_above", 20);
        mappings.withObject("/properties/added").put("type", "keyword");
        index.engine.settings("books").put("index.refresh_interval", "30s");

        assertThat(index.plan(SHOP).changes())
                .allMatch(PlannedChange::byHand)
                .extracting(change -> change.what() + " " + change.measure().words())
                .containsExactly(
                        "field \"added\" is in the index alone nothing to do",
                        "field \"title.keyword\": ignore_above 20 -> 256 load",
                        "index.refresh_interval: 30s in the index alone nothing to do");
    }

    @Test
    void fieldsThatValuesBringAreNoDifference() {
        BooksFile withDoc = SHOP.edited("/0/nodes/columns/2 = 'doc'");
        BooksIndex index = BooksIndex.loadedFrom(withDoc);
        index.engine
                .mappings("books")
                .withObject("/properties/doc/properties/a")
                .put("type", "double");

        assertThat(index.plan(withDoc).changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"doc", "doc.a"})
    void aMappingThatTheFileHasNoMoreStaysInTheIndex(String mapped) {
        BooksFile withDoc = SHOP.edited("/0/nodes/columns/2 = 'doc'");
        BooksIndex index = BooksIndex.loadedFrom(withDoc.edited("/0/mapping/" + mapped + "/type = 'keyword'"));

        assertThat(index.plan(withDoc).changes()).singleElement().satisfies(change -> {
            assertThat(change.measure()).isEqualTo(Measure.NOTHING);
            assertThat(change.what()).isEqualTo("the mapping of field \"" + mapped + "\" is in the index alone");
            assertThat(change.reason()).contains("only a new index maps it by its values");
            assertThat(change.byHand()).isFalse();
        });
    }

    /** The engine makes objects of a name with dots, so the file does not tell what was wanted before. */
    @Test
    void nobodyIsSaidToHaveChangedWhatTheFileWritesInOtherWords() {
        BooksIndex index = BooksIndex.loadedFrom(SHOP);
        index.engine.ownWords = mappings -> {
            ObjectNode properties = mappings.withObjectProperty("properties");
            properties.remove("more.text");
            properties.withObject("/more/properties/text").put("type", "keyword");
        };

        assertThat(index.plan(SHOP.edited("/0/mapping/more.text/type = 'keyword'"))
                        .changes())
                .isNotEmpty()
                .noneMatch(PlannedChange::byHand);
    }
}
