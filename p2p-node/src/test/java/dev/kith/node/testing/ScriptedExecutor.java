package dev.kith.node.testing;

import dev.kith.node.compute.ComputeLimits;
import dev.kith.node.compute.PartExecutor;
import dev.kith.node.compute.PartOutcome;
import dev.kith.node.compute.PartWork;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes32;

/** Runs parts as a test says, in the daemon's own process. */
public final class ScriptedExecutor implements PartExecutor {
  /** What a program does. */
  @FunctionalInterface
  public interface Script {
    PartOutcome run(PartWork work, byte[] stdin, OutputStream stdout)
        throws IOException, InterruptedException;
  }

  private final ComputeLimits limits;
  private final Semaphore slots;
  private final Semaphore places;
  private final Set<Bytes32> programs = ConcurrentHashMap.newKeySet();
  private volatile Script script;

  /** Programs that were sent here. */
  public final AtomicInteger programsAdded = new AtomicInteger();

  /** Runs that began, and that an interrupt ended. */
  public final AtomicInteger runs = new AtomicInteger();

  public final AtomicInteger cancelled = new AtomicInteger();

  public ScriptedExecutor(int slots, Script script) {
    this.limits = ComputeLimits.ofSlots(slots);
    this.slots = new Semaphore(slots, true);
    this.places = new Semaphore(slots + limits.queued());
    this.script = script;
  }

  public void script(Script next) {
    script = next;
  }

  @Override
  public ComputeLimits limits() {
    return limits;
  }

  @Override
  public List<String> capabilities() {
    return List.of("runtime.wasm", "wasi.preview1");
  }

  @Override
  public boolean hasProgram(Bytes32 program) {
    return programs.contains(program);
  }

  @Override
  public boolean addProgram(Bytes32 program, InputStream content, long length) throws IOException {
    byte[] bytes = content.readNBytes((int) length);
    if (!dev.kith.ledger.codec.Hash.sha256(org.apache.tuweni.bytes.Bytes.wrap(bytes))
        .equals(program)) {
      return false;
    }
    programsAdded.incrementAndGet();
    programs.add(program);
    return true;
  }

  @Override
  public Optional<PartOutcome.Failed> prepare(Bytes32 program) {
    return Optional.empty();
  }

  @Override
  public Optional<Turn> enter(int rank) {
    if (limits.slots() == 0 || !places.tryAcquire()) {
      return Optional.empty();
    }
    return Optional.of(new Place());
  }

  private final class Place implements Turn {
    private boolean running;

    @Override
    public void await() throws InterruptedException {
      slots.acquire();
      running = true;
    }

    @Override
    public void close() {
      if (running) {
        slots.release();
      }
      places.release();
    }
  }

  @Override
  public PartOutcome run(PartWork work, InputStream stdin, OutputStream stdout)
      throws IOException, InterruptedException {
    runs.incrementAndGet();
    try {
      return script.run(work, stdin.readAllBytes(), stdout);
    } catch (InterruptedException | InterruptedIOException e) {
      cancelled.incrementAndGet();
      throw e;
    }
  }
}
