package io.couplet.local;

import static io.couplet.local.ScriptedRun.awaitGone;
import static io.couplet.local.ScriptedRun.descendant;
import static io.couplet.local.ScriptedRun.descendants;
import static io.couplet.local.ScriptedRun.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.local.broker.BrokerMain;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is killed without warning, as a whole and in its parts: nothing is left behind, the
 * same command goes on, every update is made once from groups that are used once, and a replay
 * finds the hashes of a run that nothing had disturbed.
 */
class KilledRunIT {
  @TempDir private Path directory;

  @Test
  void aRunOutlivesTheDeathOfItsJvmOfItsWorkerAndOfItsBroker() throws Exception {
    ScriptedRun run = ScriptedRun.in(directory);
    Process first = run.couplet("first", "run", "--config", "run.yaml");
    run.awaitUpdates(first, "first", 2);
    Set<Long> family = descendants(first);
    first.destroyForcibly();
    awaitGone(family);

    Process second = run.couplet("second", "run", "--name", "r");
    run.awaitUpdates(second, "second", run.steps().size() + 1);
    descendant(second, "worker").destroyForcibly();
    run.awaitUpdates(second, "second", run.steps().size() + 1);
    int before = run.steps().size();
    descendant(second, BrokerMain.class.getName()).destroyForcibly();
    // More than was on its way when the broker died.
    run.awaitUpdates(second, "second", before + 3);
    family = descendants(second);
    second.destroyForcibly();
    awaitGone(family);

    long last = run.steps().size() + 1L;
    Process third = run.couplet("third", "run", "--name", "r", "--until-step", Long.toString(last));
    assertThat(end(third)).as(run.printed("third")).isZero();

    assertThat(run.log())
        .contains("The worker-1 process ended with exit code 137")
        .contains("The kafka process ended with exit code 137");
    WholeRun.require(run, last);
  }
}
