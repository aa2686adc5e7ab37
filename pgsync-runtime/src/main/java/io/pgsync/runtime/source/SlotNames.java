package io.pgsync.runtime.source;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.runtime.config.GivenNames;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

/** The names of the slot and the publication that a schema file has in one database. */
public record SlotNames(String slot, String publication) {
    private static final int LONGEST_NAME = 63;

    /**
     * {@code pgsync_} and the database's name, with every character replaced that a slot's name must not have; or the
     * given names.
     */
    static SlotNames of(GivenNames given, String database) {
        return named(given, database);
    }

    /** For a schema file beside another one that has the former names: with the name of a document added, as in PGSync. */
    static SlotNames ofItsOwn(GivenNames given, String database, String document) {
        return named(given, database + "_" + document);
    }

    private static SlotNames named(GivenNames given, String what) {
        String slot = given.slot().orElseGet(() -> derived(what));
        return new SlotNames(slot, given.publication().orElse(slot));
    }

    /**
     * The names of a schema file: those that serve one of its documents already; otherwise the usual ones; otherwise, if
     * these serve another file, names of its own.
     *
     * @param marks which file each publication of the database serves, by the publication's name
     */
    static SlotNames choose(
            GivenNames given, String database, Collection<String> documents, Map<String, PublicationMark> marks) {
        SlotNames usual = of(given, database);
        if (given.slot().isPresent() || documents.isEmpty()) {
            return usual;
        }
        return marks.entrySet().stream()
                .filter(mark -> mark.getValue().serves(documents))
                .map(mark -> new SlotNames(
                        mark.getValue().slot(), given.publication().orElse(mark.getKey())))
                .min(Comparator.comparing((SlotNames found) -> !found.equals(usual))
                        .thenComparing(SlotNames::slot))
                .orElseGet(() -> isTaken(usual, marks)
                        ? ofItsOwn(given, database, documents.iterator().next())
                        : usual);
    }

    private static boolean isTaken(SlotNames names, Map<String, PublicationMark> marks) {
        return marks.values().stream().anyMatch(mark -> mark.slot().equals(names.slot()));
    }

    /** Fails if a chosen name would have to serve several databases. */
    static void check(GivenNames given, Collection<String> databases) {
        if (databases.size() > 1 && given.slot().isPresent()) {
            throw new SyncException(
                    Remedy.STOP,
                    "One slot name is given, but the schema file has several databases: " + String.join(", ", databases)
                            + "; leave it out or split the file");
        }
    }

    private static String derived(String what) {
        String name = "pgsync_" + what.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }
}
