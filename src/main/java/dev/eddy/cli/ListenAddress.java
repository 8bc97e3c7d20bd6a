package dev.eddy.cli;

import org.jspecify.annotations.Nullable;

/**
 * Where the HTTP endpoints listen.
 *
 * @param host a name or address; an IPv6 address without its brackets
 * @param port 0 to 65535; 0 picks a free one
 */
record ListenAddress(String host, int port) {

    /** Reads {@code HOST:PORT}; null if it is not of that form. */
    static @Nullable ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return null;
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            return null;
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        return host.isBlank() || port > 65535 ? null : new ListenAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
