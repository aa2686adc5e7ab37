package io.pgsync.core.transform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rules of one node, in the order in which they apply. Maps keep the order of the schema file.
 *
 * @param replacements by the name of a field before any rename; each has an effect
 * @param renames new names by the old ones
 * @param mapping the mapping of a field in the index, by its finished name
 */
public record Transform(
        Map<String, Replacement> replacements,
        Map<String, Rename> renames,
        List<Concat> concats,
        List<Move> moves,
        Map<String, JsonNode> mapping) {
    /** No rules. */
    public static final Transform NONE = new Transform(Map.of(), Map.of(), List.of(), List.of(), Map.of());

    public Transform {
        replacements = ordered(replacements);
        renames = ordered(renames);
        concats = List.copyOf(concats);
        moves = List.copyOf(moves);
        mapping = ordered(mapping);
    }

    private static <T> Map<String, T> ordered(Map<String, T> rules) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }

    /** The name of a field after the node's renames. */
    public String finishedName(String field) {
        return renames.get(field) instanceof Rename.To renamed ? renamed.name() : field;
    }

    /** Gives the new value of a field. */
    public sealed interface Replacement {
        /** Replaces each key by its value, in order. */
        record Texts(Map<String, String> pairs) implements Replacement {
            public Texts {
                pairs = ordered(pairs);
            }
        }

        /** Rules for the parts of a JSON column. */
        record Parts(Map<String, Replacement> parts) implements Replacement {
            public Parts {
                parts = ordered(parts);
            }
        }
    }

    /** Gives the new name of a field. */
    public sealed interface Rename {
        /** The field gets this name. */
        record To(String name) implements Rename {}

        /** The field keeps its name; names inside its value change. */
        record Inside(Map<String, Rename> names) implements Rename {
            public Inside {
                names = ordered(names);
            }
        }
    }

    /** Joins the texts of {@code columns}; an entry that is not a field of the object is used as a literal text. */
    public record Concat(List<String> columns, String destination, String delimiter) {
        public Concat {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Moves a field, by its finished name, to another place.
     *
     * @param fromRoot whether {@code path} begins at the top of the document; otherwise it begins at the node's own
     *     object
     * @param path at least one name
     */
    public record Move(String field, boolean fromRoot, List<String> path) {
        private static final String ROOT = "$root.";

        public Move {
            path = List.copyOf(path);
        }

        /** {@code destination}: names separated by dots; after {@code $root.} they begin at the top of the document. */
        public static Move of(String field, String destination) {
            boolean fromRoot = destination.startsWith(ROOT);
            String path = fromRoot ? destination.substring(ROOT.length()) : destination;
            return new Move(field, fromRoot, List.of(path.split("\\.")));
        }

        @Override
        public String toString() {
            return field + " to " + (fromRoot ? ROOT : "") + path.stream().collect(Collectors.joining("."));
        }
    }
}
