package dev.kith.node.compute.worker;

import dev.kith.node.compute.worker.WorkerMessage.Cancel;
import dev.kith.node.compute.worker.WorkerMessage.Command;
import dev.kith.node.compute.worker.WorkerMessage.End;
import dev.kith.node.compute.worker.WorkerMessage.Ended;
import dev.kith.node.compute.worker.WorkerMessage.Load;
import dev.kith.node.compute.worker.WorkerMessage.Report;
import dev.kith.node.compute.worker.WorkerMessage.Run;
import dev.kith.node.compute.worker.WorkerMessage.Stdin;
import dev.kith.node.compute.worker.WorkerMessage.StdinEnd;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The worker process. The main thread only reads commands, so that a cancel is always heard; one
 * runner thread does the work and writes the reports. When stdin ends the daemon is gone, and the
 * worker ends at once.
 */
public final class WorkerMain {
  /** WASM calls nest on the Java stack; C programs expect about 8 MiB, Java frames are larger. */
  private static final long STACK_BYTES = 32L << 20;

  private final DataInputStream commands;
  private final DataOutputStream reports;
  private final BlockingQueue<Command> work = new ArrayBlockingQueue<>(4);
  private final ModuleCache modules = new ModuleCache(this::report);
  private final Thread runner = new Thread(null, this::work, "runner", STACK_BYTES);
  private final RunControl control = new RunControl(runner);
  private final StdinPipe stdin = new StdinPipe(this::report);

  private WorkerMain(DataInputStream commands, DataOutputStream reports) {
    this.commands = commands;
    this.reports = reports;
  }

  public static void main(String[] arguments) {
    FileOutputStream pipe = new FileOutputStream(FileDescriptor.out);
    // Nothing but reports may reach the pipe; what a library prints goes to the daemon's log.
    System.setOut(System.err);
    new WorkerMain(
            new DataInputStream(
                new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16)),
            new DataOutputStream(new BufferedOutputStream(pipe, 1 << 16)))
        .listen();
    Runtime.getRuntime().halt(0);
  }

  private void listen() {
    runner.setDaemon(true);
    runner.start();
    try {
      while (true) {
        switch (MessageCodec.readCommand(commands)) {
          case Load load -> work.add(load);
          case Run run -> {
            stdin.open();
            control.begin();
            work.add(run);
          }
          case Stdin data -> stdin.offer(data.bytes());
          case StdinEnd _ -> stdin.end();
          case Cancel _ -> control.cancel();
        }
      }
    } catch (IOException | IllegalStateException e) {
      // The daemon is gone or does not keep to the protocol: there is nobody left to work for.
    }
  }

  private void work() {
    try {
      while (true) {
        switch (next()) {
          case Load load -> report(modules.load(load));
          case Run run -> {
            PartRun part =
                new PartRun(run, modules.get(run.program()), control, stdin, this::report);
            Ended ended = part.run();
            control.end();
            stdin.close();
            report(ended);
          }
          case Stdin _, StdinEnd _, Cancel _ -> throw new IllegalStateException("not work");
        }
      }
    } catch (Throwable e) {
      // A bug. The daemon logs this and replaces the worker.
      e.printStackTrace();
      report(new Ended(End.INTERNAL, 0, e.toString(), ""));
      Runtime.getRuntime().halt(70);
    }
  }

  private Command next() {
    while (true) {
      try {
        return work.take();
      } catch (InterruptedException e) {
        // A cancel that came before the run began; the run finds it in its control.
      }
    }
  }

  /** Only the runner reports, so this needs no lock. */
  private void report(Report report) {
    try {
      MessageCodec.write(reports, report);
    } catch (IOException e) {
      Runtime.getRuntime().halt(0);
    }
  }
}
