package io.pgsync.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples that AWS publishes with Signature Version 4, so that the stub can be believed. */
class ReceivedRequestTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String SCOPE = "20150830/us-east-1/service/aws4_request";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "GET  | /                             | -                                 | -             | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                "GET  | /?Param2=value2&Param1=value1 | -                                 | -             | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
                "GET  | /ሴ                            | -                                 | -             | 8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
                "POST | /                             | -                                 | -             | 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
                "POST | /                             | application/x-www-form-urlencoded | Param1=value1 | ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
            })
    void hasTheSignatureThatAwsPublishes(
            String method, String target, String contentType, String body, String signature) {
        Map<String, String> headers =
                new HashMap<>(Map.of("host", "example.amazonaws.com", "x-amz-date", "20150830T123600Z"));
        if (contentType != null) {
            headers.put("content-type", contentType);
        }
        byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        List<String> signed = headers.keySet().stream().sorted().toList();

        var request = new ReceivedRequest(method, target, headers, bytes);

        assertThat(request.signature(SECRET, SCOPE, signed)).isEqualTo(signature);
    }
}
