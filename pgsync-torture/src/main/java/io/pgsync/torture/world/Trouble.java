package io.pgsync.torture.world;

import java.util.Locale;

/** Something that a run may be spared by name: see {@link Switches}. */
public interface Trouble {
    /** The constant's. */
    String name();

    /** As the command line spells it. */
    default String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
