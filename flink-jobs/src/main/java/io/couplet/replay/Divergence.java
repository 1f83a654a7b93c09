package io.couplet.replay;

import java.util.List;

/**
 * The first step at which a replay and the ledger differ.
 *
 * @param what differs: weights, groups or outcome
 * @param recorded as the ledger has it
 * @param computed as the replay has it
 * @param causes what can explain it, in sentences; never empty
 */
public record Divergence(
    long step, String what, String recorded, String computed, List<String> causes) {
  public Divergence {
    causes = List.copyOf(causes);
  }

  /** One sentence for people. */
  public String sentence() {
    return "Step "
        + step
        + " differs in its "
        + what
        + ": the ledger has "
        + recorded
        + ", the replay computed "
        + computed
        + ". "
        + String.join(" ", causes);
  }
}
