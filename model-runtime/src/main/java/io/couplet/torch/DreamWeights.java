package io.couplet.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.couplet.checkpoint.Checkpoint;
import io.couplet.checkpoint.DreamTensors;
import io.couplet.files.Sha256;
import io.couplet.model.ModelConfig;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * One array per tensor of the architecture, in canonical order, in device memory: weights, moments,
 * a reference, or gradients. Tensors of any size move through parts of at most {@value
 * #PART_ELEMENTS} elements. Reading is thread-safe; writing is the owner's business.
 */
public final class DreamWeights implements AutoCloseable {
  private static final int PART_ELEMENTS = 1 << 24;

  private final DreamModule module;
  private final List<TensorSpec> specs;
  private final NDList arrays;

  private DreamWeights(DreamModule module, NDList arrays) {
    this.module = module;
    this.specs = DreamTensors.of(module.config(), ElementType.F32);
    this.arrays = arrays;
  }

  /** Where the elements of a tensor come from. */
  public interface Source {
    /** Fills the buffer with the elements of the tensor from {@code first} on. */
    void read(TensorSpec tensor, long first, FloatBuffer into) throws IOException;
  }

  /** Where the elements of a tensor go, in order and in parts. */
  public interface Sink {
    void write(TensorSpec tensor, ByteBuffer littleEndian) throws IOException;
  }

  /** The weights of a checkpoint as float32. */
  public static DreamWeights read(DreamModule module, Checkpoint checkpoint) throws IOException {
    DreamWeights weights = zeros(module);
    weights.fill((tensor, first, into) -> checkpoint.readFloat32(tensor.name(), first, into));
    return weights;
  }

  /**
   * The weights of a checkpoint as bfloat16, rounded part by part: at no time is there a float32
   * copy of more than {@value #PART_ELEMENTS} of them.
   */
  public static DreamWeights readBfloat16(DreamModule module, Checkpoint checkpoint)
      throws IOException {
    NDList arrays = new NDList();
    try (NDManager call = module.manager().newSubManager()) {
      NDArray beside = call.zeros(new Shape(1));
      for (TensorSpec spec : DreamTensors.of(module.config(), ElementType.BF16)) {
        arrays.addAll(
            module.infer(
                module.manager(),
                "bfloat16_zeros",
                DreamModule.value(beside),
                IValue.listFrom(spec.dimensions())));
      }
    }
    DreamWeights weights = new DreamWeights(module, arrays);
    weights.fill((tensor, first, into) -> checkpoint.readFloat32(tensor.name(), first, into));
    return weights;
  }

  /** All zero, float32. */
  public static DreamWeights zeros(DreamModule module) {
    NDList arrays = new NDList();
    for (TensorSpec spec : DreamTensors.of(module.config(), ElementType.F32)) {
      arrays.add(module.manager().zeros(new Shape(spec.dimensions()), DataType.FLOAT32));
    }
    return new DreamWeights(module, arrays);
  }

  public ModelConfig config() {
    return module.config();
  }

  public List<TensorSpec> specs() {
    return specs;
  }

  /** The arrays, to pass to a module; owned by this object. */
  public NDList arrays() {
    return arrays;
  }

  /** The arrays under the name by which {@link DreamModule#train} groups them. */
  public NDList named(String argument) {
    arrays.forEach(array -> array.setName(argument + "[]"));
    return arrays;
  }

  /** A copy in the same precision. */
  public DreamWeights copy() {
    return new DreamWeights(
        module, module.infer(module.manager(), "copied", DreamModule.list(arrays)));
  }

  /** A copy in float32, exact for what is in bfloat16. */
  public DreamWeights float32() {
    return new DreamWeights(
        module, module.infer(module.manager(), "float32", DreamModule.list(arrays)));
  }

  /** Bytes that the arrays hold. */
  public long bytes() {
    return arrays.stream()
        .mapToLong(a -> a.size() * (a.getDataType() == DataType.FLOAT32 ? Float.BYTES : 2))
        .sum();
  }

  /** A copy rounded to bfloat16. */
  public DreamWeights bfloat16() {
    return new DreamWeights(
        module, module.infer(module.manager(), "bfloat16", DreamModule.list(arrays)));
  }

  /** Takes over the values of other weights of the same configuration. */
  public void assign(DreamWeights source) {
    try (NDManager call = module.manager().newSubManager()) {
      module.infer(call, "assign", DreamModule.list(arrays), DreamModule.list(source.arrays));
    }
  }

  /** Sets every element to zero. */
  public void clear() {
    try (NDManager call = module.manager().newSubManager()) {
      module.infer(call, "clear", DreamModule.list(arrays));
    }
  }

  /** Adds the values of other weights of the same configuration. */
  public void add(DreamWeights other) {
    try (NDManager call = module.manager().newSubManager()) {
      module.infer(call, "add", DreamModule.list(arrays), DreamModule.list(other.arrays));
    }
  }

  /** Multiplies every element. */
  public void multiply(double factor) {
    try (NDManager call = module.manager().newSubManager()) {
      module.infer(call, "multiply", DreamModule.list(arrays), IValue.from(factor));
    }
  }

  /** Moves towards other weights: (1 - share) * this + share * source. */
  public void mix(DreamWeights source, double share) {
    try (NDManager call = module.manager().newSubManager()) {
      module.infer(
          call,
          "mix",
          DreamModule.list(arrays),
          DreamModule.list(source.arrays),
          IValue.from(share));
    }
  }

  /** Writes every element, tensor after tensor. */
  public void fill(Source source) throws IOException {
    for (int t = 0; t < specs.size(); t++) {
      TensorSpec spec = specs.get(t);
      for (long first = 0; first < spec.elements(); first += PART_ELEMENTS) {
        int count = (int) Math.min(PART_ELEMENTS, spec.elements() - first);
        ByteBuffer bytes =
            ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
        source.read(spec, first, bytes.asFloatBuffer());
        try (NDManager call = module.manager().newSubManager()) {
          NDArray part = call.create(bytes, new Shape(count), DataType.FLOAT32);
          module.infer(
              call,
              "write_part",
              DreamModule.value(arrays.get(t)),
              DreamModule.value(part),
              IValue.from(first));
        }
      }
    }
  }

  /** All elements of a tensor of less than 2^31 - 1. */
  public float[] values(String name) throws IOException {
    for (int t = 0; t < specs.size(); t++) {
      if (specs.get(t).name().equals(name)) {
        FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(specs.get(t).elements()));
        drain(
            t, (tensor, bytes) -> values.put(bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()));
        return values.array();
      }
    }
    throw new IllegalArgumentException("The model has no tensor " + name);
  }

  /** Reads every element, tensor after tensor. */
  public void drain(Sink sink) throws IOException {
    for (int t = 0; t < specs.size(); t++) {
      drain(t, sink);
    }
  }

  private void drain(int t, Sink sink) throws IOException {
    TensorSpec spec = specs.get(t);
    for (long first = 0; first < spec.elements(); first += PART_ELEMENTS) {
      long count = Math.min(PART_ELEMENTS, spec.elements() - first);
      try (NDManager call = module.manager().newSubManager()) {
        NDArray part =
            module
                .infer(
                    call,
                    "read_part",
                    DreamModule.value(arrays.get(t)),
                    IValue.from(first),
                    IValue.from(count))
                .get(0);
        float[] values = part.toFloatArray();
        ByteBuffer bytes =
            ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        sink.write(spec, bytes);
      }
    }
  }

  /** SHA-256 over the float32 elements, little-endian, in canonical tensor order. */
  public String sha256() {
    try {
      Sha256 sum = new Sha256();
      drain((tensor, bytes) -> sum.update(bytes));
      return sum.hex();
    } catch (IOException e) {
      throw new IllegalStateException("Hashing needs no file", e);
    }
  }

  @Override
  public void close() {
    arrays.close();
  }
}
