package io.pgsync.kafka.record;

import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.change.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a record of a work topic says, beside its key. */
public sealed interface WorkRecord {
    /** That of the documents that it causes; its generation is that of the writer of the record. */
    long version();

    /** Counts the records of one generation in one partition, from 1 on: a hole is a loss. */
    long number();

    /**
     * A root is to be looked at: its document has to be read and stored under {@code version}. A hint, and no content: one more of it does no
     * harm.
     *
     * @param oldest the commit position of the oldest change that asks for it; {@link Lsn#ZERO} for a load
     * @param handedAt when it was handed to the brokers, in milliseconds, by the owner's clock
     * @param root the root's key, because an id cannot always be taken apart
     */
    record Item(long version, long number, Lsn oldest, Instant handedAt, List<String> root) implements WorkRecord {
        public Item {
            root = List.copyOf(root);
        }
    }

    /**
     * The first record of a generation in a partition.
     *
     * @param fingerprint of the schema file: a worker with another one must not go on
     * @param last the number of the last record of each earlier generation that was written to this partition
     */
    record Begin(long version, long number, long fingerprint, Map<Long, Long> last) implements WorkRecord {
        public Begin {
            last = Map.copyOf(last);
        }
    }

    /** Shows that a partition is whole, where nothing else comes. */
    record Beat(long version, long number, Instant at) implements WorkRecord {}

    /** Documents that hold rows under earlier keys are to be searched. */
    record Lookup(long version, long number, List<IndexSearch> searches) implements WorkRecord {
        public Lookup {
            searches = List.copyOf(searches);
        }
    }
}
