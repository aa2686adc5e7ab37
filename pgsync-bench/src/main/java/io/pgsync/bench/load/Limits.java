package io.pgsync.bench.load;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.query.PostgresDocumentReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postgresql.PGConnection;
import reactor.core.publisher.Flux;

/** What the servers give to a client that does nothing else: the most that any product could reach on this machine. */
final class Limits implements AutoCloseable {
    private static final int WARM_UP_REQUESTS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Bookshop shop;
    private final Engine engine;
    private final RawBulk raw;
    private final PostgresConnections connections;
    private final DocumentTree tree;
    private final PostgresDocumentReader reader;

    private Limits(Bookshop shop, Engine engine, PostgresConnections connections, DocumentTree tree) {
        this.shop = shop;
        this.engine = engine;
        this.raw = new RawBulk(engine);
        this.connections = connections;
        this.tree = tree;
        this.reader = new PostgresDocumentReader(connections, List.of(tree));
    }

    static Limits of(Bookshop shop, PostgresAccess postgres, Engine engine) {
        var connections = PostgresConnections.to(postgres.settings(Bookshop.DATABASE), 1);
        SchemaFile file = SchemaReader.read(
                "schema.json", Resources.text("schema.json").getBytes(StandardCharsets.UTF_8), Map.of());
        Catalog catalog = Objects.requireNonNull(
                PgCatalog.load(connections, file.tablesByDatabase().getOrDefault(Bookshop.DATABASE, Set.of()))
                        .block());
        DocumentTree tree =
                TreeBuilder.build(file, Map.of(Bookshop.DATABASE, catalog)).get(0);
        return new Limits(shop, engine, connections, tree);
    }

    /** {@code COPY} of the product's document query to nowhere. */
    Rate copy() throws SQLException, IOException {
        var copying = shop.connection().unwrap(PGConnection.class).getCopyAPI();
        return Rate.of(() -> (int)
                copying.copyOut("COPY (" + reader.statementOf(tree) + ") TO STDOUT", OutputStream.nullOutputStream()));
    }

    /** All documents, as the product reads them. */
    BulkBodies bodies() {
        return bodies(reader.read(tree, new KeyRange(Optional.empty(), Optional.empty())));
    }

    /** Finished requests, posted to an empty index like the product's, on a server that has done it before. */
    Rate rawBulk(BulkBodies bodies) throws IOException, SQLException {
        try (var warmUp = ScratchIndex.like(engine, Bookshop.INDEX, "bookshop_warm_up")) {
            raw.post(warmUp, bodies.first(WARM_UP_REQUESTS));
        }
        try (var scratch = ScratchIndex.like(engine, Bookshop.INDEX, "bookshop_raw_bulk")) {
            Rate rate = Rate.of(() -> raw.post(scratch, bodies));
            if (scratch.count() != bodies.documents()) {
                throw new IOException(
                        "The raw client stored %d documents of %d".formatted(scratch.count(), bodies.documents()));
            }
            return rate;
        }
    }

    /**
     * One document query, one bulk request, one look at a document: the least that a change of these books can take. In nanoseconds, the
     * shortest first.
     */
    Durations roundTrips(int times, List<Integer> books) throws IOException {
        List<RootKey> roots = books.stream()
                .map(book -> new RootKey(tree.index(), List.of(book.toString())))
                .toList();
        String last = roots.get(roots.size() - 1).key().get(0);
        List<Long> nanos = new ArrayList<>();
        try (var scratch = ScratchIndex.like(engine, Bookshop.INDEX, "bookshop_round_trips")) {
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime();
                raw.post(scratch, bodies(reader.read(tree, roots)));
                Waiting.until(
                        "document " + last,
                        PATIENCE,
                        Duration.ofMillis(1),
                        () -> engine.shows(scratch.name(), last, "isbn"));
                nanos.add(System.nanoTime() - start);
            }
        }
        return Durations.of(nanos);
    }

    private static BulkBodies bodies(Flux<DocumentChange> documents) {
        var bodies = new BulkBodies.Builder();
        documents.cast(Upsert.class).doOnNext(bodies::add).then().block();
        return bodies.build();
    }

    @Override
    public void close() {
        connections.close().block();
    }
}
