package io.pgsync.runtime.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import io.pgsync.runtime.report.ExplainedTree;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ExplanationsTest {
    private static final RootKey SEVEN = new RootKey("books", List.of("7"));

    private final Map<RootKey, DocumentChange> built = new HashMap<>();
    private final Map<String, JsonNode> stored = new HashMap<>();

    @Test
    void aDocumentIsShownAsItIsStoredAndAsItWouldBeBuilt() {
        stored.put("books/7", JsonNodeFactory.instance.objectNode().put("title", "old"));
        built.put(
                SEVEN, new Upsert(SEVEN, "7", Optional.empty(), "{\"title\":\"new\",\"price\":1.10}".getBytes(UTF_8)));

        StepVerifier.create(explanations(Databases.shop("books")).document("7"))
                .assertNext(document -> {
                    assertThat(document.stored()).map(Object::toString).contains("{\"title\":\"old\"}");
                    assertThat(document.built()).map(Object::toString).contains("{\"title\":\"new\",\"price\":1.10}");
                    assertThat(document.refusal()).isEmpty();
                })
                .verifyComplete();
    }

    @Test
    void aRootThatIsGoneIsBuiltAsNothing() {
        built.put(SEVEN, new Delete(SEVEN, "7"));

        StepVerifier.create(explanations(Databases.shop("books")).document("7"))
                .assertNext(document -> assertThat(document.built()).isEmpty())
                .verifyComplete();
    }

    @Test
    void whatCouldNotBeStoredIsShownWithItsReason() {
        built.put(SEVEN, new Failed(SEVEN, "7", "{}".getBytes(UTF_8), "plugin_failure", "no title"));

        StepVerifier.create(explanations(Databases.shop("books")).document("7"))
                .assertNext(document -> {
                    assertThat(document.built()).map(Object::toString).contains("{}");
                    assertThat(document.refusal()).contains("no title");
                })
                .verifyComplete();
    }

    @Test
    void everyIndexInWhichTheIdMayBeOneIsLookedAt() {
        DocumentTree pairs = Trees.document(
                "'index': 'pairs', 'nodes': {'table': 'pairs'}", Tables.table("pairs", "a int4 pk, b int4 pk"));
        Database shop = Databases.named("shop", Databases.tree("books"), pairs, Databases.tree("authors"));

        StepVerifier.create(explanations(shop)
                        .document("7")
                        .map(found -> found.tree().index()))
                .expectNext("books", "authors")
                .verifyComplete();
        StepVerifier.create(explanations(shop)
                        .document("7|8")
                        .map(found -> found.tree().index()))
                .expectNext("pairs")
                .verifyComplete();
    }

    @Test
    void whatCanBeNoIdAnywhereIsRefused() {
        StepVerifier.create(explanations(Databases.shop("books")).document("7|8"))
                .verifyErrorSatisfies(failure ->
                        assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP));
    }

    @Test
    void statementsComeInTheOrderOfTheFile() {
        StepVerifier.create(
                        explanations(Databases.shop("books", "authors")).trees().map(ExplainedTree::statement))
                .expectNext("SELECT books of shop", "SELECT authors of shop")
                .verifyComplete();
    }

    private Explanations explanations(Database database) {
        return new Explanations(Mono.just(List.of(database)), new Explanations.Sides() {
            @Override
            public String statement(Database of, DocumentTree tree) {
                return "SELECT " + tree.index() + " of " + of.name();
            }

            @Override
            public Mono<JsonNode> stored(DocumentTree tree, String id) {
                return Mono.justOrEmpty(stored.get(tree.index() + "/" + id));
            }

            @Override
            public Flux<DocumentChange> built(Database of, DocumentTree tree, RootKey root) {
                return Mono.justOrEmpty(built.get(root)).flux();
            }
        });
    }
}
