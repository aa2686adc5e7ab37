package io.pgsync.runtime.plan;

import io.pgsync.elasticsearch.examination.Alteration;
import io.pgsync.elasticsearch.examination.IndexForm;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.elasticsearch.examination.ScratchIndexes;
import io.pgsync.runtime.report.DocumentPlan.Size;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What a plan asks of the engine. Nothing that remains is changed. */
interface PlanEngine {
    /** Empty if there is no such index. */
    Mono<IndexForm> live(String index);

    Mono<Size> size(String index);

    /** What a new index would be; fails with STOP if the engine refuses it. */
    Mono<IndexForm> asCreated(PlannedIndex plan);

    /** See {@link ScratchIndexes#refusals}. */
    Mono<List<Optional<String>>> refusals(String index, IndexForm form, List<Alteration> alterations);

    /** A cluster, which is asked about indexes that are gone again afterwards. */
    record Cluster(ScratchIndexes indexes) implements PlanEngine {
        @Override
        public Mono<IndexForm> live(String index) {
            return indexes.live(index);
        }

        @Override
        public Mono<Size> size(String index) {
            return indexes.size(index).map(size -> new Size(size.documents(), size.bytes()));
        }

        @Override
        public Mono<IndexForm> asCreated(PlannedIndex plan) {
            return indexes.asCreated(plan);
        }

        @Override
        public Mono<List<Optional<String>>> refusals(String index, IndexForm form, List<Alteration> alterations) {
            return indexes.refusals(index, form, alterations);
        }
    }
}
