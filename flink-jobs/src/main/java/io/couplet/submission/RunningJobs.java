package io.couplet.submission;

import io.couplet.config.ConfigException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.DefaultClusterClientServiceLoader;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.client.JobStatusMessage;

/** The jobs of a session cluster, which may hold those of a run already. */
final class RunningJobs {
  /** Elsewhere the cluster is made for this submission and holds nothing else. */
  private static final Set<String> SESSIONS =
      Set.of("remote", "kubernetes-session", "yarn-session");

  private RunningJobs() {}

  /**
   * Refuses to submit a job that the cluster is running: two of them would write the same records.
   *
   * @throws ConfigException in a sentence that names the job that is there
   */
  static void requireNone(Collection<String> names, ReadableConfig cluster) throws Exception {
    if (!SESSIONS.contains(cluster.getOptional(DeploymentOptions.TARGET).orElse(""))) {
      return;
    }
    for (JobStatusMessage job : list(Configuration.fromMap(cluster.toMap()))) {
      if (names.contains(job.getJobName()) && !job.getJobState().isGloballyTerminalState()) {
        throw new ConfigException(
            "The cluster has the job '"
                + job.getJobName()
                + "' already ("
                + job.getJobId()
                + ", "
                + job.getJobState()
                + "). Cancel it first (flink cancel "
                + job.getJobId()
                + "); submitted again, it goes on from its last checkpoint.");
      }
    }
  }

  private static Collection<JobStatusMessage> list(Configuration configuration) throws Exception {
    return list(
        configuration,
        new DefaultClusterClientServiceLoader().getClusterClientFactory(configuration));
  }

  private static <I> Collection<JobStatusMessage> list(
      Configuration configuration, ClusterClientFactory<I> factory) throws Exception {
    I id = factory.getClusterId(configuration);
    if (id == null) {
      return List.of();
    }
    try (ClusterDescriptor<I> descriptor = factory.createClusterDescriptor(configuration);
        ClusterClient<I> client = descriptor.retrieve(id).getClusterClient()) {
      return client.listJobs().get();
    }
  }
}
