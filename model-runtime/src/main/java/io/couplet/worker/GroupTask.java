package io.couplet.worker;

import io.couplet.decoding.Completion;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingRow;
import io.couplet.grpo.ScoringSettings;
import io.couplet.policy.ServedPolicies;
import io.couplet.random.RandomStream;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.GenerateResponse;
import io.couplet.worker.v1.Sample;
import io.couplet.worker.v1.Scores;
import io.couplet.worker.v1.Timings;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One request on its way through the worker: accepted, prepared, decoded, scored, answered. */
final class GroupTask {
  /** Of members, of steps and of what else a request counts: more than that is a mistake. */
  private static final int MOST = 16_384;

  private final GenerateRequest request;
  private final DecodingSettings decoding;
  private final Optional<ScoringSettings> scoring;
  private final ServerCallStreamObserver<GenerateResponse> answer;
  private final long accepted = System.nanoTime();
  private ServedPolicies<LoadedPolicy>.Lease lease;
  private int[] promptIds;
  private long started;
  private int steps;
  private List<DenoisingRow> rows = List.of();

  /**
   * @throws IllegalArgumentException if the request can never succeed
   */
  GroupTask(GenerateRequest request, ServerCallStreamObserver<GenerateResponse> answer) {
    this.request = request;
    this.answer = answer;
    require("group_size", request.getGroupSize());
    if (request.getGroup().isEmpty()) {
      throw new IllegalArgumentException("group must not be empty: it names the random streams");
    }
    decoding = Protocol.decoding(request.getDecoding());
    scoring =
        request.hasScoring()
            ? Optional.of(Protocol.scoring(request.getScoring()))
            : Optional.empty();
    require("decoding.steps", decoding.steps());
    scoring.ifPresent(
        settings -> {
          require("scoring.pairs", settings.pairs());
          require("scoring.inner_iterations", settings.innerIterations());
        });
  }

  /** A number that memory is taken for. */
  private static void require(String what, int number) {
    if (number < 1 || number > MOST) {
      throw new IllegalArgumentException(
          what + " must be at least 1 and at most " + MOST + ", not " + number);
    }
  }

  GenerateRequest request() {
    return request;
  }

  int groupSize() {
    return request.getGroupSize();
  }

  LoadedPolicy policy() {
    return lease.policy();
  }

  List<DenoisingRow> rows() {
    return rows;
  }

  /** The caller gave up or its deadline has passed. */
  boolean abandoned() {
    return answer.isCancelled();
  }

  boolean finished() {
    return unfinishedRows() == 0;
  }

  int unfinishedRows() {
    return (int) rows.stream().filter(row -> !row.finished()).count();
  }

  /**
   * Takes the policy and encodes the prompt.
   *
   * @throws IllegalArgumentException if the prompt is empty or too long for the policy
   */
  void prepare(ServedPolicies<LoadedPolicy>.Lease policyLease) {
    lease = policyLease;
    promptIds = policy().encode(request.getPrompt());
    long total = (long) promptIds.length + decoding.length();
    if (promptIds.length == 0) {
      throw new IllegalArgumentException("The prompt is empty; it needs at least one token");
    }
    if (total > policy().maxTokens()) {
      throw new IllegalArgumentException(
          "Prompt of %d tokens and completion of %d do not fit into the %d positions of the policy"
              .formatted(promptIds.length, decoding.length(), policy().maxTokens()));
    }
  }

  /** Makes the rows; from here on the group is in flight. */
  void start() {
    started = System.nanoTime();
    String purpose = request.getPurpose().isEmpty() ? Protocol.ROLLOUT : request.getPurpose();
    rows =
        IntStream.range(0, groupSize())
            .mapToObj(
                member ->
                    new DenoisingRow(
                        promptIds,
                        decoding,
                        policy().special(),
                        RandomStream.named(request.getSeed(), purpose, request.getGroup(), member)))
            .toList();
  }

  void stepped() {
    steps++;
  }

  /** Scores and answers. */
  void complete(String worker) {
    long decoded = System.nanoTime();
    List<Completion> completions = rows.stream().map(DenoisingRow::completion).toList();
    float[][][] scores =
        scoring
            .map(
                settings ->
                    policy().scores(request.getSeed(), request.getGroup(), completions, settings))
            .orElseGet(() -> new float[completions.size()][0][]);
    long scored = System.nanoTime();
    GenerateResponse.Builder response =
        GenerateResponse.newBuilder()
            .setPolicy(request.getPolicy())
            .setGroup(request.getGroup())
            .setWorker(worker);
    for (int member = 0; member < completions.size(); member++) {
      response.addSamples(sample(member, completions.get(member), scores[member]));
    }
    response.setTimings(
        Timings.newBuilder()
            .setQueueMs((started - accepted) / 1e6)
            .setDecodeMs((decoded - started) / 1e6)
            .setScoreMs((scored - decoded) / 1e6)
            .setDenoisingSteps(steps));
    answer.onNext(response.build());
    answer.onCompleted();
  }

  private Sample sample(int member, Completion completion, float[][] scores) {
    Sample.Builder sample =
        Sample.newBuilder()
            .setMember(member)
            .setText(policy().decode(completion.contentIds()))
            .setStopReason(completion.stopReason().name())
            .setSeed(completion.seed());
    for (int id : completion.promptIds()) {
      sample.addPromptIds(id);
    }
    for (int k = 0; k < completion.ids().length; k++) {
      sample.addCompletionIds(completion.ids()[k]);
      sample.addStepMap(completion.stepMap()[k]);
      sample.addConfidences(completion.confidences()[k]);
    }
    for (float[] iteration : scores) {
      Scores.Builder values = Scores.newBuilder();
      for (float score : iteration) {
        values.addValues(score);
      }
      sample.addBehaviourScores(values);
    }
    return sample.build();
  }

  void fail(Status status) {
    if (!abandoned()) {
      answer.onError(status.asRuntimeException());
    }
  }

  /** Gives the policy back. */
  void release() {
    if (lease != null) {
      lease.close();
    }
  }
}
