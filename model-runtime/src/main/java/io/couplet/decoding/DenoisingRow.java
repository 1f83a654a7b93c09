package io.couplet.decoding;

import io.couplet.random.RandomStream;
import java.util.Arrays;

/**
 * One sequence while it is decoded: prompt ++ completion, the mask token where undecided. It says
 * which positions it wants candidates for, takes them, and commits some; a committed token is never
 * revisited. What it does depends on the candidates for its own tokens and on its own random stream
 * only. Steps that commit nothing are passed over without asking for anything. Not thread-safe.
 */
public final class DenoisingRow {
  private final DecodingSettings settings;
  private final SpecialTokens special;
  private final SampleNoise noise;
  private final Timetable timetable;
  private final int promptLength;
  private final int[] tokens; // [P + L]
  private final int[] stepMap; // [L]
  private final float[] confidences; // [L]
  private int step;
  private int masked;
  private int settled; // leading completion positions that are committed
  private int[] queried = {}; // completion positions asked for at the current step, ascending
  private boolean finished;

  /**
   * @param prompt at least one token, not padded
   * @throws IllegalArgumentException if the prompt is empty
   */
  public DenoisingRow(
      int[] prompt, DecodingSettings settings, SpecialTokens special, RandomStream random) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("The prompt is empty; a prompt needs at least one token");
    }
    this.settings = settings;
    this.special = special;
    noise = new SampleNoise(random, settings.length());
    timetable = new Timetable(settings);
    promptLength = prompt.length;
    tokens = Arrays.copyOf(prompt, prompt.length + settings.length());
    Arrays.fill(tokens, prompt.length, tokens.length, special.mask());
    stepMap = new int[settings.length()];
    Arrays.fill(stepMap, -1);
    confidences = new float[settings.length()];
    masked = settings.length();
    ask();
  }

  public DecodingSettings settings() {
    return settings;
  }

  /** Nothing is left to decide: everything up to the first stop token, or everything. */
  public boolean finished() {
    return finished;
  }

  /** The step that the next {@link #commit} is for, 0 .. steps - 1. */
  public int step() {
    return step;
  }

  /** Prompt and completion tokens, P + L. */
  public int size() {
    return tokens.length;
  }

  /** A copy of the completion tokens, the mask token where undecided. */
  public int[] completionTokens() {
    return Arrays.copyOfRange(tokens, promptLength, tokens.length);
  }

  /** The live tokens, for a batch that is read before the next commit. */
  int[] tokens() {
    return tokens;
  }

  int promptLength() {
    return promptLength;
  }

  /** Completion positions to ask for now, ascending; empty when finished. Not to be changed. */
  int[] queried() {
    return queried;
  }

  /** The number in [0, 1) that picks the candidate at a completion position, this step. */
  float uniform(int position) {
    return settings.temperature() == 0 ? 0 : noise.candidate(step, position);
  }

  /**
   * Takes one candidate for each queried position, commits what the step commits and goes on to the
   * next step that commits something.
   *
   * @param candidates from {@code offset} on, in the order of {@link #queried()}
   * @throws IllegalStateException if a confidence is not a number
   */
  void commit(Candidates candidates, int offset) {
    float[] offered = Arrays.copyOfRange(candidates.confidences(), offset, offset + queried.length);
    requireNumbers(offered);
    for (int i : chosen(offered)) {
      int position = queried[i];
      tokens[promptLength + position] = candidates.tokens()[offset + i];
      stepMap[position] = step;
      confidences[position] = offered[i];
      masked--;
    }
    step++;
    if (masked == 0 || settledAtStop()) {
      finish();
    } else {
      ask();
    }
  }

  private int[] chosen(float[] offered) {
    if (settings.algorithm() == DecodingAlgorithm.ORIGIN) {
      int[] all = new int[queried.length]; // only the transferred positions were asked for
      Arrays.setAll(all, i -> i);
      return all;
    }
    int count = timetable.commits(step, masked);
    return CommitRule.choose(offered, queried, count, settings.algTemp(), noise, step);
  }

  /** Moves to the next step that commits something and sets what it asks for. */
  private void ask() {
    int[] open = maskedPositions();
    while (true) {
      if (settings.algorithm() == DecodingAlgorithm.ORIGIN) {
        float share = timetable.share(step);
        queried = Arrays.stream(open).filter(k -> noise.commit(step, k) < share).toArray();
      } else {
        queried = timetable.commits(step, masked) > 0 ? open : new int[0];
      }
      if (queried.length > 0) {
        return;
      }
      step++;
    }
  }

  private int[] maskedPositions() {
    int[] open = new int[masked];
    int found = 0;
    for (int k = 0; k < stepMap.length; k++) {
      if (stepMap[k] < 0) {
        open[found++] = k;
      }
    }
    return open;
  }

  /** Whether everything up to and including a first stop token is committed. */
  private boolean settledAtStop() {
    while (settled < stepMap.length && stepMap[settled] >= 0) {
      if (special.isStop(tokens[promptLength + settled])) {
        return true;
      }
      settled++;
    }
    return false;
  }

  private void finish() {
    finished = true;
    queried = new int[0];
  }

  /**
   * The result.
   *
   * @throws IllegalStateException while not finished
   */
  public Completion completion() {
    if (!finished) {
      throw new IllegalStateException(
          "The row is at step " + step + " of " + settings.steps() + " and not finished");
    }
    int[] prompt = Arrays.copyOf(tokens, promptLength);
    return Completion.cutAtStop(
        prompt, completionTokens(), stepMap, confidences, special, noise.name());
  }

  private void requireNumbers(float[] offered) {
    for (int i = 0; i < offered.length; i++) {
      if (Float.isNaN(offered[i])) {
        throw new IllegalStateException(
            "The policy gave a confidence that is not a number for completion position "
                + queried[i]
                + " at step "
                + step
                + " of sample "
                + noise.name()
                + "; its weights or activations hold NaN or infinity");
      }
    }
  }
}
