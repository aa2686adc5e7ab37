package io.pgsync.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.elasticsearch.signing.ServiceRefusal;
import io.pgsync.elasticsearch.signing.ServiceRefusal.Subject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmazonAnswerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"message\":\"Signature expired: 20261130T080000Z is now earlier than 20261130T081000Z (20261130T081500Z - 5 min.)\"} | SIGNATURE | clock",
                "{\"message\":\"Signature not yet current: 20261130T080000Z is still later than 20261130T074500Z\"} | SIGNATURE | clock",
                "{\"message\":\"The security token included in the request is expired\"} | SIGNATURE | renews",
                "{\"message\":\"The security token included in the request is invalid.\"} | SIGNATURE | access key",
                "{\"message\":\"Credential should be scoped to a valid region. \"} | SIGNATURE | region",
                "{\"message\":\"The request signature we calculated does not match the signature you provided.\"} | SIGNATURE | secret",
                "{\"Message\":\"User: anonymous is not authorized to perform: es:ESHttpGet\"} | SIGNATURE | proxy",
                "{\"Message\":\"User: arn:aws:iam::1:user/x is not authorized to perform: es:ESHttpPost\"} | RIGHT | es:ESHttpPost",
                "{\"Message\":\"Your request: '/_cluster/settings' is not allowed.\"} | OPERATION | nobody",
                "{\"Message\":\"Your request: '/_cluster/settings' payload is not allowed.\"} | OPERATION | nobody",
                "{\"message\":\"Authorization header requires 'Credential' parameter.\"} | SIGNATURE | credentials"
            })
    void whatAmazonSaysHasItsAdvice(String body, Subject subject, String advice) {
        ServiceRefusal refusal = refusal(body).orElseThrow();

        assertThat(refusal.subject()).isEqualTo(subject);
        assertThat(refusal.advice()).contains(advice);
        assertThat(body).contains(refusal.reason());
    }

    /** They may come from anywhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "<html>", "{}", "{\"message\":\"Forbidden\"}", "{\"message\":{}}", "[1]", "\"message\""})
    void othersAreNoRefusals(String body) {
        assertThat(refusal(body)).isEmpty();
    }

    @Test
    void nothingIsQuotedBeyondTheFirstLine() {
        String body =
                "{\"message\":\"The request signature we calculated does not match.\\n\\nx-amz-security-token:secret\"}";

        assertThat(refusal(body).orElseThrow().reason())
                .isEqualTo("The request signature we calculated does not match.");
    }

    private static Optional<ServiceRefusal> refusal(String body) {
        return AmazonAnswer.of(body).flatMap(AmazonAnswer::refusal);
    }
}
