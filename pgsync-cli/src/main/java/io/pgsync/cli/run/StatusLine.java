package io.pgsync.cli.run;

import io.pgsync.cli.console.LoadLine;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.WalStatus;
import io.pgsync.runtime.status.Amounts;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One line on the state of a run: words for people, and the same figures as fields for programs. */
final class StatusLine {
    private static final Logger log = LoggerFactory.getLogger(StatusLine.class);

    private final String number;

    /** {@code commas}: thousands are separated. */
    StatusLine(boolean commas) {
        this.number = commas ? "%,d" : "%d";
    }

    String of(RunFigures figures) {
        String wal = figures.wal()
                .map(status -> ", WAL %s (%d%%)".formatted(Amounts.bytes(status.retained()), status.percent()))
                .orElse("");
        return "Sync %s: changes [%s] => documents [%s] at %s, behind %s and %s, %s/s, %s waiting%s"
                .formatted(
                        figures.database(),
                        counted(figures.changes()),
                        counted(figures.documents()),
                        figures.stored(),
                        Amounts.bytes(figures.behindBytes()),
                        Amounts.time(figures.behind()),
                        counted(Math.round(figures.documentsPerSecond())),
                        counted(figures.waitingRoots()),
                        wal);
    }

    void log(RunFigures figures) {
        LoggingEventBuilder event = log.atInfo()
                .addKeyValue("database", figures.database())
                .addKeyValue("changes", figures.changes())
                .addKeyValue("documents", figures.documents())
                .addKeyValue("position", figures.stored().toString())
                .addKeyValue("lag_bytes", figures.behindBytes())
                .addKeyValue("lag_seconds", figures.behind().toMillis() / 1e3)
                .addKeyValue("documents_per_second", Math.round(figures.documentsPerSecond()))
                .addKeyValue("waiting_roots", figures.waitingRoots());
        figures.wal().map(wal -> slot(event, wal)).orElse(event).log(of(figures));
    }

    private static LoggingEventBuilder slot(LoggingEventBuilder event, WalStatus wal) {
        return event.addKeyValue("wal_retained_bytes", wal.retained()).addKeyValue("wal_budget_percent", wal.percent());
    }

    void log(LoadProgress load) {
        log.atInfo()
                .addKeyValue("index", load.index())
                .addKeyValue("load_documents", load.stored())
                .addKeyValue("load_expected", load.expected())
                .log(LoadLine.of(load));
    }

    private String counted(long count) {
        return String.format(Locale.ROOT, number, count);
    }
}
