package io.couplet.learner;

import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import io.couplet.schemas.UpdateOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The topics policies and ledger of one run, with the fence that a broker would keep. */
public final class InMemoryJournal {
  public final List<Policy> policies = new ArrayList<>();
  public final List<LedgerEntry> ledger = new ArrayList<>();
  private long fence;

  public List<String> hashes() {
    return steps().stream().map(LedgerEntry::getWeightsSha256).toList();
  }

  public List<LedgerEntry> steps() {
    return ledger.stream().filter(e -> e.getOutcome() != UpdateOutcome.HALTED).toList();
  }

  public LearnerJournal open() {
    long mine = ++fence;
    return new LearnerJournal() {
      @Override
      public long fence() {
        return mine;
      }

      @Override
      public Optional<String> weightsInLedger(long step) {
        return steps().stream()
            .filter(entry -> entry.getStep() == step)
            .map(LedgerEntry::getWeightsSha256)
            .findFirst();
      }

      @Override
      public void credit(Policy policy) throws LearnerFencedException {
        check();
        policies.add(policy);
      }

      @Override
      public void announce(Policy policy, LedgerEntry entry) throws LearnerFencedException {
        check();
        policies.add(policy);
        ledger.add(entry);
      }

      @Override
      public void halt(LedgerEntry entry) throws LearnerFencedException {
        check();
        ledger.add(entry);
      }

      private void check() throws LearnerFencedException {
        if (mine != fence) {
          throw new LearnerFencedException("r", mine, null);
        }
      }

      @Override
      public void close() {}
    };
  }
}
