package io.pgsync.replication.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.net.ExtendedSocketOptions;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Event loops whose connections end within about a minute if the other side disappears without notice: a machine that
 * lost its power, a firewall that forgot the connection. By default, systems wait two hours on an idle connection, and
 * a quarter of an hour for an acknowledgement. The native transport of Linux gets a limit for both cases, other
 * transports only for the first.
 *
 * <p>Source: Linux manual, tcp(7).
 */
final class KeepAliveLoops implements LoopResources {
    private static final int IDLE_SECONDS = 30;
    private static final int PROBE_SECONDS = 10;
    private static final int PROBES = 3;
    private static final int UNACKNOWLEDGED_MILLIS = 60_000;

    private static final Map<ChannelOption<Integer>, Integer> EPOLL = Map.of(
            EpollChannelOption.TCP_KEEPIDLE, IDLE_SECONDS,
            EpollChannelOption.TCP_KEEPINTVL, PROBE_SECONDS,
            EpollChannelOption.TCP_KEEPCNT, PROBES,
            EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);

    private static final Map<SocketOption<Integer>, Integer> PORTABLE = Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_SECONDS,
            ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);

    private final LoopResources loops;

    KeepAliveLoops(LoopResources loops) {
        this.loops = loops;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
        C channel = loops.onChannel(type, group);
        channel.config().setOptions(optionsOf(channel));
        return channel;
    }

    /** Netty skips options that the system does not support; Windows supports all three since version 10. */
    static Map<ChannelOption<?>, ?> optionsOf(Channel channel) {
        return channel instanceof EpollSocketChannel
                ? Map.copyOf(EPOLL)
                : PORTABLE.entrySet().stream()
                        .collect(Collectors.toMap(each -> NioChannelOption.of(each.getKey()), Map.Entry::getValue));
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return loops.onServer(useNative);
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return loops.onClient(useNative);
    }

    @Override
    public boolean daemon() {
        return loops.daemon();
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
        return loops.onChannelClass(type, group);
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return loops.disposeLater(quietPeriod, timeout);
    }

    @Override
    public boolean isDisposed() {
        return loops.isDisposed();
    }
}
