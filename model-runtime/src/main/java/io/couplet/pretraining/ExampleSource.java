package io.couplet.pretraining;

/**
 * An endless corpus whose examples are found by number, so that a resumed training goes on with
 * exactly the examples that it would have seen.
 */
@FunctionalInterface
public interface ExampleSource {
  /** The same number always gives the same example; numbers are used from 0 on. */
  PretrainingExample example(long number);
}
