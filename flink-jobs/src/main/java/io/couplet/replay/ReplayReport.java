package io.couplet.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a replay found.
 *
 * @param from first step that was to be compared
 * @param to last step that was to be compared
 * @param base step whose state the replay started from
 * @param compared steps whose hashes were compared and equal
 * @param updates updates computed, those before {@code from} included
 * @param notes what a person should know besides, in sentences
 * @param seconds the replay took
 * @param liveSeconds the run took for the same updates, without the time in which it stood still; 0
 *     if unknown
 */
public record ReplayReport(
    String run,
    long from,
    long to,
    long base,
    long compared,
    long updates,
    Optional<Divergence> divergence,
    List<String> notes,
    double seconds,
    double liveSeconds) {
  public ReplayReport {
    notes = List.copyOf(notes);
  }

  /** Whether every hash that was to be compared was compared and equal. */
  public boolean verified() {
    return divergence.isEmpty() && compared == to - from + 1;
  }

  /** How many times as fast as the run; 0 if unknown. */
  public double speed() {
    return seconds > 0 ? liveSeconds / seconds : 0;
  }

  /** What was found, for people: one sentence, then the notes. */
  public String sentence() {
    return notes.isEmpty() ? finding() : finding() + " " + String.join(" ", notes);
  }

  private String finding() {
    long wanted = to - from + 1;
    if (divergence.isPresent()) {
      return "NOT verified: %s %d of %d steps (%d to %d) were equal before it."
          .formatted(divergence.get().sentence(), compared, wanted, from, to);
    }
    return "%s: %d of %d steps (%d to %d), every hash of them compared; %d updates computed from step %d in %s s%s."
        .formatted(
            verified() ? "verified" : "NOT verified",
            compared,
            wanted,
            from,
            to,
            updates,
            base,
            String.format(Locale.ROOT, "%.1f", seconds),
            liveSeconds > 0
                ? String.format(
                    Locale.ROOT, ", the run took %.1f s: %.1f times as fast", liveSeconds, speed())
                : "");
  }

  /** The same for programs. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("run", run);
    node.put("verified", verified());
    node.put("from", from);
    node.put("to", to);
    node.put("base", base);
    node.put("compared", compared);
    node.put("updates", updates);
    divergence.ifPresent(
        found -> {
          ObjectNode differs = node.putObject("divergence");
          differs.put("step", found.step());
          differs.put("what", found.what());
          differs.put("recorded", found.recorded());
          differs.put("computed", found.computed());
          ArrayNode causes = differs.putArray("causes");
          found.causes().forEach(causes::add);
        });
    ArrayNode others = node.putArray("notes");
    notes.forEach(others::add);
    node.put("seconds", seconds);
    node.put("live_seconds", liveSeconds);
    node.put("speed", speed());
    node.put("sentence", sentence());
    return node;
  }
}
