package io.pgsync.cli.run;

import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.replication.slot.PublicationMark;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the slot and the publication of a schema file's documents in one database are called. */
record SlotNames(String slot, String publication) {
    private static final int LONGEST_NAME = 63;

    /** {@code pgsync_} and the database's name, with everything that a slot may not be called replaced; or what the settings say. */
    static SlotNames of(Settings settings, String database) {
        return named(settings, database);
    }

    /** For a schema file beside another one that has the former: as PGSync does it, by the index too. */
    static SlotNames ofItsOwn(Settings settings, String database, Collection<String> indexes) {
        return named(settings, database + "_" + indexes.iterator().next());
    }

    private static SlotNames named(Settings settings, String what) {
        String slot = settings.text(Setting.PGSYNC_SLOT).orElseGet(() -> derived(what));
        return new SlotNames(slot, settings.text(Setting.PGSYNC_PUBLICATION).orElse(slot));
    }

    /**
     * The names that a schema file has: those that serve one of its indexes already, else the usual ones, else, where these serve another
     * file, its own.
     *
     * @param marks whom the publications of the database serve, by their names
     */
    static SlotNames choose(
            Settings settings, String database, Collection<String> indexes, Map<String, PublicationMark> marks) {
        SlotNames usual = of(settings, database);
        if (settings.isGiven(Setting.PGSYNC_SLOT) || indexes.isEmpty()) {
            return usual;
        }
        return marks.entrySet().stream()
                .filter(mark -> mark.getValue().serves(indexes))
                .map(mark -> new SlotNames(
                        mark.getValue().slot(),
                        settings.text(Setting.PGSYNC_PUBLICATION).orElse(mark.getKey())))
                .min(Comparator.comparing((SlotNames found) -> !found.equals(usual))
                        .thenComparing(SlotNames::slot))
                .orElseGet(() -> isTaken(usual, marks) ? ofItsOwn(settings, database, indexes) : usual);
    }

    private static boolean isTaken(SlotNames names, Map<String, PublicationMark> marks) {
        return marks.values().stream().anyMatch(mark -> mark.slot().equals(names.slot()));
    }

    /** Fails when one chosen name would have to serve several databases. */
    static void check(Settings settings, Collection<String> databases) {
        if (databases.size() > 1 && settings.isGiven(Setting.PGSYNC_SLOT)) {
            throw new ConfigurationException(
                    List.of("PGSYNC_SLOT names one slot, but the schema file has several databases: "
                            + String.join(", ", databases) + "; leave it out or split the file"));
        }
    }

    private static String derived(String what) {
        String name = "pgsync_" + what.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }
}
