package io.pgsync.elasticsearch.lookup;

import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.mapping.IndexMappings;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.Changes;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.Trees;
import io.pgsync.elasticsearch.bulk.Sinks;
import io.pgsync.elasticsearch.index.IndexInitializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class MetaKeyLookupIT {
    private final Engine engine = Engine.shared();
    private final MetaKeyLookup lookup = new MetaKeyLookup(engine.connection());

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void documentsAreFoundByAnyOfTheKeysOfTheirRows() {
        DocumentTree tree = create("id");
        store(
                tree,
                Changes.upsert("a", "{\"_meta\":{\"review\":{\"id\":[1,2]}}}"),
                Changes.upsert("b", "{\"_meta\":{\"review\":{\"id\":[3]}}}"),
                Changes.upsert("c", "{\"_meta\":{\"author\":{\"id\":[1]}}}"));

        assertThat(find(tree, "review", List.of("id"), List.of(List.of("2"), List.of("9"))))
                .containsExactly("a");
        assertThat(find(tree, "review", List.of("id"), List.of(List.of("1"), List.of("3"))))
                .containsExactlyInAnyOrder("a", "b");
        assertThat(ids(lookup.rootsContainingAny(tree, "review", List.of("id"))))
                .containsExactlyInAnyOrder("a", "b");
        assertThat(ids(lookup.rootsContainingAny(tree, "book", List.of("id"))))
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void everyColumnOfACompositeKeyHasToBeThere() {
        DocumentTree tree = create("id");
        store(
                tree,
                Changes.upsert("a", "{\"_meta\":{\"line\":{\"tenant\":[7],\"no\":[1]}}}"),
                Changes.upsert("b", "{\"_meta\":{\"line\":{\"tenant\":[7],\"no\":[2]}}}"),
                Changes.upsert("c", "{\"_meta\":{\"line\":{\"tenant\":[8],\"no\":[1]}}}"));

        assertThat(find(tree, "line", List.of("tenant", "no"), List.of(List.of("7", "1"))))
                .containsExactly("a");
    }

    @Test
    void everyIdGivesTheOneKeyThatItStandsFor() {
        DocumentTree tree = create("area", "zone");
        store(
                tree,
                Changes.upsert("x|y|z", "{\"_meta\":{\"review\":{\"id\":[1]}}}"),
                Changes.upsert("x\\|y|z", "{\"_meta\":{\"review\":{\"id\":[1]}}}"));

        List<RootKey> found = lookup.rootsContaining(tree, "review", List.of("id"), List.of(List.of("1")))
                .collectList()
                .block(PATIENCE);

        assertThat(found).extracting(RootKey::key).containsExactlyInAnyOrder(List.of("x", "y|z"), List.of("x|y", "z"));
    }

    @Test
    void aValueThatTheMappingCannotHoldMatchesNothingAndHidesNoOther() {
        DocumentTree tree = Trees.books(engine.createIndex(), "id"); // no mapping: the engine makes the key a long
        store(tree, Changes.upsert("a", "{\"_meta\":{\"review\":{\"id\":[1]}}}"));

        assertThat(find(
                        tree,
                        "review",
                        List.of("id"),
                        List.of(List.of("x"), List.of("1"), List.of("99999999999999999999"))))
                .containsExactly("a");
    }

    @Test
    void keysThatDynamicMappingMadeTextAreFound() {
        DocumentTree tree = Trees.books(engine.createIndex(), "id");
        store(tree, Changes.upsert("a", "{\"_meta\":{\"review\":{\"id\":[\"Some Key\"]}}}"));

        assertThat(find(tree, "review", List.of("id"), List.of(List.of("Some Key"))))
                .containsExactly("a");
        assertThat(find(tree, "review", List.of("id"), List.of(List.of("Some"))))
                .isEmpty();
    }

    @Test
    void aKeyTooLongForATermIsFoundByItsDigest() {
        String key = "k".repeat(32_767);
        DocumentTree tree = create("id");
        store(
                tree,
                Changes.upsert("a", "{\"_meta\":{\"review\":{\"id\":[\"%s\"]}}}".formatted(MetaKeys.searchable(key))),
                Changes.upsert("b", "{\"_meta\":{\"review\":{\"id\":[\"1\"]}}}"));

        assertThat(find(tree, "review", List.of("id"), List.of(List.of(key)))).containsExactly("a");
        assertThat(find(tree, "review", List.of("id"), List.of(List.of(key + "x"), List.of("1"))))
                .containsExactly("b");
    }

    @Test
    void aLongKeyThatWasStoredAsItIsIsFoundToo() {
        String key = "k".repeat(300);
        DocumentTree tree = create("id");
        store(tree, Changes.upsert("a", "{\"_meta\":{\"review\":{\"id\":[\"%s\"]}}}".formatted(key)));

        assertThat(find(tree, "review", List.of("id"), List.of(List.of(key)))).containsExactly("a");
    }

    @Test
    void aLookUpThatTheEngineCannotTakeFindsAllThatMayBeMeant() throws IOException {
        DocumentTree tree = Trees.books(engine.freshIndex(), "id");
        var mappings = (ObjectNode) new JsonMapper().readTree("""
                {"properties": {"_meta": {"properties": {"review": {"properties": {"id": {
                    "type": "long", "fields": {"keyword": {"type": "long"}}}}}}}}}""");
        new IndexInitializer(engine.connection())
                .createIfMissing(tree.index(), JsonNodeFactory.instance.objectNode(), mappings)
                .block(PATIENCE);
        store(
                tree,
                Changes.upsert("a", "{\"_meta\":{\"review\":{\"id\":[1]}}}"),
                Changes.upsert("b", "{\"_meta\":{\"author\":{\"id\":[1]}}}"));

        assertThat(find(tree, "review", List.of("id"), List.of(List.of("x")))).containsExactly("a");
    }

    @Test
    void resultsBeyondTheEnginesWindowArePagedOnDemand() {
        DocumentTree tree = create("id");
        DocumentSink sink = Sinks.takeOver(engine, tree.index(), 1);
        int documents = 10_500;
        List<DocumentChange> changes = new ArrayList<>();
        IntStream.range(0, documents)
                .forEach(i -> changes.add(Changes.upsert("b" + i, "{\"_meta\":{\"publisher\":{\"id\":[\"p\"]}}}")));
        sink.write(new WriteBatch(tree.index(), 1, changes)).block(PATIENCE);
        lookup.refresh(tree).block(PATIENCE);
        Flux<RootKey> found = lookup.rootsContaining(tree, "publisher", List.of("id"), List.of(List.of("p")));

        assertThat(found.distinct().count().block(PATIENCE)).isEqualTo(documents);
        StepVerifier.create(found, 3).expectNextCount(3).thenCancel().verify(PATIENCE);
    }

    @Test
    void moreKeysThanTheEngineTakesAreSearchedInParts() {
        DocumentTree tree = create("id");
        store(tree, Changes.upsert("a", "{\"_meta\":{\"review\":{\"id\":[69999]}}}"));
        List<List<String>> keys = IntStream.range(0, 70_000)
                .mapToObj(i -> List.of(String.valueOf(i)))
                .toList();

        assertThat(ids(lookup.rootsContaining(tree, "review", List.of("id"), keys)))
                .containsExactly("a");
    }

    @Test
    void aMissingIndexIsAFailureAndNotAnEmptyResult() {
        DocumentTree tree = Trees.books(engine.freshIndex(), "id");

        assertThatThrownBy(() -> find(tree, "review", List.of("id"), List.of(List.of("1"))))
                .hasMessageContaining("index_not_found_exception");
        assertThatThrownBy(() -> lookup.refresh(tree).block(PATIENCE))
                .hasMessageContaining("index_not_found_exception");
    }

    private DocumentTree create(String... key) {
        DocumentTree tree = Trees.books(engine.freshIndex(), key);
        var nothing = JsonNodeFactory.instance.objectNode();
        new IndexInitializer(engine.connection())
                .createIfMissing(tree.index(), nothing, IndexMappings.of(tree, MappingMode.TYPES))
                .block(PATIENCE);
        return tree;
    }

    private void store(DocumentTree tree, DocumentChange... changes) {
        Sinks.takeOver(engine, tree.index(), 1)
                .write(Changes.batch(tree.index(), 1, changes))
                .block(PATIENCE);
        lookup.refresh(tree).block(PATIENCE);
    }

    private List<String> find(DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
        return ids(lookup.rootsContaining(tree, table, columns, keys));
    }

    private static List<String> ids(Flux<RootKey> roots) {
        return roots.map(root -> String.join("|", root.key()))
                .distinct()
                .collectList()
                .block(PATIENCE);
    }
}
