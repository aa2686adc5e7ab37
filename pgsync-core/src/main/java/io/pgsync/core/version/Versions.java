package io.pgsync.core.version;

import java.util.Map;

/** The version under which each document of a batch is written. */
public sealed interface Versions {
    /** That of the document with this id. What can have no document, and is only to be refused, has any of them. */
    long of(String id);

    /** The greatest of them. */
    long greatest();

    /** One for all: they were read by one statement. */
    static Versions same(long version) {
        return new Same(version);
    }

    /** One for each id, at least one; not copied, do not modify. */
    static Versions each(Map<String, Long> byId) {
        return new Each(byId);
    }

    /** See {@link #same}. */
    record Same(long greatest) implements Versions {
        @Override
        public long of(String id) {
            return greatest;
        }
    }

    /** See {@link #each}. */
    record Each(Map<String, Long> byId) implements Versions {
        @Override
        public long of(String id) {
            Long version = byId.get(id);
            return version == null ? least() : version;
        }

        /** Too great a one would shut out what is read later. */
        private long least() {
            return byId.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        }

        @Override
        public long greatest() {
            return byId.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        }
    }
}
