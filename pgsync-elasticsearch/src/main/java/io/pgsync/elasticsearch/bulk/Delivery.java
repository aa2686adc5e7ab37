package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.EngineError;
import io.pgsync.elasticsearch.ForeignAnswerException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Delivers the items of one batch to the index, in as many requests as necessary. It sends one request at a time. Each
 * round sends the first chunk and puts the rest of it back in front: whole, halved, or only its busy items. Sending
 * again is harmless, because every item has its id and version. So a request with an unknown outcome is sent again, by
 * a route that fences off the one before. When the delivery ends, none of its requests is under way.
 */
final class Delivery {
    private final BulkRoute route;
    private final Deque<Chunk> open = new ArrayDeque<>();
    private final Tally tally;

    /** @param pause the wait before the chunk is sent */
    private record Chunk(List<BulkItem> items, Tries tries, Pause pause) {
        int size() {
            return items.stream().mapToInt(BulkItem::size).sum();
        }
    }

    private enum Pause {
        NONE,
        BUSY,
        AWAY
    }

    Delivery(BulkRoute route, List<BulkItem> items, Tally tally) {
        this.route = route;
        this.tally = tally;
        if (!items.isEmpty()) {
            open.add(new Chunk(items, Tries.NONE, Pause.NONE));
        }
    }

    Mono<WriteOutcome> run() {
        return Mono.defer(this::round)
                .repeat(() -> !open.isEmpty())
                .then(Mono.defer(route::settled))
                .then(Mono.fromSupplier(tally::outcome));
    }

    private Mono<Void> round() {
        Chunk chunk = open.poll();
        if (chunk == null) {
            return Mono.empty();
        }
        List<List<BulkItem>> parts = route.limits().split(chunk.items());
        if (parts.size() > 1) {
            putBack(parts, chunk.tries(), chunk.pause());
            return Mono.empty();
        }
        return pause(chunk)
                .then(route.send(chunk.items()))
                .onErrorResume(
                        Delivery::isUnanswered,
                        error -> unanswered(chunk, error).then(Mono.empty()))
                .flatMap(sent -> settle(chunk, sent));
    }

    private Mono<Void> pause(Chunk chunk) {
        return switch (chunk.pause()) {
            case NONE -> Mono.empty();
            case BUSY -> route.pauseBusy(chunk.tries().all());
            case AWAY -> route.pauseAway(chunk.tries().all());
        };
    }

    private Mono<Void> settle(Chunk chunk, BulkRoute.Sent sent) {
        Answer answer = sent.answer();
        if (answer.isSuccess()) {
            return settleItems(chunk, sent);
        }
        return switch (answer.status()) {
            case 400, Answer.TOO_LARGE -> narrow(chunk, answer);
            default -> tryAgain(chunk, answer);
        };
    }

    /** For faults of the engine or of this writer, not of the items. */
    private Mono<Void> tryAgain(Chunk chunk, Answer answer) {
        ItemOutcome outcome = outcomeOf(answer);
        if (!chunk.tries().allowAnother(outcome)) {
            return Mono.error(route.denied(answer));
        }
        if (outcome == ItemOutcome.BUSY) {
            route.limits().busy();
        }
        EngineError error = EngineError.of(answer);
        resend(chunk, outcome, answer.status() + ", " + (answer.isForeign() ? error : error.type()));
        return Mono.empty();
    }

    /** A request without documents cannot be too large, so such an answer is a mistake that passes. */
    private static ItemOutcome outcomeOf(Answer answer) {
        if (answer.status() == 429) {
            return ItemOutcome.BUSY;
        }
        boolean passes = answer.isPassing() || answer.status() == Answer.TOO_LARGE;
        return passes ? ItemOutcome.UNAVAILABLE : ItemOutcome.DENIED;
    }

    /** The request is too large, or one of its items makes it unreadable: it is divided until the item is alone. */
    private Mono<Void> narrow(Chunk chunk, Answer answer) {
        boolean tooLarge = answer.status() == Answer.TOO_LARGE;
        if (tooLarge) {
            route.limits().tooLarge(chunk.size());
        }
        if (chunk.items().size() > 1) {
            halve(chunk, Pause.NONE);
            return Mono.empty();
        }
        EngineError error = EngineError.of(answer);
        return refuseIfOthersPass(
                chunk, tooLarge ? new EngineError(answer.status(), "request_entity_too_large", error.reason()) : error);
    }

    /**
     * If a request with a single item is refused as a whole, the reason may be something that all requests have in
     * common; then the document is not at fault. A request without documents shows this. Two of them are needed,
     * because the fault may have passed in between.
     */
    private Mono<Void> refuseIfOthersPass(Chunk chunk, EngineError refusal) {
        return route.send(List.of())
                .onErrorResume(
                        Delivery::isUnanswered,
                        error -> Mono.<BulkRoute.Sent>empty()
                                .doOnSubscribe(s -> resend(chunk, ItemOutcome.UNAVAILABLE, reason(error))))
                .map(BulkRoute.Sent::answer)
                .flatMap(control -> {
                    if (!control.isSuccess()) {
                        return tryAgain(chunk, control);
                    }
                    if (chunk.tries().allowAnother(ItemOutcome.SUSPECT)) {
                        resend(chunk, ItemOutcome.SUSPECT, refusal.toString());
                    } else {
                        tally.refused(chunk.items().get(0), refusal.status(), refusal.type(), refusal.reason());
                    }
                    return Mono.empty();
                });
    }

    private void halve(Chunk chunk, Pause pause) {
        List<BulkItem> items = chunk.items();
        int half = items.size() / 2;
        putBack(List.of(items.subList(0, half), items.subList(half, items.size())), Tries.NONE, pause);
    }

    /** True also if nothing was sent, because a request that must come before got no answer. */
    private static boolean isUnanswered(Throwable error) {
        return !(error instanceof SyncException) || Remedy.passes(error);
    }

    private static String reason(Throwable error) {
        return error instanceof ForeignAnswerException ? String.valueOf(error.getMessage()) : error.toString();
    }

    /** Some servers close the connection of a request that is too large, without an answer. */
    private Mono<Void> unanswered(Chunk chunk, Throwable error) {
        ItemOutcome outcome = ItemOutcome.unanswered(error);
        if (chunk.tries().allowAnother(outcome) || !route.limits().mayBeTooLarge(chunk.size())) {
            resend(chunk, outcome, reason(error));
            return Mono.empty();
        }
        if (chunk.items().size() > 1) {
            halve(chunk, Pause.AWAY);
            return Mono.empty();
        }
        String reason = "the connection ended each time it was under way (" + reason(error) + ")";
        return refuseIfOthersPass(chunk, new EngineError(Answer.TOO_LARGE, "connection_cut", reason));
    }

    private Mono<Void> settleItems(Chunk chunk, BulkRoute.Sent sent) {
        try {
            BulkAnswer bulk = BulkAnswer.parse(sent.answer().body());
            int expected = chunk.items().size() + (BulkEncoder.needsGuard(chunk.items()) ? 1 : 0);
            if (bulk.count() != expected) {
                throw new IOException(bulk.count() + " items answered of " + expected);
            }
            route.limits().passed(chunk.size());
            return settleItems(chunk, bulk.items(), sent.through());
        } catch (IOException e) {
            route.alias().doubt(sent.through());
            resend(chunk, ItemOutcome.UNAVAILABLE, e.toString());
            return Mono.empty();
        }
    }

    private Mono<Void> settleItems(Chunk chunk, List<BulkAnswer.Item> all, String through) {
        if (all.isEmpty()) {
            route.limits().calm();
            chunk.items().forEach(tally::stored);
            return Mono.empty();
        }
        List<BulkAnswer.Item> answers = vouchedFor(all, chunk.items().size());
        List<ItemOutcome> outcomes = outcomes(answers, through);
        if (outcomes.stream().anyMatch(ItemOutcome::leavesDoubt)) {
            route.alias().doubt(through);
        }
        return problem(chunk, answers, outcomes)
                .map(Mono::<Void>error)
                .orElseGet(() -> Mono.fromRunnable(() -> settleEach(chunk, answers, outcomes)));
    }

    /**
     * If the alias has become an index, deletes alone appear to succeed: only the guard, the last item, has the error.
     */
    private static List<BulkAnswer.Item> vouchedFor(List<BulkAnswer.Item> answers, int items) {
        return answers.size() > items && !answers.get(items).hasReachedIndex()
                ? Collections.nCopies(items, answers.get(items))
                : answers.subList(0, items);
    }

    /** If an alias is gone because the writer itself renews it, this says nothing about the index. */
    private List<ItemOutcome> outcomes(List<BulkAnswer.Item> answers, String through) {
        boolean expected = route.alias().isSettledOn(through);
        return answers.stream()
                .map(ItemOutcome::of)
                .map(outcome -> outcome == ItemOutcome.GONE && !expected ? ItemOutcome.UNAVAILABLE : outcome)
                .toList();
    }

    /** The failure that ends the writer, if there is one. */
    private Optional<SyncException> problem(Chunk chunk, List<BulkAnswer.Item> answers, List<ItemOutcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            ItemOutcome outcome = outcomes.get(i);
            long current = answers.get(i).currentVersion().orElse(0);
            if (outcome == ItemOutcome.SUPERSEDED && current > route.newestSent()) {
                return Optional.of(route.superseded(chunk.items().get(i), current));
            }
            if (outcome == ItemOutcome.DENIED && !chunk.tries().allowAnother(outcome)) {
                return Optional.of(route.denied(answers.get(i)));
            }
            if (outcome == ItemOutcome.GONE && !chunk.tries().allowAnother(outcome)) {
                return Optional.of(route.replaced());
            }
        }
        return Optional.empty();
    }

    private void settleEach(Chunk chunk, List<BulkAnswer.Item> answers, List<ItemOutcome> outcomes) {
        List<BulkItem> again = new ArrayList<>();
        String reason = "";
        for (int i = 0; i < outcomes.size(); i++) {
            ItemOutcome outcome = outcomes.get(i);
            if (chunk.tries().allowAnother(outcome)) {
                again.add(chunk.items().get(i));
                reason = answers.get(i).status() + ", " + answers.get(i).type();
            } else {
                tally.settled(chunk.items().get(i), outcome, answers.get(i));
            }
        }
        if (outcomes.contains(ItemOutcome.BUSY)) {
            route.limits().busy();
        }
        if (!again.isEmpty()) {
            resend(new Chunk(again, chunk.tries(), Pause.NONE), outcomes, reason);
        }
    }

    private void resend(Chunk chunk, ItemOutcome outcome, String reason) {
        resend(chunk, List.of(outcome), reason);
    }

    private void resend(Chunk chunk, List<ItemOutcome> outcomes, String reason) {
        Tries tries = chunk.tries().and(outcomes);
        if (tries.all() >= 3) {
            route.reportDelay(tries.all(), reason);
        }
        Pause pause = outcomes.contains(ItemOutcome.BUSY) ? Pause.BUSY : Pause.AWAY;
        open.addFirst(new Chunk(chunk.items(), tries, pause));
    }

    private void putBack(List<List<BulkItem>> parts, Tries tries, Pause pause) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            open.addFirst(new Chunk(parts.get(i), tries, pause));
        }
    }
}
