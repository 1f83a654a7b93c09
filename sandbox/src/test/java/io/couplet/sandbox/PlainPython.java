package io.couplet.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Judges cases without a sandbox: a fresh interpreter for each, program and test in one module. For
 * programs of our own only.
 */
final class PlainPython {
  private static final int PASSED = 42;

  /** As far as the sandbox itself stretches a limit on a crowded machine. */
  private static final int STRETCH = 8;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path interpreter;
  private final String script;

  PlainPython(Path interpreter) {
    this.interpreter = interpreter;
    try (InputStream in = PlainPython.class.getResourceAsStream("/plain/one_case.py")) {
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which cases of a job pass. A case far beyond the job's limit does not. */
  List<Boolean> passes(SandboxJob job) {
    return job.tests().stream().map(test -> passes(job, test)).toList();
  }

  private boolean passes(SandboxJob job, String test) {
    ObjectNode message = JSON.createObjectNode();
    message.put("program", job.program());
    message.put("setup", job.setup());
    message.put("test", test);
    message.put("entry", job.entryPoint());
    message.put("completed", test.startsWith("def test"));
    try {
      Process process =
          new ProcessBuilder(interpreter.toString(), "-I", "-S", "-c", script)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(JSON.writeValueAsBytes(message));
      }
      if (!process.waitFor((long) STRETCH * job.timeoutMs(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        return false;
      }
      return process.exitValue() == PASSED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while plain Python judged " + job.id(), e);
    }
  }
}
