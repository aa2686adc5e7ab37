package io.pgsync.elasticsearch.index;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Makes sure that only one generation writes to an index. Documents are written through an alias with the writer's
 * generation in its name; without the alias, every later write through it fails. A writer renews its own alias in the
 * same way, to be sure about a request that was never answered.
 */
public final class Generations {
    /** Between the index's name and the number. */
    private static final String WRITER = "_pgsync_g";

    /** The end of an alias, after the index's name: the generation, and how often its writer renewed it. */
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})(?:_\\d{1,9})?");

    private final ElasticsearchConnection connection;

    public Generations(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    public static String alias(String index, long generation) {
        return prefix(index) + generation;
    }

    /** The alias after that many renewals by its writer. */
    public static String alias(String index, long generation, int renewals) {
        return renewals == 0 ? alias(index, generation) : alias(index, generation) + "_" + renewals;
    }

    private static String prefix(String index) {
        return index + WRITER;
    }

    /** Whatever the alias begins with: the index may have had another name when an earlier writer took it over. */
    private static OptionalLong generationOf(String alias) {
        int end = alias.lastIndexOf(WRITER);
        Matcher number = NUMBER.matcher(end < 0 ? "" : alias.substring(end + WRITER.length()));
        return number.matches() ? OptionalLong.of(Long.parseLong(number.group(1))) : OptionalLong.empty();
    }

    /**
     * Makes {@code generation} the only one that can write, and completes when no request of an older one is under way.
     * Idempotent. Fails with {@link StateConflictException} if there is a newer generation.
     */
    public Mono<Void> takeOver(String index, long generation) {
        return found(index)
                .flatMap(found -> new WriteDrain(connection, found.name())
                        .around(found, marks -> moveAlias(index, found.name(), generation, marks)));
    }

    /**
     * Replaces {@code alias} by {@code next}, and completes when no request that was sent through {@code alias} is
     * under way. Idempotent. Fails if somebody else removed {@code alias}.
     */
    public Mono<Void> renew(String index, String alias, String next) {
        return found(index)
                .flatMap(found -> new WriteDrain(connection, found.name())
                        .around(found, marks -> exchange(index, found.name(), alias, next, marks)));
    }

    private Mono<ConcreteIndex> found(String index) {
        return ConcreteIndex.find(connection, index).switchIfEmpty(Mono.error(() -> missing(index)));
    }

    /** Whether an alias of an index shows that a take-over blocks its writes. {@code index}: not an alias. */
    public static boolean marksTakeOver(String index, String alias) {
        return WriteDrain.isMark(index, alias);
    }

    /** The newest generation that has an alias. Fails if the index is missing. */
    public Mono<OptionalLong> newest(String index) {
        return aliases(index).map(aliases -> newest(aliases));
    }

    private static OptionalLong newest(Set<String> aliases) {
        return aliases.stream()
                .flatMapToLong(alias -> generationOf(alias).stream())
                .max();
    }

    private Mono<Void> moveAlias(String index, String concrete, long generation, Set<String> marks) {
        return aliases(index).flatMap(found -> {
            if (newest(found).orElse(0) > generation) {
                return Mono.error(new StateConflictException(index));
            }
            Set<String> writers = found.stream()
                    .filter(alias -> generationOf(alias).isPresent())
                    .collect(Collectors.toSet());
            String own = alias(index, generation);
            Set<String> ours = new HashSet<>(marks);
            ours.add(own);
            // Looks again, because another process may have changed something between the two requests.
            return writers.equals(Set.of(own)) && found.containsAll(ours)
                    ? Mono.empty()
                    : replace(index, concrete, writers, ours)
                            .then(Mono.defer(() -> moveAlias(index, concrete, generation, marks)));
        });
    }

    private Mono<Void> exchange(String index, String concrete, String alias, String next, Set<String> marks) {
        return aliases(index).flatMap(found -> {
            long generation = generationOf(alias).orElse(0);
            if (newest(found).orElse(-1) > generation) {
                return Mono.error(new StateConflictException(index));
            }
            Set<String> removed = Stream.of(alias, next).filter(found::contains).collect(Collectors.toSet());
            if (removed.isEmpty()) {
                return Mono.error(replaced(index, generation));
            }
            Set<String> ours = new HashSet<>(marks);
            ours.add(next);
            return removed.equals(Set.of(next)) && found.containsAll(ours)
                    ? Mono.empty()
                    : replace(index, concrete, removed, ours)
                            .then(Mono.defer(() -> exchange(index, concrete, alias, next, marks)));
        });
    }

    /**
     * All changes at once, or none if one of {@code removed} is missing: so a request that arrives late undoes no later
     * one. For this reason, an alias that stays is removed and added.
     */
    private Mono<Void> replace(String index, String concrete, Set<String> removed, Set<String> added) {
        var change = new AliasChange(concrete);
        removed.forEach(alias -> change.remove(alias, true));
        added.forEach(change::addHidden);
        return connection
                .json("take over index \"" + index + "\"", change.request())
                .onErrorResume(Generations::isMissingAlias, changed -> Mono.empty())
                .then();
    }

    private static boolean isMissingAlias(Throwable failure) {
        return RefusedRequestException.in(failure)
                .filter(error -> error.status() == 404 && !error.type().equals("index_not_found_exception"))
                .isPresent();
    }

    private Mono<Set<String>> aliases(String index) {
        return ConcreteIndex.aliases(connection, index);
    }

    public static GapException replaced(String index, long generation) {
        return new GapException(
                Kind.INDEX_REPLACED,
                index,
                "it was deleted and created again, or the alias " + alias(index, generation)
                        + " was taken from it, so documents may be missing.");
    }

    static GapException missing(String index) {
        return new GapException(
                Kind.INDEX_REPLACED,
                index,
                "it is not there: it was deleted, or never created. All of its documents are missing.");
    }
}
