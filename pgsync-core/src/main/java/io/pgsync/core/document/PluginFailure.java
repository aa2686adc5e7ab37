package io.pgsync.core.document;

/** A plugin failed on a document. */
final class PluginFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    PluginFailure(DocumentPlugin plugin, Throwable cause) {
        super(cause);
        this.reason = "plugin \"" + plugin.name() + "\" failed: " + cause;
    }

    String reason() {
        return reason;
    }
}
