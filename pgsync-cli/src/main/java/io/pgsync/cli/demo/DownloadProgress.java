package io.pgsync.cli.demo;

import io.pgsync.cli.console.Terminal;
import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.ServerArchive;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Shows how much of a server's distribution has arrived. This happens once; the archive is then kept. */
final class DownloadProgress implements DownloadListener {
    private static final long MEGABYTE = 1_000_000;

    private final Terminal out;
    private final Set<ServerArchive> announced = ConcurrentHashMap.newKeySet();

    DownloadProgress(Terminal out) {
        this.out = out;
    }

    @Override
    public void received(ServerArchive archive, long receivedBytes, long totalBytes) {
        String name = archive.artifactId() + " " + archive.version();
        if (announced.add(archive)) {
            out.line("  Fetching " + name + " from Maven Central, for the first time only");
        }
        String of = totalBytes < 0 ? "" : " of " + totalBytes / MEGABYTE;
        out.live("  %s  %d%s MB".formatted(name, receivedBytes / MEGABYTE, of));
    }
}
