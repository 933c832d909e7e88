package dev.kith.libp2p.identify;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Varint;
import dev.kith.libp2p.proto.IdentifyProto.IdentifyMessageProto;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a peer says of itself, as far as it says it: an absent field tells nothing.
 *
 * <p>On the wire it is a protobuf message after its length. Large ones are split by go-libp2p into
 * several, which are merged on reading.
 */
record IdentifyMessage(
    Optional<String> protocolVersion,
    Optional<String> agentVersion,
    Optional<Bytes> publicKey,
    List<Multiaddr> listenAddresses,
    Optional<Multiaddr> observedAddress,
    List<String> protocols,
    Optional<Bytes> signedRecord) {

  /** One message, and how many may follow each other: what go-libp2p takes. */
  static final int BYTES_MAX = 8_192;

  static final int MESSAGES_MAX = 10;

  /** Longer ones are split, as go-libp2p does for the sake of old peers. */
  static final int WHOLE_BYTES_MAX = 2_048;

  static final int ADDRESSES_MAX = 64;
  static final int PROTOCOLS_MAX = 256;

  /** Of a version or a protocol; longer ones are cut, and longer protocols left out. */
  static final int TEXT_MAX = 256;

  IdentifyMessage {
    listenAddresses = List.copyOf(listenAddresses);
    protocols = List.copyOf(protocols);
  }

  static IdentifyMessage of(PeerInfo info, PublicKey key) {
    return new IdentifyMessage(
        Optional.of(info.protocolVersion()),
        Optional.of(info.agentVersion()),
        Optional.of(key.encoded()),
        info.listenAddresses(),
        info.observedAddress(),
        info.protocols(),
        info.signedRecord());
  }

  /**
   * The messages to write, each without its length. Where all is longer than some peers take at
   * once, the signed record goes in a message of its own, and the rest first: a peer that reads one
   * message only has what matters then.
   */
  List<byte[]> messages() {
    byte[] whole = encode();
    if (whole.length <= WHOLE_BYTES_MAX || signedRecord.isEmpty()) {
      return List.of(whole);
    }
    byte[] rest =
        new IdentifyMessage(
                protocolVersion,
                agentVersion,
                publicKey,
                listenAddresses,
                observedAddress,
                protocols,
                Optional.empty())
            .encode();
    byte[] record =
        IdentifyMessageProto.newBuilder()
            .setSignedPeerRecord(bytes(signedRecord.get()))
            .build()
            .toByteArray();
    return List.of(rest, record);
  }

  /** Without the length that goes before it. */
  byte[] encode() {
    IdentifyMessageProto.Builder message = IdentifyMessageProto.newBuilder();
    protocolVersion.ifPresent(message::setProtocolVersion);
    agentVersion.ifPresent(message::setAgentVersion);
    publicKey.ifPresent(key -> message.setPublicKey(bytes(key)));
    listenAddresses.forEach(address -> message.addListenAddrs(bytes(address.encoded())));
    observedAddress.ifPresent(address -> message.setObservedAddr(bytes(address.encoded())));
    message.addAllProtocols(protocols);
    signedRecord.ifPresent(record -> message.setSignedPeerRecord(bytes(record)));
    return message.build().toByteArray();
  }

  /** Reads messages up to the end of the stream and merges them. */
  static IdentifyMessage read(InputStream in) throws IOException {
    IdentifyMessageProto.Builder merged = IdentifyMessageProto.newBuilder();
    for (int i = 0; ; i++) {
      byte[] message = Varint.readMessage(in, BYTES_MAX);
      if (message == null) {
        if (i == 0) {
          throw new ProtocolViolationException("identify: no message");
        }
        return of(merged);
      }
      if (i == MESSAGES_MAX) {
        throw new ProtocolViolationException("identify: more than " + MESSAGES_MAX + " messages");
      }
      try {
        merged.mergeFrom(CodedInputStream.newInstance(message));
      } catch (InvalidProtocolBufferException e) {
        throw new ProtocolViolationException("identify: malformed", e);
      }
    }
  }

  private static IdentifyMessage of(IdentifyMessageProto.Builder message) {
    List<Bytes> addresses =
        message.getListenAddrsList().stream().map(IdentifyMessage::bytes).toList();
    List<Bytes> observed =
        message.hasObservedAddr() ? List.of(bytes(message.getObservedAddr())) : List.of();
    return new IdentifyMessage(
        message.hasProtocolVersion()
            ? Optional.of(cut(message.getProtocolVersion()))
            : Optional.empty(),
        message.hasAgentVersion() ? Optional.of(cut(message.getAgentVersion())) : Optional.empty(),
        message.hasPublicKey() ? Optional.of(bytes(message.getPublicKey())) : Optional.empty(),
        Multiaddr.decodeKnown(addresses, ADDRESSES_MAX),
        Multiaddr.decodeKnown(observed, 1).stream().findFirst(),
        message.getProtocolsList().stream()
            .filter(protocol -> protocol.length() <= TEXT_MAX)
            .distinct()
            .limit(PROTOCOLS_MAX)
            .toList(),
        message.hasSignedPeerRecord()
            ? Optional.of(bytes(message.getSignedPeerRecord()))
            : Optional.empty());
  }

  /**
   * What is known after this message, given what was known before: absent means unchanged. The
   * signed record is left to those who verify it.
   */
  PeerInfo merge(PeerInfo before) {
    return new PeerInfo(
        protocolVersion.orElse(before.protocolVersion()),
        agentVersion.orElse(before.agentVersion()),
        listenAddresses.isEmpty() ? before.listenAddresses() : listenAddresses,
        protocols.isEmpty() ? before.protocols() : protocols,
        observedAddress.or(before::observedAddress),
        before.signedRecord());
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), TEXT_MAX));
  }

  private static ByteString bytes(Bytes bytes) {
    return ByteString.copyFrom(bytes.toArrayUnsafe());
  }

  private static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }
}
