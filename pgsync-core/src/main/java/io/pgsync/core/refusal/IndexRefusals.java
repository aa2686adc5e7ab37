package io.pgsync.core.refusal;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.refusal.RefusalStore.Revised;
import io.pgsync.core.sink.WriteOutcome.Refused;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The records of one index in memory, and what of them is stored. Bounded: a document that has no room is not recorded,
 * and those recorded before stay. Thread-safe.
 */
final class IndexRefusals {
    static final int MOST = 1_000;
    static final int MOST_CHARACTERS = 256 << 10;

    private final String index;
    private final DocumentIds ids;
    private final Predicate<RootKey> isRefused;
    private final Map<RootKey, Refusal> records = new LinkedHashMap<>();
    /** Those noted since the last write: nobody can have asked to forget them. */
    private final Set<RootKey> fresh = new HashSet<>();

    private Revised<List<Refusal>> stored = new Revised<>(List.of(), "");
    private long size;
    private long version;
    private long written;

    /** {@code isRefused}: which roots are refused at present; records of others are removed. */
    IndexRefusals(String index, DocumentIds ids, Predicate<RootKey> isRefused) {
        this.index = index;
        this.ids = ids;
        this.isRefused = isRefused;
    }

    /** Records to be stored in place of {@code expected}. */
    record Draft(Revised<List<Refusal>> expected, List<Refusal> records, long version) {}

    synchronized void note(Refused refused, Instant now) {
        RootKey root = refused.change().root();
        Refusal known = records.get(root);
        put(root, known == null ? Refusal.first(refused, now) : known.again(refused, now));
        if (records.containsKey(root)) {
            fresh.add(root);
        }
        version++;
    }

    /** Room is made by {@link #draft} alone, which is called often enough. */
    private void put(RootKey root, Refusal refusal) {
        Refusal before = records.get(root);
        int more = refusal.size() - (before == null ? 0 : before.size());
        if (size + more <= MOST_CHARACTERS && (before != null || records.size() < MOST)) {
            records.put(root, refusal);
            size += more;
        }
    }

    private void removeStale() {
        removeIf(root -> !isRefused.test(root));
    }

    private void removeIf(Predicate<RootKey> gone) {
        boolean changed = records.keySet().removeIf(gone);
        if (changed) {
            size = records.values().stream().mapToLong(Refusal::size).sum();
            version++;
        }
    }

    /** Empty if what is stored is up to date. */
    synchronized Optional<Draft> draft() {
        removeStale();
        if (version == written) {
            return Optional.empty();
        }
        List<Refusal> now = List.copyOf(records.values());
        if (now.equals(stored.value())) {
            written = version;
            fresh.clear();
            return Optional.empty();
        }
        return Optional.of(new Draft(stored, now, version));
    }

    synchronized void stored(Draft draft, Revised<List<Refusal>> now) {
        stored = now;
        written = draft.version();
        if (version == written) {
            fresh.clear();
        }
    }

    /**
     * Takes over what somebody else has stored: records that are gone were to be forgotten, and others are those of an
     * earlier process.
     */
    synchronized void read(Revised<List<Refusal>> now) {
        Set<String> before = ids(stored);
        Set<String> there = ids(now);
        removeIf(root -> !fresh.contains(root)
                && before.contains(ids.idOf(root.key()))
                && !there.contains(ids.idOf(root.key())));
        now.value().forEach(this::adopt);
        stored = now;
        version++;
    }

    private void adopt(Refusal refusal) {
        ids.keyOf(refusal.id())
                .map(key -> new RootKey(index, key))
                .filter(root -> !records.containsKey(root))
                .ifPresent(root -> put(root, refusal));
    }

    private static Set<String> ids(Revised<List<Refusal>> records) {
        return records.value().stream().map(Refusal::id).collect(Collectors.toSet());
    }

    /** About how many characters a write takes. */
    synchronized long size() {
        return size;
    }
}
