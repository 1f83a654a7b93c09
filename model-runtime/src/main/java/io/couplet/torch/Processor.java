package io.couplet.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The processor as far as results depend on it: its name, the vector instructions that PyTorch's
 * libraries choose their code by, and the variables of the environment that overrule that choice.
 */
final class Processor {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final String UNKNOWN = "unknown";

  /** As /proc/cpuinfo calls them, x86 then ARM. */
  private static final List<String> INSTRUCTIONS =
      List.of(
          "sse4_2",
          "avx2",
          "fma",
          "avx_vnni",
          "avx512f",
          "avx512_vnni",
          "avx512_bf16",
          "amx_tile",
          "amx_bf16",
          "asimd",
          "sve",
          "bf16",
          "i8mm");

  private static final List<String> BFLOAT16 = List.of("avx512_bf16", "amx_bf16", "bf16");

  private static final List<String> OVERRULING =
      List.of(
          "ATEN_CPU_CAPABILITY",
          "ONEDNN_MAX_CPU_ISA",
          "DNNL_MAX_CPU_ISA",
          "MKL_ENABLE_INSTRUCTIONS",
          "MKL_CBWR");

  private Processor() {}

  static Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("processor", first("model name"));
    environment.put("instructions", instructions());
    for (String variable : OVERRULING) {
      String value = System.getenv(variable);
      if (value != null) {
        environment.put(variable, value);
      }
    }
    return environment;
  }

  static boolean multipliesBfloat16() {
    return !Collections.disjoint(List.of(instructions().split(" ")), BFLOAT16);
  }

  private static String instructions() {
    String x86 = first("flags");
    String all = x86.equals(UNKNOWN) ? first("Features") : x86;
    Set<String> flags = Set.copyOf(List.of(all.split("\\s+")));
    return INSTRUCTIONS.stream().filter(flags::contains).collect(Collectors.joining(" "));
  }

  /** Of the first core that has the field. */
  private static String first(String field) {
    if (!Files.isReadable(CPU_INFO)) {
      return UNKNOWN;
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
