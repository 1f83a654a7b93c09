package io.couplet.store;

import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;

/**
 * Flink's file systems in a process that Flink has not started: a diffusion worker, the command
 * line. The processes of a Flink cluster have theirs already.
 */
public final class FileSystemPlugins {
  private FileSystemPlugins() {}

  /**
   * Makes the plug-ins of {@code FLINK_PLUGINS_DIR} available, with the keys (s3.endpoint and so
   * on) of {@code config.yaml} in {@code FLINK_CONF_DIR}. Does nothing where the first is not set.
   * Call it once, before the first store is opened.
   */
  public static void install() {
    if (System.getenv(ConfigConstants.ENV_FLINK_PLUGINS_DIR) == null) {
      return;
    }
    Configuration configuration =
        System.getenv(ConfigConstants.ENV_FLINK_CONF_DIR) == null
            ? new Configuration()
            : GlobalConfiguration.loadConfiguration();
    FileSystem.initialize(
        configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
  }
}
