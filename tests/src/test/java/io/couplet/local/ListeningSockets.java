package io.couplet.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The TCP sockets that processes listen on, from Linux's /proc. */
final class ListeningSockets {
  private static final String LISTEN = "0A";

  private ListeningSockets() {}

  /** A socket: who may reach it is a matter of its address. */
  record Listening(long pid, InetAddress address, int port) {}

  /** Every socket that one of the processes listens on. */
  static List<Listening> of(List<Long> pids) throws IOException {
    Map<String, Listening> listening = new TreeMap<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table)).stream().skip(1).toList()) {
        String[] fields = line.strip().split("\\s+");
        if (fields[3].equals(LISTEN)) {
          String[] local = fields[1].split(":");
          listening.put(
              "socket:[" + fields[9] + "]",
              new Listening(0, address(local[0]), Integer.parseInt(local[1], 16)));
        }
      }
    }
    List<Listening> found = new ArrayList<>();
    for (long pid : pids) {
      for (Path open : descriptors(pid)) {
        Listening socket = listening.get(target(open));
        if (socket != null) {
          found.add(new Listening(pid, socket.address(), socket.port()));
        }
      }
    }
    return found;
  }

  /** None of a process that has ended meanwhile: a judge of the sandbox lives for milliseconds. */
  private static List<Path> descriptors(long pid) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.toList();
    } catch (NoSuchFileException | UncheckedIOException ended) {
      return List.of();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  /** The kernel prints addresses as words of the machine's byte order. */
  private static InetAddress address(String hex) throws IOException {
    ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    ByteBuffer address = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      address.putInt(words.getInt());
    }
    return InetAddress.getByAddress(address.array());
  }
}
