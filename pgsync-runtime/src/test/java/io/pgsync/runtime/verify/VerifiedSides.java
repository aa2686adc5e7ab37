package io.pgsync.runtime.verify;

import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifyProgress;
import io.pgsync.runtime.source.Databases;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A verification of two sides, and what it tells on its way. */
final class VerifiedSides {
    static final VerifyOrder ALL = VerifyOrder.of();

    final SidesInMemory sides = new SidesInMemory();
    final List<VerifyProgress> progress = new ArrayList<>();

    VerifiedIndex run(VerifyOrder order) {
        return run(order, Mono.never());
    }

    VerifiedIndex run(VerifyOrder order, Mono<Void> stop) {
        return verification(order).run(stop).block();
    }

    Verification verification(VerifyOrder order) {
        return new Verification(
                Databases.tree("books"),
                order,
                sides,
                new Pace(order.rate(), Schedulers.parallel()),
                new Random(7),
                new Telling("books", progress::add, Schedulers.parallel()));
    }
}
