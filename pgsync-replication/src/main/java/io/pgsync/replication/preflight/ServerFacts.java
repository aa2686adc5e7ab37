package io.pgsync.replication.preflight;

import io.pgsync.replication.Cell;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;

/** The server's settings and the role's rights, as far as replication needs them. */
record ServerFacts(
        int version,
        String walLevel,
        boolean standby,
        int freeSlots,
        int freeWalSenders,
        boolean slotExists,
        boolean mayReplicate,
        boolean mayPublish,
        String role,
        String database) {

    /** $1 is the slot, $2 the publication. A member of rds_replication may replicate without the attribute (Amazon RDS). */
    static final String QUERY = """
            SELECT current_setting('server_version_num')::int,
                   current_setting('wal_level'),
                   pg_is_in_recovery(),
                   current_setting('max_replication_slots')::int - (SELECT count(*)::int FROM pg_replication_slots),
                   current_setting('max_wal_senders')::int - (SELECT count(*)::int FROM pg_stat_replication),
                   EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1),
                   EXISTS (SELECT FROM pg_roles r
                            WHERE r.rolname = current_user AND (r.rolsuper OR r.rolreplication)
                               OR r.rolname = 'rds_replication' AND pg_has_role(current_user, r.oid, 'MEMBER')),
                   CASE WHEN EXISTS (SELECT FROM pg_publication WHERE pubname = $2)
                        THEN EXISTS (SELECT FROM pg_publication
                                      WHERE pubname = $2 AND pg_has_role(current_user, pubowner, 'USAGE'))
                        ELSE has_database_privilege(current_database(), 'CREATE') END,
                   current_user::text,
                   current_database()::text""";

    private static final int OLDEST_VERSION = 14;

    static ServerFacts of(Readable row) {
        return new ServerFacts(
                Cell.of(row, 0, Integer.class),
                Cell.of(row, 1, String.class),
                Cell.of(row, 2, Boolean.class),
                Cell.of(row, 3, Integer.class),
                Cell.of(row, 4, Integer.class),
                Cell.of(row, 5, Boolean.class),
                Cell.of(row, 6, Boolean.class),
                Cell.of(row, 7, Boolean.class),
                Cell.of(row, 8, String.class),
                Cell.of(row, 9, String.class));
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        server(findings);
        capacity(findings);
        rights(findings);
        return findings;
    }

    private void server(List<Finding> findings) {
        if (version / 10_000 < OLDEST_VERSION) {
            findings.add(Finding.problem(
                    "server", "PostgreSQL " + version / 10_000 + " is too old", "Upgrade it to version 14 or newer"));
        }
        if (standby) {
            findings.add(Finding.problem("server", "it is a standby", "Connect to the primary"));
        }
        if (!walLevel.equals("logical")) {
            findings.add(Finding.problem(
                    "wal_level",
                    "it is '" + walLevel + "'",
                    "ALTER SYSTEM SET wal_level = logical, then restart the server (in a managed service: the"
                            + " parameter for logical replication)"));
        }
    }

    private void capacity(List<Finding> findings) {
        if (!slotExists && freeSlots < 1) {
            findings.add(Finding.problem(
                    "max_replication_slots",
                    "no replication slot is free",
                    "Drop one that nobody needs (pg_replication_slots), or raise it and restart the server"));
        }
        if (freeWalSenders < 1) {
            findings.add(Finding.problem(
                    "max_wal_senders",
                    "no WAL sender is free",
                    "End another stream (pg_stat_replication), or raise it and restart the server"));
        }
    }

    private void rights(List<Finding> findings) {
        if (!mayReplicate) {
            findings.add(Finding.problem(
                    "role " + role,
                    "it may not replicate",
                    "ALTER ROLE \"%s\" REPLICATION (on Amazon RDS: GRANT rds_replication)".formatted(role)));
        }
        if (!mayPublish) {
            findings.add(Finding.problem(
                    "role " + role,
                    "it may not create or alter the publication",
                    "GRANT CREATE ON DATABASE \"%s\" TO \"%s\", or make it the publication's owner"
                            .formatted(database, role)));
        }
    }
}
