package io.pgsync.core.document;

import static io.pgsync.core.tree.Tables.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentPlugin.Draft;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentPluginTest {
    private static final RootKey ROOT = new RootKey("shop", List.of("7"));
    private static final String META = "\"_meta\":{\"book\":{\"id\":[\"7\"]}}}";

    @Test
    void pluginsChangeTheDocumentInTheListedOrder() {
        var upsert = (Upsert) assembled(
                plugin("a", draft -> draft.document().put("seen", "a")),
                plugin(
                        "b",
                        draft -> draft.document()
                                .put("seen", draft.document().path("seen").asText() + draft.index() + draft.id())));

        assertThat(text(upsert.source())).isEqualTo("{\"id\":7,\"price\":1.50,\"seen\":\"ashop7\"," + META);
    }

    @Test
    void theKeysOfRowsCanBeReadButNotChanged() {
        var upsert = (Upsert) assembled(
                plugin(
                        "a",
                        draft -> draft.document()
                                .put(
                                        "key",
                                        draft.document().at("/_meta/book/id/0").asText())
                                .put("_meta", "mine")),
                plugin("b", draft -> draft.document()));

        assertThat(text(upsert.source())).isEqualTo("{\"id\":7,\"price\":1.50,\"key\":\"7\"," + META);
    }

    @Test
    void theRoutingIsTakenAfterThePlugins() {
        var upsert = (Upsert) assembled(
                plugin("a", draft -> draft.document().put("place", "north")), plugin("b", draft -> draft.document()));

        assertThat(upsert.routing()).contains("north");
    }

    @Test
    void aDroppedDocumentLeavesTheIndexAndTheNextPluginsAreNotAsked() {
        DocumentChange change = assembled(new Named("a", draft -> Optional.empty()), plugin("b", draft -> {
            throw new AssertionError("must not be asked");
        }));

        assertThat(change).isEqualTo(new Delete(ROOT, "7"));
    }

    @Test
    void aPluginThatThrowsFailsThisDocumentAndIsNamed() {
        var failed = (Failed) assembled(plugin("a", draft -> draft.document()), plugin("b", draft -> {
            throw new IOException("no such rate");
        }));

        assertThat(failed.root()).isEqualTo(ROOT);
        assertThat(failed.reason()).contains("\"b\"", "no such rate");
        assertThat(text(failed.source())).isEqualTo("{\"id\":7,\"price\":1.50," + META);
    }

    @Test
    void aPluginWithoutItsClassesFailsTheDocumentToo() {
        DocumentChange change = assembled(
                plugin("a", draft -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                }),
                plugin("b", draft -> draft.document()));

        assertThat(change)
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.reason()).contains("com/example/Missing"));
    }

    private static DocumentChange assembled(DocumentPlugin a, DocumentPlugin b) {
        DocumentTree tree = Trees.document(
                "'plugins': ['a', 'b'], 'routing': 'place', 'nodes': {'table': 'book'}",
                table("book", "id int4 pk, price numeric"));
        return new DocumentAssembler(tree, Plugins.of(b, a))
                .assemble(List.of("7"), "{\"id\":7,\"price\":1.50}".getBytes(UTF_8), "[]".getBytes(UTF_8));
    }

    private static DocumentPlugin plugin(String name, Change change) {
        return new Named(name, draft -> Optional.of(change.apply(draft)));
    }

    private static String text(byte[] json) {
        return new String(json, UTF_8);
    }

    private interface Change {
        ObjectNode apply(Draft draft) throws Exception;
    }

    private interface Decision {
        Optional<ObjectNode> apply(Draft draft) throws Exception;
    }

    private record Named(String name, Decision decision) implements DocumentPlugin {
        @Override
        public Optional<ObjectNode> transform(Draft draft) throws Exception {
            return decision.apply(draft);
        }
    }
}
