package io.pgsync.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {
    @TempDir
    private Path directory;

    @Test
    void theFileIsPassedOnAndOurOwnPropertiesWin() throws IOException {
        Path file = Files.writeString(
                directory.resolve("client.properties"),
                "security.protocol=SASL_SSL\nacks=0\nbootstrap.servers=elsewhere:1\nsasl.jaas.config=login required password=\"secret\";\n");
        KafkaSettings settings = KafkaSettings.of("here:9092,there:9092").withFile(file);

        assertThat(settings.with(Map.of("acks", "all")))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("acks", "all")
                .containsEntry("bootstrap.servers", "here:9092,there:9092");
        assertThat(settings)
                .hasToString("here:9092,there:9092 [acks, bootstrap.servers, sasl.jaas.config, security.protocol]");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> KafkaSettings.of("here:9092").withFile(directory.resolve("none")))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("Cannot read the Kafka properties in " + directory.resolve("none"));
    }
}
