package io.pgsync.cli.config;

import io.pgsync.elasticsearch.Authentication;
import io.pgsync.elasticsearch.signing.RequestSigners;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Requests signed for Amazon. Who signs them is in a jar beside ours, which is read only if somebody asks for it. */
final class SignedRequests {
    private static final List<Setting> LOGINS = List.of(
            Setting.ELASTICSEARCH_API_KEY,
            Setting.ELASTICSEARCH_BEARER_AUTH,
            Setting.ELASTICSEARCH_BASIC_AUTH,
            Setting.ELASTICSEARCH_HTTP_AUTH,
            Setting.ELASTICSEARCH_PASSWORD);

    private SignedRequests() {}

    /** Empty if nobody asks for them. */
    static Optional<Authentication> of(Settings settings, Authentication ofUrl) {
        return Stream.of(Setting.OPENSEARCH_AWS_HOSTED, Setting.ELASTICSEARCH_AWS_HOSTED)
                .filter(settings::flag)
                .findFirst()
                .map(asked -> signed(settings, ofUrl, asked));
    }

    private static Authentication signed(Settings settings, Authentication ofUrl, Setting asked) {
        otherLogin(settings, ofUrl).ifPresent(login -> {
            throw problem(asked + " is given, but so is a login, by " + login
                    + "; a request is either signed or has a login");
        });
        String region = settings.text(Setting.ELASTICSEARCH_AWS_REGION)
                .orElseThrow(() -> problem(asked + " is given, but " + Setting.ELASTICSEARCH_AWS_REGION
                        + " is not; a signature is for one region, that of the domain"));
        return ServiceLoader.load(RequestSigners.class)
                .findFirst()
                .map(signers -> new Authentication.Signed(signers.forRegion(region)))
                .orElseThrow(
                        () -> problem(asked + " is given, but pgsync-aws.jar is missing; put it beside pgsync.jar"));
    }

    private static Optional<Setting> otherLogin(Settings settings, Authentication ofUrl) {
        return ofUrl instanceof Authentication.None
                ? LOGINS.stream().filter(settings::isGiven).findFirst()
                : Optional.of(Setting.ELASTICSEARCH_URL);
    }

    private static ConfigurationException problem(String text) {
        return new ConfigurationException(List.of(text));
    }
}
