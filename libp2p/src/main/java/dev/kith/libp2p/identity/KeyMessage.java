package dev.kith.libp2p.identity;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.proto.KeysProto.PublicKeyProto;
import org.apache.tuweni.bytes.Bytes;

/**
 * The protobuf message that both public and private keys travel in: {@code 08 type 12 length data}.
 *
 * <p>Peer ids are hashes of these bytes, so they are written by hand: both fields always, in tag
 * order, with a type of 0 written out, which an encoder of proto3 would leave away.
 */
record KeyMessage(KeyType type, Bytes data) {
  /** An RSA key of 8,192 bits takes 1,062 bytes. */
  static final int BYTES_MAX = 2_048;

  private static final int TYPE_TAG = 0x08;
  private static final int DATA_TAG = 0x12;

  Bytes encode() {
    int size = data.size();
    Bytes length = size < 0x80 ? Bytes.of(size) : Bytes.of((size & 0x7f) | 0x80, size >>> 7);
    return Bytes.concatenate(Bytes.of(TYPE_TAG, type.number(), DATA_TAG), length, data);
  }

  static KeyMessage decode(Bytes encoded) throws ProtocolViolationException {
    if (encoded.size() > BYTES_MAX) {
      throw new ProtocolViolationException("key: " + encoded.size() + " bytes");
    }
    try {
      PublicKeyProto message = PublicKeyProto.parseFrom(encoded.toArrayUnsafe());
      KeyType type =
          KeyType.ofNumber(message.getType().getNumber())
              .orElseThrow(() -> new ProtocolViolationException("key: unknown type"));
      return new KeyMessage(type, Bytes.wrap(message.getData().toByteArray()));
    } catch (InvalidProtocolBufferException e) {
      throw new ProtocolViolationException("key: malformed", e);
    }
  }
}
