package io.pgsync.cli.command;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.JsonText;
import io.pgsync.cli.plan.PlanJson;
import io.pgsync.cli.plan.PlanText;
import io.pgsync.cli.run.PlanRun;
import io.pgsync.runtime.report.Plan;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync plan}: what a schema file would change, before it does. */
@Command(
        name = "plan",
        description =
                "Compares the schema file with the indexes and what they were loaded with, and says what each difference takes. Changes nothing.",
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:nothing to do", "1:a server does not answer", "2:there are changes", "3:the file is wrong"})
final class PlanCommand implements Callable<Integer> {
    private static final int NOTHING = 0;
    private static final int CHANGES = 2;

    @Option(names = "--json", description = "For programs: one JSON object on a line.")
    private boolean json;

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        Settings settings = given.settings();
        Plan plan = new PlanRun(settings).plan();
        PrintWriter out = given.out();
        if (json) {
            out.println(JsonText.line(PlanJson.of(plan)));
        } else {
            PlanText.of(plan).forEach(out::println);
        }
        out.flush();
        return plan.measure() == Measure.NOTHING ? NOTHING : CHANGES;
    }
}
