package io.couplet.local.progress;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code metrics.jsonl}: one object for each update, in step order, each step once. An evaluation
 * stands, with its step, in the first line written after it. Not thread-safe.
 */
final class MetricsJournal {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private long lastStep = -1;
  private long lastHeldOutStep = -1;

  private MetricsJournal(Path file) {
    this.file = file;
  }

  /** Opens the file of a run; a half line that a crash left at its end is cut off. */
  static MetricsJournal open(Path file) throws IOException {
    MetricsJournal journal = new MetricsJournal(file);
    if (Files.exists(file)) {
      cutHalfLine(file);
      int number = 0;
      for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
        number++;
        if (line.isEmpty()) {
          continue;
        }
        JsonNode node = object(file, number, line);
        journal.lastStep = Math.max(journal.lastStep, node.path("step").asLong(-1));
        journal.lastHeldOutStep =
            Math.max(journal.lastHeldOutStep, node.path("held_out_step").asLong(-1));
      }
    }
    return journal;
  }

  private static JsonNode object(Path file, int number, String line) throws IOException {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JacksonException e) {
      throw damaged(file, number, e.getOriginalMessage(), e);
    }
    if (!node.isObject() || !node.path("step").isIntegralNumber()) {
      throw damaged(file, number, "no object with a step", null);
    }
    return node;
  }

  private static IOException damaged(Path file, int number, String found, Exception cause) {
    return new IOException(
        file
            + ", line "
            + number
            + ": expected the metrics of an update as a JSON object, found "
            + found
            + ". Move the file away; the run writes it anew from its topics.",
        cause);
  }

  private static void cutHalfLine(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end < bytes.length) {
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        open.setLength(end);
      }
    }
  }

  /** Step of the last line; -1 when there is none. */
  long lastStep() {
    return lastStep;
  }

  /** Step of the last evaluation that stands in a line; -1 when none does. */
  long lastHeldOutStep() {
    return lastHeldOutStep;
  }

  /** Appends the line of an update, unless that step has its line already. */
  void write(UpdateMetrics update, Optional<HeldOut> heldOut) throws IOException {
    if (update.step() <= lastStep) {
      return;
    }
    ObjectNode line = JSON.createObjectNode();
    line.put("step", update.step());
    line.put("version", update.version());
    if (update.step() > 0) {
      describe(line, update);
    }
    line.put("weights_sha256", update.weightsSha256());
    heldOut
        .filter(evaluation -> evaluation.step() > lastHeldOutStep)
        .ifPresent(
            evaluation -> {
              number(line, "held_out_pass@1", evaluation.passAt1());
              line.put("held_out_step", evaluation.step());
              lastHeldOutStep = evaluation.step();
            });
    Files.write(
        file,
        List.of(JSON.writeValueAsString(line)),
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    lastStep = update.step();
  }

  private static void describe(ObjectNode line, UpdateMetrics update) {
    line.put("skipped", update.skipped());
    number(line, "reward_mean", update.rewardMean());
    number(line, "zero_variance_share", update.zeroVarianceShare());
    number(line, "loss", update.loss());
    number(line, "kl", update.kl());
    number(line, "clip_low_share", update.clipLowShare());
    number(line, "clip_high_share", update.clipHighShare());
    number(line, "gradient_norm", update.gradientNorm());
    number(line, "learning_rate", update.learningRate());
    number(line, "staleness_p50", update.staleness().p50());
    number(line, "staleness_p95", update.staleness().p95());
    line.put("staleness_max", update.staleness().max());
    number(line, "rollouts_per_second", update.rolloutsPerSecond());
    number(line, "tokens_per_second", update.tokensPerSecond());
    ObjectNode seconds = line.putObject("seconds");
    new TreeMap<>(update.seconds()).forEach((stage, value) -> number(seconds, stage, value));
  }

  /** JSON has no NaN: what is undefined is null. */
  private static void number(ObjectNode node, String key, double value) {
    if (Double.isFinite(value)) {
      node.put(key, value);
    } else {
      node.putNull(key);
    }
  }
}
