package io.pgsync.core.pipeline;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.handover.WorkLog;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The indexes "a" and "b", which one process claims together. */
final class ClaimedIndexes {
    private static final List<DocumentTree> TREES = Trees.documents(
            "[{'database': 'shop', 'index': 'a', 'nodes': {'table': 't'}},"
                    + "{'database': 'shop', 'index': 'b', 'nodes': {'table': 't'}}]",
            Tables.table("t", "x text pk, y text pk"));
    /** Confirmed up to 10, with a log up to 99. */
    static final SourcePosition SOURCE = new SourcePosition(States.IDENTITY, new Lsn(10), new Lsn(99));

    final States states = new States();
    final OwnedIndexes owned = new OwnedIndexes();
    NothingLeft nothingLeft = NothingLeft.ENDS;

    Optional<WorkLog> log = Optional.empty();

    /** What a listener is told of the source. */
    final List<String> heard = new ArrayList<>();

    /** Both are followed up to 10. */
    void putStates() {
        states.put(States.state("a", 10));
        states.put(States.state("b", 10));
    }

    Mono<Claim> claim(SourcePosition source) {
        return claims().claim(source);
    }

    Claims claims() {
        return new Claims(TREES, new IndexPorts(owned, null, states, null), listener(), nothingLeft, log);
    }

    private PipelineListener listener() {
        return new PipelineListener() {
            @Override
            public void handedOn(SourceIdentity source, Lsn position) {
                heard.add("handed on to timeline %d at %s".formatted(source.timeline(), position));
            }
        };
    }
}
