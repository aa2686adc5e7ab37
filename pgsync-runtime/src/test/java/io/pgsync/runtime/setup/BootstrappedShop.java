package io.pgsync.runtime.setup;

import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.PlacementsInMemory;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.test.StepVerifier;

/** A database and an engine in memory, for a bootstrap of the index "books". */
final class BootstrappedShop {
    static final SchemaText SCHEMA = new SchemaText("schema.json", false, "[{}]");
    static final SourceIdentity SOURCE = new SourceIdentity("42", 1, "shop", "pgsync");
    static final Database BOOKS = Databases.shop("books");

    /** What was done to the database and the engine, in this order. */
    final List<String> done = new ArrayList<>();

    final SourceInMemory source = new SourceInMemory(done);
    final EngineInMemory engine = new EngineInMemory(done);
    final StatesInMemory states = new StatesInMemory();
    final PlacementsInMemory placements = new PlacementsInMemory();
    PlacedSchema placed = PlacedSchema.unplaced(SCHEMA);

    Bootstrap bootstrap() {
        return new Bootstrap(
                placed,
                MappingMode.TYPES,
                new SourceChoice(ReplicaIdentityMode.KEEP, Set.of(), false),
                database -> source,
                engine,
                states,
                placements,
                database -> Optional.empty());
    }

    void run() {
        StepVerifier.create(bootstrap().run(List.of(BOOKS))).verifyComplete();
    }
}
