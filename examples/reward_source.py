#!/usr/bin/env python3
"""A reward source for a Couplet run, in plain Python.

Reads the rollouts topic of a run and writes what it thinks of each completion to a
reward topic of its own. It needs confluent-kafka and avro (in Debian: python3-confluent-kafka,
python3-avro) and one file of the project, schemas/src/main/avro/Reward.avsc; the schema
of the rollouts it reads comes from the run's own schemas topic.

The reward here is brevity: 1 for an empty completion, falling to 0 at --characters.

    python3 examples/reward_source.py --bootstrap 127.0.0.1:9092 --run default
"""

import argparse
import io
import json
import signal
import struct
import sys
import time

import avro.io
import avro.schema
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

MARKER = b"\xc3\x01"  # Avro single-object encoding


def crc64_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0xC15D213AA4D7A795 & -(value & 1))
        table.append(value)
    return table


CRC64 = crc64_table()


def fingerprint(schema):
    """CRC-64-AVRO of the parsing canonical form (Avro specification, schema fingerprints)."""
    value = 0xC15D213AA4D7A795
    for byte in canonical(schema, None).encode():
        value = (value >> 8) ^ CRC64[(value ^ byte) & 0xFF]
    return value


def canonical(schema, namespace):
    """The parsing canonical form: full names, no docs, no defaults, a fixed order of keys."""
    if isinstance(schema, list):
        return "[" + ",".join(canonical(branch, namespace) for branch in schema) + "]"
    if isinstance(schema, str):
        primitive = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"}
        return json.dumps(schema if schema in primitive or "." in schema or not namespace
                          else namespace + "." + schema)
    kind = schema["type"]
    if kind in ("record", "enum", "fixed"):
        name = schema["name"]
        namespace = schema.get("namespace", namespace)
        if "." not in name and namespace:
            name = namespace + "." + name
        namespace = name.rpartition(".")[0]
        parts = ['"name":' + json.dumps(name), '"type":' + json.dumps(kind)]
        if kind == "record":
            fields = ['{"name":%s,"type":%s}' % (json.dumps(field["name"]),
                                                 canonical(field["type"], namespace))
                      for field in schema["fields"]]
            parts.append('"fields":[' + ",".join(fields) + "]")
        elif kind == "enum":
            parts.append('"symbols":' + json.dumps(schema["symbols"], separators=(",", ":")))
        else:
            parts.append('"size":%d' % schema["size"])
        return "{" + ",".join(parts) + "}"
    if kind == "array":
        return '{"type":"array","items":%s}' % canonical(schema["items"], namespace)
    if kind == "map":
        return '{"type":"map","values":%s}' % canonical(schema["values"], namespace)
    return canonical(kind, namespace)


class Schemas:
    """Schemas of the run, by fingerprint: a compacted topic of JSON texts."""

    def __init__(self, bootstrap, topic):
        self.bootstrap = bootstrap
        self.topic = topic
        self.known = {}

    def find(self, wanted):
        if wanted not in self.known:
            self.read()
        if wanted not in self.known:
            raise ValueError("schema %016x is not in %s" % (wanted, self.topic))
        return self.known[wanted]

    def read(self):
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "unused",
                             "auto.offset.reset": "earliest", "enable.auto.commit": False,
                             "enable.partition.eof": True})
        from confluent_kafka import OFFSET_BEGINNING, TopicPartition
        consumer.assign([TopicPartition(self.topic, 0, OFFSET_BEGINNING)])
        try:
            while True:
                message = consumer.poll(10)
                if message is None:
                    raise TimeoutError("no answer from %s" % self.bootstrap)
                if message.error():
                    if message.error().code() == KafkaError._PARTITION_EOF:
                        return
                    raise KafkaException(message.error())
                text = message.value().decode()
                self.known[fingerprint(json.loads(text))] = avro.schema.parse(text)
        finally:
            consumer.close()


def decode(schemas, data):
    if data[:2] != MARKER:
        raise ValueError("not Avro single-object encoding")
    (written,) = struct.unpack("<Q", data[2:10])
    reader = avro.io.DatumReader(schemas.find(written))
    return reader.read(avro.io.BinaryDecoder(io.BytesIO(data[10:])))


def encode(schema, header, record):
    body = io.BytesIO()
    avro.io.DatumWriter(schema).write(record, avro.io.BinaryEncoder(body))
    return header + body.getvalue()


def brevity(text, characters):
    return max(0.0, 1.0 - len(text) / characters)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--bootstrap", required=True, help="host:port of the broker")
    arguments.add_argument("--run", required=True, help="name of the run")
    arguments.add_argument("--prefix", default="couplet", help="first part of the topic names")
    arguments.add_argument("--source", default="brevity", help="name of this reward source")
    arguments.add_argument("--schema", default="schemas/src/main/avro/Reward.avsc")
    arguments.add_argument("--characters", type=float, default=400.0)
    arguments.add_argument("--stop-after", type=int, default=0, help="rewards; 0 goes on for ever")
    options = arguments.parse_args()

    topic = "%s.%s." % (options.prefix, options.run)
    with open(options.schema, encoding="utf-8") as file:
        text = file.read()
    schema = avro.schema.parse(text)
    header = MARKER + struct.pack("<Q", fingerprint(json.loads(text)))
    schemas = Schemas(options.bootstrap, topic + "schemas")
    producer = Producer({"bootstrap.servers": options.bootstrap, "linger.ms": 2})
    consumer = Consumer({"bootstrap.servers": options.bootstrap,
                         "group.id": topic + options.source,
                         "auto.offset.reset": "earliest"})
    consumer.subscribe([topic + "rollouts"])
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    given = 0
    try:
        while not stopped and (options.stop_after == 0 or given < options.stop_after):
            message = consumer.poll(0.5)
            if message is None or message.error():
                continue
            started = time.monotonic()
            try:
                rollout = decode(schemas, message.value())
            except Exception as error:  # a record of a stranger must not stop the source
                print("passed over %s/%d@%d: %s" % (message.topic(), message.partition(),
                                                    message.offset(), error), file=sys.stderr)
                continue
            outcome = rollout["outcome"]
            if "text" not in outcome:
                continue  # a generation that failed has nothing to reward
            reward = {
                "group": rollout["group"],
                "member": rollout["member"],
                "source": options.source,
                "value": brevity(outcome["text"], options.characters),
                "reason": None,
                "policy_version": rollout["policy_version"],
                "cases": [],
                "evidence": "%d characters" % len(outcome["text"]),
                "duration_ms": (time.monotonic() - started) * 1000,
            }
            producer.produce(topic + "rewards." + options.source,
                             key=rollout["group"].encode(),
                             value=encode(schema, header, reward))
            producer.poll(0)
            given += 1
    except KeyboardInterrupt:
        pass
    finally:
        producer.flush(10)
        consumer.close()
    print("%d rewards written to %srewards.%s" % (given, topic, options.source))


if __name__ == "__main__":
    main()
