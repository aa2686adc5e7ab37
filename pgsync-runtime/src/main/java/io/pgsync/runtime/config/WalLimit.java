package io.pgsync.runtime.config;

import java.util.Optional;

/**
 * What the slot may keep of the server's log.
 *
 * @param wished bytes, if the user said so
 * @param ends whether the run ends when they are used up
 */
public record WalLimit(Optional<Long> wished, boolean ends) {
    /** As much as the server lets it keep; that it grows is told. */
    public static final WalLimit NONE = new WalLimit(Optional.empty(), false);
}
