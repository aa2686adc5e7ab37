package io.pgsync.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.mapping.MappingMode;
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

    /** The state says with which ids and hidden keys the index was loaded; its definition, what is only written otherwise. */
    @Test
    void anotherOrderOfWhatHasNoneIsTheSameDefinition() {
        SyncState state = loaded("'nodes': {'table': 'book', 'columns': ['id', 'title']}, 'plugins': ['A', 'B']");

        assertThat(fits(state, "'plugins': ['A', 'B'], 'nodes': {'columns': ['title', 'id'], 'table': 'book'}"))
                .isTrue();
        assertThat(fits(state, "'plugins': ['B', 'A'], 'nodes': {'columns': ['id', 'title'], 'table': 'book'}"))
                .isFalse();
        assertThat(
                        fits(
                                state,
                                "'routing': 'id', 'plugins': ['A', 'B'], 'nodes': {'table': 'book', 'columns': ['title', 'id']}"))
                .isFalse();
        assertThat(fits(state, "'plugins': ['A', 'B'], 'nodes': {'table': 'book', 'columns': ['title']}"))
                .isFalse();
    }

    @Test
    void aDefinitionThatIsNotThatOfTheFingerprintProvesNothing() {
        String nodes = "'nodes': {'table': 'book', 'columns': ['id', 'title']}";
        SyncState state =
                state("of ids in another form").withLoaded(of(nodes).definition(tree(nodes), MappingMode.TYPES));

        assertThat(fits(state, nodes)).isFalse();
    }

    @Test
    void replacementsHaveAnOrder() {
        String then = "'nodes': {'table': 'book', 'transform': {'replace': {'title': {'a': 'b', 'b': 'c'}}}}";
        String now = "'nodes': {'table': 'book', 'transform': {'replace': {'title': {'b': 'c', 'a': 'b'}}}}";

        assertThat(fits(loaded(then), then)).isTrue();
        assertThat(fits(loaded(then), now)).isFalse();
    }

    private static SyncState loaded(String keys) {
        return state(of(keys).of(tree(keys))).withLoaded(of(keys).definition(tree(keys), MappingMode.TYPES));
    }

    private static SyncState state(String fingerprint) {
        return new SyncState(
                "books", "uuid", StatesInMemory.SOURCE, 1, fingerprint, BackfillProgress.DONE, new Lsn(10), List.of());
    }

    private static boolean fits(SyncState state, String keys) {
        return of(keys).fits(state, tree(keys));
    }

    private static Fingerprints of(String keys) {
        return new Fingerprints(new SchemaText("schema.json", false, file(keys).replace('\'', '"')));
    }

    private static String file(String keys) {
        return "[{'database': 'shop', 'index': 'books', %s}]".formatted(keys);
    }

    private static DocumentTree tree(String keys) {
        return Trees.documents(file(keys), Tables.table("book", "id int4 pk, title text"))
                .get(0);
    }

    private static String fingerprint(String keys) {
        return of(keys).of(tree(keys));
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
