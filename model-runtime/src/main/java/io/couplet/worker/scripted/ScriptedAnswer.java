package io.couplet.worker.scripted;

import io.couplet.decoding.DecodingSettings;
import io.couplet.random.RandomStream;
import io.couplet.worker.Protocol;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.GenerateResponse;
import io.couplet.worker.v1.Sample;
import io.couplet.worker.v1.Scores;
import io.couplet.worker.v1.Timings;
import java.util.Arrays;
import java.util.List;

/**
 * Answers a request from a script. Every choice and number is drawn from the stream named by (seed,
 * purpose, group, member), so any scripted worker gives the same samples for the same request.
 */
final class ScriptedAnswer {
  private final ScriptTokens tokens;
  private final GenerateRequest request;
  private final DecodingSettings settings;
  private final Script.Entry script;

  ScriptedAnswer(ScriptTokens tokens, GenerateRequest request, Script.Entry script) {
    this.tokens = tokens;
    this.request = request;
    this.settings = Protocol.decoding(request.getDecoding());
    this.script = script;
  }

  GenerateResponse response(String worker, double decodeMs) {
    GenerateResponse.Builder response =
        GenerateResponse.newBuilder()
            .setPolicy(request.getPolicy())
            .setGroup(request.getGroup())
            .setWorker(worker);
    int[] promptIds = tokens.encode(request.getPrompt());
    for (int member = 0; member < request.getGroupSize(); member++) {
      response.addSamples(sample(member, promptIds));
    }
    return response
        .setTimings(Timings.newBuilder().setDecodeMs(decodeMs).setDenoisingSteps(settings.steps()))
        .build();
  }

  private Sample sample(int member, int[] promptIds) {
    String purpose = request.getPurpose().isEmpty() ? Protocol.ROLLOUT : request.getPurpose();
    RandomStream random =
        RandomStream.named(request.getSeed(), purpose, request.getGroup(), member);
    List<String> choices =
        random.nextDouble() < script.solveRate() ? script.solutions() : script.corruptions();
    int[] text = tokens.encode(choices.get(random.nextInt(choices.size())));
    boolean stops = text.length < settings.length();
    int used = stops ? text.length + 1 : settings.length();
    int[] completion = Arrays.copyOf(text, settings.length());
    if (stops) {
      completion[text.length] = tokens.stopToken();
      Arrays.fill(completion, used, completion.length, tokens.padToken());
    }
    Sample.Builder sample =
        Sample.newBuilder()
            .setMember(member)
            .setText(tokens.decode(Arrays.copyOf(text, Math.min(text.length, used))))
            .setStopReason(stops ? "STOP_TOKEN" : "LENGTH")
            .setSeed(random.name());
    Arrays.stream(promptIds).forEach(sample::addPromptIds);
    Arrays.stream(completion).forEach(sample::addCompletionIds);
    addSteps(sample, used, random);
    for (int iteration = 0; iteration < innerIterations(); iteration++) {
      sample.addBehaviourScores(scores(random));
    }
    return sample.build();
  }

  private int innerIterations() {
    return request.hasScoring() ? Protocol.scoring(request.getScoring()).innerIterations() : 0;
  }

  /** Positions are committed from left to right with some disorder, spread over all steps. */
  private void addSteps(Sample.Builder sample, int used, RandomStream random) {
    for (int k = 0; k < settings.length(); k++) {
      if (k >= used) {
        sample.addStepMap(-1).addConfidences(0);
        continue;
      }
      double order = (k + 4 * random.nextDouble()) / (used + 4);
      sample.addStepMap((int) (order * settings.steps()));
      sample.addConfidences(-2 * random.nextFloat());
    }
  }

  /** Log-probabilities as a model's would look: negative, mostly near zero. */
  private Scores scores(RandomStream random) {
    Scores.Builder scores = Scores.newBuilder();
    for (int k = 0; k < settings.length(); k++) {
      scores.addValues((float) (0.5 * Math.log(1 - random.nextDouble())));
    }
    return scores.build();
  }
}
