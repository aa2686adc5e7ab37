package io.pgsync.core.handover;

/** The logs of work of one installation. */
public interface WorkLogs {
    /** That of a slot, by its name. Connects to nothing yet. */
    WorkLog of(String slot);
}
