package io.pgsync.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggingTest {
    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSettingIsShownWithItsVariable(boolean json) {
        context.setMDCAdapter(new LogbackMDCAdapter());
        Logging.show(context, out, Level.WARN, new Logging.Form(json, false));

        context.getLogger("test").warn("Choose another {}.", "slot name");

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Choose another slot name (PGSYNC_SLOT).");
    }
}
