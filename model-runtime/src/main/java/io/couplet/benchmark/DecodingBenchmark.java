package io.couplet.benchmark;

import io.couplet.decoding.BatchDecoder;
import io.couplet.decoding.Completion;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.Denoiser;
import io.couplet.decoding.DenoisingRow;
import io.couplet.decoding.PlainDecoder;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.random.RandomStream;
import io.couplet.worker.LoadedPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decoding with the savings that change nothing against plain decoding, on the same prompts and
 * random streams: plain runs every step, projects every position, decodes one group at a time in
 * float32. The third alternative is the savings in bfloat16.
 */
public final class DecodingBenchmark {
  private static final int MAX_ROWS = 128;

  private final LoadedPolicy float32;
  private final LoadedPolicy bfloat16;
  private final List<String> prompts;
  private final int groupSize;
  private final DecodingSettings settings;

  /**
   * What was measured.
   *
   * @param plainSeconds median, whole workload
   * @param savingSeconds median, same workload
   * @param bfloat16Seconds median, same workload
   * @param speedup plain / saving, median of the rounds
   * @param bfloat16Speedup saving / bfloat16, median of the rounds
   * @param identicalSamples samples whose tokens, step map and stop reason agree with plain
   * @param bfloat16TokenAgreement share of completion tokens that agree with float32
   * @param tokensPerSecond committed tokens, with the savings
   * @param gigaflops operations of the matrix products per second, with the savings
   * @param plainGigaflops the same of plain decoding
   * @param peakGigaflops best rate of a large square product here, same threads
   */
  public record Result(
      int samples,
      int tokens,
      double plainSeconds,
      double savingSeconds,
      double bfloat16Seconds,
      double speedup,
      double bfloat16Speedup,
      int identicalSamples,
      double bfloat16TokenAgreement,
      double tokensPerSecond,
      double gigaflops,
      double plainGigaflops,
      double peakGigaflops) {
    /** Share of the measured peak that decoding with the savings reaches. */
    public double peakShare() {
      return gigaflops / peakGigaflops;
    }
  }

  public DecodingBenchmark(
      LoadedPolicy float32,
      LoadedPolicy bfloat16,
      List<String> prompts,
      int groupSize,
      DecodingSettings settings) {
    this.float32 = float32;
    this.bfloat16 = bfloat16;
    this.prompts = List.copyOf(prompts);
    this.groupSize = groupSize;
    this.settings = settings;
  }

  public Result run(int rounds) {
    ForwardCost plainCost = new ForwardCost(float32.denoiser());
    ForwardCost savingCost = new ForwardCost(float32.denoiser());
    List<Completion> plain = plain(plainCost);
    List<Completion> saving = saving(float32, savingCost);
    List<Completion> low = saving(bfloat16, bfloat16.denoiser());
    Interleaved times =
        new Interleaved()
            .add("plain", () -> plain(float32.denoiser()))
            .add("saving", () -> saving(float32, float32.denoiser()))
            .add("bfloat16", () -> saving(bfloat16, bfloat16.denoiser()))
            .run(rounds);
    int tokens = saving.stream().mapToInt(Completion::committed).sum();
    double seconds = times.median("saving");
    return new Result(
        saving.size(),
        tokens,
        times.median("plain"),
        seconds,
        times.median("bfloat16"),
        times.speedup("plain", "saving"),
        times.speedup("saving", "bfloat16"),
        identical(plain, saving),
        agreement(saving, low),
        tokens / seconds,
        savingCost.operations() / seconds / 1e9,
        plainCost.operations() / times.median("plain") / 1e9,
        MatrixPeak.gigaflops());
  }

  /** Completions of the workload, prompt after prompt, as training samples see them. */
  public List<CompletedPrompt> completions() {
    List<Completion> completions = saving(float32, float32.denoiser());
    return IntStream.range(0, completions.size())
        .mapToObj(
            i ->
                new CompletedPrompt(
                    "g" + i / groupSize,
                    i % groupSize,
                    completions.get(i).promptIds(),
                    completions.get(i).ids()))
        .toList();
  }

  private List<Completion> plain(Denoiser denoiser) {
    PlainDecoder decoder = new PlainDecoder(denoiser);
    List<Completion> completions = new ArrayList<>();
    for (int p = 0; p < prompts.size(); p++) {
      completions.addAll(
          decoder.decode(float32.encode(prompts.get(p)), settings, float32.special(), members(p)));
    }
    return completions;
  }

  private List<Completion> saving(LoadedPolicy policy, Denoiser denoiser) {
    List<DenoisingRow> rows = new ArrayList<>();
    for (int p = 0; p < prompts.size(); p++) {
      int[] prompt = policy.encode(prompts.get(p));
      for (RandomStream member : members(p)) {
        rows.add(new DenoisingRow(prompt, settings, policy.special(), member));
      }
    }
    return new BatchDecoder(denoiser, MAX_ROWS).decode(rows);
  }

  private List<RandomStream> members(int prompt) {
    return IntStream.range(0, groupSize)
        .mapToObj(member -> RandomStream.named(1, "benchmark", prompt, member))
        .toList();
  }

  private static int identical(List<Completion> expected, List<Completion> found) {
    return (int)
        IntStream.range(0, expected.size())
            .filter(
                i ->
                    Arrays.equals(expected.get(i).ids(), found.get(i).ids())
                        && Arrays.equals(expected.get(i).stepMap(), found.get(i).stepMap())
                        && expected.get(i).stopReason() == found.get(i).stopReason())
            .count();
  }

  private static double agreement(List<Completion> expected, List<Completion> found) {
    long same = 0;
    long all = 0;
    for (int i = 0; i < expected.size(); i++) {
      int[] one = expected.get(i).ids();
      int[] other = found.get(i).ids();
      int used = Math.max(expected.get(i).committed(), found.get(i).committed());
      all += used;
      same += IntStream.range(0, used).filter(k -> one[k] == other[k]).count();
    }
    return (double) same / all;
  }
}
