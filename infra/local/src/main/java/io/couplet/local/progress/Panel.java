package io.couplet.local.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Draws a state of the run as lines of text. */
final class Panel {
  private static final int SPARK_WIDTH = 40;

  private Panel() {}

  /** The whole state, for a terminal that is redrawn. */
  static List<String> lines(
      String run, RunProgress.Snapshot state, Duration elapsed, String note, String web) {
    List<String> lines = new ArrayList<>();
    UpdateMetrics update = state.latest().orElse(null);
    lines.add("");
    lines.add(
        "couplet run " + run + "   " + where(update, state) + "   " + time(elapsed) + "   " + note);
    if (update != null && update.step() > 0) {
      lines.add(
          row(
              "reward",
              format("%.3f", update.rewardMean())
                  + "  "
                  + Sparkline.of(state.rewards(), SPARK_WIDTH)
                  + format("  zero variance %.0f %%", 100 * update.zeroVarianceShare())));
    }
    if (!state.heldOut().isEmpty()) {
      lines.add(row("held-out", heldOut(state.heldOut())));
    }
    if (update != null && update.step() > 0) {
      lines.add(
          row(
              "rollouts",
              format(
                  "%.1f/s   %,.0f tokens/s   staleness p50 %.0f  p95 %.0f  max %d versions",
                  update.rolloutsPerSecond(),
                  update.tokensPerSecond(),
                  update.staleness().p50(),
                  update.staleness().p95(),
                  update.staleness().max())));
      lines.add(row("update", describe(update)));
      lines.add(row("seconds", seconds(update.seconds())));
      lines.add(row("groups", groups(state)));
    }
    lines.add(row("web UI", web));
    lines.add(row("", "Ctrl-C stops cleanly; the same command goes on from here"));
    return lines;
  }

  /** One update as one line, for logs and pipes. */
  static String line(UpdateMetrics update) {
    return format(
        "step %d  version %d  reward %.3f  loss %.4f  kl %.4f  gradient %.3f  staleness p50 %.0f max"
            + " %d  %.1f rollouts/s  %s%s",
        update.step(),
        update.version(),
        update.rewardMean(),
        update.loss(),
        update.kl(),
        update.gradientNorm(),
        update.staleness().p50(),
        update.staleness().max(),
        update.rolloutsPerSecond(),
        seconds(update.seconds()),
        update.skipped() ? "  SKIPPED: the gradient was not finite" : "");
  }

  /** One evaluation as one line. */
  static String line(HeldOut result) {
    return format("held-out pass@1 %.3f at step %d", result.passAt1(), result.step());
  }

  private static String where(UpdateMetrics update, RunProgress.Snapshot state) {
    if (update == null) {
      return "starting";
    }
    return "step " + step(update.step(), state.untilStep()) + "   policy v" + update.version();
  }

  /** The learner may make another update or two before it hears that it is to stop. */
  private static String step(long made, Optional<Long> until) {
    if (until.isEmpty()) {
      return Long.toString(made);
    }
    long last = until.get();
    return Math.min(made, last)
        + "/"
        + last
        + (made > last ? " (and " + (made - last) + " more while stopping)" : "");
  }

  private static String heldOut(List<HeldOut> results) {
    HeldOut base = results.get(0);
    HeldOut latest = results.get(results.size() - 1);
    String text = format("pass@1 %.3f at step %d  ", latest.passAt1(), latest.step());
    if (latest.step() == base.step()) {
      return text;
    }
    return text
        + Sparkline.of(results.stream().map(HeldOut::passAt1).toList(), SPARK_WIDTH)
        + format(
            "  %+.1f points since step %d", 100 * (latest.passAt1() - base.passAt1()), base.step());
  }

  private static String describe(UpdateMetrics update) {
    return format(
            "loss %.4f   kl %.4f   clipped %.1f %% low %.1f %% high   gradient %.3f   learning rate"
                + " %.1e",
            update.loss(),
            update.kl(),
            100 * update.clipLowShare(),
            100 * update.clipHighShare(),
            update.gradientNorm(),
            update.learningRate())
        + (update.skipped() ? "   SKIPPED: the gradient was not finite" : "");
  }

  private static String groups(RunProgress.Snapshot state) {
    String drops =
        new TreeMap<>(state.drops())
            .entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    return format("%,d consumed", state.consumedGroups())
        + (drops.isEmpty() ? "" : "   left out: " + drops);
  }

  private static String seconds(Map<String, Double> seconds) {
    return new TreeMap<>(seconds)
        .entrySet().stream()
            .map(entry -> entry.getKey() + format(" %.2f", entry.getValue()))
            .collect(Collectors.joining("  "));
  }

  private static String time(Duration elapsed) {
    return elapsed.toHours() > 0
        ? format("%d h %02d min", elapsed.toHours(), elapsed.toMinutesPart())
        : format("%d min %02d s", elapsed.toMinutes(), elapsed.toSecondsPart());
  }

  private static String row(String name, String text) {
    return format("  %-10s %s", name, text);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
