package io.couplet.safetensors;

import java.util.Arrays;
import java.util.List;

/**
 * Name, element type and shape of a tensor.
 *
 * @param shape dimensions, outermost first; empty for a scalar
 */
public record TensorSpec(String name, ElementType type, List<Long> shape) {
  public TensorSpec {
    shape = List.copyOf(shape);
  }

  public static TensorSpec of(String name, ElementType type, long... shape) {
    return new TensorSpec(name, type, Arrays.stream(shape).boxed().toList());
  }

  /** Number of elements; {@link ArithmeticException} beyond 2^63 - 1. */
  public long elements() {
    long product = 1;
    for (long dimension : shape) {
      product = Math.multiplyExact(product, dimension);
    }
    return product;
  }

  public long byteLength() {
    return Math.multiplyExact(elements(), type.bytes());
  }

  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
