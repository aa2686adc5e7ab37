package io.pgsync.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.core.tree.Trees;
import io.pgsync.runtime.config.SchemaText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FingerprintsTest {
    private static final String FILE = """
            [{"database": "shop", "index": "books", "nodes": {"table": "book", "children": [{"table": "author",
              "relationship": {"variant": "object", "type": "one_to_many", "through_tables": ["book_author"]}}]}}]""";
    /** As releases before this one had it, whatever the constraints of the through table were. */
    private static final String EARLIER = "3cae750bca86815f5f103580b0931088aeaf3234bf9bd67dfa9fdff057469346";

    private final Fingerprints fingerprints = new Fingerprints(new SchemaText("schema.json", false, FILE));

    @Test
    void mostIndexesOfEarlierReleasesFit() {
        assertThat(fingerprints.of(tree(true, true))).isEqualTo(EARLIER);
        assertThat(fingerprints.of(tree(false, false)))
                .as("the link may be null, so its keys were there")
                .isEqualTo(EARLIER);
    }

    @Test
    void oneOverAConstraintThatIsNotEnforcedIsLoadedAnewOnce() {
        DocumentTree unenforced = tree(true, false);

        assertThat(fingerprints.fits(EARLIER, unenforced)).isFalse();
        assertThat(fingerprints.fits(fingerprints.of(unenforced), unenforced)).isTrue();
    }

    @Test
    void aConstraintThatIsEnforcedLaterAsksForNoLoad() {
        String loaded = fingerprints.of(tree(true, false));

        assertThat(fingerprints.fits(loaded, tree(true, true))).isTrue();
    }

    @Test
    void whatDecidesAboutTheDocumentCountsAndNothingElse() {
        String books = fingerprint("'nodes': {'table': 'book', 'columns': ['id', 'title']}");

        assertThat(fingerprint("'nodes':{'table':'book','columns':['id','title']},'pipeline':'p'"))
                .isEqualTo(books);
        assertThat(fingerprint("'setting': {}, 'mapping': {}, 'nodes': {'table': 'book', 'columns': ['id', 'title']}"))
                .isEqualTo(books);
        assertThat(List.of(
                        fingerprint("'nodes': {'table': 'book', 'columns': ['id']}"),
                        fingerprint("'routing': 'title', 'nodes': {'table': 'book', 'columns': ['id', 'title']}"),
                        fingerprint("'plugins': ['Shout'], 'nodes': {'table': 'book', 'columns': ['id', 'title']}")))
                .doesNotHaveDuplicates()
                .doesNotContain(books);
    }

    private static String fingerprint(String keys) {
        String file = "[{'database': 'shop', 'index': 'books', %s}]".formatted(keys);
        DocumentTree tree = Trees.documents(file, Tables.table("book", "id int4 pk, title text"))
                .get(0);
        return new Fingerprints(new SchemaText("schema.json", false, file.replace('\'', '"'))).of(tree);
    }

    private static DocumentTree tree(boolean notNull, boolean enforced) {
        TableDefinition book = table("book", List.of(), true, "id");
        TableDefinition author = table("author", List.of(), true, "id");
        TableDefinition between = table(
                "book_author",
                List.of(
                        new ForeignKey("of_book", List.of("book_id"), book.name(), List.of("id")),
                        new ForeignKey("of_author", List.of("author_id"), author.name(), List.of("id"), enforced)),
                notNull,
                "id",
                "book_id",
                "author_id");
        var catalog = new Catalog(
                "shop",
                Stream.of(book, author, between).collect(Collectors.toMap(TableDefinition::name, table -> table)),
                List.of());
        return TreeBuilder.build(
                        SchemaReader.read("schema.json", FILE.getBytes(StandardCharsets.UTF_8), Map.of()),
                        Map.of("shop", catalog))
                .get(0);
    }

    private static TableDefinition table(
            String name, List<ForeignKey> constraints, boolean notNull, String... columns) {
        var definitions = new ArrayList<ColumnDefinition>();
        for (String column : columns) {
            var type = new ColumnType("integer", "int4", ColumnType.Kind.BASE);
            definitions.add(new ColumnDefinition(definitions.size() + 1, column, type, notNull || column.equals("id")));
        }
        return new TableDefinition(new TableName("public", name), Kind.TABLE, definitions, List.of("id"), constraints);
    }
}
