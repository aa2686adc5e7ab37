package io.pgsync.embedded;

/** Is told about the download of an archive; not called if the archive is in the local repository already. */
@FunctionalInterface
public interface DownloadListener {

    /** Ignores the download. */
    DownloadListener SILENT = (archive, receivedBytes, totalBytes) -> {};

    /**
     * Called on the downloading thread after every received buffer and at the end; {@code totalBytes} is -1 if unknown.
     */
    void received(ServerArchive archive, long receivedBytes, long totalBytes);
}
