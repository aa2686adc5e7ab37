package io.pgsync.runtime.config;

import java.util.Optional;

/**
 * How much of the server's log the slot may keep.
 *
 * @param wished bytes, if the user set a limit
 * @param ends whether the run ends when the limit is reached
 */
public record WalLimit(Optional<Long> wished, boolean ends) {
    /** As much as the server allows; pgsync only warns when it grows. */
    public static final WalLimit NONE = new WalLimit(Optional.empty(), false);
}
