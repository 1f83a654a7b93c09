package io.couplet.benchmark;

import io.couplet.decoding.DecodingSettings;
import io.couplet.grpo.ScoringSettings;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.ServedPolicies;
import io.couplet.worker.DiffusionWorker;
import io.couplet.worker.GenerateOutcome;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.LoadedPolicy;
import io.couplet.worker.Protocol;
import io.couplet.worker.WorkerClient;
import io.couplet.worker.v1.GenerateRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A worker's throughput over its real protocol: eight groups at a time against the same groups one
 * after the other, decoded and scored as for learning, and decoded alone as for an evaluation.
 * Scores are exact and made group by group, so that only decoding gains from company.
 */
public final class WorkerBenchmark {
  private static final int CONCURRENT = 8;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final PolicyReference policy;
  private final ServedPolicies.Loader<LoadedPolicy> loader;
  private final List<String> prompts;
  private final int groupSize;
  private final DecodingSettings decoding;
  private final ScoringSettings scoring;

  /**
   * What was measured.
   *
   * @param oneAtATimeSeconds median, all groups, decoded and scored
   * @param concurrentSeconds median, all groups, decoded and scored eight at a time
   * @param speedup median over the rounds
   * @param decodingOnly the same groups without scores
   */
  public record Result(
      int groups,
      double oneAtATimeSeconds,
      double concurrentSeconds,
      double speedup,
      DecodingOnly decodingOnly) {}

  /** Seconds and speed-up of requests that ask for no scores. */
  public record DecodingOnly(double oneAtATimeSeconds, double concurrentSeconds, double speedup) {}

  public WorkerBenchmark(
      PolicyReference policy,
      ServedPolicies.Loader<LoadedPolicy> loader,
      List<String> prompts,
      int groupSize,
      DecodingSettings decoding,
      ScoringSettings scoring) {
    this.policy = policy;
    this.loader = loader;
    this.prompts = List.copyOf(prompts);
    this.groupSize = groupSize;
    this.decoding = decoding;
    this.scoring = scoring;
  }

  public Result run(int rounds) throws IOException {
    try (DiffusionWorker worker =
            DiffusionWorker.start(DiffusionWorker.Options.of("bench", "cpu", "bench"), loader);
        WorkerClient client = WorkerClient.plain(worker.address())) {
      Interleaved times =
          new Interleaved()
              .add("one", () -> ask(client, 1, true))
              .add("eight", () -> ask(client, CONCURRENT, true))
              .add("one, decoded", () -> ask(client, 1, false))
              .add("eight, decoded", () -> ask(client, CONCURRENT, false))
              .run(rounds);
      return new Result(
          prompts.size(),
          times.median("one"),
          times.median("eight"),
          times.speedup("one", "eight"),
          new DecodingOnly(
              times.median("one, decoded"),
              times.median("eight, decoded"),
              times.speedup("one, decoded", "eight, decoded")));
    }
  }

  private void ask(WorkerClient client, int concurrent, boolean scored) {
    for (int from = 0; from < prompts.size(); from += concurrent) {
      List<CompletableFuture<GenerateOutcome>> calls = new ArrayList<>();
      for (int p = from; p < Math.min(from + concurrent, prompts.size()); p++) {
        calls.add(client.generate(request(p, scored), DEADLINE));
      }
      for (CompletableFuture<GenerateOutcome> call : calls) {
        if (!(call.join() instanceof Generated)) {
          throw new IllegalStateException("The worker did not answer: " + call.join());
        }
      }
    }
  }

  private GenerateRequest request(int prompt, boolean scored) {
    GenerateRequest.Builder request =
        GenerateRequest.newBuilder()
            .setRun("bench")
            .setSeed(1)
            .setGroup("g" + prompt)
            .setGroupSize(groupSize)
            .setPolicy(Protocol.message(policy))
            .setPrompt(prompts.get(prompt))
            .setDecoding(Protocol.message(decoding))
            .setPurpose(Protocol.ROLLOUT);
    if (scored) {
      request.setScoring(Protocol.message(scoring));
    }
    return request.build();
  }
}
