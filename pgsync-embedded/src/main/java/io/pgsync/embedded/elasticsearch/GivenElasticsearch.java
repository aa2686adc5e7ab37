package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.EmbeddedServerException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** A server that somebody else runs. */
record GivenElasticsearch(URI url, Optional<Login> login) implements ElasticsearchServer {

    /** Reads {@code http://host:port}, with {@code user:password@} before the host if the server needs a login. */
    static ElasticsearchServer at(URI given) {
        var login = Optional.ofNullable(given.getUserInfo()).map(GivenElasticsearch::login);
        try {
            var url = new URI(given.getScheme(), null, given.getHost(), given.getPort(), null, null, null);
            return new GivenElasticsearch(url, login);
        } catch (URISyntaxException e) {
            throw malformed();
        }
    }

    private static Login login(String userInfo) {
        var credentials = userInfo.split(":", 2);
        if (credentials.length < 2) {
            throw malformed();
        }
        return new Login(credentials[0], credentials[1]);
    }

    /** Without the cause: it would quote the password. */
    private static EmbeddedServerException malformed() {
        return new EmbeddedServerException(
                "PGSYNC_TEST_ELASTICSEARCH_URL is not of the form http://user:password@host:port");
    }

    @Override
    public void close() {}
}
