package io.couplet.bench;

import io.couplet.learner.LearnerOperator;
import io.couplet.learning.PolicyLearner;
import io.couplet.learning.TrainableWeights;
import io.couplet.sandbox.SandboxPool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Processor seconds that a run in this JVM has used so far, by part. What is not generation,
 * judging or learning is streaming and framework: broker, Flink, Kafka clients, gRPC, compiler and
 * garbage collector of this JVM.
 *
 * @param workers diffusion workers
 * @param sandbox judge, the programs under test, and the threads here that serve them
 * @param learning the learner's threads: updates, hashes, publication, scores of the reference
 * @param broker Kafka
 * @param threads the other Java threads of this JVM, by kind
 * @param machinery this JVM's compiler and garbage collector, and threads that have ended
 */
public record ProcessorTime(
    double workers,
    double sandbox,
    double learning,
    double broker,
    Map<String, Double> threads,
    double machinery) {
  private static final double TICKS_PER_SECOND = 100;
  private static final Set<String> LEARNING =
      Set.of(
          LearnerOperator.THREAD,
          PolicyLearner.REFERENCE_THREAD,
          TrainableWeights.GRADIENT_THREADS);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  public ProcessorTime {
    threads = Map.copyOf(threads);
  }

  /** Reads the clocks of Linux. */
  public static ProcessorTime now(List<Long> workerPids, List<Long> brokerPids) throws IOException {
    double workers = sum(workerPids);
    double broker = sum(brokerPids);
    Set<Long> known =
        ProcessHandle.current()
            .children()
            .map(ProcessHandle::pid)
            .filter(pid -> workerPids.contains(pid) || brokerPids.contains(pid))
            .collect(Collectors.toSet());
    double sandbox = ended(ProcessHandle.current().pid());
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      if (!known.contains(child.pid())) {
        sandbox += tree(child);
      }
    }
    Map<String, Double> threads = new TreeMap<>();
    double learning = 0;
    double java = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      double seconds =
          thread == null ? 0 : Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId())) / 1e9;
      java += seconds;
      if (thread == null) {
        continue;
      }
      if (LEARNING.stream().anyMatch(thread.getThreadName()::startsWith)) {
        learning += seconds;
      } else if (thread.getThreadName().startsWith(SandboxPool.THREADS)) {
        sandbox += seconds;
      } else {
        threads.merge(kind(thread.getThreadName()), seconds, Double::sum);
      }
    }
    double all = ticks(Path.of("/proc/self/stat"), 0, 2) / TICKS_PER_SECOND;
    return new ProcessorTime(workers, sandbox, learning, broker, threads, all - java);
  }

  /** What has been used since an earlier reading. */
  public ProcessorTime since(ProcessorTime before) {
    Map<String, Double> used = new TreeMap<>();
    threads.forEach(
        (kind, seconds) -> used.put(kind, seconds - before.threads.getOrDefault(kind, 0.0)));
    return new ProcessorTime(
        workers - before.workers,
        sandbox - before.sandbox,
        learning - before.learning,
        broker - before.broker,
        used,
        machinery - before.machinery);
  }

  /** Generation, judging and learning. */
  public double work() {
    return workers + sandbox + learning;
  }

  /** Streaming and framework code. */
  public double streaming() {
    return broker + machinery + threads.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  public double total() {
    return work() + streaming();
  }

  /** A name without what tells two threads of a kind apart. */
  private static String kind(String thread) {
    String name = thread.replaceAll("[0-9a-f]{8,}", "*").replaceAll("\\d+", "*");
    return name.length() > 60 ? name.substring(0, 60) : name;
  }

  private static double sum(List<Long> pids) throws IOException {
    double seconds = 0;
    for (long pid : pids) {
      seconds += ticks(Path.of("/proc/" + pid + "/stat"), 0, 2) / TICKS_PER_SECOND;
    }
    return seconds;
  }

  /** A process, its living descendants, and those that have ended and been collected. */
  private static double tree(ProcessHandle root) throws IOException {
    double ticks = ticks(Path.of("/proc/" + root.pid() + "/stat"), 0, 4);
    for (ProcessHandle each : root.descendants().toList()) {
      ticks += ticks(Path.of("/proc/" + each.pid() + "/stat"), 0, 4);
    }
    return ticks / TICKS_PER_SECOND;
  }

  private static double ended(long pid) throws IOException {
    return ticks(Path.of("/proc/" + pid + "/stat"), 2, 4) / TICKS_PER_SECOND;
  }

  /**
   * Clocks of a process: own user and system time, and the two of its collected children; 0 when
   * the process has gone meanwhile.
   */
  private static long ticks(Path stat, int from, int to) throws IOException {
    String line;
    try {
      line = Files.readString(stat);
    } catch (IOException e) {
      if (Files.exists(stat)) {
        throw e;
      }
      return 0;
    }
    // The name of the process, in brackets, may hold blanks; utime is the 12th field behind it.
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += Long.parseLong(fields[11 + i]);
    }
    return sum;
  }
}
