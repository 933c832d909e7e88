package dev.kith.dht.kad;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.kith.dht.proto.KadProto.MessageProto;
import dev.kith.dht.proto.KadProto.MessageProto.MessageType;
import dev.kith.dht.proto.KadProto.MessageProto.PeerProto;
import dev.kith.dht.proto.KadProto.RecordProto;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Varint;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Messages as bytes: a protobuf {@code Message} after its length as a varint (libp2p/specs kad-dht,
 * RPC messages; docs/kad.md for the bounds).
 *
 * <p>What is too large or contradicts itself is a {@link ProtocolViolationException}. A peer or an
 * address within a list that this program cannot read is left out instead: other implementations
 * know address kinds that this one does not, and the rest of their answer is still good.
 */
final class KadCodec {
  /** The longest message that is taken; go-libp2p's answers are far below it. */
  static final int MESSAGE_BYTES_MAX = 256 * 1024;

  /** Peers that are taken of one list; what follows is skipped unread. */
  static final int PEERS_MAX = 128;

  /** A peer entry with all its addresses; a longer one is skipped unread. */
  static final int PEER_BYTES_MAX = 8 * 1024;

  /** Lists stop growing here, so that what this side sends is never too long for the other. */
  private static final int LISTS_BYTES_MAX = 128 * 1024;

  private KadCodec() {}

  /** With its length, ready to be written at once. */
  static byte[] encode(KadRequest request) {
    MessageProto.Builder message = MessageProto.newBuilder().setType(request.type());
    switch (request) {
      case KadRequest.FindNode(Bytes key) -> message.setKey(wrap(key));
      case KadRequest.GetValue(Bytes key) -> message.setKey(wrap(key));
      case KadRequest.GetProviders(Bytes key) -> message.setKey(wrap(key));
      case KadRequest.PutValue(ValueRecord record) ->
          message.setKey(wrap(record.key())).setRecord(encode(record));
      case KadRequest.AddProvider(Bytes key, List<Contact> providers) -> {
        message.setKey(wrap(key));
        providers.forEach(p -> message.addProviderPeers(encode(p)));
      }
      case KadRequest.Ping() -> {}
    }
    return Varint.prefixed(message.build().toByteArray());
  }

  /** With its length, ready to be written at once. */
  static byte[] encode(KadResponse response) {
    MessageProto.Builder message = MessageProto.newBuilder().setType(response.type());
    if (!response.key().isEmpty()) {
      message.setKey(wrap(response.key()));
    }
    response.record().ifPresent(r -> message.setRecord(encode(r)));
    int bytes = 0;
    for (Contact provider : response.providers()) {
      PeerProto peer = encode(provider);
      bytes += peer.getSerializedSize();
      if (bytes <= LISTS_BYTES_MAX) {
        message.addProviderPeers(peer);
      }
    }
    bytes = 0;
    for (Contact closer : response.closer()) {
      PeerProto peer = encode(closer);
      bytes += peer.getSerializedSize();
      if (bytes <= LISTS_BYTES_MAX) {
        message.addCloserPeers(peer);
      }
    }
    return Varint.prefixed(message.build().toByteArray());
  }

  /** The next request on a stream; empty where the peer sends no more. */
  static Optional<KadRequest> readRequest(InputStream in) throws IOException {
    byte[] bytes = Varint.readMessage(in, MESSAGE_BYTES_MAX);
    return bytes == null ? Optional.empty() : Optional.of(request(parse(bytes)));
  }

  /**
   * The answer to a request of this type and key.
   *
   * @throws ProtocolViolationException also where it is the answer to another question
   */
  static KadResponse readResponse(InputStream in, KadRequest request) throws IOException {
    byte[] bytes = Varint.readMessage(in, MESSAGE_BYTES_MAX);
    if (bytes == null) {
      throw new IOException("the peer closed the stream without an answer");
    }
    KadResponse response = response(parse(bytes));
    if (response.type() != request.type()) {
      throw new ProtocolViolationException(
          "asked for " + request.type() + ", got " + response.type());
    }
    if (response.record().isPresent()
        && request instanceof KadRequest.GetValue(Bytes key)
        && !response.record().get().key().equals(key)) {
      throw new ProtocolViolationException("a value of another key");
    }
    return response;
  }

  static PeerProto encode(Contact contact) {
    PeerProto.Builder peer = PeerProto.newBuilder().setId(wrap(contact.id().multihash()));
    contact.addresses().forEach(a -> peer.addAddrs(wrap(a.encoded())));
    return peer.build();
  }

  /** Empty for an id that is none; addresses that cannot be read are left out. */
  static Optional<Contact> decode(PeerProto peer) {
    PeerId id;
    try {
      id = PeerId.fromBytes(Bytes.wrap(peer.getId().toByteArray()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    List<Bytes> encoded =
        peer.getAddrsList().stream().map(a -> Bytes.wrap(a.toByteArray())).toList();
    List<Multiaddr> addresses =
        Multiaddr.decodeKnown(encoded, Contact.ADDRESSES_MAX).stream()
            .filter(a -> a.peer().map(id::equals).orElse(true)) // else it is another peer's
            .map(Multiaddr::withoutPeer)
            .toList();
    return Optional.of(new Contact(id, addresses));
  }

  static RecordProto encode(ValueRecord record) {
    RecordProto.Builder proto =
        RecordProto.newBuilder().setKey(wrap(record.key())).setValue(wrap(record.value()));
    record.received().ifPresent(t -> proto.setTimeReceived(t.toString()));
    return proto.build();
  }

  /** Empty for a record whose key or value has an impossible size. */
  static Optional<ValueRecord> decode(RecordProto proto) {
    try {
      return Optional.of(
          new ValueRecord(
              Bytes.wrap(proto.getKey().toByteArray()),
              Bytes.wrap(proto.getValue().toByteArray()),
              instant(proto.getTimeReceived())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static KadRequest request(Parsed message) throws ProtocolViolationException {
    try {
      return switch (message.type) {
        case FIND_NODE -> new KadRequest.FindNode(message.key);
        case GET_VALUE -> new KadRequest.GetValue(message.key);
        case GET_PROVIDERS -> new KadRequest.GetProviders(message.key);
        case ADD_PROVIDER -> new KadRequest.AddProvider(message.key, message.providers);
        case PING -> new KadRequest.Ping();
        case PUT_VALUE -> {
          ValueRecord record =
              message.record.orElseThrow(
                  () -> new IllegalArgumentException("record: missing or of impossible size"));
          if (!record.key().equals(message.key)) {
            throw new IllegalArgumentException("record.key: differs from key");
          }
          yield new KadRequest.PutValue(record);
        }
      };
    } catch (IllegalArgumentException e) {
      throw new ProtocolViolationException(message.type + ": " + e.getMessage(), e);
    }
  }

  private static KadResponse response(Parsed message) {
    return new KadResponse(
        message.type, message.key, message.record, message.closer, message.providers);
  }

  /** What a message holds, before it is known whether it is a request or an answer. */
  private static final class Parsed {
    MessageType type = MessageType.PUT_VALUE;
    Bytes key = Bytes.EMPTY;
    Optional<ValueRecord> record = Optional.empty();
    final List<Contact> closer = new ArrayList<>();
    final List<Contact> providers = new ArrayList<>();
  }

  /**
   * Walks the fields by hand instead of {@code MessageProto.parseFrom}: that would build an object
   * for each of the hundred thousand empty peers that fit in one message.
   */
  private static Parsed parse(byte[] bytes) throws ProtocolViolationException {
    try {
      return parse(CodedInputStream.newInstance(bytes));
    } catch (ProtocolViolationException e) {
      throw e;
    } catch (IOException e) {
      throw new ProtocolViolationException("not a kad message", e); // malformed protobuf
    }
  }

  private static Parsed parse(CodedInputStream in) throws IOException {
    Parsed message = new Parsed();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      boolean delimited = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      int field = WireFormat.getTagFieldNumber(tag);
      if (field == MessageProto.TYPE_FIELD_NUMBER && !delimited) {
        message.type = type(in.readEnum());
      } else if (field == MessageProto.KEY_FIELD_NUMBER && delimited) {
        message.key = Bytes.wrap(in.readByteArray());
      } else if (field == MessageProto.RECORD_FIELD_NUMBER && delimited) {
        message.record = decode(RecordProto.parseFrom(in.readByteArray()));
      } else if (field == MessageProto.CLOSER_PEERS_FIELD_NUMBER && delimited) {
        readPeer(in, message.closer);
      } else if (field == MessageProto.PROVIDER_PEERS_FIELD_NUMBER && delimited) {
        readPeer(in, message.providers);
      } else {
        in.skipField(tag);
      }
    }
    return message;
  }

  private static void readPeer(CodedInputStream in, List<Contact> list) throws IOException {
    int bytes = in.readRawVarint32();
    if (bytes < 0 || bytes > PEER_BYTES_MAX || list.size() == PEERS_MAX) {
      in.skipRawBytes(bytes);
      return;
    }
    decode(PeerProto.parseFrom(in.readRawBytes(bytes))).ifPresent(list::add);
  }

  private static MessageType type(int number) throws ProtocolViolationException {
    MessageType type = MessageType.forNumber(number);
    if (type == null) {
      throw new ProtocolViolationException("message type " + number);
    }
    return type;
  }

  private static Optional<Instant> instant(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static ByteString wrap(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.toArrayUnsafe());
  }
}
