package dev.kith.libp2p.noise;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.proto.NoiseProto.NoiseExtensionsProto;
import dev.kith.libp2p.proto.NoiseProto.NoisePayloadProto;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * What the second and third message of a handshake carry: the sender's identity key and its
 * signature over the sender's static Noise key.
 *
 * @param identityKey the encoded public key
 * @param muxers what the sender offers by the early-muxer extension, the best first; empty where it
 *     does not speak the extension
 */
record NoisePayload(Bytes identityKey, Bytes signature, List<String> muxers) {
  private static final byte[] SIGNED_PREFIX =
      "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);
  private static final int MUXERS_MAX = 32;

  NoisePayload {
    muxers = List.copyOf(muxers);
  }

  static NoisePayload sign(PrivateKey key, byte[] staticKey, List<String> muxers) {
    return new NoisePayload(
        key.publicKey().encoded(), Bytes.wrap(key.sign(signed(staticKey))), muxers);
  }

  byte[] encode() {
    NoisePayloadProto.Builder message =
        NoisePayloadProto.newBuilder()
            .setIdentityKey(ByteString.copyFrom(identityKey.toArrayUnsafe()))
            .setIdentitySig(ByteString.copyFrom(signature.toArrayUnsafe()));
    if (!muxers.isEmpty()) {
      message.setExtensions(NoiseExtensionsProto.newBuilder().addAllStreamMuxers(muxers));
    }
    return message.build().toByteArray();
  }

  static NoisePayload decode(byte[] encoded) throws ProtocolViolationException {
    try {
      NoisePayloadProto message = NoisePayloadProto.parseFrom(encoded);
      if (!message.hasIdentityKey() || !message.hasIdentitySig()) {
        throw new ProtocolViolationException("noise: a payload without key or signature");
      }
      return new NoisePayload(
          Bytes.wrap(message.getIdentityKey().toByteArray()),
          Bytes.wrap(message.getIdentitySig().toByteArray()),
          message.getExtensions().getStreamMuxersList().stream().limit(MUXERS_MAX).toList());
    } catch (InvalidProtocolBufferException e) {
      throw new ProtocolViolationException("noise: a malformed payload", e);
    }
  }

  /** The identity key, once it is shown that it signed the static key of this very handshake. */
  PublicKey verify(byte[] staticKey) throws ProtocolViolationException {
    PublicKey key = Keys.decodePublic(identityKey);
    if (!key.verifyOften(signed(staticKey), signature.toArrayUnsafe())) {
      throw new ProtocolViolationException("noise: the signature over the static key is forged");
    }
    return key;
  }

  private static byte[] signed(byte[] staticKey) {
    return Bytes.concatenate(Bytes.wrap(SIGNED_PREFIX), Bytes.wrap(staticKey)).toArray();
  }
}
