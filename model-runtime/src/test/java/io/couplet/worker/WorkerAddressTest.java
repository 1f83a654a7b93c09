package io.couplet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:7070", "[::1]:0", "worker.example:65535"})
  void writesWhatItReads(String text) {
    assertThat(WorkerAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7070", ":7070", "host:", "host:x", "host:70700"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> WorkerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void anIpv6HostHasNoBrackets() {
    assertThat(WorkerAddress.parse("[::1]:5").host()).isEqualTo("::1");
  }
}
