package io.couplet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.decoding.BatchDecoder;
import io.couplet.decoding.Completion;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingRow;
import io.couplet.random.RandomStream;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import io.couplet.worker.TorchLoadedPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet generate}: one completion, with the denoising as an animation on request. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Completes a prompt with a policy and prints the completion.")
final class GenerateCommand implements Callable<Integer> {
  @Option(
      names = "--policy",
      required = true,
      paramLabel = "DIR|RUN@VERSION",
      description = "Policy directory, or a version of a run")
  private String policyName;

  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "TEXT",
      description = "Text to continue, exactly as it is; - reads standard input")
  private String prompt;

  @Option(
      names = "--temperature",
      defaultValue = "0",
      description = "0 is greedy (default: ${DEFAULT-VALUE})")
  private float temperature;

  @Mixin private DecodingOptions decoding;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "The same seed gives the same completion (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--device", defaultValue = "cpu", description = "cpu, gpu0, ...")
  private String device;

  @Option(names = "--precision", defaultValue = "float32", description = "float32 or bfloat16")
  private String precision;

  @Option(
      names = "--show-steps",
      description = "Show the denoising: animated on a terminal, a line per step otherwise")
  private boolean showSteps;

  @Option(names = "--json", description = "One JSON object on standard output")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String text =
        prompt.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : prompt;
    try (TorchLoadedPolicy policy =
        TorchLoadedPolicy.load(
            PolicyLocator.locate(policyName),
            ComputeDevice.parse(device),
            Precision.of(precision))) {
      int[] promptIds = policy.encode(text);
      int room = policy.maxTokens() - promptIds.length;
      DecodingSettings settings = decoding.settings(temperature, room);
      if (settings.length() > room) {
        throw new BadInputException(
            "Prompt of %d tokens and completion of %d do not fit into the %d positions of the policy"
                .formatted(promptIds.length, settings.length(), policy.maxTokens()));
      }
      DenoisingRow row =
          new DenoisingRow(
              promptIds,
              settings,
              policy.special(),
              RandomStream.named(seed, "generate", "prompt", 0));
      print(policy, text, decode(policy, row, text));
    }
    return 0;
  }

  private Completion decode(TorchLoadedPolicy policy, DenoisingRow row, String text)
      throws InterruptedException {
    BatchDecoder decoder = new BatchDecoder(policy.denoiser(), 1);
    if (!showSteps || json) {
      return decoder.decode(List.of(row)).get(0);
    }
    try (DenoisingDisplay display =
        DenoisingDisplay.on(spec.commandLine().getOut(), Terminal.isInteractive(), text, policy)) {
      display.show(row);
      while (decoder.step(List.of(row)) > 0) {
        display.show(row);
      }
    }
    return row.completion();
  }

  private void print(TorchLoadedPolicy policy, String text, Completion completion)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String completed = policy.decode(completion.contentIds());
    if (json) {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode object = mapper.createObjectNode();
      object.put("prompt", text).put("text", completed);
      object.put("stop_reason", completion.stopReason().name()).put("seed", completion.seed());
      object.set("completion_ids", mapper.valueToTree(completion.ids()));
      object.set("step_map", mapper.valueToTree(completion.stepMap()));
      object.set("confidences", mapper.valueToTree(completion.confidences()));
      out.println(mapper.writeValueAsString(object));
    } else {
      out.println(text + completed);
    }
    out.flush();
  }
}
