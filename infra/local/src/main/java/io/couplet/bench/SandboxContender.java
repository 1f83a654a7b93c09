package io.couplet.bench;

import io.couplet.sandbox.OnTimeout;
import io.couplet.sandbox.SandboxJob;
import io.couplet.sandbox.SandboxPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A way of judging one completion; every one of them says how many assertions held. */
interface SandboxContender extends AutoCloseable {
  int judge(SandboxWorkload workload) throws Exception;

  @Override
  default void close() throws Exception {}

  /** The reference's way: a fresh interpreter for the program and each assertion. */
  static SandboxContender interpreterPerAssert(Path python) {
    return workload -> {
      int passed = 0;
      for (String test : workload.tests()) {
        if (run(List.of(python.toString(), "-c", workload.program() + "\n" + test)) == 0) {
          passed++;
        }
      }
      return passed;
    };
  }

  /** One fresh interpreter for the program and all assertions; without site packages, isolated. */
  static SandboxContender interpreterPerCompletion(Path python) {
    return workload -> {
      List<String> lines = new ArrayList<>(List.of(workload.program(), "passed = 0"));
      for (String test : workload.tests()) {
        lines.add("try:\n    " + test + "\n    passed += 1\nexcept Exception:\n    pass");
      }
      lines.add("import os\nos._exit(passed)");
      return run(List.of(python.toString(), "-I", "-S", "-c", String.join("\n", lines)));
    };
  }

  /** Couplet's pool, one completion after the other. */
  static SandboxContender pool(SandboxPool pool) {
    return workload ->
        (int)
            pool.submit(job(workload)).join().cases().stream()
                .filter(c -> c.outcome() == io.couplet.sandbox.CaseOutcome.PASSED)
                .count();
  }

  /** The floor: fork and reap in a warm interpreter, nothing judged. */
  static SandboxContender bareFork(Path python) throws IOException {
    String loop =
        "import os, sys\nfor line in sys.stdin:\n    pid = os.fork()\n    if pid == 0: os._exit(0)\n"
            + "    os.waitpid(pid, 0)\n    os.write(1, b'\\n')\n";
    Process process = new ProcessBuilder(python.toString(), "-I", "-S", "-c", loop).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return new SandboxContender() {
      @Override
      public int judge(SandboxWorkload workload) throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        if (out.readLine() == null) {
          throw new IOException("The forking interpreter ended");
        }
        return workload.tests().size();
      }

      @Override
      public void close() throws Exception {
        process.getOutputStream().close();
        process.waitFor();
      }
    };
  }

  static SandboxJob job(SandboxWorkload workload) {
    return new SandboxJob(
        "bench", workload.program(), workload.tests(), null, null, 10_000, OnTimeout.CASE);
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    return process.waitFor();
  }
}
