package io.pgsync.cli.command;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.run.Commands;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync bootstrap}: prepares database and engine, or takes the preparation back. */
@Command(
        name = "bootstrap",
        description = "Creates publication, replication slot, index and state; what is there already stays.",
        sortOptions = false)
final class BootstrapCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(BootstrapCommand.class);

    @Option(
            names = {"-t", "--teardown"},
            description = "Remove publication, replication slot and state instead; the index stays.")
    private boolean teardown;

    @Option(
            names = "--replica-identity",
            paramLabel = "keep|full|index",
            description =
                    "What the log is to say of old rows: what it says now (keep, the default), all of it (full), or their"
                            + " key and link columns, by a unique index (index). Teardown leaves it.")
    private ReplicaIdentityMode identities = ReplicaIdentityMode.KEEP;

    @Option(
            names = "--failover",
            description =
                    "Create a fail-over slot (PostgreSQL 17): the stream goes on from a standby that is promoted and"
                            + " kept it in step.")
    private boolean failover;

    @Option(
            names = {"-nc", "--no-create"},
            description = "Accepted: what is there already is never created again.")
    private boolean noCreate;

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        Settings settings = given.settings(failover ? Map.of("PGSYNC_FAILOVER", "true") : Map.of());
        if (noCreate) {
            log.info("--no-create: what is there already is always kept");
        }
        var run = new Commands(settings, given.terminal());
        return (teardown ? run.tearDown() : run.bootstrap(identities)).code();
    }
}
