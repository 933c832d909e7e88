package dev.kith.node.jobs;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.FileService;
import dev.kith.node.files.PutSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A job's files in the mesh, below {@code /.kith/jobs/ID/}: {@code job} (the specification), {@code
 * program}, {@code input-N} for each input that was uploaded; at its end {@code output} and {@code
 * log}. With them any device of the owner can go on with the job, or tell about it.
 */
final class JobStore {
  private final FileService files;

  JobStore(FileService files) {
    this.files = files;
  }

  static String folder(Bytes32 job) {
    return "/.kith/jobs/" + job.toUnprefixedHexString();
  }

  /** Stores what a coordinator needs. */
  void putInputs(JobSpecification specification, JobFolder local)
      throws IOException, InterruptedException {
    String folder = folder(specification.job());
    try (PutSession put = files.put(FileService.PutOptions.DEFAULT)) {
      add(put, folder + "/job", local.specificationFile(), specification);
      add(put, folder + "/program", local.programFile(), specification);
      for (int i = 0; i < specification.inputs().size(); i++) {
        if (!specification.inputs().get(i).stored()) {
          add(put, folder + "/input-" + i, local.inputFile(i), specification);
        }
      }
      put.commit();
    }
  }

  private static void add(PutSession put, String path, Path file, JobSpecification specification)
      throws IOException, InterruptedException {
    try (InputStream content = Files.newInputStream(file)) {
      put.add(path, content, specification.openedMillis());
    }
  }

  /** Stores what came of a job. */
  void putOutput(Bytes32 job, InputStream output, Bytes log)
      throws IOException, InterruptedException {
    try (PutSession put = files.put(FileService.PutOptions.DEFAULT)) {
      long now = System.currentTimeMillis();
      put.add(folder(job) + "/output", output, now);
      put.add(folder(job) + "/log", new ByteArrayInputStream(log.toArrayUnsafe()), now);
      put.commit();
    }
  }

  /** Stores the log of a job that has no answer. */
  void putLog(Bytes32 job, Bytes log) throws IOException, InterruptedException {
    try (PutSession put = files.put(FileService.PutOptions.DEFAULT)) {
      put.add(
          folder(job) + "/log",
          new ByteArrayInputStream(log.toArrayUnsafe()),
          System.currentTimeMillis());
      put.commit();
    }
  }

  /** The log as it was stored; NOT_FOUND where there is none. */
  JobView readLog(Bytes32 job) throws IOException, InterruptedException {
    try (FileService.OpenFile file = files.open(folder(job) + "/log")) {
      long size = file.entry().size();
      if (size > JobViewCodec.BYTES_MAX) {
        throw new NodeException(Problem.DATA_CORRUPT, "the job's log has " + size + " bytes");
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) size);
      file.transferTo(bytes, 0, size);
      return JobViewCodec.decode(Bytes.wrap(bytes.toByteArray()));
    } catch (DecodeException e) {
      throw new NodeException(Problem.DATA_CORRUPT, "the job's log: " + e.getMessage(), e);
    }
  }

  /** Writes the joined answer as it was stored, from a byte on. */
  void readOutput(Bytes32 job, long from, OutputStream out)
      throws IOException, InterruptedException {
    try (FileService.OpenFile file = files.open(folder(job) + "/output")) {
      file.transferTo(out, from, file.entry().size() - from);
    }
  }

  /** Copies a file of the store and returns its SHA-256. */
  Bytes32 take(String path, Path target) throws IOException, InterruptedException {
    try (OutputStream out = Files.newOutputStream(target)) {
      try (FileService.OpenFile file = files.open(path)) {
        file.transferTo(out, 0, file.entry().size());
      }
    }
    return sha256(target);
  }

  static Bytes32 sha256(Path file) throws IOException {
    java.security.MessageDigest digest = Hash.digest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[64 << 10];
      for (int n; (n = in.read(buffer)) > 0; ) {
        digest.update(buffer, 0, n);
      }
    }
    return Bytes32.wrap(digest.digest());
  }
}
