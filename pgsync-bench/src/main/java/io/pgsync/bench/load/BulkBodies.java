package io.pgsync.bench.load;

import io.pgsync.core.document.DocumentChange.Upsert;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Finished bulk requests, kept in memory: nothing of them is left to do when the clock runs. */
record BulkBodies(List<byte[]> requests, int documents, long bytes) {
    static final int DOCUMENTS_PER_REQUEST = 1_000;

    /** The first requests only. */
    BulkBodies first(int count) {
        int kept = Math.min(count, requests.size());
        return new BulkBodies(requests.subList(0, kept), Math.min(documents, kept * DOCUMENTS_PER_REQUEST), bytes);
    }

    static final class Builder {
        private static final String ACTION =
                "{\"index\":{\"_id\":\"%s\",\"version\":%d,\"version_type\":\"external_gte\"}}\n";

        private final List<byte[]> requests = new ArrayList<>();
        private ByteArrayOutputStream request = new ByteArrayOutputStream();
        private int documents;
        private long bytes;

        void add(Upsert document) {
            request.writeBytes(ACTION.formatted(document.id(), 1L << 44).getBytes(StandardCharsets.UTF_8));
            request.writeBytes(document.source());
            request.write('\n');
            bytes += document.source().length;
            if (++documents % DOCUMENTS_PER_REQUEST == 0) {
                finishRequest();
            }
        }

        BulkBodies build() {
            if (request.size() > 0) {
                finishRequest();
            }
            return new BulkBodies(List.copyOf(requests), documents, bytes);
        }

        private void finishRequest() {
            requests.add(request.toByteArray());
            request = new ByteArrayOutputStream();
        }
    }
}
