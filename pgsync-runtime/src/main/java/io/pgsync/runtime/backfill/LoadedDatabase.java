package io.pgsync.runtime.backfill;

import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.query.StatementCheck;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.replication.stream.Heartbeat;
import io.pgsync.runtime.follow.Following;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.setup.Bootstrap;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Fingerprints;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import reactor.core.publisher.Mono;

/** The operations that a backfill needs on its database. */
interface LoadedDatabase {
    /** Fails if the server refuses the condition for the rows of a root. */
    Mono<Void> checkCondition(DocumentTree tree, String condition);

    /** Empty if there is no slot. */
    Mono<SlotStatus> slot();

    /** Bootstraps the database. */
    Mono<Void> makeSound();

    /** Moves the end of the log, so that the process that follows writes its states. */
    Mono<Void> beat();

    Mono<Follower> prepare();

    /** The fingerprint of a document as the schema file has it now. */
    String fingerprint(DocumentTree tree);

    /** The definition to which that fingerprint belongs. */
    LoadedDefinition definition(DocumentTree tree);

    /** A run on the database. */
    interface Follower {
        /** Tells, before the run, where the load of an index stands. */
        void resumes(String index, BackfillProgress now);

        /** What another process has loaded of an index. */
        void loaded(String index, BackfillProgress now);

        Mono<Void> until(Mono<Void> stop);

        /** Runs {@code work} while {@code listener} knows of it. */
        Mono<Void> told(RunListener listener, Mono<Void> work);
    }

    /** A database whose connections a run holds open. */
    record Open(Resources resources, Database database, Bootstrap bootstrap) implements LoadedDatabase {
        @Override
        public Mono<Void> checkCondition(DocumentTree tree, String condition) {
            return new StatementCheck(database.connections()).condition(tree, condition);
        }

        @Override
        public Mono<SlotStatus> slot() {
            return new ReplicationSlots(database.connections())
                    .describe(database.names().slot());
        }

        @Override
        public Mono<Void> makeSound() {
            return bootstrap.run(List.of(database));
        }

        @Override
        public Mono<Void> beat() {
            return new Heartbeat(database.connections(), database.names().slot())
                    .emit()
                    .then();
        }

        @Override
        public Mono<Follower> prepare() {
            return Following.prepare(resources, database).map(OfFollowing::new);
        }

        @Override
        public String fingerprint(DocumentTree tree) {
            return fingerprints().of(tree);
        }

        @Override
        public LoadedDefinition definition(DocumentTree tree) {
            return fingerprints().definition(tree, resources.config().mapping());
        }

        private Fingerprints fingerprints() {
            return new Fingerprints(resources.schema());
        }
    }

    /** A run of this process. */
    record OfFollowing(Following following) implements Follower {
        @Override
        public void resumes(String index, BackfillProgress now) {
            following.resumes(index, now);
        }

        @Override
        public void loaded(String index, BackfillProgress now) {
            following.loaded(index, now);
        }

        @Override
        public Mono<Void> until(Mono<Void> stop) {
            return following.until(stop);
        }

        @Override
        public Mono<Void> told(RunListener listener, Mono<Void> work) {
            return Following.told(listener, List.of(following), work);
        }
    }
}
