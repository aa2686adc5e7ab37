package io.pgsync.replication.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Bytes in, events out: {@code assertThatMessages("42 …", "49 …").decodeTo(…)}. Blanks in the hexadecimal text are for the reader. */
final class MessageAssert {
    private final List<byte[]> messages;

    private MessageAssert(List<byte[]> messages) {
        this.messages = messages;
    }

    static MessageAssert assertThatMessages(String... hex) {
        List<byte[]> messages = new ArrayList<>();
        for (String text : hex) {
            messages.add(HexFormat.of().parseHex(text.replace(" ", "")));
        }
        return new MessageAssert(messages);
    }

    /** The last events; what comes before them only sets the scene. */
    void endWith(ChangeEvent... expected) {
        assertThat(decode()).endsWith(expected);
    }

    void decodeTo(ChangeEvent... expected) {
        assertThat(decode()).containsExactly(expected);
    }

    void failWith(Remedy remedy, String... words) {
        SyncException failure = catchThrowableOfType(SyncException.class, this::decode);

        assertThat(failure).hasMessageContainingAll(words);
        assertThat(failure.remedy()).isEqualTo(remedy);
    }

    private List<ChangeEvent> decode() {
        var decoder = new PgOutputDecoder();
        List<ChangeEvent> events = new ArrayList<>();
        for (byte[] message : messages) {
            decoder.decode(message).map(PlainRow::read).ifPresent(events::add);
        }
        return events;
    }
}
