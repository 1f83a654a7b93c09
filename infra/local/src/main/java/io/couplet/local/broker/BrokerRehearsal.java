package io.couplet.local.broker;

import io.couplet.local.process.ClassArchive;
import io.couplet.local.process.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A broker that starts, makes a topic and stops, so that the launcher can archive the classes which
 * that takes ({@link ClassArchive#BROKER}). Argument: an empty directory.
 */
public final class BrokerRehearsal {
  private BrokerRehearsal() {}

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    BrokerSettings settings =
        new BrokerSettings(Path.of(arguments[0]), FreePorts.any(), FreePorts.any(), Map.of());
    try (EmbeddedBroker broker = EmbeddedBroker.start(settings);
        Admin admin = Admin.create(Map.of("bootstrap.servers", settings.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("rehearsal", 1, (short) 1))).all().get();
    }
  }
}
