package io.pgsync.cli.status;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.status.DocumentStatus.Stage;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.retention.WalBudget.Level;
import java.util.List;

/** One database: its slot, and the documents that follow it. */
public record DatabaseStatus(String database, String slot, WalStatus wal, List<DocumentStatus> documents) {
    public DatabaseStatus {
        documents = List.copyOf(documents);
    }

    /** OK where nobody has to do anything; else what is worst. */
    public ExitCode exitCode() {
        ExitCode diverged = ExitCode.of(documents.stream().flatMap(document -> document.divergence().stream()));
        if (diverged != ExitCode.OK) {
            return diverged;
        }
        if (has(Stage.NOT_PREPARED)) {
            return ExitCode.CONFIGURATION;
        }
        boolean urgent = wal.level() == Level.HIGH || wal.level() == Level.FULL;
        return urgent || has(Stage.STOPPED) || has(Stage.UNKNOWN) ? ExitCode.FAILURE : ExitCode.OK;
    }

    /** What is wrong with the documents, for an examination. */
    public List<Finding> findings() {
        return documents.stream()
                .filter(document -> document.divergence().isPresent())
                .map(document ->
                        Finding.problem("index " + document.index(), document.words() + ", " + document.reason(), ""))
                .toList();
    }

    private boolean has(Stage stage) {
        return documents.stream().anyMatch(document -> document.stage() == stage);
    }
}
