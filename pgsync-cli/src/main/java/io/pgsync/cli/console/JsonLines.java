package io.pgsync.cli.console;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.config.VariableNames;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Log events as JSON, one object per line: time, level, logger, message, and the fields of the event beside them. */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final boolean stackTraces;

    JsonLines(boolean stackTraces) {
        this.stackTraces = stackTraces;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("time", event.getInstant().toString());
        json.put("level", event.getLevel().toString());
        json.put("logger", event.getLoggerName());
        json.put("message", VariableNames.addedTo(event.getFormattedMessage()));
        Optional.ofNullable(event.getKeyValuePairs())
                .ifPresent(pairs -> pairs.forEach(pair -> json.set(pair.key, JSON.valueToTree(pair.value))));
        IThrowableProxy failure = event.getThrowableProxy();
        if (stackTraces && failure != null) {
            json.put("failure", ThrowableProxyUtil.asString(failure));
        }
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
