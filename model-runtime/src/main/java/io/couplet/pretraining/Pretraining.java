package io.couplet.pretraining;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.files.InvalidFileException;
import io.couplet.learning.TrainableWeights;
import io.couplet.learning.TrainerStateFile;
import io.couplet.model.ModelConfig;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Trains a model by the masked diffusion objective (algorithms, section 2): draw a noise level t,
 * mask every trainable token with probability t, and learn the masked ones with weight 1/t. A
 * deterministic function of (initial weights, settings, examples) at a fixed thread count and
 * machine type; interrupted and resumed it gives the same weights. One caller at a time.
 */
public final class Pretraining implements AutoCloseable {
  private static final String FORMAT = "couplet-pretraining-1";

  private final PretrainingSettings settings;
  private final ExampleSource examples;
  private final TrainableWeights trainable;
  private long step;

  private Pretraining(
      PretrainingSettings settings, ExampleSource examples, TrainableWeights trainable) {
    this.settings = settings;
    this.examples = examples;
    this.trainable = trainable;
  }

  /** From scratch, with {@link InitialWeights} of the settings' seed. */
  public static Pretraining start(
      ModelConfig config,
      PretrainingSettings settings,
      ExampleSource examples,
      ComputeDevice device)
      throws IOException {
    DreamModule module = new DreamModule(config, device);
    DreamWeights weights = DreamWeights.zeros(module);
    weights.fill(new InitialWeights(config, settings.seed()));
    return new Pretraining(
        settings, examples, new TrainableWeights(module, weights, settings.adamW()));
  }

  /** From the weights of a policy directory, as fine-tuning does. */
  public static Pretraining from(
      Path policyDirectory,
      PretrainingSettings settings,
      ExampleSource examples,
      ComputeDevice device)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(policyDirectory)) {
      DreamModule module = new DreamModule(checkpoint.config(), device);
      DreamWeights weights = DreamWeights.read(module, checkpoint);
      return new Pretraining(
          settings, examples, new TrainableWeights(module, weights, settings.adamW()));
    }
  }

  /** Steps made. */
  public long step() {
    return step;
  }

  public boolean finished() {
    return step >= settings.steps();
  }

  /**
   * Steps until the settings' number is reached.
   *
   * @param listener is told of every step and answers whether to go on
   */
  public void run(Predicate<PretrainingProgress> listener) {
    long start = System.nanoTime();
    long tokens = 0;
    long firstStep = step;
    boolean goOn = true;
    while (goOn && !finished()) {
      DenoisingTask task = task();
      TrainableWeights.Step result = step(task);
      tokens += task.tokens();
      double seconds = (System.nanoTime() - start) / 1e9;
      goOn =
          listener.test(
              new PretrainingProgress(
                  step,
                  settings.steps(),
                  result.loss(),
                  maskedCrossEntropy(result),
                  result.norm(),
                  settings.learningRate().at(step - 1),
                  tokens / seconds,
                  seconds / (step - firstStep) * (settings.steps() - step)));
    }
  }

  private DenoisingTask task() {
    return new DenoisingTask(settings, trainable.module().config(), examples, step);
  }

  private TrainableWeights.Step step(DenoisingTask task) {
    TrainableWeights.Step result =
        trainable.step(
            "denoising_step",
            "denoising_gradient",
            task.microBatches(trainable.module()),
            settings.learningRate().at(step));
    if (!result.applied()) {
      throw new ArithmeticException(
          "Step %d of the pre-training has loss %s and gradient norm %s, and was not applied: lower the learning rate"
              .formatted(step + 1, result.loss(), result.norm()));
    }
    step++;
    return result;
  }

  private static double maskedCrossEntropy(TrainableWeights.Step result) {
    return result.metrics().stream().mapToDouble(metric -> metric[0]).sum();
  }

  /** The weights as they are, for a look at samples in between; valid until the next step. */
  public TrainableWeights trainable() {
    return trainable;
  }

  public String weightsSha256() {
    return trainable.weights().sha256();
  }

  /**
   * Writes a Hugging Face directory in float32.
   *
   * @param base where tokenizer and generation config are taken from; null for none
   */
  public void writePolicy(Path directory, Path base) throws IOException {
    trainable.writePolicy(directory, base);
  }

  /** Writes everything needed to go on into a safetensors file that must not exist. */
  public void exportState(Path file) throws IOException {
    TrainerStateFile.write(
        file,
        FORMAT,
        Map.of(
            "step", Long.toString(step),
            "optimizer_steps", Long.toString(trainable.optimizerSteps()),
            "settings", settings.toString(),
            "settings_sha256", settings.fingerprint()),
        trainable.parts());
  }

  /** Goes on from an exported state of the same settings; unchanged when the file does not fit. */
  public void importState(Path file) throws IOException {
    try (TrainerStateFile.Reading state = TrainerStateFile.Reading.open(file, FORMAT)) {
      if (!state.value("settings_sha256").equals(settings.fingerprint())) {
        throw new InvalidFileException(
            file,
            "was written under other settings: %s; these are %s"
                .formatted(state.value("settings"), settings));
      }
      long newStep = state.number("step");
      long newOptimizerSteps = state.number("optimizer_steps");
      state.readAll(trainable.parts());
      trainable.restoreOptimizerSteps(newOptimizerSteps);
      step = newStep;
    }
  }

  @Override
  public void close() {
    trainable.close();
  }
}
