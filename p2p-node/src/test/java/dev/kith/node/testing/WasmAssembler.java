package dev.kith.node.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** Puts small modules together, one function {@code _start} over imported ones. */
public final class WasmAssembler {
  private static final int I32 = 0x7f;
  private static final int I64 = 0x7e;

  private final List<byte[]> types = new ArrayList<>();
  private final List<byte[]> imports = new ArrayList<>();
  private final List<byte[]> data = new ArrayList<>();
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private byte[] memory = new byte[0];
  private String export = "_start";
  private int functions;

  /** Parameters and results as letters: {@code i} = i32, {@code l} = i64; returns the index. */
  public int importFunction(String module, String name, String parameters, String results) {
    types.add(join(new byte[] {0x60}, letters(parameters), letters(results)));
    imports.add(join(name(module), name(name), new byte[] {0}, leb(types.size() - 1)));
    return functions++;
  }

  public int wasi(String name, String parameters) {
    return importFunction("wasi_snapshot_preview1", name, parameters, "i");
  }

  public WasmAssembler memory(long pagesMin) {
    memory = join(new byte[] {0}, leb(pagesMin));
    return this;
  }

  public WasmAssembler memory64(long pagesMin) {
    memory = join(new byte[] {4}, leb(pagesMin));
    return this;
  }

  public WasmAssembler data(int address, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    data.add(
        join(
            new byte[] {0, 0x41}, signedLeb(address), new byte[] {0x0b}, leb(bytes.length), bytes));
    return this;
  }

  public WasmAssembler exportAs(String name) {
    export = name;
    return this;
  }

  public WasmAssembler constant(int value) {
    code.write(0x41);
    code.writeBytes(signedLeb(value));
    return this;
  }

  public WasmAssembler constantLong(long value) {
    code.write(0x42);
    code.writeBytes(signedLeb(value));
    return this;
  }

  public WasmAssembler call(int function) {
    code.write(0x10);
    code.writeBytes(leb(function));
    return this;
  }

  public WasmAssembler loop() {
    return op(0x03, 0x40);
  }

  public WasmAssembler branch(int depth) {
    return op(0x0c, depth);
  }

  public WasmAssembler branchIf(int depth) {
    return op(0x0d, depth);
  }

  public WasmAssembler load(int address) {
    return constant(address).op(0x28, 2, 0);
  }

  /** Stores a constant, such as the pointers of an iovec. */
  public WasmAssembler store(int address, int value) {
    return constant(address).constant(value).op(0x36, 2, 0);
  }

  /** Copies a 32-bit word. */
  public WasmAssembler copy(int from, int to) {
    return constant(to).load(from).op(0x36, 2, 0);
  }

  public WasmAssembler drop() {
    return op(0x1a);
  }

  public WasmAssembler end() {
    return op(0x0b);
  }

  public WasmAssembler op(int... bytes) {
    for (int b : bytes) {
      code.write(b);
    }
    return this;
  }

  public Bytes build() {
    types.add(new byte[] {0x60, 0, 0});
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    section(module, 1, vector(types));
    section(module, 2, vector(imports));
    section(module, 3, join(leb(1), leb(types.size() - 1)));
    if (memory.length > 0) {
      section(module, 5, join(leb(1), memory));
      section(
          module,
          7,
          join(
              leb(2),
              name("memory"),
              new byte[] {2, 0},
              name(export),
              new byte[] {0},
              leb(functions)));
    } else {
      section(module, 7, join(leb(1), name(export), new byte[] {0}, leb(functions)));
    }
    byte[] body = join(new byte[] {0}, code.toByteArray(), new byte[] {0x0b});
    section(module, 10, join(leb(1), leb(body.length), body));
    if (!data.isEmpty()) {
      section(module, 11, vector(data));
    }
    return Bytes.wrap(module.toByteArray());
  }

  private static void section(ByteArrayOutputStream module, int id, byte[] content) {
    module.write(id);
    module.writeBytes(leb(content.length));
    module.writeBytes(content);
  }

  private static byte[] vector(List<byte[]> items) {
    byte[] all = leb(items.size());
    for (byte[] item : items) {
      all = join(all, item);
    }
    return all;
  }

  private static byte[] letters(String letters) {
    byte[] types = new byte[letters.length()];
    for (int i = 0; i < types.length; i++) {
      types[i] = (byte) (letters.charAt(i) == 'l' ? I64 : I32);
    }
    return join(leb(types.length), types);
  }

  private static byte[] name(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return join(leb(bytes.length), bytes);
  }

  static byte[] leb(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long left = value;
    do {
      int low = (int) (left & 0x7f);
      left >>>= 7;
      out.write(left == 0 ? low : low | 0x80);
    } while (left != 0);
    return out.toByteArray();
  }

  private static byte[] signedLeb(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long left = value;
    while (true) {
      int low = (int) (left & 0x7f);
      left >>= 7;
      boolean last = (left == 0 && (low & 0x40) == 0) || (left == -1 && (low & 0x40) != 0);
      out.write(last ? low : low | 0x80);
      if (last) {
        return out.toByteArray();
      }
    }
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
