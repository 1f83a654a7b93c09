package io.couplet.local.broker;

import java.nio.file.Path;
import java.util.Map;

/** A process that starts a broker, prints its process id and waits to be killed. */
final class BrokerParent {
  private BrokerParent() {}

  public static void main(String[] arguments) throws Exception {
    BrokerProcess broker =
        BrokerProcess.start(
            new BrokerSettings(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Map.of()),
            Path.of(arguments[3]));
    System.out.println(broker.jvm().pid());
    Thread.sleep(Long.MAX_VALUE);
  }
}
