package io.pgsync.core.handover;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.version.Versions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Roots of one index that are read together, each with those who wait for it: parts of the stream, or entries of a log. */
public record RootBatch(String index, Map<RootKey, List<Waiting>> roots) {
    /** The roots; a copy. */
    public List<RootKey> keys() {
        return new ArrayList<>(roots.keySet());
    }

    /**
     * The versions that the log gave these roots: of each the greatest, because the read is behind all of them. For a batch of a log only.
     */
    public Versions versions(DocumentIds ids) {
        var versions = new HashMap<String, Long>();
        roots.forEach((root, waiting) -> versions.put(ids.shownIdOf(root), greatest(waiting)));
        return Versions.each(versions);
    }

    private static long greatest(List<Waiting> waiting) {
        return waiting.stream()
                .mapToLong(one -> ((TakenRoot) one).version())
                .max()
                .orElseThrow();
    }

    /** Every root is stored, or recorded as refused. */
    public void stored() {
        roots.values().forEach(waiting -> waiting.forEach(Waiting::done));
    }
}
