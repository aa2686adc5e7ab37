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
    private static final int MOST_DENIALS = 5;

    private final BulkRoute route;
    private final Deque<Chunk> open = new ArrayDeque<>();
    private final Tally tally;

    /** @param pause what the chunk waits for before it is sent */
    private record Chunk(List<BulkItem> items, int failures, Pause pause) {}

    private enum Pause {
        NONE,
        BUSY,
        AWAY
    }

    Delivery(BulkRoute route, List<BulkItem> items, Tally tally) {
        this.route = route;
        this.tally = tally;
        if (!items.isEmpty()) {
            open.add(new Chunk(items, 0, Pause.NONE));
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
            putBack(parts, chunk.failures(), chunk.pause());
            return Mono.empty();
        }
        return pause(chunk)
                .then(route.send(chunk.items()))
                .onErrorResume(
                        error -> !(error instanceof SyncException),
                        error -> Mono.<Answer>empty().doOnSubscribe(s -> resend(chunk, Pause.AWAY, error.toString())))
                .flatMap(answer -> settle(chunk, answer));
    }

    private Mono<Void> pause(Chunk chunk) {
        return switch (chunk.pause()) {
            case NONE -> Mono.empty();
            case BUSY -> route.pauseBusy(chunk.failures());
            case AWAY -> route.pauseAway(chunk.failures());
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
                resend(chunk, Pause.BUSY, reason);
            }
            default -> {
                if (!EngineFailures.isPassing(answer.status()) && chunk.failures() >= MOST_DENIALS) {
                    return Mono.error(route.denied(answer));
                }
                resend(chunk, Pause.AWAY, reason);
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
            putBack(List.of(items.subList(0, half), items.subList(half, items.size())), 0, Pause.NONE);
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
            resend(chunk, Pause.AWAY, e.toString());
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
        if (denied >= 0 && chunk.failures() >= MOST_DENIALS) {
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
            if (outcome.isRetried(chunk.failures())) {
                again.add(chunk.items().get(i));
                reason = answers.get(i).status() + ", " + answers.get(i).type();
            } else {
                tally.settled(chunk.items().get(i), outcome, answers.get(i));
            }
        }
        boolean busy = outcomes.contains(ItemOutcome.BUSY);
        if (busy) {
            route.limits().busy();
        }
        if (!again.isEmpty()) {
            resend(new Chunk(again, chunk.failures(), Pause.NONE), busy ? Pause.BUSY : Pause.AWAY, reason);
        }
    }

    private void resend(Chunk chunk, Pause pause, String reason) {
        int failures = chunk.failures() + 1;
        if (failures >= 3) {
            route.reportDelay(failures, reason);
        }
        open.addFirst(new Chunk(chunk.items(), failures, pause));
    }

    private void putBack(List<List<BulkItem>> parts, int failures, Pause pause) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            open.addFirst(new Chunk(parts.get(i), failures, pause));
        }
    }
}
