package dev.kith.node.jobs.attempt;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.node.compute.ComputeLimits;
import dev.kith.node.compute.PartOutcome.Reason;
import dev.kith.node.compute.PartWork;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A message of the attempt protocol: kind (1 byte), length of the body (4 bytes, big-endian), body.
 *
 * <pre>
 * coordinator                      worker
 * Request                 ─►
 *                         ◄─  Busy | NeedProgram | Accepted | Failure
 * Data* End (the program) ─►                    where it was asked for
 *                         ◄─  Accepted
 * Data* End (stdin)       ─►
 *                         ◄─  Alive, about once a second
 *                         ◄─  Answer Data* End | Failure
 * </pre>
 *
 * A reset cancels.
 */
sealed interface AttemptMessage {
  /** The longest body of a Data message. */
  int DATA_BYTES_MAX = 64 << 10;

  /** The longest body at all: a request with its arguments. */
  int BODY_BYTES_MAX = PartWork.ARGUMENT_BYTES_MAX + 8 * PartWork.ARGUMENTS_MAX + 256;

  /** The longest {@link Failure#detail} in bytes. */
  int DETAIL_BYTES_MAX = 4000;

  record Request(AttemptRequest request) implements AttemptMessage {}

  /** No slot and no place in the queue. */
  record Busy() implements AttemptMessage {}

  record NeedProgram() implements AttemptMessage {}

  /** The part is in the queue; its stdin is wanted. */
  record Accepted() implements AttemptMessage {}

  /** The next bytes of the program, of stdin, or of the answer. */
  record Data(Bytes bytes) implements AttemptMessage {}

  record End() implements AttemptMessage {}

  record Alive() implements AttemptMessage {}

  /**
   * The answer follows.
   *
   * @param signature 64 bytes by the worker over {@code PartDone.message}
   */
  record Answer(Bytes32 hash, long bytes, Bytes signature) implements AttemptMessage {}

  record Failure(Reason reason, String detail) implements AttemptMessage {}

  /** In the order of their numbers on the wire. */
  List<Reason> REASONS =
      List.of(
          Reason.EXIT_CODE,
          Reason.TRAP,
          Reason.MEMORY,
          Reason.TIME,
          Reason.ANSWER_TOO_LONG,
          Reason.BAD_MODULE,
          Reason.WORKER_LOST);

  /** Writes one message with one call, as a stream makes a frame of each write. */
  static void write(OutputStream out, AttemptMessage message) throws IOException {
    Writer body = new Writer(128);
    int kind =
        switch (message) {
          case Request m -> {
            AttemptRequest r = m.request();
            body.fixed(r.task()).u32(r.part()).u32(r.parts()).u8(r.rank()).fixed(r.program());
            body.u32(r.programBytes()).u63(r.timeLimitMillis()).u16(r.arguments().size());
            r.arguments().forEach(a -> body.bytes32(utf8(a)));
            yield 1;
          }
          case Busy _ -> 2;
          case NeedProgram _ -> 3;
          case Accepted _ -> 4;
          case Data m -> {
            body.fixed(m.bytes());
            yield 5;
          }
          case End _ -> 6;
          case Alive _ -> 7;
          case Answer m -> {
            body.fixed(m.hash()).u63(m.bytes()).fixed(m.signature());
            yield 8;
          }
          case Failure m -> {
            body.u8(REASONS.indexOf(m.reason())).text(m.detail());
            yield 9;
          }
        };
    out.write(new Writer(5 + body.size()).u8(kind).u32(body.size()).raw(body.toArray()).toArray());
  }

  /**
   * @throws java.io.EOFException when the peer closed
   * @throws ProtocolViolationException when it sent what is no message
   */
  static AttemptMessage read(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    int length = in.readInt();
    int max = kind == 1 ? BODY_BYTES_MAX : DATA_BYTES_MAX;
    if (length < 0 || length > max) {
      throw new ProtocolViolationException(
          "attempt message " + kind + " with " + length + " bytes");
    }
    byte[] body = new byte[length];
    in.readFully(body);
    try {
      return Reader.whole(Bytes.wrap(body), reader -> decode(kind, reader));
    } catch (DecodeException e) {
      throw new ProtocolViolationException("attempt message " + kind + ": " + e.getMessage(), e);
    }
  }

  private static AttemptMessage decode(int kind, Reader body) throws DecodeException {
    return switch (kind) {
      case 1 ->
          new Request(
              new AttemptRequest(
                  body.hash(),
                  body.u32(),
                  body.u32(),
                  body.u8(),
                  body.hash(),
                  bounded(body.u32(), ComputeLimits.PROGRAM_BYTES_MAX),
                  body.u63(),
                  body.list16(PartWork.ARGUMENTS_MAX, AttemptMessage::argument)));
      case 2 -> new Busy();
      case 3 -> new NeedProgram();
      case 4 -> new Accepted();
      case 5 -> new Data(body.fixed(body.left()));
      case 6 -> new End();
      case 7 -> new Alive();
      case 8 -> new Answer(body.hash(), body.u63(), body.fixed(64));
      case 9 ->
          new Failure(
              REASONS.get(bounded(body.u8(), REASONS.size() - 1)), body.text(DETAIL_BYTES_MAX));
      default -> throw new DecodeException("unknown kind");
    };
  }

  private static String argument(Reader body) throws DecodeException {
    Bytes utf8 = body.bytes32(PartWork.ARGUMENT_BYTES_MAX);
    return new String(utf8.toArrayUnsafe(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Bytes utf8(String text) {
    return Bytes.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static int bounded(int value, int max) throws DecodeException {
    if (value > max) {
      throw new DecodeException(value + " above " + max);
    }
    return value;
  }
}
