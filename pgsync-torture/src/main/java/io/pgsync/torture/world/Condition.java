package io.pgsync.torture.world;

/** What holds for a tree from its start to its end. */
public enum Condition implements Trouble {
    /** The server's log begins behind 0/80000000 or behind 1/0, where a position does not fit into 31 or 32 bits. */
    FAR_LOG(60),
    /** Keys of every type, beside the usual four. */
    ODD_KEYS(60),
    /** Tables that are parted by ranges, whose partitions have replica identities of their own. */
    RANGE_PARTITIONS(40),
    /** Tables whose primary key is deferrable, and tables without one. */
    NO_IDENTITY(25),
    /** At first, policies keep rows from the role that pgsync logs in with. */
    ROW_SECURITY(25),
    /** A second schema file on the same database, with a daemon of its own. */
    SECOND_FILE(25),
    /** Conditions that call a function, which raises an error for some rows. */
    RAISING_CONDITIONS(30),
    /** Rows of hundreds of kilobytes. */
    WIDE_ROWS(30),
    /** Fields move to other places of the document. */
    MOVED_FIELDS(40),
    /** A heap of 256 MB for the daemon. */
    SMALL_HEAP(50),
    /** A client that writes all the time, beginning before the bootstrap, and must never fail because of pgsync. */
    STEADY_WRITER(60),
    /** The engine has three nodes. */
    CLUSTER(15),
    /** Fail-over slots, which a standby keeps in step; from PostgreSQL 17 on. */
    KEPT_SLOTS(40),
    /** A standby that documents are read from. */
    READ_REPLICA(30),
    /** What changes affect waits in Kafka. */
    WORK_LOG(30);

    private final int percent;

    Condition(int percent) {
        this.percent = percent;
    }

    /** Of all trees. */
    int percent() {
        return percent;
    }
}
