package io.pgsync.replication.stream;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.connection.PostgresFailures;
import io.pgsync.replication.connection.PostgresSettings;

/** Failures of a slot or its stream, each with what to do. The messages name the slot and its database. */
final class StreamFailures {
    private StreamFailures() {}

    static SyncException streaming(PostgresSettings settings, String slot, Throwable failure) {
        if (failure instanceof SyncException known) {
            return known;
        }
        String place = "Replication slot '" + slot + "' at " + settings.address() + ": ";
        String message = PostgresFailures.serverMessage(failure);
        String state = PostgresFailures.sqlState(failure).orElse("");
        return switch (state) {
            case "55006" ->
                new SlotInUseException(
                        place + message
                                + "; another process streams from it, and this one stands by until that one is gone",
                        failure);
            case "42704" ->
                failed(
                        Remedy.REPAIR,
                        place,
                        message,
                        "slot and publication must exist since before the changes"
                                + " they are asked for. Both have to be made again, and the indexes loaded again",
                        failure);
            case "58P01" -> lost(place, message, failure);
            case "55000" -> notUsable(place, message, failure);
            case "42501" ->
                failed(
                        Remedy.STOP,
                        place,
                        message,
                        "role '" + settings.user() + "' needs the REPLICATION"
                                + " attribute (ALTER ROLE … REPLICATION)",
                        failure);
            case "53300" ->
                failed(Remedy.RETRY, place, message, "raise max_wal_senders or end another stream", failure);
            default ->
                failed(
                        PostgresFailures.remedyOf(failure),
                        place,
                        message + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")"),
                        "the stream has ended",
                        failure);
        };
    }

    /** The slot passed changes that were not published. */
    static SyncException unpublished(PostgresSettings settings, StreamSettings stream) {
        return new SyncException(
                Remedy.REPAIR,
                "Replication slot '%s' at %s: publication '%s' does not exist. Both have to be made again, and the indexes loaded again"
                        .formatted(stream.slot(), settings.address(), stream.publication()));
    }

    /** The server ended the stream without an error; it does so only when it shuts down. */
    static SyncException ended(PostgresSettings settings, String slot) {
        return new SyncException(
                Remedy.RETRY,
                "Replication slot '%s' at %s: the server ended the stream; it is shutting down"
                        .formatted(slot, settings.address()));
    }

    // 55000 stands for an invalidated slot, and for one that never fitted; only the text, in the server's language,
    // tells which.
    private static SyncException notUsable(String place, String message, Throwable failure) {
        if (message.contains("not created in this database")) {
            return failed(Remedy.STOP, place, message, "choose another slot name for this database", failure);
        }
        if (message.contains("wal_level")) {
            return failed(Remedy.STOP, place, message, "set wal_level = logical and restart the server", failure);
        }
        return lost(place, message, failure);
    }

    private static SyncException lost(String place, String message, Throwable failure) {
        return failed(
                Remedy.REPAIR,
                place,
                message,
                "changes are lost to it (see max_slot_wal_keep_size). It has to be made again, and the indexes loaded again",
                failure);
    }

    private static SyncException failed(Remedy remedy, String place, String message, String advice, Throwable failure) {
        return new SyncException(remedy, place + message + "; " + advice, failure);
    }
}
