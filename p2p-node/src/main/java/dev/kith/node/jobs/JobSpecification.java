package dev.kith.node.jobs;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.node.compute.PartWork;
import dev.kith.node.jobs.JobService.Split;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * All that a coordinator must know of a job. It lies in the job's folder, on the coordinator's disk
 * and in the store; the ledger has its hash (see {@link SealedNote}).
 *
 * @param programName for people, and argv[0]; at most 255 bytes of UTF-8
 * @param inputs in order, as they were when the job was started
 * @param racers 1 + entropy
 * @param arguments argv after the program's name
 */
record JobSpecification(
    Bytes32 job,
    String programName,
    Bytes32 program,
    int programBytes,
    List<InputFile> inputs,
    Split split,
    int parts,
    int racers,
    List<String> arguments,
    long openedMillis,
    long deadlineMillis) {
  private static final int VERSION = 1;

  /** The longest encoded form, which bounds inputs and arguments together. */
  static final int BYTES_MAX = 4 << 20;

  static final int NAME_BYTES_MAX = 255;

  JobSpecification {
    inputs = List.copyOf(inputs);
    arguments = List.copyOf(arguments);
  }

  /**
   * @param name its path in the store, or what the file was called
   * @param stored whether it was named by a path; otherwise the job's folder has a copy
   */
  record InputFile(String name, boolean stored, long bytes, Bytes32 sha256) {}

  Bytes encode() {
    Writer out = new Writer(512);
    out.u8(VERSION).fixed(job).text(programName).fixed(program).u32(programBytes);
    out.u32(inputs.size());
    inputs.forEach(i -> out.text(i.name()).u8(i.stored() ? 1 : 0).u63(i.bytes()).fixed(i.sha256()));
    switch (split) {
      case Split.Files _ -> out.u8(0);
      case Split.Lines lines -> out.u8(1).u32(lines.count());
      case Split.Size size -> out.u8(2).u63(size.bytes());
      case Split.Range range ->
          out.u8(3)
              .fixed(Bytes.ofUnsignedLong(range.first()))
              .fixed(Bytes.ofUnsignedLong(range.last()));
    }
    out.u32(parts).u8(racers).u16(arguments.size());
    arguments.forEach(
        a -> out.bytes32(Bytes.wrap(a.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    return out.u63(openedMillis).u63(deadlineMillis).toBytes();
  }

  static JobSpecification decode(Bytes encoded) throws DecodeException {
    return Reader.whole(encoded, JobSpecification::read);
  }

  private static JobSpecification read(Reader in) throws DecodeException {
    int version = in.u8();
    if (version != VERSION) {
      throw new DecodeException("a job of format " + version);
    }
    Bytes32 job = in.hash();
    String name = in.text(NAME_BYTES_MAX);
    Bytes32 program = in.hash();
    int programBytes = in.u32();
    int count = in.u32();
    if (count > JobService.INPUTS_MAX) {
      throw new DecodeException(count + " inputs");
    }
    List<InputFile> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      inputs.add(new InputFile(in.text(0xFFFF), in.u8() == 1, in.u63(), in.hash()));
    }
    Split split =
        switch (in.u8()) {
          case 0 -> new Split.Files();
          case 1 -> new Split.Lines(in.u32());
          case 2 -> new Split.Size(in.u63());
          case 3 -> new Split.Range(in.fixed(8).toLong(), in.fixed(8).toLong());
          default -> throw new DecodeException("unknown split");
        };
    return new JobSpecification(
        job,
        name,
        program,
        programBytes,
        inputs,
        split,
        in.u32(),
        in.u8(),
        in.list16(PartWork.ARGUMENTS_MAX, JobSpecification::argument),
        in.u63(),
        in.u63());
  }

  private static String argument(Reader in) throws DecodeException {
    Bytes utf8 = in.bytes32(PartWork.ARGUMENT_BYTES_MAX);
    return new String(utf8.toArrayUnsafe(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
