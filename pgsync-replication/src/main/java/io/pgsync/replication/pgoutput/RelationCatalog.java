package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Relation.Column;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import io.pgsync.core.change.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables announced on this connection, by OID. The server announces a table before its first row, and again after
 * the table has changed.
 */
final class RelationCatalog {
    private final Map<Integer, Relation> byOid = new HashMap<>();

    // Most rows are of the same table as the row before.
    private @Nullable Relation last;

    Relation describe(MessageReader reader) {
        int oid = reader.int32();
        TableName name = readName(reader);
        ReplicaIdentity identity = identityOf(reader.int8());
        int count = reader.uint16();
        List<Column> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            columns.add(readColumn(reader));
        }
        var relation = new Relation(oid, name, identity, columns);
        byOid.put(oid, relation);
        last = relation;
        return relation;
    }

    Relation get(int oid) {
        Relation known = last;
        if (known == null || known.oid() != oid) {
            known = byOid.get(oid);
            if (known == null) {
                throw new ProtocolViolation("a change of relation " + Integer.toUnsignedString(oid)
                        + " that no Relation message announced");
            }
            last = known;
        }
        return known;
    }

    private static TableName readName(MessageReader reader) {
        String schema = reader.cString();
        // The server sends an empty name for pg_catalog.
        return new TableName(schema.isEmpty() ? "pg_catalog" : schema, reader.cString());
    }

    private static ReplicaIdentity identityOf(byte code) {
        return switch (code) {
            case 'd' -> ReplicaIdentity.DEFAULT;
            case 'n' -> ReplicaIdentity.NOTHING;
            case 'f' -> ReplicaIdentity.FULL;
            case 'i' -> ReplicaIdentity.INDEX;
            default -> throw new ProtocolViolation("the unknown replica identity '" + (char) code + "'");
        };
    }

    private static Column readColumn(MessageReader reader) {
        boolean partOfIdentity = (reader.int8() & 1) != 0;
        String name = reader.cString();
        int typeOid = reader.int32();
        reader.skip(Integer.BYTES); // the type's modifier
        return new Column(name, typeOid, partOfIdentity);
    }
}
