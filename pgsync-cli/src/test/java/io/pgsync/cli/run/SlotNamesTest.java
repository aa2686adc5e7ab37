package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Settings;
import io.pgsync.replication.slot.PublicationMark;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotNamesTest {
    @Test
    void derivesANameThatTheServerAllows() {
        assertThat(SlotNames.of(settings(Map.of()), "Book-Shop é"))
                .isEqualTo(new SlotNames("pgsync_book_shop__", "pgsync_book_shop__"));
        assertThat(SlotNames.of(settings(Map.of()), "x".repeat(63)).slot()).hasSize(63);
    }

    @Test
    void takesTheNamesOfTheSettings() {
        Settings settings = settings(Map.of("PGSYNC_SLOT", "one", "PGSYNC_PUBLICATION", "two"));

        assertThat(SlotNames.of(settings, "shop")).isEqualTo(new SlotNames("one", "two"));
    }

    @Test
    void refusesOneSlotForSeveralDatabases() {
        Settings settings = settings(Map.of("PGSYNC_SLOT", "one"));

        assertThatThrownBy(() -> SlotNames.check(settings, List.of("a", "b")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a, b");
    }

    @Test
    void keepsTheNamesThatServeOneOfItsIndexes() {
        var marks = Map.of("p", new PublicationMark("shop", "s", Set.of("books", "authors")));

        assertThat(SlotNames.choose(settings(Map.of()), "shop", List.of("readers", "books"), marks))
                .isEqualTo(new SlotNames("s", "p"));
    }

    @Test
    void takesTheUsualNamesWhereTheyAreFreeAndElseItsOwn() {
        var another = Map.of("pgsync_shop", new PublicationMark("shop", "pgsync_shop", Set.of("books")));

        assertThat(SlotNames.choose(settings(Map.of()), "shop", List.of("readers"), Map.of()))
                .isEqualTo(new SlotNames("pgsync_shop", "pgsync_shop"));
        assertThat(SlotNames.choose(settings(Map.of()), "shop", List.of("readers", "more"), another))
                .isEqualTo(new SlotNames("pgsync_shop_readers", "pgsync_shop_readers"));
        assertThat(SlotNames.choose(settings(Map.of("PGSYNC_SLOT", "one")), "shop", List.of("readers"), another))
                .isEqualTo(new SlotNames("one", "one"));
    }

    private static Settings settings(Map<String, String> variables) {
        return Settings.read(Environment.of(variables));
    }
}
