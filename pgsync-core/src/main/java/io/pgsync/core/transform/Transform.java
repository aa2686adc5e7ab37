package io.pgsync.core.transform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rules of one node, in the order in which they apply. Maps keep the order in which the rules are written.
 *
 * @param replacements by the name that a field has before any rename; none is without effect
 * @param renames by the name before
 * @param mapping what the index is told of a field, by its finished name
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

    /** What a field is called once the node's renames are done. */
    public String finishedName(String field) {
        return renames.get(field) instanceof Rename.To renamed ? renamed.name() : field;
    }

    /** What becomes of a field's value. */
    public sealed interface Replacement {
        /** Each key is replaced by its value, in order. */
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

    /** What becomes of a field's name. */
    public sealed interface Rename {
        /** The field gets this name. */
        record To(String name) implements Rename {}

        /** The field keeps its name; those in its value change. */
        record Inside(Map<String, Rename> names) implements Rename {
            public Inside {
                names = ordered(names);
            }
        }
    }

    /** Joins the texts of {@code columns}; an entry that is no field of the object stands for itself. */
    public record Concat(List<String> columns, String destination, String delimiter) {
        public Concat {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Takes a field, by its finished name, to another place.
     *
     * @param fromRoot whether {@code path} begins at the top of the document; else it begins at the node's own object
     * @param path at least one name
     */
    public record Move(String field, boolean fromRoot, List<String> path) {
        private static final String ROOT = "$root.";

        public Move {
            path = List.copyOf(path);
        }

        /** {@code destination}: names with dots between them, behind {@code $root.} for the top of the document. */
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
