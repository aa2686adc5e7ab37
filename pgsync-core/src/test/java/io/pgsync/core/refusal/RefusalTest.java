package io.pgsync.core.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.sink.WriteOutcome.Refused;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    private static final Instant EARLY = Instant.ofEpochSecond(1);
    private static final Instant LATE = Instant.ofEpochSecond(2);

    @Test
    void aDocumentThatIsRefusedAgainKeepsItsBeginningAndTakesTheNewerReason() {
        Refusal first = Refusal.first(refused(400, "long", "failed to parse field [a] of type [long]"), EARLY);

        Refusal again = first.again(refused(400, "date", "failed to parse field [b] of type [date]"), LATE);

        assertThat(again.since()).isEqualTo(EARLY);
        assertThat(again.last()).isEqualTo(LATE);
        assertThat(again.times()).isEqualTo(2);
        assertThat(again.type()).isEqualTo("date");
        assertThat(again.path()).contains("b");
    }

    @Test
    void aLongReasonIsCut() {
        Refusal cut = Refusal.first(refused(400, "t", "x".repeat(501)), EARLY);
        Refusal whole = Refusal.first(refused(400, "t", "x".repeat(500)), EARLY);

        assertThat(cut.reason()).isEqualTo("x".repeat(499) + "…");
        assertThat(whole.reason()).isEqualTo("x".repeat(500));
    }

    /** Half of one would be no text in UTF-8. */
    @Test
    void noCharacterIsCutInTwo() {
        Refusal cut = Refusal.first(refused(400, "t", "x".repeat(498) + "😀" + "x".repeat(10)), EARLY);

        assertThat(cut.reason()).isEqualTo("x".repeat(498) + "…");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[1:23] failed to parse field [price.net] of type [long] in document with id '3'. Preview of field's value: 'a [b] of type [c]' | price.net",
                "[1:9] object mapping for [a.b] tried to parse field [b] as object, but found a concrete value | a.b",
                "Document contains at least one immense term in field=\"title\" (whose UTF8 encoding is longer than the max length 32766) | title",
                "mapper [age] cannot be changed from type [long] to [text] | age",
                "can't merge a non object mapping [publisher] with an object mapping | publisher",
                "can't merge a non-nested mapping [books] with a nested mapping | books",
                "[1:2] mapping set to strict, dynamic introduction of [x] within [_doc] is not allowed | x",
                "mapping set to strict, dynamic introduction of [x] within [a.b] is not allowed | a.b.x",
                "The number of nested documents has exceeded the allowed limit of [10000] | ~~"
            })
    void theFieldIsFoundInTheReasonsOfTheEngine(String reason, String path) {
        assertThat(RefusedPath.of(refused(400, "document_parsing_exception", reason))
                        .orElse(""))
                .isEqualTo(path);
    }

    @Test
    void aPluginNamesNoField() {
        assertThat(RefusedPath.of(refused(0, "plugin_failure", "failed to parse field [secret] of type [x]")))
                .isEmpty();
    }

    private static Refused refused(int status, String type, String reason) {
        return new Refused(new Delete(new RootKey("shop", List.of("7")), "7"), status, type, reason);
    }
}
