package io.pgsync.replication.query;

import static io.pgsync.replication.query.QueryFixture.collect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.catalog.KeyText;
import io.pgsync.core.change.TableName;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares what the log says of a type's values with what every other place makes of them. */
record OneText(TestDatabase database, KeyType key, DocumentTree tree, String seed) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int CHUNK = 3;

    void check(KeyTypesIT.Logged logged) {
        List<String> texts = logged.of(key.root(), "k");
        assertThat(logged.of(key.below(), "k")).as(what("two columns")).isEqualTo(texts);
        var reader = new PostgresDocumentReader(database.connections(), List.of(tree));
        List<DocumentChange> whole = collect(reader.read(tree, new KeyRange(Optional.empty(), Optional.empty())));
        List<DocumentChange> byKey = collect(reader.read(tree, roots(texts)));
        List<DocumentChange> inChunks =
                collect(reader.ranges(tree, Optional.empty(), CHUNK).concatMap(range -> reader.read(tree, range)));

        assertThat(keys(whole)).as(what("a query")).containsExactlyInAnyOrderElementsOf(texts);
        assertThat(byKey).as(what("a query by key")).hasOnlyElementsOfType(Upsert.class);
        assertThat(keys(byKey)).as(what("a query by key")).containsExactlyInAnyOrderElementsOf(texts);
        assertThat(keys(inChunks)).as(what("a load")).containsExactlyInAnyOrderElementsOf(texts);
        checkIds(byKey);
        checkWalks(texts);
    }

    private void checkIds(List<DocumentChange> documents) {
        DocumentIds ids = DocumentIds.of(tree);
        var column = tree.root().children().get(0).typeOf("k");
        for (DocumentChange document : documents) {
            List<String> root = document.root().key();
            assertThat(document.id()).as(what("an id")).isEqualTo(ids.idOf(root));
            assertThat(ids.keyOf(document.id())).as(what("an id read back")).contains(root);
            assertThat(meta(((Upsert) document).source()))
                    .as(what("_meta"))
                    .containsExactly(KeyText.inJson(column, root.get(0)));
        }
    }

    private void checkWalks(List<String> texts) {
        PathToRoot path = TableRoles.of(List.of(tree))
                .of(new TableName("public", key.below()))
                .get(0);
        var lookup = new PostgresKeyLookup(database.connections(), database.connections());
        List<List<String>> rows = texts.stream().map(List::of).toList();
        for (Start start : Start.values()) {
            assertThat(collect(lookup.rootsAbove(path, start, rows)))
                    .as(what("a walk from its " + start))
                    .containsExactlyInAnyOrderElementsOf(roots(texts));
        }
    }

    private List<RootKey> roots(List<String> texts) {
        return texts.stream()
                .map(text -> new RootKey(tree.index(), List.of(text)))
                .toList();
    }

    private static List<String> keys(List<DocumentChange> documents) {
        return documents.stream().map(document -> document.root().key().get(0)).toList();
    }

    /** The keys of the rows below, as they stand in the document; numbers too. */
    private List<String> meta(byte[] source) {
        var texts = new ArrayList<String>();
        try (JsonParser parser = JSON.createParser(source)) {
            boolean isMeta = false;
            boolean isTable = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                isMeta |= "_meta".equals(parser.currentName());
                isTable = isMeta
                        && (isTable
                                ? token != JsonToken.END_OBJECT
                                : key.below().equals(parser.currentName()));
                if (isTable && token.isScalarValue()) {
                    texts.add(parser.getText());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    private String what(String place) {
        return "%s, the log and %s, %s".formatted(key, place, seed);
    }
}
