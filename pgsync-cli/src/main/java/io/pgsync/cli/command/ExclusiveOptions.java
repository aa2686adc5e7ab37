package io.pgsync.cli.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Options that must not be given together; only what stands on the command line counts, not variables. */
final class ExclusiveOptions {
    private ExclusiveOptions() {}

    /** Fails as a usage error when two or more of {@code names} are given. */
    static void check(CommandSpec command, String... names) {
        CommandLine.ParseResult given = command.commandLine().getParseResult();
        List<String> present =
                List.of(names).stream().filter(given::hasMatchedOption).toList();
        if (present.size() > 1) {
            List<String> others = List.of(names).stream()
                    .filter(name -> !name.equals(present.get(0)))
                    .toList();
            throw new ParameterException(
                    command.commandLine(),
                    "Illegal usage: `%s` is mutually exclusive with arguments `%s`."
                            .formatted(present.get(0), String.join(", ", others)));
        }
    }
}
