package io.pgsync.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class SharedStatusTest {
    private static final int CLIENTS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicInteger looks = new AtomicInteger();
    private final Sinks.Empty<DatabaseStatus> servers = Sinks.empty();

    @Test
    void manyClientsShareOneLookAtTheServers() throws Exception {
        var client = HttpClient.newHttpClient();
        try (var endpoints = HttpEndpoints.open("127.0.0.1", 0, List.of(new CountedDatabase("shop")))) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoints.port() + "/status"))
                    .build();
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                    .toList();

            servers.tryEmitEmpty();

            for (var answer : answers) {
                assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).body())
                        .contains("databases");
            }
            // Those that came a second after the first look had another.
            assertThat(looks.get()).isBetween(1, CLIENTS / 6);
        }
    }

    @Test
    void aServerThatDoesNotAnswerHidesNoOther() throws Exception {
        servers.tryEmitError(new SyncException(Remedy.RETRY, "PostgreSQL does not answer"));
        var databases = List.<FollowedDatabase>of(new CountedDatabase("shop"), new CountedDatabase("bank"));
        try (var endpoints = HttpEndpoints.open("127.0.0.1", 0, databases)) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoints.port() + "/status"))
                    .build();

            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains(
                            "{\"database\":\"shop\",\"failure\":\"PostgreSQL does not answer\"}",
                            "{\"database\":\"bank\",\"failure\":\"PostgreSQL does not answer\"}");
        }
    }

    private final class CountedDatabase implements FollowedDatabase {
        private final FixedDatabase fixed;

        CountedDatabase(String name) {
            this.fixed = new FixedDatabase(name, true, new IndexFigures(0, 0, 0, 0, 0, true, Optional.empty()));
        }

        @Override
        public RunFigures figures() {
            return fixed.figures();
        }

        @Override
        public Optional<LoadProgress> load() {
            return fixed.load();
        }

        @Override
        public Mono<DatabaseStatus> status() {
            return Mono.defer(() -> {
                looks.incrementAndGet();
                return servers.asMono();
            });
        }

        @Override
        public Mono<Lsn> await(Lsn target) {
            return fixed.await(target);
        }

        @Override
        public Mono<Void> refresh(String index) {
            return fixed.refresh(index);
        }
    }
}
