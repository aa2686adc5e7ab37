package io.pgsync.cli.command;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.run.ExplainRun;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync explain}: what a schema file means for its database. */
@Command(
        name = "explain",
        description =
                "Prints trees, queries, the way of a change and the indexes it needs; or one document. Changes nothing.",
        sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Show this document as it would be built now beside what is stored.")
    private Optional<String> id = Optional.empty();

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        Settings settings = given.settings();
        var run = new ExplainRun(settings, given.out());
        id.ifPresentOrElse(run::printDocument, run::print);
        return ExitCode.OK.code();
    }
}
