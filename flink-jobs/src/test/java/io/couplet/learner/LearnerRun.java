package io.couplet.learner;

import io.couplet.policy.LocalObjectStore;
import io.couplet.schemas.Group;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Run "r" in a directory: its store, and ledger and policies in memory. */
final class LearnerRun {
  final InMemoryJournal journal = new InMemoryJournal();
  final LearnerStore store;
  private final LearnerGauges gauges = new LearnerGauges();

  LearnerRun(Path directory) throws IOException {
    store =
        new LearnerStore(
            new LocalObjectStore(directory.resolve("store")), directory.resolve("scratch"));
  }

  static LearnerSettings settings() {
    return settings(0, 100);
  }

  static LearnerSettings settings(int keepEvery, int recentPolicies) {
    return new LearnerSettings(
        "r", 7, null, Tapes.settings(2, 1), 2, keepEvery, 0, recentPolicies, 1);
  }

  Learner.Surroundings around(Trainer trainer, FailurePoint failures) {
    return new Learner.Surroundings(trainer, store, journal.open(), failures, gauges);
  }

  Learner begin(FailurePoint failures) throws IOException {
    return Learner.begin(settings(), around(new CountingTrainer(), failures), false);
  }

  Learner resume(LearnerCheckpoint checkpoint, Trainer trainer, FailurePoint failures)
      throws IOException {
    store.restoreState(trainer, checkpoint.trainerState());
    return Learner.resume(settings(), around(trainer, failures), checkpoint);
  }

  static void read(Learner learner, List<Group> tape, long from) throws IOException {
    for (int offset = (int) from; offset < tape.size(); offset++) {
      learner.read(offset, tape.get(offset));
    }
  }
}
