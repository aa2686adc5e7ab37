package io.pgsync.runtime.report;

import io.pgsync.core.handover.Backlog;
import java.util.Optional;

/**
 * The log of work, in which the affected roots wait between the source and the documents.
 *
 * @param backlog what waits there
 * @param failure why nobody knows; {@code backlog} is empty then
 */
public record LogStatus(Backlog backlog, Optional<String> failure) {
    /** The log has answered. */
    public static LogStatus of(Backlog backlog) {
        return new LogStatus(backlog, Optional.empty());
    }

    /** The log has not answered. */
    public static LogStatus away(String why) {
        return new LogStatus(Backlog.NOTHING, Optional.of(why));
    }
}
