package io.couplet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.decoding.DecodingAlgorithm;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunConfigTest {
  private static final RunConfig DEFAULTS = RunConfig.defaults();

  @Test
  void emptyTextLeavesTheDefaults() {
    assertThat(ConfigYaml.parse("", DEFAULTS)).isEqualTo(DEFAULTS);
  }

  @Test
  void keysOfTheFileReplaceDefaultsAndTheRestStays() {
    RunConfig config =
        ConfigYaml.parse(
            "seed: 7\nlearner:\n  learning_rate: 3e-4\ndecoding: {algorithm: origin}", DEFAULTS);
    assertThat(config.seed()).isEqualTo(7);
    assertThat(config.learner().learningRate()).isEqualTo(3e-4);
    assertThat(config.learner().threads()).isEqualTo(DEFAULTS.learner().threads());
    assertThat(config.decoding().algorithm()).isEqualTo(DecodingAlgorithm.ORIGIN);
  }

  @Test
  void whatIsWrittenReadsBackEqual() {
    RunConfig config =
        ConfigYaml.with(
            DEFAULTS,
            List.of(
                "name=a-b",
                "workers.endpoints=127.0.0.1:1,127.0.0.1:2",
                "kafka.properties.sasl.jaas.config=x y;"));
    assertThat(ConfigYaml.parse(ConfigYaml.write(config), DEFAULTS)).isEqualTo(config);
  }

  @Test
  void clientPropertiesThatAreSetOneByOneAddUp() {
    RunConfig config =
        ConfigYaml.with(
            DEFAULTS,
            List.of(
                "kafka.properties.security.protocol=SASL_SSL",
                "kafka.properties.sasl.mechanism=PLAIN"));
    assertThat(config.kafka().properties())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "PLAIN");
  }

  @Test
  void settingsApplyInOrder() {
    RunConfig config =
        ConfigYaml.with(DEFAULTS, List.of("seed=1", "seed=2", "groups.incomplete=partial"));
    assertThat(config.seed()).isEqualTo(2);
    assertThat(config.groups().incomplete()).isEqualTo(IncompleteGroups.PARTIAL);
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
    assertThatThrownBy(() -> ConfigYaml.parse("learner: {learning_rat: 1}", DEFAULTS))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("learner.learning_rat")
        .hasMessageContaining("did you mean learner.learning_rate");
  }

  @Test
  void aWrongTypeOrRangeIsRefusedByName() {
    assertThatThrownBy(() -> ConfigYaml.parse("groups: {size: many}", DEFAULTS))
        .hasMessage("groups.size must be a whole number, not \"many\"");
    assertThatThrownBy(() -> ConfigYaml.parse("groups: {size: 1}", DEFAULTS))
        .hasMessage("groups.size must be at least 2, not 1");
    assertThatThrownBy(() -> ConfigYaml.parse("decoding: {algorithm: best}", DEFAULTS))
        .hasMessageContaining("origin, maskgit_plus, topk_margin, entropy");
    assertThatThrownBy(() -> ConfigYaml.parse("seed: [1", DEFAULTS))
        .hasMessageContaining("not YAML");
    assertThatThrownBy(() -> ConfigYaml.with(DEFAULTS, List.of("seed")))
        .hasMessageContaining("key=value");
  }

  @Test
  void secretsAreWrittenForTheRunButNeverShown() {
    RunConfig config =
        ConfigYaml.with(DEFAULTS, List.of("kafka.properties.ssl.key.password=hunter2"));
    assertThat(ConfigYaml.write(config)).contains("hunter2");
    assertThat(ConfigYaml.writePublic(config))
        .doesNotContain("hunter2")
        .contains("ssl.key.password");
  }
}
