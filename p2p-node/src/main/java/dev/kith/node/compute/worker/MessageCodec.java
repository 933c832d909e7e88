package dev.kith.node.compute.worker;

import dev.kith.node.compute.worker.WorkerMessage.Cancel;
import dev.kith.node.compute.worker.WorkerMessage.Command;
import dev.kith.node.compute.worker.WorkerMessage.Compiled;
import dev.kith.node.compute.worker.WorkerMessage.End;
import dev.kith.node.compute.worker.WorkerMessage.Ended;
import dev.kith.node.compute.worker.WorkerMessage.Load;
import dev.kith.node.compute.worker.WorkerMessage.Loaded;
import dev.kith.node.compute.worker.WorkerMessage.Report;
import dev.kith.node.compute.worker.WorkerMessage.Run;
import dev.kith.node.compute.worker.WorkerMessage.Stdin;
import dev.kith.node.compute.worker.WorkerMessage.StdinEnd;
import dev.kith.node.compute.worker.WorkerMessage.StdinWanted;
import dev.kith.node.compute.worker.WorkerMessage.Stdout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message is a kind (1 byte), the length of its body (4 bytes, big-endian) and the body. Strings
 * are a length (4 bytes) and UTF-8; lists a count (4 bytes) and their items. A reader refuses a
 * body above {@link #BODY_BYTES_MAX} before it allocates it.
 */
public final class MessageCodec {
  /** Covers the arguments of a run (128 KiB in all, see docs/limits.md) with room to spare. */
  public static final int BODY_BYTES_MAX = 2 << 20;

  private static final int LOAD = 1;
  private static final int RUN = 2;
  private static final int STDIN = 3;
  private static final int STDIN_END = 4;
  private static final int CANCEL = 5;
  private static final int COMPILED = 16;
  private static final int LOADED = 17;
  private static final int STDIN_WANTED = 18;
  private static final int STDOUT = 19;
  private static final int ENDED = 20;

  private MessageCodec() {}

  /** Writes one message and flushes. Callers that share {@code out} hold a lock of their own. */
  public static void write(DataOutputStream out, WorkerMessage message) throws IOException {
    switch (message) {
      case Stdin m -> data(out, STDIN, m.bytes());
      case Stdout m -> data(out, STDOUT, m.bytes());
      case Compiled m -> data(out, COMPILED, m.bytes());
      case StdinEnd _ -> data(out, STDIN_END, ByteBuffer.allocate(0));
      case Cancel _ -> data(out, CANCEL, ByteBuffer.allocate(0));
      case Loaded m -> body(out, LOADED, body -> string(body, m.evicted()));
      case StdinWanted m ->
          data(out, STDIN_WANTED, ByteBuffer.allocate(4).putInt(m.bytes()).flip());
      case Load m ->
          body(
              out,
              LOAD,
              body -> {
                string(body, m.program());
                string(body, m.modulePath());
                string(body, m.compiledPath());
              });
      case Run m ->
          body(
              out,
              RUN,
              body -> {
                string(body, m.program());
                body.writeInt(m.memoryPages());
                body.writeLong(m.answerBytes());
                body.writeLong(m.seed());
                strings(body, m.arguments());
                strings(body, m.environment());
              });
      case Ended m ->
          body(
              out,
              ENDED,
              body -> {
                string(body, m.end().name());
                body.writeInt(m.exitCode());
                string(body, m.detail());
                string(body, m.stderrTail());
              });
    }
    out.flush();
  }

  /** Reads the next command; an {@link java.io.EOFException} when the daemon is gone. */
  static Command readCommand(DataInputStream in) throws IOException {
    return switch (read(in)) {
      case Command command -> command;
      case Report report -> throw new IOException("a report where a command belongs: " + report);
    };
  }

  /** Reads the next report; an {@link java.io.EOFException} when the worker is gone. */
  public static Report readReport(DataInputStream in) throws IOException {
    return switch (read(in)) {
      case Report report -> report;
      case Command command -> throw new IOException("a command where a report belongs: " + command);
    };
  }

  private static WorkerMessage read(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    int length = in.readInt();
    if (length < 0 || length > BODY_BYTES_MAX) {
      throw new IOException("message of kind " + kind + " with " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    DataInputStream body = new DataInputStream(new ByteArrayInputStream(bytes));
    WorkerMessage message =
        switch (kind) {
          case LOAD -> new Load(string(body), string(body), string(body));
          case RUN ->
              new Run(
                  string(body),
                  body.readInt(),
                  body.readLong(),
                  body.readLong(),
                  strings(body),
                  strings(body));
          case STDIN -> new Stdin(rest(body, bytes));
          case STDIN_END -> new StdinEnd();
          case CANCEL -> new Cancel();
          case COMPILED -> new Compiled(rest(body, bytes));
          case LOADED -> new Loaded(string(body));
          case STDIN_WANTED -> new StdinWanted(body.readInt());
          case STDOUT -> new Stdout(rest(body, bytes));
          case ENDED -> new Ended(end(body), body.readInt(), string(body), string(body));
          default -> throw new IOException("message of unknown kind " + kind);
        };
    if (body.available() > 0) {
      throw new IOException(
          "message of kind " + kind + " with " + body.available() + " bytes more");
    }
    return message;
  }

  private static ByteBuffer rest(DataInputStream body, byte[] bytes) throws IOException {
    body.skipNBytes(bytes.length);
    return ByteBuffer.wrap(bytes);
  }

  private static End end(DataInputStream body) throws IOException {
    String name = string(body);
    try {
      return End.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IOException("unknown end " + name, e);
    }
  }

  private static void data(DataOutputStream out, int kind, ByteBuffer bytes) throws IOException {
    out.writeByte(kind);
    out.writeInt(bytes.remaining());
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  private static void body(DataOutputStream out, int kind, Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.writeTo(new DataOutputStream(bytes));
    if (bytes.size() > BODY_BYTES_MAX) {
      throw new IllegalArgumentException("message of kind " + kind + " with " + bytes.size());
    }
    out.writeByte(kind);
    out.writeInt(bytes.size());
    bytes.writeTo(out);
  }

  @FunctionalInterface
  private interface Body {
    void writeTo(DataOutputStream out) throws IOException;
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String string(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("string of " + length + " bytes");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static void strings(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      string(out, text);
    }
  }

  private static List<String> strings(DataInputStream in) throws IOException {
    int count = in.readInt();
    // Each takes at least its length field.
    if (count < 0 || count > in.available() / 4) {
      throw new IOException("list of " + count);
    }
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(string(in));
    }
    return texts;
  }
}
