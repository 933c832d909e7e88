package dev.kith.node.compute;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.tuweni.bytes.Bytes;

/**
 * Finds what a WebAssembly module needs, from its import, memory and export sections (WebAssembly
 * core specification, chapter 5.5). Code is stepped over, so that a hostile or huge module costs
 * nothing here; the worker process that compiles it checks the rest.
 */
public final class ProgramReader {
  static final String WASI = "wasi_snapshot_preview1";
  private static final int PAGE_BYTES = 64 << 10;

  /** Endive keeps linear memory in Java arrays: just below 2 GiB. */
  private static final long PAGES_MAX = 32_767;

  private static final int IMPORTS_MAX = 10_000;
  private static final int SECTION_IMPORT = 2;
  private static final int SECTION_FUNCTION = 3;
  private static final int SECTION_MEMORY = 5;
  private static final int SECTION_EXPORT = 7;
  private static final int SECTION_CODE = 10;
  private static final int SECTION_LAST = 13;

  /** WASI preview 1, as every peer's runtime has it. */
  private static final Set<String> WASI_FUNCTIONS =
      Set.of(
          ("args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get "
                  + "fd_advise fd_allocate fd_close fd_datasync fd_fdstat_get fd_fdstat_set_flags "
                  + "fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size "
                  + "fd_filestat_set_times fd_pread fd_prestat_dir_name fd_prestat_get fd_pwrite "
                  + "fd_read fd_readdir fd_renumber fd_seek fd_sync fd_tell fd_write "
                  + "path_create_directory path_filestat_get path_filestat_set_times path_link "
                  + "path_open path_readlink path_remove_directory path_rename path_symlink "
                  + "path_unlink_file poll_oneoff proc_exit proc_raise random_get sched_yield "
                  + "sock_accept sock_recv sock_send sock_shutdown")
              .split(" "));

  private final WasmBytes in;
  private final Set<String> capabilities = new TreeSet<>(Set.of("runtime.wasm"));
  private long memoryPages;
  private Optional<Long> memoryPagesMax = Optional.empty();
  private int memories;
  private boolean command;
  private long functions;
  private long bodies;

  private ProgramReader(WasmBytes in) {
    this.in = in;
  }

  /**
   * @throws NodeException BAD_PROGRAM or PROGRAM_TOO_LARGE; its line goes on "the program ..."
   */
  public static ProgramInfo read(Bytes program) throws NodeException {
    if (program.size() > ComputeLimits.PROGRAM_BYTES_MAX) {
      throw new NodeException(
          Problem.PROGRAM_TOO_LARGE,
          "the program has %d bytes; at most %d are allowed"
              .formatted(program.size(), ComputeLimits.PROGRAM_BYTES_MAX));
    }
    ProgramReader reader = new ProgramReader(new WasmBytes(program));
    reader.header();
    reader.sections();
    return reader.info(program.size());
  }

  private void header() throws NodeException {
    if (in.remaining() < 4 || in.u32le() != 0x6d736100) {
      throw WasmBytes.bad("is no WebAssembly module: it does not begin with \\0asm");
    }
    if (in.remaining() < 4) {
      throw in.truncated();
    }
    int version = in.u32le();
    if (version == 0x0001000d) {
      throw WasmBytes.bad(
          "is a WebAssembly component; only core modules that are WASI commands can be run");
    }
    if (version != 1) {
      throw WasmBytes.bad(
          "has WebAssembly version " + Integer.toUnsignedString(version) + ", not 1");
    }
  }

  private void sections() throws NodeException {
    while (in.remaining() > 0) {
      int id = in.u8();
      long length = in.u32();
      if (length > in.remaining()) {
        throw in.truncated();
      }
      if (id > SECTION_LAST) {
        throw WasmBytes.bad("has a section of the unknown kind " + id);
      }
      int end = in.position() + (int) length;
      switch (id) {
        case SECTION_IMPORT -> imports();
        case SECTION_MEMORY -> {
          for (long i = count(); i > 0; i--) {
            memory();
          }
        }
        case SECTION_EXPORT -> exports();
        case SECTION_FUNCTION -> {
          functions = in.u32();
          in.position(end);
        }
        case SECTION_CODE -> {
          bodies = in.u32();
          in.position(end);
        }
        default -> in.position(end);
      }
      if (in.position() != end) {
        throw WasmBytes.bad("is damaged: section " + id + " does not end where it should");
      }
    }
  }

  private void imports() throws NodeException {
    for (long i = count(); i > 0; i--) {
      String module = in.name();
      String name = in.name();
      boolean function = in.u8() == 0;
      in.position(in.position() - 1);
      skipImportKind();
      capabilities.add(
          function && module.equals(WASI) && WASI_FUNCTIONS.contains(name)
              ? "wasi.preview1"
              : "host." + printable(module) + "." + printable(name));
    }
  }

  private void skipImportKind() throws NodeException {
    int kind = in.u8();
    switch (kind) {
      case 0 -> in.u32();
      case 1 -> {
        in.type();
        limits();
      }
      case 2 -> memory();
      case 3 -> {
        in.type();
        in.u8();
      }
      case 4 -> {
        in.u8();
        in.u32();
      }
      default -> throw WasmBytes.bad("is damaged: an import of the unknown kind " + kind);
    }
  }

  private void memory() throws NodeException {
    if (++memories > 1) {
      throw WasmBytes.bad("has several memories; one is supported");
    }
    Limits limits = limits();
    if (limits.min > PAGES_MAX || limits.wide) {
      throw WasmBytes.bad(
          "wants %s MiB of %smemory at start; a part can have at most 2047 MiB"
              .formatted(
                  Long.toUnsignedString(Long.divideUnsigned(limits.min, 16)),
                  limits.wide ? "64-bit " : ""));
    }
    if (limits.shared) {
      throw WasmBytes.bad("wants memory that is shared between threads; a part has one thread");
    }
    memoryPages = limits.min;
    memoryPagesMax = limits.max;
  }

  /** Flags: 1 = has a maximum, 2 = shared, 4 = 64-bit (memory64), 8 = a page size of its own. */
  private Limits limits() throws NodeException {
    int flags = in.u8();
    if (flags > 7) {
      throw WasmBytes.bad("has memory or table limits of the unknown kind " + flags);
    }
    boolean wide = (flags & 4) != 0;
    long min = wide ? in.u64() : in.u32();
    Optional<Long> max = Optional.empty();
    if ((flags & 1) != 0) {
      max = Optional.of(wide ? in.u64() : in.u32());
    }
    return new Limits(min, max, (flags & 2) != 0, wide);
  }

  private record Limits(long min, Optional<Long> max, boolean shared, boolean wide) {}

  private void exports() throws NodeException {
    for (long i = count(); i > 0; i--) {
      String name = in.name();
      int kind = in.u8();
      in.u32();
      command |= kind == 0 && name.equals("_start");
    }
  }

  private long count() throws NodeException {
    long count = in.u32();
    if (count > IMPORTS_MAX) {
      throw WasmBytes.bad(
          "has " + count + " imports, exports or memories; the most is " + IMPORTS_MAX);
    }
    return count;
  }

  private ProgramInfo info(long bytes) throws NodeException {
    if (bodies < functions) {
      throw WasmBytes.bad("is cut off: %d functions, code of %d".formatted(functions, bodies));
    }
    if (!command) {
      throw WasmBytes.bad(
          "is no WASI command: it exports no function _start (build it as a command, not as a"
              + " library or reactor)");
    }
    return new ProgramInfo(
        bytes,
        List.copyOf(capabilities),
        memoryPages * PAGE_BYTES,
        memoryPagesMax.map(pages -> Math.min(pages, PAGES_MAX) * PAGE_BYTES));
  }

  private static String printable(String text) {
    String cut = text.length() <= 64 ? text : text.substring(0, 64);
    byte[] ascii = cut.getBytes(StandardCharsets.US_ASCII);
    StringBuilder out = new StringBuilder();
    for (byte b : ascii) {
      out.append(b > ' ' && b < 127 ? (char) b : '?');
    }
    return out.toString();
  }
}
