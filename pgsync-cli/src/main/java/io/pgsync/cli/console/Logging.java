package io.pgsync.cli.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.pgsync.cli.config.VariableNames;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends log lines to a terminal in the form of PGSync: {@code 2026-11-22 09:30:00.123:INFO:logger: message}. */
public final class Logging {
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS}:%level:%logger{0}: %msg%n";
    private static final String OWN_LOGGERS = "io.pgsync";
    /**
     * They report lost connections, and signals that came after a cancellation. The user of the connection reports
     * these too, with the reason and what happens next.
     */
    private static final List<String> TOLD_BY_OTHERS =
            List.of("io.r2dbc.postgresql.client.ReactorNettyClient", "reactor.core.publisher.Operators");

    private Logging() {}

    /**
     * What a log line looks like.
     *
     * @param json an object for programs, otherwise text for people
     * @param stackTraces whether failures are shown with their stack traces
     */
    public record Form(boolean json, boolean stackTraces) {}

    /**
     * Replaces the present logging. Levels have the names of Python or of Java; an unknown one counts as INFO.
     *
     * @param console lowest level that is shown
     * @param own lowest level of pgsync's loggers; all others have WARN
     * @param custom {@code logger=LEVEL} each
     */
    public static void configure(Terminal terminal, String console, String own, List<String> custom, Form form) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger(OWN_LOGGERS).setLevel(level(own));
        if (!form.stackTraces()) {
            TOLD_BY_OTHERS.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
        }
        for (String entry : custom) {
            String[] pair = entry.split("=", 2);
            context.getLogger(pair[0].strip()).setLevel(level(pair.length == 2 ? pair[1].strip() : "INFO"));
        }
        show(context, terminal.asStream(), level(console), form);
    }

    /** Adds an output for lines of at least that level. */
    static void show(LoggerContext context, OutputStream out, Level least, Form form) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender(context, out, least, form));
    }

    /** From here on nothing is shown: for an end at which everything is closed at the same time. */
    public static void silence() {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(Logger.ROOT_LOGGER_NAME).detachAndStopAllAppenders();
    }

    private static OutputStreamAppender<ILoggingEvent> appender(
            LoggerContext context, OutputStream out, Level least, Form form) {
        Encoder<ILoggingEvent> encoder =
                form.json() ? new JsonLines(form.stackTraces()) : text(context, form.stackTraces());
        encoder.setContext(context);
        encoder.start();
        var filter = new ThresholdFilter();
        filter.setLevel(least.levelStr);
        filter.start();
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(out);
        appender.addFilter(filter);
        appender.start();
        return appender;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context, boolean stackTraces) {
        var layout = new PatternLayout();
        layout.getInstanceConverterMap().put("msg", MessageForOperators::new);
        layout.setPattern(PATTERN + (stackTraces ? "%ex" : "%nopex"));
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setLayout(layout);
        return encoder;
    }

    private static final class MessageForOperators extends MessageConverter {
        @Override
        public String convert(ILoggingEvent event) {
            return VariableNames.addedTo(super.convert(event));
        }
    }

    static Level level(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return Level.toLevel(
                Map.of("WARNING", "WARN", "CRITICAL", "ERROR", "NOTSET", "ALL").getOrDefault(upper, upper), Level.INFO);
    }
}
