package io.pgsync.runtime.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The command that loads indexes again, ready to be pasted into a POSIX shell.
 *
 * @param schema path or address of the schema file
 * @param isFetched whether it is an address
 */
public record RepairCommand(String schema, boolean isFetched) {
    /** {@code indexes}: those to be loaded again. */
    public String of(List<String> indexes) {
        return "pgsync backfill "
                + (isFetched ? "--schema_url " : "-c ")
                + quoted(schema)
                + indexes.stream().map(index -> " --document " + quoted(index)).collect(Collectors.joining());
    }

    private static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
