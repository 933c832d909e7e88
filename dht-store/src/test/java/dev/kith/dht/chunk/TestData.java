package dev.kith.dht.chunk;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes32;

/** Seeded bytes. SplittableRandom is specified, so vectors hold on every JDK. */
public final class TestData {
  public static final Bytes32 SECRET =
      Bytes32.fromHexString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

  private TestData() {}

  public static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** Words, which zstd shortens a lot. */
  public static byte[] text(long seed, int length) {
    String[] words = {"kith ", "and ", "kin ", "keep ", "a ", "file ", "together.\n"};
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append(words[random.nextInt(words.length)]);
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }
}
