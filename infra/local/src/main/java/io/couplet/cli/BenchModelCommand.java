package io.couplet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.benchmark.DecodingBenchmark;
import io.couplet.benchmark.ResidentMemory;
import io.couplet.benchmark.TrainingBenchmark;
import io.couplet.benchmark.WorkerBenchmark;
import io.couplet.decoding.DecodingSettings;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.PolicyStore;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemJsonl;
import io.couplet.problems.ProblemSplit;
import io.couplet.problems.PromptTemplate;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import io.couplet.torch.TorchEngine;
import io.couplet.worker.TorchLoadedPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet bench model}: decoding, worker and training step against their counterparts. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = {
      "Decoding with the exact savings against plain decoding (every step, every position"
          + " projected, one group at a time), then in bfloat16; tokens/s and share of the measured"
          + " matrix-multiplication peak; a worker with 8 groups at a time against one, without and with scores;"
          + " the training step in one engine call against the same step in separate ones.",
      "Medians of interleaved rounds."
    })
final class BenchModelCommand implements Callable<Integer> {
  private static final ScoringSettings SCORING =
      new ScoringSettings(Estimator.COUPLED, Normalization.RELEASED, 1, 2, 0.2f, 0.8f);

  private static final int FIRST_READING = 500;

  @Option(names = "--policy", required = true, paramLabel = "DIR", description = "Policy directory")
  private Path policy;

  @Option(
      names = "--problems",
      paramLabel = "FILE",
      description = "Problems whose prompts are completed (default: generated held-out ones)")
  private Path problems;

  @Option(
      names = "--groups",
      defaultValue = "8",
      description = "Prompts (default: ${DEFAULT-VALUE})")
  private int groups;

  @Option(
      names = "--group-size",
      defaultValue = "8",
      description = "Samples per prompt (default: ${DEFAULT-VALUE})")
  private int groupSize;

  @Option(names = "--temperature", defaultValue = "1", description = "(default: ${DEFAULT-VALUE})")
  private float temperature;

  @Mixin private DecodingOptions decoding;

  @Option(names = "--rounds", defaultValue = "5", description = "(default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--memory-steps",
      paramLabel = "N",
      description =
          "Instead of all that: make N training steps, more than "
              + FIRST_READING
              + ", and show by how much resident memory grows after the first "
              + FIRST_READING)
  private Integer memorySteps;

  @Option(names = "--json", description = "One JSON object on standard output")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (rounds < 1 || groups < 1 || groupSize < 1) {
      throw new BadInputException("--rounds, --groups and --group-size must be at least 1");
    }
    if (memorySteps != null && memorySteps <= FIRST_READING) {
      throw new BadInputException(
          "--memory-steps must be more than " + FIRST_READING + ", found " + memorySteps);
    }
    List<String> prompts = prompts();
    try (TorchLoadedPolicy float32 =
            TorchLoadedPolicy.load(policy, ComputeDevice.CPU, Precision.FLOAT32);
        TorchLoadedPolicy bfloat16 =
            TorchLoadedPolicy.load(policy, ComputeDevice.CPU, Precision.BFLOAT16)) {
      int longest = prompts.stream().mapToInt(p -> float32.encode(p).length).max().orElse(0);
      DecodingSettings settings = decoding.settings(temperature, float32.maxTokens() - longest);
      DecodingBenchmark benchmark =
          new DecodingBenchmark(float32, bfloat16, prompts, groupSize, settings);
      if (memorySteps != null) {
        printMemory(benchmark.completions());
        return 0;
      }
      DecodingBenchmark.Result decoded = benchmark.run(rounds);
      TrainingBenchmark.Result trained = training(benchmark.completions());
      PolicyReference reference = PolicyStore.describe(0, policy);
      WorkerBenchmark.Result worker =
          new WorkerBenchmark(
                  reference,
                  asked -> TorchLoadedPolicy.load(policy, ComputeDevice.CPU, Precision.FLOAT32),
                  prompts,
                  groupSize,
                  settings,
                  SCORING)
              .run(rounds);
      print(decoded, worker, trained, settings);
    }
    return 0;
  }

  private void printMemory(List<CompletedPrompt> samples) throws IOException {
    try (TrainingBenchmark training =
        TrainingBenchmark.of(policy, SCORING, samples, ComputeDevice.CPU)) {
      ResidentMemory.Growth growth =
          ResidentMemory.whileRepeating(training::inOneCall, FIRST_READING, memorySteps);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        ObjectNode object = FiniteJson.mapper().valueToTree(growth);
        out.println(object.put("growth_share", growth.share()));
      } else {
        out.printf("%-34s %9s%n", "training, " + samples.size() + " samples a step", "resident");
        out.printf("%-34s %6.1f MB%n", "after step " + growth.fromStep(), growth.fromMegabytes());
        out.printf("%-34s %6.1f MB%n", "after step " + growth.toStep(), growth.toMegabytes());
        out.printf("growth: %.2f %%%n", 100 * growth.share());
      }
      out.flush();
    }
  }

  private TrainingBenchmark.Result training(List<CompletedPrompt> samples) throws IOException {
    try (TrainingBenchmark benchmark =
        TrainingBenchmark.of(policy, SCORING, samples, ComputeDevice.CPU)) {
      return benchmark.run(rounds);
    }
  }

  private List<String> prompts() throws IOException {
    List<Problem> all =
        problems == null
            ? new ProblemGenerator(ProblemSplit.HELD_OUT_INSTANCES, 0).distinct(groups)
            : ProblemJsonl.readAll(problems);
    return all.stream().limit(groups).map(PromptTemplate.RAW::render).toList();
  }

  private void print(
      DecodingBenchmark.Result d,
      WorkerBenchmark.Result w,
      TrainingBenchmark.Result t,
      DecodingSettings settings)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectMapper mapper = FiniteJson.mapper();
      ObjectNode object = mapper.createObjectNode();
      object.put("policy", policy.toString()).put("rounds", rounds);
      object.set("environment", mapper.valueToTree(TorchEngine.get().environment()));
      object.set("decoding", ((ObjectNode) mapper.valueToTree(d)).put("peak_share", d.peakShare()));
      object.set("worker", mapper.valueToTree(w));
      object.set("training", ((ObjectNode) mapper.valueToTree(t)).put("peak_share", t.peakShare()));
      out.println(mapper.writeValueAsString(object));
    } else {
      out.printf(
          "%d samples of %d prompts, L = %d, %d steps, %d rounds, %s%n%n",
          d.samples(),
          prompts().size(),
          settings.length(),
          settings.steps(),
          rounds,
          TorchEngine.get().environment());
      out.printf("%-34s %9s %9s%n", "decoding", "seconds", "speed-up");
      out.printf("%-34s %9.2f %9s%n", "plain, float32", d.plainSeconds(), "1.00x");
      out.printf("%-34s %9.2f %8.2fx%n", "exact savings, float32", d.savingSeconds(), d.speedup());
      out.printf(
          "%-34s %9.2f %8.2fx over float32%n",
          "exact savings, bfloat16", d.bfloat16Seconds(), d.bfloat16Speedup());
      out.printf("identical samples: %d of %d%n", d.identicalSamples(), d.samples());
      out.printf("bfloat16 token agreement: %.1f %%%n", 100 * d.bfloat16TokenAgreement());
      out.printf("committed tokens/s: %.0f%n", d.tokensPerSecond());
      out.printf(
          "matrix products: %.1f Gflop/s, %.0f %% of the measured peak %.1f (plain %.1f)%n%n",
          d.gigaflops(), 100 * d.peakShare(), d.peakGigaflops(), d.plainGigaflops());
      WorkerBenchmark.DecodingOnly alone = w.decodingOnly();
      out.printf("%-34s %9s %9s%n", "worker, " + w.groups() + " groups", "seconds", "speed-up");
      out.printf("%-34s %9.2f %9s%n", "one at a time", alone.oneAtATimeSeconds(), "1.00x");
      out.printf(
          "%-34s %9.2f %8.2fx%n", "eight at a time", alone.concurrentSeconds(), alone.speedup());
      out.printf("%-34s %9.2f %9s%n", "scored, one at a time", w.oneAtATimeSeconds(), "1.00x");
      out.printf(
          "%-34s %9.2f %8.2fx%n%n", "scored, eight at a time", w.concurrentSeconds(), w.speedup());
      String step = "training step, " + t.samples() + " samples";
      out.printf("%-34s %9s %9s%n", step, "seconds", "speed-up");
      out.printf("%-34s %9.3f %9s%n", "five engine calls", t.separateSeconds(), "1.00x");
      out.printf("%-34s %9.3f %8.2fx%n", "one engine call", t.oneCallSeconds(), t.speedup());
      out.printf("weights after the last step: %s%n", t.identicalWeights() ? "the same" : "DIFFER");
      out.printf(
          "completion tokens/s: %.0f; matrix products: %.1f Gflop/s, %.0f %% of the peak%n",
          t.tokensPerSecond(), t.gigaflops(), 100 * t.peakShare());
    }
    out.flush();
  }
}
