package io.couplet.local.run;

import io.couplet.config.ConfigChange;
import io.couplet.config.ConfigException;
import io.couplet.config.ConfigYaml;
import io.couplet.config.PolicySection;
import io.couplet.config.RunConfig;
import io.couplet.local.rundir.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The configuration of a run in local mode: what was asked for, over what the run already is. */
public final class RunConfiguration {
  private static final Set<String> FIXED =
      Set.of(
          "seed",
          "parent",
          "kafka.topic_prefix",
          "policy.initial",
          "policy.trainer_state",
          "problems.source",
          "decoding.length");

  /** Sections that every update depends on. */
  private static final List<String> LEARNING = List.of("learner.", "scoring.", "admission.");

  /** When to give up, which changes no update. */
  private static final Set<String> FREE = Set.of("learner.max_non_finite");

  private RunConfiguration() {}

  /**
   * Resolves the configuration: defaults or, for a run that exists, its own; then the file; then
   * the settings, in order.
   *
   * @param name name given on the command line
   * @throws ConfigException when a key is wrong or would change what an existing run is made of
   */
  public static RunConfig resolve(
      Optional<String> name, Optional<Path> file, List<String> settings) {
    RunConfig asked = over(RunConfig.defaults(), name, file, settings);
    RunDirectory directory = RunDirectory.of(asked.name());
    if (!directory.exists()) {
      return asked;
    }
    RunConfig present = ConfigYaml.read(directory.config());
    RunConfig resolved = over(present, Optional.of(asked.name()), file, settings);
    refuseAnotherRun(directory, present, resolved);
    return resolved;
  }

  private static RunConfig over(
      RunConfig base, Optional<String> name, Optional<Path> file, List<String> settings) {
    RunConfig config = file.isPresent() ? ConfigYaml.read(file.get(), base) : base;
    config = ConfigYaml.with(config, settings);
    return name.isPresent() ? ConfigYaml.with(config, List.of("name=" + name.get())) : config;
  }

  /**
   * What the records and the weights of a run derive from cannot change under it: its tape could
   * not be replayed any more.
   */
  private static void refuseAnotherRun(
      RunDirectory directory, RunConfig present, RunConfig resolved) {
    ConfigChange.between(present, resolved).stream()
        .filter(change -> isPartOfTheRun(change.key()))
        .findFirst()
        .ifPresent(
            change -> {
              throw new ConfigException(
                  "The run '"
                      + directory.name()
                      + "' exists with "
                      + change.key()
                      + "="
                      + change.left()
                      + " and cannot go on with "
                      + change.right()
                      + ". Start another run (--name) or fork this one (couplet fork).");
            });
  }

  private static boolean isPartOfTheRun(String key) {
    return FIXED.contains(key)
        || (LEARNING.stream().anyMatch(key::startsWith) && !FREE.contains(key));
  }

  /**
   * Checks what only this machine can tell, before anything is started.
   *
   * @throws ConfigException when a file or directory that the configuration names is not there
   */
  public static void validate(RunConfig config) {
    String initial = initialPolicy(config.policy().initial());
    if (!Files.exists(Path.of(initial, "config.json"))) {
      throw new ConfigException(
          "policy.initial is '"
              + config.policy().initial()
              + "', but "
              + initial
              + " is no policy directory (it has no config.json). Make one with ./couplet pretrain"
              + " --out DIR.");
    }
    fileIfNamed("problems.source", config.problems().source(), Set.of("families", "none"));
    fileIfNamed("evaluation.source", config.evaluation().source(), Set.of("families"));
    fileIfNamed("local.scripted", config.local().scripted(), Set.of(""));
  }

  private static void fileIfNamed(String key, String value, Set<String> words) {
    if (!words.contains(value) && !Files.isReadable(Path.of(value))) {
      throw new ConfigException(
          key
              + " is '"
              + value
              + "', which is neither a file that can be read nor one of "
              + new TreeSet<>(words));
    }
  }

  /** Writes {@code config.yaml}, readable by its owner only, for it may hold secrets. */
  static void save(RunDirectory directory, RunConfig config) throws IOException {
    Files.createDirectories(directory.path());
    Path file = directory.config();
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, ConfigYaml.write(config));
  }

  /**
   * The configuration as the jobs see it: with the broker, the workers and the policy store that
   * this process has started or chosen.
   */
  static RunConfig live(
      RunConfig config, String bootstrapServers, List<String> workers, Path policies) {
    PolicySection policy = config.policy();
    String store = policy.store().isBlank() ? policies.toUri().toString() : policy.store();
    return ConfigYaml.with(
        config,
        List.of(
            "kafka.bootstrap_servers=" + quoted(bootstrapServers),
            "workers.endpoints=["
                + workers.stream().map(RunConfiguration::quoted).collect(Collectors.joining(", "))
                + "]",
            "policy.store=" + quoted(store),
            "policy.initial=" + quoted(initialPolicy(policy.initial()))));
  }

  /** As YAML takes it literally. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A relative directory is looked for in the working directory, then where Couplet lives. */
  private static String initialPolicy(String initial) {
    Path here = Path.of(initial);
    Path shipped = Path.of(System.getProperty("couplet.home", ".")).resolve(initial);
    Path found = Files.isDirectory(here) || !Files.isDirectory(shipped) ? here : shipped;
    return found.toAbsolutePath().normalize().toString();
  }
}
