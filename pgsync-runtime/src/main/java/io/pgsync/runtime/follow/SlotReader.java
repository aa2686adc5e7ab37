package io.pgsync.runtime.follow;

import io.pgsync.replication.slot.SlotSession;
import reactor.core.publisher.Mono;

/** The session that streams from a slot, whichever process it belongs to. */
interface SlotReader {
    /** Its name; empty if nobody streams from the slot. */
    Mono<String> session();

    /** Ends the session of this name, if it is the one that streams from the slot. */
    Mono<Void> end(String session);

    /** Asks the server. */
    record OfServer(SlotSession slot) implements SlotReader {
        @Override
        public Mono<String> session() {
            return slot.name();
        }

        @Override
        public Mono<Void> end(String session) {
            return slot.end(session);
        }
    }
}
