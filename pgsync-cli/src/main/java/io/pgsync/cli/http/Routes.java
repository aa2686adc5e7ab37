package io.pgsync.cli.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.pgsync.cli.status.StatusJson;
import io.pgsync.runtime.report.FollowedDatabase;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** The HTTP answers of a running process, by path. */
final class Routes {
    /** However many clients ask, the servers are asked for their state at most once in this time. */
    private static final Duration STATUS_AGE = Duration.ofSeconds(1);

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Health health;
    private final Metrics metrics;
    private final WaitEndpoint waits;
    private final Mono<Answer> status;

    Routes(Collection<FollowedDatabase> databases) {
        List<FollowedDatabase> followed = List.copyOf(databases);
        this.health = new Health(followed);
        this.metrics = new Metrics(followed);
        this.waits = new WaitEndpoint(followed);
        this.status = status(followed).cache(STATUS_AGE);
    }

    void addTo(HttpServerRoutes routes) {
        routes.get("/health/live", (request, response) -> send(response, Mono.fromSupplier(health::live)))
                .get("/health/ready", (request, response) -> send(response, Mono.fromSupplier(health::ready)))
                .get("/metrics", (request, response) -> send(response, Mono.fromSupplier(this::scraped)))
                .get("/status", (request, response) -> send(response, status))
                .get("/wait", (request, response) -> send(response, waited(request)));
    }

    private Answer scraped() {
        return new Answer(Answer.OK, PROMETHEUS, metrics.scrape());
    }

    private static Mono<Answer> status(List<FollowedDatabase> databases) {
        return Flux.fromIterable(databases)
                .concatMap(Routes::status)
                .collectList()
                .map(statuses -> Answer.json(Answer.OK, StatusJson.together(statuses)));
    }

    /** If one server does not answer, the others are still shown. */
    private static Mono<ObjectNode> status(FollowedDatabase database) {
        return database.status()
                .map(StatusJson::of)
                .onErrorResume(failure -> Mono.just(
                        StatusJson.unknown(database.figures().database(), String.valueOf(failure.getMessage()))));
    }

    private Mono<Answer> waited(HttpServerRequest request) {
        return Mono.defer(() -> {
            long began = System.nanoTime();
            return waits.answer(request.uri())
                    .doOnNext(answer -> metrics.waits().record(Duration.ofNanos(System.nanoTime() - began)));
        });
    }

    private static Mono<Void> send(HttpServerResponse response, Mono<Answer> answer) {
        return answer.onErrorResume(
                        failure -> Mono.just(Answer.refusal(Answer.FAILED, String.valueOf(failure.getMessage()))))
                .flatMap(ready -> response.status(ready.status())
                        .header(HttpHeaderNames.CONTENT_TYPE, ready.type())
                        .sendString(Mono.just(ready.body()))
                        .then());
    }
}
