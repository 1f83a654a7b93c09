package io.couplet.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.couplet.checkpoint.CheckpointWriter;
import io.couplet.model.ModelConfig;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/**
 * Float32 master weights with the two moments of AdamW, changed by engine calls in place. One
 * caller at a time; several objects in a process do not touch each other.
 */
public final class TrainableWeights implements AutoCloseable {
  /** How the names of threads begin on which gradients are computed beside the caller's. */
  public static final String GRADIENT_THREADS = "couplet-gradient-";

  private final DreamModule module;
  private final DreamWeights weights;
  private final DreamWeights firstMoment;
  private final DreamWeights secondMoment;
  private final AdamWSettings adamW;

  /** On which gradients are summed up side by side; none: on the caller's. */
  private final List<WorkThread> lanes;

  /** One sum for each lane, made when it is needed first. */
  private final List<DreamWeights> sums = new ArrayList<>();

  private long optimizerSteps;

  /** Takes ownership of the module and the weights; computes on the caller's thread. */
  public TrainableWeights(DreamModule module, DreamWeights weights, AdamWSettings adamW) {
    this(module, weights, adamW, 1);
  }

  /**
   * Takes ownership of the module and the weights.
   *
   * @param lanes micro-batches computed side by side, each lane with a gradient of its own; the
   *     bits depend on their number, and on no machine's number of cores
   */
  TrainableWeights(DreamModule module, DreamWeights weights, AdamWSettings adamW, int lanes) {
    this.lanes =
        lanes == 1
            ? List.of()
            : IntStream.rangeClosed(1, lanes)
                .mapToObj(lane -> new WorkThread(GRADIENT_THREADS + lane))
                .toList();
    this.module = module;
    this.weights = weights;
    this.adamW = adamW;
    firstMoment = DreamWeights.zeros(module);
    secondMoment = DreamWeights.zeros(module);
  }

  public DreamModule module() {
    return module;
  }

  public DreamWeights weights() {
    return weights;
  }

  /** Steps that AdamW has made. */
  public long optimizerSteps() {
    return optimizerSteps;
  }

  /** Sets the count of steps that goes with restored moments. */
  public void restoreOptimizerSteps(long steps) {
    optimizerSteps = steps;
  }

  /** What a step changes, by the prefix it has in a state file. */
  public Map<String, DreamWeights> parts() {
    Map<String, DreamWeights> parts = new LinkedHashMap<>();
    parts.put("weights", weights);
    parts.put("first_moment", firstMoment);
    parts.put("second_moment", secondMoment);
    return parts;
  }

  /**
   * Loss and gradient norm of a step.
   *
   * @param loss over the whole batch
   * @param norm of the gradient before clipping
   * @param metrics as the method defines them, summed where they add up over micro-batches
   */
  public record Step(double loss, double norm, List<float[]> metrics) {
    /** Whether the weights have changed. */
    public boolean applied() {
      return Double.isFinite(loss) && Double.isFinite(norm);
    }
  }

  /** The arguments of one micro-batch, in the memory of {@code owner}, which is freed after use. */
  @FunctionalInterface
  public interface MicroBatch {
    NDList arguments(NDManager owner);
  }

  /**
   * One step of AdamW on the sum of the micro-batches' losses: a single engine call when there is
   * one micro-batch, otherwise one for each and one more to clip and step. Where loss or gradient
   * is not finite nothing changes.
   *
   * @param stepMethod forward, loss, backward, clipping and AdamW
   * @param gradientMethod forward, loss and backward
   */
  public Step step(
      String stepMethod,
      String gradientMethod,
      List<? extends MicroBatch> microBatches,
      double learningRate) {
    Step step =
        microBatches.size() == 1
            ? inOneCall(stepMethod, microBatches.get(0), learningRate)
            : accumulated(gradientMethod, microBatches, learningRate);
    if (step.applied()) {
      optimizerSteps++;
    }
    return step;
  }

  private Step inOneCall(String method, MicroBatch batch, double learningRate) {
    try (NDManager call = module.manager().newSubManager()) {
      NDList result =
          module.train(
              call,
              method,
              batch.arguments(call),
              new NDList(optimizer(call, learningRate)),
              weights.named("p"),
              firstMoment.named("m"),
              secondMoment.named("v"));
      float[] report = result.get(0).toFloatArray();
      return new Step(report[0], report[1], List.of(result.get(1).toFloatArray()));
    }
  }

  private Step accumulated(
      String method, List<? extends MicroBatch> microBatches, double learningRate) {
    GradientSum sum = sum();
    microBatches.forEach(batch -> sum.add(method, batch));
    return sum.inAdamW(learningRate, 1);
  }

  /** Begins the sum of a step's gradients; one begun before must not be used any more. */
  GradientSum sum() {
    while (sums.size() < Math.max(1, lanes.size())) {
      sums.add(DreamWeights.zeros(module));
    }
    lanes.forEach(WorkThread::settle);
    sums.forEach(DreamWeights::clear);
    return new GradientSum();
  }

  /** What a micro-batch adds to a sum, and when it was computed, on {@link System#nanoTime}. */
  record Part(float loss, float[] metrics, long begin, long end) {}

  /**
   * Loss, gradient and metrics of the micro-batches of one step, as they come: the n-th goes to
   * lane n modulo their number, and lanes are added up in their order. Used by one thread.
   */
  final class GradientSum {
    private final List<FutureTask<Part>> parts = new ArrayList<>();

    private GradientSum() {}

    /**
     * Begins a micro-batch. What fails is thrown by {@link #step}.
     *
     * @param method forward, loss and backward
     * @param batch its arguments are made on the lane
     */
    void add(String method, MicroBatch batch) {
      int lane = parts.size() % sums.size();
      FutureTask<Part> part = new FutureTask<>(() -> part(method, batch, sums.get(lane)));
      parts.add(part);
      if (lanes.isEmpty()) {
        part.run();
      } else {
        lanes.get(lane).execute(part);
      }
    }

    private Part part(String method, MicroBatch batch, DreamWeights sum) {
      long begin = System.nanoTime();
      try (NDManager call = module.manager().newSubManager()) {
        NDList result =
            module.train(call, method, batch.arguments(call), weights.named("p"), sum.named("g"));
        float loss = result.get(0).getFloat();
        return new Part(loss, result.get(1).toFloatArray(), begin, System.nanoTime());
      }
    }

    /** What has been added, in order; waits for it. */
    List<Part> parts() {
      return parts.stream().map(WorkThread::result).toList();
    }

    /**
     * One step of AdamW; where loss or gradient is not finite nothing changes.
     *
     * @param factor what loss and gradient are multiplied by
     */
    Step step(double learningRate, double factor) {
      Step step = inAdamW(learningRate, factor);
      if (step.applied()) {
        optimizerSteps++;
      }
      return step;
    }

    private Step inAdamW(double learningRate, double factor) {
      float loss = 0;
      List<float[]> metrics = new ArrayList<>();
      for (Part part : parts()) {
        loss += part.loss();
        metrics.add(part.metrics());
      }
      DreamWeights gradient = sums.get(0);
      sums.subList(1, sums.size()).forEach(gradient::add);
      if (factor != 1) {
        gradient.multiply(factor);
      }
      try (NDManager call = module.manager().newSubManager()) {
        float[] report =
            module
                .train(
                    call,
                    "adamw",
                    new NDList(call.create((float) (loss * factor))),
                    gradient.named("g"),
                    weights.named("p"),
                    firstMoment.named("m"),
                    secondMoment.named("v"),
                    new NDList(optimizer(call, learningRate)))
                .get(0)
                .toFloatArray();
        return new Step(report[0], report[1], metrics);
      }
    }

    /** Returns when nothing of it is computed any more. */
    void abandon() {
      parts.forEach(part -> part.cancel(false));
      lanes.forEach(WorkThread::settle);
    }
  }

  /** The last argument of a step: rate, AdamW's settings and the steps made, in host memory. */
  public NDArray optimizer(NDManager owner, double learningRate) {
    return module.hostValues(
        owner,
        learningRate,
        adamW.beta1(),
        adamW.beta2(),
        adamW.epsilon(),
        adamW.weightDecay(),
        adamW.maxGradientNorm(),
        (double) optimizerSteps);
  }

  /** A copy of everything that a step changes, to go back to. */
  Snapshot snapshot() {
    return new Snapshot(weights.copy(), firstMoment.copy(), secondMoment.copy(), optimizerSteps);
  }

  record Snapshot(
      DreamWeights weights,
      DreamWeights firstMoment,
      DreamWeights secondMoment,
      long optimizerSteps)
      implements AutoCloseable {
    @Override
    public void close() {
      weights.close();
      firstMoment.close();
      secondMoment.close();
    }
  }

  void restore(Snapshot snapshot) {
    weights.assign(snapshot.weights());
    firstMoment.assign(snapshot.firstMoment());
    secondMoment.assign(snapshot.secondMoment());
    optimizerSteps = snapshot.optimizerSteps();
  }

  /**
   * Writes the weights as a Hugging Face directory in float32.
   *
   * @param base model directory whose tokenizer and other files are taken over; null for none
   */
  public void writePolicy(Path directory, Path base) throws IOException {
    ModelConfig config = float32(module.config());
    CheckpointWriter writer = CheckpointWriter.of(config);
    if (base != null) {
      writer = writer.descendedFrom(base);
    }
    writer.write(directory, weights::values);
  }

  private static ModelConfig float32(ModelConfig c) {
    return new ModelConfig(
        c.modelType(),
        c.vocabSize(),
        c.hiddenSize(),
        c.intermediateSize(),
        c.hiddenLayers(),
        c.attentionHeads(),
        c.keyValueHeads(),
        c.maxPositionEmbeddings(),
        c.ropeTheta(),
        c.rmsNormEps(),
        c.tieWordEmbeddings(),
        c.rightShift(),
        c.maskTokenId(),
        c.padTokenId(),
        c.bosTokenId(),
        c.eosTokenId(),
        "float32");
  }

  @Override
  public void close() {
    lanes.forEach(WorkThread::close);
    module.close();
  }
}
