package io.pgsync.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.runtime.config.GivenNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotNamesTest {
    @Test
    void derivesANameThatTheServerAllows() {
        assertThat(SlotNames.of(GivenNames.NONE, "Book-Shop é"))
                .isEqualTo(new SlotNames("pgsync_book_shop__", "pgsync_book_shop__"));
        assertThat(SlotNames.of(GivenNames.NONE, "x".repeat(63)).slot()).hasSize(63);
    }

    @Test
    void takesTheNamesThatAreGiven() {
        var given = new GivenNames(Optional.of("one"), Optional.of("two"));

        assertThat(SlotNames.of(given, "shop")).isEqualTo(new SlotNames("one", "two"));
    }

    @Test
    void refusesOneSlotForSeveralDatabases() {
        assertThatThrownBy(() -> SlotNames.check(given("one"), List.of("a", "b")))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("a, b");
    }

    @Test
    void keepsTheNamesThatServeOneOfItsIndexes() {
        var marks = Map.of("p", new PublicationMark("shop", "s", Set.of("books", "authors")));

        assertThat(SlotNames.choose(GivenNames.NONE, "shop", List.of("readers", "books"), marks))
                .isEqualTo(new SlotNames("s", "p"));
    }

    @Test
    void takesTheUsualNamesWhereTheyAreFreeAndElseItsOwn() {
        var another = Map.of("pgsync_shop", new PublicationMark("shop", "pgsync_shop", Set.of("books")));

        assertThat(SlotNames.choose(GivenNames.NONE, "shop", List.of("readers"), Map.of()))
                .isEqualTo(new SlotNames("pgsync_shop", "pgsync_shop"));
        assertThat(SlotNames.choose(GivenNames.NONE, "shop", List.of("readers", "more"), another))
                .isEqualTo(new SlotNames("pgsync_shop_readers", "pgsync_shop_readers"));
        assertThat(SlotNames.choose(given("one"), "shop", List.of("readers"), another))
                .isEqualTo(new SlotNames("one", "one"));
    }

    private static GivenNames given(String slot) {
        return new GivenNames(Optional.of(slot), Optional.empty());
    }
}
