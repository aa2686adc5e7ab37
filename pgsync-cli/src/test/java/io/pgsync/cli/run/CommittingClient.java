package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.change.Lsn;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * An application of one thread that commits to a book of its own, waits until that is readable, and reads it. Its HTTP client hands nothing
 * from thread to thread: where everything shares a few cores, that would be most of what is measured.
 */
final class CommittingClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI pgsync;
    private final URI document;
    private final Connection connection;
    private final PreparedStatement update;
    private final PreparedStatement position;
    private final CloseableHttpClient http = HttpClients.createDefault();

    /** {@code pgsync} runs with its HTTP endpoints there; {@code book} is nobody else's. */
    CommittingClient(Shop shop, URI pgsync, int book) throws SQLException {
        this.pgsync = pgsync;
        this.document = shop.address("/" + shop.index() + "/_source/" + book);
        this.connection = shop.connect();
        this.update = connection.prepareStatement("UPDATE book SET title = ? WHERE id = " + book);
        this.position = connection.prepareStatement("SELECT pg_current_wal_lsn()");
    }

    /** What every wait took, in microseconds. */
    List<Long> cycle(int times) throws Exception {
        var micros = new ArrayList<Long>(times);
        for (int cycle = 0; cycle < times; cycle++) {
            String title = "title " + cycle;
            update.setString(1, title);
            update.execute();
            Lsn committed = position();
            long began = System.nanoTime();
            Lsn stored = await(committed);
            micros.add((System.nanoTime() - began) / 1_000);
            assertThat(stored).isGreaterThanOrEqualTo(committed);
            assertThat(get(document)).contains('"' + title + '"');
        }
        return micros;
    }

    private Lsn position() throws SQLException {
        try (var rows = position.executeQuery()) {
            rows.next();
            return Lsn.parse(rows.getString(1));
        }
    }

    private Lsn await(Lsn committed) throws IOException {
        String answer = get(pgsync.resolve("/wait?timeout=60&lsn=" + committed));
        return Lsn.parse(JSON.readTree(answer).path("position").asText());
    }

    private String get(URI address) throws IOException {
        return http.execute(new HttpGet(address), response -> EntityUtils.toString(response.getEntity()));
    }

    @Override
    public void close() throws IOException, SQLException {
        http.close();
        connection.close();
    }
}
