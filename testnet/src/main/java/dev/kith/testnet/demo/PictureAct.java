package dev.kith.testnet.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** A picture is rendered as raced parts, and one of the racers dies while it renders. */
final class PictureAct {
  private static final int PARTS = 64;
  private static final int WIDTH = 1280;
  private static final int HEIGHT = 960;
  private static final int ITERATIONS = 3_000;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Parts that are done before the racer is killed. */
  private static final int PARTS_BEFORE_KILL = 4;

  /** The peer that the job is given to; it is not the one that dies. */
  private static final int COORDINATOR = 1;

  private final Peers peers;
  private final Commands kith;
  private final Report report;
  private final Path folder;
  private final Path png;

  PictureAct(Peers peers, Commands kith, Report report, Path folder, Path png) {
    this.peers = peers;
    this.kith = kith;
    this.report = report;
    this.folder = folder;
    this.png = png;
  }

  void play() throws IOException, InterruptedException {
    report.section("A picture is rendered as " + PARTS + " raced parts, and a racer loses power");
    Path program = Samples.copy("mandelbrot.wasm", folder);
    Path pixels = folder.resolve("pixels.rgb");
    Set<String> before = jobs();
    List<String> command = command(program, pixels);
    report.line("$ kith %s".formatted(String.join(" ", command)));
    FutureTask<Commands.Finished> run =
        new FutureTask<>(() -> kith.run(peers.home(COORDINATOR), command.toArray(String[]::new)));
    Thread thread = Thread.ofPlatform().name("demo-run").start(run);
    int victim;
    Commands.Finished finished;
    try {
      victim = killARacer(before, run);
      finished = await(run);
    } finally {
      thread.interrupt();
    }
    String job = finished.json().path("job").asString("");
    report.line("job %s, done in %.1f s".formatted(job, finished.took().toMillis() / 1e3));
    show(job, pixels, victim);
    if (victim > 0) {
      peers.testnet().start(List.of(victim));
      report.line("peer-%d is back".formatted(victim));
    }
  }

  private static List<String> command(Path program, Path pixels) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("run", program.toString(), "--split", "range:0.." + (PARTS - 1)));
    command.addAll(List.of("--json", "-o", pixels.toString(), "--"));
    for (int argument : List.of(WIDTH, HEIGHT, PARTS, ITERATIONS)) {
      command.add(Integer.toString(argument));
    }
    return command;
  }

  private void show(String job, Path pixels, int victim) throws IOException, InterruptedException {
    Picture picture = new Picture(WIDTH, HEIGHT, ITERATIONS, Files.readAllBytes(pixels));
    if (report.check("the picture has all its pixels", picture.complete())) {
      report.check("rows computed here by plain Java are the same", picture.matchesLocalRows());
      picture.writePng(png);
      report.line("the picture: %s".formatted(png));
    }
    int witness =
        peers.all().stream().filter(n -> n != COORDINATOR && n != victim).findFirst().orElse(1);
    JobStory story = new JobStory(peers, kith, report);
    report.check("the ledger has the first responder of every part", story.tell(job, witness));
    JobStory.Race race = story.race(job, COORDINATOR);
    report.line(
        "%d attempts at %d parts, %d lost with peer-%d"
            .formatted(race.attempts(), race.parts(), race.lost(), victim));
    report.check("every part was raced", race.attempts() >= 2 * race.parts());
    report.check(
        "a racer died while it rendered, and its parts came from others",
        victim > 0 && race.lost() > 0 && race.lostAndReplaced() == race.lost());
  }

  /** Kills a peer that is rendering; 0 when the job was over before. */
  private int killARacer(Set<String> before, FutureTask<Commands.Finished> run)
      throws IOException, InterruptedException {
    while (!run.isDone()) {
      Optional<String> job = jobs().stream().filter(j -> !before.contains(j)).findFirst();
      if (job.isPresent()) {
        JsonNode parts = kith.ask(peers.home(COORDINATOR), "job", "show", job.get()).path("parts");
        Optional<Integer> racer = racer(parts);
        if (racer.isPresent()) {
          peers.testnet().kill(List.of(racer.get()));
          report.line("killed peer-%d with SIGKILL while it rendered".formatted(racer.get()));
          return racer.get();
        }
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
    return 0;
  }

  /** A peer with a part under way, once a few parts are done. */
  private Optional<Integer> racer(JsonNode parts) {
    int done = 0;
    Optional<Integer> racer = Optional.empty();
    for (JsonNode part : parts) {
      done += part.path("firstResponder").asString("").isEmpty() ? 0 : 1;
      for (JsonNode attempt : part.path("attempts")) {
        Optional<Integer> peer = peers.number(attempt.path("peer").asString(""));
        boolean runs = attempt.path("outcome").asString("").equals("RUNNING");
        if (runs && peer.isPresent() && peer.get() != COORDINATOR) {
          racer = peer;
        }
      }
    }
    return done >= PARTS_BEFORE_KILL ? racer : Optional.empty();
  }

  private Set<String> jobs() throws IOException, InterruptedException {
    Set<String> jobs = new HashSet<>();
    for (JsonNode job : kith.ask(peers.home(COORDINATOR), "job", "list")) {
      jobs.add(job.path("job").asString(""));
    }
    return jobs;
  }

  private static <T> T await(FutureTask<T> task) throws IOException, InterruptedException {
    try {
      return task.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the job was not done in " + LONGEST.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("running a job", e);
    }
  }
}
