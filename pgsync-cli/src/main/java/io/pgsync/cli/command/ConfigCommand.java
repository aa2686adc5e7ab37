package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgsync config}: the settings in force and where each comes from; secrets masked. */
@Command(name = "config", description = "Prints the settings in force and their origin.", sortOptions = false)
final class ConfigCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(names = "--all", description = "Also the settings that have no value.")
    private boolean all;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        Settings settings = common.settings(List.of());
        PrintWriter out = spec.commandLine().getOut();
        for (Setting setting : Setting.values()) {
            if (all || settings.text(setting).isPresent()) {
                out.printf("%s=%s%n", setting, settings.shown(setting).orElse(""));
                out.printf("    %s (%s)%n", setting.meaning(), settings.originOf(setting));
            }
        }
        out.flush();
        return ExitCode.OK.code();
    }
}
