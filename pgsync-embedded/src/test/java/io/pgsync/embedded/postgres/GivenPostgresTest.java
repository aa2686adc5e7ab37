package io.pgsync.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

class GivenPostgresTest {

    @Test
    void readsTheParts() {
        var server = GivenPostgres.at(URI.create("postgresql://admin:s%3Acret@db.example/ignored"));

        assertThat(server).isEqualTo(new GivenPostgres("db.example", 5432, "admin", "s:cret"));
        assertThat(server.toString()).doesNotContain("s:cret");
    }

    @Test
    void urlEscapesTheCredentials() {
        var server = new GivenPostgres("db.example", 5432, "admin", "a b/c:d@e");

        assertThat(server.url("shop")).isEqualTo("postgresql://admin:a%20b%2Fc%3Ad%40e@db.example:5432/shop");
        assertThat(GivenPostgres.at(URI.create(server.url("shop")))).isEqualTo(server);
    }

    @Test
    void credentialsAreRequired() {
        assertThatThrownBy(() -> GivenPostgres.at(URI.create("postgresql://admin@db.example")))
                .hasMessageContaining("postgresql://user:password@host:port");
    }
}
