package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.torture.process.PgsyncProcess;
import io.pgsync.torture.server.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two processes of one schema file: the second takes over from the first, however that one comes to its end. With
 * {@code -Dpgsync.test.takeovers=20} each way is gone twenty times, and the log has the figures.
 */
class StandByIT {
    private static final Logger log = LoggerFactory.getLogger(StandByIT.class);
    private static final int ROUNDS = Integer.getInteger("pgsync.test.takeovers", 1);
    private static final Duration START = Duration.ofSeconds(60);
    /** PostgreSQL itself would give the slot back after a minute (wal_sender_timeout). */
    private static final Duration SOONER_THAN_THE_SERVER = Duration.ofSeconds(40);

    private final Servers servers = Servers.shared();
    private final List<Long> millis = new ArrayList<>();

    @TempDir
    private Path directory;

    /** What comes over the first process, and how it comes back. */
    private interface Fate {
        void strike(PgsyncProcess first) throws Exception;

        /** Gives the exit code that is expected; -1 if it is not to come back. */
        int comeBack(PgsyncProcess first) throws Exception;
    }

    @Test
    void fromAProcessThatWasKilled() throws Exception {
        takeOver(servers.environment(), new Fate() {
            @Override
            public void strike(PgsyncProcess first) {
                first.close();
            }

            @Override
            public int comeBack(PgsyncProcess first) {
                return -1;
            }
        });
    }

    @Test
    void fromAProcessThatWasFrozenAndEndsWhenItGoesOn() throws Exception {
        takeOver(servers.environment(), new Fate() {
            @Override
            public void strike(PgsyncProcess first) throws IOException {
                first.freeze(true);
            }

            @Override
            public int comeBack(PgsyncProcess first) throws IOException {
                first.freeze(false);
                return ExitCode.TAKEN_OVER.code();
            }
        });
    }

    @Test
    void fromAProcessThatWasCutOffAndEndsWhenItIsConnectedAgain() throws Exception {
        try (var postgres = SeverableProxy.to(servers.postgres().port());
                var engine = SeverableProxy.to(servers.elasticsearch().url().getPort())) {
            takeOver(servers.environment(postgres.port(), engine.port()), new Fate() {
                @Override
                public void strike(PgsyncProcess first) {
                    postgres.sever();
                    engine.sever();
                }

                @Override
                public int comeBack(PgsyncProcess first) {
                    postgres.mend();
                    engine.mend();
                    return ExitCode.TAKEN_OVER.code();
                }
            });
        }
    }

    @Test
    void aProcessThatStandsByEndsWellWhenItIsStopped() throws Exception {
        try (var shop = Shop.open(directory)) {
            shop.sync(Map.of()).bootstrap();
            try (var first = start(servers.environment())) {
                awaitRight(shop, START);
                try (var second = start(servers.environment())) {
                    await().atMost(START).until(() -> second.output().contains("stands by"));

                    assertThat(second.stop()).as(second.output()).isEqualTo(ExitCode.OK.code());
                }
                assertThat(first.stop()).as(first.output()).isEqualTo(ExitCode.OK.code());
            }
        }
    }

    /** {@code way}: how the first one reaches the servers. */
    private void takeOver(Map<String, String> way, Fate fate) throws Exception {
        try (var shop = Shop.open(directory)) {
            shop.sync(Map.of()).bootstrap();
            for (int round = 1; round <= ROUNDS; round++) {
                takeOver(shop, round, way, fate);
            }
        }
        log.warn("Taken over after {} ms", millis);
    }

    private void takeOver(Shop shop, int round, Map<String, String> way, Fate fate) throws Exception {
        try (var first = start(way)) {
            rename(shop, "Of the first " + round);
            awaitRight(shop, START);
            try (var second = start(servers.environment())) {
                await().atMost(START).until(() -> second.output().contains("stands by"));
                fate.strike(first);
                long struck = System.nanoTime();
                rename(shop, "Of the second " + round);
                awaitRight(shop, SOONER_THAN_THE_SERVER);
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - struck));

                int expected = fate.comeBack(first);
                if (expected >= 0) {
                    assertThat(first.await()).as(first.output()).isEqualTo(expected);
                }
                rename(shop, "Still followed " + round);
                awaitRight(shop, START);
                assertThat(second.stop()).as(second.output()).isEqualTo(ExitCode.OK.code());
            }
        }
    }

    private PgsyncProcess start(Map<String, String> environment) throws IOException {
        return PgsyncProcess.start(directory, environment, "-c", "schema.json", "-d", "-v");
    }

    private static void rename(Shop shop, String title) throws Exception {
        shop.execute(
                "UPDATE book SET title = '" + title + "' WHERE id = 1; UPDATE review SET stars = 3 WHERE book_id = 2");
    }

    private static void awaitRight(Shop shop, Duration patience) {
        await().atMost(patience)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
    }
}
