package dev.kith.node.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.testing.WasmAssembler;
import dev.kith.node.testing.WasmPrograms;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

class ProgramReaderTest {
  @Test
  void read_findsWhatTheImportsNeed() throws NodeException {
    assertThat(ProgramReader.read(WasmPrograms.echo()).capabilities())
        .containsExactly("runtime.wasm", "wasi.preview1");
    assertThat(ProgramReader.read(WasmPrograms.foreign()).capabilities())
        .containsExactly("host.media.decode_frame", "runtime.wasm");
  }

  @Test
  void read_namesUnknownWasiFunctionsAsForeign() throws NodeException {
    WasmAssembler a = new WasmAssembler();
    int thread = a.wasi("thread_spawn", "i");
    assertThat(ProgramReader.read(a.constant(1).call(thread).drop().build()).capabilities())
        .containsExactly("host.wasi_snapshot_preview1.thread_spawn", "runtime.wasm");
  }

  @Test
  void read_tellsMemory() throws NodeException {
    ProgramInfo info = ProgramReader.read(new WasmAssembler().memory(160).build());
    assertThat(info.memoryBytesMin()).isEqualTo(10 << 20);
    assertThat(info.memoryBytesMax()).isEmpty();
  }

  @Test
  void read_refusesWhatIsNoModule() {
    refused(Bytes.EMPTY).withMessageContaining("is no WebAssembly module");
    refused(Bytes.wrap("#!/bin/sh\necho".getBytes(StandardCharsets.US_ASCII)))
        .withMessageContaining("is no WebAssembly module");
    refused(Bytes.fromHexString("0061736d0d000100")).withMessageContaining("component");
  }

  @Test
  void read_refusesAModuleThatIsCutOff() {
    Bytes module = WasmPrograms.introduce();
    for (int length = 4; length < module.size(); length++) {
      // A cut between two sections leaves a module without its later ones.
      refused(module.slice(0, length))
          .withMessageMatching("(?s).*(is cut off|no function _start).*");
    }
  }

  @Test
  void read_refusesAModuleThatIsNoCommand() {
    refused(new WasmAssembler().memory(1).exportAs("run").build())
        .withMessageContaining("is no WASI command");
  }

  @Test
  void read_refusesEightGibibytes() {
    refused(new WasmAssembler().memory(131_072).build())
        .withMessageContaining("wants 8192 MiB of memory");
    refused(new WasmAssembler().memory64(131_072).build())
        .withMessageContaining("wants 8192 MiB of 64-bit memory");
  }

  @Test
  void read_refusesAModuleThatIsTooLarge() {
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(
            () -> ProgramReader.read(Bytes.wrap(new byte[ComputeLimits.PROGRAM_BYTES_MAX + 1])))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.PROGRAM_TOO_LARGE));
  }

  @Test
  void read_survivesAnyDamage() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Bytes module = WasmPrograms.world();
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = module.toArray();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        ProgramReader.read(Bytes.wrap(damaged));
      } catch (NodeException e) {
        assertThat(e.problem()).as("seed %d", seed).isEqualTo(Problem.BAD_PROGRAM);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " round " + i, e);
      }
    }
  }

  private static ThrowableAssertAlternative<NodeException> refused(Bytes module) {
    return assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> ProgramReader.read(module))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.BAD_PROGRAM));
  }
}
