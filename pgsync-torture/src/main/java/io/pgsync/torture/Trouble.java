package io.pgsync.torture;

import java.util.Locale;

/** Something that a run may be spared by name: see {@link Switches}. */
interface Trouble {
    /** The constant's. */
    String name();

    /** As the command line spells it. */
    default String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
