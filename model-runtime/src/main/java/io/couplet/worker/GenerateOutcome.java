package io.couplet.worker;

import io.couplet.worker.v1.GenerateResponse;

/** What became of one Generate call. Never an exception: the caller decides by type. */
public sealed interface GenerateOutcome {

  /**
   * A whole, checked answer.
   *
   * @param response answers the request: same policy, every member, right shapes, finite numbers
   * @param worker address that answered
   */
  record Generated(GenerateResponse response, WorkerAddress worker) implements GenerateOutcome {}

  /**
   * No usable answer.
   *
   * @param worker address that was asked
   * @param message a sentence for people
   */
  record Failed(Reason reason, WorkerAddress worker, String message) implements GenerateOutcome {}

  /** Why there is no usable answer. */
  enum Reason {
    /** The request can never succeed, on any worker. */
    INVALID_REQUEST(false),
    /** The worker could not load or verify the policy. */
    POLICY_UNAVAILABLE(true),
    /** The worker's queue is full. */
    OVERLOADED(true),
    /** Not reachable, died in mid-call, or draining. */
    UNAVAILABLE(true),
    /** No answer within the deadline. */
    DEADLINE(true),
    /** Answered with another policy version or hash than was asked for. */
    WRONG_POLICY(true),
    /** Answered, but not what the protocol promises. */
    GARBAGE(true),
    /** The worker failed inside. */
    WORKER_ERROR(true);

    private final boolean retryable;

    Reason(boolean retryable) {
      this.retryable = retryable;
    }

    /** Whether the same request may succeed on another worker, or later on this one. */
    public boolean retryable() {
      return retryable;
    }
  }
}
