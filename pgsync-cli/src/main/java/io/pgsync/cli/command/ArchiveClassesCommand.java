package io.pgsync.cli.command;

import io.pgsync.cli.archive.UsedClasses;
import io.pgsync.cli.exit.ExitCode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pgsync archive-classes}: loads the classes that the launch script then has Java write into an archive. */
@Command(
        name = "archive-classes",
        description = {
            "Makes later starts quicker: Java writes what it knows of the classes into an archive beside pgsync.jar.",
            "It serves the Java and the jar that it was made with; others start as before."
        })
final class ArchiveClassesCommand implements Callable<Integer> {
    @Option(names = "--help", usageHelp = true, description = "Print this and end.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    @Override
    public Integer call() throws IOException, URISyntaxException {
        var jar = getClass().getProtectionDomain().getCodeSource().getLocation().toURI();
        UsedClasses.load(Path.of(jar));
        return ExitCode.OK.code();
    }
}
