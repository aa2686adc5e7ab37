package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Waits, by a short write block, until all writes that began before are over. A block that somebody else set stays. A
 * block of ours that a dead process left is recognized by a mark beside it, an alias. Each drain sets its own mark, so
 * the end of one does not remove the mark of another. Marks that a drain found at its beginning were left over, and are
 * removed with its own.
 */
final class WriteDrain {
    private static final int FURTHER_ATTEMPTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    /** Removed together with the block. */
    private static final String VERIFIED = "index.verified_read_only";

    private final ElasticsearchConnection connection;
    /** Not an alias. */
    private final String index;

    private final String mark;

    WriteDrain(ElasticsearchConnection connection, String index) {
        this.connection = connection;
        this.index = index;
        this.mark = marks(index) + "_" + UUID.randomUUID();
    }

    private static String marks(String index) {
        return index + "_pgsync_draining";
    }

    /** Whether an alias of an index shows that its write block is one of ours. {@code index}: not an alias. */
    static boolean isMark(String index, String alias) {
        return alias.startsWith(marks(index));
    }

    /** @param fence fences writers off, and sets all given aliases in the same step */
    Mono<Void> around(ConcreteIndex found, Function<Set<String>, Mono<Void>> fence) {
        return marked().flatMap(left -> isBlockedByOthers(found, left)
                .flatMap(kept -> kept
                        ? fence.apply(Set.of()).then(block(() -> Mono.error(this::blockedByOthers)))
                        : fence.apply(Set.of(mark))
                                .then(drain(isLeftBehind(found, left)))
                                .then(unmark(left))));
    }

    private static boolean isLeftBehind(ConcreteIndex found, Set<String> left) {
        return found.isWriteBlocked() && !left.isEmpty();
    }

    /**
     * A drain of ours may end between the looks at the block and at the marks. So if there is no mark, the block is
     * looked at again.
     */
    private Mono<Boolean> isBlockedByOthers(ConcreteIndex found, Set<String> marked) {
        return found.isWriteBlocked() && marked.isEmpty() ? isBlocked() : Mono.just(false);
    }

    /** Reads a list that always exists, because a 404 might come from a proxy. */
    private Mono<Set<String>> marked() {
        return ConcreteIndex.aliases(connection, index)
                .map(aliases ->
                        aliases.stream().filter(alias -> isMark(index, alias)).collect(Collectors.toSet()));
    }

    private Mono<Boolean> isBlocked() {
        return ConcreteIndex.find(connection, index)
                .map(ConcreteIndex::isWriteBlocked)
                .defaultIfEmpty(false);
    }

    /**
     * @param leftBehind whether there is a block of another process of ours already; it may be lifted, because the
     *     writers lack their alias
     */
    private Mono<Void> drain(boolean leftBehind) {
        Supplier<Mono<JsonNode>> untold = () -> (leftBehind ? unblock() : Mono.empty()).then(Mono.error(this::unknown));
        return Mono.usingWhen(Mono.just(index), blocked -> block(untold), blocked -> unblock())
                // Reactor wraps the failure of a cleanup.
                .onErrorMap(failure -> failure.getCause() instanceof SyncException cause ? cause : failure);
    }

    /**
     * The engine acknowledges the block when no write that began before it is under way. If there was a block already,
     * Elasticsearch 8.19 and 9 tell whether this holds, and OpenSearch does not.
     *
     * @param untold what to do if the engine does not tell
     */
    private Mono<Void> block(Supplier<Mono<JsonNode>> untold) {
        var request = new Request("PUT", Paths.index(index) + "/_block/write");
        return connection
                .json("block writes to index \"" + index + "\"", request)
                .filterWhen(answer -> isDrained(answer) ? Mono.just(true) : isDrainedBefore())
                .switchIfEmpty(Mono.defer(untold))
                .retryWhen(Retry.backoff(FURTHER_ATTEMPTS, FIRST_PAUSE)
                        .scheduler(connection.scheduler())
                        .filter(Remedy::passes)
                        .onRetryExhaustedThrow((spec, last) -> last.failure()))
                .then();
    }

    /** False if, for example, another process removed the block before all shards had it. */
    private static boolean isDrained(JsonNode answer) {
        boolean all = answer.path("acknowledged").asBoolean()
                && answer.path("shards_acknowledged").asBoolean();
        for (JsonNode one : answer.path("indices")) {
            all &= one.path("blocked").asBoolean();
        }
        return all;
    }

    /** The engine does not report an existing block that all shards have again; a setting of the index shows it. */
    private Mono<Boolean> isDrainedBefore() {
        String path = Paths.index(index) + "/_settings/index.blocks.write," + VERIFIED + "?flat_settings=true";
        return connection
                .json("look for the write block of index \"" + index + "\"", new Request("GET", path))
                .map(answer -> answer.path(index).path("settings"))
                .map(settings -> settings.path("index.blocks.write").asBoolean()
                        && settings.path(VERIFIED).asBoolean());
    }

    /** We may not lift it. While it is there, nothing can be written, so it is safe to wait. */
    private SyncException blockedByOthers() {
        return new SyncException(
                Remedy.RETRY,
                "Somebody blocked writes to index \"" + index
                        + "\", and the engine does not tell whether older ones are still under way. Take the block away: PUT /"
                        + index + "/_settings {\"index.blocks.write\": null}");
    }

    private SyncException unknown() {
        return new SyncException(
                Remedy.RETRY,
                "The engine did not tell whether older writes to index \"" + index + "\" are still under way.");
    }

    private Mono<Void> unblock() {
        var request = new Request("PUT", Paths.index(index) + "/_settings");
        request.setJsonEntity("{\"index.blocks.write\":false}");
        return connection.repeatable("unblock index \"" + index + "\"", request).then();
    }

    private Mono<Void> unmark(Set<String> left) {
        Set<String> ended = new HashSet<>(left);
        ended.add(mark);
        var change = new AliasChange(index);
        ended.forEach(alias -> change.remove(alias, false));
        return connection
                .repeatable("unblock index \"" + index + "\"", change.request())
                // The engine refuses a request that removes nothing: another process may have removed all marks.
                .onErrorResume(refused -> marked().flatMap(
                                rest -> Collections.disjoint(rest, ended) ? Mono.empty() : Mono.error(refused)))
                .then();
    }
}
