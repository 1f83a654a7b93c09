package io.couplet.problems;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The problem file format: one JSON object a line (algorithms, section 7).
 *
 * <pre>
 * {"id": "...", "question": "..." or "prompt": "...", "test_cases": ["assert ...", ...],
 *  "entry_point": "...", "setup": "...", "solution": "...", "system": "...",
 *  "timeout": seconds per case, "tags": ["..."]}
 * </pre>
 *
 * Everything after {@code test_cases} may be absent. Unknown keys, wrong types, an id that came
 * before and a problem without tests are refused, with the file and the line.
 */
public final class ProblemJsonl {
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "question",
          "prompt",
          "test_cases",
          "entry_point",
          "setup",
          "solution",
          "system",
          "timeout",
          "tags");

  private ProblemJsonl() {}

  /** The lines of a file, plain or gzip, lazily and in order; close the stream. */
  public static Stream<ProblemLine> lines(Path file) throws IOException {
    Map<String, Long> seen = new HashMap<>();
    return JsonLines.read(file).map(line -> problemLine(file, line, seen));
  }

  /**
   * Every problem of a file.
   *
   * @throws InvalidProblemException at the first line that is no problem, or when there is none
   */
  public static List<Problem> readAll(Path file) throws IOException {
    List<Problem> problems = new ArrayList<>();
    try (Stream<ProblemLine> lines = lines(file)) {
      for (Iterator<ProblemLine> each = lines.iterator(); each.hasNext(); ) {
        ProblemLine line = each.next();
        if (line instanceof ProblemLine.Refused refused) {
          throw new InvalidProblemException(refused.message());
        }
        problems.add(((ProblemLine.Read) line).problem());
      }
    }
    if (problems.isEmpty()) {
      throw new InvalidProblemException(
          file + " holds no problem; one JSON object a line is needed");
    }
    return problems;
  }

  private static ProblemLine problemLine(Path file, JsonLine line, Map<String, Long> seen) {
    if (line instanceof JsonLine.Malformed bad) {
      return refused(file, bad.number(), bad.reason());
    }
    try {
      Problem problem = problem(((JsonLine.Parsed) line).object());
      Long earlier = seen.putIfAbsent(problem.id(), line.number());
      return earlier == null
          ? new ProblemLine.Read(line.number(), problem)
          : refused(
              file,
              line.number(),
              "repeats the id '" + problem.id() + "' of line " + earlier + "; ids are unique");
    } catch (InvalidProblemException e) {
      return refused(file, line.number(), e.getMessage());
    }
  }

  private static ProblemLine refused(Path file, long number, String reason) {
    return new ProblemLine.Refused(number, file + " line " + number + " " + reason + ".");
  }

  /**
   * The problem in one JSON object.
   *
   * @throws InvalidProblemException with a clause about the key at fault
   */
  public static Problem parse(String json) {
    JsonLine line = JsonLines.parse(1, json);
    if (line instanceof JsonLine.Malformed bad) {
      throw new InvalidProblemException("The text " + bad.reason());
    }
    return problem(((JsonLine.Parsed) line).object());
  }

  private static Problem problem(ObjectNode object) {
    Set<String> unknown = new TreeSet<>();
    object.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new InvalidProblemException(
          "has unknown keys " + unknown + "; known are " + new TreeSet<>(KEYS));
    }
    JsonFields fields = new JsonFields(object);
    String id = fields.textNotBlank("id");
    if (fields.has("question") == fields.has("prompt")) {
      throw new InvalidProblemException(
          "must have exactly one of 'question' (task in words) and 'prompt' (text to continue)");
    }
    return new Problem(
        id,
        fields.optionalText("question"),
        fields.optionalText("system"),
        fields.optionalText("prompt"),
        fields.someTexts("test_cases"),
        fields.optionalText("entry_point"),
        fields.optionalText("setup"),
        fields.optionalText("solution"),
        milliseconds(fields.optionalNumber("timeout")),
        fields.optionalTexts("tags"));
  }

  private static Integer milliseconds(Double seconds) {
    if (seconds == null) {
      return null;
    }
    double milliseconds = Math.rint(seconds * 1000);
    if (!(milliseconds >= 1 && milliseconds <= Integer.MAX_VALUE)) {
      throw new InvalidProblemException(
          "has a 'timeout' of " + seconds + " s; from 0.001 to 2147483 s are possible");
    }
    return (int) milliseconds;
  }

  /** One line of the format, without a line break. Keys that do not apply are left out. */
  public static String toJson(Problem problem) {
    ObjectNode object = JsonLines.MAPPER.createObjectNode();
    object.put("id", problem.id());
    putUnlessNull(object, "question", problem.question());
    putUnlessNull(object, "system", problem.system());
    putUnlessNull(object, "prompt", problem.prompt());
    ArrayNode tests = object.putArray("test_cases");
    problem.tests().forEach(tests::add);
    putUnlessNull(object, "entry_point", problem.entryPoint());
    putUnlessNull(object, "setup", problem.setup());
    putUnlessNull(object, "solution", problem.solution());
    if (problem.timeoutMs() != null) {
      object.put("timeout", BigDecimal.valueOf(problem.timeoutMs(), 3));
    }
    if (!problem.tags().isEmpty()) {
      problem.tags().forEach(object.putArray("tags")::add);
    }
    try {
      return JsonLines.MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Problem " + problem.id() + " has no JSON form", e);
    }
  }

  private static void putUnlessNull(ObjectNode object, String key, String value) {
    if (value != null) {
      object.put(key, value);
    }
  }

  /**
   * Writes problems as they come to a new file or over an old one.
   *
   * @return how many were written
   */
  public static long write(Path file, Stream<Problem> problems) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      long written = 0;
      for (Iterator<Problem> each = problems.iterator(); each.hasNext(); written++) {
        writer.write(toJson(each.next()));
        writer.write('\n');
      }
      return written;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
