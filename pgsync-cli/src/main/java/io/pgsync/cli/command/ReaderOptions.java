package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The number of parallel readers, under the names of both of PGSync's commands. */
final class ReaderOptions {
    @Option(
            names = {"-n", "--num_workers", "--nprocs"},
            paramLabel = "NUMBER",
            description = "Document queries that run side by side (default: variable NUM_WORKERS, 3).")
    private Optional<Integer> readers = Optional.empty();

    Map<String, String> asVariables() {
        return readers.map(number -> Map.of(Setting.NUM_WORKERS.name(), number.toString()))
                .orElse(Map.of());
    }
}
