package io.pgsync.cli.command;

import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Logging;
import io.pgsync.cli.console.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** What every command offers, and how it gets its settings. */
final class CommonOptions {
    private static final Logger log = LoggerFactory.getLogger(CommonOptions.class);

    private final Terminal terminal = Terminal.standardError();

    @Option(
            names = {"-v", "--verbose"},
            description = "Show more messages, and stack traces of failures.")
    private boolean verbose;

    @Option(names = "--help", usageHelp = true, description = "Print this and end.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    /** Where messages and progress go. */
    Terminal terminal() {
        return terminal;
    }

    boolean isVerbose() {
        return verbose;
    }

    /** The variables, overridden by the given options and checked. From here on messages appear as the settings say. */
    Settings settings(List<Map<String, String>> options) {
        Environment environment = Environment.load(System.getenv(), Path.of(""));
        for (Map<String, String> variables : options) {
            environment = environment.withOptions(variables);
        }
        Settings settings = Settings.read(environment);
        Logging.configure(
                terminal,
                verbose ? "DEBUG" : settings.required(Setting.CONSOLE_LOGGING_HANDLER_MIN_LEVEL),
                settings.required(Setting.GENERAL_LOGGING_LEVEL),
                settings.list(Setting.CUSTOM_LOGGING),
                new Logging.Form(settings.required(Setting.PGSYNC_LOG_FORMAT).equals("json"), verbose));
        settings.notices().forEach(notice -> log.info("{}", notice));
        return settings;
    }
}
