package io.pgsync.runtime.config;

/** What bootstrap does about the old values of rows in the log. */
public enum ReplicaIdentityMode {
    /** Nothing: the old end of a link is looked up in the index. */
    KEEP,
    /** The log carries whole old rows. */
    FULL,
    /** The log carries the key and link columns of old rows, by a unique index over them. */
    INDEX
}
