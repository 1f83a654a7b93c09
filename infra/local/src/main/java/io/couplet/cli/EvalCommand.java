package io.couplet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.decoding.DecodingSettings;
import io.couplet.evaluation.EvaluationReport;
import io.couplet.evaluation.EvaluationSettings;
import io.couplet.evaluation.PolicyEvaluation;
import io.couplet.evaluation.ProblemResult;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.PolicyStore;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemJsonl;
import io.couplet.problems.PromptTemplate;
import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.SandboxSettings;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import io.couplet.torch.TorchEngine;
import io.couplet.worker.DiffusionWorker;
import io.couplet.worker.TorchLoadedPolicy;
import io.couplet.worker.WorkerClient;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet eval}: unbiased pass@k and AR-ness of a policy on a problem file. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Completes every problem with a policy, runs the tests in the sandbox and prints the unbiased"
          + " pass@k and the AR-ness. The same seed gives the same completions."
    })
final class EvalCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofMinutes(30);
  private static final int GROUPS_IN_FLIGHT = 16;

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "DIR|RUN@VERSION",
      description = "Policy directory, or a version of a run")
  private String policy;

  @Option(
      names = "--problems",
      required = true,
      paramLabel = "FILE",
      description = "Problems, JSON Lines")
  private Path problems;

  @Option(
      names = "--samples",
      defaultValue = "1",
      description = "Completions per problem (default: ${DEFAULT-VALUE})")
  private int samples;

  @Option(
      names = "--k",
      split = ",",
      defaultValue = "1",
      description = "Values of k, at most the samples (default: ${DEFAULT-VALUE})")
  private List<Integer> passAt;

  @Option(
      names = "--temperature",
      defaultValue = "0.2",
      description = "0 is greedy (default: ${DEFAULT-VALUE})")
  private float temperature;

  @Mixin private DecodingOptions decoding;

  @Option(
      names = "--template",
      defaultValue = "raw",
      description = "How a question becomes a prompt: raw, chat, released (default: raw)")
  private String template;

  @Option(
      names = "--timeout-ms",
      defaultValue = "5000",
      description = "Per test case, where the problem has none (default: ${DEFAULT-VALUE})")
  private int timeoutMs;

  @Option(names = "--seed", defaultValue = "0", description = "(default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--device", defaultValue = "cpu", description = "cpu, gpu0, ...")
  private String device;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write a line per problem: samples, verdicts, step maps")
  private Path output;

  @Option(names = "--json", description = "One JSON object on standard output")
  private boolean json;

  @Spec private CommandSpec spec;

  private final ObjectMapper mapper = new ObjectMapper();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = PolicyLocator.locate(policy);
    List<Problem> all = ProblemJsonl.readAll(problems);
    PolicyReference reference = PolicyStore.describe(0, directory);
    ComputeDevice compute = ComputeDevice.parse(device);
    DiffusionWorker.Options options =
        DiffusionWorker.Options.of("eval", compute.toString(), TorchEngine.get().version());
    DecodingSettings settings = decoding.settings(temperature, 64);
    EvaluationSettings evaluation =
        new EvaluationSettings(
            "eval",
            seed,
            reference,
            settings,
            PromptTemplate.named(template),
            samples,
            passAt,
            timeoutMs,
            GROUPS_IN_FLIGHT,
            DEADLINE);
    try (SandboxPool sandbox = SandboxPool.open(SandboxSettings.defaults());
        DiffusionWorker worker =
            DiffusionWorker.start(
                options, asked -> TorchLoadedPolicy.load(directory, compute, Precision.FLOAT32));
        WorkerClient client = WorkerClient.plain(worker.address());
        Writer lines = output == null ? Writer.nullWriter() : open(output)) {
      EvaluationReport report =
          new PolicyEvaluation(client, sandbox, evaluation)
              .run(all, result -> write(lines, result));
      print(report);
      return report.unfinished() == 0 ? 0 : PlainErrors.FAILED;
    }
  }

  private static BufferedWriter open(Path file) throws IOException {
    return Files.newBufferedWriter(file);
  }

  private void write(Writer lines, ProblemResult result) {
    ObjectNode line = mapper.createObjectNode();
    line.put("problem", result.problemId());
    line.put("judged", result.judged()).put("passed", result.passed());
    if (result.failure() != null) {
      line.put("failure", result.failure());
    }
    var array = line.putArray("samples");
    for (var sample : result.samples()) {
      ObjectNode object = array.addObject();
      object.put("member", sample.member()).put("text", sample.text());
      object.put("outcome", sample.verdict().outcomeName());
      sample.verdict().reason().ifPresent(reason -> object.put("reason", reason));
      object.set("step_map", mapper.valueToTree(sample.stepMap()));
    }
    try {
      lines.write(mapper.writeValueAsString(line));
      lines.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + output + ": " + e.getMessage(), e);
    }
  }

  private void print(EvaluationReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode object = mapper.createObjectNode();
      object.put("policy", policy).put("problems", report.problems().size());
      object.put("samples", samples).put("judged", report.judged());
      object.put("passed", report.passed()).put("unfinished", report.unfinished());
      report.passAt().forEach((k, value) -> object.put("pass@" + k, value));
      object.set("ar_ness", mapper.valueToTree(report.arNess()));
      out.println(mapper.writeValueAsString(object));
    } else {
      out.printf(
          "%s: %d problems, %d samples each, temperature %s%n",
          policy, report.problems().size(), samples, temperature);
      report.passAt().forEach((k, value) -> out.printf("pass@%-3d %6.1f %%%n", k, 100 * value));
      for (String name : List.of("local@1/asc", "local@1/desc", "global@1/asc", "global@1/desc")) {
        Double value = report.arNess().get(name);
        if (value != null) {
          out.printf("%-14s %.3f%n", name, value);
        }
      }
      report.problems().stream()
          .filter(result -> result.failure() != null)
          .limit(3)
          .forEach(r -> out.printf("not completed: %s: %s%n", r.problemId(), r.failure()));
      if (report.judged() < report.problems().size() * samples) {
        out.printf(
            "%d of %d samples could not be judged and count nowhere%n",
            report.problems().size() * samples - report.judged(),
            report.problems().size() * samples);
      }
    }
    out.flush();
  }
}
