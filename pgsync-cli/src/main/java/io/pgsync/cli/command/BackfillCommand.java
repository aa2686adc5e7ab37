package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.run.Commands;
import io.pgsync.cli.run.ShutdownSignal;
import io.pgsync.runtime.config.BackfillOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync backfill}: loads indexes again, whole or in part, beside the live stream. */
@Command(
        name = "backfill",
        description =
                "Loads an index again, beside a running daemon or by itself; repairs an index that missed changes.",
        sortOptions = false)
final class BackfillCommand implements Callable<Integer> {
    @Option(
            names = "--document",
            required = true,
            paramLabel = "INDEX",
            description = "The index to load, as the schema file names it; may be given several times.")
    private List<String> documents = new ArrayList<>();

    @Option(
            names = "--where",
            paramLabel = "SQL",
            description = "Load only the roots that match this condition over the columns of the root's table;"
                    + " documents whose roots are gone are then not looked for.")
    private Optional<String> where = Optional.empty();

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        if (where.isPresent() && documents.size() > 1) {
            throw given.illegal("--where goes with one --document, its columns are meant.");
        }
        Settings settings = given.settings();
        var run = new Commands(settings, given.terminal());
        var order = new BackfillOrder(documents, where);
        return ShutdownSignal.during(
                        settings.duration(Setting.PGSYNC_SHUTDOWN_TIMEOUT), stop -> run.backfill(order, stop))
                .code();
    }
}
