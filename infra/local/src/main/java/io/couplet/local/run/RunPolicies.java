package io.couplet.local.run;

import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.RunConnection;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.PolicyStore;
import io.couplet.policy.UnverifiablePolicyException;
import io.couplet.schemas.LedgerEntry;
import io.couplet.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Path;

/** The policies a run has made: its ledger says where a version is and what it hashes to. */
public final class RunPolicies {
  private RunPolicies() {}

  /**
   * A local directory with a version of a run, verified; the run may be going or not.
   *
   * @throws IllegalArgumentException there is no such run or version, or it is no longer kept
   */
  public static Path fetch(RunDirectory run, long version)
      throws IOException, InterruptedException {
    try (RunConnection connection = RunConnection.open(run)) {
      Ledger ledger = LedgerReader.read(connection.kafka(), connection.topics());
      String store = RecordedRun.live(connection).policy().store();
      return new PolicyStore(ObjectStores.open(store), run.scratch().resolve("policies"))
          .fetch(published(run, ledger, version));
    } catch (UnverifiablePolicyException e) {
      throw new IllegalArgumentException(
          "Version %d of the run '%s' cannot be had: %s (a run keeps version 0, the newest ones and every policy.keep_every-th)"
              .formatted(version, run.name(), e.getMessage()),
          e);
    }
  }

  private static PolicyReference published(RunDirectory run, Ledger ledger, long version) {
    return ledger.steps().values().stream()
        .filter(entry -> entry.getVersionOut() == version)
        .findFirst()
        .map(RunPolicies::reference)
        .orElseThrow(() -> new IllegalArgumentException(absent(run, ledger, version)));
  }

  private static String absent(RunDirectory run, Ledger ledger, long version) {
    return ledger.lastStep() < 0
        ? "The run '%s' has no policy yet: its ledger is empty".formatted(run.name())
        : "The run '%s' has no version %d: its last one is %d"
            .formatted(run.name(), version, ledger.entry(ledger.lastStep()).getVersionOut());
  }

  private static PolicyReference reference(LedgerEntry entry) {
    return new PolicyReference(
        entry.getVersionOut(), entry.getPolicyUri(), entry.getPolicySha256());
  }
}
