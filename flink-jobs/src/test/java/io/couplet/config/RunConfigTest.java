package io.couplet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.decoding.DecodingAlgorithm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          learner.lrr              | learner.learning_rate
          learner.lr               | learner.learning_rate
          learner.learningRate     | learner.learning_rate
          learner.learnign_rate    | learner.learning_rate
          learner.learning-rate    | learner.learning_rate
          learner.rate             | learner.learning_rate
          learner.grad_norm        | learner.max_grad_norm
          learner.kl               | learner.kl_beta
          learner.beta             | learner.beta1 or learner.beta2
          learner.wd               | learner.weight_decay
          learner.warmup           | learner.warmup_steps
          leaner.learning_rate     | learner
          learner_learning_rate    | learner.learning_rate
          learning_rate            | learner.learning_rate
          lr                       | learner.learning_rate
          learner.temperature      | decoding.temperature or evaluation.temperature
          decoding.temp            | decoding.temperature or decoding.alg_temp
          decoding.topp            | decoding.top_p
          groups.group_size        | groups.size
          problems.max_promt_token | problems.max_prompt_tokens
          admission.k              |
          learner.xyzzy            |
          workers.colour           |
          zz                       |
          """)
  void aTypoIsAnsweredWithTheKeyThatWasMeantOrWithAllThereAre(String typed, String meant) {
    assertThatThrownBy(() -> ConfigYaml.with(DEFAULTS, List.of(typed + "=1")))
        .isInstanceOf(ConfigException.class)
        .satisfies(
            refusal -> {
              if (meant == null) {
                assertThat(refusal).hasMessageNotContaining("did you mean");
              } else {
                assertThat(refusal).hasMessageEndingWith("; did you mean " + meant + "?");
              }
            });
  }

  @Test
  void withNothingNearTheKeysOfTheSectionAreListed() {
    assertThatThrownBy(() -> ConfigYaml.with(DEFAULTS, List.of("admission.colour=red")))
        .hasMessage(
            "Unknown key admission.colour; admission has max_versions_behind, groups_per_update");
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

  @ParameterizedTest
  @ValueSource(
      strings = {"acks=0", "isolation.level=read_uncommitted", "bootstrap.servers=elsewhere:9092"})
  void clientPropertiesOnWhichARunRestsAreRefused(String property) {
    assertThatThrownBy(() -> ConfigYaml.with(DEFAULTS, List.of("kafka.properties." + property)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kafka.properties." + property.substring(0, property.indexOf('=')))
        .hasMessageContaining("leave the key out");
  }
}
