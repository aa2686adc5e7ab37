package io.pgsync.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    private final Database database = Databases.shop("books", "authors", "readers");

    @Test
    void whatIsNotFollowedStaysAnIndexOfTheFile() {
        Database rest = database.without(List.of("authors")).without(List.of("readers"));

        assertThat(rest.trees()).extracting(DocumentTree::index).containsExactly("books");
        assertThat(rest.drifted()).containsExactly("authors", "readers");
        assertThat(rest.indexes()).containsExactlyInAnyOrder("books", "authors", "readers");
    }

    @Test
    void otherNamesChangeNothingElse() {
        Database renamed = database.withSuspects(Set.of("books"))
                .without(List.of("authors"))
                .with(new SlotNames("own", "mine"));

        assertThat(renamed.stream().slot()).isEqualTo("own");
        assertThat(renamed.stream().publication()).isEqualTo("mine");
        assertThat(renamed.suspects()).containsExactly("books");
        assertThat(renamed.drifted()).containsExactly("authors");
    }
}
