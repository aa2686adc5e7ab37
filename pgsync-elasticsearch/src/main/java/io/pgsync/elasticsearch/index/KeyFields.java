package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.mapping.KeyColumn;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.index.KeyField.State;
import io.pgsync.elasticsearch.lookup.IndexScan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Makes sure that an index finds its documents by their keys: every field of {@code _meta} that a tree searches must be
 * mapped and indexed. An index that others created may map it in another way, or not at all.
 */
public final class KeyFields {
    private final ElasticsearchConnection connection;

    public KeyFields(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /**
     * Why existing documents may not be found by their keys, even after {@link #add} has mapped them: they must then be
     * loaded again. Empty if all are found. Changes nothing; fails if only a new index helps.
     */
    public Mono<Optional<String>> reasonToLoad(DocumentTree tree) {
        return fields(tree).flatMap(fields -> {
            if (!in(fields, State.CLOSED).isEmpty()) {
                return Mono.error(unsearchable(tree, in(fields, State.CLOSED)));
            }
            return unseen(tree, fields)
                    .map(unseen -> unseen.isEmpty()
                            ? Optional.empty()
                            : Optional.of("documents could not be found by " + paths(unseen)));
        });
    }

    /** Maps what is not mapped yet. For the effect on existing documents see {@link #reasonToLoad}. */
    public Mono<Void> add(DocumentTree tree) {
        return fields(tree).flatMap(fields -> add(tree.index(), fields));
    }

    /** Maps fields that no document has yet; fails with a divergence if existing documents may not be found. */
    public Mono<Void> prove(DocumentTree tree) {
        return fields(tree)
                .flatMap(fields -> in(fields, State.CLOSED).isEmpty()
                        ? unseen(tree, fields)
                                .flatMap(unseen -> unseen.isEmpty()
                                        ? add(tree.index(), fields)
                                        : Mono.error(unsearchable(
                                                tree,
                                                "documents that are there could not be found by " + paths(unseen))))
                        : Mono.error(
                                unsearchable(tree, "the index does not index " + paths(in(fields, State.CLOSED)))));
    }

    private static DivergenceException unsearchable(DocumentTree tree, String what) {
        return new DivergenceException(List.of(new Divergence(Kind.UNSEARCHABLE, tree.index(), what)));
    }

    private static SyncException unsearchable(DocumentTree tree, List<KeyField> fields) {
        return new SyncException(
                Remedy.STOP,
                "Index \"%s\" does not index %s, so documents cannot be found by what they are made of. Delete it and run bootstrap, which creates it again."
                        .formatted(tree.index(), paths(fields)));
    }

    private Mono<List<KeyField>> fields(DocumentTree tree) {
        return connection
                .kind()
                .flatMap(kind -> description(tree)
                        .map(index -> KeyMapping.of(kind, index).fields(KeyColumn.of(tree))));
    }

    private Mono<JsonNode> description(DocumentTree tree) {
        return connection
                .json(
                        "read the mapping of index \"" + tree.index() + "\"",
                        new Request("GET", Paths.index(tree.index()) + "?flat_settings=true"))
                .map(answer -> ConcreteIndex.only(tree.index(), answer).getValue());
    }

    /**
     * The finding about an index of {@code kind}, without a search of its documents.
     *
     * @param settings the engine's answer to a request for them, flat
     * @param mappings the engine's answer to a request for them
     */
    public static Finding finding(
            EngineKind kind, String index, List<KeyColumn> keys, JsonNode settings, JsonNode mappings) {
        List<KeyField> fields = new KeyMapping(
                        kind,
                        mappings.elements().next().path("mappings"),
                        settings.elements().next().path("settings"))
                .fields(keys);
        String subject = "keys of " + index;
        List<KeyField> closed = in(fields, State.CLOSED);
        if (!closed.isEmpty()) {
            return Finding.problem(
                    subject,
                    "no search finds documents by " + paths(closed),
                    "Delete the index and run bootstrap, which creates it again");
        }
        List<KeyField> unseen = fields.stream()
                .filter(field -> field.is(State.UNSEEN, State.SHORTENED))
                .toList();
        return unseen.isEmpty()
                ? Finding.fine(subject, "documents are found by them")
                : Finding.warning(
                        subject,
                        "documents may not be found by " + paths(unseen),
                        "pgsync bootstrap maps them and has the index loaded again");
    }

    private static List<KeyField> in(Collection<KeyField> fields, State state) {
        return fields.stream().filter(field -> field.is(state)).toList();
    }

    private static String paths(Collection<KeyField> fields) {
        return fields.stream().map(KeyField::path).collect(Collectors.joining(", "));
    }

    /** Without documents, nothing can be missed. */
    private Mono<List<KeyField>> unseen(DocumentTree tree, List<KeyField> fields) {
        return connection.kind().flatMap(kind -> {
            List<KeyField> shortened = in(fields, State.SHORTENED);
            var unmapped = new ArrayList<>(in(fields, State.UNSEEN));
            if (!kind.listsWhatItLeavesOut()) {
                // Of any document, a key may have been left out.
                unmapped.addAll(shortened);
            }
            return unseen(tree, unmapped, shortened);
        });
    }

    private Mono<List<KeyField>> unseen(DocumentTree tree, List<KeyField> unmapped, List<KeyField> shortened) {
        if (unmapped.isEmpty() && shortened.isEmpty()) {
            return Mono.just(List.of());
        }
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        if (unmapped.isEmpty()) {
            // In this field the engine lists what it did not index.
            var ignored = query.putObject("query").putObject("terms").putArray("_ignored");
            shortened.forEach(field -> ignored.add(field.exactPath()));
        }
        return count(tree.index(), query)
                .map(count -> count == 0 ? List.of() : unmapped.isEmpty() ? shortened : unmapped);
    }

    private Mono<Long> count(String index, ObjectNode body) {
        String what = "count documents of index \"" + index + "\"";
        var request = new Request("POST", Paths.index(index) + "/_count");
        request.setJsonEntity(body.toString());
        return new IndexScan(connection)
                .refresh(index)
                .then(connection.json(what, request))
                .flatMap(answer -> answer.path("_shards").path("failed").asInt(1) > 0 || !answer.has("count")
                        ? Mono.error(new SyncException(
                                Remedy.RETRY, "A search of index \"" + index + "\" did not reach all of its shards"))
                        : Mono.just(answer.path("count").asLong()));
    }

    private Mono<Void> add(String index, List<KeyField> fields) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        fields.stream()
                .filter(field -> !field.is(State.FOUND))
                .forEach(field -> place(body, field.place(), field.mapping()));
        if (body.isEmpty()) {
            return Mono.empty();
        }
        var request = new Request("PUT", Paths.index(index) + "/_mapping");
        request.setJsonEntity(body.toString());
        return connection
                .json("map the keys of index \"" + index + "\"", request)
                .then();
    }

    private static void place(ObjectNode object, String path, ObjectNode mapping) {
        int dot = path.indexOf('.');
        ObjectNode properties = object.withObjectProperty("properties");
        if (dot < 0) {
            properties.set(path, mapping);
        } else {
            place(properties.withObjectProperty(path.substring(0, dot)), path.substring(dot + 1), mapping);
        }
    }
}
