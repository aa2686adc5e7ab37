package io.pgsync.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.status.DatabaseStatus;
import io.pgsync.cli.status.RunFigures;
import io.pgsync.cli.status.RunFigures.IndexFigures;
import io.pgsync.core.change.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

class HealthTest {
    @ParameterizedTest
    @CsvSource({
        "false, true,  false, 503, starting",
        "true,  false, false, 503, loading",
        "true,  true,  false, 200, following",
        "true,  true,  true,  503, schema-drift",
        "true,  false, true,  503, schema-drift"
    })
    void readyIsOneThatFollowsAllOfItsDocuments(
            boolean following, boolean loaded, boolean drifted, int status, String state) {
        var health = new Health(List.of(new OneIndex(following, loaded, drifted)));

        assertThat(health.ready().status()).isEqualTo(status);
        assertThat(health.ready().body()).contains("\"shop\":\"" + state + "\"");
    }

    private record OneIndex(boolean following, boolean loaded, boolean drifted) implements FollowedDatabase {
        @Override
        public RunFigures figures() {
            return new RunFigures(
                    "shop",
                    following,
                    0,
                    0,
                    Lsn.ZERO,
                    Duration.ZERO,
                    0,
                    0,
                    Map.of("books", new IndexFigures(0, 0, 0, 0, 0, loaded, drifted)),
                    Optional.empty());
        }

        @Override
        public Mono<DatabaseStatus> status() {
            return Mono.empty();
        }

        @Override
        public Mono<Lsn> await(Lsn target) {
            return Mono.just(target);
        }

        @Override
        public Mono<Void> refresh(String index) {
            return Mono.empty();
        }
    }
}
