package io.pgsync.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SinkCommandIT {
    private final StringWriter output = new StringWriter();

    private static final String VERSION = Runtime.version().feature() < 24 ? "2.19.3" : "3.3.0";

    @Test
    void eachEngineIsMeasuredBesideARawClient(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("sink.json");

        int code = execute(
                "--engine=opensearch:" + VERSION, "--documents=200", "--rounds=1", "--warm-up=0", "--json=" + json);

        assertThat(code).as(output.toString()).isZero();
        JsonNode figures = Engine.JSON.readTree(json.toFile()).path("figures");
        assertThat(figures.findValuesAsText("work")).containsOnly("OpenSearch " + VERSION);
        assertThat(figures.findValuesAsText("name")).contains("limit: raw bulk", "sink", "sink / raw bulk");
    }

    @Test
    void anEngineThatNobodyKnowsIsRefused() {
        assertThat(execute("--engine=solr:9")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(output.toString()).contains("\"solr:9\" is not elasticsearch:VERSION or opensearch:VERSION");
    }

    private int execute(String... options) {
        return new CommandLine(new SinkCommand())
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(output))
                .execute(options);
    }
}
