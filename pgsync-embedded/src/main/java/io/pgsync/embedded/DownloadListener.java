package io.pgsync.embedded;

/** Told about an archive on its way from the repository; not called for what is in the local repository already. */
@FunctionalInterface
public interface DownloadListener {

    /** Tells nobody. */
    DownloadListener SILENT = (archive, receivedBytes, totalBytes) -> {};

    /** Called from the downloading thread after every received buffer and at the end; {@code totalBytes} is -1 when unknown. */
    void received(ServerArchive archive, long receivedBytes, long totalBytes);
}
