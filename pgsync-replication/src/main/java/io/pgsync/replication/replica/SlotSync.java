package io.pgsync.replication.replica;

import io.pgsync.core.failure.Finding;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Whether a standby keeps a fail-over slot in step with that of its primary, so that the stream goes on once it is promoted. What it needs for
 * that: PostgreSQL 17 manual, section 47.2.3, "Replication Slot Synchronization".
 */
public final class SlotSync {
    private static final String QUERY = """
            SELECT coalesce(current_setting('sync_replication_slots', true), 'off'), current_setting('hot_standby_feedback'),
                   coalesce(current_setting('primary_slot_name', true), ''), pg_is_in_recovery(),
                   coalesce((SELECT CASE WHEN NOT coalesce((to_jsonb(s) ->> 'synced')::boolean, false) THEN 'own'
                                         WHEN s.wal_status = 'lost' THEN 'lost'
                                         WHEN s.temporary THEN 'begun'
                                         ELSE 'ready' END
                               FROM pg_replication_slots s WHERE slot_name = $1), 'none')""";

    private final PostgresConnections standby;
    private final String slot;

    /** Of a standby that {@code standby} leads to; the caller closes it. */
    public SlotSync(PostgresConnections standby, String slot) {
        this.standby = standby;
        this.slot = slot;
    }

    /** What an examination says of it. Empty if the server does not answer, or is no standby. */
    public Mono<Finding> examine() {
        return standby.query(QUERY, this::finding, slot)
                .next()
                .flatMap(Mono::justOrEmpty)
                .onErrorComplete();
    }

    private Optional<Finding> finding(Readable row) {
        return Columns.required(row, 3, Boolean.class)
                ? Optional.of(finding(Columns.required(row, 4, String.class), lacking(row)))
                : Optional.empty();
    }

    private Finding finding(String copy, List<String> lacking) {
        String subject = "fail-over slot %s on replica %s"
                .formatted(slot, standby.settings().address());
        if (copy.equals("ready") && lacking.isEmpty()) {
            return Finding.fine(subject, "kept in step");
        }
        String why = switch (copy) {
            case "ready" -> "it is there, but not kept in step any more";
            case "own" -> "the standby has another slot of this name";
            case "lost" -> "its copy is lost";
            case "begun" -> "its copy is not ready yet";
            default -> "it has no copy";
        };
        String remedy = switch (copy) {
            case "own" -> "Drop that one";
            default ->
                lacking.isEmpty()
                        ? "Wait for the standby to catch up; primary_conninfo must name a dbname"
                        : "On the standby: " + String.join(", ", lacking);
        };
        return Finding.warning(subject, why + ", so the stream would end when this standby is promoted", remedy);
    }

    private static List<String> lacking(Readable row) {
        var lacking = new ArrayList<String>();
        if (!Columns.required(row, 0, String.class).equals("on")) {
            lacking.add("sync_replication_slots = on");
        }
        if (!Columns.required(row, 1, String.class).equals("on")) {
            lacking.add("hot_standby_feedback = on");
        }
        if (Columns.required(row, 2, String.class).isEmpty()) {
            lacking.add("primary_slot_name = the name of a physical slot for it");
        }
        return lacking;
    }
}
