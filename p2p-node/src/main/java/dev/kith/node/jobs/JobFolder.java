package dev.kith.node.jobs;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.node.jobs.attempt.AttemptInput;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A job on its coordinator's disk, {@code HOME/jobs/ID/}: {@code job}, {@code program}, {@code
 * input-N}, {@code height}, {@code answers}, {@code journal}, and once it is over {@code ended},
 * its last view.
 */
final class JobFolder {
  private final Path path;

  JobFolder(Path path) {
    this.path = path;
  }

  static JobFolder create(Path jobs, Bytes32 job) throws IOException {
    return new JobFolder(Files.createDirectories(jobs.resolve(job.toUnprefixedHexString())));
  }

  Path path() {
    return path;
  }

  Path specificationFile() {
    return path.resolve("job");
  }

  Path programFile() {
    return path.resolve("program");
  }

  Path inputFile(int input) {
    return path.resolve("input-" + input);
  }

  /** Last of all when a job is made: a folder without it was never a job. */
  void write(JobSpecification specification) throws IOException {
    publish("job", specification.encode());
  }

  /** What height the ledger had, here, before the job was put on it. */
  void writeHeight(long height) throws IOException {
    publish("height", Bytes.ofUnsignedLong(height));
  }

  Optional<Long> height() throws IOException {
    return read("height", encoded -> Reader.whole(encoded, Reader::u63));
  }

  Optional<JobSpecification> specification() throws IOException {
    return read("job", JobSpecification::decode);
  }

  /** The job is over; its inputs are not needed any more. */
  void end(JobView last) throws IOException {
    publish("ended", JobViewCodec.encode(last));
    Files.deleteIfExists(programFile());
    try (DirectoryStream<Path> inputs = Files.newDirectoryStream(path, "input-*")) {
      for (Path input : inputs) {
        Files.deleteIfExists(input);
      }
    }
  }

  Optional<JobView> ended() throws IOException {
    return read("ended", JobViewCodec::decode);
  }

  private void publish(String name, Bytes content) throws IOException {
    Path temporary = path.resolve(name + ".tmp");
    // No channel: an interrupt, as when the daemon ends, must not tear this.
    try (FileOutputStream file = new FileOutputStream(temporary.toFile())) {
      file.write(content.toArrayUnsafe());
      file.getFD().sync();
    }
    Files.move(
        temporary,
        path.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private <T> Optional<T> read(String name, Decoder<T> decoder) throws IOException {
    Path file = path.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(decoder.decode(Bytes.wrap(Files.readAllBytes(file))));
    } catch (DecodeException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  @FunctionalInterface
  private interface Decoder<T> {
    T decode(Bytes encoded) throws DecodeException;
  }

  /** What attempts at a part read. */
  AttemptInput input(PartTable parts, int part) {
    return new AttemptInput() {
      @Override
      public InputStream openStdin() throws IOException {
        return parts.input(part) == PartTable.NO_INPUT
            ? InputStream.nullInputStream()
            : new FileRange(inputFile(parts.input(part)), parts.offset(part), parts.length(part));
      }

      @Override
      public InputStream openProgram() throws IOException {
        return Files.newInputStream(programFile());
      }
    };
  }

  void delete() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(path);
  }

  /** Bytes [offset, offset + length) of a file. */
  private static final class FileRange extends InputStream {
    private final FileInputStream file;
    private long left;

    FileRange(Path path, long offset, long length) throws IOException {
      file = new FileInputStream(path.toFile());
      file.skipNBytes(offset);
      left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = file.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new IOException("an input of the job became shorter");
      }
      left -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
