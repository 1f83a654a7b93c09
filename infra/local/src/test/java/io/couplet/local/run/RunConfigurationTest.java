package io.couplet.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;
import io.couplet.local.rundir.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunConfigurationTest {
  @TempDir private Path temporary;

  @BeforeEach
  void keepRunsApart() {
    System.setProperty(RunDirectory.RUNS_PROPERTY, temporary.resolve("runs").toString());
  }

  @AfterEach
  void forgetRuns() {
    System.clearProperty(RunDirectory.RUNS_PROPERTY);
  }

  @Test
  void settingsComeOverTheFileAndTheNameOverBoth() throws IOException {
    Path file = temporary.resolve("c.yaml");
    Files.writeString(file, "name: of-file\nseed: 3\ngroups:\n  size: 4\n");

    RunConfig config =
        RunConfiguration.resolve(
            Optional.of("of-line"), Optional.of(file), List.of("groups.size=6"));

    assertThat(config.name()).isEqualTo("of-line");
    assertThat(config.seed()).isEqualTo(3);
    assertThat(config.groups().size()).isEqualTo(6);
  }

  @Test
  void aRunThatExistsGoesOnWithItsOwnConfiguration() throws IOException {
    RunConfig first = resolve("seed=7", "groups.size=4");
    RunConfiguration.save(RunDirectory.of("default"), first);

    RunConfig second = resolve("workers.in_flight=3", "learner.max_non_finite=9");

    assertThat(second.seed()).isEqualTo(7);
    assertThat(second.groups().size()).isEqualTo(4);
    assertThat(second.workers().inFlight()).isEqualTo(3);
    assertThat(second.learner().maxNonFinite()).isEqualTo(9);
  }

  @Test
  void whatARunIsMadeOfCannotChangeUnderIt() throws IOException {
    RunConfiguration.save(RunDirectory.of("default"), resolve("seed=7"));

    assertThatThrownBy(() -> resolve("seed=8"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("seed=7")
        .hasMessageContaining("couplet fork");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "learner.learning_rate=0.001",
        "learner.threads=2",
        "scoring.pairs=2",
        "admission.groups_per_update=3",
        "admission.max_versions_behind=4",
        "decoding.length=77"
      })
  void whatItsUpdatesDependOnCannotChangeEither(String setting) throws IOException {
    RunConfiguration.save(RunDirectory.of("default"), resolve());

    assertThatThrownBy(() -> resolve(setting))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("exists with " + setting.substring(0, setting.indexOf('=')))
        .hasMessageContaining("couplet fork");
  }

  @Test
  void theSavedConfigurationIsForItsOwnerOnly() throws IOException {
    RunDirectory directory = RunDirectory.of("default");
    RunConfiguration.save(directory, resolve("kafka.properties.ssl.key.password=hunter2"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.config())))
        .isEqualTo("rw-------");
  }

  @Test
  void aMissingPolicyIsSaidBeforeAnythingStarts() {
    assertThatThrownBy(() -> RunConfiguration.validate(resolve("policy.initial=nowhere")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("policy.initial")
        .hasMessageContaining("couplet pretrain");
  }

  @Test
  void theJobsSeeWhatThisProcessStarted() {
    RunConfig live =
        RunConfiguration.live(
            resolve(), "127.0.0.1:1", List.of("127.0.0.1:2"), temporary.resolve("policies"));

    assertThat(live.kafka().bootstrapServers()).isEqualTo("127.0.0.1:1");
    assertThat(live.workers().endpoints()).containsExactly("127.0.0.1:2");
    assertThat(live.policy().store()).startsWith("file:").contains("policies");
    assertThat(Path.of(live.policy().initial())).isAbsolute();
  }

  private static RunConfig resolve(String... settings) {
    return RunConfiguration.resolve(Optional.empty(), Optional.empty(), List.of(settings));
  }
}
