package io.pgsync.embedded;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.nio.file.Path;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Finds archives as Maven itself would: local repository first, then the remote ones, with the mirrors, proxies and
 * credentials of {@code ~/.m2/settings.xml}. As in Maven, a missing or wrong checksum is only a warning unless the
 * settings say otherwise.
 */
final class ArchiveResolver {

    private ArchiveResolver() {}

    /** Returns the file in the local repository; downloads it first if it is not there. Blocks. */
    static Path resolve(ServerArchive archive, DownloadListener listener) {
        var overrides = ContextOverrides.create()
                .withUserSettings(true)
                .transferListener(new Transfers(archive, listener))
                .build();
        try (var maven = Runtimes.INSTANCE.getRuntime().create(overrides)) {
            return resolve(archive, maven);
        }
    }

    private static Path resolve(ServerArchive archive, Context maven) {
        var request = new ArtifactRequest(new DefaultArtifact(archive.toString()), maven.remoteRepositories(), "");
        try {
            return maven.repositorySystem()
                    .resolveArtifact(maven.repositorySystemSession(), request)
                    .getArtifact()
                    .getFile()
                    .toPath();
        } catch (ArtifactResolutionException e) {
            throw new EmbeddedServerException(
                    "Cannot fetch %s from %s: %s. Check the network, or the mirror and proxy in ~/.m2/settings.xml"
                            .formatted(archive, maven.remoteRepositories(), e.getMessage()),
                    e);
        }
    }

    private static final class Transfers extends AbstractTransferListener {

        private final ServerArchive archive;
        private final DownloadListener listener;

        Transfers(ServerArchive archive, DownloadListener listener) {
            this.archive = archive;
            this.listener = listener;
        }

        @Override
        public void transferProgressed(TransferEvent event) {
            report(event);
        }

        @Override
        public void transferSucceeded(TransferEvent event) {
            report(event);
        }

        private void report(TransferEvent event) {
            listener.received(
                    archive, event.getTransferredBytes(), event.getResource().getContentLength());
        }
    }
}
