package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.freshness.ReadYourWrites;
import io.pgsync.embedded.LoopbackPort;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.kafka.KafkaServers;
import io.pgsync.torture.process.PgsyncProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The affected documents wait in Kafka. With {@code -Dpgsync.test.kafka.outage=600} the engine is away for as many seconds under a thousand changes
 * a second, and the log has the figures.
 */
class KafkaIT {
    private static final Logger log = LoggerFactory.getLogger(KafkaIT.class);
    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("pgsync.test.kafka.outage", 15));
    private static final long MOST_RETAINED = 64L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Map<String, String> KAFKA =
            Map.of("PGSYNC_KAFKA_BOOTSTRAP_SERVERS", KafkaServers.shared(), "PGSYNC_KAFKA_PARTITIONS", "3");

    @TempDir
    private Path directory;

    private Shop shop;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        assertThat(shop.sync(KAFKA).bootstrap()).isEqualTo(ExitCode.OK);
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.sync(KAFKA).tearDown();
        shop.close();
    }

    private Map<String, String> variables(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(KAFKA);
        variables.put("PG_URL", shop.url());
        variables.put("ELASTICSEARCH_URL", ElasticsearchServers.shared().url().toString());
        variables.putAll(more);
        return variables;
    }

    private PgsyncProcess daemon(Map<String, String> more) throws Exception {
        return PgsyncProcess.start(directory, variables(more), "-c", "schema.json", "-d", "-v");
    }

    /** What a command prints that never ends with a gap. */
    private String told(String command) throws Exception {
        try (var process = PgsyncProcess.start(directory, variables(Map.of()), command, "-c", "schema.json")) {
            assertThat(process.awaitWithin(PATIENCE).orElseThrow()).isNotEqualTo(ExitCode.GAP.code());
            return process.output();
        }
    }

    private boolean isRight() throws Exception {
        return shop.differences((ObjectNode) shop.schema().get(0), shop.index()).isEmpty();
    }

    @Test
    void changesOfEveryKindReachTheirDocuments() throws Exception {
        try (var daemon = daemon(Map.of())) {
            try (var writer = new BusyShop(shop)) {
                writer.goesOn();
            }
            await().atMost(PATIENCE).until(this::isRight);
            assertThat(told("status")).contains("log of work");
            // The only broker of the tests has no second copy.
            assertThat(told("doctor")).contains("Log of work of").contains("1 of 3 copies");
            assertThat(daemon.isRunning()).as(daemon.output()).isTrue();
        }
    }

    /** Each process takes up what the one before has left in the log. */
    @Test
    void aProcessThatDiesLeavesNothingBehind() throws Exception {
        try (var writer = new BusyShop(shop)) {
            for (int death = 0; death < 3; death++) {
                try (var killed = daemon(Map.of())) {
                    Lsn now = shop.position();
                    await().atMost(PATIENCE).until(() -> shop.confirmed().isAfter(now));
                    writer.goesOn();
                    assertThat(killed.isRunning()).as(killed.output()).isTrue();
                }
            }
        }

        assertThat(shop.sync(KAFKA).catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(isRight()).isTrue();
    }

    @Test
    void whoWaitsForAPositionReadsWhatItHolds() throws Exception {
        String port = Integer.toString(LoopbackPort.free());
        try (var daemon = daemon(Map.of("PGSYNC_HTTP_PORT", port))) {
            await().atMost(PATIENCE).until(this::isRight);
            var writes = ReadYourWrites.at(URI.create("http://127.0.0.1:" + port));
            for (int cycle = 0; cycle < 20; cycle++) {
                String title = "title " + cycle;
                shop.execute("UPDATE book SET title = '" + title + "' WHERE id = 1");

                assertThat(writes.awaitReadable(shop.position(), shop.index(), PATIENCE))
                        .succeedsWithin(PATIENCE);

                assertThat(shop.document("1")).contains('"' + title + '"');
            }
            assertThat(daemon.isRunning()).as(daemon.output()).isTrue();
        }
    }

    /** And who asks for the status then is not told of a gap. */
    @Test
    void theSlotIsFreeWhileTheEngineIsAway() throws Exception {
        try (var engine = SeverableProxy.to(ElasticsearchServers.shared().url().getPort());
                var daemon = daemon(Map.of("ELASTICSEARCH_URL", "http://127.0.0.1:" + engine.port()))) {
            await().atMost(PATIENCE).until(this::isRight);
            engine.sever();
            try (var writer = new BusyShop(shop)) {
                Lsn now = shop.position();
                writer.goesOn();
                await().atMost(PATIENCE).until(() -> shop.confirmed().isAfter(now));
                assertThat(isRight()).isFalse();
                assertThat(told("status")).contains("log of work").contains("roots wait");
            }
            engine.mend();

            await().atMost(PATIENCE).until(this::isRight);
            assertThat(daemon.isRunning()).as(daemon.output()).isTrue();
        }
    }

    /** The source keeps a bounded part of its log however long the engine is away, and afterwards nothing is missing. */
    @Test
    void whatComesWhileTheEngineIsAwayIsStoredFasterThanItCame() throws Exception {
        try (var engine = SeverableProxy.to(ElasticsearchServers.shared().url().getPort());
                var daemon = daemon(Map.of("ELASTICSEARCH_URL", "http://127.0.0.1:" + engine.port()))) {
            await().atMost(PATIENCE).until(this::isRight);
            long most;
            try (var writer = ThousandChanges.of(shop)) {
                engine.sever();
                most = mostRetainedWithin(OUTAGE);
                log.warn("{} changes/s, {} bytes retained at most", writer.perSecond(), most);
                engine.mend();
            }
            long mended = System.nanoTime();
            await().atMost(OUTAGE.plus(PATIENCE)).until(this::isRight);
            log.warn(
                    "Stored {} s after the last change",
                    Duration.ofNanos(System.nanoTime() - mended).toSeconds());

            assertThat(most).isLessThan(MOST_RETAINED);
            assertThat(daemon.isRunning()).as(daemon.output()).isTrue();
        }
    }

    private long mostRetainedWithin(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        long most = 0;
        while (System.nanoTime() < end) {
            most = Math.max(
                    most,
                    Long.parseLong(shop.ask(
                            "SELECT pg_current_wal_lsn() - confirmed_flush_lsn FROM pg_replication_slots, pg_sleep(0.5) WHERE slot_name = '"
                                    + shop.slot() + "'")));
        }
        return most;
    }

    /** A server that is away must not keep a process that is to stop. */
    @Test
    void whatCannotBeStoredInTimeIsTold() throws Exception {
        try (var engine = SeverableProxy.to(ElasticsearchServers.shared().url().getPort());
                var daemon = daemon(Map.of(
                        "ELASTICSEARCH_URL", "http://127.0.0.1:" + engine.port(), "PGSYNC_SHUTDOWN_TIMEOUT", "2"))) {
            await().atMost(PATIENCE).until(this::isRight);
            engine.sever();
            Lsn now = shop.position();
            shop.execute("UPDATE book SET title = 'Waits'");
            await().atMost(PATIENCE).until(() -> shop.confirmed().isAfter(now));

            assertThat(daemon.stop()).as(daemon.output()).isEqualTo(ExitCode.FAILURE.code());

            assertThat(daemon.output())
                    .contains("Stopped before everything under way was stored: it was not after 2 s");
        }
        assertThat(shop.sync(KAFKA).catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(isRight()).isTrue();
    }

    /** It cannot know what waits there. */
    @Test
    void whoGoesOnWithoutKafkaBeforeEverythingIsStoredIsToldOfTheGap() throws Exception {
        try (var engine = SeverableProxy.to(ElasticsearchServers.shared().url().getPort());
                var daemon = daemon(Map.of("ELASTICSEARCH_URL", "http://127.0.0.1:" + engine.port()))) {
            await().atMost(PATIENCE).until(this::isRight);
            engine.sever();
            Lsn now = shop.position();
            shop.execute("UPDATE book SET title = 'Waits'");
            await().atMost(PATIENCE).until(() -> shop.confirmed().isAfter(now));
            assertThat(daemon.isRunning()).as(daemon.output()).isTrue();
        }

        try (var without = daemon(Map.of("PGSYNC_KAFKA_BOOTSTRAP_SERVERS", ""))) {
            assertThat(without.awaitWithin(PATIENCE)).hasValue(ExitCode.GAP.code());
        }
    }
}
