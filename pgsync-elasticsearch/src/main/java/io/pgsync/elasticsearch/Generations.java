package io.pgsync.elasticsearch;

import co.elastic.clients.elasticsearch.indices.IndicesBlockOptions;
import co.elastic.clients.elasticsearch.indices.update_aliases.Action;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.SyncException;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Sees to it that one generation writes an index. Documents are written through an alias that carries the writer's generation; taking it
 * away makes every later write of the older writer fail.
 */
final class Generations {
    private final ElasticsearchConnection connection;

    Generations(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    static String alias(String index, long generation) {
        return prefix(index) + generation;
    }

    private static String prefix(String index) {
        return index + "_pgsync_g";
    }

    /**
     * Makes {@code generation} the only one that can write, and completes when nothing of an older one is under way any more. May be
     * repeated. Fails with {@link StateConflictException} when a newer generation is there.
     */
    Mono<Void> takeOver(String index, long generation) {
        return ConcreteIndex.find(connection, index)
                .switchIfEmpty(Mono.error(() -> missing(index)))
                .flatMap(found -> moveAlias(index, found.name(), generation).then(drain(found.name())));
    }

    /** The newest generation that has an alias. Errors when the index is not there. */
    Mono<OptionalLong> newest(String index) {
        return generations(index)
                .map(found -> found.stream().mapToLong(Long::longValue).max());
    }

    private Mono<Void> moveAlias(String index, String concrete, long generation) {
        return generations(index).flatMap(found -> {
            if (found.stream().anyMatch(other -> other > generation)) {
                return Mono.error(new StateConflictException(index));
            }
            if (found.equals(List.of(generation))) {
                return Mono.empty();
            }
            // Round again: what another process did between the two requests must show.
            return replaceAliases(index, concrete, generation, found)
                    .then(Mono.defer(() -> moveAlias(index, concrete, generation)));
        });
    }

    private Mono<Void> replaceAliases(String index, String concrete, long generation, List<Long> found) {
        Stream<Action> removals = found.stream()
                .filter(other -> other < generation)
                .map(other -> Action.of(action -> action.remove(remove ->
                        remove.index(concrete).alias(alias(index, other)).mustExist(false))));
        Action addition = Action.of(action -> action.add(
                add -> add.index(concrete).alias(alias(index, generation)).isHidden(true)));
        List<Action> actions = Stream.concat(removals, Stream.of(addition)).toList();
        return connection
                .call(
                        "take over index \"" + index + "\"",
                        client -> client.indices().updateAliases(update -> update.actions(actions)))
                .then();
    }

    /** A write block is acknowledged when no write that began before it is still under way. */
    private Mono<Void> drain(String concrete) {
        return Mono.usingWhen(
                        Mono.just(concrete),
                        index -> connection.repeatable(
                                "block writes to index \"" + index + "\"",
                                client -> client.indices()
                                        .addBlock(block -> block.index(index).block(IndicesBlockOptions.Write))),
                        this::unblock)
                // Reactor wraps the failure of a cleanup.
                .onErrorMap(failure -> failure.getCause() instanceof SyncException cause ? cause : failure)
                .then();
    }

    private Mono<Void> unblock(String concrete) {
        return connection
                .repeatable(
                        "unblock index \"" + concrete + "\"",
                        client -> client.indices()
                                .putSettings(put -> put.index(concrete)
                                        .settings(settings -> settings.blocks(blocks -> blocks.write(false)))))
                .then();
    }

    private Mono<List<Long>> generations(String index) {
        String prefix = prefix(index);
        return connection
                .repeatable(
                        "read the aliases of index \"" + index + "\"",
                        client -> client.indices().getAlias(get -> get.index(index)))
                .map(answer -> answer.aliases().values().stream()
                        .flatMap(aliases -> aliases.aliases().keySet().stream())
                        .filter(alias -> alias.startsWith(prefix))
                        .map(alias -> alias.substring(prefix.length()))
                        .filter(number -> number.matches("\\d{1,18}"))
                        .map(Long::valueOf)
                        .toList());
    }

    static GapException missing(String index) {
        return new GapException(
                Kind.INDEX_REPLACED,
                index,
                "it is not there: it was deleted, or never created. All of its documents are missing.");
    }
}
