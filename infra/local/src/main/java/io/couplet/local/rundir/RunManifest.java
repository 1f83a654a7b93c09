package io.couplet.local.rundir;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;

/**
 * Version stamp of a run directory, in {@code run.json}, and how far its one-time preparations got.
 *
 * @param format version of the directory's layout
 * @param problemsSent problems that {@code run} has put on the topic; 0 until all of them are there
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunManifest(
    @JsonProperty("format") int format, @JsonProperty("problems_sent") int problemsSent) {
  /** The layout that this version of Couplet writes. */
  public static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the stamp, or stamps a new directory. Refuses a directory of a newer Couplet. */
  public static RunManifest open(RunDirectory directory) throws IOException {
    if (!Files.exists(directory.manifest())) {
      RunManifest fresh = new RunManifest(FORMAT, 0);
      fresh.write(directory);
      return fresh;
    }
    RunManifest manifest;
    try {
      manifest = JSON.readValue(Utf8File.read(directory.manifest()), RunManifest.class);
    } catch (JacksonException e) {
      throw new IOException(
          directory.manifest() + " is not the stamp of a run directory: " + e.getOriginalMessage(),
          e);
    }
    if (manifest == null || manifest.format() < 1 || manifest.problemsSent() < 0) {
      throw new IOException(
          directory.manifest()
              + " is not the stamp of a run directory: expected a format of 1 or more and no"
              + " negative number of problems sent, found "
              + (manifest == null
                  ? "nothing"
                  : manifest.format() + " and " + manifest.problemsSent()));
    }
    if (manifest.format() > FORMAT) {
      throw new IOException(
          "The run directory "
              + directory.path()
              + " has format "
              + manifest.format()
              + ", written by a newer Couplet; this one knows formats up to "
              + FORMAT
              + ". Update Couplet or choose another --name.");
    }
    return manifest;
  }

  /** Records that all problems are on the topic. */
  public RunManifest withProblemsSent(int count) {
    return new RunManifest(format, count);
  }

  public void write(RunDirectory directory) throws IOException {
    Files.createDirectories(directory.path());
    Files.writeString(directory.manifest(), JSON.writeValueAsString(this) + System.lineSeparator());
  }
}
