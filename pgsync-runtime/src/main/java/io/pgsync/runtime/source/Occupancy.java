package io.pgsync.runtime.source;

import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.replication.slot.Publications;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Which names of slots and publications are taken in a database, and by whom. */
interface Occupancy {
    /** Whom the publications serve, by their names; without those that say nothing of it. */
    Mono<Map<String, PublicationMark>> marks();

    Mono<Publication> publication(String name);

    /** Empty when there is no slot of this name. */
    Mono<SlotStatus> slot(String name);

    /** Of the server. */
    Mono<String> systemIdentifier();

    /** As the catalogue tells it. */
    record OfServer(PostgresConnections connections) implements Occupancy {
        @Override
        public Mono<Map<String, PublicationMark>> marks() {
            return new Publications(connections).marks();
        }

        @Override
        public Mono<Publication> publication(String name) {
            return new Publications(connections).look(name);
        }

        @Override
        public Mono<SlotStatus> slot(String name) {
            return new ReplicationSlots(connections).describe(name);
        }

        @Override
        public Mono<String> systemIdentifier() {
            return ServerIdentity.systemIdentifier(connections);
        }
    }
}
