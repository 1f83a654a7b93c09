package io.couplet.local.rundir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir private Path temporary;

  @Test
  void aRunHasOneOwnerAtATime() throws IOException {
    RunDirectory directory = new RunDirectory(temporary.resolve("r"));
    try (RunLock owner = RunLock.tryTake(directory).orElseThrow()) {
      assertThat(owner).isNotNull();
      assertThat(RunLock.tryTake(directory)).isEmpty();
    }
    try (RunLock next = RunLock.tryTake(directory).orElseThrow()) {
      assertThat(next).isNotNull();
    }
  }

  @Test
  void theOwnerOfARunSeesThatItsDirectoryIsNoLongerInPlace() throws IOException {
    RunDirectory directory = new RunDirectory(temporary.resolve("r"));
    Path elsewhere = temporary.resolve("elsewhere");
    try (RunLock owner = RunLock.tryTake(directory).orElseThrow()) {
      assertThat(owner.isInPlace()).isTrue();
      Files.move(directory.path(), elsewhere);
      assertThat(owner.isInPlace()).isFalse();
      try (RunLock other = RunLock.tryTake(directory).orElseThrow()) {
        assertThat(other.isInPlace()).isTrue();
        assertThat(owner.isInPlace()).isFalse();
      }
      Files.delete(directory.lock());
      Files.delete(directory.path());
      Files.move(elsewhere, directory.path());
      assertThat(owner.isInPlace()).isTrue();
    }
  }

  @Test
  void aDirectoryOfANewerCoupletIsRefusedInASentence() throws IOException {
    RunDirectory directory = new RunDirectory(temporary.resolve("r"));
    assertThat(RunManifest.open(directory).format()).isEqualTo(RunManifest.FORMAT);
    Files.writeString(directory.manifest(), "{\"format\": 99, \"something_new\": true}");

    assertThatThrownBy(() -> RunManifest.open(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 99")
        .hasMessageContaining("newer Couplet");
  }

  @Test
  void aStampThatIsNoJsonIsNamed() throws IOException {
    RunDirectory directory = new RunDirectory(temporary.resolve("r"));
    Files.createDirectories(directory.path());
    Files.writeString(directory.manifest(), "garbage");

    assertThatThrownBy(() -> RunManifest.open(directory)).hasMessageContaining("run.json");
  }

  @Test
  void theManifestRemembersThatProblemsWereSent() throws IOException {
    RunDirectory directory = new RunDirectory(temporary.resolve("r"));
    RunManifest.open(directory).withProblemsSent(12).write(directory);

    assertThat(RunManifest.open(directory).problemsSent()).isEqualTo(12);
  }

  @Test
  void endpointsAreReadBackAndUnreadableOnesAreNoPreference() throws IOException {
    RunDirectory directory = new RunDirectory(temporary.resolve("r"));
    assertThat(Endpoints.read(directory)).isEmpty();
    Files.createDirectories(directory.path());
    Endpoints endpoints =
        new Endpoints(
            42, "127.0.0.1:9092", 9093, "http://127.0.0.1:8081/", "", List.of("127.0.0.1:7000"));
    endpoints.write(directory);

    Optional<Endpoints> read = Endpoints.read(directory);
    assertThat(read).contains(endpoints);
    assertThat(read.orElseThrow().kafkaPort()).isEqualTo(9092);
    assertThat(read.orElseThrow().webPort()).isEqualTo(8081);

    Files.writeString(directory.endpoints(), "{\"pid\":");
    assertThat(Endpoints.read(directory)).isEmpty();
  }
}
