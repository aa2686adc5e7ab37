package io.pgsync.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgsync.elasticsearch.signing.ServiceRefusal;
import io.pgsync.elasticsearch.signing.ServiceRefusal.Subject;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** What Amazon's gateway says in front of the engine: an object with one field, its message. */
record AmazonAnswer(String message) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A message about a signature goes on with what should have been signed, and that has the session token. */
    private static final int QUOTED = 200;

    /** By a part of the message; the first one that fits. */
    private enum Meaning {
        EXPIRED_SIGNATURE("Signature expired", Subject.SIGNATURE, Advice.CLOCK),
        EARLY_SIGNATURE("Signature not yet current", Subject.SIGNATURE, Advice.CLOCK),
        EXPIRED_TOKEN(
                "security token included in the request is expired",
                Subject.SIGNATURE,
                "The temporary credentials have expired: give others, or a source that renews them."),
        UNKNOWN_TOKEN(
                "security token included in the request is invalid",
                Subject.SIGNATURE,
                "AWS does not know the access key, or its session token is missing: check the credentials."),
        REGION("valid region", Subject.SIGNATURE, "Correct the region of signatures."),
        ANONYMOUS(
                "User: anonymous",
                Subject.SIGNATURE,
                "The signature did not arrive: look for a proxy that takes the header Authorization away."),
        NOT_ALLOWED(
                "is not authorized to perform",
                Subject.RIGHT,
                "Allow it es:ESHttpGet, es:ESHttpHead, es:ESHttpPost, es:ESHttpPut and es:ESHttpDelete on the domain, in the"
                        + " access policy of the domain or in a policy of its own."),
        OPERATION("is not allowed", Subject.OPERATION, "Amazon offers this operation to nobody."),
        SIGNATURE(
                "signature",
                Subject.SIGNATURE,
                "Check the secret access key and the region of signatures; if both are right, look for a proxy that changes"
                        + " requests."),
        CREDENTIAL("Credential", Subject.SIGNATURE, "Check the credentials and the region of signatures."),
        AUTHORIZATION("Authorization", Subject.SIGNATURE, "Check the credentials and the region of signatures.");

        private final String part;
        private final Subject subject;
        private final String advice;

        Meaning(String part, Subject subject, String advice) {
            this.part = part;
            this.subject = subject;
            this.advice = advice;
        }
    }

    private static final class Advice {
        static final String CLOCK = "Set the clock of this machine: a signature is valid for five minutes.";
    }

    /** Empty if the answer is not of this form. */
    static Optional<AmazonAnswer> of(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            return Stream.of("message", "Message")
                    .map(json::path)
                    .filter(JsonNode::isTextual)
                    .findFirst()
                    .map(message -> new AmazonAnswer(message.asText()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Empty if the message is about something else, so that another one than Amazon may have sent it. */
    Optional<ServiceRefusal> refusal() {
        return Arrays.stream(Meaning.values())
                .filter(meaning -> message.contains(meaning.part))
                .findFirst()
                .map(meaning -> new ServiceRefusal(meaning.subject, quoted(), meaning.advice));
    }

    private String quoted() {
        String first = message.lines().findFirst().orElse("");
        return first.length() > QUOTED ? first.substring(0, QUOTED) + "..." : first;
    }
}
