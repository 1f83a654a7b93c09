package io.couplet.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.TreeMap;

/**
 * The PyTorch engine of this process, set up once: fixed number of compute threads, one inter-op
 * thread, no download. Results are bit-identical at a fixed thread count and machine type only,
 * which is why both are recorded by {@link #environment()}. Thread-safe.
 *
 * <p>The number of compute threads is the system property {@value #THREADS_PROPERTY}, or else the
 * number of processors.
 */
public final class TorchEngine {
  public static final String THREADS_PROPERTY = "couplet.torch.threads";

  private static final ThreadLocal<Boolean> THREAD_IS_PREPARED =
      ThreadLocal.withInitial(
          () -> {
            // Specialising on shapes costs seconds and pays nothing here; the switch is per thread.
            JniUtils.setGraphExecutorOptimize(false);
            return true;
          });

  private final Engine engine;
  private final int threads;

  private TorchEngine() {
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
    threads = configuredThreads();
    engine = load();
    JniUtils.setNumThreads(threads);
    JniUtils.setNumInteropThreads(1);
  }

  private static final class Holder {
    static final TorchEngine INSTANCE = new TorchEngine();
  }

  /** The engine, loaded on first use; {@link IllegalStateException} when it cannot be. */
  public static TorchEngine get() {
    return Holder.INSTANCE;
  }

  private static int configuredThreads() {
    String value = System.getProperty(THREADS_PROPERTY);
    if (value == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      int threads = Integer.parseInt(value);
      if (threads >= 1) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // told below, with every other value that is no thread count
    }
    throw new IllegalArgumentException(
        "System property "
            + THREADS_PROPERTY
            + " must be a number of threads, not '"
            + value
            + "'");
  }

  private static Engine load() {
    try {
      return Engine.getEngine("PyTorch");
    } catch (EngineException e) {
      throw new IllegalStateException(
          "The PyTorch libraries could not be loaded: "
              + e.getMessage()
              + ". They are unpacked under DJL_CACHE_DIR (default ~/.djl.ai), which must be writable"
              + " and hold 500 MB; a GPU machine names its own with PYTORCH_LIBRARY_PATH.",
          e);
    }
  }

  /** Compute threads of one operation. */
  public int threads() {
    return threads;
  }

  /** {@code djl-pytorch} and the version of PyTorch. */
  public String version() {
    return "djl-pytorch " + engine.getVersion();
  }

  /** GPUs that the loaded libraries can use. */
  public int gpuCount() {
    return engine.getGpuCount();
  }

  /** What bit-exact repetition depends on: engine, threads, Java and the machine. */
  public Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("engine", version());
    environment.put("threads", Integer.toString(threads));
    environment.put("java", System.getProperty("java.version"));
    environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    environment.putAll(Processor.environment());
    return environment;
  }

  /** A manager of the device's memory; {@link IllegalArgumentException} when there is none such. */
  NDManager newManager(ComputeDevice device) {
    if (device.isGpu() && device.gpu() >= gpuCount()) {
      throw new IllegalArgumentException(
          "There is no device "
              + device
              + ": the loaded PyTorch libraries see "
              + gpuCount()
              + " GPUs. docs/devices.md tells which libraries a GPU machine needs.");
    }
    return engine.newBaseManager(device.toDjl());
  }

  /** To be called by every thread before it runs a module. */
  static void prepareThread() {
    if (!THREAD_IS_PREPARED.get()) {
      throw new IllegalStateException("The initial value is true");
    }
  }
}
