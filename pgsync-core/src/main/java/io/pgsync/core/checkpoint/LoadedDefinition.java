package io.pgsync.core.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * The definition with which an index was loaded: what the schema file said of its document, and what the catalog added
 * to it. It is kept whole, so that a later definition can be compared with it part by part.
 *
 * @param document the members of the document's entry in the schema file, as written: the nodes, and what is given of
 *     routing, pipeline, plugins, settings and mappings. Only what the engine is sent anyway has its variables
 *     replaced, so no secret is in it
 * @param mapping how the fields of its columns were mapped, in a word
 * @param nodes what the catalog added to each node, by the node's pointer in {@code document}
 */
public record LoadedDefinition(JsonNode document, String mapping, Map<String, NodeFacts> nodes) {
    public LoadedDefinition {
        document = document.deepCopy();
        nodes = Map.copyOf(nodes);
    }

    /**
     * What the catalog said of a node.
     *
     * @param fields the types of the columns that it shows, by their names
     * @param key the columns that identify its rows, each with its type
     * @param links the pairs of columns that join it to its parent, in words; empty for the root
     */
    public record NodeFacts(Map<String, String> fields, List<String> key, List<String> links) {
        public NodeFacts {
            fields = Map.copyOf(fields);
            key = List.copyOf(key);
            links = List.copyOf(links);
        }
    }
}
