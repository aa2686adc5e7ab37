package io.pgsync.cli.run;

import io.pgsync.torture.proxy.FaultyProxy;
import io.pgsync.torture.proxy.FaultyProxy.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A way to a local server that can be severed: then nothing passes, and both ends see their connections as open. */
final class SeverableProxy implements AutoCloseable {
    private final InetSocketAddress server;
    /** Accepts what connects meanwhile, by its backlog, and never answers. */
    private final ServerSocket nowhere = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    private final FaultyProxy proxy;
    private volatile boolean severed;

    private SeverableProxy(int port) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.proxy = FaultyProxy.to(this::target, Listener.NONE, Listener.NONE);
    }

    static SeverableProxy to(int port) throws IOException {
        return new SeverableProxy(port);
    }

    private InetSocketAddress target() {
        return severed ? (InetSocketAddress) nowhere.getLocalSocketAddress() : server;
    }

    int port() {
        return proxy.port();
    }

    void sever() {
        severed = true;
        proxy.silence();
    }

    /** The old connections end, as they do when the other end has forgotten them. */
    void mend() {
        severed = false;
        proxy.cut();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        nowhere.close();
    }
}
