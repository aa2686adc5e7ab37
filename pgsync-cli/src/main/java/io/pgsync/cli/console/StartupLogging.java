package io.pgsync.cli.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * The logging until the command has read its settings ({@link Logging}): warnings, to standard error. Written in code,
 * because reading it from XML takes a tenth of the start-up time. Logback finds it as a service.
 */
public final class StartupLogging extends ContextAwareBase implements Configurator {
    private static final String CHOSEN_FILE = "logback.configurationFile";
    private static final String FILE_OF_TESTS = "/logback-test.xml";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(CHOSEN_FILE) != null || StartupLogging.class.getResource(FILE_OF_TESTS) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        // Not System.err itself: an appender that stops closes its stream.
        Logging.show(context, ConsoleTarget.SystemErr.getStream(), Level.WARN, new Logging.Form(false, false));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
