package dev.kith.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.compute.PartOutcome;
import dev.kith.node.compute.PartOutcome.Answered;
import dev.kith.node.compute.PartOutcome.Failed;
import dev.kith.node.compute.PartOutcome.Reason;
import dev.kith.node.compute.PartWork;
import dev.kith.node.jobs.JobService.Input;
import dev.kith.node.jobs.JobService.JobRequest;
import dev.kith.node.jobs.JobService.Split;
import dev.kith.node.jobs.JobView.Attempt;
import dev.kith.node.jobs.JobView.Outcome;
import dev.kith.node.jobs.JobView.Part;
import dev.kith.node.jobs.JobView.State;
import dev.kith.node.testing.ScriptedExecutor;
import dev.kith.node.testing.WasmAssembler;
import dev.kith.node.testing.WasmPrograms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobEngineTest {
  private static final Bytes PROGRAM = WasmPrograms.echo();

  /** Lets go of whatever a test holds back, so that its threads end. */
  private final CountDownLatch forever = new CountDownLatch(1);

  @TempDir private Path folder;
  private JobMesh mesh;

  @BeforeEach
  void open() {
    mesh = new JobMesh(folder);
  }

  @AfterEach
  void close() {
    forever.countDown();
    mesh.close();
  }

  @Test
  void job_racesEveryPartOnThreePeersAndJoinsTheAnswersInOrder() throws Exception {
    peers(5, 2, JobEngineTest::upper);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 199; i++) {
      text.append("line ").append(i).append('\n');
    }
    Bytes32 job =
        mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(2), 2, text.toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JobView last = mesh.engine(0).await(job, out, view -> {});

    String expected = text.toString().toUpperCase(java.util.Locale.ROOT);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
    assertThat(last.state()).isEqualTo(State.DONE);
    assertThat(last.partsDone()).isEqualTo(100);

    TaskOpen open = mesh.ledger.facts(TaskOpen.class).getFirst();
    assertThat(open.parts()).isEqualTo(100);
    assertThat(open.attempts()).isEqualTo(3);
    assertThat(open.programHash()).isEqualTo(Hash.sha256(PROGRAM));
    TaskSeal seal = mesh.ledger.facts(TaskSeal.class).getFirst();
    Bytes answer = Bytes.wrap(expected.getBytes(StandardCharsets.UTF_8));
    assertThat(seal.outputHash()).isEqualTo(Hash.sha256(answer));
    assertThat(seal.outputBytes()).isEqualTo(answer.size());
    assertThat(mesh.files.files).containsKey(JobStore.folder(job) + "/output");

    // Any peer can tell, and the racers of a part are distinct.
    for (JobView view : List.of(mesh.engine(0).show(job), mesh.engine(3).show(job))) {
      assertThat(view.state()).isEqualTo(State.DONE);
      assertThat(view.parts()).hasSize(100);
      for (Part part : view.parts()) {
        assertThat(part.attempts()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(part.attempts().stream().map(Attempt::peer).distinct().count())
            .isGreaterThanOrEqualTo(3);
        PeerId winner =
            part.attempts().stream()
                .filter(a -> a.outcome() == Outcome.FIRST)
                .map(Attempt::peer)
                .findFirst()
                .orElseThrow();
        assertThat(part.firstResponder()).contains(winner);
      }
    }
  }

  @Test
  void answersOnTheLedger_areSignedByTheirWorkers() throws Exception {
    peers(3, 1, JobEngineTest::upper);
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(1), 2, "a\nb\nc\n"));
    mesh.engine(0).await(job, OutputStream.nullOutputStream(), view -> {});
    for (PartDone done : mesh.ledger.facts(PartDone.class)) {
      for (PartDone.Result result : done.results()) {
        PeerId worker = mesh.peers.get(result.worker()).id();
        assertThat(
                dev.kith.ledger.record.Signatures.verify(
                    dev.kith.ledger.record.LedgerKey.of(worker),
                    PartDone.message(job, result.part(), result.resultHash()),
                    result.workerSignature()))
            .isTrue();
      }
    }
  }

  @Test
  void losers_areCancelledAndTheProgramIsSentOnce() throws Exception {
    CountDownLatch losersRun = new CountDownLatch(2);
    peers(
        1,
        2,
        (work, stdin, stdout) -> {
          losersRun.await();
          return upper(work, stdin, stdout);
        });
    for (int i = 0; i < 2; i++) {
      mesh.add(
          new ScriptedExecutor(
              2,
              (work, stdin, stdout) -> {
                losersRun.countDown();
                return hang(work, stdin, stdout);
              }));
    }
    run(mesh.request(PROGRAM, new Split.Lines(1), 2, "a\nb\nc\nd\n"));
    for (int i = 1; i < 3; i++) {
      ScriptedExecutor loser = (ScriptedExecutor) mesh.peers.get(i).executor;
      await().until(() -> loser.cancelled.get() == loser.runs.get());
      assertThat(loser.programsAdded.get()).isEqualTo(1);
    }
  }

  @Test
  void racerThatVanishes_isReplaced() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    ScriptedExecutor.Script slow =
        (work, stdin, stdout) -> {
          started.countDown();
          return hang(work, stdin, stdout);
        };
    mesh.add(new ScriptedExecutor(0, slow));
    mesh.add(new ScriptedExecutor(2, slow));
    mesh.add(new ScriptedExecutor(2, slow));
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Files(), 1, "hello"));
    started.await();
    mesh.add(new ScriptedExecutor(2, JobEngineTest::upper));
    mesh.network.stop(mesh.peers.get(1).id());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mesh.engine(0).await(job, out, view -> {});
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("HELLO");
    List<Attempt> attempts = mesh.engine(0).show(job).parts().getFirst().attempts();
    assertThat(attempts).extracting(Attempt::outcome).contains(Outcome.LOST, Outcome.FIRST);
    assertThat(mesh.engine(0).show(job).parts().getFirst().firstResponder())
        .contains(mesh.peers.get(3).id());
  }

  @Test
  void prefix_streamsOutBeforeTheJobIsDone() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    peers(
        3,
        2,
        (work, stdin, stdout) -> {
          if (work.part() == 3) {
            gate.await();
          }
          return upper(work, stdin, stdout);
        });
    Bytes32 job =
        mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(1), 2, "a\nb\nc\nd\n"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FutureTask<JobView> awaited =
        new FutureTask<>(() -> mesh.engine(0).await(job, out, view -> {}));
    Thread.ofVirtual().start(awaited);
    await().until(() -> out.toString(StandardCharsets.UTF_8).equals("A\nB\nC\n"));
    assertThat(awaited.isDone()).isFalse();

    // Meanwhile another peer asks the coordinator how it stands.
    JobView seen = mesh.engine(2).show(job);
    assertThat(seen.state()).isEqualTo(State.RUNNING);
    assertThat(seen.parts().get(3).attempts())
        .extracting(Attempt::outcome)
        .contains(Outcome.RUNNING);
    assertThat(mesh.engine(2).list(10))
        .singleElement()
        .satisfies(
            v -> {
              assertThat(v.program()).isEqualTo("test.wasm");
              assertThat(v.coordinator()).contains(mesh.peers.get(0).id());
            });

    gate.countDown();
    assertThat(awaited.get(20, TimeUnit.SECONDS).state()).isEqualTo(State.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("A\nB\nC\nD\n");
  }

  @Test
  void await_atAnotherPeerGetsTheAnswerFromTheStore() throws Exception {
    peers(3, 1, JobEngineTest::upper);
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(1), 1, "a\nb\n"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(mesh.engine(1).await(job, out, view -> {}).state()).isEqualTo(State.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("A\nB\n");
  }

  @Test
  void partThatFailsEverywhere_failsTheJob() throws Exception {
    peers(
        4,
        1,
        (work, stdin, stdout) ->
            work.part() == 1
                ? new Failed(Reason.EXIT_CODE, "exit code 1: no such word")
                : upper(work, stdin, stdout));
    JobView last = run(mesh.request(PROGRAM, new Split.Lines(1), 0, "a\nb\nc\n"));
    assertThat(last.state()).isEqualTo(State.FAILED);
    assertThat(last.problem()).contains(Problem.PART_FAILED);
    assertThat(last.reason()).contains("part 1 failed on 3 peers: exit code 1: no such word");
    await().until(() -> !mesh.ledger.facts(TaskVoid.class).isEmpty());
    await().until(() -> mesh.files.files.containsKey(JobStore.folder(last.job()) + "/log"));
    assertThat(mesh.engine(2).show(last.job()).problem()).contains(Problem.PART_FAILED);
    assertThat(mesh.engine(2).show(last.job()).parts().get(1).attempts())
        .extracting(Attempt::outcome)
        .containsOnly(Outcome.FAILED);
  }

  @Test
  void jobThatTakesTooLong_timesOut() throws Exception {
    peers(2, 1, this::hang);
    JobRequest request = mesh.request(PROGRAM, new Split.Files(), 1, "a");
    JobView last =
        run(
            new JobRequest(
                PROGRAM,
                "p",
                request.inputs(),
                request.split(),
                1,
                List.of(),
                Duration.ofSeconds(1)));
    assertThat(last.problem()).contains(Problem.TIMED_OUT);
    ScriptedExecutor other = (ScriptedExecutor) mesh.peers.get(1).executor;
    await().until(() -> other.cancelled.get() == other.runs.get());
  }

  @Test
  void cancel_worksAtAnyPeerOfTheOwner() throws Exception {
    peers(3, 1, this::hang);
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Files(), 1, "a"));
    mesh.engine(2).cancel(job, "not needed any more");
    JobView last = mesh.engine(0).await(job, OutputStream.nullOutputStream(), view -> {});
    assertThat(last.state()).isEqualTo(State.CANCELLED);
    assertThat(last.reason()).contains("not needed any more");
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> mesh.engine(2).cancel(job, "again"))
        .withMessageContaining("over already")
        .extracting(NodeException::problem)
        .isEqualTo(Problem.ALREADY_EXISTS);
    for (JobMesh.Peer peer : mesh.peers) {
      ScriptedExecutor executor = (ScriptedExecutor) peer.executor;
      await().until(() -> executor.cancelled.get() == executor.runs.get());
    }
  }

  @Test
  void coordinatorThatRestarts_goesOnWhereItWas() throws Exception {
    Set<Integer> ran = ConcurrentHashMap.newKeySet();
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger again = new AtomicInteger();
    ScriptedExecutor.Script script =
        (work, stdin, stdout) -> {
          if (work.part() >= 5) {
            gate.await();
          } else if (!ran.add(work.part())) {
            again.incrementAndGet();
          }
          return upper(work, stdin, stdout);
        };
    // Slots for all parts: those that are held back must not keep the others from running.
    peers(3, 20, script);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append("line ").append(i).append('\n');
    }
    Bytes32 job =
        mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(1), 0, text.toString()));
    await().until(() -> mesh.engine(0).show(job).partsDone() == 5);
    mesh.peers.get(0).restart();
    int before = again.get();
    gate.countDown();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JobView last = mesh.engine(0).await(job, out, view -> {});
    assertThat(last.state()).isEqualTo(State.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(text.toString().toUpperCase(java.util.Locale.ROOT));
    assertThat(again.get()).isEqualTo(before);
    assertThat(mesh.engine(0).show(job).parts())
        .allSatisfy(part -> assertThat(part.firstResponder()).isPresent());

    // And once it is over, a restart finds the finished job.
    mesh.peers.get(0).restart();
    ByteArrayOutputStream later = new ByteArrayOutputStream();
    mesh.engine(0).await(job, later, view -> {});
    assertThat(later.toByteArray()).isEqualTo(out.toByteArray());
  }

  @Test
  void ledgerThatStalls_holdsUpTheSealOnly() throws Exception {
    peers(3, 1, JobEngineTest::upper);
    CountDownLatch gate = new CountDownLatch(1);
    ((ScriptedExecutor) mesh.peers.get(0).executor)
        .script(
            (work, stdin, stdout) -> {
              gate.await();
              return upper(work, stdin, stdout);
            });
    for (int i = 1; i < 3; i++) {
      ScriptedExecutor executor = (ScriptedExecutor) mesh.peers.get(i).executor;
      executor.script(
          (work, stdin, stdout) -> {
            gate.await();
            return upper(work, stdin, stdout);
          });
    }
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(1), 1, "a\nb\n"));
    mesh.ledger.stall(true);
    gate.countDown();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FutureTask<JobView> awaited =
        new FutureTask<>(() -> mesh.engine(0).await(job, out, view -> {}));
    Thread.ofVirtual().start(awaited);
    await().until(() -> out.toString(StandardCharsets.UTF_8).equals("A\nB\n"));
    assertThat(awaited.isDone()).isFalse();
    mesh.ledger.stall(false);
    assertThat(awaited.get(20, TimeUnit.SECONDS).state()).isEqualTo(State.DONE);
  }

  @Test
  void cancel_isHeardWhileTheRecordsWaitForTheLedger() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    peers(
        3,
        1,
        (work, stdin, stdout) -> {
          gate.await();
          return upper(work, stdin, stdout);
        });
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(1), 1, "a\nb\n"));
    mesh.ledger.stall(true);
    gate.countDown();
    await().until(() -> mesh.engine(0).show(job).outputHash().isPresent());
    mesh.engine(0).cancel(job, "too slow");
    assertThat(mesh.engine(0).show(job).state()).isEqualTo(State.CANCELLED);
    mesh.ledger.stall(false);
    await().until(() -> !mesh.ledger.facts(TaskVoid.class).isEmpty());
    assertThat(mesh.engine(0).show(job).state()).isEqualTo(State.CANCELLED);
    assertThat(mesh.ledger.facts(TaskSeal.class)).isEmpty();
  }

  @Test
  void cancel_saysSoWhenTheJobWasSealedMeanwhile() throws Exception {
    peers(3, 1, JobEngineTest::upper);
    CountDownLatch sealing = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    mesh.ledger.gate =
        fact -> {
          if (fact instanceof TaskSeal) {
            sealing.countDown();
            gate.await();
          }
        };
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(1), 1, "a\n"));
    sealing.await();
    FutureTask<Void> cancelled =
        new FutureTask<>(
            () -> {
              mesh.engine(0).cancel(job, "too late");
              return null;
            });
    Thread canceller = Thread.ofVirtual().start(cancelled);
    await().until(() -> canceller.getState() == Thread.State.TIMED_WAITING);
    gate.countDown();
    assertThat(canceller.join(Duration.ofSeconds(20))).isTrue();
    assertThat(cancelled.state()).isEqualTo(java.util.concurrent.Future.State.FAILED);
    assertThat(cancelled.exceptionNow()).hasMessageContaining("the job is over already");
    assertThat(mesh.engine(0).show(job).state()).isEqualTo(State.DONE);
  }

  @Test
  void workersThatDied_doNotFailTheJob() throws Exception {
    Set<PartWork> died = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 3; i++) {
      AtomicInteger runs = new AtomicInteger();
      mesh.add(
          new ScriptedExecutor(
              1,
              (work, stdin, stdout) -> {
                if (runs.getAndIncrement() == 0) {
                  died.add(work);
                  return new Failed(
                      Reason.WORKER_LOST, "the worker process ended with code " + runs);
                }
                return upper(work, stdin, stdout);
              }));
    }
    JobView last = run(mesh.request(PROGRAM, new Split.Files(), 2, "a"));
    assertThat(last.state()).isEqualTo(State.DONE);
    assertThat(mesh.engine(0).show(last.job()).parts().getFirst().attempts())
        .filteredOn(attempt -> attempt.detail().contains("ended with code"))
        .hasSize(3)
        .extracting(Attempt::outcome)
        .containsOnly(Outcome.LOST);
  }

  @Test
  void programThatKillsItsWorkers_failsTheJob() throws Exception {
    peers(1, 1, (work, stdin, stdout) -> new Failed(Reason.WORKER_LOST, "ended with code 137"));
    JobView last = run(mesh.request(PROGRAM, new Split.Files(), 2, "a"));
    assertThat(last.problem()).contains(Problem.PART_FAILED);
    assertThat(last.reason()).contains("part 0 failed on 1 peer: ended with code 137");
  }

  @Test
  void jobThatCannotBeOpened_isNotBlamedOnTheDisk() throws Exception {
    peers(1, 1, JobEngineTest::upper);
    mesh.ledger.gate =
        fact -> {
          throw new IOException("the ledger was closed");
        };
    refused(Problem.LEDGER_STALLED, mesh.request(PROGRAM, new Split.Files(), 0, "a"))
        .withMessageContaining("the ledger was closed");
    JobRequest twice = mesh.request(PROGRAM, new Split.Files(), 0, "a");
    JobRequest gone =
        new JobRequest(
            PROGRAM,
            "p",
            List.of(twice.inputs().getFirst(), twice.inputs().getFirst()),
            new Split.Files(),
            0,
            List.of(),
            Duration.ofMinutes(1));
    refused(Problem.NOT_FOUND, gone).withMessageContaining("the uploaded input input.txt is gone");
  }

  @Test
  void everyPart_getsThreeAttemptsHoweverQuickItIs() throws Exception {
    // Three slots on each of five peers, as long as there is something to do: 128 parts at once.
    peers(
        5,
        3,
        (work, stdin, stdout) -> {
          stdout.write('.');
          return new Answered(1);
        });
    JobView last = run(mesh.request(PROGRAM, new Split.Range(1, 400), 2));
    assertThat(last.state()).isEqualTo(State.DONE);
    assertThat(mesh.engine(0).show(last.job()).parts())
        .hasSize(400)
        .allSatisfy(
            part ->
                assertThat(part.attempts().stream().map(Attempt::peer).distinct().count())
                    .isGreaterThanOrEqualTo(3));
  }

  @Test
  void storeThatIsFull_doesNotKeepTheAnswerBack() throws Exception {
    peers(2, 1, JobEngineTest::upper);
    mesh.files.failAfter = 0;
    mesh.files.failure = java.util.Optional.of(new NodeException(Problem.QUOTA_FULL, "full"));
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Lines(1), 1, "a\nb\n"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(mesh.engine(0).await(job, out, view -> {}).state()).isEqualTo(State.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("A\nB\n");
    assertThat(mesh.engine(0).show(job).parts().getFirst().attempts()).isNotEmpty();
  }

  @Test
  void largeInputsAndAnswers_passThrough() throws Exception {
    peers(3, 1, JobEngineTest::copy);
    byte[] content = new byte[3 << 20];
    new Random(5).nextBytes(content);
    mesh.files.files.put("/data.bin", content);
    JobRequest request =
        new JobRequest(
            PROGRAM,
            "copy.wasm",
            List.of(new Input.Stored("/data.bin")),
            new Split.Size(1 << 20),
            2,
            List.of(),
            Duration.ofMinutes(1));
    Bytes32 job = mesh.engine(0).start(request);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mesh.engine(0).await(job, out, view -> {});
    assertThat(out.toByteArray()).isEqualTo(content);
  }

  @Test
  void range_givesEachPartItsNumberAndNoInput() throws Exception {
    peers(
        2,
        1,
        (work, stdin, stdout) -> {
          assertThat(stdin).isEmpty();
          stdout.write((work.arguments() + "\n").getBytes(StandardCharsets.UTF_8));
          return new Answered(0);
        });
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Range(-1, 1), 1));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mesh.engine(0).await(job, out, view -> {});
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[test.wasm, arg, -1]\n[test.wasm, arg, 0]\n[test.wasm, arg, 1]\n");
  }

  @Test
  void peerThatForgesAnAnswer_doesNotWin() throws Exception {
    mesh.add(new ScriptedExecutor(0, this::hang));
    JobMesh.Peer forger = mesh.add(new ScriptedExecutor(1, this::hang));
    CountDownLatch forged = new CountDownLatch(1);
    mesh.add(
        new ScriptedExecutor(
            1,
            (work, stdin, stdout) -> {
              forged.await();
              return upper(work, stdin, stdout);
            }));
    dev.kith.node.jobs.attempt.Forger.serve(
        forger.host,
        "/kith/" + forger.replica.realmId().slice(0, 8).toUnprefixedHexString() + "/work/1");
    Bytes32 job = mesh.engine(0).start(mesh.request(PROGRAM, new Split.Files(), 1, "a"));
    await()
        .until(
            () ->
                mesh.engine(0).show(job).parts().getFirst().attempts().stream()
                    .anyMatch(a -> a.detail().contains("signature")));
    forged.countDown();
    JobView last = mesh.engine(0).await(job, OutputStream.nullOutputStream(), view -> {});
    Part part = mesh.engine(0).show(last.job()).parts().getFirst();
    assertThat(part.firstResponder()).contains(mesh.peers.get(2).id());
    assertThat(part.attempts())
        .anySatisfy(
            a -> {
              assertThat(a.peer()).isEqualTo(forger.id());
              assertThat(a.detail()).contains("signature");
            });
  }

  @Test
  void badRequests_areRefusedWithOneLine() throws Exception {
    peers(2, 1, JobEngineTest::upper);
    refused(
            Problem.NO_CAPABLE_PEER,
            mesh.request(WasmPrograms.foreign(), new Split.Files(), 2, "a"))
        .withMessage("no peer offers what the program needs: host.media.decode_frame");
    refused(
            Problem.NO_CAPABLE_PEER,
            mesh.request(new WasmAssembler().memory(8192).build(), new Split.Files(), 2, "a"))
        .withMessage("the program wants 512 MiB of memory at start; peers offer at most 256 MiB");
    refused(Problem.BAD_PROGRAM, mesh.request(Bytes.of(1, 2, 3), new Split.Files(), 2, "a"));
    refused(Problem.BAD_REQUEST, mesh.request(PROGRAM, new Split.Range(1, 100_000), 2));
    refused(Problem.BAD_REQUEST, mesh.request(PROGRAM, new Split.Lines(0), 2, "a"));
    refused(Problem.NOT_FOUND, withStored("/nowhere"));
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> mesh.engine(0).show(Bytes32.random()))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.NOT_FOUND));
    try (var left = java.nio.file.Files.list(mesh.peers.getFirst().home)) {
      assertThat(left.map(p -> p.getFileName().toString())).containsExactly("scratch");
    }
  }

  private org.assertj.core.api.ThrowableAssertAlternative<NodeException> refused(
      Problem problem, JobRequest request) {
    return assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> mesh.engine(0).start(request))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(problem));
  }

  private static JobRequest withStored(String path) {
    return new JobRequest(
        PROGRAM,
        "p",
        List.of(new Input.Stored(path)),
        new Split.Files(),
        2,
        List.of(),
        Duration.ofMinutes(1));
  }

  private JobView run(JobRequest request) throws IOException, InterruptedException {
    Bytes32 job = mesh.engine(0).start(request);
    return mesh.engine(0).await(job, OutputStream.nullOutputStream(), view -> {});
  }

  private void peers(int count, int slots, ScriptedExecutor.Script script) throws Exception {
    for (int i = 0; i < count; i++) {
      mesh.add(new ScriptedExecutor(slots, script));
    }
  }

  private static PartOutcome upper(PartWork work, byte[] stdin, OutputStream stdout)
      throws IOException {
    String text = new String(stdin, StandardCharsets.UTF_8).toUpperCase(java.util.Locale.ROOT);
    stdout.write(text.getBytes(StandardCharsets.UTF_8));
    return new Answered(stdin.length);
  }

  private static PartOutcome copy(PartWork work, byte[] stdin, OutputStream stdout)
      throws IOException {
    stdout.write(stdin);
    return new Answered(stdin.length);
  }

  private PartOutcome hang(PartWork work, byte[] stdin, OutputStream stdout)
      throws InterruptedException {
    forever.await();
    return new Failed(Reason.WORKER_LOST, "the test is over");
  }
}
