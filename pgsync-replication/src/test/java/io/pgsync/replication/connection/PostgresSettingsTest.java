package io.pgsync.replication.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PostgresSettingsTest {
    @Test
    void neverShowsThePassword() {
        var settings = PostgresSettings.plain("db.example", 5432, "shop", "anna", "s3cret");

        assertThat(settings).asString().contains("anna@db.example:5432/shop").doesNotContain("s3cret");
    }

    @Test
    void refusesAPortOutOfRange() {
        assertThatThrownBy(() -> PostgresSettings.plain("db", 70_000, "shop", "anna", ""))
                .hasMessageContaining("70000");
    }

    @Test
    void readsLibpqsWordsForSslMode() {
        for (SslMode mode : SslMode.values()) {
            assertThat(SslMode.parse(mode.toString())).isEqualTo(mode);
        }
        assertThat(SslMode.parse("verify-full")).isEqualTo(SslMode.VERIFY_FULL);
        assertThatThrownBy(() -> SslMode.parse("on"))
                .hasMessageContaining("'on'")
                .hasMessageContaining("verify-ca");
    }
}
