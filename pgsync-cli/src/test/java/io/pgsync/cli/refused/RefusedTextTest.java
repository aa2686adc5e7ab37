package io.pgsync.cli.refused;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.refusal.Refusal;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.report.RetryOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusedTextTest {
    private static final Instant SINCE = Instant.parse("2026-11-30T08:00:00Z");
    private static final Refusal PARSING = new Refusal(
            "7", 400, "document_parsing_exception", "no\nlong", Optional.of("price"), SINCE, SINCE.plusSeconds(60), 2);
    private static final Refusal LARGE =
            new Refusal("8", 0, "too_large", "60,000,000 bytes", Optional.empty(), SINCE, SINCE, 1);
    private static final List<RefusedOfIndex> FOUND =
            List.of(new RefusedOfIndex("books", List.of(PARSING, LARGE), List.of("9")));

    @Test
    void eachDocumentHasItsReasonBelowIt() {
        assertThat(RefusedText.list(FOUND))
                .containsExactly(
                        "Index books, 3 refused documents",
                        "  7: document_parsing_exception at price, 2 times since 2026-11-30T08:00:00Z",
                        "    no long",
                        "  8: too_large, once since 2026-11-30T08:00:00Z",
                        "    60,000,000 bytes",
                        "  1 document without a record: there was no room, or it was forgotten (9)");
        assertThat(RefusedText.list(List.of())).containsExactly("No document is refused.");
    }

    @Test
    void ofManyWithoutARecordOnlySomeAreNamed() {
        var many = new RefusedOfIndex(
                "books",
                List.of(),
                IntStream.range(0, 2_000).mapToObj(Integer::toString).toList());

        assertThat(RefusedText.list(List.of(many)))
                .contains("  2,000 documents without a record: there was no room, or it was forgotten"
                        + " (0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and others)");
    }

    @Test
    void oneDocumentIsShownWithAllThatIsKnown() {
        assertThat(RefusedText.show(List.of(new RefusedOfIndex("books", List.of(PARSING), List.of())), "7"))
                .containsExactly(
                        "Index books, document 7",
                        "  type    document_parsing_exception",
                        "  path    price",
                        "  status  400",
                        "  since   2026-11-30T08:00:00Z",
                        "  last    2026-11-30T08:01:00Z",
                        "  times   2",
                        "  reason  no long");
        assertThat(RefusedText.show(List.of(new RefusedOfIndex("books", List.of(LARGE), List.of())), "8"))
                .contains("  status  not sent to the engine")
                .noneMatch(line -> line.contains("path"));
        assertThat(RefusedText.show(List.of(new RefusedOfIndex("books", List.of(), List.of("9"))), "9"))
                .containsExactly("Index books, document 9: refused, without a record");
        assertThat(RefusedText.show(List.of(), "5")).containsExactly("No document with the id 5 is refused.");
    }

    @Test
    void whatBecameOfARetryIsToldForEachIndex() {
        assertThat(RefusedText.retried(List.of(
                        new RetryOutcome("a", 1, List.of(), false),
                        new RetryOutcome("b", 3, List.of("7"), false),
                        new RetryOutcome("c", 3, List.of("7"), true),
                        new RetryOutcome("d", 1, List.of("7"), false, Optional.of("It is set aside.")))))
                .containsExactly(
                        "Index a: 1 of 1 refused document stored",
                        "Index b: 2 of 3 refused documents stored; still refused: 7",
                        "Index c: 2 of 3 refused documents stored; the order to try the others stands, and the process"
                                + " that follows performs it",
                        "Index d: none of 1 refused document tried: It is set aside.");
        assertThat(RefusedText.retried(List.of())).containsExactly("None of these documents is refused.");
    }

    @Test
    void toForgetSaysWhatRemains() {
        assertThat(RefusedText.forgotten(2))
                .singleElement()
                .asString()
                .startsWith("2 records removed. The documents stay");
        assertThat(RefusedText.forgotten(0)).containsExactly("There are no such records.");
    }

    @Test
    void programsGetTheSame() {
        assertThat(RefusedJson.list(FOUND))
                .hasToString("[{\"index\":\"books\",\"refused\":3,\"unrecorded\":1,\"documents\":["
                        + "{\"id\":\"7\",\"type\":\"document_parsing_exception\",\"path\":\"price\",\"status\":400,"
                        + "\"reason\":\"no\\nlong\",\"since\":\"2026-11-30T08:00:00Z\",\"last\":\"2026-11-30T08:01:00Z\",\"times\":2},"
                        + "{\"id\":\"8\",\"type\":\"too_large\",\"status\":0,\"reason\":\"60,000,000 bytes\","
                        + "\"since\":\"2026-11-30T08:00:00Z\",\"last\":\"2026-11-30T08:00:00Z\",\"times\":1}]}]");
        assertThat(RefusedJson.retried(List.of(new RetryOutcome("b", 3, List.of("7"), false))))
                .hasToString("[{\"index\":\"b\",\"tried\":3,\"stopped\":false,\"refused\":[\"7\"]}]");
        assertThat(RefusedJson.retried(List.of(new RetryOutcome("d", 1, List.of("7"), false, Optional.of("aside")))))
                .hasToString(
                        "[{\"index\":\"d\",\"tried\":0,\"stopped\":false,\"left_because\":\"aside\",\"refused\":[\"7\"]}]");
    }
}
