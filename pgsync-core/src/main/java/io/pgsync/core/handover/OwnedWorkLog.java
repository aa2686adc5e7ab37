package io.pgsync.core.handover;

import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.change.Lsn;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A log of work in the hands of the process that reads the source. Failures with the remedy {@code RETRY} end this ownership: it has to be closed
 * and taken anew. Safe from any thread.
 */
public interface OwnedWorkLog {
    /** Greater than that of all earlier owners; versions of this one begin with it. */
    long generation();

    /** What was on record before this ownership. */
    LogPosition position();

    /** What the log has lost since then, if that is known already; in the words of {@link LogLossException#what}. */
    Optional<String> loss();

    /**
     * Opens the log for the new generation. Nothing else may be called before it completes.
     *
     * @param anew whether all indexes are about to be loaded from the beginning: what was lost before does not matter then
     */
    Mono<Void> begin(boolean anew);

    /** Appends roots in their order; completes when the log has all of them durably. Not bounded: callers wait for that. */
    Mono<Void> append(List<RootWork> works);

    /**
     * The roots that wait, from the first that is not stored on, those of earlier owners among them; as many at once as the log has at hand. One
     * document's come in the order in which they were appended, unless {@code many} differs; any number may come twice. Demand is honoured, in
     * lists, none of which is empty. For one subscriber each; endless until
     * {@link #endTaking()}. Fails with {@link LogLossException} where roots are missing.
     *
     * @param many those of {@link RootWork#many()}, or the others
     */
    Flux<List<TakenRoot>> taken(boolean many);

    /** Completes when the log has the search durably. */
    Mono<Void> append(IndexSearch search);

    /** The searches that wait, as {@link #taken}; the roots that they find are to be appended before they are done. */
    Flux<TakenSearches> searches();

    /** Gives no more roots and searches: {@link #taken} completes. Those that were given may still be stored. */
    void endTaking();

    /** Completes when all roots that were in the log when it was subscribed are stored. */
    Mono<Void> settled();

    /** Everything of the source up to {@code position} is appended, roots and searches. Earlier positions than before have no effect. */
    void mark(Lsn position);

    /** The last marked position before which everything is stored, what its searches have found as well; {@link Lsn#ZERO} before the first. */
    Lsn stored();

    /** What waits by now, without the age of the oldest. Asks nobody. */
    Backlog backlog();

    /**
     * Records how far it has got. When it completes, {@code handed} may be confirmed to the source: the log has all before it.
     *
     * @param position its {@code stored} is what the states of all indexes have on record
     */
    Mono<Void> record(LogPosition position);

    /** What it does beside the stream, as long as it is subscribed. Never completes; may fail as {@link #taken} does. */
    Mono<Void> keep();

    /** Notes what is stored, and lets go. */
    Mono<Void> close();
}
