package io.couplet.local.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** Shows a person how a run goes. Thread-safe. */
public interface Display {
  /** Something happened while starting or stopping. */
  void note(String text);

  /** A new update was made. */
  void update(UpdateMetrics update);

  /** A new evaluation has come in. */
  void evaluated(HeldOut result);

  /** Time passes; called about twice a second. */
  void refresh(RunProgress.Snapshot state, Duration elapsed);

  /** One plain line for every event: for pipes and logs. */
  static Display plain(PrintWriter out) {
    return new PlainDisplay(out);
  }

  /** A panel that is redrawn in place: for terminals. */
  static Display terminal(PrintWriter out, String run, String web) {
    return new TerminalDisplay(out, run, web);
  }

  /** {@link #plain}. */
  record PlainDisplay(PrintWriter out) implements Display {
    @Override
    public void note(String text) {
      print(text);
    }

    @Override
    public void update(UpdateMetrics update) {
      if (update.step() > 0) {
        print(Panel.line(update));
      }
    }

    @Override
    public void evaluated(HeldOut result) {
      print(Panel.line(result));
    }

    @Override
    public void refresh(RunProgress.Snapshot state, Duration elapsed) {}

    private synchronized void print(String line) {
      out.println(line);
      out.flush();
    }
  }

  /** {@link #terminal}. */
  final class TerminalDisplay implements Display {
    private static final String CLEAR_LINE = "\u001B[2K";

    private final PrintWriter out;
    private final String run;
    private final String web;
    private String note = "";
    private int drawn;

    TerminalDisplay(PrintWriter out, String run, String web) {
      this.out = out;
      this.run = run;
      this.web = web;
    }

    @Override
    public synchronized void note(String text) {
      note = text;
    }

    @Override
    public void update(UpdateMetrics update) {}

    @Override
    public void evaluated(HeldOut result) {}

    @Override
    public synchronized void refresh(RunProgress.Snapshot state, Duration elapsed) {
      List<String> lines = Panel.lines(run, state, elapsed, note, web);
      StringBuilder frame = new StringBuilder();
      if (drawn > 0) {
        frame.append(String.format("\u001B[%dA", drawn));
      }
      for (String line : lines) {
        frame.append(CLEAR_LINE).append(line).append('\n');
      }
      // A shorter frame leaves lines of the one before it.
      for (int i = lines.size(); i < drawn; i++) {
        frame.append(CLEAR_LINE).append('\n');
      }
      drawn = Math.max(drawn, lines.size());
      out.print(frame);
      out.flush();
    }
  }
}
