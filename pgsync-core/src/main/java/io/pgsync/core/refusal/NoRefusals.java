package io.pgsync.core.refusal;

import java.util.List;
import reactor.core.publisher.Mono;

/** For programs that do not keep records. */
final class NoRefusals implements RefusalStore {
    @Override
    public Mono<Revised<List<Refusal>>> refusals(String index) {
        return Mono.just(new Revised<>(List.of(), ""));
    }

    @Override
    public Mono<Revised<List<Refusal>>> replaceRefusals(
            String index, Revised<List<Refusal>> expected, List<Refusal> next) {
        return Mono.just(new Revised<>(next, ""));
    }

    @Override
    public Mono<Revised<RetryOrder>> order(String index) {
        return Mono.just(new Revised<>(RetryOrder.NONE, ""));
    }

    @Override
    public Mono<Revised<RetryOrder>> replaceOrder(String index, Revised<RetryOrder> expected, RetryOrder next) {
        return Mono.just(new Revised<>(next, ""));
    }
}
