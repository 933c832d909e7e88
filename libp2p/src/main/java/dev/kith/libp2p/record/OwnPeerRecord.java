package dev.kith.libp2p.record;

import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The signed record that a host gives of itself: the same one until its addresses change, as every
 * signature costs. Thread-safe.
 *
 * <p>Sequence numbers are nanoseconds since 1970, as go-libp2p's: they grow over restarts, too.
 */
public final class OwnPeerRecord {
  private final PrivateKey key;
  private final InstantSource clock;
  private @Nullable PeerRecord last;
  private @Nullable Bytes envelope;

  /** Records of the host with this key. */
  public OwnPeerRecord(PrivateKey key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
  }

  /** The envelope for these addresses; of more than 64 the first count. */
  public synchronized Bytes envelope(List<Multiaddr> addresses) {
    List<Multiaddr> told =
        addresses.subList(0, Math.min(addresses.size(), PeerRecord.ADDRESSES_MAX));
    if (last == null || envelope == null || !last.addresses().equals(told)) {
      Instant now = clock.instant();
      long sequence = now.getEpochSecond() * 1_000_000_000L + now.getNano();
      if (last != null && Long.compareUnsigned(sequence, last.sequence()) <= 0) {
        sequence = last.sequence() + 1; // the clock was set back, or is coarse
      }
      last = new PeerRecord(key.publicKey().peerId(), sequence, told);
      envelope = last.sign(key);
    }
    return envelope;
  }
}
