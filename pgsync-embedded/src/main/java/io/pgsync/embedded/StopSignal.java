package io.pgsync.embedded;

/** The Unix signals that stop a server. */
public enum StopSignal {
    TERM,
    INT,
    QUIT,
    KILL
}
