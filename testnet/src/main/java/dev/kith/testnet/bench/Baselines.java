package dev.kith.testnet.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the machine can do without Kith: the limits that its throughput is held against. Decimal
 * MB/s, one thread each.
 *
 * @param sha256 hashing memory
 * @param loopback bytes through one TCP connection within this process
 * @param diskBuffered writing a file and one fsync at its end
 * @param diskDirect the same past the page cache, where the file system allows it
 */
record Baselines(double sha256, double loopback, double diskBuffered, Optional<Double> diskDirect) {
  private static final int BLOCK = 4 << 20;
  private static final int DIRECT_ALIGNMENT = 4096;

  /**
   * Measures with {@code bytes} each, rounded down to 4 MiB, in files below {@code folder}: in a
   * JVM of its own, as the one that runs a command compiles without intrinsics, for the sake of a
   * quick start.
   */
  static Baselines measure(Path folder, long bytes) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Baselines.class.getName(),
                folder.toString(),
                Long.toString(bytes))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    byte[] output = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException("the machine could not be measured");
    }
    return JsonMapper.shared().readValue(output, Baselines.class);
  }

  /** The process that measures: its arguments are the folder and the bytes. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    long blocks = Math.max(1, Long.parseLong(arguments[1]) / BLOCK);
    Baselines measured =
        new Baselines(
            sha256(blocks),
            loopback(blocks),
            disk(folder, blocks, Set.of(CREATE, WRITE, TRUNCATE_EXISTING)),
            direct(folder, blocks));
    System.out.print(JsonMapper.shared().writeValueAsString(measured));
  }

  private static double sha256(long blocks) {
    byte[] block = randomBlock();
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    for (int i = 0; i < 64; i++) {
      digest.update(block); // until the intrinsic is compiled in
    }
    long start = System.nanoTime();
    for (long i = 0; i < blocks; i++) {
      digest.update(block);
    }
    digest.digest();
    return rate(blocks, start);
  }

  private static double loopback(long blocks) throws IOException, InterruptedException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (SocketChannel out = SocketChannel.open(server.getLocalAddress())) {
                      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).put(randomBlock()).flip();
                      for (long i = 0; i < blocks; i++) {
                        writeAll(out, block.rewind());
                      }
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      long read = 0;
      long start;
      try (SocketChannel in = server.accept()) {
        start = System.nanoTime();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        int count = in.read(buffer);
        while (count >= 0) {
          read += count;
          count = in.read(buffer.clear());
        }
      }
      double rate = rate(blocks, start);
      writer.join();
      if (read != blocks * BLOCK) {
        throw new IOException("loopback: " + read + " bytes of " + blocks * BLOCK);
      }
      return rate;
    }
  }

  private static Optional<Double> direct(Path folder, long blocks) throws IOException {
    try {
      return Optional.of(
          disk(
              folder, blocks, Set.of(CREATE, WRITE, TRUNCATE_EXISTING, ExtendedOpenOption.DIRECT)));
    } catch (UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static double disk(Path folder, long blocks, Set<? extends OpenOption> options)
      throws IOException {
    Path file = Files.createTempFile(folder, "baseline", ".bin");
    try (FileChannel channel = FileChannel.open(file, options)) {
      ByteBuffer block =
          ByteBuffer.allocateDirect(BLOCK + DIRECT_ALIGNMENT)
              .alignedSlice(DIRECT_ALIGNMENT)
              .limit(BLOCK)
              .put(randomBlock())
              .flip();
      long start = System.nanoTime();
      for (long i = 0; i < blocks; i++) {
        writeAll(channel, block.rewind());
      }
      channel.force(true);
      return rate(blocks, start);
    } finally {
      Files.delete(file);
    }
  }

  private static void writeAll(java.nio.channels.WritableByteChannel out, ByteBuffer block)
      throws IOException {
    while (block.hasRemaining()) {
      out.write(block);
    }
  }

  private static byte[] randomBlock() {
    byte[] block = new byte[BLOCK];
    new Random(1).nextBytes(block);
    return block;
  }

  private static double rate(long blocks, long startNanos) {
    return blocks * (double) BLOCK * 1e3 / (System.nanoTime() - startNanos);
  }
}
