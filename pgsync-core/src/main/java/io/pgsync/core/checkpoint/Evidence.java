package io.pgsync.core.checkpoint;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One fact about source or engine, to compare with the state of an index. An unknown value is no fact, and proves
 * nothing.
 */
public sealed interface Evidence {
    /**
     * What the fact proves against {@code state}, in words that follow the name of the index; empty if the two agree.
     */
    Optional<String> against(SyncState state);

    /** The kind of divergence if the fact proves something. */
    default Kind kind() {
        return Kind.GAP;
    }

    /** The position from which a run would go on. */
    record Source(SourcePosition position) implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            var confirmed = new Confirmed(position.identity().slot(), position.confirmed());
            if (position.continues(state.source())) {
                // The end of a log says nothing about positions of another timeline.
                return confirmed.against(state);
            }
            if (!state.source().equals(position.identity())) {
                return Optional.of(
                        "it was loaded from %s, but the source is %s; every change since %s may be missing, and what was undone by it"
                                .formatted(state.source(), position.identity(), state.stored()));
            }
            return new LogEnd(position.written()).against(state).or(() -> confirmed.against(state));
        }
    }

    /**
     * The end of the source's log, which must not be read before the state. If the state is ahead of it, the two have
     * different histories, so any change may be missing.
     */
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

    /**
     * The position that was confirmed to the slot, which must not be read after the state: the server does not send
     * changes before it again. A load that is still to begin needs none of them: another document of the file may have
     * been followed meanwhile.
     */
    record Confirmed(String slot, Lsn position) implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return position.isAfter(state.stored()) && !state.isUntouched()
                    ? Optional.of(
                            "changes from %s to %s were confirmed to the slot \"%s\", but not stored here; they may be missing"
                                    .formatted(state.stored(), position, slot))
                    : Optional.empty();
        }
    }

    /** A log of work between source and index, and what it has lost; empty if it is whole. */
    record Log(Optional<String> loss) implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return loss.filter(what -> !state.isUntouched());
        }
    }

    /** There is no slot. */
    record NoSlot() implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return Optional.of("the slot is gone, and with it the changes after " + state.stored());
        }
    }

    /** The slot exists, but the log that it needs is gone. */
    record LogDiscarded() implements Evidence {
        @Override
        public Optional<String> against(SyncState state) {
            return Optional.of("the server discarded changes after " + state.stored() + " that the slot had not sent");
        }
    }

    /** The engine's identifier of the index with that name; empty if there is none. */
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
     * The history of each shard's data, see {@link io.pgsync.core.sink.IndexOwnership#histories}: an index keeps its
     * identifier if one of its shards is lost and allocated empty, or is restored. A shard that is unknown in one of
     * the two proves nothing.
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

    /** Whether the document still has the definition with which its index was loaded. */
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
