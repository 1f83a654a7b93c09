package io.couplet.local.run;

import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.files.FileTrees;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.rundir.RunManifest;
import io.couplet.local.topics.RunConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a new run that starts from an update of another. */
public final class Fork {
  private Fork() {}

  /**
   * Recomputes the parent's state at a step, every hash on the way compared, and writes the new
   * run's directory. Nothing is started.
   *
   * @param settings configuration keys of the child, over the parent's
   */
  public static RunConfig make(
      RunConnection parent, long step, RunDirectory child, List<String> settings)
      throws IOException {
    Path origin = child.path().resolve("origin");
    Path policy = origin.resolve("policy");
    Path trainerState = origin.resolve("trainer-state");
    List<String> all = new ArrayList<>(settings);
    all.add("name='" + child.name() + "'");
    all.add("parent='" + parent.directory().name() + "@" + step + "'");
    all.add("policy.initial='" + policy + "'");
    all.add("policy.trainer_state='" + trainerState + "'");
    RunConfig config = ConfigYaml.with(parent.config(), all);
    try (RecordedRun recorded = new RecordedRun(parent)) {
      recorded.ledger().entry(step);
      Files.createDirectories(policy);
      recorded.replay().export(step, policy, trainerState);
      RunManifest.open(child);
      RunConfiguration.save(child, config);
    } catch (IOException | RuntimeException e) {
      FileTrees.delete(child.path());
      throw e;
    }
    return config;
  }
}
