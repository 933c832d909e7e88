package dev.kith.libp2p.noise;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One side of a Noise XX handshake, without I/O: messages go in and out whole, without their
 * length.
 *
 * <pre>
 *   initiator                      responder
 *   e                          --&gt;              1: no payload
 *                              &lt;--  e ee s es   2: the responder's payload
 *   s se                       --&gt;              3: the initiator's payload
 * </pre>
 *
 * <p>The initiator is done when it has sent message 3, before the responder has checked it: a
 * refusal shows only when the channel is first read. Any exception ends the handshake for good. Not
 * thread-safe.
 */
public final class NoiseHandshake {
  /** The longest handshake message that is taken; an RSA identity takes some 1,600 bytes. */
  public static final int MESSAGE_MAX = 8_192;

  private enum Step {
    SEND_FIRST,
    RECEIVE_FIRST,
    SEND_SECOND,
    RECEIVE_SECOND,
    SEND_THIRD,
    RECEIVE_THIRD,
    DONE,
    FAILED
  }

  private static final byte[] EMPTY = {};

  private final NoiseIdentity self;
  private final KeyPair ephemeral;
  private final boolean initiator;
  private final SymmetricState state = new SymmetricState();
  private Step step;
  private byte[] remoteEphemeral = EMPTY;
  private byte[] remoteStatic = EMPTY;
  private @Nullable PublicKey remoteKey;
  private Optional<String> muxer = Optional.empty();

  NoiseHandshake(NoiseIdentity self, KeyPair ephemeral, boolean initiator) {
    this.self = self;
    this.ephemeral = ephemeral;
    this.initiator = initiator;
    this.step = initiator ? Step.SEND_FIRST : Step.RECEIVE_FIRST;
  }

  /** The side of who dialled. */
  public static NoiseHandshake initiator(NoiseIdentity self, SecureRandom random) {
    return new NoiseHandshake(self, KeyPair.generate(random), true);
  }

  /** The side of who listened. */
  public static NoiseHandshake responder(NoiseIdentity self, SecureRandom random) {
    return new NoiseHandshake(self, KeyPair.generate(random), false);
  }

  /** Whether both sides' messages are through. */
  public boolean done() {
    return step == Step.DONE;
  }

  /**
   * The next message to send.
   *
   * @throws IllegalStateException when it is the remote's turn
   */
  public byte[] send() throws ProtocolViolationException {
    return guarded(
        switch (step) {
          case SEND_FIRST -> this::sendFirst;
          case SEND_SECOND -> this::sendSecond;
          case SEND_THIRD -> this::sendThird;
          case RECEIVE_FIRST, RECEIVE_SECOND, RECEIVE_THIRD, DONE, FAILED ->
              throw new IllegalStateException("nothing to send at " + step);
        });
  }

  /**
   * Takes the remote's message.
   *
   * @throws ProtocolViolationException when it is malformed, altered, or its signature forged
   * @throws IllegalStateException when it is this side's turn
   */
  public void receive(byte[] message) throws ProtocolViolationException {
    guarded(
        switch (step) {
          case RECEIVE_FIRST -> () -> receiveFirst(message);
          case RECEIVE_SECOND -> () -> receiveSecond(message);
          case RECEIVE_THIRD -> () -> receiveThird(message);
          case SEND_FIRST, SEND_SECOND, SEND_THIRD, DONE, FAILED ->
              throw new IllegalStateException("nothing to receive at " + step);
        });
  }

  /** Who the remote has proved to be: known once its payload was received. */
  public PublicKey remoteKey() {
    if (remoteKey == null) {
      throw new IllegalStateException("the remote is not known at " + step);
    }
    return remoteKey;
  }

  /** The channel, once the handshake is done; to be called once. */
  public NoiseSession session() {
    if (step != Step.DONE) {
      throw new IllegalStateException("not done at " + step);
    }
    NoiseCipher[] ciphers = state.split();
    return new NoiseSession(
        remoteKey(), ciphers[initiator ? 0 : 1], ciphers[initiator ? 1 : 0], muxer);
  }

  @FunctionalInterface
  private interface Action {
    byte[] run() throws ProtocolViolationException;
  }

  private byte[] guarded(Action action) throws ProtocolViolationException {
    Step before = step;
    step = Step.FAILED;
    byte[] out = action.run();
    step = after(before);
    return out;
  }

  private static Step after(Step step) {
    return switch (step) {
      case SEND_FIRST -> Step.RECEIVE_SECOND;
      case RECEIVE_SECOND -> Step.SEND_THIRD;
      case RECEIVE_FIRST -> Step.SEND_SECOND;
      case SEND_SECOND -> Step.RECEIVE_THIRD;
      case SEND_THIRD, RECEIVE_THIRD -> Step.DONE;
      case DONE, FAILED -> throw new IllegalStateException("no step after " + step);
    };
  }

  private byte[] sendFirst() {
    byte[] key = ephemeral.publicKey();
    state.mixHash(key);
    state.mixHash(EMPTY);
    return key;
  }

  private byte[] receiveFirst(byte[] message) throws ProtocolViolationException {
    Reader in = new Reader(message);
    remoteEphemeral = in.take(KeyPair.PUBLIC_BYTES);
    state.mixHash(remoteEphemeral);
    // A payload here would be readable by everybody: none is expected, and none is looked at.
    state.mixHash(in.rest());
    return EMPTY;
  }

  private byte[] sendSecond() throws ProtocolViolationException {
    byte[] key = ephemeral.publicKey();
    state.mixHash(key);
    state.mixKey(ephemeral.agree(remoteEphemeral));
    byte[] sealedStatic = state.sealAndHash(self.staticKey().publicKey());
    state.mixKey(self.staticKey().agree(remoteEphemeral));
    return concatenate(key, sealedStatic, state.sealAndHash(self.payload()));
  }

  private byte[] receiveSecond(byte[] message) throws ProtocolViolationException {
    Reader in = new Reader(message);
    remoteEphemeral = in.take(KeyPair.PUBLIC_BYTES);
    state.mixHash(remoteEphemeral);
    state.mixKey(ephemeral.agree(remoteEphemeral));
    remoteStatic = state.openAndHash(in.take(KeyPair.PUBLIC_BYTES + NoiseCipher.TAG_BYTES));
    state.mixKey(ephemeral.agree(remoteStatic));
    takePayload(state.openAndHash(in.rest()));
    return EMPTY;
  }

  private byte[] sendThird() throws ProtocolViolationException {
    byte[] sealedStatic = state.sealAndHash(self.staticKey().publicKey());
    state.mixKey(self.staticKey().agree(remoteEphemeral));
    return concatenate(sealedStatic, state.sealAndHash(self.payload()));
  }

  private byte[] receiveThird(byte[] message) throws ProtocolViolationException {
    Reader in = new Reader(message);
    remoteStatic = state.openAndHash(in.take(KeyPair.PUBLIC_BYTES + NoiseCipher.TAG_BYTES));
    state.mixKey(ephemeral.agree(remoteStatic));
    takePayload(state.openAndHash(in.rest()));
    return EMPTY;
  }

  private void takePayload(byte[] encoded) throws ProtocolViolationException {
    NoisePayload payload = NoisePayload.decode(encoded);
    PublicKey proved = payload.verify(remoteStatic);
    muxer =
        initiator ? agree(self.muxers(), payload.muxers()) : agree(payload.muxers(), self.muxers());
    remoteKey = proved;
  }

  /**
   * The first muxer of the initiator that the responder has too; none where one side does not speak
   * the extension, and multistream decides.
   */
  private static Optional<String> agree(List<String> ofInitiator, List<String> ofResponder)
      throws ProtocolViolationException {
    if (ofInitiator.isEmpty() || ofResponder.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> first = ofInitiator.stream().filter(ofResponder::contains).findFirst();
    if (first.isEmpty()) {
      throw new ProtocolViolationException(
          "noise: no muxer in common: " + ofInitiator + " and " + ofResponder);
    }
    return first;
  }

  private static byte[] concatenate(byte[]... parts) {
    int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] out = new byte[size];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, out, at, part.length);
      at += part.length;
    }
    return out;
  }

  /** Takes a message apart. */
  private static final class Reader {
    private final byte[] message;
    private int at;

    Reader(byte[] message) throws ProtocolViolationException {
      if (message.length > MESSAGE_MAX) {
        throw new ProtocolViolationException(
            "noise: handshake message of " + message.length + " bytes");
      }
      this.message = message;
    }

    byte[] take(int size) throws ProtocolViolationException {
      if (message.length - at < size) {
        throw new ProtocolViolationException("noise: handshake message cut off");
      }
      at += size;
      return Arrays.copyOfRange(message, at - size, at);
    }

    byte[] rest() {
      return Arrays.copyOfRange(message, at, message.length);
    }
  }
}
