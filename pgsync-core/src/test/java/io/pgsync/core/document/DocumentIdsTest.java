package io.pgsync.core.document;

import static io.pgsync.core.schema.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.schema.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class DocumentIdsTest {
    private final DocumentIds single = ids("code text pk");
    private final DocumentIds pair = ids("area text pk, zone text pk");

    @Test
    void aSingleKeyIsTheIdWhateverItContains() {
        assertThat(single.idOf(List.of("a|b"))).isEqualTo("a|b");
        assertThat(single.keysOf("a|b")).containsExactly(List.of("a|b"));
        assertThat(single.keysOf("")).containsExactly(List.of(""));
    }

    @Test
    void partsOfACompositeKeyAreJoined() {
        assertThat(ids("ok bool pk, n int4 pk").idOf(List.of("7", "t"))).isEqualTo("7|True");
        assertThat(pair.idOf(List.of("20", "1"))).isEqualTo("20|1");
        assertThat(pair.keysOf("20|1")).containsExactly(List.of("20", "1"));
    }

    @Test
    void aSeparatorInsideAValueGivesSeveralReadings() {
        assertThat(pair.keysOf("a|b|c")).containsExactly(List.of("a", "b|c"), List.of("a|b", "c"));
        assertThat(pair.keysOf("|")).containsExactly(List.of("", ""));
    }

    @Test
    void anIdWithTooFewPartsStandsForNoKey() {
        assertThat(pair.keysOf("alone")).isEmpty();
    }

    @Test
    void aReadingThatTheTypesForbidIsNone() {
        DocumentIds mixed = ids("a text pk, n int4 pk");

        assertThat(mixed.keysOf("x|y|7")).containsExactly(List.of("x|y", "7"));
        assertThat(ids("n int4 pk").keysOf("not ours")).isEmpty();
    }

    @Test
    void theReadingsOfAHostileIdAreBounded() {
        DocumentIds three = ids("a text pk, b text pk, c text pk");

        assertThat(three.keysOf("|".repeat(200))).hasSize(64);
    }

    @RepeatedTest(200)
    void theKeyIsAmongTheReadingsOfItsId(RepetitionInfo run) {
        var random = new Random(run.getCurrentRepetition());
        DocumentIds ids = ids("a text pk, b bytea pk, c text pk");
        var key = new ArrayList<String>();
        for (int column = 0; column < 3; column++) {
            var text = new StringBuilder(column == 1 ? "\\x" : "");
            for (int i = random.nextInt(5); i > 0; i--) {
                text.append(column == 1 ? "7c" : List.of("|", "a", "'").get(random.nextInt(3)));
            }
            key.add(text.toString());
        }

        assertThat(ids.keysOf(ids.idOf(key))).contains(key);
    }

    private static DocumentIds ids(String columns) {
        return DocumentIds.of(Trees.nodes("{'table': 't'}", table("t", columns)));
    }
}
