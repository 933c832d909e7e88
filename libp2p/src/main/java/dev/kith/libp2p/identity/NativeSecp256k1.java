package dev.kith.libp2p.identity;

import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libsecp256k1 through JNI. */
final class NativeSecp256k1 implements Secp256k1Curve {
  private static final Logger LOG = LoggerFactory.getLogger(NativeSecp256k1.class);

  private final Secp256k1 library;

  private NativeSecp256k1(Secp256k1 library) {
    this.library = library;
  }

  /** Empty where the library has no build for this machine. */
  static Optional<NativeSecp256k1> load() {
    try {
      return Optional.of(new NativeSecp256k1(Secp256k1.get()));
    } catch (LinkageError | IllegalStateException e) {
      LOG.info("no native secp256k1 here, signatures are made in Java: {}", e.toString());
      return Optional.empty();
    }
  }

  @Override
  public boolean isScalar(byte[] scalar) {
    return scalar.length == 32 && library.secKeyVerify(scalar);
  }

  @Override
  public byte[] publicKey(byte[] scalar) {
    return library.pubKeyCompress(library.pubkeyCreate(scalar));
  }

  @Override
  public byte[] compress(byte[] point) {
    try {
      return library.pubKeyCompress(library.pubkeyParse(point));
    } catch (Secp256k1Exception e) {
      throw new IllegalArgumentException("secp256k1: not a point on the curve", e);
    }
  }

  @Override
  public byte[] sign(byte[] hash32, byte[] scalar) {
    return library.sign(hash32, scalar);
  }

  @Override
  public boolean verify(byte[] hash32, byte[] signature64, byte[] compressed) {
    try {
      return library.verify(signature64, hash32, compressed);
    } catch (Secp256k1Exception e) {
      return false;
    }
  }

  @Override
  public byte[] agree(byte[] scalar, byte[] compressed) {
    return library.ecdh(scalar, compressed);
  }
}
