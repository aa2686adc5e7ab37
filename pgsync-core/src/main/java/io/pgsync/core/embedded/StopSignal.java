package io.pgsync.core.embedded;

/** The Unix signals that stop a server. */
public enum StopSignal {
    TERM,
    INT,
    QUIT,
    KILL
}
