package dev.kith.libp2p.noise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * The first byte says which of the three messages is tampered with; the second how: replaced,
 * altered, or cut off. No handshake ends well with a message that was not the sender's.
 */
public final class NoiseHandshakeFuzz {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<String> MUXERS = List.of("/yamux/1.0.0");
  private static final PrivateKey ALICE = Keys.fromSeed(KeyType.SECP256K1, 1);
  private static final PrivateKey BOB = Keys.fromSeed(KeyType.ED25519, 2);
  private static final NoiseIdentity DIALLER = new NoiseIdentity(ALICE, RANDOM, MUXERS);
  private static final NoiseIdentity LISTENER = new NoiseIdentity(BOB, RANDOM, MUXERS);
  private static final int MESSAGES = 3;

  private NoiseHandshakeFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    payload(data);
    if (data.length < 2) {
      return;
    }
    int tampered = (data[0] & 0xff) % MESSAGES;
    boolean changed = false;
    NoiseHandshake dialler = NoiseHandshake.initiator(DIALLER, RANDOM);
    NoiseHandshake listener = NoiseHandshake.responder(LISTENER, RANDOM);
    try {
      for (int i = 0; i < MESSAGES; i++) {
        byte[] sent = i == 1 ? listener.send() : dialler.send();
        byte[] came = i == tampered ? tamper(sent, data) : sent;
        changed |= !Arrays.equals(sent, came);
        (i == 1 ? dialler : listener).receive(came);
      }
    } catch (ProtocolViolationException e) {
      return;
    }
    assertThat(changed).as("a message was not the sender's").isFalse();
    assertThat(listener.remoteKey()).isEqualTo(ALICE.publicKey());
    assertThat(dialler.remoteKey()).isEqualTo(BOB.publicKey());
  }

  private static byte[] tamper(byte[] sent, byte[] data) {
    int rest = data.length - 2;
    return switch ((data[1] & 0xff) % MESSAGES) {
      case 0 -> Arrays.copyOfRange(data, 2, data.length);
      case 1 -> {
        byte[] altered = sent.clone();
        for (int i = 0; i < Math.min(rest, altered.length); i++) {
          altered[i] ^= data[2 + i];
        }
        yield altered;
      }
      default -> Arrays.copyOf(sent, Math.min(rest, sent.length));
    };
  }

  /** What is inside of a message that only its sender can encrypt. */
  private static void payload(byte[] data) {
    try {
      NoisePayload payload = NoisePayload.decode(data);
      NoisePayload again = NoisePayload.decode(payload.encode());
      assertThat(again).isEqualTo(payload);
      payload.verify(new byte[32]);
    } catch (ProtocolViolationException e) {
      // most payloads are malformed or forged
    }
  }
}
