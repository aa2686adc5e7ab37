package io.pgsync.cli.run;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.explain.Explanation;
import io.pgsync.cli.explain.SideBySide;
import io.pgsync.runtime.report.ExplainedDocument;
import io.pgsync.runtime.report.ExplainedTree;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Tells what a schema file means for its database, and how its documents look. Reads only. All methods block. */
public final class ExplainRun {
    private final Settings settings;
    private final PrintWriter out;

    public ExplainRun(Settings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /** Trees, statements, paths and indexes of all documents of the file. */
    public void print() {
        forEach(found -> new Explanation(found.tree(), out).print(found.statement()));
    }

    /** The indexes of the database that the documents need, and which of them are missing. */
    public void printIndexes() {
        forEach(found -> new Explanation(found.tree(), out).printIndexes());
    }

    private void forEach(Consumer<ExplainedTree> work) {
        RunConfigs.pgsync(settings).explain().doOnNext(work).blockLast();
        out.flush();
    }

    /**
     * The document with this id, in each index where the id is possible: as it would be built now, and as it is stored.
     */
    public void printDocument(String id) {
        RunConfigs.pgsync(settings)
                .explain(id)
                .doOnNext(found -> print(id, found))
                .blockLast();
        out.flush();
    }

    private void print(String id, ExplainedDocument found) {
        found.refusal().ifPresent(reason -> out.println("It could not be stored: " + reason));
        new Explanation(found.tree(), out).printDocument(id, new SideBySide(found.stored(), found.built()));
    }
}
