package io.pgsync.elasticsearch;

import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Brings the items of one batch into the index, however many requests that takes. One request at a time: a round sends the first chunk
 * and puts what is left of it, whole, halved, or only its busy items, back in front. Resending is harmless because every item names its
 * id and its version; so a request whose outcome is unknown is simply sent again.
 */
final class Delivery {
    private final BulkRoute route;
    private final Deque<Chunk> open = new ArrayDeque<>();
    private final Tally tally;

    /** @param pause what the chunk waits for before it is sent */
    private record Chunk(List<BulkItem> items, Tries tries, Pause pause) {}

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
        return Mono.defer(this::round).repeat(() -> !open.isEmpty()).then(Mono.fromSupplier(tally::outcome));
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
                        error -> !(error instanceof SyncException),
                        error -> Mono.<Answer>empty()
                                .doOnSubscribe(s -> resend(chunk, ItemOutcome.UNAVAILABLE, error.toString())))
                .flatMap(answer -> settle(chunk, answer));
    }

    private Mono<Void> pause(Chunk chunk) {
        return switch (chunk.pause()) {
            case NONE -> Mono.empty();
            case BUSY -> route.pauseBusy(chunk.tries().all());
            case AWAY -> route.pauseAway(chunk.tries().all());
        };
    }

    private Mono<Void> settle(Chunk chunk, Answer answer) {
        if (answer.isSuccess()) {
            return settleItems(chunk, answer);
        }
        String reason = answer.status() + ", " + EngineError.of(answer).type();
        switch (answer.status()) {
            case 413 -> halve(chunk, answer);
            case 400 -> halve(chunk, answer);
            case 429 -> {
                route.limits().busy();
                resend(chunk, ItemOutcome.BUSY, reason);
            }
            default -> {
                ItemOutcome outcome =
                        EngineFailures.isPassing(answer.status()) ? ItemOutcome.UNAVAILABLE : ItemOutcome.DENIED;
                if (!chunk.tries().allowAnother(outcome)) {
                    return Mono.error(route.denied(answer));
                }
                resend(chunk, outcome, reason);
            }
        }
        return Mono.empty();
    }

    /** Too large, or made unreadable by one of its items: the parts are tried on their own until the culprit is alone. */
    private void halve(Chunk chunk, Answer answer) {
        List<BulkItem> items = chunk.items();
        if (answer.status() == 413) {
            route.limits().tooLarge(items.stream().mapToInt(BulkItem::size).sum());
        }
        if (items.size() == 1) {
            EngineError error = EngineError.of(answer);
            String type = answer.status() == 413 ? "request_entity_too_large" : error.type();
            tally.rejected(items.get(0), answer.status(), type, error.reason());
        } else {
            int half = items.size() / 2;
            putBack(List.of(items.subList(0, half), items.subList(half, items.size())), Tries.NONE, Pause.NONE);
        }
    }

    private Mono<Void> settleItems(Chunk chunk, Answer answer) {
        try {
            BulkAnswer bulk = BulkAnswer.parse(answer.body());
            int expected = chunk.items().size() + (BulkEncoder.needsGuard(chunk.items()) ? 1 : 0);
            if (bulk.count() != expected) {
                throw new IOException(bulk.count() + " items answered of " + expected);
            }
            return settleItems(chunk, bulk.items());
        } catch (IOException e) {
            resend(chunk, ItemOutcome.UNAVAILABLE, e.toString());
            return Mono.empty();
        }
    }

    private Mono<Void> settleItems(Chunk chunk, List<BulkAnswer.Item> answers) {
        if (answers.isEmpty()) {
            route.limits().calm();
            chunk.items().forEach(tally::stored);
            return Mono.empty();
        }
        // The guard's answer, which may be one more, says nothing that those of the items do not.
        List<ItemOutcome> outcomes = answers.stream()
                .limit(chunk.items().size())
                .map(ItemOutcome::of)
                .toList();
        if (outcomes.contains(ItemOutcome.GONE)) {
            return route.gone();
        }
        int denied = outcomes.indexOf(ItemOutcome.DENIED);
        if (denied >= 0 && !chunk.tries().allowAnother(ItemOutcome.DENIED)) {
            return Mono.error(route.denied(answers.get(denied)));
        }
        settleEach(chunk, answers, outcomes);
        return Mono.empty();
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
