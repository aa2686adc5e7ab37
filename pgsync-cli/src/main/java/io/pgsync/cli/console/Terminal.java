package io.pgsync.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * One output of the process, with at most one live line at its end that is rewritten in place. Permanent lines push the
 * live line down. If the output is not a terminal, live lines are not written and text has no colour. Safe from any
 * thread.
 */
public final class Terminal {
    private static final int DEFAULT_WIDTH = 80;
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean interactive;
    private final boolean coloured;
    private String live = "";

    Terminal(PrintStream out, boolean interactive, boolean coloured) {
        this.out = out;
        this.interactive = interactive;
        this.coloured = coloured;
    }

    /** Where messages and progress go, so that the standard output stays free for results. */
    public static Terminal standardError() {
        return of(System.err, 2, System.getenv());
    }

    /** Where results go. */
    public static Terminal standardOutput() {
        return of(System.out, 1, System.getenv());
    }

    private static Terminal of(PrintStream out, int descriptor, Map<String, String> environment) {
        boolean interactive = isTerminal(descriptor) && !"dumb".equals(environment.get("TERM"));
        return new Terminal(out, interactive, interactive && !environment.containsKey("NO_COLOR"));
    }

    // System.console() is about all streams together, and since Java 22 no longer about terminals: a guess for systems
    // without /proc.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    public boolean isInteractive() {
        return interactive;
    }

    /** Columns that a line may fill. */
    public int width() {
        return DEFAULT_WIDTH;
    }

    /** Writes a line that stays. */
    public synchronized void line(String text) {
        erase();
        out.println(text);
        restore();
    }

    /** Replaces the live line; an empty text removes it. */
    public synchronized void live(String text) {
        if (interactive) {
            erase();
            live = text.length() > width() ? text.substring(0, width()) : text;
            restore();
        }
    }

    /** {@code text} in a style, if colours are shown. */
    public String styled(Style style, String text) {
        return coloured ? "\033[" + style.code + "m" + text + "\033[0m" : text;
    }

    /** The stream for a logger: its lines stay and push the live line down. */
    public OutputStream asStream() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                synchronized (Terminal.this) {
                    erase();
                    out.print(new String(bytes, offset, length, StandardCharsets.UTF_8));
                    restore();
                }
            }
        };
    }

    private void erase() {
        if (!live.isEmpty()) {
            out.print(ERASE_LINE);
        }
    }

    private void restore() {
        out.print(live);
        out.flush();
    }

    /** Few styles, used sparingly: the text must be as clear without them. */
    public enum Style {
        BOLD("1"),
        DIM("2"),
        GREEN("32"),
        YELLOW("33"),
        RED("31");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }
}
