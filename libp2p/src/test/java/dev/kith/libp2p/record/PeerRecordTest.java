package dev.kith.libp2p.record;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerRecordTest {
  private static PeerRecord record(PrivateKey key) {
    return new PeerRecord(
        key.publicKey().peerId(), 42, List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")));
  }

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "SECP256K1"})
  void record_comesBack_andEveryChangedByteIsNoticed(KeyType type) throws Exception {
    PrivateKey key = Keys.fromSeed(type, 1);
    Bytes signed = record(key).sign(key);
    assertThat(PeerRecord.open(signed)).isEqualTo(record(key));
    for (int i = 0; i < signed.size(); i++) {
      byte[] changed = signed.toArray();
      changed[i] ^= 0x55;
      assertThatExceptionOfType(ProtocolViolationException.class)
          .as("byte %d", i)
          .isThrownBy(() -> PeerRecord.open(Bytes.wrap(changed)));
    }
  }

  @Test
  void signature_coversDomainTypeAndPayload_eachAfterItsLength() throws Exception {
    PrivateKey key = Keys.fromSeed(KeyType.ED25519, 1);
    Bytes payload = Bytes.of(9, 8, 7);
    SignedEnvelope envelope =
        SignedEnvelope.sign(key, "libp2p-peer-record", Bytes.of(3, 1), payload);
    Bytes signed =
        Bytes.concatenate(
            Bytes.of(18),
            Bytes.wrap("libp2p-peer-record".getBytes(US_ASCII)),
            Bytes.of(2, 3, 1, 3, 9, 8, 7));
    assertThat(key.publicKey().verify(signed.toArrayUnsafe(), envelope.signature().toArrayUnsafe()))
        .isTrue();
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(
            () -> SignedEnvelope.open(envelope.encode(), "libp2p-relay-rsvp", Bytes.of(3, 1)));
  }

  @Test
  void recordOfAnother_isNeitherSignedNorRead() {
    PrivateKey key = Keys.fromSeed(KeyType.ED25519, 1);
    PrivateKey other = Keys.fromSeed(KeyType.ED25519, 2);
    assertThatIllegalArgumentException().isThrownBy(() -> record(key).sign(other));
  }
}
