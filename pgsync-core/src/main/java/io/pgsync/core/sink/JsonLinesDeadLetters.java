package io.pgsync.core.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.version.Versions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Appends refused documents to a file, one JSON object per line. When the file reaches its maximum size, it is renamed
 * to its name with the time; nothing is ever deleted. Records hold whole documents, so a new file is readable only for
 * its owner (mode 0600, if the system has modes). Records are forced to disk one call at a time, on the given
 * scheduler, because that blocks.
 */
public final class JsonLinesDeadLetters implements DeadLetters {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<OpenOption> APPENDING =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path file;
    private final long maxBytes;
    private final Clock clock;
    private final Scheduler scheduler;

    /**
     * Opens nothing yet. {@code maxBytes}: the maximum size of one file; {@code scheduler}: one whose threads may
     * block.
     */
    public JsonLinesDeadLetters(Path file, long maxBytes, Clock clock, Scheduler scheduler) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    @Override
    public Mono<Void> record(String index, Versions versions, List<WriteOutcome.Refused> refused) {
        return Mono.<Void>fromRunnable(() -> append(lines(index, versions, refused)))
                .subscribeOn(scheduler);
    }

    private byte[] lines(String index, Versions versions, List<WriteOutcome.Refused> refused) {
        var lines = new ByteArrayOutputStream();
        Instant now = clock.instant();
        for (WriteOutcome.Refused one : refused) {
            try (JsonGenerator json = JSON.createGenerator(lines)) {
                json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                write(json, now, index, versions.of(one.change().id()), one);
            } catch (IOException e) {
                throw new AssertionError("A buffer cannot fail", e);
            }
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private static void write(JsonGenerator json, Instant now, String index, long version, WriteOutcome.Refused refused)
            throws IOException {
        DocumentChange change = refused.change();
        Optional<byte[]> document = documentOf(change);
        json.writeStartObject();
        json.writeStringField("ts", now.toString());
        json.writeStringField("index", index);
        json.writeStringField("id", change.id());
        json.writeStringField("op", document.isPresent() ? "index" : "delete");
        json.writeNumberField("version", version);
        if (change instanceof Upsert upsert && upsert.routing().isPresent()) {
            json.writeStringField("routing", upsert.routing().get());
        }
        json.writeNumberField("status", refused.status());
        json.writeStringField("errorType", refused.type());
        json.writeStringField("reason", refused.reason());
        if (document.isPresent()) {
            // As a string: the document may have been refused just because it is not valid JSON.
            json.writeStringField("doc", new String(document.get(), StandardCharsets.UTF_8));
        }
        json.writeEndObject();
    }

    private static Optional<byte[]> documentOf(DocumentChange change) {
        if (change instanceof Upsert upsert) {
            return Optional.of(upsert.source());
        }
        return change instanceof Failed failed ? Optional.of(failed.source()) : Optional.empty();
    }

    private synchronized void append(byte[] lines) {
        try {
            if (Files.exists(file) && Files.size(file) >= maxBytes) {
                Files.move(file, aside());
            }
            try (FileChannel channel = FileChannel.open(file, APPENDING, ownersAlone())) {
                ByteBuffer rest = ByteBuffer.wrap(lines);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
        } catch (IOException e) {
            throw new SyncException(
                    Remedy.RETRY,
                    "Refused documents cannot be recorded in " + file + ": " + e.getMessage()
                            + ". Nothing is acknowledged until they can be: make the file writable, or free disk space.",
                    e);
        }
    }

    private FileAttribute<?>[] ownersAlone() {
        boolean hasModes = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return hasModes
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** An unused name; names sort by time. */
    private Path aside() {
        String time = clock.instant().toString().replace(':', '-');
        Path candidate = file.resolveSibling(file.getFileName() + "." + time);
        for (int i = 1; Files.exists(candidate); i++) {
            candidate = file.resolveSibling(file.getFileName() + "." + time + "-" + i);
        }
        return candidate;
    }
}
