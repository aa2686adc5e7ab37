package io.pgsync.cli.command;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.JsonText;
import io.pgsync.cli.doctor.DiagnosisText;
import io.pgsync.cli.run.DoctorRun;
import io.pgsync.runtime.report.Diagnosis;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code pgsync doctor}: what is right and wrong with the two servers. The exit code is that of the worst finding: 0, 1
 * or 2.
 */
@Command(
        name = "doctor",
        description =
                "Checks everything that must hold on both servers, and says how to mend what does not. Changes nothing.",
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all is well", "1:there are warnings", "2:something must be mended"})
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print the findings as a JSON array.")
    private boolean json;

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        Settings settings = given.settings();
        Diagnosis diagnosis = new DoctorRun(settings).examine();
        PrintWriter out = given.out();
        if (json) {
            out.println(JsonText.pretty(new DiagnosisText(diagnosis).json()));
            out.flush();
        } else {
            new DiagnosisText(diagnosis).print(out);
        }
        return switch (diagnosis.severity()) {
            case FINE -> 0;
            case WARNING -> 1;
            case PROBLEM -> 2;
        };
    }
}
