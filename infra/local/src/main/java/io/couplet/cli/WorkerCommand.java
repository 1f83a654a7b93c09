package io.couplet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.local.process.ParentWatch;
import io.couplet.policy.ObjectStore;
import io.couplet.policy.PolicyStore;
import io.couplet.store.ObjectStores;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import io.couplet.torch.TorchEngine;
import io.couplet.worker.DiffusionWorker;
import io.couplet.worker.MutualTls;
import io.couplet.worker.TorchLoadedPolicy;
import io.couplet.worker.WorkerAddress;
import io.couplet.worker.scripted.PolicyTokens;
import io.couplet.worker.scripted.Script;
import io.couplet.worker.scripted.ScriptTokens;
import io.couplet.worker.scripted.ScriptedWorker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet worker}: a diffusion worker process. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = {
      "Serves a policy to rollout jobs over gRPC: decodes whole groups and scores them.",
      "Prints one line when it is ready. Stops on SIGTERM after finishing what it has accepted."
    })
final class WorkerCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(15);

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      description =
          "Where to listen; port 0 takes a free one (default: ${DEFAULT-VALUE}). Beyond loopback,"
              + " use --tls-*: without it whoever reaches the port may call.")
  private String listen;

  @Option(
      names = "--store",
      paramLabel = "URI",
      description =
          "Policy store of the run: a directory, file: or s3: URI. Required unless --scripted.")
  private String store;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where policies of a store that is not a local directory are kept")
  private Path cache;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu, gpu0, gpu1, ... (default: ${DEFAULT-VALUE})")
  private String device;

  @Option(
      names = "--precision",
      defaultValue = "float32",
      description =
          "Arithmetic of decoding: float32, bfloat16 or auto, which is bfloat16 where the device"
              + " has instructions for it; scores are always float32 (default: ${DEFAULT-VALUE})")
  private String precision;

  @Option(
      names = "--threads",
      description = "Compute threads on the processor (default: one per core)")
  private Integer threads;

  @Option(
      names = "--max-rows",
      defaultValue = "128",
      description = "Most samples decoded together (default: ${DEFAULT-VALUE})")
  private int maxRows;

  @Option(
      names = "--queue",
      defaultValue = "64",
      description = "Most groups that wait; more are sent elsewhere (default: ${DEFAULT-VALUE})")
  private int queue;

  @Option(names = "--name", description = "Name in answers and records (default: the address)")
  private String name;

  @Option(
      names = "--scripted",
      paramLabel = "FILE",
      description =
          "No model: answer from JSON Lines of {problem_id, solutions, corruptions, solve_rate}."
              + " For tests and load measurements.")
  private Path scripted;

  @Option(
      names = "--scripted-tokens",
      paramLabel = "DIR",
      description = "Policy directory whose tokenizer a scripted worker uses (default: bytes)")
  private Path scriptedTokens;

  @Option(
      names = "--scripted-latency-ms",
      defaultValue = "0",
      description = "Milliseconds that a scripted worker takes for each sample of a group")
  private double scriptedLatencyMs;

  @ArgGroup(exclusive = false, heading = "Mutual TLS, PEM files:%n")
  private TlsFiles tls;

  @Option(
      names = {"--exit-on-stdin-eof", "--parent-watch"},
      description = "Stop when standard input ends, so that a parent is never outlived")
  private boolean exitOnStdinEof;

  @Option(
      names = "--json",
      description = "Print the ready line as JSON: {\"listening\": \"HOST:PORT\"}")
  private boolean json;

  @Spec private CommandSpec spec;

  /** All three or none. */
  static final class TlsFiles {
    @Option(names = "--tls-certificate", required = true, description = "Own certificate chain")
    Path certificate;

    @Option(names = "--tls-key", required = true, description = "Own private key, PKCS #8")
    Path key;

    @Option(
        names = "--tls-trust",
        required = true,
        description = "Certificates of the authorities whose clients are accepted")
    Path trust;
  }

  /** What both kinds of worker can do. */
  private record Running(WorkerAddress address, String kind, Runnable stop, Waiting untilStopped) {}

  @FunctionalInterface
  private interface Waiting {
    void await() throws InterruptedException;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Running worker = scripted == null ? startDiffusion() : startScripted();
    Runtime.getRuntime().addShutdownHook(new Thread(worker.stop(), "worker-drain"));
    if (exitOnStdinEof) {
      ParentWatch.endWithParent(worker.stop());
    }
    announce(worker);
    worker.untilStopped().await();
    return 0;
  }

  private Running startDiffusion() throws IOException {
    if (store == null) {
      throw new BadInputException(
          "A worker needs --store, the policy store that it loads policies from (or --scripted)");
    }
    if (threads != null) {
      if (threads < 1) {
        throw new BadInputException("--threads must be at least 1, not " + threads);
      }
      System.setProperty(TorchEngine.THREADS_PROPERTY, threads.toString());
    }
    WorkerAddress address = WorkerAddress.parse(listen);
    ComputeDevice compute = ComputeDevice.parse(device);
    Precision arithmetic = Precision.of(precision, compute);
    var loader = TorchLoadedPolicy.from(openStore(), compute, arithmetic);
    DiffusionWorker worker =
        DiffusionWorker.start(
            new DiffusionWorker.Options(
                name == null ? "worker-" + ProcessHandle.current().pid() : name,
                address,
                mutualTls(),
                compute.toString(),
                TorchEngine.get().version(),
                maxRows,
                queue),
            loader);
    return new Running(
        worker.address(),
        TorchEngine.get().version() + " on " + compute + ", " + arithmetic.settingName(),
        () -> drain(worker),
        worker::awaitTermination);
  }

  private static void drain(DiffusionWorker worker) {
    try {
      worker.drain(DRAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PolicyStore openStore() throws IOException {
    ObjectStore objects = ObjectStores.open(store);
    Path ownDisk = Path.of(System.getProperty("java.io.tmpdir"), "couplet-policies");
    return new PolicyStore(objects, cache == null ? ownDisk : cache);
  }

  private Running startScripted() throws IOException {
    ScriptTokens tokens =
        scriptedTokens == null ? ScriptTokens.bytes() : PolicyTokens.read(scriptedTokens);
    ScriptedWorker worker =
        ScriptedWorker.start(
            new ScriptedWorker.Options(
                WorkerAddress.parse(listen),
                mutualTls(),
                Script.read(scripted),
                tokens,
                Duration.ofNanos((long) (scriptedLatencyMs * 1e6)),
                io.couplet.worker.scripted.ScriptedFault.Plan.NONE));
    return new Running(
        worker.address(),
        ScriptedWorker.ENGINE + ", answers from " + scripted + ", no model",
        worker::close,
        worker::awaitTermination);
  }

  private Optional<MutualTls> mutualTls() {
    return tls == null
        ? Optional.empty()
        : Optional.of(new MutualTls(tls.certificate, tls.key, tls.trust));
  }

  private void announce(Running worker) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      out.println(
          json
              ? new ObjectMapper()
                  .writeValueAsString(Map.of("listening", worker.address().toString()))
              : "Worker listening on " + worker.address() + " (" + worker.kind() + ")");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.flush();
  }
}
