package io.pgsync.elasticsearch;

/** The limits of one bulk request: {@code maxDocuments}, and {@code maxBytes} of its uncompressed body. */
public record BulkSettings(int maxDocuments, int maxBytes) {
    /** 1,000 documents, 5 MiB. */
    public static final BulkSettings DEFAULT = new BulkSettings(1_000, 5 * 1024 * 1024);

    public BulkSettings {
        if (maxDocuments < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("A bulk request must be allowed at least one document and one byte");
        }
    }
}
