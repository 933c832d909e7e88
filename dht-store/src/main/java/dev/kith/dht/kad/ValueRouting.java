package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Putting and getting small validated values. Thread-safe; blocks. */
final class ValueRouting {
  private final KademliaConfig config;
  private final LookupRunner lookups;
  private final KadClient client;
  private final ValueStore values;
  private final Validators validators;
  private final Clock clock;

  ValueRouting(
      KademliaConfig config,
      LookupRunner lookups,
      KadClient client,
      ValueStore values,
      Validators validators,
      Clock clock) {
    this.config = config;
    this.lookups = lookups;
    this.client = client;
    this.values = values;
    this.validators = validators;
    this.clock = clock;
  }

  /** Stores a value at the nearest peers and here; returns how many others took it. */
  int put(Bytes key, Bytes value, Duration timeout) throws IOException, InterruptedException {
    Instant end = clock.instant().plus(timeout);
    ValueRecord record = new ValueRecord(key, value, Optional.empty());
    switch (values.put(key, value, clock.instant())) {
      case STORED -> {}
      case KEPT_OLD -> throw new IOException("a better value for this key is known");
      case INVALID ->
          throw new IllegalArgumentException("value: refused by the rules of its namespace");
      case FULL -> throw new IOException("no room for further values");
    }
    List<Contact> closest =
        lookups.run(
            key,
            new KadRequest.FindNode(key),
            timeout.multipliedBy(2).dividedBy(3),
            (p, r) -> true);
    Duration left = Duration.between(clock.instant(), end);
    return client.requestAll(closest, new KadRequest.PutValue(record), left);
  }

  /**
   * The best value of those that up to {@code valueQuorum} peers hold. Peers that answered with a
   * worse one, or with none although they are among the nearest, are sent the best one.
   */
  Optional<Bytes> get(Bytes key, Duration timeout) throws IOException, InterruptedException {
    if (validators.validator(key).isEmpty()) {
      throw new IllegalArgumentException("key: of an unknown namespace");
    }
    Map<PeerId, Bytes> answers = new LinkedHashMap<>();
    List<Bytes> valid = new ArrayList<>();
    values.get(key, clock.instant()).map(ValueRecord::value).ifPresent(valid::add);
    List<Contact> closest;
    try {
      closest =
          lookups.run(
              key,
              new KadRequest.GetValue(key),
              timeout,
              (from, response) -> {
                Optional<Bytes> value = response.record().map(ValueRecord::value);
                value
                    .filter(v -> validators.valid(key, v))
                    .ifPresent(
                        v -> {
                          valid.add(v);
                          answers.put(from.id(), v);
                        });
                return answers.size() < config.valueQuorum();
              });
    } catch (IOException e) {
      if (valid.isEmpty()) {
        throw e;
      }
      closest = List.of(); // alone, but with a value of its own
    }
    if (valid.isEmpty()) {
      return Optional.empty();
    }
    Bytes best = valid.get(validators.select(key, valid));
    correct(closest, answers, new ValueRecord(key, best, Optional.empty()));
    return Optional.of(best);
  }

  /** Aside, as the caller need not wait for it (libp2p/specs kad-dht, entry correction). */
  private void correct(List<Contact> closest, Map<PeerId, Bytes> answers, ValueRecord best) {
    List<Contact> behind =
        closest.stream().filter(c -> !best.value().equals(answers.get(c.id()))).toList();
    if (behind.isEmpty()) {
      return;
    }
    Thread.ofVirtual()
        .name("kad-correct")
        .start(
            () -> {
              try {
                client.requestAll(behind, new KadRequest.PutValue(best), config.requestTimeout());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
