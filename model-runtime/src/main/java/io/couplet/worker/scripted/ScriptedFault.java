package io.couplet.worker.scripted;

import io.couplet.worker.v1.GenerateRequest;

/** What a scripted worker does wrong on purpose, so that callers can be tested. */
public enum ScriptedFault {
  NONE,
  /** Never answers. */
  HANG,
  /** Cuts every connection, as a killed process would; the worker is gone afterwards. */
  DIE,
  /** Answers RESOURCE_EXHAUSTED. */
  QUEUE_FULL,
  /** Answers INTERNAL. */
  INTERNAL_ERROR,
  /** Answers for the policy version after the one asked for. */
  WRONG_VERSION,
  /** Answers for another hash than asked for. */
  WRONG_HASH,
  /** Answers for another group than asked for. */
  OTHER_GROUP,
  /** Leaves the last member out. */
  MISSING_MEMBER,
  /** Leaves the last completion token out. */
  SHORT_COMPLETION,
  /** Has a negative token id. */
  NEGATIVE_TOKEN,
  /** Has a token id that no vocabulary has; only the learner, which has the policy, can tell. */
  UNKNOWN_TOKEN,
  /** Puts NaN into the behaviour scores, or into the confidences where no scores are asked for. */
  NOT_A_NUMBER;

  /** Decides the fault of each call. Called from several threads. */
  @FunctionalInterface
  public interface Plan {
    /** No faults. */
    Plan NONE = (request, attempt) -> ScriptedFault.NONE;

    /**
     * @param attempt how often this worker has been asked for that group, from 1
     */
    ScriptedFault of(GenerateRequest request, int attempt);
  }
}
