package io.couplet.checkpoint;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.files.JsonObject;
import io.couplet.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weight files of a Hugging Face directory: one file, or the shards that an index names. */
final class WeightFiles {
  static final String CONFIG = "config.json";
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  static final String WEIGHT_MAP = "weight_map";

  private WeightFiles() {}

  /** The file of each tensor; every file opened is added to {@code opened} at once. */
  static Map<String, SafetensorsFile> open(Path directory, List<SafetensorsFile> opened)
      throws IOException {
    Path single = directory.resolve(SINGLE);
    Path index = directory.resolve(INDEX);
    if (Files.exists(index)) {
      return openShards(directory, index, opened);
    }
    if (!Files.exists(single)) {
      throw new InvalidFileException(
          directory, "holds neither " + SINGLE + " nor " + INDEX + ": expected a model directory");
    }
    SafetensorsFile file = SafetensorsFile.open(single);
    opened.add(file);
    Map<String, SafetensorsFile> fileOfTensor = new LinkedHashMap<>();
    file.names().forEach(name -> fileOfTensor.put(name, file));
    return fileOfTensor;
  }

  private static Map<String, SafetensorsFile> openShards(
      Path directory, Path index, List<SafetensorsFile> opened) throws IOException {
    JsonObject weightMap = JsonFile.read(index).object(WEIGHT_MAP);
    Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    Map<String, SafetensorsFile> fileOfTensor = new LinkedHashMap<>();
    for (String tensor : weightMap.keys()) {
      String shardName = shardName(weightMap, tensor);
      SafetensorsFile shard = shards.get(shardName);
      if (shard == null) {
        shard = openShard(directory, index, tensor, shardName);
        opened.add(shard);
        shards.put(shardName, shard);
      }
      if (!shard.contains(tensor)) {
        throw new InvalidFileException(
            shard.path(), "has no tensor " + tensor + ", which " + INDEX + " says is in it");
      }
      fileOfTensor.put(tensor, shard);
    }
    refuseUnindexed(shards, fileOfTensor);
    return fileOfTensor;
  }

  private static String shardName(JsonObject weightMap, String tensor) {
    String name = weightMap.text(tensor);
    if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
      throw weightMap.wrong(tensor, "a .safetensors file beside the index");
    }
    return name;
  }

  private static SafetensorsFile openShard(
      Path directory, Path index, String tensor, String shardName) throws IOException {
    Path file = directory.resolve(shardName);
    if (!Files.isRegularFile(file)) {
      throw new InvalidFileException(
          index, "names the shard " + shardName + " for tensor " + tensor + ", which is absent");
    }
    return SafetensorsFile.open(file);
  }

  private static void refuseUnindexed(
      Map<String, SafetensorsFile> shards, Map<String, SafetensorsFile> fileOfTensor) {
    for (SafetensorsFile shard : shards.values()) {
      for (String name : shard.names()) {
        if (fileOfTensor.get(name) != shard) {
          throw new InvalidFileException(
              shard.path(), "holds tensor " + name + ", which " + INDEX + " does not map to it");
        }
      }
    }
  }
}
