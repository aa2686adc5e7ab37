package io.pgsync.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.connection.SslMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresConfigTest {
    @Test
    void putsTheConnectionTogetherFromItsParts() {
        PostgresSettings postgres =
                from(Map.of("PG_HOST", "db", "PG_USER", "me", "PG_PASSWORD", "a b", "PG_SSLMODE", "REQUIRE"));

        assertThat(postgres.address()).isEqualTo("db:5432/shop");
        assertThat(postgres.password()).isEqualTo("a b");
        assertThat(postgres.sslMode()).isEqualTo(SslMode.REQUIRE);
    }

    @Test
    void aUrlWinsOverThePartsAndKeepsOnlyTheDatabaseOfTheSchemaFile() {
        PostgresSettings postgres = from(Map.of(
                "PG_URL", "postgresql+psycopg2://me:p%40ss+word@db:5433/other?sslmode=verify-full",
                "PG_HOST", "elsewhere",
                "PG_SSLMODE", "disable"));

        assertThat(postgres.address()).isEqualTo("db:5433/shop");
        assertThat(postgres.user()).isEqualTo("me");
        assertThat(postgres.password()).isEqualTo("p@ss+word");
        assertThat(postgres.sslMode()).isEqualTo(SslMode.VERIFY_FULL);
    }

    @Test
    void asksForTheUser() {
        assertThatThrownBy(() -> from(Map.of())).hasMessageContaining("PG_USER is not set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hu%%nter", "hu/nter", "hu?nter", "hu#nter", "h@/unter", "/@:hunter"})
    void refusesAMalformedUrlWithoutShowingItsPassword(String password) {
        assertThatThrownBy(() -> from(Map.of("PG_URL", "postgresql://me:" + password + "@db:x")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("postgresql://me:********@db")
                .hasMessageNotContaining("nter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://me@corp:hunter#1@db:5432",
                "postgresql://me:hunter",
                "postgresql:/me:hunter@db",
                "me:hunter@db:5432/shop",
                "postgresql://me:hun,x://ter@db:y",
                "postgresql://me:hun\nter@db:y",
                "postgresql://me:hun%ter@db",
                "http://me:hunter@db",
                "postgresql://me@d b?password=hunter"
            })
    void showsOfAUrlThatItRefusesNoPartOfItsPassword(String url) {
        assertThatThrownBy(() -> from(Map.of("PG_URL", url)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("percent-encoded")
                .hasMessageContaining("me")
                .hasMessageNotContainingAny("hun", "ter@", "nter");
    }

    @Test
    void saysWhichParametersOfAUrlHaveNoEffect() {
        assertThat(notices("postgresql://me@db/shop?sslmode=require&password=secret&connect_timeout=5"))
                .singleElement()
                .asString()
                .startsWith("PG_URL: connect_timeout, password: no effect here")
                .doesNotContain("secret");
        assertThat(notices("postgresql://me@db/shop?sslmode=require")).isEmpty();
    }

    private static List<String> notices(String url) {
        return Settings.read(Environment.of(Map.of("PG_URL", url))).notices();
    }

    private static PostgresSettings from(Map<String, String> variables) {
        return PostgresConfig.from(Settings.read(Environment.of(variables)), "shop");
    }
}
