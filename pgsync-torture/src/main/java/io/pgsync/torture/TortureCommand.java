package io.pgsync.torture;

import io.pgsync.embedded.elasticsearch.EngineFamily;
import io.pgsync.torture.fault.Troubles;
import io.pgsync.torture.report.TortureFailure;
import io.pgsync.torture.server.OwnServers;
import io.pgsync.torture.server.ServerVersions;
import io.pgsync.torture.world.Switches;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pgsync torture}: random trees, histories and faults on real servers that are started for it and removed after it. */
@Command(
        name = "pgsync torture",
        description =
                "Changes random trees in random ways while servers and connections fail, and compares every document.",
        sortOptions = false)
final class TortureCommand implements Callable<Integer> {
    private static final int DEFAULT_HISTORIES = 100;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "The first tree; each following one is the next number.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--histories",
            paramLabel = "NUMBER",
            description = "End after so many histories, 20 for each tree.")
    private Optional<Integer> histories = Optional.empty();

    @Option(names = "--minutes", paramLabel = "NUMBER", description = "End after so many minutes.")
    private Optional<Integer> minutes = Optional.empty();

    @Option(
            names = "--without",
            paramLabel = "TROUBLE",
            split = ",",
            description = "Spare the run these faults and conditions, which the end of a run lists and counts.")
    private List<String> without = List.of();

    @Option(
            names = "--only",
            paramLabel = "TROUBLE",
            split = ",",
            description = "Spare the run all faults and conditions but these; the conditions then hold for every tree.")
    private List<String> only = List.of();

    @Option(names = "--postgres", paramLabel = "MAJOR", description = "Version of PostgreSQL, 14 to 18.")
    private Optional<Integer> postgres = Optional.empty();

    @ArgGroup
    private EngineChoice engine = new EngineChoice();

    /** At most one of them. */
    private static final class EngineChoice {
        @Option(
                names = "--elasticsearch",
                paramLabel = "VERSION",
                description = "Version of Elasticsearch; 9.x needs Java 21 or newer.")
        private Optional<String> elasticsearch = Optional.empty();

        @Option(
                names = "--opensearch",
                paramLabel = "VERSION",
                description =
                        "OpenSearch in its place, of this version; 3.x needs Java 21 or newer, 2.x one before 24.")
        private Optional<String> opensearch = Optional.empty();

        EngineFamily family() {
            return opensearch.isPresent() ? EngineFamily.OPENSEARCH : EngineFamily.ELASTICSEARCH;
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(names = "--help", usageHelp = true, description = "Print this and end.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    @Override
    public Integer call() throws IOException, SQLException {
        var first = seed.orElseGet(() -> (long) new SecureRandom().nextInt(1_000_000));
        var most = histories.orElse(minutes.isPresent() ? Integer.MAX_VALUE : DEFAULT_HISTORIES);
        var time = minutes.map(Duration::ofMinutes).orElse(Duration.ofDays(1));
        try (var servers = new OwnServers(versions())) {
            new Torture(spec.commandLine().getOut()::println, servers, switches()).run(first, most, time);
            return 0;
        } catch (TortureFailure reported) {
            return spec.exitCodeOnExecutionException();
        }
    }

    private ServerVersions versions() {
        return new ServerVersions(postgres, engine.family(), engine.opensearch.or(() -> engine.elasticsearch));
    }

    private Switches switches() {
        try {
            return only.isEmpty() ? Troubles.without(without) : Troubles.only(only);
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(spec.commandLine(), String.valueOf(unknown.getMessage()), unknown);
        }
    }
}
