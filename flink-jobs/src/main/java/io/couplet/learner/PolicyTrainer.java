package io.couplet.learner;

import io.couplet.config.LearnerSection;
import io.couplet.config.LearningRateSchedule;
import io.couplet.config.RunConfig;
import io.couplet.files.Sha256;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.learning.AdamWSettings;
import io.couplet.learning.LearningRate;
import io.couplet.learning.LossAggregation;
import io.couplet.learning.PolicyLearner;
import io.couplet.learning.TrainingSample;
import io.couplet.learning.UpdateReport;
import io.couplet.model.ModelConfig;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.TorchEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Coupled-GRPO on PyTorch as the learner drives it. */
public final class PolicyTrainer implements Trainer {
  /** The cosine ends at a tenth of the peak. */
  private static final double FINAL_SHARE = 0.1;

  private static final int FINGERPRINT_DIGITS = 16;

  private final PolicyLearner learner;
  private final ComputeDevice device;
  private final String settings;

  private PolicyTrainer(PolicyLearner learner, ComputeDevice device, String settings) {
    this.learner = learner;
    this.device = device;
    this.settings = settings;
  }

  /**
   * Opens the run's initial policy.
   *
   * @param policy model directory
   * @throws IllegalStateException PyTorch runs in this process with another number of threads
   */
  public static PolicyTrainer open(RunConfig config, Path policy) throws IOException {
    pinThreads(config.learner().threads());
    ComputeDevice device = ComputeDevice.CPU;
    return new PolicyTrainer(
        PolicyLearner.open(policy, settings(config), config.seed(), device),
        device,
        fingerprint(config));
  }

  /** The engine takes its thread count from a system property, once for each process. */
  private static void pinThreads(int threads) {
    if (System.getProperty(TorchEngine.THREADS_PROPERTY) == null) {
      System.setProperty(TorchEngine.THREADS_PROPERTY, Integer.toString(threads));
    }
    int found = TorchEngine.get().threads();
    if (found != threads) {
      throw new IllegalStateException(
          "The learner must compute on "
              + threads
              + " threads (learner.threads), but PyTorch in this process was started with "
              + found
              + ". Start it with -D"
              + TorchEngine.THREADS_PROPERTY
              + "="
              + threads
              + ".");
    }
  }

  static io.couplet.learning.LearnerSettings settings(RunConfig config) {
    LearnerSection learner = config.learner();
    return new io.couplet.learning.LearnerSettings(
        config.scoring().settings(),
        learner.clipLow(),
        learner.clipHigh(),
        learner.klBeta(),
        LossAggregation.valueOf(learner.lossAggregation().name()),
        true,
        List.of(),
        learner.refSyncSteps(),
        learner.refMixupAlpha(),
        learner.schedule() == LearningRateSchedule.CONSTANT
            ? LearningRate.constant(learner.learningRate(), learner.warmupSteps())
            : new LearningRate(
                learner.learningRate(),
                learner.warmupSteps(),
                learner.scheduleSteps(),
                FINAL_SHARE),
        new AdamWSettings(
            learner.beta1(),
            learner.beta2(),
            AdamWSettings.paper().epsilon(),
            learner.weightDecay(),
            learner.maxGradNorm()),
        learner.microBatchRows(),
        learner.lanes());
  }

  /** Of everything in the configuration that the weights depend on. */
  private static String fingerprint(RunConfig config) {
    String all = settings(config) + " " + TapeSettings.of(config).rules() + " " + config.seed();
    return Sha256.of(all.getBytes(StandardCharsets.UTF_8)).substring(0, FINGERPRINT_DIGITS);
  }

  @Override
  public void foresee(Group group) {
    String id = group.getGroup();
    learner.scoreAhead(
        id,
        () ->
            group.getMembers().stream()
                .map(
                    member ->
                        new CompletedPrompt(
                            id,
                            member.getMember(),
                            ints(member.getPromptIds()),
                            ints(member.getCompletionIds())))
                .toList());
  }

  @Override
  public void gather(Group group) {
    learner.gather(samples(group).toList());
  }

  @Override
  public UpdateSummary update(TapeBatch batch) {
    UpdateReport report =
        learner.update(batch.groups().stream().flatMap(group -> samples(group.group())).toList());
    return new UpdateSummary(
        report.outcome() == UpdateReport.Outcome.UPDATED,
        report.reason(),
        report.learningRate(),
        report.loss(),
        report.kl(),
        report.klMax(),
        report.clipLowShare(),
        report.clipHighShare(),
        report.ratioMax(),
        report.gradientNorm(),
        report.tokens(),
        report.gatheredSeconds());
  }

  private static Stream<TrainingSample> samples(Group group) {
    return group.getMembers().stream().map(member -> sample(group.getGroup(), member));
  }

  private static TrainingSample sample(String group, GroupMember member) {
    return new TrainingSample(
        group,
        member.getMember(),
        ints(member.getPromptIds()),
        ints(member.getCompletionIds()),
        member.getBehaviourScores().stream().map(PolicyTrainer::floats).toArray(float[][]::new),
        member.getAdvantage());
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  @Override
  public SequenceLimits limits() {
    ModelConfig model = learner.model();
    return new SequenceLimits(model.vocabSize(), model.maxPositionEmbeddings());
  }

  @Override
  public String weightsSha256() {
    return learner.weightsSha256();
  }

  @Override
  public void writePolicy(Path directory) throws IOException {
    learner.writePolicy(directory);
  }

  @Override
  public void exportState(Path file) throws IOException {
    learner.exportState(file);
  }

  @Override
  public void importState(Path file) throws IOException {
    learner.importState(file);
  }

  @Override
  public void adoptState(Path file) throws IOException {
    learner.adoptState(file);
  }

  @Override
  public Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>(TorchEngine.get().environment());
    environment.put("device", device.toString());
    environment.put("settings", settings);
    return environment;
  }

  @Override
  public void close() {
    learner.close();
  }
}
