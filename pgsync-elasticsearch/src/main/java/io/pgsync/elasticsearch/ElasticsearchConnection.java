package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Cancellable;
import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.ResponseListener;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.signing.ServiceRefusal;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * The single connection pool to the engine: the low-level client of elasticsearch-java, which sends the same requests to
 * every engine. Opening it sends nothing; before the first request, it asks which engine this is. Answers arrive on the
 * client's I/O thread and are passed to the given scheduler, which must be bounded and which the caller disposes.
 * Requests are sent from that scheduler too: leasing a connection can be interrupted, and a timer interrupts its thread
 * when it is cancelled.
 */
public final class ElasticsearchConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ElasticsearchConnection.class);

    private static final int FURTHER_ATTEMPTS = 3;
    private static final int FURTHER_ATTEMPTS_WHILE_BUSY = 10;
    private static final Predicate<Throwable> BUSY = RefusedRequestException.withStatus(429);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final Rest5Client rest;
    private final Authentication authentication;
    private final LoginTrust login = new LoginTrust(System::nanoTime);
    private final EngineFailures failures;
    private final EngineIdentity identity;
    private final Scheduler scheduler;
    private final AtomicLong repeats = new AtomicLong();
    /** What {@link #close} closes. */
    private final Closeable owned;

    private ElasticsearchConnection(
            List<URI> urls,
            Optional<EngineKind> expected,
            Authentication authentication,
            Rest5Client rest,
            Closeable owned,
            Scheduler scheduler) {
        this.rest = rest;
        this.authentication = authentication;
        this.owned = owned;
        this.failures = new EngineFailures(urls, login);
        this.scheduler = scheduler;
        this.identity = new EngineIdentity(this::exchange, failures, expected);
    }

    /**
     * {@code scheduler}: answers are passed to it and requests are sent from it; {@link #close} does not dispose it.
     */
    public static ElasticsearchConnection open(ElasticsearchSettings settings, Scheduler scheduler) {
        Rest5Client rest = restClient(settings, new SuspectConnections());
        return new ElasticsearchConnection(
                settings.urls(), settings.expected(), settings.authentication(), rest, rest, scheduler);
    }

    /**
     * Over a client of the application, with the client's addresses, login, certificates, time limits and number of
     * connections; {@link #close} leaves it open. The client must have been built with
     * {@code disableAutomaticRetries()}, because otherwise it may send a write twice without a sign, and with
     * {@code disableRedirectHandling()} if a proxy on the way may redirect to a login page.
     */
    public static ElasticsearchConnection over(Rest5Client client, Scheduler scheduler) {
        List<URI> urls = client.getNodes().stream()
                .map(node -> URI.create(node.getHost().toURI()))
                .toList();
        return new ElasticsearchConnection(
                urls, Optional.empty(), new Authentication.None(), client, () -> {}, scheduler);
    }

    private static Rest5Client restClient(ElasticsearchSettings settings, SuspectConnections suspects) {
        ConnectionSettings limits = settings.connections();
        if (!settings.tls().verify()) {
            log.warn("The certificate check of the search engine is off:"
                    + " whoever is in between can read and change everything");
        }
        TlsStrategy tls = settings.isPlain() ? TlsContext.unused() : new TlsContext(settings.tls()).strategy();
        Timeout requestTimeout = Timeout.of(limits.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return Rest5Client.builder(settings.urls())
                .setDefaultHeaders(defaultHeaders(settings.authentication()))
                .setConnectionConfigCallback(connection -> connection
                        .setConnectTimeout(limits.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .setSocketTimeout(requestTimeout))
                .setRequestConfigCallback(request -> request.setResponseTimeout(requestTimeout))
                .setConnectionManagerCallback(pool -> pool.setTlsStrategy(tls)
                        .setMaxConnPerRoute(limits.maxConnections())
                        .setMaxConnTotal(
                                limits.maxConnections() * settings.urls().size()))
                .setHttpClientConfigCallback(http -> {
                    // The engine never redirects; behind a redirect, a login page would get requests that are meant for
                    // the engine.
                    http.disableRedirectHandling();
                    // The sender of a request must know how often it was sent.
                    http.disableAutomaticRetries();
                    if (settings.authentication() instanceof Authentication.Signed signed) {
                        http.addExecInterceptorLast("signature", new SignedExchange(signed.signer()));
                    }
                    suspects.watch(http.getConnManager());
                })
                .setFailureListener(suspects)
                .build();
    }

    private static Header[] defaultHeaders(Authentication authentication) {
        return authentication.header().stream()
                .map(value -> new BasicHeader("Authorization", value))
                .toArray(Header[]::new);
    }

    /**
     * Asks whether the engine answers, accepts our login and is one that we know; if not, fails with a
     * {@link SyncException} that says what to do.
     */
    public Mono<Void> check() {
        return json("ask for its health", new Request("GET", "/_cluster/health"))
                .then();
    }

    /** The kind of this engine, which is asked once. */
    public Mono<EngineKind> kind() {
        return identity.version().map(EngineVersion::kind);
    }

    /** The finding about the engine's version. */
    public Mono<Finding> examineVersion() {
        return identity.version().map(EngineVersion::finding);
    }

    /**
     * As {@link #json}, for requests that may be sent twice: a failure that passes leads to a few more tries, or to
     * tries for some seconds if the engine is busy.
     */
    public Mono<JsonNode> repeatable(String what, Request request) {
        return repeated(json(what, request));
    }

    /** The same for any question whose failures are those of {@link #failure}. */
    public <T> Mono<T> repeated(Mono<T> question) {
        return question.retryWhen(Retry.backoff(FURTHER_ATTEMPTS_WHILE_BUSY, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(scheduler)
                        .filter(BUSY)
                        .onRetryExhaustedThrow((spec, last) -> last.failure()))
                .retryWhen(Retry.backoff(FURTHER_ATTEMPTS, FIRST_PAUSE)
                        .scheduler(scheduler)
                        .filter(failure -> Remedy.passes(failure) && !BUSY.test(failure))
                        .onRetryExhaustedThrow((spec, last) -> last.failure()));
    }

    /**
     * Sends a request. Every answer of the engine is a value, whatever its status. Without an answer the Mono fails;
     * most answers of a stranger count as none ({@link Answer#counts}). If we do not know the engine, the Mono fails
     * before anything is sent.
     */
    public Mono<Answer> send(Request request) {
        return identity.supported().then(Mono.defer(() -> exchange(request)));
    }

    private Mono<Answer> exchange(Request request) {
        return Mono.<Answer>create(sink -> {
                    Cancellable pending = rest.performRequestAsync(CountedRequest.of(request, repeats), answerTo(sink));
                    sink.onCancel(pending::cancel);
                })
                .subscribeOn(scheduler)
                .publishOn(scheduler)
                .flatMap(answer -> answer.counts() ? Mono.just(answer) : Mono.error(byAStranger(request, answer)))
                .doOnNext(answer -> {
                    if (answer.isSuccess()) {
                        login.accepted();
                    }
                });
    }

    /** The hosting service is no stranger: it speaks for itself, and what it refuses must be corrected. */
    private Exception byAStranger(Request request, Answer answer) {
        Optional<ServiceRefusal> refusal = authentication instanceof Authentication.Signed signed
                ? signed.signer().refusal(answer.status(), answer.text())
                : Optional.empty();
        return refusal.<Exception>map(found -> failures.refused(request, found))
                .orElseGet(() -> new ForeignAnswerException(answer));
    }

    /**
     * Sends a request and reads the JSON in the answer; anything else is a {@link SyncException}. {@code what} completes
     * "The search engine could not ..." in its message.
     */
    public Mono<JsonNode> json(String what, Request request) {
        return send(request)
                .map(answer -> {
                    if (!answer.isSuccess()) {
                        throw failures.of(what, answer);
                    }
                    return answer.json();
                })
                .onErrorMap(error -> !(error instanceof SyncException), error -> failures.of(what, error));
    }

    private ResponseListener answerTo(MonoSink<Answer> sink) {
        return new ResponseListener() {
            @Override
            public void onSuccess(Response response) {
                sink.success(Answer.of(response, identity.known()));
            }

            @Override
            public void onFailure(Exception failure) {
                if (failure instanceof ResponseException refused) {
                    sink.success(Answer.of(refused.getResponse(), identity.known()));
                } else {
                    sink.error(failure);
                }
            }
        };
    }

    /** The failure of a request, in words for the operator; {@code what} as in {@link #json}. */
    public SyncException failure(String what, Throwable cause) {
        return failures.of(what, cause);
    }

    /** The same for an answer that is a refusal. */
    public SyncException failure(String what, Answer answer) {
        return failures.of(what, answer);
    }

    /** The same for the refusal of a part, such as one search of several. */
    public SyncException failure(String what, EngineError error) {
        return failures.of(what, error);
    }

    /** How often a request was sent again to another node, so that the one before may still be under way. */
    public long repeats() {
        return repeats.get();
    }

    /** The scheduler that was given. */
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void close() {
        try {
            owned.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The connections to the search engine did not close", e);
        }
    }
}
