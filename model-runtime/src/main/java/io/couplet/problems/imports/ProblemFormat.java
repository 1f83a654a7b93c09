package io.couplet.problems.imports;

import io.couplet.problems.InvalidProblemException;
import io.couplet.problems.JsonFields;
import io.couplet.problems.JsonLine;
import io.couplet.problems.JsonLines;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Published problem collections, as their JSONL files (plain or gzip) hold them. */
public enum ProblemFormat {
  /** AceCode: questions with assert statements. */
  ACECODE(AceCode::problem),
  /** HumanEval: signatures to complete, one check function each. */
  HUMANEVAL(HumanEval::problem),
  /** MBPP, full or sanitized: a sentence and three asserts. */
  MBPP(Mbpp::problem),
  /** HumanEval+ and MBPP+: inputs whose answers a canonical solution gives. */
  EVALPLUS(EvalPlus::problem);

  /** Converts the object of one line. */
  @FunctionalInterface
  interface Conversion {
    /**
     * @throws InvalidProblemException with a clause that says what the line lacks
     */
    Problem convert(JsonFields fields);
  }

  private final Conversion conversion;

  ProblemFormat(Conversion conversion) {
    this.conversion = conversion;
  }

  /** The problems of a file, lazily; lines that are none are refused one by one. */
  public Stream<ProblemLine> read(Path file) throws IOException {
    return JsonLines.read(file).map(line -> read(file, line));
  }

  private ProblemLine read(Path file, JsonLine line) {
    String place = file + " line " + line.number() + " ";
    if (line instanceof JsonLine.Malformed malformed) {
      return new ProblemLine.Refused(line.number(), place + malformed.reason() + ".");
    }
    try {
      Problem problem = conversion.convert(new JsonFields(((JsonLine.Parsed) line).object()));
      return new ProblemLine.Read(line.number(), problem);
    } catch (InvalidProblemException e) {
      return new ProblemLine.Refused(line.number(), place + e.getMessage() + ".");
    }
  }

  /** The format of that name, in any case. */
  public static ProblemFormat named(String name) {
    for (ProblemFormat format : values()) {
      if (format.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "Format '" + name + "' is unknown; choose one of " + String.join(", ", names()));
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(ProblemFormat::toString).collect(Collectors.toList());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
