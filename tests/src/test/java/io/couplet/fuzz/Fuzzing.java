package io.couplet.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Gives a decoder damaged inputs: each is decoded or refused as the decoder promises, in bounded
 * memory, and none hangs. How many is said by the system property {@code fuzz.inputs}.
 */
public final class Fuzzing {
  /** Ages for a decoder that takes microseconds, whatever else the machine does. */
  private static final long MOST_MILLIS_PER_INPUT = 60_000;

  private static final long MILLIS_BETWEEN_LOOKS = 1_000;

  private Fuzzing() {}

  /** A decoder under test. */
  public interface Decoder {
    /** Returns when it has decoded; any exception but a {@link Refusal} is a defect. */
    void decode(byte[] input) throws Exception;
  }

  /** What a decoder under test does with an input that it does not take. */
  public static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    public Refusal(Throwable cause) {
      super(cause);
    }
  }

  /** How many inputs were taken and how many refused. */
  public record Outcome(long decoded, long refused) {}

  /** Inputs for each decoder, for a decoder that in the ordinary build gets so many. */
  public static int inputs(int ordinarily) {
    return Integer.getInteger("fuzz.inputs", ordinarily);
  }

  /**
   * Runs a decoder on damaged inputs.
   *
   * @param mostBytes that one input may have the decoder allocate
   * @return at least one input each was decoded and refused
   */
  public static Outcome run(int inputs, Supplier<byte[]> damaged, long mostBytes, Decoder decoder)
      throws InterruptedException {
    AtomicLong done = new AtomicLong();
    AtomicReference<byte[]> current = new AtomicReference<>(new byte[0]);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicLong refused = new AtomicLong();
    Thread worker =
        new Thread(
            () -> {
              try {
                ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                for (int i = 0; i < inputs; i++) {
                  byte[] input = damaged.get();
                  current.set(input);
                  long before = memory.getCurrentThreadAllocatedBytes();
                  try {
                    decoder.decode(input);
                  } catch (Refusal e) {
                    refused.incrementAndGet();
                  }
                  // The first inputs load classes.
                  if (i > inputs / 100) {
                    assertThat(memory.getCurrentThreadAllocatedBytes() - before)
                        .as("bytes allocated")
                        .isLessThan(mostBytes);
                  }
                  done.incrementAndGet();
                }
              } catch (Throwable e) {
                failure.set(e);
              }
            },
            "fuzzing");
    worker.setDaemon(true);
    worker.start();
    watch(worker, done, current);
    if (failure.get() != null) {
      throw new AssertionError(
          "Input " + done + " is a defect: " + shown(current.get()), failure.get());
    }
    long decoded = inputs - refused.get();
    assertThat(decoded).as("inputs decoded").isPositive();
    assertThat(refused.get()).as("inputs refused").isPositive();
    return new Outcome(decoded, refused.get());
  }

  private static void watch(Thread worker, AtomicLong done, AtomicReference<byte[]> current)
      throws InterruptedException {
    long seen = -1;
    long since = System.nanoTime();
    while (worker.isAlive()) {
      worker.join(MILLIS_BETWEEN_LOOKS);
      if (done.get() != seen) {
        seen = done.get();
        since = System.nanoTime();
      } else if ((System.nanoTime() - since) / 1_000_000 > MOST_MILLIS_PER_INPUT) {
        AssertionError hang =
            new AssertionError("Input " + seen + " hangs: " + shown(current.get()));
        hang.setStackTrace(worker.getStackTrace());
        throw hang;
      }
    }
  }

  private static String shown(byte[] input) {
    List<String> parts =
        input.length <= 4_096
            ? List.of(HexFormat.of().formatHex(input))
            : List.of(HexFormat.of().formatHex(input, 0, 4_096), "of", input.length + " bytes");
    return String.join(" ", parts);
  }
}
