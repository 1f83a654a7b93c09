package io.couplet.torch;

import ai.djl.Device;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors live and are computed: the processor, or one GPU by its index.
 *
 * @param gpu index of the GPU, -1 for the processor
 */
public record ComputeDevice(int gpu) {
  public static final ComputeDevice CPU = new ComputeDevice(-1);

  private static final Pattern GPU_NAME = Pattern.compile("gpu(\\d{1,3})");

  /** Reads {@code cpu} or {@code gpu0}, {@code gpu1}, ...; nothing else names a device. */
  public static ComputeDevice parse(String name) {
    if (name.equals("cpu")) {
      return CPU;
    }
    Matcher matcher = GPU_NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "A device is cpu or gpu followed by its index, such as gpu0; found '" + name + "'");
    }
    return new ComputeDevice(Integer.parseInt(matcher.group(1)));
  }

  public boolean isGpu() {
    return gpu >= 0;
  }

  Device toDjl() {
    return isGpu() ? Device.gpu(gpu) : Device.cpu();
  }

  @Override
  public String toString() {
    return isGpu() ? "gpu" + gpu : "cpu";
  }
}
