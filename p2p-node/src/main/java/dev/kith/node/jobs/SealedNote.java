package dev.kith.node.jobs;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What a job says on the ledger to the owner's devices alone: nonce (12) ‖ AES-256-GCM under the
 * owner's job key, with the job's id as associated data.
 */
final class SealedNote {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int NAME_BYTES_MAX = 128;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  SealedNote(Bytes32 jobKey) {
    this.key = new SecretKeySpec(jobKey.toArray(), "AES");
  }

  /**
   * In TaskOpen.
   *
   * @param programName cut to 128 bytes
   * @param specification SHA-256 of the encoded {@link JobSpecification}
   */
  record Opened(String programName, Bytes32 specification) {}

  /**
   * In TaskSeal.
   *
   * @param stored whether output and log lie in the store; otherwise only the coordinator has them
   * @param log SHA-256 of the log file
   */
  record Sealed(boolean stored, Bytes32 log) {}

  Bytes seal(Bytes32 job, Opened note) {
    byte[] name = note.programName().getBytes(StandardCharsets.UTF_8);
    int length = Math.min(name.length, NAME_BYTES_MAX);
    return encrypt(
        job, new Writer().u8(1).bytes16(Bytes.wrap(name, 0, length)).fixed(note.specification()));
  }

  Bytes seal(Bytes32 job, Sealed note) {
    return encrypt(job, new Writer().u8(1).u8(note.stored() ? 1 : 0).fixed(note.log()));
  }

  /** Empty where another key wrote it, or another version. */
  Optional<Opened> opened(Bytes32 job, Bytes encrypted) {
    return decrypt(
        job,
        encrypted,
        in -> {
          Bytes name = in.bytes16(NAME_BYTES_MAX);
          return new Opened(new String(name.toArrayUnsafe(), StandardCharsets.UTF_8), in.hash());
        });
  }

  Optional<Sealed> sealed(Bytes32 job, Bytes encrypted) {
    return decrypt(job, encrypted, in -> new Sealed(in.u8() == 1, in.hash()));
  }

  private Bytes encrypt(Bytes32 job, Writer note) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, job).doFinal(note.toArray());
      return Bytes.concatenate(Bytes.wrap(nonce), Bytes.wrap(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM cannot encrypt", e);
    }
  }

  private <T> Optional<T> decrypt(Bytes32 job, Bytes encrypted, Reader.Decoder<T> decoder) {
    if (encrypted.size() < NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      byte[] nonce = encrypted.slice(0, NONCE_BYTES).toArray();
      byte[] note =
          cipher(Cipher.DECRYPT_MODE, nonce, job).doFinal(encrypted.slice(NONCE_BYTES).toArray());
      Reader in = new Reader(note);
      return in.u8() == 1 ? Optional.of(in.one(decoder)) : Optional.empty();
    } catch (GeneralSecurityException | DecodeException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, Bytes32 job) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(job.toArray());
    return cipher;
  }
}
