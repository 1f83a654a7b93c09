package io.couplet.worker.scripted;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.couplet.problems.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a scripted worker answers: for each problem right and wrong completions. Read from JSON
 * Lines, {@code {"problem_id", "solutions": [...], "corruptions": [...], "solve_rate"}} each.
 */
public final class Script {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private final Map<String, Entry> entries;

  /**
   * The answers to one problem.
   *
   * @param solutions completions that pass
   * @param corruptions completions that do not
   * @param solveRate share of samples that get a solution, in [0, 1]
   */
  public record Entry(
      String problemId, List<String> solutions, List<String> corruptions, double solveRate) {
    public Entry {
      if (problemId == null || problemId.isBlank()) {
        throw new IllegalArgumentException("A script line needs a problem_id");
      }
      solutions = solutions == null ? List.of() : List.copyOf(solutions);
      corruptions = corruptions == null ? List.of() : List.copyOf(corruptions);
      require(solveRate >= 0 && solveRate <= 1, problemId, "a solve_rate from 0 to 1");
      require(solveRate == 0 || !solutions.isEmpty(), problemId, "solutions");
      require(solveRate == 1 || !corruptions.isEmpty(), problemId, "corruptions");
    }

    private static void require(boolean holds, String problemId, String what) {
      if (!holds) {
        throw new IllegalArgumentException("Script of problem " + problemId + " needs " + what);
      }
    }
  }

  private Script(Map<String, Entry> entries) {
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** Of several entries for a problem the last counts. */
  public static Script of(List<Entry> entries) {
    Map<String, Entry> byProblem = new LinkedHashMap<>();
    entries.forEach(entry -> byProblem.put(entry.problemId(), entry));
    return new Script(byProblem);
  }

  /**
   * One sample in two gets the problem's own solution, the others a body that returns None.
   *
   * @throws IllegalArgumentException naming a problem that has no solution
   */
  public static Script halfSolved(List<Problem> problems) {
    return of(
        problems.stream()
            .map(
                problem ->
                    new Entry(
                        problem.id(),
                        Stream.ofNullable(problem.solution()).toList(),
                        List.of("    return None"),
                        0.5))
            .toList());
  }

  /**
   * @throws IllegalArgumentException with file and line where a line is wrong
   */
  public static Script read(Path file) throws IOException {
    ObjectReader reader =
        JSON.readerFor(Entry.class).with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
    Map<String, Entry> entries = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        Entry entry = reader.readValue(line);
        entries.put(entry.problemId(), entry);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(
            "Script " + file + ", line " + number + ": " + e.getOriginalMessage(), e);
      }
    }
    return new Script(entries);
  }

  /** Writes the file that {@link #read} reads, in the order of the entries. */
  public void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Entry entry : entries.values()) {
      lines.add(JSON.writeValueAsString(entry));
    }
    Files.write(file, lines);
  }

  public Optional<Entry> entry(String problemId) {
    return Optional.ofNullable(entries.get(problemId));
  }

  public int size() {
    return entries.size();
  }
}
