package dev.kith.dht.kad;

import dev.kith.dht.proto.KadProto.MessageProto.MessageType;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.tuweni.bytes.Bytes;

/**
 * An answer. All kinds share one layout; what a kind does not use is empty.
 *
 * @param type of the request
 * @param key of the request; empty for PING
 * @param record for GET_VALUE where the value is known, and the echo of PUT_VALUE
 * @param closer peers nearer to the key, for FIND_NODE, GET_VALUE and GET_PROVIDERS
 * @param providers for GET_PROVIDERS
 */
record KadResponse(
    MessageType type,
    Bytes key,
    Optional<ValueRecord> record,
    List<Contact> closer,
    List<Contact> providers) {

  KadResponse {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(record, "record");
    closer = List.copyOf(closer);
    providers = List.copyOf(providers);
  }

  /** This, with those addresses that a policy lets through. */
  KadResponse believed(UnaryOperator<List<Multiaddr>> policy) {
    return new KadResponse(
        type,
        key,
        record,
        closer.stream().map(contact -> contact.believed(policy)).toList(),
        providers.stream().map(contact -> contact.believed(policy)).toList());
  }

  static KadResponse closer(MessageType type, Bytes key, List<Contact> closer) {
    return new KadResponse(type, key, Optional.empty(), closer, List.of());
  }

  static KadResponse providers(Bytes key, List<Contact> providers, List<Contact> closer) {
    return new KadResponse(MessageType.GET_PROVIDERS, key, Optional.empty(), closer, providers);
  }

  static KadResponse value(Bytes key, Optional<ValueRecord> record, List<Contact> closer) {
    return new KadResponse(MessageType.GET_VALUE, key, record, closer, List.of());
  }

  static KadResponse stored(ValueRecord record) {
    return new KadResponse(
        MessageType.PUT_VALUE, record.key(), Optional.of(record), List.of(), List.of());
  }

  static KadResponse pong() {
    return closer(MessageType.PING, Bytes.EMPTY, List.of());
  }
}
