package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.signing.ServiceRefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Finds out once which engine answers, and its version. The version is that of the node that answers, from the nodes'
 * own information: {@code GET /} may be forbidden, and tells another version in compatibility mode. It is sent only if
 * the first answer lacks the mark of Elasticsearch.
 */
final class EngineIdentity {
    private static final Logger log = LoggerFactory.getLogger(EngineIdentity.class);
    private static final String WHAT = "tell its version";
    /** The one duration for which Reactor plans no end; until another one ended, a timer would hold a closed connection. */
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);
    /** The versions of OpenSearch began at 1 again and are far below this; older versions of Elasticsearch are out of use. */
    private static final int FIRST_OF_ELASTIC = 5;

    private final Function<Request, Mono<Answer>> exchange;
    private final EngineFailures failures;
    private final Optional<EngineKind> expected;
    private final Mono<EngineVersion> version;
    private volatile @Nullable EngineVersion found;

    EngineIdentity(Function<Request, Mono<Answer>> exchange, EngineFailures failures, Optional<EngineKind> expected) {
        this.exchange = exchange;
        this.failures = failures;
        this.expected = expected;
        this.version = Mono.defer(this::ask)
                .onErrorMap(error -> !(error instanceof SyncException), error -> failures.of(WHAT, error))
                .doOnNext(this::remember)
                .cache(known -> FOREVER, error -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** Of any engine, supported or not; fails if the engine does not tell. */
    Mono<EngineVersion> version() {
        return version;
    }

    /** Fails also if the engine is not the expected one, or its version is too old. */
    Mono<Void> supported() {
        return version.flatMap(known -> expected.filter(kind -> kind != known.kind())
                .map(kind -> Mono.<Void>error(failures.unexpected(known, kind)))
                .orElseGet(() -> known.isSupported() ? Mono.empty() : Mono.error(failures.tooOld(known))));
    }

    /** Empty until it was found out. */
    Optional<EngineKind> known() {
        return Optional.ofNullable(found).map(EngineVersion::kind);
    }

    private void remember(EngineVersion version) {
        found = version;
        failures.speakOf(version.kind());
        if (version.isSupported() && !version.isTried()) {
            log.warn("{}. {}", version.finding().message(), version.finding().remedy());
        }
    }

    private Mono<EngineVersion> ask() {
        return exchange.apply(new Request("GET", "/_nodes/_local?filter_path=nodes.*.version"))
                .flatMap(answer -> {
                    if (!answer.isSuccess()) {
                        return Mono.error(refused(answer));
                    }
                    String number = answer.json().findPath("version").asText();
                    return answer.hasElasticMark() ? marked(number) : unmarked(answer, number);
                })
                .onErrorResume(ServiceRefusedException::isOfOperation, this::withoutNodes);
    }

    /** For a hosting service that does not offer the question. */
    private Mono<EngineVersion> withoutNodes(Throwable refused) {
        return welcome().flatMap(welcome -> {
            String number = welcome.at("/version/number").asText();
            return number.isEmpty() ? Mono.error(refused) : of(welcome, number);
        });
    }

    /** Without the rights to ask, only the mark tells whose rights are needed. */
    private SyncException refused(Answer answer) {
        if (!answer.isForeign()) {
            failures.speakOf(answer.hasElasticMark() ? EngineKind.ELASTICSEARCH : EngineKind.OPENSEARCH);
        }
        return failures.of(WHAT, answer);
    }

    /** The node that was asked may be leaving its cluster, or may not know itself yet. */
    private static Mono<EngineVersion> marked(String number) {
        return number.isEmpty()
                ? Mono.error(
                        new SyncException(
                                Remedy.RETRY,
                                "Elasticsearch did not tell its version: its answer to GET /_nodes/_local names no node. Look at the state of the cluster if this lasts."))
                : Mono.just(new EngineVersion(EngineKind.ELASTICSEARCH, number));
    }

    /** A node of OpenSearch that names no version here may do so in its welcome. */
    private Mono<EngineVersion> unmarked(Answer answer, String number) {
        return welcome().flatMap(welcome -> {
            String told = number.isEmpty() && isOpenSearch(welcome)
                    ? welcome.at("/version/number").asText()
                    : number;
            return told.isEmpty() ? Mono.error(new ForeignAnswerException(answer)) : of(welcome, told);
        });
    }

    private static boolean isOpenSearch(JsonNode welcome) {
        return distribution(welcome).equals("opensearch");
    }

    private static String distribution(JsonNode welcome) {
        return welcome.at("/version/distribution").asText();
    }

    /** The information of the engine about itself; a missing node if we may not read it. */
    private Mono<JsonNode> welcome() {
        return exchange.apply(new Request("GET", "/"))
                .flatMap(answer ->
                        answer.isPassing() ? Mono.<Answer>error(failures.of(WHAT, answer)) : Mono.just(answer))
                .filter(Answer::isSuccess)
                .map(Answer::json)
                .onErrorResume(ForeignAnswerException.class, hidden -> Mono.empty())
                // The same login was good enough for the question before.
                .onErrorResume(ServiceRefusedException.class, hidden -> Mono.empty())
                .defaultIfEmpty(MissingNode.getInstance());
    }

    private Mono<EngineVersion> of(JsonNode welcome, String number) {
        String name = distribution(welcome);
        if (!name.isEmpty() && !isOpenSearch(welcome)) {
            return Mono.error(failures.unknownDistribution(name, number));
        }
        boolean elastic = welcome.path("tagline").asText().equals("You Know, for Search");
        var openSearch = new EngineVersion(EngineKind.OPENSEARCH, number);
        if (isOpenSearch(welcome) || (!elastic && openSearch.major() < FIRST_OF_ELASTIC)) {
            return Mono.just(openSearch);
        }
        var version = new EngineVersion(EngineKind.ELASTICSEARCH, number);
        return version.isSupported() ? Mono.error(failures.markLost(version)) : Mono.just(version);
    }
}
