package io.pgsync.runtime.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The command that loads indexes again, ready to be pasted into a POSIX shell.
 *
 * @param schema path or address of the schema file
 * @param isFetched whether it is an address
 * @param names the name of each index in the schema file, where it has another one there
 */
public record RepairCommand(String schema, boolean isFetched, Map<String, String> names) {
    public RepairCommand {
        names = Map.copyOf(names);
    }

    /** For a file that has the names of the indexes. */
    public RepairCommand(String schema, boolean isFetched) {
        this(schema, isFetched, Map.of());
    }

    /** {@code indexes}: those to be loaded again. */
    public String of(List<String> indexes) {
        return named("backfill ")
                + indexes.stream()
                        .map(index -> names.getOrDefault(index, index))
                        .distinct()
                        .map(name -> " --document " + quoted(name))
                        .collect(Collectors.joining());
    }

    /** The same for the documents of one index whose roots meet a condition. */
    public String of(String index, String where) {
        return of(List.of(index)) + " --where " + quoted(where);
    }

    /** What replaces the index of a document while it is searched. */
    public String reindex(String index) {
        return named("reindex ") + " --document " + quoted(names.getOrDefault(index, index));
    }

    /** Another command on the same file; {@code name} with a blank behind it, or empty for the one without a name. */
    public String named(String name) {
        return "pgsync " + name + (isFetched ? "--schema_url " : "-c ") + quoted(schema);
    }

    /** A word as the shell takes it. */
    public static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
