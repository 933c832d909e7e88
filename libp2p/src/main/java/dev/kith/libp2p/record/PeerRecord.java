package dev.kith.libp2p.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.proto.RecordProto.AddressInfoProto;
import dev.kith.libp2p.proto.RecordProto.PeerRecordProto;
import java.util.List;
import java.util.Objects;
import org.apache.tuweni.bytes.Bytes;

/**
 * Where a peer says that it listens, in a form that others may pass on (libp2p/specs RFC 0003).
 *
 * @param sequence grows with each record of a peer; of two records the higher one counts
 * @param addresses at most 64; further ones, and those of unknown protocols, are left out
 */
public record PeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {
  public static final int ADDRESSES_MAX = 64;

  private static final String DOMAIN = "libp2p-peer-record";
  private static final Bytes TYPE = Bytes.of(0x03, 0x01);

  public PeerRecord {
    Objects.requireNonNull(peer, "peer");
    addresses = List.copyOf(addresses);
    if (addresses.size() > ADDRESSES_MAX) {
      throw new IllegalArgumentException("addresses: " + addresses.size());
    }
  }

  /** Whether another record of the peer is to be preferred; numbers are unsigned. */
  public boolean isOlderThan(PeerRecord other) {
    return Long.compareUnsigned(sequence, other.sequence) < 0;
  }

  /** The record in an envelope; {@code key} is the peer's own. */
  public Bytes sign(PrivateKey key) {
    if (!key.publicKey().peerId().equals(peer)) {
      throw new IllegalArgumentException("key: not of " + peer);
    }
    PeerRecordProto.Builder message =
        PeerRecordProto.newBuilder()
            .setPeerId(ByteString.copyFrom(peer.multihash().toArrayUnsafe()))
            .setSeq(sequence);
    for (Multiaddr address : addresses) {
      message.addAddresses(
          AddressInfoProto.newBuilder()
              .setMultiaddr(ByteString.copyFrom(address.encoded().toArrayUnsafe())));
    }
    Bytes payload = Bytes.wrap(message.build().toByteArray());
    return SignedEnvelope.sign(key, DOMAIN, TYPE, payload).encode();
  }

  /**
   * Reads {@link #sign}.
   *
   * @throws ProtocolViolationException when it is malformed, or not signed by the peer that it is
   *     of
   */
  public static PeerRecord open(Bytes envelope) throws ProtocolViolationException {
    SignedEnvelope opened = SignedEnvelope.open(envelope, DOMAIN, TYPE);
    try {
      PeerRecordProto message = PeerRecordProto.parseFrom(opened.payload().toArrayUnsafe());
      PeerId peer = PeerId.fromBytes(Bytes.wrap(message.getPeerId().toByteArray()));
      if (!opened.key().peerId().equals(peer)) {
        throw new ProtocolViolationException("peer record: signed by another peer");
      }
      List<Bytes> addresses =
          message.getAddressesList().stream()
              .map(address -> Bytes.wrap(address.getMultiaddr().toByteArray()))
              .toList();
      return new PeerRecord(
          peer, message.getSeq(), Multiaddr.decodeKnown(addresses, ADDRESSES_MAX));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new ProtocolViolationException("peer record: malformed", e);
    }
  }
}
