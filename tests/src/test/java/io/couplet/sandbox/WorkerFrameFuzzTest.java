package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Frames of a sandbox worker that are not what they should be: a verdict, or the error that makes
 * the pool take another worker. Anything else would leave the job without an answer.
 */
class WorkerFrameFuzzTest {
  private static final long MOST_BYTES_PER_INPUT = 1 << 20;
  private static final SandboxJob JOB =
      new SandboxJob(
          "g/0",
          "x = 1",
          List.of("assert f(1) == 2", "assert f(2) == 3"),
          null,
          "f",
          1_000,
          OnTimeout.CASE);

  @Test
  void everyDamagedFrameIsAVerdictOrAnErrorOfTheWorker() throws Exception {
    List<byte[]> frames =
        List.of(
            utf8(
                "{\"cases\": [[\"PASSED\", 1.5, null], [\"PASSED\", 0.25, null]], \"parses\": true}"),
            utf8(
                "{\"cases\": [[\"FAILED\", 3.0, \"assert 1 == 2\"], [\"TIMEOUT\", 1000.0,"
                    + " \"ran out of time\"]], \"parses\": true}"),
            utf8(
                "{\"cases\": [[\"FAILED\", 0, \"SyntaxError\"], [\"SKIPPED\", 0, \"not run\"]],"
                    + " \"parses\": false}"),
            utf8("{\"invalid\": \"NUL bytes\", \"program_at_fault\": true}"));
    Fuzzing.run(
        Fuzzing.inputs(20_000),
        new Damage("frames", frames),
        MOST_BYTES_PER_INPUT,
        input -> {
          Verdict verdict;
          try {
            verdict = JobCodec.verdict(JOB, input);
          } catch (IOException e) {
            throw new Refusal(e);
          }
          assertThat(verdict.outcomeName()).isNotBlank();
          if (verdict.passRate().isPresent()) {
            assertThat(verdict.passRate().getAsDouble()).isBetween(0.0, 1.0);
            assertThat(verdict.cases()).hasSize(JOB.tests().size());
          }
          assertThat(verdict.reason().isPresent()).isEqualTo(!(verdict instanceof Verdict.Passed));
        });
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
