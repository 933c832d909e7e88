package dev.kith.libp2p.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiformats.Varint;
import dev.kith.libp2p.proto.RecordProto.EnvelopeProto;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.tuweni.bytes.Bytes;

/**
 * A payload, the key that signed it, and the signature (libp2p/specs RFC 0002). It is made and read
 * for one domain: a signature for one purpose is worth nothing for another.
 *
 * @param payloadType what the payload is, at most 16 bytes
 */
public record SignedEnvelope(PublicKey key, Bytes payloadType, Bytes payload, Bytes signature) {
  /** The longest envelope that is read: 64 addresses and an RSA key fit. */
  public static final int BYTES_MAX = 32 << 10;

  public SignedEnvelope {
    Objects.requireNonNull(key, "key");
    if (payloadType.size() > 16) {
      throw new IllegalArgumentException("payloadType: " + payloadType.size() + " bytes");
    }
  }

  /** Signs a payload. */
  public static SignedEnvelope sign(
      PrivateKey key, String domain, Bytes payloadType, Bytes payload) {
    byte[] signature = key.sign(signed(domain, payloadType, payload));
    return new SignedEnvelope(key.publicKey(), payloadType, payload, Bytes.wrap(signature));
  }

  public Bytes encode() {
    return Bytes.wrap(
        EnvelopeProto.newBuilder()
            .setPublicKey(ByteString.copyFrom(key.encoded().toArrayUnsafe()))
            .setPayloadType(ByteString.copyFrom(payloadType.toArrayUnsafe()))
            .setPayload(ByteString.copyFrom(payload.toArrayUnsafe()))
            .setSignature(ByteString.copyFrom(signature.toArrayUnsafe()))
            .build()
            .toByteArray());
  }

  /**
   * Reads an envelope and checks its signature.
   *
   * @throws ProtocolViolationException when it is malformed, forged, or of another domain or type
   */
  public static SignedEnvelope open(Bytes encoded, String domain, Bytes payloadType)
      throws ProtocolViolationException {
    if (encoded.size() > BYTES_MAX) {
      throw new ProtocolViolationException("envelope: " + encoded.size() + " bytes");
    }
    EnvelopeProto message;
    try {
      message = EnvelopeProto.parseFrom(encoded.toArrayUnsafe());
    } catch (InvalidProtocolBufferException e) {
      throw new ProtocolViolationException("envelope: malformed", e);
    }
    if (!bytes(message.getPayloadType()).equals(payloadType)) {
      throw new ProtocolViolationException("envelope: of another type");
    }
    PublicKey key = Keys.decodePublic(bytes(message.getPublicKey()));
    Bytes payload = bytes(message.getPayload());
    byte[] signature = message.getSignature().toByteArray();
    if (!key.verifyOften(signed(domain, payloadType, payload), signature)) {
      throw new ProtocolViolationException("envelope: forged");
    }
    return new SignedEnvelope(key, payloadType, payload, Bytes.wrap(signature));
  }

  /** What is signed: domain, type and payload, each after its length. */
  private static byte[] signed(String domain, Bytes payloadType, Bytes payload) {
    byte[] name = domain.getBytes(StandardCharsets.UTF_8);
    ByteBuffer message =
        ByteBuffer.allocate(
            3 * Varint.BYTES_MAX + name.length + payloadType.size() + payload.size());
    for (byte[] part : new byte[][] {name, payloadType.toArrayUnsafe(), payload.toArrayUnsafe()}) {
      Varint.put(message, part.length);
      message.put(part);
    }
    byte[] exact = new byte[message.position()];
    message.flip().get(exact);
    return exact;
  }

  private static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }
}
