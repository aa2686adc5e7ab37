package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the schema file is, and the plugins it names. */
final class SchemaOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "PATH",
            description = "Schema file (default: variable SCHEMA).")
    private Optional<String> config = Optional.empty();

    @Option(
            names = "--schema_url",
            paramLabel = "URL",
            description = "HTTP address of the schema file (default: variable SCHEMA_URL).")
    private Optional<String> schemaUrl = Optional.empty();

    @Option(names = "--s3_schema_url", paramLabel = "URL", description = "Not supported: use --config or --schema_url.")
    private Optional<String> s3SchemaUrl = Optional.empty();

    @Option(
            names = "--plugin-path",
            paramLabel = "DIR",
            description = "Directory of jars with plugins (default: variable PGSYNC_PLUGIN_PATH).")
    private Optional<String> pluginPath = Optional.empty();

    /**
     * The options as variables. If one of them names the schema file, it also removes the variables of the other two
     * places.
     */
    Map<String, String> asVariables() {
        var variables = new LinkedHashMap<String, String>();
        pluginPath.ifPresent(directory -> variables.put(Setting.PGSYNC_PLUGIN_PATH.name(), directory));
        if (config.isEmpty() && schemaUrl.isEmpty() && s3SchemaUrl.isEmpty()) {
            return variables;
        }
        variables.put(Setting.SCHEMA.name(), config.orElse(""));
        variables.put(Setting.SCHEMA_URL.name(), schemaUrl.orElse(""));
        variables.put(Setting.S3_SCHEMA_URL.name(), s3SchemaUrl.orElse(""));
        return variables;
    }
}
