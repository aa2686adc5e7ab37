package io.pgsync.elasticsearch.examination;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskWatermarksTest {
    private static final long GIGABYTE = 1L << 30;
    private static final Map<String, String> STANDARD =
            Map.of("watermark.low", "85%", "watermark.high", "90%", "watermark.flood_stage", "95%");

    @ParameterizedTest
    @CsvSource({"20, FINE", "14, WARNING", "9, WARNING", "4, PROBLEM"})
    void everyMarkHasItsConsequence(int freeGigabytes, Severity severity) {
        assertThat(judge(STANDARD, 100, freeGigabytes).severity()).isEqualTo(severity);
    }

    @Test
    void theHeadroomSparesLargeDisks() {
        Map<String, String> settings = Map.of(
                "watermark.low",
                "85%",
                "watermark.low.max_headroom",
                "200GB",
                "watermark.high",
                "90%",
                "watermark.high.max_headroom",
                "150GB",
                "watermark.flood_stage",
                "95%",
                "watermark.flood_stage.max_headroom",
                "100GB");

        assertThat(judge(settings, 10_000, 210).isFine()).isTrue();
        assertThat(judge(settings, 10_000, 120).severity()).isEqualTo(Severity.WARNING);
        assertThat(judge(settings, 10_000, 90).severity()).isEqualTo(Severity.PROBLEM);
    }

    @Test
    void sizesAndSharesAreMarksToo() {
        Map<String, String> settings =
                Map.of("watermark.low", "30gb", "watermark.high", "20gb", "watermark.flood_stage", "512mb");

        assertThat(judge(settings, 100, 25).message()).contains("75 % used: beyond 30gb no new shards");
        assertThat(judge(Map.of("watermark.flood_stage", "0.5"), 100, 40).severity())
                .isEqualTo(Severity.PROBLEM);
    }

    @Test
    void whereTheClusterDoesNotCareNothingIsWrong() {
        assertThat(judge(Map.of("threshold_enabled", "false", "watermark.flood_stage", "95%"), 100, 1)
                        .isFine())
                .isTrue();
    }

    /** Hosting services leave fields out. */
    @Test
    void whatTheEngineDoesNotTellIsNoProblem() {
        assertThat(new DiskWatermarks(JsonNodeFactory.instance.objectNode())
                        .judge(JsonNodeFactory.instance.objectNode()))
                .isEqualTo(Finding.fine("disk of a node", "not told by the engine"));
        assertThat(judge(Map.of(), 100, 1))
                .isEqualTo(Finding.fine("disk of a node", "99 % used, watermarks not told by the engine"));
    }

    private static Finding judge(Map<String, String> settings, long total, long free) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode defaults = answer.putObject("defaults");
        settings.forEach((name, value) -> defaults.put("cluster.routing.allocation.disk." + name, value));
        return new DiskWatermarks(answer).judge(node(total, free));
    }

    private static JsonNode node(long total, long free) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putObject("fs")
                .putObject("total")
                .put("total_in_bytes", total * GIGABYTE)
                .put("available_in_bytes", free * GIGABYTE);
        return node;
    }
}
