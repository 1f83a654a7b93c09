package io.couplet.worker;

import java.net.InetSocketAddress;

/**
 * Where a worker listens.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port 0 lets a server choose
 */
public record WorkerAddress(String host, int port) {
  public WorkerAddress {
    if (host.isBlank() || port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "A worker address needs a host and a port from 0 to 65535, found '"
              + host
              + "' and "
              + port);
    }
  }

  /** Reads {@code HOST:PORT}, e.g. {@code 127.0.0.1:7070} or {@code [::1]:7070}. */
  public static WorkerAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, Math.max(colon, 0));
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      return new WorkerAddress(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Expected a worker address like 127.0.0.1:7070, found '" + text + "'", e);
    }
  }

  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
