package io.pgsync.kafka.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.kafka.record.WorkRecord;
import io.pgsync.kafka.record.WorkRecord.Beat;
import io.pgsync.kafka.record.WorkRecord.Begin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContinuityTest {
    private static final long BASE = 1L << 62;

    @Test
    void recordsWithoutAHoleAreWhole() {
        assertThat(faults(0, log(3, 4))).isEmpty();
    }

    @Test
    void aHoleIsToldAtTheNextRecord() {
        List<WorkRecord> log = log(5);
        log.remove(3);
        log.remove(2);

        assertThat(faults(0, log)).containsExactly("records 3 to 4 of generation 1 are missing");
    }

    /** Nothing of that generation comes any more: only the next one can tell. */
    @Test
    void aMissingEndIsToldAtTheBeginOfTheNextGeneration() {
        List<WorkRecord> log = log(5, 2);
        log.remove(4);

        assertThat(faults(0, log)).containsExactly("records 5 to 5 of generation 1 are missing");
    }

    @Test
    void aMissingBeginIsToldToo() {
        List<WorkRecord> log = log(2, 2);
        log.remove(2);

        assertThat(faults(0, log)).containsExactly("records 1 to 1 of generation 2 are missing");
    }

    /** A producer sends again, a consumer reads again; a fenced owner's records come late. */
    @Test
    void whatComesAgainOrLateIsHarmless() {
        List<WorkRecord> log = log(3, 3);
        log.add(2, log.get(1));
        log.add(log.get(0));

        assertThat(faults(0, log)).isEmpty();
    }

    @Test
    void beforeTheLastRepairNothingIsChecked() {
        List<WorkRecord> log = log(5, 4, 3);
        log.remove(6);
        log.remove(2);

        assertThat(faults(3, log)).isEmpty();
        assertThat(faults(2, log)).containsExactly("records 2 to 2 of generation 2 are missing");
    }

    /** A repair would go on for ever if one hole were found again and again. */
    @Test
    void aHoleIsToldOnce() {
        List<WorkRecord> log = log(6, 2);
        log.remove(2);

        assertThat(faults(0, log)).hasSize(1);
        assertThat(faults(0, withoutThe(5, log(5, 2, 2)))).hasSize(1);
    }

    private static List<WorkRecord> withoutThe(int number, List<WorkRecord> log) {
        log.remove(number - 1);
        return log;
    }

    /** Owners that die before they record anything are not named by the next begin; what was seen has forgotten others by then. */
    @Test
    void generationsThatAreForgottenAreNotMissed() {
        String seen = "";
        for (long generation = 1; generation < 40; generation++) {
            Map<Long, Long> last = new TreeMap<>();
            for (long earlier = generation - 1 - generation % 3; earlier > 0 && last.size() < 8; earlier--) {
                last.put(earlier, 1L);
            }
            var continuity = Continuity.of(0, seen);
            assertThat(continuity.accept(new Begin(BASE + (generation << 36), 1, 0, last)))
                    .as("generation %d", generation)
                    .isEmpty();
            seen = continuity.text();
        }
        assertThat(seen.split(",")).hasSize(Continuity.GENERATIONS);
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    /** Whatever is taken out of the middle, wherever the partition changes hands. */
    @ParameterizedTest
    @MethodSource("seeds")
    void noLossBeforeTheLastRecordIsMissed(int seed) {
        var random = new Random(seed);
        List<WorkRecord> log = log(1 + random.nextInt(6), 1 + random.nextInt(6), 1 + random.nextInt(6));
        int first = random.nextInt(log.size() - 1);
        int count = random.nextInt(Math.min(4, log.size() - 1 - first) + 1);
        List<WorkRecord> left = new ArrayList<>(log);
        left.subList(first, first + count).clear();

        assertThat(faults(0, left, random).isEmpty()).isEqualTo(count == 0);
    }

    private static List<String> faults(long since, List<WorkRecord> log) {
        return faults(since, log, new Random(0));
    }

    /** With other processes in between, each of which goes on with what the one before has left. */
    private static List<String> faults(long since, List<WorkRecord> log, Random changes) {
        var found = new ArrayList<String>();
        var continuity = new Continuity(since);
        for (WorkRecord work : log) {
            continuity.accept(work).ifPresent(found::add);
            if (changes.nextInt(3) == 0) {
                continuity = Continuity.of(since, continuity.text());
            }
        }
        return found;
    }

    /** One generation after the other, of so many records each. */
    private static List<WorkRecord> log(int... lengths) {
        var log = new ArrayList<WorkRecord>();
        Map<Long, Long> before = Map.of();
        for (int i = 0; i < lengths.length; i++) {
            var numbering = new Numbering(i + 1L, before);
            long version = BASE + ((i + 1L) << 36);
            log.add(new Begin(version, numbering.next(), 7, numbering.before()));
            IntStream.range(1, lengths[i])
                    .mapToObj(n -> new Beat(version, numbering.next(), Instant.EPOCH))
                    .forEach(log::add);
            before = numbering.soFar();
        }
        return log;
    }
}
