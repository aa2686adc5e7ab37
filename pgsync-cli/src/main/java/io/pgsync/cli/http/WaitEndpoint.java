package io.pgsync.cli.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.runtime.report.FollowedDatabase;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code GET /wait}: answers as soon as the documents show what an application wrote, to reads or to searches. */
final class WaitEndpoint {
    private static final String DEFAULT_TIMEOUT = "30";
    /** A day: a client that asks for more wants no bound at all, and would keep the connection for ever. */
    private static final int MOST_SECONDS = 86_400;
    /** Stricter than Java, which also accepts NaN, Infinity and a trailing letter. */
    private static final Pattern TIMEOUT = Pattern.compile("(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?");

    private final Collection<FollowedDatabase> databases;

    WaitEndpoint(Collection<FollowedDatabase> databases) {
        this.databases = databases;
    }

    /**
     * A question.
     *
     * @param index all indexes if empty
     * @param refresh whether searches must find it too
     */
    private record Question(Lsn target, Optional<String> index, Duration timeout, boolean refresh) {
        static Question of(QueryStringDecoder query) {
            double seconds = seconds(first(query, "timeout").orElse(DEFAULT_TIMEOUT));
            Lsn target = first(query, "lsn")
                    .map(Lsn::parse)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "lsn is missing: take pg_current_wal_lsn() after" + " the commit"));
            return new Question(
                    target,
                    first(query, "index"),
                    Duration.ofMillis(Math.round(seconds * 1e3)),
                    first(query, "refresh").filter("true"::equals).isPresent());
        }

        private static double seconds(String text) {
            if (TIMEOUT.matcher(text).matches()) {
                double seconds = Double.parseDouble(text);
                if (seconds <= MOST_SECONDS) {
                    return seconds;
                }
            }
            throw new IllegalArgumentException(
                    "timeout is not a number of seconds from 0 to %d: \"%s\"".formatted(MOST_SECONDS, text));
        }

        private static Optional<String> first(QueryStringDecoder query, String name) {
            return query.parameters().getOrDefault(name, List.of()).stream().findFirst();
        }

        /** Clients name the index, or give the name that the schema file has for it. */
        boolean concerns(FollowedDatabase database, String name) {
            return index.map(given -> given.equals(name) || given.equals(database.nameOf(name)))
                    .orElse(true);
        }
    }

    Mono<Answer> answer(String uri) {
        return Mono.defer(() -> answer(Question.of(new QueryStringDecoder(uri))))
                .onErrorResume(
                        IllegalArgumentException.class,
                        failure -> Mono.just(Answer.refusal(Answer.BAD_REQUEST, String.valueOf(failure.getMessage()))));
    }

    private Mono<Answer> answer(Question question) {
        List<FollowedDatabase> concerned = databases.stream()
                .filter(database -> database.figures().indexes().keySet().stream()
                        .anyMatch(index -> question.concerns(database, index)))
                .toList();
        if (concerned.isEmpty()) {
            String unknown = question.index().orElse("");
            return Mono.just(Answer.refusal(Answer.NOT_FOUND, "index " + unknown + " is not followed here"));
        }
        return notFollowed(question)
                .map(Mono::just)
                // Asked again at the end: the index may have been set aside in the meantime.
                .orElseGet(() -> reached(question, concerned)
                        .map(answer -> notFollowed(question).orElse(answer)));
    }

    /** An answer at once for an index that is set aside: no change reaches it, however long the client waits. */
    private Optional<Answer> notFollowed(Question question) {
        List<String> aside = databases.stream()
                .flatMap(database -> database.figures().indexes().entrySet().stream()
                        .filter(index -> question.concerns(database, index.getKey())
                                && index.getValue().isSetAside()))
                .map(index -> index.getValue().divergence().map(Kind::word).orElse("") + ": " + index.getKey())
                .toList();
        return aside.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Answer.refusal(Answer.UNAVAILABLE, "not followed, stopped by " + String.join("; ", aside)));
    }

    private static Mono<Answer> reached(Question question, List<FollowedDatabase> concerned) {
        long began = System.nanoTime();
        return Flux.fromIterable(concerned)
                .flatMap(database -> database.await(question.target())
                        .flatMap(stored -> refreshed(database, question).thenReturn(stored)))
                .reduce((one, other) -> one.isAfter(other) ? other : one)
                .timeout(question.timeout())
                .map(stored -> reached(stored, began))
                .onErrorResume(TimeoutException.class, late -> Mono.just(late(question)));
    }

    private static Mono<Void> refreshed(FollowedDatabase database, Question question) {
        return question.refresh()
                ? Flux.fromIterable(database.figures().indexes().keySet())
                        .filter(index -> question.concerns(database, index))
                        .concatMap(database::refresh)
                        .then()
                : Mono.empty();
    }

    private static Answer reached(Lsn stored, long began) {
        return Answer.json(
                Answer.OK,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("position", stored.toString())
                        .put("waited_ms", (System.nanoTime() - began) / 1_000_000));
    }

    private static Answer late(Question question) {
        return Answer.refusal(
                Answer.TIMEOUT,
                "%s is not stored after %s s"
                        .formatted(question.target(), question.timeout().toMillis() / 1e3));
    }
}
