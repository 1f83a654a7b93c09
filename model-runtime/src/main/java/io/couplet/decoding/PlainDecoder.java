package io.couplet.decoding;

import io.couplet.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decoding without any saving, as {@code diffusion_generate} does it: every step of the schedule
 * runs, every position of every row is projected and sampled, nothing stops early, one group at a
 * time. The yardstick for {@link BatchDecoder}, which must give the same completions.
 */
public final class PlainDecoder {
  private final Denoiser denoiser;

  public PlainDecoder(Denoiser denoiser) {
    this.denoiser = denoiser;
  }

  /** Decodes the members of one group, one per stream. */
  public List<Completion> decode(
      int[] prompt, DecodingSettings settings, SpecialTokens special, List<RandomStream> members) {
    List<Canvas> canvases = new ArrayList<>();
    members.forEach(member -> canvases.add(new Canvas(prompt, settings, special, member)));
    for (int step = 0; step < settings.steps(); step++) {
      Candidates candidates = denoiser.candidates(everyPosition(canvases, settings, step));
      int perRow = prompt.length + settings.length() - 1;
      for (int r = 0; r < canvases.size(); r++) {
        canvases.get(r).commit(candidates, r * perRow, step);
      }
    }
    return canvases.stream().map(canvas -> canvas.completion(special)).toList();
  }

  /** All positions of all rows but the first of each, which no position predicts. */
  private static DenoisingBatch everyPosition(
      List<Canvas> canvases, DecodingSettings settings, int step) {
    int size = canvases.get(0).tokens.length;
    int[] positions = IntStream.range(1, size).toArray();
    int queries = canvases.size() * positions.length;
    int[] queryRow = new int[queries];
    int[] queryPosition = new int[queries];
    float[] uniform = new float[queries];
    for (int n = 0; n < queries; n++) {
      queryRow[n] = n / positions.length;
      queryPosition[n] = positions[n % positions.length];
      uniform[n] = canvases.get(queryRow[n]).uniform(queryPosition[n], step);
    }
    DecodingSettings[] all = new DecodingSettings[canvases.size()];
    Arrays.fill(all, settings);
    return new DenoisingBatch(
        canvases.stream().map(canvas -> canvas.tokens).toArray(int[][]::new),
        queryRow,
        queryPosition,
        uniform,
        all);
  }

  private static final class Canvas {
    private final DecodingSettings settings;
    private final Timetable timetable;
    private final SampleNoise noise;
    private final int promptLength;
    private final int[] tokens;
    private final int[] stepMap;
    private final float[] confidences;

    Canvas(int[] prompt, DecodingSettings settings, SpecialTokens special, RandomStream random) {
      this.settings = settings;
      timetable = new Timetable(settings);
      noise = new SampleNoise(random, settings.length());
      promptLength = prompt.length;
      tokens = Arrays.copyOf(prompt, prompt.length + settings.length());
      Arrays.fill(tokens, prompt.length, tokens.length, special.mask());
      stepMap = new int[settings.length()];
      Arrays.fill(stepMap, -1);
      confidences = new float[settings.length()];
    }

    float uniform(int absolutePosition, int step) {
      int position = absolutePosition - promptLength;
      return position < 0 ? 0 : noise.candidate(step, position);
    }

    /** Position k of the completion has its candidate at offset + promptLength - 1 + k. */
    void commit(Candidates candidates, int offset, int step) {
      int first = offset + promptLength - 1;
      int[] open = IntStream.range(0, stepMap.length).filter(k -> stepMap[k] < 0).toArray();
      int[] transferred =
          settings.algorithm() == DecodingAlgorithm.ORIGIN
              ? Arrays.stream(open)
                  .filter(k -> noise.commit(step, k) < timetable.share(step))
                  .toArray()
              : ranked(candidates, first, open, step);
      for (int k : transferred) {
        tokens[promptLength + k] = candidates.tokens()[first + k];
        confidences[k] = candidates.confidences()[first + k];
        stepMap[k] = step;
      }
    }

    private int[] ranked(Candidates candidates, int first, int[] open, int step) {
      float[] offered = new float[open.length];
      for (int i = 0; i < open.length; i++) {
        offered[i] = candidates.confidences()[first + open[i]];
      }
      int count = timetable.commits(step, open.length);
      int[] chosen = CommitRule.choose(offered, open, count, settings.algTemp(), noise, step);
      return Arrays.stream(chosen).map(i -> open[i]).toArray();
    }

    Completion completion(SpecialTokens special) {
      int[] ids = Arrays.copyOfRange(tokens, promptLength, tokens.length);
      int[] prompt = Arrays.copyOf(tokens, promptLength);
      return Completion.cutAtStop(prompt, ids, stepMap, confidences, special, noise.name());
    }
  }
}
