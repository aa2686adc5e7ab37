package io.pgsync.cli.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.config.VariableNames;
import io.pgsync.core.handover.Backlog;
import io.pgsync.runtime.report.AuditStatus;
import io.pgsync.runtime.report.AuditStatus.Round;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.DocumentStatus.Load;
import io.pgsync.runtime.report.DocumentStatus.Position;
import io.pgsync.runtime.report.LogStatus;
import io.pgsync.runtime.report.ReindexStatus;
import io.pgsync.runtime.report.WalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A status for programs: sizes in bytes, times in seconds. Unknown values are left out. */
public final class StatusJson {
    private StatusJson() {}

    public static ObjectNode of(List<DatabaseStatus> databases) {
        return together(databases.stream().map(StatusJson::of).toList());
    }

    /** The status of several databases, each from {@link #of(DatabaseStatus)} or {@link #unknown}. */
    public static ObjectNode together(List<ObjectNode> databases) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("databases").addAll(databases);
        return json;
    }

    /** For a database whose status is unknown now. */
    public static ObjectNode unknown(String database, String why) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("database", database)
                .put("failure", VariableNames.addedTo(why));
    }

    public static ObjectNode of(DatabaseStatus status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("database", status.database());
        json.put("slot", status.slot());
        json.set("wal", of(status.wal()));
        status.log().ifPresent(log -> json.set("log", of(log)));
        ArrayNode documents = json.putArray("documents");
        status.documents().forEach(document -> documents.add(of(document)));
        ArrayNode reindexes = json.putArray("reindexes");
        status.reindexes().forEach(reindex -> reindexes.add(of(reindex)));
        return json;
    }

    private static ObjectNode of(WalStatus wal) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("at", wal.look().at().toString());
        json.put("current", wal.look().current().toString());
        json.put("retained_bytes", wal.retained());
        json.put("unconfirmed_bytes", wal.look().unconfirmed());
        json.put("budget_bytes", wal.budget().bytes());
        json.put("budget_percent", wal.percent());
        json.put("level", lower(wal.level()));
        wal.growth().ifPresent(rate -> json.put("growth_bytes_per_second", Math.round(rate)));
        seconds(json, "budget_full_in_seconds", wal.timeLeft());
        json.put("wal_status", wal.walStatus());
        wal.safeWalSize().ifPresent(bytes -> json.put("safe_wal_size_bytes", bytes));
        json.putObject("cause")
                .put("kind", lower(wal.cause().kind()))
                .put("text", wal.cause().text());
        return json;
    }

    private static ObjectNode of(LogStatus log) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        log.failure()
                .ifPresentOrElse(
                        why -> json.put("failure", VariableNames.addedTo(why)), () -> put(json, log.backlog()));
        return json;
    }

    private static void put(ObjectNode json, Backlog waiting) {
        json.put("waiting_few", waiting.roots());
        json.put("waiting_many", waiting.many());
        json.put("waiting_searches", waiting.searches());
        seconds(json, "oldest_seconds", waiting.age(Instant.now()));
    }

    private static ObjectNode of(DocumentStatus document) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("index", document.index());
        json.put("state", document.divergence().map(StatusJson::lower).orElse(lower(document.stage())));
        document.divergence().ifPresent(kind -> json.put("divergence", kind.word()));
        if (!document.reason().isEmpty()) {
            json.put("reason", VariableNames.addedTo(document.reason()));
        }
        document.position().ifPresent(position -> put(json, position));
        document.load().ifPresent(load -> json.set("load", of(load)));
        json.put("refused_documents", document.refused());
        document.loadedBecause().ifPresent(cause -> json.put("loaded_because", cause));
        document.audit().ifPresent(audit -> json.set("audit", of(audit)));
        return json;
    }

    private static void put(ObjectNode json, Position position) {
        json.put("position", position.stored().toString());
        json.put("lag_bytes", position.behindBytes());
        seconds(json, "lag_seconds", position.behind());
    }

    private static ObjectNode of(Load load) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("documents", load.documents());
        if (load.expected() > 0) {
            json.put("expected_documents", load.expected());
            json.put("percent", load.percent());
        }
        json.put("documents_per_second", Math.round(load.perSecond()));
        seconds(json, "seconds_left", load.timeLeft());
        return json;
    }

    private static ObjectNode of(AuditStatus audit) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("position", audit.position().toString());
        if (audit.expected() > 0) {
            json.put("expected_documents", audit.expected());
        }
        json.set("round", of(audit.round()));
        audit.last().ifPresent(round -> json.set("last_round", of(round)));
        return json;
    }

    private static ObjectNode of(Round round) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("began", round.began().toString())
                .put("at", round.at().toString())
                .put("compared", round.compared())
                .put("differing", round.differing())
                .put("repaired", round.repaired())
                .put("undecided", round.undecided());
    }

    private static void seconds(ObjectNode json, String name, Optional<Duration> time) {
        time.ifPresent(known -> json.put(name, known.toMillis() / 1e3));
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode of(ReindexStatus reindex) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("name", reindex.name())
                .put("index", reindex.index())
                .put("other_index", reindex.other())
                .put("phase", reindex.phase().name().toLowerCase(Locale.ROOT))
                .put("began", reindex.began().toString());
        reindex.keptUntil().ifPresent(until -> json.put("kept_until", until.toString()));
        reindex.trouble().ifPresent(why -> json.put("trouble", why));
        return json;
    }
}
