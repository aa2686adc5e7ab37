package io.pgsync.elasticsearch.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In the words that Elasticsearch 8.19 and OpenSearch 2.19 were heard to say. */
class ItemOutcomeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Both.
                "CONTESTED | 400 | illegal_argument_exception | mapper [text] cannot be changed from type [text] to [double]",
                "CONTESTED | 400 | illegal_argument_exception | can't merge a non object mapping [text] with an object mapping",
                "REJECTED  | 400 | illegal_argument_exception | Limit of total fields [1000] has been exceeded",
                // Elasticsearch.
                "CONTESTED | 400 | illegal_argument_exception | can't merge a non-nested mapping [object] with a nested mapping",
                "CONTESTED | 400 | illegal_argument_exception | can't be changed from nested to non-nested",
                "CONTESTED | 400 | illegal_argument_exception | can't be changed from non-nested to nested",
                "REJECTED  | 400 | document_parsing_exception | [1:6] failed to parse field [a] of type [long]",
                "BUSY      | 429 | es_rejected_execution_exception | rejected execution of coordinating operation",
                // OpenSearch.
                "CONTESTED | 400 | illegal_argument_exception | cannot change object mapping from non-nested to nested",
                "CONTESTED | 400 | illegal_argument_exception | cannot change object mapping from nested to non-nested",
                "REJECTED  | 400 | mapper_parsing_exception | failed to parse field [a] of type [long]",
                "BUSY      | 429 | rejected_execution_exception | rejected execution of coordinating operation",
                // A block and a missing right have the same statuses as a busy engine and each other.
                "BLOCKED   | 429 | cluster_block_exception | index [books] blocked by: disk usage exceeded flood-stage watermark",
                "BLOCKED   | 403 | cluster_block_exception | index [books] blocked by: [FORBIDDEN/8/index write (api)]",
                "DENIED    | 403 | security_exception | no permissions for [indices:data/write/bulk[s]]"
            })
    void theSameRefusalMeansTheSameOnEitherEngine(ItemOutcome outcome, int status, String type, String reason) {
        assertThat(ItemOutcome.of(new BulkAnswer.Item(status, type, reason))).isEqualTo(outcome);
    }
}
