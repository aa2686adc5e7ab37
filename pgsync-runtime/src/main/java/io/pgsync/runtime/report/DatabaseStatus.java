package io.pgsync.runtime.report;

import io.pgsync.core.failure.Finding;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import java.util.List;
import java.util.Optional;

/**
 * One database: its slot, and the documents that follow it.
 *
 * @param wal what the slot keeps of the server's log
 * @param log what waits in the log of work; empty without one
 * @param documents one entry for each index, in the order of the schema file
 * @param reindexes those that are under way, or whose former index is kept
 */
public record DatabaseStatus(
        String database,
        String slot,
        WalStatus wal,
        Optional<LogStatus> log,
        List<DocumentStatus> documents,
        List<ReindexStatus> reindexes) {
    public DatabaseStatus {
        documents = List.copyOf(documents);
        reindexes = List.copyOf(reindexes);
    }

    /** Without a log of work and without a reindex. */
    public DatabaseStatus(String database, String slot, WalStatus wal, List<DocumentStatus> documents) {
        this(database, slot, wal, Optional.empty(), documents, List.of());
    }

    /** What is wrong with the documents, for an examination. */
    public List<Finding> findings() {
        return documents.stream()
                .filter(document -> document.divergence().isPresent())
                .map(document ->
                        Finding.problem("index " + document.index(), document.words() + ", " + document.reason(), ""))
                .toList();
    }

    /** Whether one of the documents is in that stage. */
    public boolean has(Stage stage) {
        return documents.stream().anyMatch(document -> document.stage() == stage);
    }
}
