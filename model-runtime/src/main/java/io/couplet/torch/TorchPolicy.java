package io.couplet.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.couplet.checkpoint.Checkpoint;
import io.couplet.decoding.Candidates;
import io.couplet.decoding.Denoiser;
import io.couplet.decoding.DenoisingBatch;
import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A policy for rollouts and scores: immutable weights on a device. With {@link Precision#BFLOAT16}
 * candidates come from bfloat16 weights; scores use {@link #float32Weights()}. Of a checkpoint that
 * is in bfloat16 itself these are made, exactly, when something is scored: whoever only decodes
 * holds two bytes for each parameter. Thread-safe until closed.
 */
public final class TorchPolicy implements Denoiser {
  private final DreamModule module;
  private final DreamWeights rollout;
  private DreamWeights float32; // null until it is asked for, where it follows from rollout

  private TorchPolicy(DreamModule module, DreamWeights float32, DreamWeights rollout) {
    this.module = module;
    this.float32 = float32;
    this.rollout = rollout;
  }

  /**
   * Loads a policy directory in the Hugging Face layout.
   *
   * @throws io.couplet.files.InvalidFileException a file is missing, malformed or does not fit
   * @throws IllegalArgumentException the device does not exist
   */
  public static TorchPolicy load(Path policyDirectory, ComputeDevice device, Precision precision)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(policyDirectory)) {
      DreamModule module = new DreamModule(checkpoint.config(), device);
      try {
        if (precision == Precision.BFLOAT16 && checkpoint.isBfloat16()) {
          return new TorchPolicy(module, null, DreamWeights.readBfloat16(module, checkpoint));
        }
        return of(module, DreamWeights.read(module, checkpoint), precision);
      } catch (IOException | RuntimeException e) {
        module.close();
        throw e;
      }
    }
  }

  /** A policy over weights in memory; takes ownership of the module and the weights. */
  public static TorchPolicy of(DreamModule module, DreamWeights weights, Precision precision) {
    DreamWeights rollout = precision == Precision.BFLOAT16 ? weights.bfloat16() : weights;
    return new TorchPolicy(module, weights, rollout);
  }

  @Override
  public ModelConfig config() {
    return module.config();
  }

  public DreamModule module() {
    return module;
  }

  /** The weights that scores are computed from. */
  public synchronized DreamWeights float32Weights() {
    if (float32 == null) {
      float32 = rollout.float32();
    }
    return float32;
  }

  /** Bytes of weights held at the moment. */
  public synchronized long weightBytes() {
    long inFloat32 = float32 == null ? 0 : float32.bytes();
    return rollout == float32 ? inFloat32 : inFloat32 + rollout.bytes();
  }

  @Override
  public Candidates candidates(DenoisingBatch batch) {
    if (batch.queryRow().length == 0) {
      return new Candidates(new int[0], new float[0]);
    }
    try (NDManager call = module.manager().newSubManager()) {
      PaddedRows rows =
          PaddedRows.of(
              call, config(), Arrays.asList(batch.rows()), DenoisingBatch.LENGTH_MULTIPLE);
      CandidateQueries queries = CandidateQueries.of(batch, rows, module.config());
      NDList rotary = module.rotary(rows.length());
      NDList result =
          module.infer(
              call,
              "candidates",
              DreamModule.value(rows.ids()),
              DreamModule.value(rows.seen()),
              DreamModule.value(rotary.get(0)),
              DreamModule.value(rotary.get(1)),
              DreamModule.value(call.create(queries.logitsRow())),
              DreamModule.value(column(call, queries.temperature())),
              DreamModule.value(column(call, queries.topP())),
              DreamModule.value(call.create(queries.topK(), new Shape(queries.topK().length, 1))),
              DreamModule.value(
                  call.create(queries.uniform(), new Shape(queries.uniform().length, 1))),
              DreamModule.value(call.create(queries.measure())),
              DreamModule.value(call.create(queries.distinct())),
              IValue.listFrom(queries.plan()),
              DreamModule.list(rollout.arrays()));
      long[] tokens = result.get(0).toLongArray();
      int[] ids = Arrays.stream(tokens).mapToInt(Math::toIntExact).toArray();
      return new Candidates(ids, result.get(1).toFloatArray());
    }
  }

  private static NDArray column(NDManager call, float[] values) {
    return call.create(values, new Shape(values.length, 1));
  }

  /**
   * Logits of every position as the model gives them, without shift: what plain decoding projects
   * at every step.
   *
   * @return [R][S * V] float32, rows of {@code V} logits; a sequence shorter than the longest has
   *     meaningless rows at its end
   */
  public float[][] logits(List<int[]> sequences) {
    try (NDManager call = module.manager().newSubManager()) {
      PaddedRows rows = module.pad(call, sequences);
      long[] everyRow = new long[sequences.size() * rows.length()];
      Arrays.setAll(everyRow, i -> i);
      NDList rotary = module.rotary(rows.length());
      float[] flat =
          module
              .infer(
                  call,
                  "logits",
                  DreamModule.value(rows.ids()),
                  DreamModule.value(rows.seen()),
                  DreamModule.value(rotary.get(0)),
                  DreamModule.value(rotary.get(1)),
                  DreamModule.value(call.create(everyRow)),
                  DreamModule.list(rollout.arrays()))
              .get(0)
              .toFloatArray();
      int each = rows.length() * config().vocabSize();
      float[][] logits = new float[sequences.size()][];
      Arrays.setAll(logits, r -> Arrays.copyOfRange(flat, r * each, (r + 1) * each));
      return logits;
    }
  }

  /** Frees weights and module; nothing may be running. */
  @Override
  public void close() {
    module.close();
  }
}
