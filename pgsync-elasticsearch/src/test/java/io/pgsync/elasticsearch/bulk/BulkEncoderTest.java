package io.pgsync.elasticsearch.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Upsert;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkEncoderTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BulkEncoder plain = new BulkEncoder(Optional.empty());
    private final BulkEncoder piped = new BulkEncoder(Optional.of("clean"));

    private static Upsert upsert(String id, Optional<String> routing, String source) {
        return new Upsert(root(id), id, routing, source.getBytes(StandardCharsets.UTF_8));
    }

    private static RootKey root(String id) {
        return new RootKey("books", List.of(id));
    }

    private static String action(BulkEncoder encoder, DocumentChange change, long version) {
        return new String(encoder.item(change, version).action(), StandardCharsets.UTF_8);
    }

    @Test
    void anActionNamesIdAndVersionAndWhatElseThereIs() {
        assertThat(action(plain, upsert("7", Optional.empty(), "{}"), 5))
                .isEqualTo(
                        "{\"index\":{\"_id\":\"7\",\"version\":5,\"version_type\":\"external_gte\",\"require_alias\":true}}");
        assertThat(action(plain, new Delete(root("7"), "7"), 5))
                .isEqualTo(
                        "{\"delete\":{\"_id\":\"7\",\"version\":5,\"version_type\":\"external_gte\",\"require_alias\":true}}");
        assertThat(action(piped, upsert("7", Optional.of("r\"1"), "{}"), 5))
                .isEqualTo(
                        "{\"index\":{\"_id\":\"7\",\"version\":5,\"version_type\":\"external_gte\",\"require_alias\":true,\"routing\":\"r\\\"1\",\"pipeline\":\"clean\"}}");
        assertThat(action(piped, upsert("7", Optional.empty(), "{}"), 5)).contains("\"pipeline\":\"clean\"");
        assertThat(action(piped, new Delete(root("7"), "7"), 5)).doesNotContain("pipeline");
    }

    @Test
    void eachItemHasItsOwnVersionHoweverTheyAlternate() {
        for (long version : new long[] {5, 6, 5, 7, 7, 5}) {
            assertThat(action(plain, upsert("1", Optional.empty(), "{}"), version))
                    .contains("\"version\":" + version + ",");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\\b", "a\nb", "\u0001", "é", "漢字", "😀", "2001-02-03 04:05:06+00:00"})
    void anIdIsReadAsItIs(String id) throws Exception {
        String action = action(plain, upsert(id, Optional.empty(), "{}"), 1);

        assertThat(JSON.readTree(action).at("/index/_id").asText()).isEqualTo(id);
        assertThat(action).doesNotContain("\n");
    }

    /** At every place of a document of any length: it is looked at by eight bytes at a time. */
    @Test
    void lineBreaksAreBlankedWhereverTheyAre() {
        for (int length = 0; length < 40; length++) {
            for (int place = 0; place < length; place++) {
                for (char lineBreak : new char[] {'\n', '\r'}) {
                    var text = new StringBuilder("é".repeat(40).substring(0, length));
                    text.setCharAt(place, lineBreak);
                    Upsert change = upsert("1", Optional.empty(), text.toString());
                    byte[] before = change.source().clone();

                    String body = new String(BulkEncoder.body(List.of(plain.item(change, 1))), StandardCharsets.UTF_8);

                    assertThat(body.lines().toList().get(1))
                            .isEqualTo(text.toString().replace(lineBreak, ' '));
                    assertThat(change.source()).as("the document of the caller").isEqualTo(before);
                }
            }
        }
    }

    @Test
    void bytesThatOnlyLookLikeLineBreaksStay() {
        String text = "\u010a\u010d\u0a0a\u0d0d\u8a8a \t\u000b\u000c\u008a\u008d";

        String body = new String(
                BulkEncoder.body(List.of(plain.item(upsert("1", Optional.empty(), text.repeat(9)), 1))),
                StandardCharsets.UTF_8);

        assertThat(body).endsWith("\n" + text.repeat(9) + "\n");
    }
}
