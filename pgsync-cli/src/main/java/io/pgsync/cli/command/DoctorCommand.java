package io.pgsync.cli.command;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.doctor.Diagnosis;
import io.pgsync.cli.run.DoctorRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgsync doctor}: what is right and wrong with the two servers. Its exit code is the worst finding: 0, 1 or 2. */
@Command(
        name = "doctor",
        description =
                "Checks everything that must hold on both servers, and says how to mend what does not. Changes nothing.",
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all is well", "1:there are warnings", "2:something must be mended"})
final class DoctorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Mixin
    private SchemaOptions schema = new SchemaOptions();

    @Option(names = "--json", description = "Print the findings as a JSON array.")
    private boolean json;

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        ExclusiveOptions.check(spec, "--config", "--schema_url", "--s3_schema_url");
        Settings settings = common.settings(
                List.of(schema.asVariables(), database.connection().asVariables()));
        Diagnosis diagnosis = new DoctorRun(settings).examine();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(diagnosis.json().toPrettyString());
            out.flush();
        } else {
            diagnosis.print(out);
        }
        return switch (diagnosis.severity()) {
            case FINE -> 0;
            case WARNING -> 1;
            case PROBLEM -> 2;
        };
    }
}
