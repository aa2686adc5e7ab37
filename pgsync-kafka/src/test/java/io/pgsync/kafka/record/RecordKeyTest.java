package io.pgsync.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordKeyTest {
    @ParameterizedTest
    @CsvSource({"books, 1", "books-1, a|b", "bücher, ä€😀", "books, ''"})
    void whatIsReadIsWhatWasWritten(String index, String id) {
        var key = new RecordKey(index, id);

        assertThat(RecordKey.of(key.bytes())).isEqualTo(key);
    }

    @Test
    void bytesThatAreNoKeyAreRefused() {
        assertThatThrownBy(() -> RecordKey.of(new byte[] {'a', 'b'})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordKey.of(new byte[] {'a', 0, (byte) 0xFF}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** So that records which another client writes lie beside ours. */
    @Test
    void thePartitionIsThatOfKafkasOwnClients() {
        IntStream.range(0, 1_000)
                .mapToObj(id -> new RecordKey("books", Integer.toString(id)))
                .forEach(key ->
                        assertThat(key.partition(24)).isEqualTo(BuiltInPartitioner.partitionForKey(key.bytes(), 24)));
    }
}
