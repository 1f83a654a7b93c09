package io.couplet.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.cli.Couplet;
import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.submission.RunJob;
import io.couplet.submission.SubmitJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What the container files name exists: files, classes, options, configuration keys, jobs, volumes,
 * ports, versions. Nothing is started here.
 */
class ManifestsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCKER = ROOT.resolve("infra/docker");
  private static final Path KUBERNETES = ROOT.resolve("infra/kubernetes");
  private static final Set<String> JOBS =
      Arrays.stream(RunJob.values()).map(RunJob::stage).collect(Collectors.toSet());

  @Test
  void theRunsAreConfigurationsThatAClusterTakes() {
    for (Path file : List.of(DOCKER.resolve("run.yaml"), KUBERNETES.resolve("run.yaml"))) {
      RunConfig config = ConfigYaml.read(file);
      assertThat(config.kafka().bootstrapServers()).as(file.toString()).isNotBlank();
      assertThat(config.workers().endpoints()).as(file.toString()).isNotEmpty();
      assertThat(List.of(config.policy().store(), config.policy().initial()))
          .as(file.toString())
          .allMatch(uri -> uri.startsWith("file:///"));
    }
  }

  @Test
  void theImagesAreOfTheVersionsOfTheBuildAndCopyWhatItMakes() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));
    assertThat(dockerfile).contains("FROM flink:" + property(pom, "flink.version") + "-java17");
    assertThat(Files.readString(DOCKER.resolve("compose.yaml")))
        .contains("image: apache/kafka:" + property(pom, "kafka.version"));

    List<String> copied =
        matches(dockerfile, "COPY --from=build (?:--chown=\\S+ )?/opt/couplet/?(\\S*) ");
    assertThat(copied)
        .contains("flink-jobs/target/flink-lib/", "flink-jobs/target/couplet-jobs.jar");
    assertThat(copied).allMatch(path -> Files.exists(ROOT.resolve(path)));
  }

  @Test
  void everyServiceOfComposeHasItsImageCommandVolumesAndPredecessors() throws IOException {
    Map<String, Object> compose = map(yaml(DOCKER.resolve("compose.yaml")).get(0));
    Map<String, Object> services = map(compose.get("services"));
    Set<String> volumes = map(compose.get("volumes")).keySet();
    String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));
    for (Map.Entry<String, Object> entry : services.entrySet()) {
      Map<String, Object> service = map(entry.getValue());
      if (service.containsKey("build")) {
        Map<String, Object> build = map(service.get("build"));
        assertThat(dockerfile).contains(" AS " + build.get("target") + "\n");
        assertThat(service.get("image")).isEqualTo(build.get("target"));
        assertThat(DOCKER.resolve(build.get("context").toString()).normalize()).isEqualTo(ROOT);
      }
      for (Object volume : list(service.get("volumes"))) {
        String source = volume.toString().split(":")[0];
        assertThat(
                source.startsWith("./")
                    ? Files.exists(DOCKER.resolve(source))
                    : volumes.contains(source))
            .as(entry.getKey() + ": " + volume)
            .isTrue();
      }
      assertThat(services.keySet()).containsAll(names(service.get("depends_on")));
      for (Object port : list(service.get("ports"))) {
        assertThat(port.toString()).startsWith("127.0.0.1:");
      }
      if ("couplet".equals(service.get("image"))) {
        Couplet.commandLine().parseArgs(arguments(service.get("command")));
      }
    }
    RunConfig run = ConfigYaml.read(DOCKER.resolve("run.yaml"));
    List<String> called = new ArrayList<>(run.workers().endpoints());
    called.add(run.kafka().bootstrapServers());
    assertThat(called).allMatch(endpoint -> services.containsKey(endpoint.split(":")[0]));
    assertThat(strings(map(services.get("submit")).get("command")))
        .contains("/opt/flink/usrlib/couplet-jobs.jar", "/etc/couplet/run.yaml");
    assertThat(strings(map(services.get("problems")).get("command"))).contains(run.name());
  }

  @Test
  void kubernetesNamesOnlyFilesVolumesPortsAndOptionsThatExist() throws IOException {
    Set<Path> reached = new LinkedHashSet<>();
    reach(KUBERNETES, reached);
    try (Stream<Path> all = Files.walk(KUBERNETES)) {
      assertThat(reached)
          .containsExactlyInAnyOrderElementsOf(
              all.filter(Files::isRegularFile).map(Path::normalize).toList());
    }
    for (Path file : reached) {
      for (Object document : yaml(file)) {
        checkPods(file, document);
      }
    }
  }

  @Test
  void kubernetesRunsEveryJobOnceInApplicationMode() throws IOException {
    Map<String, String> stages = new TreeMap<>();
    for (Object resource :
        list(map(yaml(KUBERNETES.resolve("kustomization.yaml")).get(0)).get("resources"))) {
      Path overlay = KUBERNETES.resolve(resource.toString()).resolve("kustomization.yaml");
      if (Files.exists(overlay)) {
        Map<String, Object> job = map(yaml(overlay).get(0));
        String stage = overlay.getParent().getFileName().toString();
        Map<String, Object> generator = map(list(job.get("configMapGenerator")).get(0));
        stages.put(stage, generator.get("literals").toString());
        assertThat(job.get("namePrefix")).isEqualTo(stage + "-");
      }
    }
    assertThat(stages.keySet()).isEqualTo(JOBS);
    stages.forEach(
        (stage, literals) ->
            assertThat(literals)
                .isEqualTo("[stage=%1$s, jobmanager=%1$s-jobmanager]".formatted(stage)));

    List<Object> pods = yaml(KUBERNETES.resolve("job/jobmanager.yaml"));
    List<String> arguments = strings(container(pods.get(1)).get("args"));
    assertThat(arguments)
        .containsSubsequence(
            "standalone-job",
            "--job-classname",
            SubmitJobs.class.getName(),
            "--",
            "--config",
            "--job");
  }

  /** Follows kustomization files to everything that they name. */
  private static void reach(Path directory, Set<Path> reached) throws IOException {
    Path file = directory.resolve("kustomization.yaml").normalize();
    if (!reached.add(file)) {
      return;
    }
    Map<String, Object> kustomization = map(yaml(file).get(0));
    for (Object resource : list(kustomization.get("resources"))) {
      Path named = directory.resolve(resource.toString()).normalize();
      assertThat(named).as(file + " names it").exists();
      if (Files.isDirectory(named)) {
        reach(named, reached);
      } else {
        reached.add(named);
      }
    }
    for (Object generator : list(kustomization.get("configMapGenerator"))) {
      for (Object content : list(map(generator).get("files"))) {
        reached.add(directory.resolve(content.toString()).normalize());
      }
    }
  }

  private static void checkPods(Path file, Object document) {
    Map<String, Object> pod = podSpec(document);
    if (pod.isEmpty()) {
      return;
    }
    Set<String> volumes = names(pod.get("volumes"));
    List<Object> containers = new ArrayList<>(list(pod.get("containers")));
    containers.addAll(list(pod.get("initContainers")));
    assertThat(containers).as(file.toString()).isNotEmpty();
    for (Object each : containers) {
      Map<String, Object> container = map(each);
      assertThat(volumes).as(file.toString()).containsAll(names(container.get("volumeMounts")));
      assertThat(container.get("image")).isIn("couplet", "couplet-flink");
      Object probe = container.getOrDefault("readinessProbe", container.get("livenessProbe"));
      if (probe != null) {
        assertThat(names(container.get("ports")))
            .contains(map(map(probe).get("tcpSocket")).get("port").toString());
      }
      if (container.get("image").equals("couplet")) {
        Couplet.commandLine().parseArgs(arguments(container.get("args")));
      }
    }
  }

  private static Map<String, Object> container(Object document) {
    return map(list(podSpec(document).get("containers")).get(0));
  }

  private static Map<String, Object> podSpec(Object document) {
    return map(map(map(map(document).get("spec")).get("template")).get("spec"));
  }

  private static String property(String pom, String name) {
    return matches(pom, "<" + Pattern.quote(name) + ">([^<]*)<").get(0);
  }

  private static List<String> matches(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(result -> result.group(1)).toList();
  }

  private static List<Object> yaml(Path file) throws IOException {
    List<Object> documents = new ArrayList<>();
    new Yaml(new SafeConstructor(new LoaderOptions()))
        .loadAll(Files.readString(file))
        .forEach(documents::add);
    return documents;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object node) {
    return node instanceof Map<?, ?> ? (Map<String, Object>) node : Map.of();
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object node) {
    return node instanceof List<?> ? (List<Object>) node : List.of();
  }

  private static String[] arguments(Object node) {
    return strings(node).toArray(String[]::new);
  }

  private static List<String> strings(Object node) {
    return list(node).stream().map(Object::toString).toList();
  }

  /** Keys of a map, or the names of a list's elements. */
  private static Set<String> names(Object node) {
    return node instanceof Map
        ? map(node).keySet()
        : list(node).stream()
            .map(element -> element instanceof Map ? map(element).get("name") : element)
            .map(String::valueOf)
            .collect(Collectors.toSet());
  }
}
