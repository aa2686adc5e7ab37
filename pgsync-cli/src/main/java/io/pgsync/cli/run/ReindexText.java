package io.pgsync.cli.run;

import io.pgsync.runtime.config.ReindexOrder;
import io.pgsync.runtime.config.ReindexOrder.Action;
import io.pgsync.runtime.report.ReindexedDocument;
import java.util.List;

/** What became of a reindex, for people. */
final class ReindexText {
    private ReindexText() {}

    static List<String> lines(ReindexOrder order, List<ReindexedDocument> documents) {
        return documents.isEmpty()
                ? List.of("Nothing to reindex: no document is changed so that it must be loaded again")
                : documents.stream()
                        .map(document -> line(order.action(), document))
                        .toList();
    }

    private static String line(Action action, ReindexedDocument document) {
        String other = document.other().orElse("");
        if (!document.isDone()) {
            return document.trouble()
                    .map(why ->
                            "%s stands for index %s as before. Index %s is not right: %s. It is looked at again while a process follows it; give it up with --abort"
                                    .formatted(document.name(), document.index(), other, why))
                    .orElseGet(() ->
                            "%s stands for index %s. What was begun stands: the process that follows goes on with it"
                                    .formatted(document.name(), document.index()));
        }
        return document.other().isEmpty()
                ? "%s stands for index %s, and no other is followed".formatted(document.name(), document.index())
                : action == Action.ROLL_BACK
                        ? "%s stands for index %s again; %s is followed on. Give it up with --abort, or replace again with the same file"
                                .formatted(document.name(), document.index(), other)
                        : "%s stands for index %s now; %s is followed on. Take it back with --rollback, or end that with --finish. Start the daemon with this schema file from now on"
                                .formatted(document.name(), document.index(), other);
    }
}
