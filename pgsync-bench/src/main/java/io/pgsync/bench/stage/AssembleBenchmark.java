package io.pgsync.bench.stage;

import io.pgsync.core.document.DocumentAssembler;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.Plugins;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What Postgres built to the finished document, with its {@code _meta}; time for each document of 800 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AssembleBenchmark {
    /** A book as the document query gives it. */
    public static final String FIELDS = """
            {"id" : 4711, "isbn" : "979-000004711", "title" : "Book 1fa3c2b0d9e84756a1b2c3d4e5f60718", \
            "description" : "No. 4711 of a long row of volumes, of a long row of volumes, of a long row of volumes,", \
            "price" : 47.11, "rev" : 0, "publish_date" : "2000-02-12T11:43:00", \
            "publisher" : {"id" : 712, "name" : "House of 712", "is_active" : true}, \
            "authors" : [{"id" : 12305, "name" : "Writer 0cc175b9c0f1b6a831c399e269772661", \
            "date_of_birth" : "1954-02-23"}, {"id" : 28971, "name" : "Writer 92eb5ffee6ae2fec3ad71c777531578f", \
            "date_of_birth" : "1999-10-10"}, {"id" : 45637, "name" : "Writer 4a8a08f09d37b73795649038408b5f33", \
            "date_of_birth" : "1971-07-04"}]}""";

    private static final String KEYS = "[[[712]], [[4711, 12305, 12305], [4711, 28971, 28971], [4711, 45637, 45637]]]";

    private final DocumentAssembler assembler = new DocumentAssembler(BookTree.build(), Plugins.NONE);
    private final List<String> key = List.of("4711");
    private final byte[] fields = FIELDS.getBytes(StandardCharsets.UTF_8);
    private final byte[] keys = KEYS.getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public DocumentChange assemble() {
        return assembler.assemble(key, fields, keys);
    }
}
