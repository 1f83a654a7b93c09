package io.couplet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.learning.AdamWSettings;
import io.couplet.learning.LearningRate;
import io.couplet.model.ModelConfig;
import io.couplet.pretraining.ExerciseCorpus;
import io.couplet.pretraining.LossWeighting;
import io.couplet.pretraining.Pretraining;
import io.couplet.pretraining.PretrainingProgress;
import io.couplet.pretraining.PretrainingSettings;
import io.couplet.pretraining.TrainableTokens;
import io.couplet.problems.SmallPolicy;
import io.couplet.tokenizer.Tokenizer;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.TorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet pretrain}: trains the small base policy from scratch on generated problems. */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a policy from scratch on generated problems and writes it as a policy"
          + " directory.",
      "Interrupted, the same command goes on where it stopped, to the same weights."
    })
final class PretrainCommand implements Callable<Integer> {
  private static final String WEIGHTS = "model.safetensors";
  private static final String STATE = "pretraining-state.safetensors";
  private static final long SAVE_SECONDS = 60;
  private static final long MOST_SECONDS_TO_SAVE = 20;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Policy directory to write; holds the state of an unfinished training.")
  private Path out;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Names weights, noise and examples (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--steps",
      defaultValue = "700",
      description = "Optimizer steps (default: ${DEFAULT-VALUE})")
  private long steps;

  @Option(
      names = "--batch",
      defaultValue = "64",
      description = "Examples of a step (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(
      names = "--width",
      defaultValue = "" + SmallPolicy.WIDTH,
      description =
          "Width of the policy, a multiple of 64: heads of 32, a feed-forward 2.5 times as wide"
              + " (default: ${DEFAULT-VALUE})")
  private int width;

  @Option(
      names = "--layers",
      defaultValue = "" + SmallPolicy.LAYERS,
      description = "Layers of the policy (default: ${DEFAULT-VALUE})")
  private int layers;

  @Option(
      names = "--learning-rate",
      defaultValue = "0.002",
      description = "Peak of warm-up and cosine (default: ${DEFAULT-VALUE})")
  private double learningRate;

  @Option(
      names = "--weighting",
      defaultValue = "masked_mean",
      description =
          "likelihood_bound (weight 1/t) or masked_mean, which small models learn faster from"
              + " (default: ${DEFAULT-VALUE})")
  private LossWeighting weighting;

  @Option(
      names = "--tail-weight",
      defaultValue = "0.1",
      description = "Weight of tokens behind the stop token (default: ${DEFAULT-VALUE})")
  private double tailWeight;

  @Option(
      names = "--label-smoothing",
      defaultValue = "0.05",
      description =
          "Share of the target that is uniform over the vocabulary: keeps samples at temperature 1"
              + " diverse (default: ${DEFAULT-VALUE})")
  private double labelSmoothing;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu, gpu0, gpu1, ... (default: ${DEFAULT-VALUE})")
  private String device;

  @Option(
      names = "--threads",
      description = "Compute threads; the same number gives the same bits (default: one per core)")
  private Integer threads;

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  private volatile boolean stopRequested;
  private final CountDownLatch stopped = new CountDownLatch(1);

  @Override
  public Integer call() throws IOException, InterruptedException {
    ComputeDevice computeDevice = ComputeDevice.parse(device);
    if (threads != null) {
      System.setProperty(TorchEngine.THREADS_PROPERTY, threads.toString());
    }
    PretrainingSettings settings = settings();
    if (Files.exists(out.resolve(WEIGHTS))) {
      throw new BadInputException(
          out + " already holds a policy; name another directory or remove it");
    }
    ModelConfig config = SmallPolicy.config(width, layers);
    Files.createDirectories(out);
    config.write(out.resolve("config.json"));
    SmallPolicy.writeCompanions(out);
    try (Tokenizer tokenizer = Tokenizer.open(out);
        Pretraining training =
            Pretraining.start(
                config,
                settings,
                new ExerciseCorpus(
                    seed,
                    tokenizer,
                    SmallPolicy.COMPLETION_LENGTH,
                    config.eosTokenId(),
                    config.padTokenId()),
                computeDevice)) {
      return train(training);
    } finally {
      stopped.countDown();
    }
  }

  private PretrainingSettings settings() {
    return new PretrainingSettings(
        seed,
        steps,
        batch,
        TrainableTokens.COMPLETION,
        weighting,
        tailWeight,
        labelSmoothing,
        new LearningRate(learningRate, Math.min(100, steps / 10), steps, 0.05),
        new AdamWSettings(0.9, 0.98, 1e-8, 0.01, 1),
        batch);
  }

  private int train(Pretraining training) throws IOException, InterruptedException {
    Path state = out.resolve(STATE);
    if (Files.exists(state)) {
      training.importState(state);
      spec.commandLine().getErr().println("Going on after step " + training.step());
    }
    Thread saveOnInterrupt = new Thread(this::stopAndWait);
    Runtime.getRuntime().addShutdownHook(saveOnInterrupt);
    PretrainingPanel panel =
        new PretrainingPanel(spec.commandLine().getErr(), Terminal.isInteractive());
    PretrainingProgress last = null;
    try {
      while (!training.finished() && !stopRequested) {
        last = stretch(training, panel);
        save(training, state);
      }
    } finally {
      panel.close();
    }
    if (!training.finished()) {
      throw new InterruptedException(
          "Stopped after step " + training.step() + "; the same command goes on from there");
    }
    publish(training);
    Files.deleteIfExists(state);
    report(training, last);
    return 0;
  }

  /** Trains until the next save is due. */
  private PretrainingProgress stretch(Pretraining training, PretrainingPanel panel) {
    long due = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAVE_SECONDS);
    PretrainingProgress[] last = new PretrainingProgress[1];
    training.run(
        progress -> {
          last[0] = progress;
          panel.show(progress);
          return !stopRequested && System.nanoTime() < due;
        });
    return last[0];
  }

  private static void save(Pretraining training, Path state) throws IOException {
    Path fresh = state.resolveSibling(STATE + ".tmp");
    Files.deleteIfExists(fresh);
    training.exportState(fresh);
    Files.move(fresh, state, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The weights appear under their name only when they are complete. */
  private void publish(Pretraining training) throws IOException {
    Path unfinished = Files.createTempDirectory(out, "unfinished-");
    training.writePolicy(unfinished, out);
    Files.move(unfinished.resolve(WEIGHTS), out.resolve(WEIGHTS), StandardCopyOption.ATOMIC_MOVE);
    try (Stream<Path> rest = Files.list(unfinished)) {
      for (Path file : rest.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(unfinished);
  }

  private void stopAndWait() {
    stopRequested = true;
    try {
      stopped.await(MOST_SECONDS_TO_SAVE, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(Pretraining training, PretrainingProgress last) throws IOException {
    if (json) {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode result = mapper.createObjectNode();
      result.put("policy", out.toString()).put("steps", training.step());
      if (last != null) {
        result.put("masked_cross_entropy", last.maskedCrossEntropy());
      }
      result.put("weights_sha256", training.weightsSha256());
      spec.commandLine().getOut().println(mapper.writeValueAsString(result));
    } else {
      spec.commandLine().getOut().println("Wrote " + out + " after " + training.step() + " steps");
    }
  }
}
