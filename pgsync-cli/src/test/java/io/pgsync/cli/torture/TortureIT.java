package io.pgsync.cli.torture;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgsync.cli.console.Terminal;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form: some trees whose seeds never change. {@code pgsync torture} goes on from there. */
class TortureIT {
    private static final int HISTORIES = 10;
    /** For a tree: on a slow machine fewer histories have to do. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static OwnServers servers;

    @BeforeAll
    static void start() {
        servers = OwnServers.start();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyDocumentIsRightAtEveryQuietPoint(long seed) {
        var torture = new Torture(Terminal.standardOutput(), servers);

        assertThatCode(() -> torture.run(seed, HISTORIES, LONGEST)).doesNotThrowAnyException();
    }
}
