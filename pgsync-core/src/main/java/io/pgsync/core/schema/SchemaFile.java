package io.pgsync.core.schema;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.change.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A schema file whose form has been checked; no database has been asked yet.
 *
 * @param source the file or URL, for messages
 * @param warnings what was ignored
 */
public record SchemaFile(String source, List<SchemaDocument> documents, List<SchemaProblem> warnings) {
    public SchemaFile {
        documents = List.copyOf(documents);
        warnings = List.copyOf(warnings);
    }

    /**
     * Every table that the file names, including through and base tables; a {@link Catalog} of
     * each database must describe them.
     */
    public Map<String, Set<TableName>> tablesByDatabase() {
        var tables = new TreeMap<String, Set<TableName>>();
        for (SchemaDocument document : documents) {
            Set<TableName> ofDatabase = tables.computeIfAbsent(document.database(), database -> new TreeSet<>());
            document.root().addTablesTo(ofDatabase);
        }
        return tables;
    }

    /** The indexes of the documents of one database, in the order of the file. */
    public List<String> indexesOf(String database) {
        return documents.stream()
                .filter(document -> document.database().equals(database))
                .map(SchemaDocument::index)
                .toList();
    }
}
