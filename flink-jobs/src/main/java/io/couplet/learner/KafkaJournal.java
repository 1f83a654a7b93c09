package io.couplet.learner;

import io.couplet.ledger.LedgerParts;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RecordHeaders;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.UpdateOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topics policies and ledger as the learner writes them. Each announcement and its ledger
 * record (or records, {@link LedgerParts}) are one Kafka transaction, and the transactional id is
 * the run's: opening a journal makes the broker refuse every older one. Not thread-safe.
 */
public final class KafkaJournal implements LearnerJournal {
  private final RunTopics topics;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RecordCodec<Policy> policyCodec = RecordCodec.of(Topic.POLICIES);
  private final RecordCodec<LedgerEntry> ledgerCodec = RecordCodec.of(Topic.LEDGER);
  private final Map<Long, String> weights = new HashMap<>();
  private final long fence;

  /**
   * Takes the run over: from now on the journals opened before fail.
   *
   * @param afterStep ledger records of later steps are read; -1 for all
   */
  public KafkaJournal(KafkaConnection connection, RunTopics topics, long afterStep)
      throws IOException {
    this.topics = topics;
    this.producer = new KafkaProducer<>(producerProperties(connection, topics));
    try {
      producer.initTransactions();
      LedgerTail tail = LedgerTail.read(connection, topics, afterStep);
      for (LedgerEntry entry : tail.entries()) {
        if (entry.getOutcome() != UpdateOutcome.HALTED) {
          weights.putIfAbsent(entry.getStep(), entry.getWeightsSha256());
        }
      }
      this.fence = 1 + tail.lastFence();
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new IOException(
          "The learner of run "
              + topics.run()
              + " could not open its journal on Kafka at "
              + connection.bootstrapServers()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Properties producerProperties(KafkaConnection connection, RunTopics topics) {
    Properties properties = connection.clientProperties();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.name("learner"));
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    properties.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topic.LEDGER.maxBytes() + 65_536));
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return properties;
  }

  @Override
  public long fence() {
    return fence;
  }

  @Override
  public Optional<String> weightsInLedger(long step) {
    return Optional.ofNullable(weights.get(step));
  }

  @Override
  public void credit(Policy policy) throws IOException {
    commit(List.of(record(Topic.POLICIES, policyCodec, policy)));
  }

  @Override
  public void announce(Policy policy, LedgerEntry entry) throws IOException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(record(Topic.POLICIES, policyCodec, policy));
    for (LedgerEntry part : LedgerParts.split(entry)) {
      records.add(record(Topic.LEDGER, ledgerCodec, part));
    }
    commit(records);
    weights.put(entry.getStep(), entry.getWeightsSha256());
  }

  @Override
  public void halt(LedgerEntry entry) throws IOException {
    commit(List.of(record(Topic.LEDGER, ledgerCodec, entry)));
  }

  private void commit(List<ProducerRecord<byte[], byte[]>> records) throws IOException {
    try {
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        producer.send(record);
      }
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new LearnerFencedException(topics.run(), fence, e);
    } catch (AuthorizationException e) {
      throw new IOException(
          "Kafka does not let the learner write to "
              + Topic.POLICIES.in(topics)
              + " and "
              + Topic.LEDGER.in(topics)
              + " with transactional id "
              + topics.name("learner")
              + ": "
              + e.getMessage(),
          e);
    } catch (KafkaException e) {
      if (isFencing(e)) {
        throw new LearnerFencedException(topics.run(), fence, e);
      }
      throw new IOException(
          "The learner's announcement did not reach Kafka; it starts again from its checkpoint: "
              + e.getMessage(),
          e);
    }
  }

  /** A send that failed first makes the commit fail with the fencing as a cause. */
  private static boolean isFencing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return true;
      }
    }
    return false;
  }

  private <T extends SpecificRecordBase> ProducerRecord<byte[], byte[]> record(
      Topic<T> topic, RecordCodec<T> codec, T value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic.in(topics),
            topic.key().apply(value).getBytes(StandardCharsets.UTF_8),
            codec.encode(value));
    RecordHeaders.add(
        record.headers(),
        topics.run(),
        codec.fingerprint(),
        0,
        RecordHeaders.traceParent(topics.run(), topic.subject().apply(value), topic.entity()));
    return record;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
