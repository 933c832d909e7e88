package dev.kith.node.testing;

import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;

/** Programs for tests, good and bad. */
public final class WasmPrograms {
  private static final int IOVEC = 0;
  private static final int COUNT = 8;
  private static final int BUFFER = 1024;

  private WasmPrograms() {}

  /** Copies stdin to stdout. */
  public static Bytes echo() {
    WasmAssembler a = new WasmAssembler();
    int read = a.wasi("fd_read", "iiii");
    int write = a.wasi("fd_write", "iiii");
    a.memory(1).store(IOVEC, BUFFER);
    a.loop();
    a.store(IOVEC + 4, 16_384);
    a.constant(0).constant(IOVEC).constant(1).constant(COUNT).call(read).drop();
    a.copy(COUNT, IOVEC + 4);
    a.constant(1).constant(IOVEC).constant(1).constant(COUNT + 4).call(write).drop();
    a.load(COUNT).branchIf(0);
    return a.end().build();
  }

  /** Reads stdin to its end and keeps nothing of it. */
  public static Bytes swallow() {
    WasmAssembler a = new WasmAssembler();
    int read = a.wasi("fd_read", "iiii");
    a.memory(2).store(IOVEC, BUFFER).store(IOVEC + 4, 65_536).loop();
    a.constant(0).constant(IOVEC).constant(1).constant(COUNT).call(read).drop();
    return a.load(COUNT).branchIf(0).end().build();
  }

  /** Never ends. */
  public static Bytes forever() {
    WasmAssembler a = new WasmAssembler();
    return a.memory(1).loop().branch(0).end().build();
  }

  /** Writes to stdout without end. */
  public static Bytes flood() {
    WasmAssembler a = new WasmAssembler();
    int write = a.wasi("fd_write", "iiii");
    a.memory(2).store(IOVEC, BUFFER).store(IOVEC + 4, 65_536).loop();
    a.constant(1).constant(IOVEC).constant(1).constant(COUNT).call(write).drop();
    return a.branch(0).end().build();
  }

  /** Takes page after page and traps when it gets no more. */
  public static Bytes grow() {
    WasmAssembler a = new WasmAssembler();
    a.memory(1).loop();
    a.constant(16).op(0x40, 0).constant(-1).op(0x47).branchIf(0);
    return a.end().op(0x00).build();
  }

  public static Bytes trap() {
    return new WasmAssembler().memory(1).op(0x00).build();
  }

  /** Says something on stderr and exits. */
  public static Bytes exit(int code, String complaint) {
    WasmAssembler a = new WasmAssembler();
    int write = a.wasi("fd_write", "iiii");
    int exit = a.importFunction("wasi_snapshot_preview1", "proc_exit", "i", "");
    a.memory(1).data(BUFFER, complaint);
    a.store(IOVEC, BUFFER).store(IOVEC + 4, complaint.getBytes(StandardCharsets.UTF_8).length);
    a.constant(2).constant(IOVEC).constant(1).constant(COUNT).call(write).drop();
    return a.constant(code).call(exit).build();
  }

  /** Writes its arguments, then its environment, each ended by a zero byte. */
  public static Bytes introduce() {
    WasmAssembler a = new WasmAssembler();
    int argumentSizes = a.wasi("args_sizes_get", "ii");
    int arguments = a.wasi("args_get", "ii");
    int environmentSizes = a.wasi("environ_sizes_get", "ii");
    int environment = a.wasi("environ_get", "ii");
    int write = a.wasi("fd_write", "iiii");
    a.memory(2).store(IOVEC, 32_768);
    a.constant(COUNT).constant(IOVEC + 4).call(argumentSizes).drop();
    a.constant(BUFFER).constant(32_768).call(arguments).drop();
    a.constant(1).constant(IOVEC).constant(1).constant(COUNT).call(write).drop();
    a.constant(COUNT).constant(IOVEC + 4).call(environmentSizes).drop();
    a.constant(BUFFER).constant(32_768).call(environment).drop();
    return a.constant(1).constant(IOVEC).constant(1).constant(COUNT).call(write).drop().build();
  }

  /** Looks at the clocks, sleeps for an hour, looks again, asks for random bytes; writes it all. */
  public static Bytes world() {
    WasmAssembler a = new WasmAssembler();
    int clock = a.wasi("clock_time_get", "ili");
    int poll = a.wasi("poll_oneoff", "iiii");
    int random = a.wasi("random_get", "ii");
    int write = a.wasi("fd_write", "iiii");
    a.memory(1);
    a.constant(0).constantLong(1).constant(BUFFER).call(clock).drop();
    a.constant(1).constantLong(1).constant(BUFFER + 8).call(clock).drop();
    // A subscription: user data, kind 0 (clock), clock 1, an hour, relative.
    a.store(512 + 16, 1).constant(512 + 24).constantLong(3_600_000_000_000L).op(0x37, 3, 0);
    a.constant(512).constant(640).constant(1).constant(COUNT).call(poll).drop();
    a.constant(1).constantLong(1).constant(BUFFER + 16).call(clock).drop();
    a.constant(BUFFER + 24).constant(16).call(random).drop();
    a.store(IOVEC, BUFFER).store(IOVEC + 4, 40);
    return a.constant(1).constant(IOVEC).constant(1).constant(COUNT).call(write).drop().build();
  }

  /** Needs a function that no peer has. */
  public static Bytes foreign() {
    WasmAssembler a = new WasmAssembler();
    int sensor = a.importFunction("media", "decode_frame", "i", "i");
    return a.memory(1).constant(1).call(sensor).drop().build();
  }
}
