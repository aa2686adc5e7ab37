package io.pgsync.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartitionLoadTest {
    private static final PartitionLoad LOST = PartitionLoad.of(List.of("public.item"), Optional.empty(), "item left");
    private static final PartitionLoad GAINED = PartitionLoad.of(List.of(), Optional.of("id = 1"), "item came");

    @Test
    void severalAreOneLoadFromItsStart() {
        PartitionLoad both = LOST.and(GAINED.loaded(List.of("7")))
                .and(PartitionLoad.of(List.of("public.item"), Optional.of("id = 2"), "item left"));

        assertThat(both)
                .isEqualTo(PartitionLoad.of(
                        List.of("public.item"), Optional.of("(id = 1\n) OR (id = 2\n)"), "item left; item came"));
        assertThat(LOST.and(PartitionLoad.whole("all")).isWhole()).isTrue();
    }

    @Test
    void neitherConditionNorCauseGrowsWithoutABound() {
        PartitionLoad load = GAINED;
        for (int i = 0; i < 1_000; i++) {
            load = load.and(
                    PartitionLoad.of(List.of(), Optional.of("id = " + i + " AND more = 'and more'"), "cause " + i));
        }

        assertThat(load.isWhole()).isTrue();
        assertThat(load.cause()).hasSizeLessThanOrEqualTo(500);
    }

    @Test
    void anIndexWithoutALoadBeginsAtOnce() {
        BackfillProgress progress =
                BackfillProgress.start(false).in(Phase.DONE).atRate(9).and(LOST);

        assertThat(progress.phase()).isEqualTo(Phase.PARTITIONS);
        assertThat(progress.isPart()).isTrue();
        assertThat(progress.perSecond()).isEqualTo(9);
        assertThat(progress.documents()).isZero();
    }

    /** A load that starts over with every partition that comes or goes would never end. */
    @Test
    void aWholeLoadGoesOnAndIsFollowedByIt() {
        BackfillProgress progress = BackfillProgress.start(true)
                .loaded(List.of("7"), 7, 0)
                .and(LOST)
                .and(GAINED);

        assertThat(progress.phase()).isEqualTo(Phase.LOADING);
        assertThat(progress.lastKey()).contains(List.of("7"));
        assertThat(progress.isWholeUnderWay()).isTrue();
        BackfillProgress next = progress.in(Phase.REMOVING).ended();
        assertThat(next.phase()).isEqualTo(Phase.PARTITIONS);
        assertThat(next.lastKey()).isEmpty();
        assertThat(next.partitions().orElseThrow().tables()).containsExactly("public.item");
    }

    @Test
    void partsAreFollowedByItToo() {
        assertThat(BackfillProgress.startIds(List.of("1"))
                        .and(LOST)
                        .idsLoaded(1, 0)
                        .phase())
                .isEqualTo(Phase.PARTITIONS);
        assertThat(BackfillProgress.startWhere("no")
                        .and(LOST)
                        .refused("no column no")
                        .phase())
                .isEqualTo(Phase.PARTITIONS);
    }

    @Test
    void itEndsWhenNothingIsLeftAndItsCauseIsKept() {
        BackfillProgress progress = BackfillProgress.DONE.and(LOST.and(GAINED));

        progress = progress.partitionsLoaded(progress.partitions().orElseThrow().withoutTables(), 3, 1);
        assertThat(progress.isDone()).isFalse();
        progress = progress.partitionsLoaded(progress.partitions().orElseThrow().ended(), 4, 0);

        assertThat(progress.isDone()).isTrue();
        assertThat(progress.documents()).isEqualTo(7);
        assertThat(progress.refusedDocuments()).isEqualTo(1);
        assertThat(progress.partitions().map(PartitionLoad::cause)).contains("item left; item came");
        assertThat(progress.and(GAINED).partitions().map(PartitionLoad::cause)).contains("item came");
    }

    @Test
    void whereNothingLessIsEnoughTheWholeIndexIsLoadedFromItsStart() {
        BackfillProgress progress =
                BackfillProgress.start(false).loaded(List.of("7"), 7, 0).and(PartitionLoad.whole("by hash"));

        assertThat(progress.isWholeUnderWay()).isTrue();
        assertThat(progress.lastKey()).isEmpty();
        assertThat(progress.removesOrphans()).isTrue();
        assertThat(progress.ended().isDone()).isTrue();
    }
}
