package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** The names under which indexes are searched, as aliases that can be moved from one index to another. */
public final class IndexAliases {
    private final ElasticsearchConnection connection;

    public IndexAliases(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** The index behind a name: itself, or the one that has the alias; an empty Optional if there is none. */
    public Mono<Optional<String>> indexOf(String name) {
        return ConcreteIndex.find(connection, name)
                .map(found -> Optional.of(found.name()))
                .defaultIfEmpty(Optional.empty());
    }

    /**
     * Gives {@code index} the alias {@code name} if nothing has this name; fails with STOP if another index has it.
     * Idempotent.
     */
    public Mono<Void> claim(String name, String index) {
        return indexOf(name)
                .flatMap(found -> found.<Mono<Void>>map(
                                there -> there.equals(index) ? Mono.empty() : Mono.error(taken(name, index, there)))
                        .orElseGet(() -> changed(name, JsonNodeFactory.instance.objectNode(), Map.of(), index)));
    }

    private static SyncException taken(String name, String index, String there) {
        return new SyncException(
                Remedy.STOP,
                "The name \"%s\" belongs to index \"%s\", but the documents of this name are in index \"%s\". Give it back: POST /_aliases {\"actions\":[{\"remove\":{\"index\":\"%s\",\"alias\":\"%s\"}},{\"add\":{\"index\":\"%s\",\"alias\":\"%s\"}}]}"
                        .formatted(name, there, index, there, name, index, name));
    }

    /**
     * Moves the alias {@code name} to {@code index} in one step, with its filter and routing, from whichever index has
     * it: a search finds either the one or the other. Idempotent. Fails with STOP if the name is that of an index.
     */
    public Mono<Void> move(String name, String index) {
        return indexOf(name)
                .flatMap(there -> there.filter(name::equals).isPresent()
                        ? Mono.error(new SyncException(
                                Remedy.STOP,
                                "\"%s\" is an index itself and no alias, so it cannot stand for \"%s\"."
                                        .formatted(name, index)))
                        : holders(name)
                                .flatMap(holders -> holders.keySet().equals(Set.of(index))
                                        ? Mono.empty()
                                        : changed(
                                                name,
                                                holders.values().stream()
                                                        .findFirst()
                                                        .orElseGet(JsonNodeFactory.instance::objectNode),
                                                holders,
                                                index)));
    }

    /** The alias in each index that has it. */
    private Mono<Map<String, JsonNode>> holders(String name) {
        return connection
                .repeatable("look for alias \"" + name + "\"", new Request("GET", "/_alias" + Paths.index(name)))
                .map(answer -> answer.propertyStream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                found -> found.getValue().path("aliases").path(name))))
                .onErrorResume(RefusedRequestException.withStatus(404), missing -> Mono.just(Map.of()));
    }

    /** All at once, or nothing if the alias is no longer where it was. */
    private Mono<Void> changed(String name, JsonNode form, Map<String, JsonNode> from, String to) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        var actions = body.putArray("actions");
        from.keySet().stream()
                .filter(index -> !index.equals(to))
                .forEach(index -> actions.addObject()
                        .putObject("remove")
                        .put("index", index)
                        .put("alias", name)
                        .put("must_exist", true));
        ObjectNode add = actions.addObject().putObject("add");
        form.propertyStream().forEach(part -> add.set(part.getKey(), part.getValue()));
        add.put("index", to).put("alias", name);
        var request = new Request("POST", "/_aliases");
        request.setJsonEntity(body.toString());
        return connection
                .json("give the name \"" + name + "\" to index \"" + to + "\"", request)
                .then();
    }
}
