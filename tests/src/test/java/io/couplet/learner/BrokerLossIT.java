package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.ledger.Ledger;
import io.couplet.local.broker.BrokerProcess;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.process.FreePorts;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerGroup;
import io.couplet.submission.JobDefaults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The learner job on a broker that is killed under it, with the job settings of every run. */
@Timeout(300)
class BrokerLossIT {
  private static final int BEFORE = 5;
  private static final int AFTER = 5;

  @TempDir static Path directory;

  private TinyRun run;

  @Test
  void aLearnerOutlivesABrokerThatIsKilledAndStartedOnTheSameData() throws Exception {
    BrokerSettings settings =
        new BrokerSettings(directory.resolve("kafka"), FreePorts.any(), FreePorts.any(), Map.of());
    BrokerProcess broker = BrokerProcess.start(settings, directory.resolve("logs"));
    JobClient job = null;
    try {
      run = TinyRun.on(settings.bootstrapServers(), directory);
      run.write(groups(0, BEFORE));
      job = startLearner();
      run.awaitStep(BEFORE);
      ProcessHandle process = ProcessHandle.of(broker.jvm().pid()).orElseThrow();
      process.destroyForcibly();
      process.onExit().join();
      broker.close();
      // Long enough for clients to see the connection refused more than once.
      Thread.sleep(1_000);
      broker = BrokerProcess.start(settings, directory.resolve("logs"));
      run.write(groups(BEFORE, BEFORE + AFTER));
      run.awaitStep(BEFORE + AFTER);
      assertTheLedgerIsThatOfAnUndisturbedRun();
    } finally {
      if (job != null) {
        job.cancel().get();
      }
      broker.close();
    }
  }

  private static List<Group> groups(int from, int to) {
    List<Group> groups = new ArrayList<>();
    for (int step = from; step < to; step++) {
      long version = Math.max(0, step - 1);
      groups.add(TinyRun.group("a" + step, version, 0.5f));
      groups.add(TinyRun.group("b" + step, version, -0.25f));
    }
    return groups;
  }

  private JobClient startLearner() throws Exception {
    Configuration flink = new Configuration();
    JobDefaults.settings().forEach(flink::setString);
    flink.setString("state.backend.type", "hashmap");
    flink.setString("execution.checkpointing.interval", "300 ms");
    flink.setString("execution.checkpointing.dir", directory.resolve("chk").toUri().toString());
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(1, flink);
    LearnerJob.define(run.config(), environment);
    return environment.executeAsync("learner");
  }

  private void assertTheLedgerIsThatOfAnUndisturbedRun() throws Exception {
    Ledger ledger = run.wholeLedger();
    List<String> used = new ArrayList<>();
    ledger
        .steps()
        .values()
        .forEach(entry -> entry.getGroups().stream().map(LedgerGroup::getGroup).forEach(used::add));
    List<String> sent = new ArrayList<>();
    for (int step = 0; step < BEFORE + AFTER; step++) {
      sent.addAll(List.of("a" + step, "b" + step));
    }
    assertThat(used).as("each group is used once, in tape order").isEqualTo(sent);
    assertThat(run.replay(ledger, 0, BEFORE + AFTER).verified()).isTrue();
  }
}
