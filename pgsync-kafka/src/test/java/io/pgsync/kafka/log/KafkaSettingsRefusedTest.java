package io.pgsync.kafka.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.kafka.KafkaSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class KafkaSettingsRefusedTest {
    @Test
    void settingsThatNoClientTakesAreToldWithTheirReason() {
        expect(
                new KafkaSettings("localhost:1", Map.of("security.protocol", "NONSENSE")),
                Remedy.STOP,
                "security.protocol");
    }

    /** A name server that is away comes back. */
    @Test
    void aNameThatCannotBeResolvedMayBeLater() {
        expect(KafkaSettings.of("kafka.invalid:9092"), Remedy.RETRY, "No resolvable bootstrap urls");
    }

    private static void expect(KafkaSettings settings, Remedy remedy, String reason) {
        StepVerifier.create(KafkaWorkLog.of(settings, "pgsync", "slot", 1).own(1, position -> {}))
                .verifyErrorSatisfies(failure -> {
                    assertThat(failure)
                            .isInstanceOf(SyncException.class)
                            .hasMessageStartingWith("Kafka's client for " + settings.bootstrapServers())
                            .hasMessageContaining(reason);
                    assertThat(remedy.isOf(failure)).isTrue();
                });
    }
}
