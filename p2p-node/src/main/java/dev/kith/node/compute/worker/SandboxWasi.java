package dev.kith.node.compute.worker;

import dev.kith.node.compute.worker.WorkerMessage.Run;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;
import run.endive.log.Logger;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Memory;
import run.endive.wasi.WasiOptions;
import run.endive.wasi.WasiPreview1;

/**
 * WASI preview 1 without a world: stdin, stdout, stderr, arguments and environment, no folder, no
 * socket. Equal parts see equal clocks and random numbers, so that racers' answers are equal byte
 * by byte: Endive's monotonic clock and its sleep are the machine's own, hence they are replaced.
 */
final class SandboxWasi {
  private static final String MODULE = "wasi_snapshot_preview1";

  /**
   * 2000-01-01, and one microsecond later at each look, so that a program that waits for it ends.
   */
  private static final long CLOCK_START_NANOS = 946_684_800L * 1_000_000_000L;

  private static final long CLOCK_STEP_NANOS = 1_000;

  private static final int ERRNO_SUCCESS = 0;
  private static final int ERRNO_INVALID = 28;

  private long clockNanos = CLOCK_START_NANOS;

  private SandboxWasi() {}

  static WasiPreview1 create(Run run, InputStream stdin, OutputStream stdout, OutputStream stderr) {
    WasiOptions.Builder options =
        WasiOptions.builder()
            .withStdin(stdin, false)
            .withStdout(stdout, false)
            .withStderr(stderr, false)
            .withArguments(run.arguments())
            .withRandom(new Random(run.seed()))
            .withClock(Clock.fixed(Instant.ofEpochSecond(0, CLOCK_START_NANOS), ZoneOffset.UTC));
    for (String entry : run.environment()) {
      int equals = entry.indexOf('=');
      options.withEnvironment(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return WasiPreview1.builder().withLogger(new Silence()).withOptions(options.build()).build();
  }

  static ImportValues imports(WasiPreview1 wasi) {
    SandboxWasi clock = new SandboxWasi();
    return ImportValues.builder()
        .addFunction(
            Arrays.stream(wasi.toHostFunctions())
                .map(clock::replaced)
                .toArray(ImportFunction[]::new))
        .build();
  }

  private HostFunction replaced(HostFunction function) {
    return switch (function.name()) {
      case "clock_time_get" ->
          same(
              function,
              (memory, a) -> {
                memory.writeLong((int) a[2], clockNanos += CLOCK_STEP_NANOS);
                return ERRNO_SUCCESS;
              });
      case "poll_oneoff" ->
          same(
              function,
              (memory, a) -> poll(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3]));
      default -> function;
    };
  }

  /**
   * Every subscription is ready at once: stdin blocks when it is read, and a sleep only moves the
   * clock. Layout of subscription (48 bytes) and event (32 bytes): WASI preview 1, {@code types}.
   */
  private int poll(Memory memory, int subscriptions, int events, int count, int readyAddress) {
    if (count <= 0) {
      return ERRNO_INVALID;
    }
    for (int i = 0; i < count; i++) {
      int subscription = subscriptions + 48 * i;
      int event = events + 32 * i;
      byte kind = memory.read(subscription + 8);
      if (kind == 0) {
        long timeout = memory.readLong(subscription + 24);
        boolean absolute = (memory.readShort(subscription + 40) & 1) != 0;
        clockNanos = Math.max(clockNanos, absolute ? timeout : clockNanos + timeout);
      }
      memory.write(event, new byte[32]);
      memory.writeLong(event, memory.readLong(subscription));
      memory.writeByte(event + 10, kind);
    }
    memory.writeI32(readyAddress, count);
    return ERRNO_SUCCESS;
  }

  private static HostFunction same(HostFunction function, Call call) {
    return new HostFunction(
        MODULE,
        function.name(),
        function.functionType(),
        (instance, arguments) -> new long[] {call.apply(instance.memory(), arguments)});
  }

  @FunctionalInterface
  private interface Call {
    int apply(Memory memory, long[] arguments);
  }

  private static final class Silence implements Logger {
    @Override
    @SuppressWarnings("NullAway") // the library passes null where there is no exception
    public void log(Level level, String message, Throwable thrown) {}

    @Override
    public boolean isLoggable(Level level) {
      return false;
    }
  }
}
