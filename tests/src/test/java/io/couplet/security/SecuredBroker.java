package io.couplet.security;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Properties of a broker behind TLS and SASL/PLAIN, and of the clients that may reach it. */
public final class SecuredBroker {
  private SecuredBroker() {}

  /**
   * Broker properties.
   *
   * @param password of the user {@code couplet}
   */
  public static Map<String, String> broker(SelfSigned identity, String password) {
    Map<String, String> broker = new HashMap<>();
    broker.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,CLIENTS:SASL_SSL");
    broker.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    broker.put("listener.name.clients.sasl.enabled.mechanisms", "PLAIN");
    broker.put(
        "listener.name.clients.plain.sasl.jaas.config",
        login(password).replace(";", " user_couplet=\"" + password + "\";"));
    for (String store : List.of("keystore", "truststore")) {
      broker.put("ssl." + store + ".type", "PKCS12");
      broker.put("ssl." + store + ".location", identity.store().toString());
      broker.put("ssl." + store + ".password", identity.storePassword());
    }
    return broker;
  }

  /** Client properties with the secrets in them. */
  public static Map<String, String> clients(SelfSigned identity, String password) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        login(password),
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        identity.store().toString(),
        "ssl.truststore.password",
        identity.storePassword());
  }

  /** How a client gives its name and password. */
  public static String login(String password) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required"
        + " username=\"couplet\" password=\""
        + password
        + "\";";
  }
}
