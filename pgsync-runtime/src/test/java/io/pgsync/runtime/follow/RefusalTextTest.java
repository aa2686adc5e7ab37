package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.WriteOutcome.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalTextTest {
    @Test
    void namesTheFieldAfterAPositionToo() {
        assertThat(text("document_parsing_exception", "[1:23] failed to parse field [price] of type [long] in 'x'"))
                .startsWith("document_parsing_exception, failed to parse field [price] of type [long]. ");
    }

    @Test
    void namesTheFieldAndQuotesNoValue() {
        assertThat(
                        text(
                                "document_parsing_exception",
                                "failed to parse field [price] of type [integer] in document with id '7'. Preview of field's value: 'my secret'"))
                .startsWith("document_parsing_exception, failed to parse field [price] of type [integer]. ")
                .doesNotContain("secret");
        assertThat(text("source_failure", "invalid input syntax for type integer: \"my secret\""))
                .startsWith("source_failure. ")
                .doesNotContain("secret");
    }

    private static String text(String type, String reason) {
        var change = new DocumentChange.Delete(new RootKey("book", List.of("7")), "7");
        return RefusalText.of(new Refused(change, 400, type, reason));
    }
}
