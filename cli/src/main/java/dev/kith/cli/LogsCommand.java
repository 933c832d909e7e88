package dev.kith.cli;

import dev.kith.node.realm.Home;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the daemon's log: from the file, so that it works when no daemon runs. */
@Command(name = "logs", description = "Print the end of the daemon's log.")
final class LogsCommand extends KithCommand {
  private static final int TAIL_BYTES = 4 << 20;
  private static final long POLL_MILLIS = 250;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "100",
      description = "How many lines (default: ${DEFAULT-VALUE}).")
  private int lines;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what is added.")
  private boolean follow;

  LogsCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Path file = Home.open(cli.home()).logFile();
    List<String> tail = new ArrayList<>();
    long position = 0;
    try {
      position = tail(file, tail);
    } catch (java.io.FileNotFoundException | NoSuchFileException e) {
      cli.say("kith: no daemon has written a log in " + cli.home() + " yet");
    }
    if (cli.json()) {
      cli.out().println(JsonText.write(tail));
      return ExitCode.OK;
    }
    tail.forEach(cli.out()::println);
    while (follow && !cli.out().checkError()) {
      Thread.sleep(POLL_MILLIS);
      position = printFrom(file, position);
    }
    return ExitCode.OK;
  }

  private long tail(Path file, List<String> tail) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long end = in.length();
      long start = Math.max(0, end - TAIL_BYTES);
      in.seek(start);
      byte[] bytes = new byte[(int) (end - start)];
      in.readFully(bytes);
      List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      tail.addAll(all.subList(Math.max(0, all.size() - Math.max(0, lines)), all.size()));
      return end;
    }
  }

  /** Begins anew where the file was rotated. */
  private long printFrom(Path file, long position) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long start = in.length() < position ? 0 : position;
      byte[] bytes = new byte[(int) Math.min(TAIL_BYTES, in.length() - start)];
      in.seek(start);
      in.readFully(bytes);
      cli.out().write(bytes, 0, bytes.length);
      cli.out().flush();
      return start + bytes.length;
    }
  }
}
