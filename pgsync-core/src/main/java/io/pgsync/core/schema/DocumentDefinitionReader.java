package io.pgsync.core.schema;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one entry of the file's top-level list. */
record DocumentDefinitionReader(Placeholders environment, Problems warnings) {
    private static final List<String> KEYS =
            List.of("database", "index", "nodes", "pipeline", "plugins", "setting", "mapping", "mappings", "routing");

    Optional<SchemaDocument> read(SchemaValue document) {
        if (!document.json().isObject()) {
            document.reject("must be an object with \"database\" and \"nodes\", not " + document.described());
            return Optional.empty();
        }
        warnOfUnknown(document);
        Optional<String> database = text(document, "database");
        if (!document.at("database").given()) {
            document.at("database").reject("is missing; name the database to read");
        }
        Optional<NodeDefinition> root = root(document.at("nodes"));
        Optional<String> index = text(document, "index").or(() -> database);
        index.ifPresent(name -> checkIndex(document.at("index"), name));
        var definition = new IndexDefinition(
                document.at("setting").object(),
                document.at("mapping").object(),
                document.at("mappings").object());
        Optional<String> routing = text(document, "routing");
        Optional<String> pipeline = text(document, "pipeline");
        List<String> plugins = document.at("plugins").texts();
        if (database.isEmpty() || index.isEmpty() || root.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SchemaDocument(
                document.pointer(), database.get(), index.get(), root.get(), definition, routing, pipeline, plugins));
    }

    private void warnOfUnknown(SchemaValue document) {
        for (SchemaValue entry : document.entries()) {
            if (!KEYS.contains(entry.key())) {
                warnings.add(
                        entry.pointer(),
                        "unknown, ignored"
                                + NearestName.of(entry.key(), KEYS)
                                        .map("; "::concat)
                                        .orElse(""));
            }
        }
    }

    private Optional<String> text(SchemaValue document, String key) {
        return document.at(key).text().map(environment::substitute);
    }

    private Optional<NodeDefinition> root(SchemaValue nodes) {
        if (nodes.json().isArray()) {
            nodes.reject("is an array, the form of PGSync 1; put its only element there in place of the array");
            return Optional.empty();
        }
        if (!nodes.json().isObject()) {
            nodes.reject(
                    nodes.given() ? "must be an object, not " + nodes.described() : "is missing; give the root node");
            return Optional.empty();
        }
        return new NodeReader(warnings).root(nodes);
    }

    /** Checks what Elasticsearch would refuse only later, when the index is created. */
    private static void checkIndex(SchemaValue place, String name) {
        boolean allowed = name.equals(name.toLowerCase(Locale.ROOT))
                && name.chars().noneMatch(c -> "\\/*?\"<>| ,#:".indexOf(c) >= 0)
                && !name.matches("[-_+].*|\\.{1,2}");
        if (!allowed) {
            place.reject(
                    "\"%s\" is not a valid index name: use lower case, without \\ / * ? \" < > | , # : or spaces, not beginning with - _ +"
                            .formatted(name));
        }
    }
}
