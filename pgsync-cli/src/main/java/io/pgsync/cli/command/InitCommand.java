package io.pgsync.cli.command;

import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.run.SchemaDraft;
import io.pgsync.core.change.TableName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgsync init}: a schema file to begin with. */
@Command(
        name = "init",
        description = "Proposes a schema file from the foreign keys of a database.",
        sortOptions = false)
final class InitCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = {"-t", "--tables"},
            paramLabel = "TABLE",
            split = ",",
            required = true,
            description = "The tables of the document, its root first: book,author,sales.order.")
    private List<String> tables = List.of();

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "The database they are in (default: the name of the user).")
    private Optional<String> databaseName = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PATH",
            description = "A new file to write to (default: standard output).")
    private Optional<Path> output = Optional.empty();

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        Settings settings = common.settings(List.of(database.connection().asVariables()));
        List<TableName> names = tables.stream().map(InitCommand::tableName).toList();
        String schema = new SchemaDraft(settings).of(databaseName, names);
        output.ifPresentOrElse(file -> write(file, schema), () -> print(schema));
        return ExitCode.OK.code();
    }

    private static TableName tableName(String name) {
        int dot = name.indexOf('.');
        return dot < 0
                ? new TableName("public", name.strip())
                : new TableName(
                        name.substring(0, dot).strip(), name.substring(dot + 1).strip());
    }

    private void print(String schema) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(schema);
        out.flush();
    }

    private static void write(Path file, String schema) {
        try {
            Files.writeString(file, schema, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw problem("The file " + file + " exists already; name another one or remove it");
        } catch (IOException e) {
            throw problem("The file " + file + " cannot be written: " + e);
        }
    }

    private static ConfigurationException problem(String text) {
        return new ConfigurationException(List.of(text));
    }
}
