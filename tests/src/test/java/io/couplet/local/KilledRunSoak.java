package io.couplet.local;

import static io.couplet.local.ScriptedRun.awaitGone;
import static io.couplet.local.ScriptedRun.descendants;
import static io.couplet.local.ScriptedRun.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.local.broker.BrokerMain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose processes are killed at random, every few seconds, for {@code soak.minutes}: profile
 * {@code soak}. The seed of the kills is {@code soak.seed}.
 */
class KilledRunSoak {
  private static final Duration STANDSTILL = Duration.ofMinutes(4);

  /** A session gives up after 20 deaths of its processes. */
  private static final int DEATHS_OF_A_SESSION = 15;

  /** What is killed, by a word of its command line. */
  private enum Victim {
    RUN(""),
    WORKER("--exit-on-stdin-eof"),
    BROKER(BrokerMain.class.getName()),
    SANDBOX("python3");

    private final String word;

    Victim(String word) {
      this.word = word;
    }
  }

  /** The whole run less often than its parts, for it takes longest to come back. */
  private static final List<Victim> VICTIMS =
      List.of(
          Victim.RUN,
          Victim.WORKER,
          Victim.WORKER,
          Victim.BROKER,
          Victim.BROKER,
          Victim.SANDBOX,
          Victim.SANDBOX);

  @TempDir private Path directory;
  private final Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
  private Random random;
  private ScriptedRun run;
  private Process session;
  private String name;
  private int sessions;
  private int deaths;
  private int stepsAtStart;

  @Test
  void aRunWhoseProcessesAreKilledAtRandomIsWholeInTheEnd() throws Exception {
    random = new Random(Long.getLong("soak.seed", 1));
    run = ScriptedRun.in(directory);
    long end = System.nanoTime() + Duration.ofMinutes(Long.getLong("soak.minutes", 20)).toNanos();
    start("--config", "run.yaml");
    try {
      int steps = 0;
      long moved = System.nanoTime();
      while (System.nanoTime() - end < 0) {
        Thread.sleep(500 + random.nextInt(7_000));
        assertThat(session.isAlive()).as(run.printed(name)).isTrue();
        if (run.steps().size() > steps) {
          steps = run.steps().size();
          moved = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - moved))
            .as("time without an update, after %s; %s", killed, run.printed(name))
            .isLessThan(STANDSTILL);
        killOne();
      }
    } finally {
      killSession();
    }
    long last = run.steps().size() + 3L;
    Process ending = run.couplet("end", "run", "--name", "r", "--until-step", Long.toString(last));
    assertThat(end(ending)).as(run.printed("end")).isZero();
    WholeRun.require(run, last);
    assertThat(killed).containsKeys(Victim.values());
    System.out.println("Killed " + killed + " in " + last + " updates");
  }

  private void start(String... arguments) throws Exception {
    name = "session-" + ++sessions;
    deaths = 0;
    stepsAtStart = run.steps().size();
    session =
        arguments.length == 0
            ? run.couplet(name, "run", "--name", "r")
            : run.couplet(name, "run", arguments[0], arguments[1]);
  }

  private void killOne() throws Exception {
    Victim victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
    if (run.steps().size() <= stepsAtStart + 1) {
      // What dies while it starts is not mended but told, and the command ends: another test.
      return;
    }
    if (victim == Victim.RUN || deaths >= DEATHS_OF_A_SESSION) {
      killSession();
      killed.merge(Victim.RUN, 1, Integer::sum);
      start();
      return;
    }
    List<ProcessHandle> candidates = descendants(session, victim.word);
    if (!candidates.isEmpty()) {
      candidates.get(random.nextInt(candidates.size())).destroyForcibly();
      deaths += victim == Victim.SANDBOX ? 0 : 1;
      killed.merge(victim, 1, Integer::sum);
    }
  }

  private void killSession() throws InterruptedException {
    Set<Long> family = descendants(session);
    session.destroyForcibly();
    awaitGone(family);
  }
}
