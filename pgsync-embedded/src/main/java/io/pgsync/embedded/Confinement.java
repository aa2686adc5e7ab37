package io.pgsync.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Prefixes a command with {@code setpriv} (util-linux), so that it runs as the unprivileged account, and so that the
 * kernel signals it when the thread that started it ends, for whatever reason. Without {@code setpriv} an ordinary user
 * gets neither: only the JVM's shutdown hook then stops the server.
 */
record Confinement(Optional<ServerUser> user, Optional<Path> setpriv) {

    static Confinement detect() {
        var user = ServerUser.unprivileged();
        var setpriv = findSetpriv();
        if (user.isPresent() && setpriv.isEmpty()) {
            throw new EmbeddedServerException("The servers refuse to run as root, and there is no setpriv to become "
                    + user.get().name() + ". Install util-linux, or start as an ordinary user");
        }
        return new Confinement(user, setpriv);
    }

    List<String> confine(List<String> command, StopSignal whenParentDies) {
        var confined = new ArrayList<String>();
        setpriv.ifPresent(tool -> {
            confined.add(tool.toString());
            user.ifPresent(account ->
                    confined.addAll(List.of("--reuid=" + account.uid(), "--regid=" + account.gid(), "--clear-groups")));
            confined.addAll(List.of("--pdeathsig", whenParentDies.name(), "--"));
        });
        confined.addAll(command);
        return confined;
    }

    /** Makes the account of the command the owner of a file or a directory tree. */
    void handOver(Path path) throws IOException {
        if (user.isPresent()) {
            user.get().own(path);
        }
    }

    /** BusyBox has a {@code setpriv} too, but it can neither change the user nor set the parent-death signal. */
    private static Optional<Path> findSetpriv() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH"))
                        .orElse("/usr/bin:/bin")
                        .split(File.pathSeparator))
                .map(directory -> Path.of(directory, "setpriv"))
                .filter(Files::isExecutable)
                .filter(Confinement::knowsDeathSignal)
                .findFirst();
    }

    private static boolean knowsDeathSignal(Path setpriv) {
        try {
            var help = new ProcessBuilder(setpriv.toString(), "--help")
                    .redirectErrorStream(true)
                    .start();
            return new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("--pdeathsig");
        } catch (IOException e) {
            return false;
        }
    }
}
