package io.pgsync.core.handover;

/** What a log of work tells somebody who does not own it. */
public record LogLook(LogPosition position, Backlog backlog) {
    /** Of a log without an owner so far. */
    public static final LogLook NOTHING = new LogLook(LogPosition.NONE, Backlog.NOTHING);
}
