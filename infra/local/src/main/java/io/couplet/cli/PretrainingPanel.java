package io.couplet.cli;

import io.couplet.pretraining.PretrainingProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** The progress of a pre-training: a bar for a person, a line every few seconds for a log. */
final class PretrainingPanel implements AutoCloseable {
  private static final long BAR_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;
  private static final int WIDTH = 30;
  private static final double SMOOTHING = 0.95;

  private final PrintWriter out;
  private final boolean interactive;
  private long nextAt = System.nanoTime();
  private double smoothLoss = Double.NaN;

  PretrainingPanel(PrintWriter out, boolean interactive) {
    this.out = out;
    this.interactive = interactive;
  }

  void show(PretrainingProgress progress) {
    double loss = progress.maskedCrossEntropy();
    smoothLoss = Double.isNaN(smoothLoss) ? loss : SMOOTHING * smoothLoss + (1 - SMOOTHING) * loss;
    long now = System.nanoTime();
    if (now < nextAt && progress.step() < progress.steps()) {
      return;
    }
    nextAt = now + (interactive ? BAR_NANOS : LINE_NANOS);
    String text =
        String.format(
            Locale.ROOT,
            "step %d/%d  loss %.3f  %,.0f tokens/s  %s left",
            progress.step(),
            progress.steps(),
            smoothLoss,
            progress.tokensPerSecond(),
            minutes(progress.secondsLeft()));
    if (interactive) {
      int filled = (int) (WIDTH * progress.step() / progress.steps());
      out.print("\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + text + "   ");
    } else {
      out.println(text);
    }
    out.flush();
  }

  private static String minutes(double seconds) {
    Duration left = Duration.ofSeconds(Math.round(seconds));
    return "%d:%02d".formatted(left.toMinutes(), left.toSecondsPart());
  }

  @Override
  public void close() {
    if (interactive) {
      out.println();
      out.flush();
    }
  }
}
