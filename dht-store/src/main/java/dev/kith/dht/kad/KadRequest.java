package dev.kith.dht.kad;

import dev.kith.dht.proto.KadProto.MessageProto.MessageType;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.tuweni.bytes.Bytes;

/** What one peer asks of another (libp2p/specs kad-dht, RPC messages). */
sealed interface KadRequest {
  /** Provider keys are multihashes; go-libp2p takes no longer ones. */
  int PROVIDER_KEY_BYTES_MAX = 80;

  MessageType type();

  /** Whether the protocol gives an answer: to all but ADD_PROVIDER. */
  default boolean answered() {
    return type() != MessageType.ADD_PROVIDER;
  }

  /** For the peers nearest to {@code key}, which is a peer id's multihash or any other key. */
  record FindNode(Bytes key) implements KadRequest {
    public FindNode {
      requireSize("key", key, ValueRecord.KEY_BYTES_MAX);
    }

    @Override
    public MessageType type() {
      return MessageType.FIND_NODE;
    }
  }

  record GetValue(Bytes key) implements KadRequest {
    public GetValue {
      requireSize("key", key, ValueRecord.KEY_BYTES_MAX);
    }

    @Override
    public MessageType type() {
      return MessageType.GET_VALUE;
    }
  }

  record PutValue(ValueRecord record) implements KadRequest {
    public PutValue {
      Objects.requireNonNull(record, "record");
    }

    @Override
    public MessageType type() {
      return MessageType.PUT_VALUE;
    }
  }

  record GetProviders(Bytes key) implements KadRequest {
    public GetProviders {
      requireSize("key", key, PROVIDER_KEY_BYTES_MAX);
    }

    @Override
    public MessageType type() {
      return MessageType.GET_PROVIDERS;
    }
  }

  /** The sender says that it provides {@code key}; entries that name others are ignored. */
  record AddProvider(Bytes key, List<Contact> providers) implements KadRequest {
    public AddProvider {
      requireSize("key", key, PROVIDER_KEY_BYTES_MAX);
      providers = List.copyOf(providers);
    }

    /** This, with those addresses that a policy lets through. */
    AddProvider believed(UnaryOperator<List<Multiaddr>> policy) {
      return new AddProvider(
          key, providers.stream().map(contact -> contact.believed(policy)).toList());
    }

    @Override
    public MessageType type() {
      return MessageType.ADD_PROVIDER;
    }
  }

  record Ping() implements KadRequest {
    @Override
    public MessageType type() {
      return MessageType.PING;
    }
  }

  private static void requireSize(String field, Bytes bytes, int max) {
    if (bytes.isEmpty() || bytes.size() > max) {
      throw new IllegalArgumentException(field + ": " + bytes.size() + " bytes");
    }
  }
}
