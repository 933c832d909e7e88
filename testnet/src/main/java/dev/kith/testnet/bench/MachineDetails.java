package dev.kith.testnet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What a figure was measured on. */
record MachineDetails(String processor, int cores, long memoryMiB, String system, String java) {

  static MachineDetails here() throws IOException {
    return new MachineDetails(
        field("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        kibibytes(field("/proc/meminfo", "MemTotal", "0")) / 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
  }

  String sentence() {
    return String.format(
        Locale.ROOT, "%s, %d cores, %d MiB, %s, %s", processor, cores, memoryMiB, system, java);
  }

  /** The resident set of a process now, in KiB; 0 where the system does not tell. */
  static long residentKiB(long pid) throws IOException {
    return kibibytes(field("/proc/" + pid + "/status", "VmRSS", "0"));
  }

  /** The largest resident set that a process ever had, in KiB; 0 where the system does not tell. */
  static long peakResidentKiB(long pid) throws IOException {
    return kibibytes(field("/proc/" + pid + "/status", "VmHWM", "0"));
  }

  private static long kibibytes(String field) {
    return Long.parseLong(field.replaceAll("[^0-9]", ""));
  }

  private static String field(String file, String name, String otherwise) throws IOException {
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      return otherwise;
    }
    try (Stream<String> lines = Files.lines(path)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    }
  }
}
