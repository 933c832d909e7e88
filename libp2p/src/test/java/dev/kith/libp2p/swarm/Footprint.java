package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds at one moment, of the things that a library may leak.
 *
 * @param heapBytes after collections
 * @param directBytes that Netty's allocator has from the system
 * @param threads of the platform and virtual ones, by a thread dump
 * @param files open descriptors, sockets among them
 */
record Footprint(long heapBytes, long directBytes, long threads, long files) {

  /**
   * Counts.
   *
   * @param folder for a thread dump, which is the only place where virtual threads are seen
   */
  static Footprint of(Path folder) throws IOException {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return new Footprint(
        runtime.totalMemory() - runtime.freeMemory(),
        ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory(),
        threads(folder),
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
            .getOpenFileDescriptorCount());
  }

  private static long threads(Path folder) throws IOException {
    Path dump = folder.resolve("threads");
    Files.deleteIfExists(dump);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(
            dump.toAbsolutePath().toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
    try (Stream<String> lines = Files.lines(dump)) {
      return lines.filter(line -> line.contains("\"tid\"")).count();
    }
  }

  /** Nothing has grown, but for what the JVM itself may keep. */
  void assertNoMoreThan(Footprint before) {
    assertThat(files).as("file descriptors").isLessThanOrEqualTo(before.files);
    assertThat(threads).as("threads, before: %s", before).isLessThanOrEqualTo(before.threads + 2);
    assertThat(heapBytes - before.heapBytes).as("heap, before: %s", before).isLessThan(4 << 20);
    assertThat(directBytes - before.directBytes)
        .as("direct memory, before: %s", before)
        .isLessThan(4 << 20);
  }
}
