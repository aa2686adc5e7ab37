package io.pgsync.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;

class VersionsTest {
    private final Versions versions = new Versions();

    @Test
    void aVersionMayStayOrGrow() throws JsonProcessingException {
        versions.observe(answer("1", 10));
        versions.observe(answer("1", 10));

        assertThat(versions.observe(answer("1", 11))).isEmpty();
    }

    @Test
    void aVersionThatGoesBackIsNamed() throws JsonProcessingException {
        versions.observe(answer("1", 10));
        versions.observe(answer("2", 12));

        assertThat(versions.observe(answer("1", 9))).containsExactly("books/1: version 9 after 10");
    }

    private static String answer(String id, long version) {
        return """
                {"hits": {"hits": [{"_index": "books", "_id": "%s", "_version": %d}]}}""".formatted(id, version);
    }
}
