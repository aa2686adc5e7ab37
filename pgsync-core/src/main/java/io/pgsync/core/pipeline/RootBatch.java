package io.pgsync.core.pipeline;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.InOrderAcknowledger.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Roots of one index that are read together, each with the parts of the stream that wait for it. */
record RootBatch(String index, Map<RootKey, List<Part>> roots) {
    List<RootKey> keys() {
        return new ArrayList<>(roots.keySet());
    }

    /** Every root is stored, or recorded as refused. */
    void stored() {
        roots.values().forEach(parts -> parts.forEach(Part::done));
    }
}
