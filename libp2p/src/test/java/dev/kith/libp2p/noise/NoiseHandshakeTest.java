package dev.kith.libp2p.noise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.southernstorm.noise.protocol.CipherStatePair;
import com.southernstorm.noise.protocol.HandshakeState;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.proto.NoiseProto.NoiseExtensionsProto;
import dev.kith.libp2p.proto.NoiseProto.NoisePayloadProto;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseHandshakeTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<String> YAMUX = List.of("/yamux/1.0.0");
  private static final List<String> NONE = List.of();
  private static final String NOISE_NAME = "Noise_XX_25519_ChaChaPoly_SHA256";

  private final PrivateKey alice = Keys.fromSeed(KeyType.SECP256K1, 1);
  private final PrivateKey bob = Keys.fromSeed(KeyType.ED25519, 2);

  @ParameterizedTest
  @EnumSource(names = {"SECP256K1", "ED25519"})
  void bothSides_learnEachOthersKeysAndShareCiphers(KeyType type) throws Exception {
    PrivateKey a = Keys.fromSeed(type, 1);
    PrivateKey b = Keys.fromSeed(type, 2);
    NoiseHandshake dialler = NoiseHandshake.initiator(new NoiseIdentity(a, RANDOM, YAMUX), RANDOM);
    NoiseHandshake listener = NoiseHandshake.responder(new NoiseIdentity(b, RANDOM, YAMUX), RANDOM);
    byte[] first = dialler.send();
    assertThat(first).as("message 1 has no payload").hasSize(32);
    listener.receive(first);
    dialler.receive(listener.send());
    assertThat(dialler.remoteKey()).isEqualTo(b.publicKey());
    listener.receive(dialler.send());
    assertThat(dialler.done()).isTrue();
    assertThat(listener.done()).isTrue();
    NoiseSession there = dialler.session();
    NoiseSession back = listener.session();
    assertThat(there.remoteKey()).isEqualTo(b.publicKey());
    assertThat(back.remoteKey()).isEqualTo(a.publicKey());
    for (int i = 0; i < 3; i++) {
      assertThat(pass(there.sender(), back.receiver(), "ping " + i)).isEqualTo("ping " + i);
      assertThat(pass(back.sender(), there.receiver(), "pong " + i)).isEqualTo("pong " + i);
    }
  }

  private static String pass(NoiseCipher sender, NoiseCipher receiver, String text)
      throws ProtocolViolationException {
    byte[] head = text.substring(0, 2).getBytes(UTF_8);
    byte[] body = text.substring(2).getBytes(UTF_8);
    byte[] sealed = new byte[100];
    int size = sender.seal(head, body, 0, body.length, sealed, 3);
    assertThat(size).isEqualTo(text.length() + NoiseCipher.TAG_BYTES);
    int opened = receiver.open(sealed, 3, size);
    return new String(sealed, 3, opened, UTF_8);
  }

  /** Another implementation of Noise on the other side, as initiator and as responder. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void handshake_matchesAnotherImplementation(boolean initiator) throws Exception {
    HandshakeState other =
        new HandshakeState(
            NOISE_NAME, initiator ? HandshakeState.RESPONDER : HandshakeState.INITIATOR);
    other.getLocalKeyPair().generateKeyPair();
    byte[] otherStatic = new byte[32];
    other.getLocalKeyPair().getPublicKey(otherStatic, 0);
    byte[] otherPayload = NoisePayload.sign(bob, otherStatic, NONE).encode();
    other.start();
    NoiseIdentity self = new NoiseIdentity(alice, RANDOM, YAMUX);
    NoiseHandshake own =
        initiator ? NoiseHandshake.initiator(self, RANDOM) : NoiseHandshake.responder(self, RANDOM);
    byte[] buffer = new byte[4096];
    for (int message = 0; message < 3; message++) {
      if (initiator == (message % 2 == 0)) {
        byte[] sent = own.send();
        byte[] payload = new byte[4096];
        int size = other.readMessage(sent, 0, sent.length, payload, 0);
        if (message > 0) {
          NoisePayload read = NoisePayload.decode(Arrays.copyOf(payload, size));
          byte[] ownStatic = new byte[32];
          other.getRemotePublicKey().getPublicKey(ownStatic, 0);
          assertThat(read.verify(ownStatic)).isEqualTo(alice.publicKey());
        }
      } else {
        byte[] payload = message == 0 ? new byte[0] : otherPayload;
        int size = other.writeMessage(buffer, 0, payload, 0, payload.length);
        own.receive(Arrays.copyOf(buffer, size));
      }
    }
    assertThat(own.remoteKey()).isEqualTo(bob.publicKey());
    NoiseSession session = own.session();
    CipherStatePair pair = other.split();
    for (int i = 0; i < 3; i++) {
      byte[] plaintext = ("text " + i).getBytes(UTF_8);
      byte[] sealed = new byte[plaintext.length + 16];
      session.sender().seal(new byte[0], plaintext, 0, plaintext.length, sealed, 0);
      byte[] opened = new byte[100];
      int size = pair.getReceiver().decryptWithAd(null, sealed, 0, opened, 0, sealed.length);
      assertThat(Arrays.copyOf(opened, size)).isEqualTo(plaintext);
      size = pair.getSender().encryptWithAd(null, plaintext, 0, sealed, 0, plaintext.length);
      assertThat(session.receiver().open(sealed, 0, size)).isEqualTo(plaintext.length);
      assertThat(Arrays.copyOf(sealed, plaintext.length)).isEqualTo(plaintext);
    }
  }

  @Test
  void forgedSignature_endsTheHandshakeOfEitherSide() throws Exception {
    for (PrivateKey liar : new PrivateKey[] {alice, bob}) {
      KeyPair staticKey = KeyPair.generate(RANDOM);
      NoisePayload honest = NoisePayload.sign(liar, KeyPair.generate(RANDOM).publicKey(), NONE);
      NoiseHandshake dialler = initiator(alice);
      NoiseHandshake listener =
          new NoiseHandshake(withPayload(staticKey, honest.encode()), ephemeral(), false);
      listener.receive(dialler.send());
      byte[] second = listener.send();
      assertThatExceptionOfType(ProtocolViolationException.class)
          .isThrownBy(() -> dialler.receive(second))
          .withMessageContaining("forged");
      assertThatIllegalStateException().isThrownBy(dialler::send);
      assertThatIllegalStateException().isThrownBy(dialler::remoteKey);
      assertThatIllegalStateException().isThrownBy(dialler::session);

      NoiseHandshake lying =
          new NoiseHandshake(withPayload(staticKey, honest.encode()), ephemeral(), true);
      NoiseHandshake responder = responder(bob);
      responder.receive(lying.send());
      lying.receive(responder.send());
      byte[] third = lying.send();
      assertThat(lying.done()).as("the initiator cannot know yet").isTrue();
      assertThatExceptionOfType(ProtocolViolationException.class)
          .isThrownBy(() -> responder.receive(third));
      assertThatIllegalStateException().isThrownBy(responder::session);
    }
  }

  @Test
  void payload_thatIsMissingOrCutEndsTheHandshake() throws Exception {
    NoisePayload honest = NoisePayload.sign(bob, KeyPair.generate(RANDOM).publicKey(), NONE);
    byte[] noSignature =
        NoisePayloadProto.newBuilder()
            .setIdentityKey(ByteString.copyFrom(honest.identityKey().toArray()))
            .build()
            .toByteArray();
    for (byte[] payload : new byte[][] {{}, {1, 2, 3}, noSignature}) {
      NoiseHandshake dialler = initiator(alice);
      NoiseHandshake listener =
          new NoiseHandshake(withPayload(KeyPair.generate(RANDOM), payload), ephemeral(), false);
      listener.receive(dialler.send());
      byte[] second = listener.send();
      assertThatExceptionOfType(ProtocolViolationException.class)
          .isThrownBy(() -> dialler.receive(second));
    }
  }

  @Test
  void payload_mayHaveExtensionsAndUnknownFields() throws Exception {
    KeyPair staticKey = KeyPair.generate(RANDOM);
    byte[] extended =
        NoisePayloadProto.newBuilder()
            .mergeFrom(NoisePayload.sign(bob, staticKey.publicKey(), NONE).encode())
            .setExtensions(NoiseExtensionsProto.newBuilder().addStreamMuxers("/yamux/1.0.0"))
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                    .build())
            .build()
            .toByteArray();
    NoiseHandshake dialler = initiator(alice);
    NoiseHandshake listener =
        new NoiseHandshake(withPayload(staticKey, extended), ephemeral(), false);
    listener.receive(dialler.send());
    dialler.receive(listener.send());
    dialler.send();
    assertThat(dialler.session().muxer()).contains("/yamux/1.0.0");
  }

  /** libp2p/specs connections/inlined-muxer-negotiation: the initiator's order decides. */
  @Test
  void muxer_isTheFirstOfTheInitiatorThatBothHave() throws Exception {
    assertThat(muxers(List.of("/a", "/b"), List.of("/b", "/a"))).containsOnly(Optional.of("/a"));
    assertThat(muxers(List.of("/c", "/b"), List.of("/a", "/b"))).containsOnly(Optional.of("/b"));
  }

  @Test
  void muxer_isLeftToMultistreamWhereOneSideDoesNotSpeakTheExtension() throws Exception {
    assertThat(muxers(YAMUX, NONE)).containsOnly(Optional.empty());
    assertThat(muxers(NONE, YAMUX)).containsOnly(Optional.empty());
  }

  @Test
  void muxersWithoutAnyInCommon_endTheHandshake() {
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> muxers(YAMUX, List.of("/mplex/6.7.0")))
        .withMessageContaining("/mplex/6.7.0");
  }

  /** What both sides of a handshake agree on. */
  private List<Optional<String>> muxers(List<String> ofInitiator, List<String> ofResponder)
      throws ProtocolViolationException {
    NoiseHandshake dialler =
        NoiseHandshake.initiator(new NoiseIdentity(alice, RANDOM, ofInitiator), RANDOM);
    NoiseHandshake listener =
        NoiseHandshake.responder(new NoiseIdentity(bob, RANDOM, ofResponder), RANDOM);
    listener.receive(dialler.send());
    dialler.receive(listener.send());
    listener.receive(dialler.send());
    return List.of(dialler.session().muxer(), listener.session().muxer());
  }

  @Test
  void garbage_endsTheHandshakeAtEveryStep() throws Exception {
    long seed = 3;
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] garbage = new byte[random.nextInt(300)];
      random.nextBytes(garbage);
      NoiseHandshake dialler = initiator(alice);
      NoiseHandshake listener = responder(bob);
      byte[] first = dialler.send();
      if (garbage.length < 32) {
        assertThatExceptionOfType(ProtocolViolationException.class)
            .as("seed %d", seed)
            .isThrownBy(() -> listener.receive(garbage));
      }
      assertThatExceptionOfType(ProtocolViolationException.class)
          .as("seed %d", seed)
          .isThrownBy(() -> dialler.receive(garbage));
      NoiseHandshake second = responder(bob);
      second.receive(first);
      second.send();
      assertThatExceptionOfType(ProtocolViolationException.class)
          .as("seed %d", seed)
          .isThrownBy(() -> second.receive(garbage));
    }
  }

  @Test
  void alteredBytes_endTheHandshake() throws Exception {
    NoiseHandshake source = initiator(alice);
    byte[] first = source.send();
    for (int i = 0; i < 200; i += 7) {
      NoiseHandshake dialler =
          new NoiseHandshake(new NoiseIdentity(alice, RANDOM, YAMUX), ephemeral(), true);
      NoiseHandshake listener = responder(bob);
      listener.receive(dialler.send());
      byte[] second = listener.send();
      second[i % second.length] ^= 1;
      assertThatExceptionOfType(ProtocolViolationException.class)
          .as("byte %d", i)
          .isThrownBy(() -> dialler.receive(second));
    }
    assertThat(first).hasSize(32);
  }

  @Test
  void pointOfSmallOrder_endsTheHandshake() throws Exception {
    NoiseHandshake listener = responder(bob);
    listener.receive(new byte[32]);
    assertThatExceptionOfType(ProtocolViolationException.class).isThrownBy(listener::send);
  }

  @Test
  void oversizedMessage_endsTheHandshake() {
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> responder(bob).receive(new byte[NoiseHandshake.MESSAGE_MAX + 1]));
  }

  @Test
  void cipher_refusesReplayReorderAndAlteration() throws Exception {
    byte[] key = new byte[32];
    NoiseCipher sender = new NoiseCipher(key);
    byte[] one = seal(sender, "one");
    byte[] two = seal(sender, "two");
    NoiseCipher receiver = new NoiseCipher(key);
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> receiver.open(two.clone(), 0, two.length));
    NoiseCipher fresh = new NoiseCipher(key);
    fresh.open(one.clone(), 0, one.length);
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> fresh.open(one.clone(), 0, one.length));
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> fresh.open(new byte[5], 0, 5));
  }

  /** RFC 8439, section 2.8.2, shows the construction; Noise's nonce is little-endian. */
  @Test
  void cipher_putsTheCounterAfterFourZeroBytesLittleEndian() throws Exception {
    byte[] key = new byte[32];
    NoiseCipher sender = new NoiseCipher(key);
    for (int i = 0; i < 258; i++) {
      seal(sender, "skip");
    }
    byte[] sealed = seal(sender, "text");
    javax.crypto.Cipher reference = javax.crypto.Cipher.getInstance("ChaCha20-Poly1305");
    reference.init(
        javax.crypto.Cipher.DECRYPT_MODE,
        new javax.crypto.spec.SecretKeySpec(key, "ChaCha20"),
        new javax.crypto.spec.IvParameterSpec(
            Bytes.fromHexString("000000000201000000000000").toArray()));
    assertThat(reference.doFinal(sealed)).isEqualTo("text".getBytes(UTF_8));
  }

  private static byte[] seal(NoiseCipher cipher, String text) {
    byte[] plaintext = text.getBytes(UTF_8);
    byte[] out = new byte[plaintext.length + NoiseCipher.TAG_BYTES];
    cipher.seal(new byte[0], plaintext, 0, plaintext.length, out, 0);
    return out;
  }

  private static KeyPair ephemeral() {
    return KeyPair.generate(RANDOM);
  }

  private static NoiseHandshake initiator(PrivateKey key) {
    return NoiseHandshake.initiator(new NoiseIdentity(key, RANDOM, YAMUX), RANDOM);
  }

  private static NoiseHandshake responder(PrivateKey key) {
    return NoiseHandshake.responder(new NoiseIdentity(key, RANDOM, YAMUX), RANDOM);
  }

  private static NoiseIdentity withPayload(KeyPair staticKey, byte[] payload) {
    return new NoiseIdentity(staticKey, payload, YAMUX);
  }
}
