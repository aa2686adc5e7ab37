package io.pgsync.core.checkpoint;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One fact about source or engine that the state of an index is compared with. What nobody knows is no fact, and proves nothing. */
public sealed interface Evidence {
    /** What it proves against {@code state}, in words that follow the name of the index; empty when the two agree. */
    Optional<String> against(SyncState state);

    /** In what way an index is wrong that this proves something against. */
    default Kind kind() {
        return Kind.GAP;
    }

    /** Where a run would go on. */
    record Source(SourcePosition position) implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            if (!state.source().equals(position.identity())) {
                return Optional.of(
                        "it was loaded from %s, but the source is %s; every change since %s may be missing, and what was undone by it"
                                .formatted(state.source(), position.identity(), state.stored()));
            }
            return new LogEnd(position.written())
                    .against(state)
                    .or(() -> new Confirmed(position.identity().slot(), position.confirmed()).against(state));
        }
    }

    /** The end of the source's log, not read before the state was: a state ahead of it proves nothing, so any change counts as missing. */
    record LogEnd(Lsn end) implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return state.stored().isAfter(end)
                    ? Optional.of(
                            "its state says that changes up to %s are stored, but the log of the source ends at %s: the server was set back, or the state is damaged; any change may be missing"
                                    .formatted(state.stored(), end))
                    : Optional.empty();
        }
    }

    /** What the slot was told is stored, not read after the state was: the server does not send it again. */
    record Confirmed(String slot, Lsn position) implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return position.isAfter(state.stored())
                    ? Optional.of(
                            "changes from %s to %s were confirmed to the slot \"%s\", but not stored here; they may be missing"
                                    .formatted(state.stored(), position, slot))
                    : Optional.empty();
        }
    }

    /** There is no slot. */
    record NoSlot() implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return Optional.of("the slot is gone, and with it the changes after " + state.stored());
        }
    }

    /** The slot is there, but the log that it needs is not. */
    record LogDiscarded() implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return Optional.of("the server discarded changes after " + state.stored() + " that the slot had not sent");
        }
    }

    /** The engine's identifier of the index that the name leads to; empty when it leads to none. */
    record Index(Optional<String> uuid) implements Evidence {
        @Override
        public Kind kind() {
            return Kind.INDEX_REPLACED;
        }

        @Override
        public Optional<String> against(SyncState state) {
            if (uuid.isEmpty()) {
                return Optional.of("it no longer exists: all of its documents are missing");
            }
            return uuid.filter(now -> !now.equals(state.indexUuid()))
                    .map(
                            now ->
                                    "it was deleted and created again, or its name leads to another index than the one that was loaded: every document stored before may be missing");
        }
    }

    /**
     * What the data of each shard descend from, see {@link io.pgsync.core.sink.IndexOwnership#histories}: an index keeps its identifier when a
     * shard of it is lost and allocated empty, or is restored. A shard that is not known, then or now, proves nothing.
     */
    record Shards(Map<String, String> histories) implements Evidence {
        public Shards {
            histories = Map.copyOf(histories);
        }

        @Override
        public Kind kind() {
            return Kind.INDEX_REPLACED;
        }

        @Override
        public Optional<String> against(SyncState state) {
            String others = state.histories().entrySet().stream()
                    .filter(then -> histories.containsKey(then.getKey())
                            && !then.getValue().equals(histories.get(then.getKey())))
                    .map(Map.Entry::getKey)
                    .sorted(Comparator.comparing(Integer::valueOf))
                    .collect(Collectors.joining(", "));
            return others.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "shard %s was allocated again (empty, from a stale copy or from a snapshot): documents that were stored may be missing"
                                    .formatted(others));
        }
    }

    /** Whether the document is still defined as it was when its index was loaded. */
    record Definition(boolean isSame) implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return isSame
                    ? Optional.empty()
                    : Optional.of(
                            "it was loaded with another definition of its document than the schema file has now, or by an earlier version with other ids, or without keys that are needed; any of its documents may be out of date");
        }
    }
}
