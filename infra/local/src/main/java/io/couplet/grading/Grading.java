package io.couplet.grading;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.cli.BadInputException;
import io.couplet.sandbox.OnTimeout;
import io.couplet.sandbox.SandboxPool;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Grades a file of submissions into a file of grades, in input order, holding no more than a window
 * of lines at a time.
 */
public final class Grading {
  private static final long FLUSH_NANOS = 500_000_000L;

  /**
   * How far a grading is.
   *
   * @param graded lines written by this run
   * @param resumed lines found in the output of an earlier run
   * @param bytesRead of the input
   * @param outcomes lines by outcome, resumed ones included
   */
  public record Progress(
      long graded, long resumed, long bytesRead, long inputBytes, Map<String, Long> outcomes) {
    public Progress {
      outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
    }
  }

  private final SandboxPool pool;
  private final int window;
  private final int timeoutMs;
  private final OnTimeout onTimeout;
  private final Consumer<Progress> listener;
  private final ArrayDeque<CompletableFuture<Grade>> inFlight = new ArrayDeque<>();
  private final Map<String, Long> outcomes = new TreeMap<>();
  private long graded;
  private long resumed;
  private long inputBytes;
  private long flushed = System.nanoTime();

  /**
   * @param window submissions that may be in flight, at least 1; bounds the memory
   * @param timeoutMs per case, for lines that set none
   * @param listener told about twice a second, on the calling thread
   */
  public Grading(
      SandboxPool pool,
      int window,
      int timeoutMs,
      OnTimeout onTimeout,
      Consumer<Progress> listener) {
    this.pool = pool;
    this.window = window;
    this.timeoutMs = timeoutMs;
    this.onTimeout = onTimeout;
    this.listener = listener;
  }

  /**
   * Grades the whole input.
   *
   * @param resume keep the complete lines of an existing output and go on after them
   * @throws BadInputException when the existing output belongs to another input
   */
  public Progress run(Path input, Path output, boolean resume) throws IOException {
    inputBytes = Files.size(input);
    try (LineReader lines =
        new LineReader(new BufferedInputStream(Files.newInputStream(input), 1 << 16))) {
      if (resume && Files.exists(output)) {
        skipGraded(lines, input, output);
      } else {
        Files.write(output, new byte[0]);
      }
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(output, StandardOpenOption.APPEND), 1 << 16)) {
        for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
          inFlight.addLast(grade(Submission.read(line, timeoutMs, onTimeout)));
          while (inFlight.size() >= window
              || (!inFlight.isEmpty() && inFlight.peekFirst().isDone())) {
            write(out, lines);
          }
        }
        while (!inFlight.isEmpty()) {
          write(out, lines);
        }
      }
      Progress done = progress(lines);
      listener.accept(done);
      return done;
    }
  }

  private CompletableFuture<Grade> grade(Submission submission) {
    if (submission instanceof Submission.Code code) {
      return pool.submit(code.job()).thenApply(verdict -> Grade.of(code.id(), verdict));
    }
    if (submission instanceof Submission.WellFormed model) {
      return pool.submit(model.job())
          .thenApply(verdict -> Grade.of(model.id(), model.completion(), verdict));
    }
    return CompletableFuture.completedFuture(
        submission instanceof Submission.IllFormed other
            ? Grade.illFormed(other)
            : Grade.malformed((Submission.Malformed) submission));
  }

  private void write(OutputStream out, LineReader lines) throws IOException {
    Grade grade = inFlight.removeFirst().join();
    out.write(Submission.JSON.writeValueAsBytes(grade.line()));
    out.write('\n');
    graded++;
    outcomes.merge(grade.outcome(), 1L, Long::sum);
    if (System.nanoTime() - flushed > FLUSH_NANOS) {
      out.flush();
      flushed = System.nanoTime();
      listener.accept(progress(lines));
    }
  }

  private Progress progress(LineReader lines) {
    return new Progress(graded, resumed, lines.bytesRead(), inputBytes, outcomes);
  }

  /** Drops an unfinished last line of the output and skips what the other lines answer. */
  private void skipGraded(LineReader submissions, Path input, Path output) throws IOException {
    dropUnfinishedLine(output);
    try (LineReader grades =
        new LineReader(new BufferedInputStream(Files.newInputStream(output), 1 << 16))) {
      for (LineReader.Line grade = grades.next(); grade != null; grade = grades.next()) {
        JsonNode before = grade.text() == null ? null : parsed(grade.text());
        LineReader.Line line = submissions.next();
        if (before == null || !before.path("outcome").isTextual() || line == null) {
          throw otherInput(input, output, grade.number());
        }
        JsonNode id = Submission.read(line, timeoutMs, onTimeout).id();
        if (!id.equals(before.path("id"))) {
          throw otherInput(input, output, grade.number());
        }
        resumed++;
        outcomes.merge(before.path("outcome").asText(), 1L, Long::sum);
      }
    }
  }

  private static JsonNode parsed(String line) {
    try {
      return Submission.JSON.readTree(line);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return null;
    }
  }

  private static BadInputException otherInput(Path input, Path output, long number) {
    return new BadInputException(
        "Cannot resume: line "
            + number
            + " of "
            + output
            + " is not the grade of the corresponding line of "
            + input
            + ". Name another output, or leave out --resume to start over.");
  }

  private static void dropUnfinishedLine(Path output) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "rw")) {
      long end = file.length();
      byte[] block = new byte[1 << 16];
      while (end > 0) {
        int size = (int) Math.min(block.length, end);
        file.seek(end - size);
        file.readFully(block, 0, size);
        for (int i = size - 1; i >= 0; i--) {
          if (block[i] == '\n') {
            file.setLength(end - size + i + 1);
            return;
          }
        }
        end -= size;
      }
      file.setLength(0);
    }
  }
}
