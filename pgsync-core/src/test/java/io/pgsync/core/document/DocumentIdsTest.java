package io.pgsync.core.document;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.tree.Trees;
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
        assertThat(single.idOf(List.of("a|b\\"))).isEqualTo("a|b\\");
        assertThat(single.keyOf("a|b\\")).contains(List.of("a|b\\"));
        assertThat(single.keyOf("")).contains(List.of(""));
    }

    @Test
    void partsOfACompositeKeyAreJoined() {
        assertThat(ids("ok bool pk, n int4 pk").idOf(List.of("7", "t"))).isEqualTo("7|True");
        assertThat(pair.idOf(List.of("20", "1"))).isEqualTo("20|1");
        assertThat(pair.keyOf("20|1")).contains(List.of("20", "1"));
        assertThat(pair.keyOf("|")).contains(List.of("", ""));
    }

    @Test
    void withoutASeparatorInAValueNothingIsEscaped() {
        assertThat(pair.idOf(List.of("a\\", "b"))).isEqualTo("a\\|b");
        assertThat(pair.keyOf("a\\|b")).contains(List.of("a\\", "b"));
    }

    @Test
    void aSeparatorInsideAValueDoesNotMakeTwoKeysOne() {
        assertThat(pair.idOf(List.of("x", "y|z"))).isEqualTo("x|y|z");
        assertThat(pair.idOf(List.of("x|y", "z"))).isEqualTo("x\\|y|z");
        assertThat(pair.idOf(List.of("x\\", "y|z"))).isEqualTo("x\\\\|y|z");
        assertThat(pair.keyOf("x|y|z")).contains(List.of("x", "y|z"));
        assertThat(pair.keyOf("x\\|y|z")).contains(List.of("x|y", "z"));
        assertThat(pair.keyOf("x\\\\|y|z")).contains(List.of("x\\", "y|z"));
    }

    @Test
    void anIdWithTooFewPartsStandsForNoKey() {
        assertThat(pair.keyOf("alone")).isEmpty();
        assertThat(pair.keyOf("x\\|y\\|z")).isEmpty();
    }

    @Test
    void whatTheTypesForbidIsNoKey() {
        DocumentIds mixed = ids("a text pk, n int4 pk");

        assertThat(mixed.keyOf("x\\|y|7")).contains(List.of("x|y", "7"));
        assertThat(mixed.keyOf("x|y|7")).isEmpty();
        assertThat(ids("n int4 pk").keyOf("not ours")).isEmpty();
    }

    @Test
    void anIdThatWritesAKeyInAnotherFormIsThatOfNoRoot() {
        DocumentIds times = ids("at timestamp pk");

        assertThat(times.rootOf("2001-02-03 04:05:06.700000")).contains(List.of("2001-02-03 04:05:06.7"));
        assertThat(times.rootOf("2001-02-03 04:05:06.7")).isEmpty();
        assertThat(ids("n int4 pk").rootOf("not ours")).isEmpty();
    }

    @Test
    void whatOnlyBeginsLikeBytesIsNoKey() {
        DocumentIds bytes = ids("b bytea pk");

        assertThat(bytes.keyOf("b'\\x'")).isEmpty();
        assertThat(bytes.keyOf("b'\\'")).isEmpty();
        assertThat(bytes.keyOf("b'\\x7c\\n|'")).contains(List.of("\\x7c0a7c"));
    }

    @Test
    void onlyTreesWhoseIdsAreNotAsBeforeAreToldApart() {
        assertThat(single.form()).isEmpty();
        assertThat(ids("code text pk, n int4 pk").form()).isEqualTo("ids 2");
        assertThat(ids("code int4 pk, n text pk").form()).isEmpty();
        assertThat(ids("code bpchar pk").form()).isEqualTo("ids 2");
        assertThat(ids("host inet pk").form()).isEqualTo("ids 2");
    }

    @RepeatedTest(200)
    void everyKeyHasAnIdOfItsOwnAndIsReadBackFromIt(RepetitionInfo run) {
        var random = new Random(run.getCurrentRepetition());
        DocumentIds ids = ids("a text pk, b bytea pk, c text pk");
        List<String> one = key(random);
        List<String> other = key(random);

        assertThat(ids.keyOf(ids.idOf(one))).contains(one);
        assertThat(ids.idOf(one).equals(ids.idOf(other))).isEqualTo(one.equals(other));
    }

    private static List<String> key(Random random) {
        var key = new ArrayList<String>();
        for (int column = 0; column < 3; column++) {
            var text = new StringBuilder(column == 1 ? "\\x" : "");
            for (int i = random.nextInt(4); i > 0; i--) {
                text.append(
                        column == 1
                                ? List.of("7c", "5c").get(random.nextInt(2))
                                : List.of("|", "\\", "a").get(random.nextInt(3)));
            }
            key.add(text.toString());
        }
        return key;
    }

    private static DocumentIds ids(String columns) {
        return DocumentIds.of(Trees.nodes("{'table': 't'}", table("t", columns)));
    }
}
