package io.pgsync.replication.embedded;

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
    void credentialsAreRequired() {
        assertThatThrownBy(() -> GivenPostgres.at(URI.create("postgresql://admin@db.example")))
                .hasMessageContaining("postgresql://user:password@host:port");
    }
}
