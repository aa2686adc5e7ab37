package io.pgsync.runtime.verify;

import io.pgsync.core.checkpoint.BackfillProgress;
import java.util.List;
import reactor.core.publisher.Flux;

/** Has documents that differ stored again, and looks at them once more. */
record Mending(Sides sides, Confirmation confirmation) {
    /** They are confirmed together, which takes about as long for one as for many. */
    static final int SUSPECTS = 500;

    /** Part by part, how many do not differ any more. */
    Flux<Integer> of(List<Suspect> differing) {
        return Flux.fromIterable(differing)
                .buffer(BackfillProgress.MOST_IDS)
                .concatMap(
                        part -> sides.repair(part.stream().map(Suspect::id).toList())
                                .thenMany(Flux.fromIterable(part))
                                .buffer(SUSPECTS)
                                .concatMap(suspects -> confirmation
                                        .of(suspects)
                                        .map(still -> suspects.size()
                                                - still.proven().size()
                                                - Math.toIntExact(still.refused() + still.undecided()))),
                        1);
    }
}
