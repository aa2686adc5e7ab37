package io.pgsync.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.JsonText;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.refused.RefusedJson;
import io.pgsync.cli.refused.RefusedText;
import io.pgsync.runtime.RefusedDocuments;
import io.pgsync.runtime.config.RefusedSelection;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.report.RetryOutcome;
import java.io.PrintWriter;
import java.util.List;
import reactor.core.publisher.Mono;

/** Tells which documents are refused, and has them tried again. All methods block. */
public final class RefusedRun {
    private final Settings settings;
    private final PrintWriter out;
    private final boolean json;

    /** {@code json}: for programs, one value on a line. */
    public RefusedRun(Settings settings, PrintWriter out, boolean json) {
        this.settings = settings;
        this.out = out;
        this.json = json;
    }

    private RefusedDocuments refused() {
        return RunConfigs.pgsync(settings).refused();
    }

    /** All of the selection; the code says whether there are any. */
    public ExitCode list(RefusedSelection selection) {
        List<RefusedOfIndex> found = done(refused().list(selection));
        print(RefusedJson.list(found), RefusedText.list(found));
        return found.isEmpty() ? ExitCode.OK : ExitCode.CONFIGURATION;
    }

    /** Everything about the documents with one id; the code says whether there are any. */
    public ExitCode show(RefusedSelection selection, String id) {
        List<RefusedOfIndex> found = done(refused().list(selection));
        print(RefusedJson.list(found), RefusedText.show(found, id));
        return found.isEmpty() ? ExitCode.CONFIGURATION : ExitCode.OK;
    }

    /** Tries documents again, here or in the process that follows them. After {@code stop} the order remains. */
    public ExitCode retry(RefusedSelection selection, Terminal terminal, Mono<Void> stop) {
        var display = new RunDisplay(terminal, settings, false);
        List<RetryOutcome> outcomes = done(refused().retry(selection, stop, display));
        print(RefusedJson.retried(outcomes), RefusedText.retried(outcomes));
        return ExitCode.ofRetries(outcomes);
    }

    /** Removes records. */
    public ExitCode forget(RefusedSelection selection) {
        long records = done(refused().forget(selection));
        print(RefusedJson.forgotten(records), RefusedText.forgotten(records));
        return ExitCode.OK;
    }

    private static <T> T done(Mono<T> work) {
        return work.blockOptional().orElseThrow();
    }

    private void print(JsonNode forPrograms, List<String> lines) {
        if (json) {
            out.println(JsonText.line(forPrograms));
        } else {
            lines.forEach(out::println);
        }
        out.flush();
    }
}
