package dev.kith.node.compute.worker;

import dev.kith.node.compute.worker.ModuleCache.LoadedModule;
import dev.kith.node.compute.worker.WorkerMessage.End;
import dev.kith.node.compute.worker.WorkerMessage.Ended;
import dev.kith.node.compute.worker.WorkerMessage.Run;
import dev.kith.node.compute.worker.WorkerMessage.Stdout;
import java.util.function.Consumer;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasi.WasiExitException;
import run.endive.wasi.WasiPreview1;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.MemoryLimits;

/** One run of a program: an instance of its own, so that nothing is left for the next. */
final class PartRun {
  private static final int DETAIL_CHARS = 300;

  private final Run run;
  private final LoadedModule loaded;
  private final RunControl control;
  private final StdinPipe stdin;
  private final AnswerStream answer;
  private final TailStream stderr = new TailStream();

  PartRun(
      Run run,
      LoadedModule loaded,
      RunControl control,
      StdinPipe stdin,
      Consumer<? super Stdout> report) {
    this.run = run;
    this.loaded = loaded;
    this.control = control;
    this.stdin = stdin;
    this.answer = new AnswerStream(run.answerBytes(), report);
  }

  Ended run() {
    if (control.cancelled()) {
      return ended(End.CANCELLED, 0, "");
    }
    try (WasiPreview1 wasi = SandboxWasi.create(run, stdin, answer, stderr)) {
      Instance instance =
          Instance.builder(loaded.module())
              .withMachineFactory(loaded.machines())
              .withMemoryFactory(ByteArrayMemory::new)
              .withMemoryLimits(memory(loaded.module()))
              .withImportValues(SandboxWasi.imports(wasi))
              .withStart(false)
              .build();
      instance.export(Instance.START_FUNCTION_NAME).apply();
      return exited(0);
    } catch (WasiExitException e) {
      return exited(e.exitCode());
    } catch (RunStopped e) {
      return ended(e.end(), 0, String.valueOf(e.getMessage()));
    } catch (WasmInterruptedException e) {
      return ended(End.CANCELLED, 0, "");
    } catch (TooMuchMemory e) {
      return ended(End.MEMORY, 0, String.valueOf(e.getMessage()));
    } catch (WasmEngineException | StackOverflowError | ArithmeticException e) {
      return control.cancelled() ? ended(End.CANCELLED, 0, "") : ended(End.TRAPPED, 0, oneLine(e));
    } catch (RuntimeException e) {
      // Bounds that Endive leaves to Java's own checks surface as Java's own exceptions.
      return ended(End.TRAPPED, 0, oneLine(e));
    }
  }

  private Ended exited(int code) {
    answer.send();
    return ended(End.EXITED, code, "");
  }

  private Ended ended(End end, int code, String detail) {
    return new Ended(end, code, detail, stderr.text());
  }

  /** Endive would start a module with fewer pages than it declares; refuse instead. */
  private MemoryLimits memory(WasmModule module) {
    MemoryLimits declared =
        module
            .memorySection()
            .filter(section -> section.memoryCount() > 0)
            .map(section -> section.getMemory(0).limits())
            .orElse(new MemoryLimits(0, 0));
    if (declared.initialPages() > run.memoryPages()) {
      throw new TooMuchMemory(
          "wants %d MiB of memory at start, %d MiB are allowed"
              .formatted(declared.initialPages() / 16, run.memoryPages() / 16));
    }
    return new MemoryLimits(
        declared.initialPages(), Math.min(declared.maximumPages(), run.memoryPages()));
  }

  static String oneLine(Throwable e) {
    String message = e.getMessage();
    String text = message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    String line = text.lines().findFirst().orElse(text).strip();
    return line.length() <= DETAIL_CHARS ? line : line.substring(0, DETAIL_CHARS);
  }

  private static final class TooMuchMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuchMemory(String message) {
      super(message);
    }
  }
}
