package io.pgsync.cli.status;

import io.pgsync.cli.config.VariableNames;
import io.pgsync.core.handover.Backlog;
import io.pgsync.replication.retention.WalBudget.Level;
import io.pgsync.runtime.report.AuditStatus;
import io.pgsync.runtime.report.AuditStatus.Round;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.DocumentStatus.Load;
import io.pgsync.runtime.report.DocumentStatus.Position;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.report.LogStatus;
import io.pgsync.runtime.report.WalStatus;
import io.pgsync.runtime.status.Amounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A status as lines of at most 80 columns. */
public final class StatusText {
    private static final int WIDTH = 80;
    private static final int NAME_WIDTH = 16;
    private static final String INDENT = "  ";

    private final List<String> lines = new ArrayList<>();

    private StatusText() {}

    public static List<String> of(DatabaseStatus status) {
        var text = new StatusText();
        text.wrap("", "Database " + status.database() + ", slot " + status.slot());
        text.wal(status.wal());
        status.log().ifPresent(text::log);
        status.documents().forEach(text::document);
        status.reindexes().forEach(reindex -> text.row("reindex " + reindex.name(), reindex.words()));
        return text.lines;
    }

    private void wal(WalStatus wal) {
        String size = "%s of %s (%d%%)"
                .formatted(
                        Amounts.bytes(wal.retained()),
                        Amounts.bytes(wal.budget().bytes()),
                        wal.percent());
        String growth = wal.growth()
                .map(rate -> ", " + (rate >= 0 ? "+" : "") + Amounts.bytes(rate) + "/s")
                .orElse("");
        String left =
                wal.timeLeft().map(time -> ", full in " + Amounts.time(time)).orElse("");
        row("WAL kept", size + growth + left);
        String safe = wal.safeWalSize()
                .map(bytes -> ", lost after another " + Amounts.bytes(bytes))
                .orElse("");
        row("", wal.walStatus() + safe);
        if (wal.level() != Level.CALM) {
            row("", "because " + wal.cause().text());
        }
    }

    private void log(LogStatus log) {
        Backlog waiting = log.backlog();
        String age = waiting.age(Instant.now())
                .map(time -> ", the oldest for " + Amounts.time(time))
                .orElse("");
        row(
                "log of work",
                log.failure()
                        .map(VariableNames::addedTo)
                        .orElse(
                                waiting.isEmpty()
                                        ? "everything in it is stored"
                                        : String.format(
                                                Locale.ROOT,
                                                "%,d roots wait, %,d of large changes, %,d searches%s",
                                                waiting.roots(),
                                                waiting.many(),
                                                waiting.searches(),
                                                age)));
    }

    private void document(DocumentStatus document) {
        row(document.index(), headline(document));
        if (!document.reason().isEmpty()) {
            row("", VariableNames.addedTo(document.reason()));
        }
        document.position().map(StatusText::position).ifPresent(text -> row("", text));
        if (document.refused() > 0) {
            row("", "%,d documents refused, see pgsync refused list".formatted(document.refused()));
        }
        document.loadedBecause()
                .ifPresent(cause ->
                        row("", (document.load().isPresent() ? "loads by itself: " : "loaded by itself: ") + cause));
        document.audit().ifPresent(this::audit);
    }

    private void audit(AuditStatus audit) {
        Round round = audit.round();
        String all = audit.expected() > 0
                ? String.format(Locale.ROOT, " of about %,d", Math.max(round.compared(), audit.expected()))
                : "";
        row(
                "",
                String.format(Locale.ROOT, "audited %,d%s as of %s", round.compared(), all, audit.position())
                        + found(round));
        audit.last()
                .ifPresent(last -> row(
                        "",
                        String.format(
                                        Locale.ROOT,
                                        "round before: %,d until %s",
                                        last.compared(),
                                        last.at().truncatedTo(ChronoUnit.SECONDS))
                                + found(last)));
    }

    private static String found(Round round) {
        String undecided = round.undecided() > 0 ? ", %,d undecided".formatted(round.undecided()) : "";
        return String.format(Locale.ROOT, ": %,d differed, %,d repaired", round.differing(), round.repaired())
                + undecided;
    }

    private static String headline(DocumentStatus document) {
        String load = document.load().map(StatusText::load).orElse("");
        boolean aside = document.stage() != Stage.LOADING && !load.isEmpty();
        return document.words() + (aside ? ", load at" : "") + load;
    }

    private static String load(Load load) {
        String done = load.expected() > 0
                ? String.format(
                        Locale.ROOT,
                        " %d%%, %,d of about %,d",
                        load.percent(),
                        load.documents(),
                        Math.max(load.documents(), load.expected()))
                : String.format(Locale.ROOT, " %,d documents", load.documents());
        Optional<String> left = load.timeLeft().map(time -> ", " + Amounts.time(time) + " left");
        return done + String.format(Locale.ROOT, ", %,.0f/s", load.perSecond()) + left.orElse("");
    }

    private static String position(Position position) {
        return "at %s, behind %s%s"
                .formatted(
                        position.stored(),
                        Amounts.bytes(position.behindBytes()),
                        position.behind()
                                .map(time -> " and " + Amounts.time(time))
                                .orElse(""));
    }

    private void row(String name, String text) {
        String head = INDENT + (name.length() > NAME_WIDTH ? name + " " : "%-16s ".formatted(name));
        wrap(head, text);
    }

    /** Breaks between words; further lines begin under the text of the first. */
    private void wrap(String head, String text) {
        String under = INDENT + " ".repeat(NAME_WIDTH + 1);
        var line = new StringBuilder(head);
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(under);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(line.toString());
    }
}
