package io.couplet.worker;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listening worker: one implementation of the protocol and the standard health service. */
public final class WorkerServer implements AutoCloseable {
  private final WorkerAddress address;
  private final Server server;
  private final HealthStatusManager health;
  private final AtomicBoolean draining = new AtomicBoolean();

  private WorkerServer(WorkerAddress address, Server server, HealthStatusManager health) {
    this.address = address;
    this.server = server;
    this.health = health;
  }

  /**
   * Listens and serves.
   *
   * @param listen port 0 takes a free one; {@link #address()} says which
   * @param tls absent: no encryption, anyone who reaches the address may call
   * @throws IOException with a sentence that names the address
   */
  public static WorkerServer start(
      WorkerAddress listen, Optional<MutualTls> tls, BindableService service) throws IOException {
    ServerCredentials credentials =
        tls.map(MutualTls::forServer).orElseGet(InsecureServerCredentials::create);
    HealthStatusManager health = new HealthStatusManager();
    Server server =
        NettyServerBuilder.forAddress(listen.toSocketAddress(), credentials)
            .maxInboundMessageSize(WorkerClient.MAX_MESSAGE_BYTES)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(service)
            .addService(health.getHealthService())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException(
          "A worker cannot listen on " + listen + ": " + rootOf(e).getMessage(), e);
    }
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    return new WorkerServer(new WorkerAddress(listen.host(), server.getPort()), server, health);
  }

  private static Throwable rootOf(Throwable failure) {
    return failure.getCause() == null ? failure : rootOf(failure.getCause());
  }

  /** The address with the port that was really taken. */
  public WorkerAddress address() {
    return address;
  }

  /** Health says NOT_SERVING from here on; calls are still answered. */
  public void announceDraining() {
    if (draining.compareAndSet(false, true)) {
      health.enterTerminalState();
    }
  }

  /** Takes no new connections or calls and lets running calls finish, for at most that long. */
  public void drain(Duration patience) throws InterruptedException {
    announceDraining();
    server.shutdown();
    if (!server.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      close();
    }
  }

  /** Cuts every connection at once, as the death of the process would. */
  @Override
  public void close() {
    announceDraining();
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }
}
