package io.couplet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.worker.Certificates.Identity;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.scripted.Script;
import io.couplet.worker.scripted.ScriptedWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutualTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ScriptedWorker.Options OPTIONS =
      ScriptedWorker.Options.of(
          Script.of(List.of(new Script.Entry("double", List.of("  pass"), List.of(), 1))));

  @TempDir Path directory;

  @Test
  void onlyAClientWithATrustedCertificateIsAnswered() throws Exception {
    Identity server = Certificates.selfSigned(directory, "server");
    Identity friend = Certificates.selfSigned(directory, "friend");
    Identity stranger = Certificates.selfSigned(directory, "stranger");
    try (ScriptedWorker worker = ScriptedWorker.start(OPTIONS.withTls(server.trusting(friend)));
        WorkerClient trusted = WorkerClient.mutualTls(worker.address(), friend.trusting(server));
        WorkerClient untrusted =
            WorkerClient.mutualTls(worker.address(), stranger.trusting(server));
        WorkerClient plain = WorkerClient.plain(worker.address())) {
      assertThat(ask(trusted)).isInstanceOf(Generated.class);
      assertThat(reasonOf(ask(untrusted))).isEqualTo(Reason.UNAVAILABLE);
      assertThat(reasonOf(ask(plain))).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void aClientRefusesAServerItDoesNotTrust() throws Exception {
    Identity server = Certificates.selfSigned(directory, "server");
    Identity client = Certificates.selfSigned(directory, "client");
    try (ScriptedWorker worker = ScriptedWorker.start(OPTIONS.withTls(server.trusting(client)));
        WorkerClient suspicious =
            WorkerClient.mutualTls(worker.address(), client.trusting(client))) {
      assertThat(reasonOf(ask(suspicious))).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void aMissingFileIsNamed() {
    Path absent = directory.resolve("absent.crt");
    assertThatThrownBy(() -> new MutualTls(absent, absent, absent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readable PEM file with the certificate")
        .hasMessageContaining(absent.toString());
  }

  private static GenerateOutcome ask(WorkerClient client) {
    return client.generate(Requests.group("g", 1, 16), PATIENCE).join();
  }

  private static Reason reasonOf(GenerateOutcome outcome) {
    return ((Failed) outcome).reason();
  }
}
