package io.pgsync.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoadCommandIT {
    @Test
    void aSmallLoadGivesEveryFigure(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("load.json");
        var output = new StringWriter();
        var command = new CommandLine(new LoadCommand())
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(output));

        int code = command.execute(
                "--books=500",
                "--changes=3",
                "--kafka",
                "--pg-url=" + PostgresServers.shared().url("postgres"),
                "--elasticsearch-url=" + ElasticsearchServers.shared().url(),
                "--json=" + json);

        assertThat(code).as(output.toString()).isZero();
        JsonNode figures = Engine.JSON.readTree(json.toFile()).path("figures");
        assertThat(figures.findValuesAsText("name"))
                .contains(
                        "limit: COPY of the document query",
                        "limit: raw bulk, before",
                        "pgsync / raw bulk",
                        "built and stored",
                        "p99",
                        "time of one change, p50");
        assertThat(figures)
                .allSatisfy(figure -> assertThat(figure.path("value").asDouble())
                        .as(figure.path("name").asText())
                        .isPositive());
    }
}
