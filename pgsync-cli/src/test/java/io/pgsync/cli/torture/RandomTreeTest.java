package io.pgsync.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomTreeTest {
    @Test
    void theSameSeedGivesTheSameTreeAndTheSameHistory() {
        var one = RandomTree.of(7);
        var other = RandomTree.of(7);

        assertThat(one.definitions()).isEqualTo(other.definitions());
        assertThat(one.schema("d", "i")).isEqualTo(other.schema("d", "i"));
        assertThat(History.random(7, 3, one.tables())).isEqualTo(History.random(7, 3, other.tables()));
    }

    @Test
    void treesAreOfManyShapes() {
        var schemas = LongStream.range(0, 200)
                .mapToObj(seed -> RandomTree.of(seed).schema("d", "i").toString())
                .toList();

        assertThat(schemas).anyMatch(schema -> schema.contains("\"through_tables\""));
        assertThat(schemas).anyMatch(schema -> schema.contains("\"foreign_key\""));
        assertThat(schemas).anyMatch(schema -> schema.contains("\"where\""));
        assertThat(schemas).anyMatch(schema -> schema.contains("\"limit\""));
        assertThat(LongStream.range(0, 200)
                        .map(seed -> RandomTree.of(seed).root().depth()))
                .contains(2L, 3L, 4L);
    }
}
