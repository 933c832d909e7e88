package dev.kith.libp2p.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import org.apache.tuweni.bytes.Bytes;

/** The envelope as it comes, and the record in an envelope that is sound. */
public final class PeerRecordFuzz {
  private static final PrivateKey KEY = Keys.fromSeed(KeyType.ED25519, 3);
  private static final String DOMAIN = "libp2p-peer-record";
  private static final Bytes TYPE = Bytes.of(0x03, 0x01);

  private PeerRecordFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    open(Bytes.wrap(data));
    if (data.length <= SignedEnvelope.BYTES_MAX / 2) {
      open(SignedEnvelope.sign(KEY, DOMAIN, TYPE, Bytes.wrap(data)).encode());
    }
  }

  private static void open(Bytes envelope) {
    try {
      PeerRecord record = PeerRecord.open(envelope);
      if (record.peer().equals(KEY.publicKey().peerId())) {
        assertThat(PeerRecord.open(record.sign(KEY))).isEqualTo(record);
      }
    } catch (ProtocolViolationException e) {
      // most envelopes are malformed or forged
    }
  }
}
