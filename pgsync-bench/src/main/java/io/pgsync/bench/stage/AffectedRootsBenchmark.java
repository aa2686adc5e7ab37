package io.pgsync.bench.stage;

import io.pgsync.core.affected.AffectedRootsResolver;
import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.SourceKeyLookup;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;

/** A window of changed rows to the roots that they affect, with ports that answer at once; time for each changed row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AffectedRootsBenchmark {
    private static final int ROWS = 2_000;

    private final DocumentTree tree = BookTree.build();
    private final AffectedRootsResolver resolver = new AffectedRootsResolver(
            TableRoles.of(List.of(tree)), new EchoingSource(), search -> Flux.empty(), found -> {});
    private final ChangeWindow books = ChangedRows.updatedBooks(ROWS);
    private final ChangeWindow publishers = ChangedRows.updatedPublishers(ROWS);
    private final ChangeWindow bookAuthors = ChangedRows.insertedBookAuthors(ROWS);

    /** The log names the root itself. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public @Nullable Long updatedRoot() {
        return countRoots(books);
    }

    /** One walk in the source for all of them. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public @Nullable Long updatedParent() {
        return countRoots(publishers);
    }

    /** The through row's link is the root's key. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public @Nullable Long insertedThroughRow() {
        return countRoots(bookAuthors);
    }

    private @Nullable Long countRoots(ChangeWindow window) {
        return resolver.resolve(window)
                .reduce(0L, (count, affected) -> count + affected.roots().size())
                .block();
    }

    /** One root above every row. */
    private static final class EchoingSource implements SourceKeyLookup {
        @Override
        public Flux<RootKey> rootsAbove(PathToRoot path, Start start, List<List<String>> values) {
            return Flux.fromIterable(values).map(row -> new RootKey(path.tree().index(), row));
        }
    }
}
