package io.pgsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedServerTest {

    private static final String URL_VARIABLE = "PGSYNC_TEST_SHARED_SERVER_URL";
    private static final String KIND_VARIABLE = "PGSYNC_TEST_SERVERS";

    private final String kindBefore = System.getProperty(KIND_VARIABLE, "embedded");
    private final SharedServer<Object> shared = new SharedServer<>(
            URL_VARIABLE, url -> "given " + url.getHost(), () -> "container", () -> new StringBuilder("embedded"));

    @AfterEach
    void forget() {
        System.clearProperty(URL_VARIABLE);
        System.setProperty(KIND_VARIABLE, kindBefore);
    }

    @Test
    void isEmbeddedAndTheSameForEverybody() {
        System.setProperty(KIND_VARIABLE, "embedded");

        var first = shared.get();

        assertThat(first).hasToString("embedded").isSameAs(shared.get());
    }

    @Test
    void urlOfARunningServerWins() {
        System.setProperty(URL_VARIABLE, "http://elsewhere:9200");
        System.setProperty(KIND_VARIABLE, "testcontainers");

        assertThat(shared.get()).isEqualTo("given elsewhere");
    }

    @Test
    void containersAreUsedWhenAskedFor() {
        System.setProperty(KIND_VARIABLE, "testcontainers");

        assertThat(shared.get()).isEqualTo("container");
    }

    @Test
    void unknownKindNamesTheKnownOnes() {
        System.setProperty(KIND_VARIABLE, "vm");

        assertThatThrownBy(shared::get)
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("PGSYNC_TEST_SERVERS=vm is unknown. Use embedded or testcontainers");
    }
}
