package io.pgsync.embedded;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;

/**
 * Finds archives as Maven itself would: local repository first, then the remote ones, with the mirrors, proxies and
 * credentials of {@code ~/.m2/settings.xml}. As in Maven, a missing or wrong checksum is only a warning unless the
 * settings say otherwise.
 */
final class ArchiveResolver {

    private ArchiveResolver() {}

    /** Returns the file in the local repository; downloads it first if it is not there. Blocks. */
    static Path resolve(ServerArchive archive, DownloadListener listener) {
        return resolve(archive, listener, ArchiveResolver::file).get(0);
    }

    /** The same for a jar and all that it needs at run time. */
    static List<Path> resolveWithDependencies(ServerArchive jar, DownloadListener listener) {
        return resolve(jar, listener, ArchiveResolver::classPath);
    }

    private interface Request {
        List<ArtifactResult> of(ServerArchive archive, Context maven) throws RepositoryException;
    }

    private static List<Path> resolve(ServerArchive archive, DownloadListener listener, Request request) {
        var overrides = ContextOverrides.create()
                .withUserSettings(true)
                .transferListener(new Transfers(archive, listener))
                .build();
        try (var maven = Runtimes.INSTANCE.getRuntime().create(overrides)) {
            return paths(archive, maven, request);
        }
    }

    private static List<Path> paths(ServerArchive archive, Context maven, Request request) {
        try {
            return request.of(archive, maven).stream()
                    .map(result -> result.getArtifact().getFile().toPath())
                    .toList();
        } catch (RepositoryException e) {
            throw new EmbeddedServerException(
                    "Cannot fetch %s from %s: %s. Check the network, or the mirror and proxy in ~/.m2/settings.xml"
                            .formatted(archive, maven.remoteRepositories(), e.getMessage()),
                    e);
        }
    }

    private static List<ArtifactResult> file(ServerArchive archive, Context maven) throws RepositoryException {
        var request = new ArtifactRequest(new DefaultArtifact(archive.toString()), maven.remoteRepositories(), "");
        return List.of(maven.repositorySystem().resolveArtifact(maven.repositorySystemSession(), request));
    }

    private static List<ArtifactResult> classPath(ServerArchive jar, Context maven) throws RepositoryException {
        var wanted = new CollectRequest(
                new Dependency(new DefaultArtifact(jar.toString()), JavaScopes.RUNTIME), maven.remoteRepositories());
        var request = new DependencyRequest(wanted, DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME));
        return maven.repositorySystem()
                .resolveDependencies(maven.repositorySystemSession(), request)
                .getArtifactResults();
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
