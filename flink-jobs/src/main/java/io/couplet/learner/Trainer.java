package io.couplet.learner;

import io.couplet.schemas.Group;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;

/**
 * The policy being trained, its optimizer and its reference: what the learner drives without
 * knowing what a gradient is. Deterministic: the same state and the same batches give the same
 * weights. Used by the thread that opened it, {@link #foresee} by any.
 */
public interface Trainer extends AutoCloseable {
  /**
   * A group that is likely to be in one of the next batches: what does not depend on the updates in
   * between may be computed meanwhile. It changes no bit of any update.
   */
  void foresee(Group group);

  /**
   * The next group of the coming batch: what it adds to the update may be computed before the
   * others have come. It changes no bit of the update.
   */
  void gather(Group group);

  /** Updates the policy; when the gradient is not finite, everything stays as it was. */
  UpdateSummary update(TapeBatch batch);

  /** What the samples of a batch must keep to. */
  SequenceLimits limits();

  /** SHA-256 over the float32 master weights in tensor-name order. */
  String weightsSha256();

  /** Writes the current policy as a model directory; the directory exists and is empty. */
  void writePolicy(Path directory) throws IOException;

  /** Writes all that {@link #importState} needs to go on to the same bits; the file is new. */
  void exportState(Path file) throws IOException;

  void importState(Path file) throws IOException;

  /** Takes over the state of another run, to go on under this run's settings: how a fork begins. */
  void adoptState(Path file) throws IOException;

  /** What bit-exact replay depends on: engine version, threads and the like. */
  Map<String, String> environment();

  @Override
  void close();

  /** Opens a trainer on the thread that will use it. */
  @FunctionalInterface
  interface Factory extends Serializable {
    Trainer open() throws IOException;
  }
}
