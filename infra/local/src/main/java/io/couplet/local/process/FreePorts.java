package io.couplet.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Chooses TCP ports of the loopback interface for servers that must be told theirs. */
public final class FreePorts {
  /** The system may offer a port twice until it is used, which takes a server a while to do. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /** A port that is free now and was not given before in this process. */
  public static int any() throws IOException {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      }
    }
  }

  /**
   * The port a person asked for, or any free one.
   *
   * @param wanted a port, or 0 for any
   * @param preferred the port to take when none is asked for and it is free, 0 for none; a run
   *     keeps its ports this way, so that clients find it again
   * @param key configuration key, for the message
   * @throws IOException when the wanted port is taken
   */
  public static int choose(int wanted, int preferred, String key) throws IOException {
    if (wanted != 0) {
      if (!isFree(wanted)) {
        throw new IOException(
            "Port "
                + wanted
                + " ("
                + key
                + ") is taken by another program; stop it, choose another port, or set "
                + key
                + "=0 to take any free one.");
      }
      return wanted;
    }
    return preferred != 0 && isFree(preferred) ? preferred : any();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
