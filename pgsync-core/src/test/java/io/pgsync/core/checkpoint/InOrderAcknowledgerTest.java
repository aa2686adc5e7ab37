package io.pgsync.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.InOrderAcknowledger.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class InOrderAcknowledgerTest {
    private final InOrderAcknowledger acknowledger = new InOrderAcknowledger();

    @Test
    void nothingIsStoredBeforeTheFirstPart() {
        Part first = acknowledger.begin(Optional.empty(), at(10));
        acknowledger.begin(Optional.empty(), at(20)).done();

        assertThat(acknowledger.stored()).isEqualTo(Lsn.ZERO);
        first.done();
        assertThat(acknowledger.stored()).isEqualTo(new Lsn(20));
    }

    @Test
    void tellsEachPositionThatIsReached() {
        List<Lsn> told = new ArrayList<>();
        var telling = new InOrderAcknowledger(told::add);
        Part first = telling.begin(Optional.empty(), at(10));

        telling.begin(Optional.empty(), at(20)).done();
        assertThat(told).isEmpty();
        first.done();
        telling.begin(Optional.empty(), Optional.empty()).done();

        assertThat(told).containsExactly(new Lsn(20));
    }

    @Test
    void tellsTheCommitAheadOfWhichNoneIsOpen() {
        List<Lsn> told = new ArrayList<>();
        var telling = new InOrderAcknowledger(told::add);

        Part first = telling.begin(at(5), at(10));
        Part second = telling.begin(at(15), at(20));
        assertThat(told).containsExactly(new Lsn(5));
        first.done();
        assertThat(told).containsExactly(new Lsn(5), new Lsn(15));

        Part third = telling.begin(at(25), at(30));
        third.done();
        second.done();
        assertThat(told).containsExactly(new Lsn(5), new Lsn(15), new Lsn(30));
        assertThat(telling.stored()).isEqualTo(new Lsn(30));
    }

    @Test
    void aPartInsideATransactionMovesNothing() {
        acknowledger.begin(Optional.empty(), at(10)).done();
        acknowledger.begin(Optional.empty(), Optional.empty()).done();

        assertThat(acknowledger.stored()).isEqualTo(new Lsn(10));
    }

    @Test
    void aPartWaitsForAllThatWasExpectedOfIt() {
        Part part = acknowledger.begin(Optional.empty(), at(10));
        part.expect();
        part.expect();

        part.done();
        part.done();
        assertThat(acknowledger.stored()).isEqualTo(Lsn.ZERO);
        part.done();

        assertThat(acknowledger.stored()).isEqualTo(new Lsn(10));
    }

    @Test
    void finishedNeighboursTakeOnePlaceInWhateverOrderTheyFinish() {
        Part stuck = acknowledger.begin(Optional.empty(), at(1));
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            parts.add(acknowledger.begin(Optional.empty(), at(i + 2)));
        }

        for (int i = 0; i < 1_000; i += 2) {
            parts.get(i).done();
        }
        for (int i = 1; i < 1_000; i += 2) {
            parts.get(i).done();
        }

        assertThat(acknowledger.kept()).isEqualTo(2);
        stuck.done();
        assertThat(acknowledger.stored()).isEqualTo(new Lsn(1_001));
        assertThat(acknowledger.kept()).isZero();
    }

    /** Against the definition: the last end of the longest run of finished parts from the start. */
    @RepeatedTest(200)
    void anyInterleavingGivesTheEndOfTheFinishedRun(RepetitionInfo run) {
        var random = new Random(run.getCurrentRepetition());
        var history = new ArrayList<Tracked>();
        for (int step = 0; step < 300; step++) {
            List<Tracked> open = history.stream().filter(t -> t.open > 0).toList();
            if (open.isEmpty() || random.nextInt(3) == 0) {
                Optional<Lsn> end = random.nextInt(4) == 0 ? Optional.empty() : at(step + 1);
                history.add(new Tracked(acknowledger.begin(Optional.empty(), end), end));
            } else {
                open.get(random.nextInt(open.size())).step(random);
            }

            assertThat(acknowledger.stored())
                    .as("seed %d, step %d", run.getCurrentRepetition(), step)
                    .isEqualTo(expected(history));
            long unfinished = history.stream().filter(t -> t.open > 0).count();
            assertThat(acknowledger.kept()).isLessThanOrEqualTo((int) unfinished * 2);
        }
    }

    private static Lsn expected(List<Tracked> history) {
        Lsn stored = Lsn.ZERO;
        for (Tracked part : history) {
            if (part.open > 0) {
                break;
            }
            stored = part.end.orElse(stored);
        }
        return stored;
    }

    private static Optional<Lsn> at(long position) {
        return Optional.of(new Lsn(position));
    }

    private static final class Tracked {
        private final Part part;
        private final Optional<Lsn> end;
        private int open = 1;

        Tracked(Part part, Optional<Lsn> end) {
            this.part = part;
            this.end = end;
        }

        void step(Random random) {
            if (random.nextInt(3) == 0) {
                part.expect();
                open++;
            } else {
                part.done();
                open--;
            }
        }
    }
}
