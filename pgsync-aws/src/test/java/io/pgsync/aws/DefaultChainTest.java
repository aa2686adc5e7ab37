package io.pgsync.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.pgsync.elasticsearch.signing.SignableRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The credentials that AWS's own chain finds, with the libraries that this module brings. */
class DefaultChainTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    @TempDir
    private Path directory;

    private final Set<String> properties = new HashSet<>();

    @BeforeEach
    void isolate() {
        assumeThat(System.getenv()).doesNotContainKey("AWS_ACCESS_KEY_ID");
        set("aws.disableEc2Metadata", "true");
        set("aws.sharedCredentialsFile", directory.resolve("credentials").toString());
        set("aws.configFile", directory.resolve("config").toString());
    }

    @AfterEach
    void restore() {
        properties.forEach(System::clearProperty);
    }

    private void set(String property, String value) {
        properties.add(property);
        System.setProperty(property, value);
    }

    @Test
    void propertiesOfJavaComeFirst() {
        set("aws.accessKeyId", "AKIDEXAMPLE");
        set("aws.secretAccessKey", SECRET);

        assertThat(headers(new AwsSigners()).get("Authorization")).contains("Credential=AKIDEXAMPLE/");
    }

    @Test
    void aChangedProfileIsReadAgain() throws Exception {
        Path file = directory.resolve("credentials");
        writeProfile(file, "AKIDFIRST");
        var signers = new AwsSigners();
        assertThat(headers(signers).get("Authorization")).contains("Credential=AKIDFIRST/");

        writeProfile(file, "AKIDSECOND");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(1, ChronoUnit.MINUTES)));

        await().untilAsserted(
                        () -> assertThat(headers(signers).get("Authorization")).contains("Credential=AKIDSECOND/"));
    }

    private static void writeProfile(Path file, String accessKey) throws Exception {
        Files.writeString(file, """
                [default]
                aws_access_key_id = %s
                aws_secret_access_key = %s
                """.formatted(accessKey, SECRET));
    }

    @Test
    void aWebIdentityIsExchangedForCredentials() throws Exception {
        var sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sts.createContext("/", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] answer =
                    form.contains("WebIdentityToken=web-token") ? ROLE.getBytes(StandardCharsets.UTF_8) : new byte[0];
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.sendResponseHeaders(answer.length > 0 ? 200 : 400, answer.length > 0 ? answer.length : -1);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        sts.start();
        try {
            set(
                    "aws.webIdentityTokenFile",
                    Files.writeString(directory.resolve("token"), "web-token").toString());
            set("aws.roleArn", "arn:aws:iam::123456789012:role/pgsync");
            set("aws.region", AmazonStub.REGION);
            set("aws.endpointUrlSts", "http://127.0.0.1:" + sts.getAddress().getPort());

            assertThat(headers(new AwsSigners()))
                    .containsEntry("X-Amz-Security-Token", "role-token")
                    .hasEntrySatisfying(
                            "Authorization", header -> assertThat(header).contains("Credential=ASIAROLE/"));
        } finally {
            sts.stop(0);
        }
    }

    private static final String ROLE = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult>
                <AssumedRoleUser><AssumedRoleId>A:pgsync</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/pgsync/x</Arn></AssumedRoleUser>
                <Credentials>
                  <AccessKeyId>ASIAROLE</AccessKeyId>
                  <SecretAccessKey>%s</SecretAccessKey>
                  <SessionToken>role-token</SessionToken>
                  <Expiration>%s</Expiration>
                </Credentials>
              </AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """.formatted(SECRET, Instant.now().plus(1, ChronoUnit.HOURS));

    @Test
    void withoutAnyTheMessageTellsWhatEachPartOfTheChainSays() throws Exception {
        Files.writeString(
                directory.resolve("credentials"),
                "[other]\naws_access_key_id = AKIDX\naws_secret_access_key = " + SECRET);

        assertThatThrownBy(() -> headers(new AwsSigners()))
                .hasMessageContaining("finds no credentials")
                .hasMessageContaining("no credentials for profile 'default'")
                .hasMessageNotContaining(SECRET);
    }

    private static Map<String, String> headers(AwsSigners signers) {
        var request = new SignableRequest(
                "GET", URI.create("https://search-books.eu-west-1.es.amazonaws.com/"), Optional.empty(), new byte[0]);
        return signers.forRegion(AmazonStub.REGION).sign(request);
    }
}
