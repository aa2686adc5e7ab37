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

/** The names of slots and publications that are taken in a database, and by whom. */
interface Occupancy {
    /** Whom each publication serves, by its name; without publications that do not say so. */
    Mono<Map<String, PublicationMark>> marks();

    Mono<Publication> publication(String name);

    /** Empty if there is no slot of this name. */
    Mono<SlotStatus> slot(String name);

    /** The system identifier of the server. */
    Mono<String> systemIdentifier();

    /** Read from the catalog. */
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
