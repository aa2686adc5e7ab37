package io.pgsync.replication.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.netty.resources.LoopResources;

class KeepAliveLoopsTest {
    private final KeepAliveLoops loops = new KeepAliveLoops(LoopResources.create("live", 1, true));

    @AfterEach
    void close() {
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aConnectionAsksWhetherTheOtherSideIsThere() {
        SocketChannel channel = loops.onChannel(SocketChannel.class, loops.onClient(false));

        assertThat(channel).isInstanceOf(NioSocketChannel.class);
        assertOptions(channel);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void soDoesOneOfTheNativeTransport() {
        SocketChannel channel = loops.onChannel(SocketChannel.class, loops.onClient(true));

        assertThat(channel).isInstanceOf(EpollSocketChannel.class);
        assertOptions(channel);
    }

    private static void assertOptions(SocketChannel channel) {
        Map<ChannelOption<?>, ?> wanted = KeepAliveLoops.optionsOf(channel);
        assertThat(wanted).isNotEmpty();
        wanted.forEach((option, value) -> assertThat((Object) channel.config().getOption(option))
                .as(option.name())
                .isEqualTo(value));
        channel.unsafe().closeForcibly();
    }
}
