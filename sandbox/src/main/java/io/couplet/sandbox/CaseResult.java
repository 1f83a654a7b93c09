package io.couplet.sandbox;

import java.util.Objects;

/**
 * Evidence of one test case.
 *
 * @param ms wall time the judge spent on the case, milliseconds
 * @param detail why it did not pass, one line; null for a passed case
 */
public record CaseResult(CaseOutcome outcome, double ms, String detail) {
  public CaseResult {
    Objects.requireNonNull(outcome, "outcome");
  }
}
