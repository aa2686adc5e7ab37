package io.pgsync.elasticsearch.index;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * The index behind a name, which may be an alias.
 *
 * @param uuid a new one whenever the index is created again
 * @param isWriteBlocked whether {@code index.blocks.write} is set
 */
record ConcreteIndex(String name, String uuid, boolean isWriteBlocked) {
    /** Empty if there is none; an error if the name stands for several. */
    static Mono<ConcreteIndex> find(ElasticsearchConnection connection, String index) {
        return connection
                .repeatable(
                        "look for index \"" + index + "\"",
                        client -> client.indices()
                                .getSettings(get -> get.index(index)
                                        .ignoreUnavailable(true)
                                        .name(List.of("index.uuid", "index.blocks.write"))))
                .flatMap(answer -> {
                    Map<String, co.elastic.clients.elasticsearch.indices.IndexState> found = answer.settings();
                    if (found.size() > 1) {
                        return Mono.error(new SyncException(
                                Remedy.STOP,
                                "\"" + index + "\" stands for several indexes (" + String.join(", ", found.keySet())
                                        + "). Name one of them in schema.json."));
                    }
                    return Mono.justOrEmpty(found.entrySet().stream()
                            .map(entry -> new ConcreteIndex(
                                    entry.getKey(), uuid(entry.getValue()), isWriteBlocked(entry.getValue())))
                            .findFirst());
                });
    }

    /** Every alias of the index. */
    static Mono<Set<String>> aliases(ElasticsearchConnection connection, String index) {
        return connection
                .repeatable(
                        "read the aliases of index \"" + index + "\"",
                        client -> client.indices().getAlias(get -> get.index(index)))
                .map(answer -> answer.aliases().values().stream()
                        .flatMap(aliases -> aliases.aliases().keySet().stream())
                        .collect(Collectors.toSet()));
    }

    private static boolean isWriteBlocked(co.elastic.clients.elasticsearch.indices.IndexState state) {
        return Optional.ofNullable(state.settings())
                .flatMap(settings -> Optional.ofNullable(settings.index()))
                .flatMap(settings -> Optional.ofNullable(settings.blocks()))
                .filter(blocks -> Boolean.TRUE.equals(blocks.write()))
                .isPresent();
    }

    private static String uuid(co.elastic.clients.elasticsearch.indices.IndexState state) {
        var settings = state.settings();
        if (settings == null || settings.index() == null || settings.index().uuid() == null) {
            throw new SyncException(Remedy.RETRY, "Elasticsearch did not tell the identifier of an index.");
        }
        return settings.index().uuid();
    }
}
