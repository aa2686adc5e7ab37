package io.pgsync.torture.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.torture.world.Switches;
import io.pgsync.torture.world.World;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RandomTreeTest {
    @Test
    void theSameSeedGivesTheSameTree() {
        var one = tree(7);
        var other = tree(7);

        assertThat(one.definitions()).isEqualTo(other.definitions());
        assertThat(one.schemas("d", "i")).isEqualTo(other.schemas("d", "i"));
    }

    @Test
    void treesAreOfManyShapes() {
        var schemas =
                trees().map(tree -> tree.schemas("d", "i").get(0).toString()).toList();

        for (var part : new String[] {
            "\"through_tables\"",
            "\"foreign_key\"",
            "\"where\"",
            "\"limit\"",
            "\"sort\"",
            "\"move\"",
            "\"$root.",
            "\"primary_key\""
        }) {
            assertThat(schemas).anyMatch(schema -> schema.contains(part));
        }
        assertThat(trees().map(tree -> tree.root().depth())).contains(2, 3, 4);
    }

    @Test
    void tablesAreOfManyKinds() {
        var definitions =
                trees().map(tree -> String.join("\n", tree.definitions())).toList();

        for (var type : KeyType.values()) {
            assertThat(definitions).anyMatch(statements -> statements.contains("id " + type.sql() + " NOT NULL"));
        }
        for (var part :
                new String[] {"DEFERRABLE", "BY RANGE", "BY HASH", "IDENTITY FULL", "body text", ", UNIQUE ("}) {
            assertThat(definitions).anyMatch(statements -> statements.contains(part));
        }
    }

    private static Stream<RandomTree> trees() {
        return LongStream.range(0, 300).mapToObj(RandomTreeTest::tree);
    }

    private static RandomTree tree(long seed) {
        return RandomTree.of(seed, World.of(seed, Switches.ALL_ON));
    }
}
