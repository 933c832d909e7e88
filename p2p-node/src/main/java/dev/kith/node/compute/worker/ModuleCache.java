package dev.kith.node.compute.worker;

import dev.kith.node.compute.worker.WorkerMessage.Compiled;
import dev.kith.node.compute.worker.WorkerMessage.End;
import dev.kith.node.compute.worker.WorkerMessage.Ended;
import dev.kith.node.compute.worker.WorkerMessage.Load;
import dev.kith.node.compute.worker.WorkerMessage.Loaded;
import dev.kith.node.compute.worker.WorkerMessage.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import run.endive.compiler.Cache;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

/**
 * The programs whose classes this worker has loaded; the one used least lately goes. Compiling is
 * Endive's: its {@link Cache} hands over the class files as one JAR, which the daemon keeps, so
 * that the other workers and later ones only load it.
 */
final class ModuleCache {
  private static final int MODULES_MAX = 4;

  private final Consumer<Compiled> report;

  /** The one used least lately first. */
  private final Map<String, LoadedModule> modules = new LinkedHashMap<>(16, 0.75f, true);

  ModuleCache(Consumer<? super Compiled> report) {
    this.report = report::accept;
  }

  /** A module and the code that runs it. */
  record LoadedModule(WasmModule module, Function<Instance, Machine> machines) {}

  LoadedModule get(String program) {
    LoadedModule module = modules.get(program);
    if (module == null) {
      throw new IllegalStateException("program " + program + " is not loaded");
    }
    return module;
  }

  Report load(Load load) {
    if (!modules.containsKey(load.program()) || load.compiledPath().isEmpty()) {
      try {
        modules.put(load.program(), read(load));
      } catch (WasmEngineException e) {
        return new Ended(End.BAD_MODULE, 0, PartRun.oneLine(e), "");
      } catch (IOException e) {
        return new Ended(End.INTERNAL, 0, PartRun.oneLine(e), "");
      } catch (RuntimeException | VerifyError | StackOverflowError e) {
        // Endive parses hostile bytes with few checks of its own: whatever it throws, the module is
        // the reason.
        return new Ended(End.BAD_MODULE, 0, "cannot be compiled: " + PartRun.oneLine(e), "");
      }
    }
    return new Loaded(evict());
  }

  /** The daemon must learn of it: it would send runs of a program that is gone. */
  private String evict() {
    if (modules.size() <= MODULES_MAX) {
      return "";
    }
    String eldest = modules.keySet().iterator().next();
    modules.remove(eldest);
    return eldest;
  }

  private LoadedModule read(Load load) throws IOException {
    WasmModule module = Parser.parse(Path.of(load.modulePath()));
    Function<Instance, Machine> machines =
        MachineFactoryCompiler.builder(module)
            .withInterpreterFallback(InterpreterFallback.SILENT)
            .withCache(
                new JarExchange(
                    Optional.of(load.compiledPath()).filter(p -> !p.isEmpty()).map(Path::of)))
            .compile();
    return new LoadedModule(module, machines);
  }

  /** Takes the compiled form from a file, or gives a new one to the daemon. */
  private final class JarExchange implements Cache {
    private final Optional<Path> compiled;

    JarExchange(Optional<Path> compiled) {
      this.compiled = compiled;
    }

    @Override
    @SuppressWarnings("NullAway") // Endive's own contract: null where nothing is cached
    public byte[] get(String digest) throws IOException {
      return compiled.isPresent() ? Files.readAllBytes(compiled.get()) : null;
    }

    @Override
    public void putIfAbsent(String digest, byte[] jar) {
      for (int at = 0; at < jar.length; at += WorkerMessage.DATA_BYTES_MAX) {
        int count = Math.min(WorkerMessage.DATA_BYTES_MAX, jar.length - at);
        report.accept(new Compiled(ByteBuffer.wrap(jar, at, count)));
      }
    }
  }
}
