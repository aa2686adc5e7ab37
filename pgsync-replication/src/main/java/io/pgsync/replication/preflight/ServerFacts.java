package io.pgsync.replication.preflight;

import io.pgsync.core.failure.Finding;
import io.pgsync.replication.pgoutput.TextEncoding;
import io.pgsync.replication.sql.Columns;
import io.pgsync.replication.sql.SqlNames;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The server's settings and the role's rights, as far as replication needs them. */
record ServerFacts(
        int version,
        String walLevel,
        boolean standby,
        int slots,
        int freeSlots,
        int walSenders,
        int freeWalSenders,
        boolean slotExists,
        boolean mayReplicate,
        boolean mayPublish,
        String role,
        String database,
        Provider provider,
        String encoding) {

    /**
     * $1 is the slot, $2 the publication. On Amazon RDS, a member of rds_replication may replicate without the role
     * attribute.
     */
    static final String QUERY = """
            SELECT current_setting('server_version_num')::int,
                   current_setting('wal_level'),
                   pg_is_in_recovery(),
                   current_setting('max_replication_slots')::int,
                   current_setting('max_replication_slots')::int - (SELECT count(*)::int FROM pg_replication_slots),
                   current_setting('max_wal_senders')::int,
                   current_setting('max_wal_senders')::int - (SELECT count(*)::int FROM pg_stat_replication),
                   EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1),
                   EXISTS (SELECT FROM pg_roles r
                            WHERE r.rolname = current_user AND (r.rolsuper OR r.rolreplication)
                               OR r.rolname = 'rds_replication' AND pg_has_role(current_user, r.oid, 'MEMBER')),
                   EXISTS (SELECT FROM pg_publication WHERE pubname = $2) OR has_database_privilege(current_database(), 'CREATE'),
                   current_user::text,
                   current_database()::text,
                   ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname IN (%s)),
                   current_setting('server_encoding')""".formatted(Provider.ROLES);

    private static final int OLDEST_VERSION = 14;

    static ServerFacts of(Readable row) {
        return new ServerFacts(
                Columns.required(row, 0, Integer.class),
                Columns.required(row, 1, String.class),
                Columns.required(row, 2, Boolean.class),
                Columns.required(row, 3, Integer.class),
                Columns.required(row, 4, Integer.class),
                Columns.required(row, 5, Integer.class),
                Columns.required(row, 6, Integer.class),
                Columns.required(row, 7, Boolean.class),
                Columns.required(row, 8, Boolean.class),
                Columns.required(row, 9, Boolean.class),
                Columns.required(row, 10, String.class),
                Columns.required(row, 11, String.class),
                Provider.of(List.of(Columns.required(row, 12, String[].class))),
                Columns.required(row, 13, String.class));
    }

    List<Finding> findings() {
        return Stream.concat(
                        Stream.of(
                                server(),
                                logicalLevel(),
                                freeSlot(),
                                freeWalSender(),
                                replicationRight(),
                                publicationRight()),
                        otherEncoding().stream())
                .toList();
    }

    private Optional<Finding> otherEncoding() {
        if (encoding.equals("SQL_ASCII")) {
            return Optional.of(Finding.warning(
                    "database " + database,
                    "its encoding is SQL_ASCII, so it may hold texts that are not UTF-8; documents with such a text are refused",
                    "Store all texts as UTF-8, or move the data to a database with an encoding"));
        }
        return TextEncoding.endsStreams(encoding)
                ? Optional.of(Finding.warning(
                        "database " + database,
                        "its encoding is " + encoding
                                + ": the first change of a text that UTF-8 has not ends the stream",
                        "Move the data to a database of the encoding UTF8"))
                : Optional.empty();
    }

    private Finding server() {
        String subject = "server";
        if (version / 10_000 < OLDEST_VERSION) {
            return Finding.problem(
                    subject, "PostgreSQL " + version / 10_000 + " is too old", "Upgrade it to version 14 or newer");
        }
        return standby
                ? Finding.problem(subject, "it is a standby", "Connect to the primary")
                : Finding.fine(subject, "PostgreSQL " + version / 10_000 + "." + version % 10_000);
    }

    private Finding logicalLevel() {
        return walLevel.equals("logical")
                ? Finding.fine("wal_level", walLevel)
                : Finding.problem("wal_level", "it is '" + walLevel + "'", provider.logicalDecoding());
    }

    private Finding freeSlot() {
        String subject = "max_replication_slots";
        return !slotExists && freeSlots < 1
                ? Finding.problem(
                        subject,
                        "no replication slot is free (of " + slots + ")",
                        "ALTER SYSTEM SET max_replication_slots = %d; -- then restart the server; or drop a slot that nobody needs"
                                .formatted(slots + 10))
                : Finding.fine(subject, freeSlots + " of " + slots + " free" + (slotExists ? ", ours exists" : ""));
    }

    private Finding freeWalSender() {
        String subject = "max_wal_senders";
        return freeWalSenders < 1
                ? Finding.problem(
                        subject,
                        "no WAL sender is free (of " + walSenders + ")",
                        "ALTER SYSTEM SET max_wal_senders = %d; -- then restart the server; or end another stream"
                                .formatted(walSenders + 10))
                : Finding.fine(subject, freeWalSenders + " of " + walSenders + " free");
    }

    private Finding replicationRight() {
        String subject = "role " + role;
        return mayReplicate
                ? Finding.fine(subject, "may replicate")
                : Finding.problem(subject, "it may not replicate", provider.replicationRight(SqlNames.quoted(role)));
    }

    private Finding publicationRight() {
        String subject = "role " + role;
        return mayPublish
                ? Finding.fine(subject, "has a publication, or may create it")
                : Finding.problem(
                        subject,
                        "it may not create the publication",
                        "GRANT CREATE ON DATABASE %s TO %s; -- or make the publication for it"
                                .formatted(SqlNames.quoted(database), SqlNames.quoted(role)));
    }
}
