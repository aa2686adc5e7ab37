package io.pgsync.runtime.source;

import io.pgsync.core.document.DocumentReader;
import io.pgsync.runtime.report.DocumentReads;
import java.util.concurrent.atomic.LongAdder;

/** Counts the documents that are read for a stream, by the server that they come from. Safe from any thread. */
public final class ReadTally {
    private final LongAdder primary = new LongAdder();
    private final LongAdder replicas = new LongAdder();

    /** Of this moment. */
    public DocumentReads figures() {
        return new DocumentReads(primary.sum(), replicas.sum());
    }

    DocumentReader ofPrimary(DocumentReader reader) {
        return new CountedReader(reader, primary);
    }

    DocumentReader ofReplica(DocumentReader reader) {
        return new CountedReader(reader, replicas);
    }
}
