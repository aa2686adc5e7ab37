package io.pgsync.cli.run;

import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.config.UrlText;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.SchemaText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Finds the schema file that the settings name: a path, or an address. */
final class SchemaFiles {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private SchemaFiles() {}

    static SchemaText load(Settings settings) {
        return settings.text(Setting.SCHEMA)
                .map(SchemaFiles::fromFile)
                .or(() -> settings.text(Setting.SCHEMA_URL).map(SchemaFiles::fromUrl))
                .orElseThrow(
                        () -> problem("No schema file is named: give --config PATH, --schema_url URL, or set SCHEMA"));
    }

    private static SchemaText fromFile(String path) {
        try {
            return SchemaText.of(Path.of(path));
        } catch (SyncException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    private static SchemaText fromUrl(String url) {
        String shown = UrlText.withoutSecrets(url);
        try {
            var client = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
            var request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw problem("The schema file at " + shown + " was answered with status " + response.statusCode());
            }
            return new SchemaText(shown, true, response.body());
        } catch (IllegalArgumentException e) {
            // Its message repeats the address.
            throw problem("The schema file at " + shown + " cannot be fetched: it is not an HTTP address");
        } catch (IOException e) {
            throw problem("The schema file at " + shown + " cannot be fetched: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problem("Interrupted while fetching the schema file at " + shown);
        }
    }

    private static ConfigurationException problem(String text) {
        return new ConfigurationException(List.of(text));
    }
}
