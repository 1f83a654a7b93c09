package io.couplet.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.couplet.model.ModelConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The TorchScript methods of {@code dream.py} for one model configuration on one device. Holds no
 * weights: they are an argument. Owns the device memory of everything made through {@link
 * #manager()}. Thread-safe, as far as callers do not write the same tensors.
 */
public final class DreamModule implements AutoCloseable {
  /** exp(20) = 4.9e8: a ratio beyond it is clipped or lost anyway, and must not become infinite. */
  static final double MAX_LOG_RATIO = 20;

  /** k3 grows as its tangent where reference and policy differ by more than this in a score. */
  static final double MAX_KL_EXPONENT = 10;

  private final ModelConfig config;
  private final ComputeDevice device;
  private final NDManager manager;
  private final NDManager hostManager;
  private final PtSymbolBlock block;
  private final NDArray marker;
  private final RotaryTables rotary;

  public DreamModule(ModelConfig config, ComputeDevice device) {
    this(config, device, device.isGpu());
  }

  /**
   * A module that computes its gradients as on a GPU, wherever it is.
   *
   * @param repeatable whether gradients avoid kernels that add in no fixed order on a GPU; what
   *     they compute differs by round-off only
   */
  public DreamModule(ModelConfig config, ComputeDevice device, boolean repeatable) {
    this.config = config;
    this.device = device;
    TorchEngine engine = TorchEngine.get();
    TorchEngine.prepareThread();
    manager = engine.newManager(device);
    hostManager = engine.newManager(ComputeDevice.CPU);
    block = load((PtNDManager) manager, config, repeatable);
    marker = hostManager.create(0f);
    rotary = new RotaryTables(config, manager);
  }

  private static PtSymbolBlock load(PtNDManager manager, ModelConfig config, boolean repeatable) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("training", true);
    attributes.put("layers", config.hiddenLayers());
    attributes.put("heads", config.attentionHeads());
    attributes.put("key_value_heads", config.keyValueHeads());
    attributes.put("norm_epsilon", config.rmsNormEps());
    attributes.put("tied", config.tieWordEmbeddings());
    attributes.put("mask_token", config.maskTokenId());
    attributes.put("attention_scale", 1 / Math.sqrt(config.headSize()));
    attributes.put("repeatable", repeatable);
    attributes.put("max_log_ratio", MAX_LOG_RATIO);
    attributes.put("max_kl_exponent", MAX_KL_EXPONENT);
    byte[] archive = TorchScriptArchive.of("Dream", source(), attributes);
    try {
      return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String source() {
    try (InputStream in = DreamModule.class.getResourceAsStream("dream.py")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelConfig config() {
    return config;
  }

  public ComputeDevice device() {
    return device;
  }

  /** Manager of what lives as long as the module; a call's own arrays go into a sub-manager. */
  public NDManager manager() {
    return manager;
  }

  /**
   * A value that the code of a method reads on the processor, float64, freed with {@code owner}.
   */
  public NDArray hostValues(NDManager owner, double... values) {
    NDArray array = hostManager.create(values);
    array.attach(owner);
    return array;
  }

  /** Rotary tables cos and sin, [at least length, head size]. */
  public NDList rotary(int length) {
    return rotary.tables(length);
  }

  /**
   * Runs a method without recording a graph. The arguments are closed.
   *
   * @param results owner of the arrays returned
   */
  public NDList infer(NDManager results, String method, IValue... arguments) {
    TorchEngine.prepareThread();
    try (IValue result = IValueUtils.runMethod(block, method, arguments)) {
      return result.toNDList((PtNDManager) results);
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  /**
   * Runs a method that differentiates. Arrays of a list argument carry its name and {@code []}.
   *
   * @param results owner of the arrays returned
   */
  public NDList train(NDManager results, String method, NDList... arguments) {
    TorchEngine.prepareThread();
    NDArray first = marker.duplicate();
    first.attach(results);
    first.setName("module_method:" + method);
    NDList all = new NDList(first);
    for (NDList argument : arguments) {
      all.addAll(argument);
    }
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      return IValueUtils.forward(block, all, true);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  public static IValue value(NDArray array) {
    return IValue.from((PtNDArray) array);
  }

  public static IValue list(List<? extends NDArray> arrays) {
    return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
  }

  /** The sequences padded to one length, in this device's memory. */
  public PaddedRows pad(NDManager owner, List<int[]> rows) {
    return PaddedRows.of(owner, config, rows);
  }

  static Shape shape(long... dimensions) {
    return new Shape(dimensions);
  }

  @Override
  public void close() {
    block.close();
    manager.close();
    hostManager.close();
  }
}
