package io.couplet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A million damaged records, or so many of each type as {@code fuzz.inputs} says: each is a typed
 * fault, or a record that can be written again in no more bytes, in little memory.
 */
class DecoderFuzzTest {
  private static final int MUTANTS = 1_000_000;

  /** A few objects for each byte, and the reader of a schema. */
  private static final long MOST_BYTES_PER_INPUT = 1 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void everyMutantIsARecordOrATypedFault() {
    SplittableRandom random = new SplittableRandom(20_261_123);
    List<Examples.Example<?>> examples = Examples.all();
    Map<UndecodableRecordException.Fault, Integer> faults =
        new EnumMap<>(UndecodableRecordException.Fault.class);
    int each = Integer.getInteger("fuzz.inputs", MUTANTS / examples.size() + 1);
    int decoded = 0;
    for (Examples.Example<?> example : examples) {
      decoded += fuzz(example, each, random, faults);
    }
    int refused = faults.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(decoded + refused).isEqualTo(each * examples.size());
    assertThat(decoded).as("mutants that still are records").isPositive();
    assertThat(faults)
        .containsKeys(
            UndecodableRecordException.Fault.TRUNCATED,
            UndecodableRecordException.Fault.MALFORMED,
            UndecodableRecordException.Fault.TRAILING_BYTES,
            UndecodableRecordException.Fault.UNKNOWN_SCHEMA);
  }

  private static <T extends SpecificRecordBase> int fuzz(
      Examples.Example<T> example,
      int mutants,
      SplittableRandom random,
      Map<UndecodableRecordException.Fault, Integer> faults) {
    RecordCodec<T> codec = RecordCodec.of(example.topic());
    byte[] original = codec.encode(example.value());
    int decoded = 0;
    for (int i = 0; i < mutants; i++) {
      byte[] mutant = mutant(original, random);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        T value = codec.decode(mutant);
        decoded++;
        byte[] again = codec.encode(value);
        assertThat(again.length).isLessThanOrEqualTo(mutant.length);
        assertThat(codec.encode(codec.decode(again))).isEqualTo(again);
      } catch (UndecodableRecordException e) {
        faults.merge(e.fault(), 1, Integer::sum);
      }
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .isLessThan(MOST_BYTES_PER_INPUT);
    }
    return decoded;
  }

  /** Mostly leaves the header alone, for behind it is where decoders break. */
  private static byte[] mutant(byte[] original, SplittableRandom random) {
    int first = random.nextInt(20) == 0 ? 0 : RecordCodec.HEADER_BYTES;
    byte[] bytes = original.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(16));
      case 2 -> {
        int from = random.nextInt(first, bytes.length);
        int to = random.nextInt(from, bytes.length);
        Arrays.fill(bytes, from, to, (byte) random.nextInt(256));
      }
      case 3 -> {
        for (int flips = random.nextInt(1, 9); flips > 0; flips--) {
          bytes[random.nextInt(first, bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      default -> {
        // A huge varint somewhere: lengths and counts that lie.
        int at = random.nextInt(first, bytes.length);
        for (int i = at; i < Math.min(at + random.nextInt(10), bytes.length); i++) {
          bytes[i] |= (byte) 0x80;
        }
      }
    }
    return bytes;
  }
}
