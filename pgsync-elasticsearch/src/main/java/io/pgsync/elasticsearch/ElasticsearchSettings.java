package io.pgsync.elasticsearch;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the engine is and how to talk to it.
 *
 * @param urls nodes of one cluster, without credentials
 * @param expected the kind that the engine must be; if empty, every known kind is accepted
 */
public record ElasticsearchSettings(
        List<URI> urls,
        Authentication authentication,
        TlsSettings tls,
        ConnectionSettings connections,
        BulkSettings bulk,
        Optional<EngineKind> expected) {
    /** The index that holds the states of all others. Not configurable: every process must find the same one. */
    public static final String STATE_INDEX = "pgsync_state";

    /** The name of that service of Amazon, and why it is refused. */
    public static final String WITHOUT_SERVERS =
            "Amazon OpenSearch Serverless, which has neither refresh nor write blocks: without them no process can take an index"
                    + " over safely. Use a managed domain";

    /** The host names of Amazon's serverless collections. */
    private static final Pattern SERVERLESS = Pattern.compile(
            ".*\\.aoss\\.(?:[a-z0-9-]+\\.)?(?:amazonaws\\.com(?:\\.cn)?|on\\.aws)", Pattern.CASE_INSENSITIVE);

    public ElasticsearchSettings {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new SyncException(Remedy.STOP, "The search engine's URL is missing.");
        }
        if (urls.stream().map(URI::getRawPath).distinct().count() > 1) {
            throw new SyncException(Remedy.STOP, "The URLs of the search engine must all have the same path.");
        }
        if (urls.stream()
                .anyMatch(
                        url -> SERVERLESS.matcher(String.valueOf(url.getHost())).matches())) {
            throw new SyncException(Remedy.STOP, "The search engine's URL is one of " + WITHOUT_SERVERS + ".");
        }
    }

    /**
     * Settings for URLs separated by commas; the first user and password in them become {@link Authentication.Basic}.
     */
    public static ElasticsearchSettings of(String urls) {
        List<URI> given = Arrays.stream(urls.split(","))
                .map(String::trim)
                .filter(url -> !url.isEmpty())
                .map(ElasticsearchSettings::parse)
                .toList();
        Optional<Authentication> user = given.stream()
                .flatMap(url -> Optional.ofNullable(url.getRawUserInfo()).stream())
                .findFirst()
                .map(ElasticsearchSettings::basic);
        return new ElasticsearchSettings(
                given.stream().map(ElasticsearchSettings::withoutUser).toList(),
                user.orElseGet(Authentication.None::new),
                TlsSettings.DEFAULT,
                ConnectionSettings.DEFAULT,
                BulkSettings.DEFAULT,
                Optional.empty());
    }

    /** The same engine, another login. */
    public ElasticsearchSettings withAuthentication(Authentication other) {
        return new ElasticsearchSettings(urls, other, tls, connections, bulk, expected);
    }

    /** The same with other certificates. */
    public ElasticsearchSettings withTls(TlsSettings other) {
        return new ElasticsearchSettings(urls, authentication, other, connections, bulk, expected);
    }

    /** The same with other times and numbers of connections. */
    public ElasticsearchSettings withConnections(ConnectionSettings other) {
        return new ElasticsearchSettings(urls, authentication, tls, other, bulk, expected);
    }

    /** The same with other bounds of a bulk request. */
    public ElasticsearchSettings withBulk(BulkSettings other) {
        return new ElasticsearchSettings(urls, authentication, tls, connections, other, expected);
    }

    /** The same, but every other kind of engine is refused. */
    public ElasticsearchSettings withExpected(EngineKind kind) {
        return new ElasticsearchSettings(urls, authentication, tls, connections, bulk, Optional.of(kind));
    }

    /** Whether no connection is encrypted, and there are no settings for encryption. */
    boolean isPlain() {
        return tls.equals(TlsSettings.DEFAULT) && urls.stream().allMatch(url -> "http".equals(url.getScheme()));
    }

    private static URI parse(String url) {
        try {
            var uri = new URI(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Ignored here: the text may contain a password, and so may the exception's message.
        }
        throw new SyncException(
                Remedy.STOP,
                "The search engine's URL cannot be read. Write it as http://host:9200 or https://host:9200; percent-encode"
                        + " special characters of a password.");
    }

    private static Authentication basic(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new Authentication.Basic(decode(userInfo), "")
                : new Authentication.Basic(decode(userInfo.substring(0, colon)), decode(userInfo.substring(colon + 1)));
    }

    private static String decode(String percentEncoded) {
        // URLDecoder is for forms, where a plus sign is a space; in a URL it is a plus sign.
        return URLDecoder.decode(percentEncoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without a port, http gets the engine's own port and https that of hosted engines. */
    private static URI withoutUser(URI url) {
        String path = Optional.ofNullable(url.getRawPath())
                .map(given -> given.replaceFirst("/+$", ""))
                .orElse("");
        int usual = "https".equals(url.getScheme()) ? 443 : 9200;
        int port = url.getPort() < 0 ? usual : url.getPort();
        return URI.create(url.getScheme() + "://" + url.getHost() + ":" + port + path);
    }
}
