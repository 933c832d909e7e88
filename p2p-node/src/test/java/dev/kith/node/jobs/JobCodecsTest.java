package dev.kith.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobService.Split;
import dev.kith.node.jobs.JobView.Attempt;
import dev.kith.node.jobs.JobView.Outcome;
import dev.kith.node.jobs.JobView.Part;
import dev.kith.node.jobs.JobView.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

class JobCodecsTest {
  private static final PeerId ONE = Keys.fromSeed(KeyType.SECP256K1, 1).publicKey().peerId();
  private static final PeerId TWO = Keys.fromSeed(KeyType.SECP256K1, 2).publicKey().peerId();

  @Test
  void view_survivesEncoding() throws DecodeException {
    JobView view = view();
    assertThat(JobViewCodec.decode(JobViewCodec.encode(view))).isEqualTo(view);
  }

  @Test
  void view_refusesDamage() {
    Bytes encoded = JobViewCodec.encode(view());
    for (int length = 0; length < encoded.size(); length++) {
      Bytes cut = encoded.slice(0, length);
      assertThatExceptionOfType(DecodeException.class).isThrownBy(() -> JobViewCodec.decode(cut));
    }
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = encoded.toArray();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        JobViewCodec.decode(Bytes.wrap(damaged));
      } catch (DecodeException e) {
        assertThat(e).isNotNull();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void specification_survivesEncoding() throws DecodeException {
    for (Split split :
        List.of(
            new Split.Files(),
            new Split.Lines(7),
            new Split.Size(9),
            new Split.Range(-5, 1L << 40))) {
      JobSpecification specification =
          new JobSpecification(
              Bytes32.repeat((byte) 1),
              "zählen.wasm",
              Bytes32.repeat((byte) 2),
              77,
              List.of(
                  new JobSpecification.InputFile("/a", true, 5, Bytes32.ZERO),
                  new JobSpecification.InputFile("b", false, 0, Bytes32.ZERO)),
              split,
              12,
              3,
              List.of("", "x y", "ß"),
              1000,
              2000);
      assertThat(JobSpecification.decode(specification.encode())).isEqualTo(specification);
    }
  }

  @Test
  void notes_areReadByTheOwnersKeyAndForTheirJobOnly() {
    SealedNote mine = new SealedNote(Bytes32.repeat((byte) 1));
    Bytes32 job = Bytes32.repeat((byte) 3);
    SealedNote.Opened note = new SealedNote.Opened("count.wasm", Bytes32.repeat((byte) 4));
    Bytes sealed = mine.seal(job, note);
    assertThat(mine.opened(job, sealed)).contains(note);
    assertThat(mine.opened(Bytes32.ZERO, sealed)).isEmpty();
    assertThat(new SealedNote(Bytes32.repeat((byte) 2)).opened(job, sealed)).isEmpty();
    assertThat(mine.seal(job, note)).isNotEqualTo(sealed);
  }

  @Test
  void end_isOneLineThatProgramsCanRead() {
    JobEnd end = new JobEnd(Problem.PART_FAILED, "part 3 failed:\nno");
    assertThat(end.line()).isEqualTo("PART_FAILED: part 3 failed: no");
    assertThat(JobEnd.parse(end.line()))
        .isEqualTo(new JobEnd(Problem.PART_FAILED, "part 3 failed: no"));
    assertThat(JobEnd.parse("somebody said so").problem()).isEqualTo(Problem.CANCELLED);
    assertThat(
            new JobEnd(Problem.CANCELLED, "ü".repeat(500))
                .line()
                .getBytes(java.nio.charset.StandardCharsets.UTF_8)
                .length)
        .isLessThanOrEqualTo(256);
  }

  private static JobView view() {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      parts.add(
          new Part(
              i,
              List.of(
                  new Attempt(ONE, 10, Optional.of(20L), Outcome.FIRST, ""),
                  new Attempt(TWO, 11, Optional.of(21L), Outcome.FAILED, "exit code 1"),
                  new Attempt(TWO, 12, Optional.empty(), Outcome.RUNNING, "")),
              i == 2 ? Optional.empty() : Optional.of(ONE)));
    }
    return new JobView(
        Bytes32.repeat((byte) 5),
        "p.wasm",
        State.FAILED,
        Optional.of(Problem.PART_FAILED),
        Optional.of("part 1 failed"),
        5,
        Optional.of(50L),
        Optional.of(TWO),
        3,
        2,
        123,
        Optional.of(Bytes32.repeat((byte) 6)),
        parts);
  }
}
