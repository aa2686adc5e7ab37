package io.pgsync.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest5_client.Rest5ClientOptions;
import co.elastic.clients.transport.rest5_client.Rest5ClientTransport;
import co.elastic.clients.transport.rest5_client.low_level.Cancellable;
import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.RequestOptions;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.ResponseListener;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
 * The single connection pool to the engine: elasticsearch-java's typed client for administration, its low-level client
 * for raw bodies. Opening it sends nothing; {@link #check} does. Answers arrive on the client's I/O thread and are
 * passed to the given scheduler, which must be bounded and which the caller disposes. Requests are sent from that
 * scheduler too: leasing a connection can be interrupted, and a timer interrupts its thread when it is cancelled.
 */
public final class ElasticsearchConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ElasticsearchConnection.class);

    /** Elasticsearch 8 and 9 both accept it; version 8 refuses the client's own default, 9. */
    private static final String COMPATIBLE_JSON = "application/vnd.elasticsearch+json; compatible-with=8";

    private static final int FURTHER_ATTEMPTS = 3;
    private static final int FURTHER_ATTEMPTS_WHILE_BUSY = 10;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final Rest5Client rest;
    private final Rest5ClientTransport transport;
    private final ElasticsearchAsyncClient client;
    private final LoginTrust login = new LoginTrust(System::nanoTime);
    private final EngineFailures failures;
    private final Scheduler scheduler;
    private final SuspectConnections suspects;

    private ElasticsearchConnection(
            ElasticsearchSettings settings, Rest5Client rest, SuspectConnections suspects, Scheduler scheduler) {
        this.rest = rest;
        this.suspects = suspects;
        this.transport = new Rest5ClientTransport(rest, new JacksonJsonpMapper(), compatible());
        this.client = new ElasticsearchAsyncClient(transport);
        this.failures = new EngineFailures(settings.urls(), login);
        this.scheduler = scheduler;
    }

    /**
     * {@code scheduler}: answers are passed to it and requests are sent from it; {@link #close} does not dispose it.
     */
    public static ElasticsearchConnection open(ElasticsearchSettings settings, Scheduler scheduler) {
        var suspects = new SuspectConnections();
        return new ElasticsearchConnection(settings, restClient(settings, suspects), suspects, scheduler);
    }

    private static Rest5Client restClient(ElasticsearchSettings settings, SuspectConnections suspects) {
        ConnectionSettings limits = settings.connections();
        if (!settings.tls().verify()) {
            log.warn("The certificate check of Elasticsearch is off:"
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

    private static Rest5ClientOptions compatible() {
        return new Rest5ClientOptions(
                RequestOptions.DEFAULT.toBuilder()
                        .addHeader("Accept", COMPATIBLE_JSON)
                        .addHeader("Content-Type", COMPATIBLE_JSON)
                        .build(),
                false);
    }

    /**
     * Asks whether the engine answers, accepts our login and has a supported version; if not, fails with a
     * {@link SyncException} that says what to do.
     */
    public Mono<Void> check() {
        return call("ask for its health", client -> client.cluster().health())
                .then(EngineVersion.of(this))
                .flatMap(version -> version.isSupported() ? Mono.empty() : Mono.error(failures.tooOld(version)));
    }

    /** The finding about the engine's version. */
    public Mono<Finding> examineVersion() {
        return EngineVersion.of(this).map(EngineVersion::finding);
    }

    /** Runs one call of the typed client; {@code what} completes "Elasticsearch could not ..." in the message of a failure. */
    public <T> Mono<T> call(String what, Function<ElasticsearchAsyncClient, CompletableFuture<T>> call) {
        return Mono.fromFuture(() -> call.apply(client))
                .subscribeOn(scheduler)
                .publishOn(scheduler)
                .doOnSuccess(answer -> login.accepted())
                .onErrorMap(error -> !(error instanceof SyncException), error -> failures.of(what, error));
    }

    /**
     * As {@link #call}, for requests that may be sent twice: a failure that passes leads to a few more tries, or to
     * tries for some seconds if the engine is busy.
     */
    public <T> Mono<T> repeatable(String what, Function<ElasticsearchAsyncClient, CompletableFuture<T>> call) {
        return call(what, call)
                .retryWhen(Retry.backoff(FURTHER_ATTEMPTS_WHILE_BUSY, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(scheduler)
                        .filter(ElasticsearchConnection::isBusy)
                        .onRetryExhaustedThrow((spec, last) -> last.failure()))
                .retryWhen(Retry.backoff(FURTHER_ATTEMPTS, FIRST_PAUSE)
                        .scheduler(scheduler)
                        .filter(failure -> Remedy.passes(failure) && !isBusy(failure))
                        .onRetryExhaustedThrow((spec, last) -> last.failure()));
    }

    private static boolean isBusy(Throwable failure) {
        return failure.getCause() instanceof ElasticsearchException refused && refused.status() == TOO_MANY_REQUESTS;
    }

    /**
     * Sends a raw request. Every answer of the engine is a value, whatever its status. Without an answer the Mono
     * fails; most answers of a stranger count as none ({@link Answer#counts}).
     */
    public Mono<Answer> send(Request request) {
        return Mono.<Answer>create(sink -> {
                    Cancellable pending = rest.performRequestAsync(request, answerTo(sink));
                    sink.onCancel(pending::cancel);
                })
                .subscribeOn(scheduler)
                .publishOn(scheduler)
                .flatMap(answer -> answer.counts()
                        ? Mono.just(answer)
                        : Mono.error(new ForeignAnswerException(answer.described())))
                .doOnNext(answer -> {
                    if (answer.isSuccess()) {
                        login.accepted();
                    }
                });
    }

    /** Sends a raw request and reads the JSON in the answer; a refusal is an error as with {@link #call}. */
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

    private static ResponseListener answerTo(MonoSink<Answer> sink) {
        return new ResponseListener() {
            @Override
            public void onSuccess(Response response) {
                sink.success(Answer.of(response));
            }

            @Override
            public void onFailure(Exception failure) {
                if (failure instanceof ResponseException refused) {
                    sink.success(Answer.of(refused.getResponse()));
                } else {
                    sink.error(failure);
                }
            }
        };
    }

    /** The failure of a request, in words for the operator; {@code what} as in {@link #call}. */
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

    /**
     * How many requests a node did not answer, including those that another node answered when the client tried again.
     */
    public long unanswered() {
        return suspects.failures();
    }

    /** The scheduler that was given to {@link #open}. */
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void close() {
        try {
            transport.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The connections to Elasticsearch did not close", e);
        }
    }
}
