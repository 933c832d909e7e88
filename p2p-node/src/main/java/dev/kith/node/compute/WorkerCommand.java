package dev.kith.node.compute;

import dev.kith.node.compute.worker.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.log.Logger;
import run.endive.runtime.Instance;
import run.endive.wasi.WasiPreview1;
import run.endive.wasm.WasmModule;

/**
 * How a worker process is started. Its class path is this module, Endive and ASM only: what is not
 * there cannot be reached, and it starts faster. Its environment is empty, so that no password of
 * the daemon's leaks into it.
 */
final class WorkerCommand {
  /** The compiler and the classes of large modules need this much beside the linear memory. */
  private static final int HEAP_OVERHEAD_MIB = 192;

  private WorkerCommand() {}

  static Process start(Path folder, int memoryMiB) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms8m",
            "-Xmx" + (memoryMiB + HEAP_OVERHEAD_MIB) + "m",
            "-XX:MaxMetaspaceSize=192m",
            "-XX:ReservedCodeCacheSize=96m",
            "-XX:+UseSerialGC",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-XX:+UseCompactObjectHeaders",
            // Functions that compile to more than 8,000 bytes would stay interpreted.
            "-XX:-DontCompileHugeMethods",
            // A module that eats the heap ends its worker, and only that.
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism",
            "-XX:ErrorFile=worker-crash-%p.log",
            "-Xshare:auto",
            "-cp",
            String.join(File.pathSeparator, classPath()),
            WorkerMain.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    return builder.start();
  }

  private static Set<String> classPath() {
    Set<String> path = new LinkedHashSet<>();
    for (Class<?> needed :
        List.of(
            WorkerMain.class,
            WasmModule.class,
            Instance.class,
            WasiPreview1.class,
            MachineFactoryCompiler.class,
            Logger.class,
            org.objectweb.asm.Opcodes.class,
            org.objectweb.asm.commons.InstructionAdapter.class,
            org.objectweb.asm.util.CheckClassAdapter.class,
            org.objectweb.asm.tree.ClassNode.class,
            org.objectweb.asm.tree.analysis.Analyzer.class)) {
      CodeSource source = needed.getProtectionDomain().getCodeSource();
      if (source == null) {
        throw new IllegalStateException(needed + " has no code source");
      }
      try {
        path.add(Path.of(source.getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return path;
  }
}
