package io.pgsync.runtime.config;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A schema file as text, and where it came from.
 *
 * @param source path, or the address that it was fetched from, as people may see it
 * @param isFetched whether it is an address
 */
public record SchemaText(String source, boolean isFetched, String text) {
    /** Reads a file now; blocks. Fails with STOP if the file is missing or cannot be read. */
    public static SchemaText of(Path file) {
        try {
            return new SchemaText(file.toString(), false, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new SyncException(Remedy.STOP, "The schema file " + file + " does not exist", e);
        } catch (IOException e) {
            throw new SyncException(Remedy.STOP, "The schema file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What repairs the indexes of this file. */
    public RepairCommand repair() {
        return new RepairCommand(source, isFetched);
    }
}
