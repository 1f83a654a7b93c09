package io.couplet.local.broker;

import io.couplet.local.process.ParentWatch;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The broker's process. Arguments: directory, port, controller port, then broker properties as
 * {@code key=value}. Ends when its parent ends.
 */
public final class BrokerMain {
  private BrokerMain() {}

  /** Serves until standard input ends. */
  public static void main(String[] arguments) {
    Map<String, String> overrides = new HashMap<>();
    for (int i = 3; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      overrides.put(pair[0], pair[1]);
    }
    BrokerSettings settings =
        new BrokerSettings(
            Path.of(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            overrides);
    // From the beginning: the parent may die while the broker starts.
    AtomicReference<EmbeddedBroker> started = new AtomicReference<>();
    ParentWatch.endWithParent(() -> stop(started.get()));
    EmbeddedBroker broker = startOrEnd(settings);
    started.set(broker);
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
    System.out.println("serving " + settings.bootstrapServers());
    broker.awaitStopped();
  }

  /** Kafka leaves threads behind when it fails to start, and they would keep this process. */
  private static EmbeddedBroker startOrEnd(BrokerSettings settings) {
    try {
      return EmbeddedBroker.start(settings);
    } catch (Throwable e) {
      String reasons =
          Stream.iterate(e, Objects::nonNull, Throwable::getCause)
              .map(Throwable::getMessage)
              .filter(Objects::nonNull)
              .collect(Collectors.joining(": "));
      System.out.println("The broker cannot start on " + settings.directory() + ": " + reasons);
      Runtime.getRuntime().halt(1);
      throw new AssertionError(e);
    }
  }

  private static void stop(EmbeddedBroker broker) {
    if (broker != null) {
      broker.close();
    }
  }
}
