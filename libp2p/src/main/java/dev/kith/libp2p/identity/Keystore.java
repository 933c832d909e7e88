package dev.kith.libp2p.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * A secp256k1 key in a file under a password: Web3 Secret Storage, version 3, which Ethereum's
 * tools read too.
 *
 * <p>scrypt runs with N = 2^15, r = 8, p = 3: 32 MiB of memory and about half a second. The usual N
 * = 2^18 takes 256 MiB, which is the whole heap of a small daemon.
 */
public final class Keystore {
  /** A keystore is some 500 bytes; nothing larger is read. */
  static final int FILE_BYTES_MAX = 16_384;

  private Keystore() {}

  /**
   * Writes {@code key} to {@code file}, readable by its owner only. The file appears whole or not
   * at all, and replaces one that is there.
   */
  public static void create(Path file, char[] password, Secp256k1PrivateKey key)
      throws IOException {
    byte[] json = Web3SecretStorage.encrypt(password, key, new SecureRandom());
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("file: is a root");
    }
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, ".keystore", ".tmp", ownerOnly(folder));
    try {
      try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(json);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncFolder(folder);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Reads the key back.
   *
   * @throws WrongPasswordException when the password is another
   * @throws IOException when the file is missing, unreadable or no keystore
   */
  public static Secp256k1PrivateKey load(Path file, char[] password) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(file + ": too large for a keystore");
    }
    return Web3SecretStorage.decrypt(password, Files.readAllBytes(file), file.toString());
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Makes the rename last; where a folder cannot be opened (Windows) the system sees to it. */
  private static void syncFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
