package io.couplet.learner;

import io.couplet.learning.AdamWSettings;
import io.couplet.learning.TrainableWeights;
import io.couplet.model.ModelConfig;
import io.couplet.pretraining.InitialWeights;
import io.couplet.random.RandomStream;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupStatus;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A policy of a few thousand weights and groups that it can be trained on. */
public final class TinyTape {
  /** Completion tokens of every sample. */
  public static final int LENGTH = 6;

  private TinyTape() {}

  /** Writes the initial policy; the same bytes everywhere. */
  public static Path initialPolicy(Path directory) throws IOException {
    ModelConfig model =
        new ModelConfig(
            "Dream", 13, 16, 20, 2, 2, 1, 64, 100, 1e-6, false, true, 2, 0, 1, 1, "float32");
    System.setProperty("couplet.torch.threads", "1");
    Files.createDirectories(directory);
    DreamModule module = new DreamModule(model, ComputeDevice.CPU);
    DreamWeights weights = DreamWeights.zeros(module);
    weights.fill(new InitialWeights(model, 3));
    try (TrainableWeights trainable =
        new TrainableWeights(module, weights, AdamWSettings.paper())) {
      trainable.writePolicy(directory, null);
    }
    return directory;
  }

  /** Two samples of one policy version; without variance where the advantage is 0. */
  public static Group group(String run, String id, long version, float advantage) {
    List<GroupMember> members = new ArrayList<>();
    for (int m = 0; m < 2; m++) {
      RandomStream stream = RandomStream.named(1, "tape", id, m);
      List<Integer> completion = new ArrayList<>();
      for (int k = 0; k < LENGTH; k++) {
        completion.add(3 + stream.nextInt(10));
      }
      members.add(
          GroupMember.newBuilder()
              .setMember(m)
              .setPolicyVersion(version)
              .setPolicySha256("")
              .setPromptIds(List.of(4, 5, 6))
              .setCompletionIds(completion)
              .setBehaviourScores(List.of(Collections.nCopies(LENGTH, -3f)))
              .setRewards(List.of())
              .setReward(advantage)
              .setAdvantage(m == 0 ? advantage : -advantage)
              .build());
    }
    return Group.newBuilder()
        .setRun(run)
        .setGroup(id)
        .setSequence(0)
        .setEpoch(0)
        .setProblemId("p")
        .setStatus(GroupStatus.COMPLETE)
        .setSources(List.of())
        .setMembers(members)
        .setMinPolicyVersion(version)
        .setMaxPolicyVersion(version)
        .setOpenedMs(0)
        .setClosedMs(0)
        .build();
  }
}
