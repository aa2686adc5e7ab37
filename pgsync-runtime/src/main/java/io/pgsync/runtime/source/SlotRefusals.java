package io.pgsync.runtime.source;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.slot.SlotStatus;
import java.util.Collection;
import java.util.Set;

/** The messages for a slot or a publication that is not, or may not be, a schema file's. */
final class SlotRefusals {
    private SlotRefusals() {}

    /** Both in words that follow the name of a slot. */
    static String unknown() {
        return "exists, and nothing says that it is this schema file's";
    }

    static String serving(Collection<String> indexes) {
        return "serves " + String.join(", ", indexes) + ", which this schema file does not have";
    }

    static SyncException followedElsewhere(Database database, SlotStatus left) {
        return new SyncException(
                Remedy.STOP,
                "Documents of this schema file are followed by way of the slot \"%s\" now, and would be read from \"%s\". Stop the process"
                                .formatted(left.name(), database.names().slot())
                        + " that reads it, or take the documents out of one of the schema files");
    }

    static SyncException strange(Database database, Set<TableName> tables) {
        return new SyncException(
                Remedy.STOP,
                "The publication \"%s\" carries %s, which this schema file does not show, and nothing says that it is this schema file's."
                                .formatted(database.names().publication(), tables)
                        + " Nothing was changed. Choose another publication name for this schema file");
    }

    static SyncException refusal(Database database, String objection) {
        SlotNames names = database.names();
        return new SyncException(
                Remedy.STOP,
                "The replication slot \"%s\", with the publication \"%s\", %s. Nothing was changed. Choose another slot name for this"
                                .formatted(names.slot(), names.publication(), objection)
                        + " schema file; or give the slot up, with its own schema file and \"pgsync bootstrap --teardown\", or by"
                        + " SELECT pg_drop_replication_slot('%s'); and, where nobody else uses it, DROP PUBLICATION \"%s\";"
                                .formatted(names.slot(), names.publication()));
    }

    /** {@code own}: names that would be free. */
    static SyncException unmarked(Database database, String objection, SlotNames own, String keptBy) {
        return new SyncException(
                Remedy.STOP,
                "The replication slot \"%s\" %s, and no comment can say that another one is this schema file's, because publication \"%s\" %s. Nothing was changed. Choose %s as slot name for this schema file"
                        .formatted(database.names().slot(), objection, own.publication(), keptBy, own.slot()));
    }
}
