package io.pgsync.cli.command;

import io.pgsync.cli.ExitCode;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.run.ExplainRun;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgsync explain}: what a schema file means on its database. */
@Command(
        name = "explain",
        description =
                "Prints trees, queries, the way of a change and the indexes it needs; or one document. Changes nothing.",
        sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Mixin
    private SchemaOptions schema = new SchemaOptions();

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Show this document as it would be built now beside what is stored.")
    private Optional<String> id = Optional.empty();

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        ExclusiveOptions.check(spec, "--config", "--schema_url", "--s3_schema_url");
        Settings settings = common.settings(
                List.of(schema.asVariables(), database.connection().asVariables()));
        var run = new ExplainRun(settings, spec.commandLine().getOut());
        id.ifPresentOrElse(run::printDocument, run::print);
        return ExitCode.OK.code();
    }
}
