package io.couplet.learner;

import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import java.io.IOException;

/**
 * What one learner tells its run: versions, ledger records, and credits, some of them in advance.
 *
 * <p>A group that is certain to be skipped need not wait for the update that is being computed: its
 * credit is {@linkplain #payAhead paid} when it is read, so that the group in its place is made
 * meanwhile, and {@linkplain #settleAhead settled} when the learner comes to it. What is announced
 * is the learner's own count and everything paid ahead of it, and so never falls.
 *
 * <p>Thread-safe; each announcement is composed and sent as one.
 */
final class Announcements {
  private final LearnerJournal journal;
  private final LearnerGauges gauges;
  private Policy latest;
  private long ahead;

  Announcements(LearnerJournal journal, LearnerGauges gauges) {
    this.journal = journal;
    this.gauges = gauges;
  }

  /**
   * Announces a version and records its update, both or neither.
   *
   * @param policy with the groups that the learner itself is done with
   */
  synchronized void announce(Policy policy, LedgerEntry entry) throws IOException {
    latest = policy;
    journal.announce(withAhead(), entry);
  }

  /** Announces credits alone, of a version that is known. */
  synchronized void credit(Policy policy) throws IOException {
    latest = policy;
    journal.credit(withAhead());
  }

  /** One more group will be skipped for certain. */
  synchronized void payAhead() throws IOException {
    if (latest == null) {
      throw new IllegalStateException("Credits were to be paid before any policy was announced");
    }
    ahead++;
    journal.credit(withAhead());
  }

  /** A group whose credit was paid ahead is among those that the policy counts; nothing is sent. */
  synchronized void settleAhead(Policy policy) {
    latest = policy;
    ahead--;
    show();
  }

  /** Records why the run stops. */
  synchronized void halt(LedgerEntry entry) throws IOException {
    journal.halt(entry);
  }

  private Policy withAhead() {
    show();
    return Policy.newBuilder(latest)
        .setConsumedGroups(latest.getConsumedGroups() + ahead)
        .setCreatedMs(System.currentTimeMillis())
        .build();
  }

  private void show() {
    gauges.position(latest.getVersion(), latest.getConsumedGroups() + ahead);
  }
}
