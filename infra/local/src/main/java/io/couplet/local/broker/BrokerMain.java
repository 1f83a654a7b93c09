package io.couplet.local.broker;

import io.couplet.local.process.ParentWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The broker's process. Arguments: directory, port, controller port, then broker properties as
 * {@code key=value}. Ends when its parent ends.
 */
public final class BrokerMain {
  private BrokerMain() {}

  /** Serves until standard input ends. */
  public static void main(String[] arguments) throws IOException {
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
    EmbeddedBroker broker = EmbeddedBroker.start(settings);
    ParentWatch.endWithParent(broker::close);
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
    System.out.println("serving " + settings.bootstrapServers());
    broker.awaitStopped();
  }
}
