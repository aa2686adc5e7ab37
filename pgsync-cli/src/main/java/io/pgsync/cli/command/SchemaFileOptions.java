package io.pgsync.cli.command;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * The options that all commands on a schema file share: where the file is, how to reach the database, and the common
 * ones.
 */
final class SchemaFileOptions {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec command;

    @Mixin
    private SchemaOptions schema = new SchemaOptions();

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    /** The settings under these options and {@code further} ones, as variables; see {@link CommonOptions#settings}. */
    Settings settings(Map<String, String> further) {
        mustExclude("--config", "--schema_url", "--s3_schema_url");
        return common.settings(List.of(asVariables(), further));
    }

    Map<String, String> asVariables() {
        var variables = new LinkedHashMap<>(schema.asVariables());
        variables.putAll(database.connection().asVariables());
        return variables;
    }

    Settings settings() {
        return settings(Map.of());
    }

    /** Fails as a usage error if two or more of {@code options} are given; variables do not count. */
    void mustExclude(String... options) {
        var given = command.commandLine().getParseResult();
        List<String> present =
                List.of(options).stream().filter(given::hasMatchedOption).toList();
        if (present.size() > 1) {
            var others = new ArrayList<>(List.of(options));
            others.remove(present.get(0));
            throw illegal("`%s` is mutually exclusive with arguments `%s`."
                    .formatted(present.get(0), String.join(", ", others)));
        }
    }

    /** The exception for options that exclude each other. */
    ParameterException illegal(String why) {
        return new ParameterException(command.commandLine(), "Illegal usage: " + why);
    }

    /** Where messages and progress go. */
    Terminal terminal() {
        return common.terminal();
    }

    /** Where results go. */
    PrintWriter out() {
        return command.commandLine().getOut();
    }
}
