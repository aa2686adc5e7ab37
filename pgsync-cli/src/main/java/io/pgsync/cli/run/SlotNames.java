package io.pgsync.cli.run;

import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What the slot and the publication of a database are called. */
record SlotNames(String slot, String publication) {
    private static final int LONGEST_NAME = 63;

    /** {@code pgsync_} and the database's name, with everything that a slot may not be called replaced; or what the settings say. */
    static SlotNames of(Settings settings, String database) {
        String slot = settings.text(Setting.PGSYNC_SLOT).orElseGet(() -> derived(database));
        return new SlotNames(slot, settings.text(Setting.PGSYNC_PUBLICATION).orElse(slot));
    }

    /** Fails when one chosen name would have to serve several databases. */
    static void check(Settings settings, Collection<String> databases) {
        if (databases.size() > 1 && settings.isGiven(Setting.PGSYNC_SLOT)) {
            throw new ConfigurationException(
                    List.of("PGSYNC_SLOT names one slot, but the schema file has several databases: "
                            + String.join(", ", databases) + "; leave it out or split the file"));
        }
    }

    private static String derived(String database) {
        String name = "pgsync_" + database.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }
}
