package io.pgsync.cli.run;

import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.config.UrlText;
import io.pgsync.cli.status.RepairCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The schema file as text, and where it came from: a path, or an address that it was fetched from, as people may see it. */
record SchemaText(String source, boolean isFetched, String text) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Reads it from the place that the settings name. */
    static SchemaText load(Settings settings) {
        return settings.text(Setting.SCHEMA)
                .map(SchemaText::fromFile)
                .or(() -> settings.text(Setting.SCHEMA_URL).map(SchemaText::fromUrl))
                .orElseThrow(
                        () -> problem("No schema file is named: give --config PATH, --schema_url URL, or set SCHEMA"));
    }

    /** What repairs the indexes of this file. */
    RepairCommand repair() {
        return new RepairCommand(source, isFetched);
    }

    private static SchemaText fromFile(String path) {
        try {
            return new SchemaText(path, false, Files.readString(Path.of(path)));
        } catch (NoSuchFileException e) {
            throw problem("The schema file " + path + " does not exist");
        } catch (IOException e) {
            throw problem("The schema file " + path + " cannot be read: " + e.getMessage());
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
            throw problem("The schema file at " + shown + " cannot be fetched: that is no HTTP address");
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
