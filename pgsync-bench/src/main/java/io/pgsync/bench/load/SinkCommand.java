package io.pgsync.bench.load;

import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.EngineBuilder;
import io.pgsync.embedded.elasticsearch.EngineFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bench.jar sink}: the sink library alone beside a raw client, on each engine in turn. Ends 0 when all was measured. */
@Command(
        name = "sink",
        description = "Stores documents by the sink and by a raw client in turn, on embedded search engines.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class SinkCommand implements Callable<Integer> {
    private static final String HEAP = "1g";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = "--engine",
            converter = Version.Converter.class,
            description = "elasticsearch:VERSION or opensearch:VERSION; may be repeated (default: ${DEFAULT-VALUE}).",
            defaultValue = "elasticsearch:8.19.21",
            arity = "1")
    private List<Version> engines = List.of();

    @Option(names = "--documents", description = "Documents a round (default: ${DEFAULT-VALUE}).")
    private int documents = 30_000;

    @Option(names = "--rounds", description = "Rounds of both; the medians count (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
            names = "--warm-up",
            description = "Documents for each of both before the clock runs (default: ${DEFAULT-VALUE}).")
    private int warmUp = 120_000;

    @Option(names = "--json", description = "Where the figures go as JSON (default: ${DEFAULT-VALUE}).")
    private Path json = Path.of("sink.json");

    @Override
    public Integer call() throws IOException, SQLException {
        if (documents < 1 || rounds < 1) {
            throw new ParameterException(spec.commandLine(), "At least one document and one round are needed.");
        }
        var report = new Report(spec.commandLine().getOut());
        for (Version version : engines) {
            report.say("Starting " + version + " ...");
            try (ElasticsearchServer server = version.start()) {
                new SinkRun(server.url(), report.section(version.toString())).run(documents, rounds, warmUp);
            }
        }
        report.write(json);
        report.say("Written to " + json.toAbsolutePath());
        return 0;
    }

    private record Version(EngineFamily family, String number) {
        ElasticsearchServer start() {
            EngineBuilder<?, ?> builder = family.builder();
            return builder.version(number).heap(HEAP).fullSpeed().start();
        }

        @Override
        public String toString() {
            return family.label() + " " + number;
        }

        private static final class Converter implements ITypeConverter<Version> {
            @Override
            public Version convert(String text) {
                String[] parts = text.split(":", 2);
                try {
                    return new Version(EngineFamily.valueOf(parts[0].toUpperCase(Locale.ROOT)), parts[1]);
                } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                    throw new TypeConversionException(
                            "\"" + text + "\" is not elasticsearch:VERSION or opensearch:VERSION");
                }
            }
        }
    }
}
