package io.pgsync.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** The stub refuses what Amazon refuses, so that it can be believed when it accepts something. */
class AmazonStubTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String BODY = "{\"size\":1}";

    @ParameterizedTest
    @CsvSource({
        "host;x-amz-content-sha256;x-amz-date, '{\"size\":1}', 200",
        "x-amz-content-sha256;x-amz-date,      '{\"size\":1}', 403",
        "host;x-amz-date,                      '{\"size\":1}', 403",
        "host;x-amz-content-sha256;x-amz-date, '{\"size\":2}', 403"
    })
    void acceptsOnlyWhatIsSignedWhole(String signed, String arriving, int status) throws Exception {
        try (var amazon = new AmazonStub(AwsBasicCredentials.create("AKIDEXAMPLE", SECRET))) {
            URI address = URI.create(amazon.url() + "/books/_search?b=2&a=1");
            String date = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
                    .withZone(ZoneOffset.UTC)
                    .format(Instant.now());
            byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
            String hash = new ReceivedRequest("POST", "/", Map.of(), body).bodyHash();
            var request = new ReceivedRequest(
                    "POST",
                    "/books/_search?b=2&a=1",
                    Map.of("host", address.getAuthority(), "x-amz-date", date, "x-amz-content-sha256", hash),
                    body);
            String scope = date.substring(0, 8) + "/" + AmazonStub.REGION + "/es/aws4_request";
            String signature = request.signature(SECRET, scope, List.of(signed.split(";")));

            var sent = HttpRequest.newBuilder(address)
                    .header("X-Amz-Date", date)
                    .header("X-Amz-Content-Sha256", hash)
                    .header(
                            "Authorization",
                            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/%s, SignedHeaders=%s, Signature=%s"
                                    .formatted(scope, signed, signature))
                    .POST(BodyPublishers.ofString(arriving))
                    .build();

            assertThat(HttpClient.newHttpClient()
                            .send(sent, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(status);
        }
    }
}
