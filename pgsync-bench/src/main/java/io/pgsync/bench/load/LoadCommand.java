package io.pgsync.bench.load;

import io.pgsync.embedded.ServerInstance;
import io.pgsync.embedded.StopSignal;
import io.pgsync.embedded.kafka.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench.jar load}: the end-to-end load. Ends 0 when all was measured, whether or not the targets were met. */
@Command(
        name = "load",
        description = "Loads a book shop and follows its changes, beside the limits of the servers.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class LoadCommand implements Callable<Integer> {
    private static final int UPDATES_ROUNDED_TO = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(names = "--books", description = "Books to load (default: ${DEFAULT-VALUE}; at least 100).")
    private int books = 200_000;

    @Option(names = "--updates", description = "Books to update, 100 a transaction (default: a quarter of all).")
    private Optional<Integer> updates = Optional.empty();

    @Option(names = "--changes", description = "Single changes to time (default: ${DEFAULT-VALUE}).")
    private int changes = 200;

    @Option(
            names = "--pg-url",
            description = "postgresql://user:password@host:port of a superuser; the database bookshop must not be there"
                    + " (default: an embedded server).")
    private Optional<URI> postgres = Optional.empty();

    @Option(names = "--elasticsearch-url", description = "http://host:port (default: an embedded server).")
    private Optional<URI> elasticsearch = Optional.empty();

    @Option(
            names = "--kafka",
            description =
                    "Follows the changes a second time with Kafka between source and documents (an embedded broker).")
    private boolean kafka;

    @Option(names = "--json", description = "Where the figures go as JSON (default: ${DEFAULT-VALUE}).")
    private Path json = Path.of("load.json");

    @Option(
            names = "--jvm-option",
            description = "An option for the product's Java, such as -Xmx256m; may be repeated.",
            arity = "1")
    private List<String> jvmOptions = List.of();

    @Override
    public Integer call() throws IOException, SQLException {
        if (books < Bookshop.FEWEST_BOOKS || changes < 1) {
            throw new ParameterException(spec.commandLine(), "At least 100 books and one change are needed.");
        }
        int updated = Math.min(books, updates.orElse(books / 4)) / UPDATES_ROUNDED_TO * UPDATES_ROUNDED_TO;
        var report = new Report(spec.commandLine().getOut());
        report.say("Starting the servers ...");
        try (var servers = Servers.start(postgres, elasticsearch);
                var files = ServerInstance.create("bench", StopSignal.TERM)) {
            var product = new Product(servers, files.directory(), jvmOptions);
            run(product, report, servers, updated);
        }
        report.write(json);
        report.say("Written to " + json.toAbsolutePath());
        return 0;
    }

    private void run(Product product, Report report, Servers servers, int updated) throws IOException, SQLException {
        int updates = Math.max(UPDATES_ROUNDED_TO, updated);
        if (!kafka) {
            new LoadRun(servers, product, Optional.empty(), report).run(books, updates, changes);
            return;
        }
        try (var broker = EmbeddedKafka.start()) {
            Product logged = product.with(Map.of("PGSYNC_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()));
            new LoadRun(servers, product, Optional.of(logged), report).run(books, updates, changes);
        }
    }
}
