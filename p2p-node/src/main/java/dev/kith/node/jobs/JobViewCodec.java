package dev.kith.node.jobs;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobView.Attempt;
import dev.kith.node.jobs.JobView.Outcome;
import dev.kith.node.jobs.JobView.Part;
import dev.kith.node.jobs.JobView.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The binary form of a {@link JobView}: the job's log in the store, and what a coordinator tells
 * other peers. Layout in docs/compute.md. Peers are written once and then by their place.
 */
final class JobViewCodec {
  private static final int VERSION = 1;

  /** The longest log that is read, in bytes. */
  static final int BYTES_MAX = 64 << 20;

  /** The longest detail of an attempt, in bytes of UTF-8. */
  static final int DETAIL_BYTES_MAX = 200;

  private static final int PARTS_MAX = 65_536;
  private static final int PEERS_MAX = 65_535;
  private static final int NOBODY = 0xFFFF;
  private static final int TEXT_BYTES_MAX = 1024;

  private static final List<Outcome> OUTCOMES =
      List.of(
          Outcome.RUNNING,
          Outcome.FIRST,
          Outcome.LATE,
          Outcome.CANCELLED,
          Outcome.FAILED,
          Outcome.LOST);
  private static final List<State> STATES =
      List.of(State.RUNNING, State.DONE, State.FAILED, State.CANCELLED);

  private JobViewCodec() {}

  static Bytes encode(JobView view) {
    Map<PeerId, Integer> peers = new LinkedHashMap<>();
    ToIntFunction<PeerId> place = peer -> peers.computeIfAbsent(peer, _ -> peers.size());
    Writer parts = new Writer(64 * view.parts().size() + 64);
    parts.u32(view.parts().size());
    for (Part part : view.parts()) {
      parts.u32(part.part());
      parts.u16(part.firstResponder().map(place::applyAsInt).orElse(NOBODY));
      parts.u16(part.attempts().size());
      for (Attempt attempt : part.attempts()) {
        parts.u16(place.applyAsInt(attempt.peer()));
        writeRest(parts, attempt);
      }
    }
    int coordinator = view.coordinator().map(place::applyAsInt).orElse(NOBODY);
    Writer out = new Writer(512 + parts.size());
    out.u8(VERSION).fixed(view.job()).text(view.program());
    out.u8(STATES.indexOf(view.state())).text(view.problem().map(Enum::name).orElse(""));
    out.text(cut(view.reason().orElse(""), TEXT_BYTES_MAX)).u63(view.openedMillis());
    out.u63(view.endedMillis().orElse(0L)).u16(coordinator);
    out.u32(view.partsTotal()).u32(view.partsDone()).u63(view.outputBytes());
    out.fixed(view.outputHash().orElse(Bytes32.ZERO)).u8(view.outputHash().isPresent() ? 1 : 0);
    out.u16(peers.size());
    peers.keySet().forEach(peer -> out.bytes16(peer.multihash()));
    return out.raw(parts.toArray()).toBytes();
  }

  static JobView decode(Bytes encoded) throws DecodeException {
    return Reader.whole(encoded, JobViewCodec::read);
  }

  private static JobView read(Reader in) throws DecodeException {
    int version = in.u8();
    if (version != VERSION) {
      throw new DecodeException("a job's log of format " + version);
    }
    Bytes32 job = in.hash();
    String program = in.text(TEXT_BYTES_MAX);
    State state = of(STATES, in.u8());
    Optional<Problem> problem = problem(in.text(TEXT_BYTES_MAX));
    Optional<String> reason = Optional.of(in.text(TEXT_BYTES_MAX)).filter(r -> !r.isEmpty());
    long opened = in.u63();
    Optional<Long> ended = time(in.u63());
    int coordinator = in.u16();
    int partsTotal = in.u32();
    int partsDone = in.u32();
    long outputBytes = in.u63();
    Bytes32 hash = in.hash();
    Optional<Bytes32> outputHash = in.u8() == 1 ? Optional.of(hash) : Optional.empty();
    List<PeerId> peers = in.list16(PEERS_MAX, r -> PeerId.fromBytes(r.bytes16(PeerId.BYTES_MAX)));
    int count = in.u32();
    if (count > PARTS_MAX) {
      throw new DecodeException(count + " parts");
    }
    List<Part> parts = new ArrayList<>(Math.min(count, in.left()));
    for (int i = 0; i < count; i++) {
      int number = in.u32();
      Optional<PeerId> first = peer(peers, in.u16());
      parts.add(new Part(number, in.list16(0xFFFF, r -> readRest(r, of(peers, r.u16()))), first));
    }
    return new JobView(
        job,
        program,
        state,
        problem,
        reason,
        opened,
        ended,
        peer(peers, coordinator),
        partsTotal,
        partsDone,
        outputBytes,
        outputHash,
        parts);
  }

  /** One attempt by itself, as the journal has it. */
  static void writeAttempt(Writer out, Attempt attempt) {
    out.bytes16(attempt.peer().multihash());
    writeRest(out, attempt);
  }

  static Attempt readAttempt(Reader in) throws DecodeException {
    return readRest(in, PeerId.fromBytes(in.bytes16(PeerId.BYTES_MAX)));
  }

  private static void writeRest(Writer out, Attempt attempt) {
    out.u63(attempt.startedMillis()).u63(attempt.endedMillis().orElse(0L));
    out.u8(OUTCOMES.indexOf(attempt.outcome()));
    out.text(cut(attempt.detail(), DETAIL_BYTES_MAX));
  }

  private static Attempt readRest(Reader in, PeerId peer) throws DecodeException {
    return new Attempt(
        peer, in.u63(), time(in.u63()), of(OUTCOMES, in.u8()), in.text(DETAIL_BYTES_MAX));
  }

  /** At most so many bytes of UTF-8, whole characters. */
  static String cut(String text, int bytesMax) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= bytesMax) {
      return text;
    }
    int chars = Math.min(text.length(), bytesMax);
    while (text.substring(0, chars).getBytes(StandardCharsets.UTF_8).length > bytesMax
        || Character.isHighSurrogate(text.charAt(chars - 1))) {
      chars--;
    }
    return text.substring(0, chars);
  }

  private static Optional<Problem> problem(String name) throws DecodeException {
    try {
      return name.isEmpty() ? Optional.empty() : Optional.of(Problem.valueOf(name));
    } catch (IllegalArgumentException e) {
      throw new DecodeException("unknown problem " + name, e);
    }
  }

  private static Optional<Long> time(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(millis);
  }

  private static Optional<PeerId> peer(List<PeerId> peers, int place) throws DecodeException {
    return place == NOBODY ? Optional.empty() : Optional.of(of(peers, place));
  }

  private static <T> T of(List<T> list, int place) throws DecodeException {
    if (place >= list.size()) {
      throw new DecodeException("place " + place + " of " + list.size());
    }
    return list.get(place);
  }
}
