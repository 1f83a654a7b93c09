package io.couplet.cli;

import io.couplet.decoding.DenoisingRow;
import io.couplet.worker.LoadedPolicy;
import java.io.PrintWriter;

/**
 * A completion while it is denoised: undecided tokens as dots. On a terminal each state is drawn
 * over the one before it; elsewhere each is a line.
 */
abstract class DenoisingDisplay implements AutoCloseable {
  private static final String UNDECIDED = "·";

  private final LoadedPolicy policy;

  private DenoisingDisplay(LoadedPolicy policy) {
    this.policy = policy;
  }

  static DenoisingDisplay on(
      PrintWriter out, boolean terminal, String prompt, LoadedPolicy policy) {
    return terminal ? new Animated(out, prompt, policy) : new Lines(out, policy);
  }

  abstract void show(DenoisingRow row) throws InterruptedException;

  @Override
  public abstract void close();

  /** The text so far; a run of decided tokens is decoded as a whole, specials stay visible. */
  String text(DenoisingRow row) {
    int mask = policy.special().mask();
    StringBuilder text = new StringBuilder();
    int[] tokens = row.completionTokens();
    int from = 0;
    for (int k = 0; k <= tokens.length; k++) {
      if (k == tokens.length || tokens[k] == mask) {
        text.append(policy.decode(java.util.Arrays.copyOfRange(tokens, from, k)));
        text.append(k == tokens.length ? "" : UNDECIDED);
        from = k + 1;
      }
    }
    return text.toString();
  }

  private static final class Lines extends DenoisingDisplay {
    private final PrintWriter out;

    Lines(PrintWriter out, LoadedPolicy policy) {
      super(policy);
      this.out = out;
    }

    @Override
    void show(DenoisingRow row) {
      out.printf("%4d  %s%n", row.step(), text(row).replace("\n", "\\n"));
    }

    @Override
    public void close() {
      out.flush();
    }
  }

  private static final class Animated extends DenoisingDisplay {
    private static final long FRAME_MS = 60;
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String DIM = "\u001b[2m";
    private static final String NORMAL = "\u001b[0m";

    private final PrintWriter out;
    private final String prompt;
    private int drawnLines;

    Animated(PrintWriter out, String prompt, LoadedPolicy policy) {
      super(policy);
      this.out = out;
      this.prompt = prompt;
      out.print(HIDE_CURSOR);
    }

    @Override
    void show(DenoisingRow row) throws InterruptedException {
      erase();
      String state = DIM + prompt + NORMAL + text(row);
      out.println(state);
      out.flush();
      drawnLines = (int) state.lines().count();
      Thread.sleep(FRAME_MS);
    }

    private void erase() {
      if (drawnLines > 0) {
        out.print("\u001b[" + drawnLines + "A\r" + CLEAR_BELOW);
      }
    }

    @Override
    public void close() {
      erase();
      out.print(SHOW_CURSOR);
      out.flush();
    }
  }
}
