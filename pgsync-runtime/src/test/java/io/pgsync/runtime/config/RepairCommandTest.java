package io.pgsync.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RepairCommandTest {
    @Test
    void isReadyForAShell() {
        assertThat(new RepairCommand("conf/schema.json", false).of(List.of("books", "a b")))
                .isEqualTo("pgsync backfill -c conf/schema.json --document books --document 'a b'");
        assertThat(new RepairCommand("https://x/it's", true).of(List.of("books")))
                .isEqualTo("pgsync backfill --schema_url 'https://x/it'\\''s' --document books");
    }
}
